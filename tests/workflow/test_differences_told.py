"""Each kind of difference between two versions is a sentence that a committee can vote on."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from road_told import PROCEDURE

from breachdesk.timekeeping.limits import CalendarDays, Weeks, WorkingDays
from breachdesk.workflow.definition import Ask, Extendable, Extends, Procedure, Rung, Stops
from breachdesk.workflow.differences_told import PARTS, told
from breachdesk.workflow.effects import Appoints, Effects


def sentences(old: Procedure, new: Procedure) -> list[str]:
    return [f"{one.title}: {said}" for one in told(old, new) for said in one.says]


def with_changes(part: str, name: str, **changes: Any) -> Procedure:
    things = getattr(PROCEDURE, part)
    return replace(PROCEDURE, **{part: {**things, name: replace(things[name], **changes)}})


@pytest.mark.parametrize(("part", "name", "changes", "there", "back"), [
    ("statuses", "naming", {"title": "A helper is named"},
     "A helper is named: the title: “A critical friend is being named” → “A helper is named”",
     "A critical friend is being named: the title: “A helper is named” → “A critical friend is being named”"),
    ("statuses", "naming", {"stage": "ended"}, "it belongs to: Open → Ended", "it belongs to: Ended → Open"),
    ("statuses", "naming", {"seen_as": "ended"}, "people see it as: Open → Ended", "people see it as: Ended → Open"),
    ("statuses", "naming", {"waits_for": ("stand_in",)},
     ["it now waits for the stand-in", "it no longer waits for the coordinator"],
     ["it now waits for the coordinator", "it no longer waits for the stand-in"]),
    ("statuses", "naming", {"stops": None}, "what stands still: limits “whole”, because “somebody is looked for”, name “naming” → nothing",
     "what stands still: nothing → limits “whole”, because “somebody is looked for”, name “naming”"),
    ("statuses", "naming", {"says": ""}, "the text is left out: “By {name_friend}.”", "the text, new: “By {name_friend}.”"),
    ("actions", "forward", {"by": ("coordinator",)}, "the stand-in may no longer do this", "the stand-in may now do this"),
    ("actions", "forward", {"by": ("stand_in", "coordinator")}, "who may do this: the stand-in, the coordinator",
     "who may do this: the coordinator, the stand-in"),
    ("actions", "forward", {"sources": ("received", "naming")}, "it can now be done at “A critical friend is being named”",
     "it can no longer be done at “A critical friend is being named”"),
    ("actions", "forward", {"target": "naming"}, "it leads to: With the other organisation → A critical friend is being named",
     "it leads to: A critical friend is being named → With the other organisation"),
    ("actions", "forward", {"target_if": (("closed", "a-remedy-is-open"),)}, "it now leads to “closed”, “a-remedy-is-open”",
     "it no longer leads to “closed”, “a-remedy-is-open”"),
    ("actions", "forward", {"guards": ("a-remedy-is-open",)}, "new condition: a remedy is open", "no longer a condition: a remedy is open"),
    ("actions", "forward", {"moves_when": "every-party-accepts"}, "the case moves when: nothing → every party accepts",
     "the case moves when: every party accepts → nothing"),
    ("actions", "forward", {"tells": ("answered",)}, ["it now sends “An answer”", "it no longer sends “A complaint”"],
     ["it now sends “A complaint”", "it no longer sends “An answer”"]),
    ("actions", "forward", {"resumes": ("suspension",)}, "it now ends the pause “suspension”", "it no longer ends the pause “suspension”"),
    ("actions", "forward", {"help": "Soon."}, "the explanation, new: “Soon.”", "the explanation is left out: “Soon.”"),
    ("actions", "forward", {"outcome": "lapsed"}, "the case ends as: nothing → Lapsed", "the case ends as: Lapsed → nothing"),
    ("actions", "forward", {"each": "party"}, "it is done or runs separately for each: nothing → “party”",
     "it is done or runs separately for each: “party” → nothing"),
    ("actions", "forward", {"stops": Stops((), "rest", "rest")}, "what stands still: nothing → because “rest”, name “rest”",
     "what stands still: because “rest”, name “rest” → nothing"),
    ("actions", "forward", {"extends": Extends("respond", "days")}, "more time that it gives: nothing → limit “respond”, by “days”",
     "more time that it gives: limit “respond”, by “days” → nothing"),
    ("actions", "forward", {"effects": Effects(appoints=Appoints("critical_friend", ("who", "whom")))},
     "appoints: nothing → role “critical_friend”, answers “who”, “whom”",
     "appoints: role “critical_friend”, answers “who”, “whom” → nothing"),
    ("actions", "forward", {"effects": Effects(declares_interest=True)}, "declares interest: no → yes", "declares interest: yes → no"),
    ("limits", "respond", {"lasts": WorkingDays(15)}, "10 → 15 working days", "15 → 10 working days"),
    ("limits", "respond", {"lasts": CalendarDays(1)}, "10 working days → 1 day", "1 day → 10 working days"),
    ("limits", "help", {"lasts": Weeks(1)}, "4 → 1 week", "1 → 4 weeks"),
    ("limits", "respond", {"rungs": (Rung(1, ("answered", "asked")),)},
     ["new reminder 1 working day after the day: “An answer” and “A complaint”",
      "no reminder any more 2 working days before the day: “Please answer”"],
     ["new reminder 2 working days before the day: “Please answer”",
      "no reminder any more 1 working day after the day: “An answer” and “A complaint”"]),
    ("limits", "respond", {"extendable": Extendable(WorkingDays(5), 2, True)},
     "more time: at most 10 working days, once → at most 5 working days, 2 times, if both sides agree",
     "more time: at most 5 working days, 2 times, if both sides agree → at most 10 working days, once"),
    ("limits", "respond", {"then": ("close_by_clock", "second_notice_by_clock")},
     "when the time is up, the clock now does this: The time is over",
     "when the time is up, the clock no longer does this: The time is over"),
    ("limits", "respond", {"met_by": ("respond", "forward")}, "it is now met by “Send it on”", "it is no longer met by “Send it on”"),
    ("limits", "respond", {"started_by": ("forward",)}, "“Send it on” now starts it", "“Send it on” no longer starts it"),
    ("limits", "respond", {"statuses": frozenset({"answering", "helping"})}, "it now runs at “With the critical friend”",
     "it no longer runs at “With the critical friend”"),
    ("limits", "respond", {"after": "forward"}, "it begins after: nothing → It is sent on", "it begins after: It is sent on → nothing"),
    ("limits", "respond", {"window": True}, "nobody is late when it is over: no → yes", "nobody is late when it is over: yes → no"),
    ("limits", "respond", {"only_shown": True}, "it is shown only, and the clock does nothing: no → yes",
     "it is shown only, and the clock does nothing: yes → no"),
    ("notices", "asked", {"to": ("subject",)}, ["it now goes to subject", "it no longer goes to the organisation complained about"],
     ["it now goes to the organisation complained about", "it no longer goes to subject"]),
])
def test_a_change_and_its_way_back_are_said_in_words(
        part: str, name: str, changes: dict[str, Any], there: str | list[str], back: str | list[str]) -> None:
    other = with_changes(part, name, **changes)

    for found, said in ((told(PROCEDURE, other), there), (told(other, PROCEDURE), back)):
        [one] = found
        expected = [said] if isinstance(said, str) else said
        assert (one.part, one.name) == (part, name)
        assert list(one.says) == [sentence.removeprefix(f"{one.title}: ") for sentence in expected]


def without(part: str, name: str) -> Procedure:
    return replace(PROCEDURE, **{part: {key: one for key, one in getattr(PROCEDURE, part).items() if key != name}})


@pytest.mark.parametrize(("part", "name", "new"), [
    ("actions", "forward",
     "Send it on: new: the coordinator and the stand-in may do this at “Received” and leads to “With the other organisation”"),
    ("actions", "object", "Object: new: the organisation that complains and the organisation complained about may do this at “With the "
                          "critical friend” and leads to “A critical friend is being named”"),
    ("actions", "suspend", "Suspend the case: new: the coordinator and the stand-in may do this at “With the other organisation”, "
                           "“A critical friend is being named” and “With the critical friend”"),
    ("actions", "lodge", "Make a complaint: new: the organisation that complains and the coordinator may do this"),
    ("limits", "name_friend", "Somebody is named: new: 5 working days; then the clock does this: The time is over"),
    ("limits", "whole", "The whole of it: new: 3 months"),
    ("notices", "answered", "An answer: new, to the organisation that complains: “the respondent has answered.”"),
    ("notices", "remind-respondent", "Please answer: new, to subject: “the complainant waits.”"),
    ("statuses", "answering", "With the other organisation: new: “the respondent answers by (day).”"),
    ("outcomes", "lapsed", "Lapsed: new"), ("roles", "stand_in", "The stand-in: new"), ("stages", "open", "Open: new")])
def test_what_is_new_says_what_it_is_and_what_is_gone_that_it_is_gone(part: str, name: str, new: str) -> None:
    assert sentences(without(part, name), PROCEDURE)[0] == new
    assert f"{new.partition(':')[0]}: left out" in sentences(PROCEDURE, without(part, name))


def test_a_question_is_named_with_what_differs_in_it_after_what_differs_in_the_step() -> None:
    days = PROCEDURE.actions["more_time"].asks[0]
    why = Ask("why", "Why?", "text")
    other = with_changes("actions", "more_time", help="Soon.", asks=(why, replace(days, most=20, required=False, by=("coordinator",))))

    assert sentences(PROCEDURE, other) == [
        "Give more time: the explanation, new: “Soon.”",
        "Give more time: the question “Why?”: new",
        "Give more time: the question “How many days?”: an answer is required: yes → no",
        "Give more time: the question “How many days?”: at most: 10 → 20",
        "Give more time: the question “How many days?”: the coordinator may now do this"]
    assert "Give more time: the question “Why?”: no longer asked" in sentences(other, PROCEDURE)


def test_things_and_questions_in_another_order_are_named_in_that_order() -> None:
    came_on, tried, tried_on = PROCEDURE.actions["lodge"].asks
    turned = with_changes("actions", "lodge", asks=(tried, tried_on, came_on))
    stages = replace(PROCEDURE, stages=dict(reversed(PROCEDURE.stages.items())))

    assert sentences(PROCEDURE, turned) == ["Make a complaint: in another order: Have you tried?, When?, When did it come?"]
    assert sentences(PROCEDURE, stages) == ["Stages: in another order: Ended, Open"]


def test_differences_are_told_part_by_part_and_of_one_thing_first_who_may_do_what() -> None:
    action = replace(PROCEDURE.actions["forward"], title="Send", by=("coordinator",), target="naming", guards=("a-remedy-is-open",))
    limit = replace(PROCEDURE.limits["forward"], title="Sent", lasts=WorkingDays(6), then=())
    other = replace(PROCEDURE, title="Another", actions={**PROCEDURE.actions, "forward": action},
                    limits={**PROCEDURE.limits, "forward": limit}, outcomes={**PROCEDURE.outcomes, "lapsed": "Gone"})

    assert sentences(PROCEDURE, other) == [
        "The procedure: the title: “A small procedure” → “Another”",
        "Send: the stand-in may no longer do this", "Send: it leads to: With the other organisation → A critical friend is being named",
        "Send: new condition: a remedy is open", "Send: the title: “Send it on” → “Send”",
        "Sent: 5 → 6 working days", "Sent: when the time is up, the clock no longer does this: The desk sends it on",
        "Sent: the title: “It is sent on” → “Sent”", "Gone: the words: “Lapsed” → “Gone”"]
    assert [one.part for one in told(PROCEDURE, other)] == ["procedure", "actions", "limits", "outcomes"]
    assert list(PARTS)[0] == "procedure"
