"""Each named rule, alone: None, or the reason in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from breachdesk.identity import NOBODY, THE_CLOCK, Actor
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.facts import Allegation, Appointment, Candidate, CaseFacts, Party, Remedy, Running, Taken
from breachdesk.workflow.guards import ANSWER_GUARDS, CASE_GUARDS, GUARDS, MOVES_WHEN, NEED_HISTORY

TODAY = date(2026, 3, 27)
YEAR = Calendar("here", "Here", date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31), {})
PARTIES = (Party(1, 11, "complainant", "A", "voluntary"), Party(2, 12, "respondent", "B", "statutory"),
           Party(3, 13, "respondent", "C", "statutory"))
CASE = CaseFacts("BD-2026-0001", "direct_open", TODAY, 5, PARTIES, YEAR, candidates={
    "s": Candidate(1, "S", "s", "statutory", frozenset()), "v": Candidate(2, "V", "v", "voluntary", frozenset()),
    "w": Candidate(3, "W", "w", "voluntary", frozenset({99})), "of_b": Candidate(4, "X", "of_b", "statutory", frozenset({12, 99})),
    "p": Candidate(5, "P", "p", "other", frozenset())})


def running(limit: str, subject: int = 0) -> Running:
    return Running(limit, subject, 1, TODAY, TODAY)


# Known already, and not asked for by the shipped procedure yet.
NOT_ASKED_FOR_YET = {"answer-is-awaited", "a-remedy-is-open", "no-remedy-is-open", "an-allegation-is-open"}
DONE, REPORTED = Remedy(1, "apology", 2, TODAY, "done"), Remedy(2, "other", 2, TODAY, "reported")


@pytest.mark.parametrize(("guard", "facts", "subject", "reason"), [
    ("acknowledgement-is-due", {"running": (running("acknowledge"),)}, 0, None),
    ("acknowledgement-is-due", {"running": (running("forward"),)}, 0, "The complaint has already been acknowledged."),
    ("direct-resolution-was-tried", {"tried_directly": True}, 0, None),
    ("direct-resolution-was-tried", {}, 0, "The complaint does not say that direct resolution was tried."),
    ("direct-resolution-was-not-tried", {}, 0, None),
    ("direct-resolution-was-not-tried", {"tried_directly": True}, 0,
     "The complaint says, with dates, that direct resolution was already tried."),
    ("answer-is-awaited", {"running": (running("respond", 3),)}, 3, None),
    ("answer-is-awaited", {"running": (running("respond", 3),)}, 0, None),
    ("answer-is-awaited", {"running": (running("respond", 3),)}, 2, "No answer is awaited from this organisation."),
    ("answer-is-awaited", {}, 0, "No answer is awaited from this organisation."),
    ("a-remedy-is-open", {"remedies": (DONE, REPORTED)}, 0, None),
    ("a-remedy-is-open", {"remedies": (DONE,)}, 0, "Nothing that was agreed is still to be done."),
    ("no-remedy-is-open", {"remedies": (DONE,)}, 0, None),
    ("no-remedy-is-open", {"remedies": (DONE, REPORTED)}, 0, "Not everything that was agreed is done: number 2."),
    ("an-allegation-is-open", {"allegations": (Allegation(1, 2, 7),)}, 0, None),
    ("an-allegation-is-open", {"allegations": (Allegation(1, 2, 7, ending="split"),)}, 0, "Nothing in this case is still to be decided."),
    ("panel-acknowledgement-is-due", {"running": (running("acknowledge_panel"),)}, 0, None),
    ("panel-acknowledgement-is-due", {}, 0, "That the panel was asked for has already been acknowledged."),
    ("panel-has-been-named", {"appointments": (Appointment(1, "panel_member"),)}, 0, None),
    ("panel-has-been-named", {"appointments": (Appointment(1, "panel_member", ended=True), Appointment(2, "critical_friend"))}, 0,
     "The panel has not been named yet."),
    ("the-case-reached-the-panel", {"reached_panel": True}, 0, None),
    ("the-case-reached-the-panel", {}, 0, "The steering group reviews disputes that reached the panel. This one has not."),
])
def test_a_rule_about_the_case(guard: str, facts: dict[str, Any], subject: int, reason: str | None) -> None:
    assert CASE_GUARDS[guard](Attempt(replace(CASE, **facts), {}, subject, TODAY)) == reason


@pytest.mark.parametrize(("guard", "facts", "answers", "reason"), [
    ("every-commitment-operated-on-the-day", {}, {}, None),
    ("every-commitment-operated-on-the-day", {"commitments_not_operated": ("1.1", "9.2")}, {},
     "On the day it happened the scheme did not operate commitment 1.1, 9.2. Check the date, or choose another."),
    ("nobody-complains-about-themselves", {}, {}, None),
    ("nobody-complains-about-themselves", {"parties": (*PARTIES, Party(4, 11, "respondent", "A", "voluntary"))}, {},
     "The organisation that complains and the one complained about are the same."),
    ("event-came-before-now", {"event_on": TODAY}, {}, None),
    ("event-came-before-now", {"event_on": date(2026, 3, 28)}, {},
     "It cannot have happened after the complaint was received. Check both dates."),
    ("both-sides-are-satisfied", {}, {"complainant_view": "partly", "respondent_view": "satisfied"}, None),
    ("both-sides-are-satisfied", {}, {"complainant_view": "not_satisfied", "respondent_view": "satisfied"},
     "The Compact's test is an outcome satisfactory to both sides. While one is not satisfied, the case stays open."),
    ("critical-friend-belongs-to-no-party", {}, {"critical_friend": "w"}, None),
    ("critical-friend-belongs-to-no-party", {}, {"critical_friend": "of_b"},
     "X belongs to B, so cannot be the critical friend. Choose somebody else."),
    ("nobody-on-the-panel-belongs-to-a-party", {}, {"members": ("s", "v", "w")}, None),
    ("nobody-on-the-panel-belongs-to-a-party", {}, {"members": ("s", "v", "of_b")},
     "X belongs to B, so cannot sit on the panel. Choose somebody else."),
    ("panel-is-three-or-five", {}, {"members": ("s", "v", "w")}, None),
    ("panel-is-three-or-five", {}, {"members": ("s", "v", "w", "p", "of_b")}, None),
    ("panel-is-three-or-five", {}, {"members": ("s", "v", "w", "p")}, "A panel has three or five members. Choose three, or five."),
    ("panel-has-both-sectors", {}, {"members": ("s", "v", "p")}, None),
    ("panel-has-both-sectors", {}, {"members": ("v", "w", "p")}, "Both sectors sit on a panel. Choose at least one member from each."),
    ("nobody-was-critical-friend", {"appointments": (Appointment(1, "critical_friend"),)}, {"members": ("v", "w")}, None),
    # Who was replaced halfway has heard things all the same.
    ("nobody-was-critical-friend", {"appointments": (Appointment(1, "critical_friend", ended=True),)}, {"members": ("s", "v")},
     "S was the critical friend in this case, so cannot sit on its panel."),
    ("chair-sits-on-the-panel", {}, {"members": ("s", "v"), "chair": "v"}, None),
    ("chair-sits-on-the-panel", {}, {"members": ("s", "v"), "chair": "w"}, "The chair is one of the panel's members. Choose one of them."),
    ("nobody-named-has-declared-an-interest", {"interested": frozenset({1})}, {"members": ("v", "w"), "chair": "v"}, None),
    ("nobody-named-has-declared-an-interest", {"interested": frozenset({1})}, {"members": ("s", "v"), "chair": "s"},
     "S has declared an interest in this case. Choose somebody else."),
    ("deputy-is-of-the-other-sector", {}, {"members": ("s", "v"), "chair": "v"}, None),
    ("deputy-is-of-the-other-sector", {}, {"members": ("s", "v"), "chair": "v", "deputy": "s"}, None),
    ("deputy-is-of-the-other-sector", {}, {"members": ("s", "v", "w"), "chair": "v", "deputy": "w"},
     "The deputy comes from the other sector than the chair. Choose another member."),
    ("deputy-is-of-the-other-sector", {}, {"members": ("s", "v"), "chair": "v", "deputy": "p"},
     "The deputy is one of the panel's members. Choose one of them."),
    ("stand-in-belongs-to-no-party", {}, {"stand_in": "v"}, None),
    ("stand-in-belongs-to-no-party", {}, {"stand_in": "of_b"}, "X belongs to B, so cannot decide in it. Choose somebody else."),
    ("the-entry-exists", {}, {"entry": 5}, None),
    ("the-entry-exists", {}, {"entry": 6}, "There is no entry 6 in this case; the last is 5."),
])
def test_a_rule_about_the_answers(guard: str, facts: dict[str, Any], answers: dict[str, Any], reason: str | None) -> None:
    assert ANSWER_GUARDS[guard](Attempt(replace(CASE, **facts), answers, 0, TODAY)) == reason


@pytest.mark.parametrize(("actor", "reason"), [
    (NOBODY, None),
    (THE_CLOCK, None),
    (Actor(7, "Kim", organisations=frozenset({99})), None),
    (Actor(7, "Kim", organisations=frozenset({99, 12})),
     "You belong to B, a side in this case, so somebody else decides. Pass it to the stand-in."),
])
def test_nobody_decides_about_their_own_organisation(actor: Actor, reason: str | None) -> None:
    assert CASE_GUARDS["decider-belongs-to-no-party"](Attempt(CASE, {}, 0, TODAY, actor=actor)) == reason


@pytest.mark.parametrize(("rule", "taken", "subject", "taking", "moves"), [
    # The step that is being taken counts already.
    ("every-respondent-has-answered", {}, 2, "respond", False),
    ("every-respondent-has-answered", {3: "respond"}, 2, "respond", True),
    ("every-respondent-has-answered", {3: "second_notice_by_clock"}, 2, "respond", True),
    ("every-respondent-has-answered", {3: "acknowledge_notice"}, 2, "respond", False),
    ("every-party-says-it-is-resolved", {2: "say_resolved", 3: "say_resolved"}, 1, "say_resolved", True),
    ("every-party-says-it-is-resolved", {2: "say_resolved"}, 1, "say_resolved", False),
    ("every-party-accepts", {1: "accept", 2: "accept"}, 3, "accept", True),
    ("every-party-accepts", {1: "accept", 2: "accept"}, 3, "comment", False),
    ("every-complainant-has-withdrawn", {}, 1, "withdraw", True),
    ("every-complainant-has-withdrawn", {}, 2, "withdraw", False),
])
def test_a_step_that_several_take_moves_the_case_with_the_last_of_them(
        rule: str, taken: dict[int, str], subject: int, taking: str, moves: bool) -> None:
    parties = tuple(replace(party, taken=frozenset(taken.get(party.id, "").split())) for party in PARTIES)

    assert MOVES_WHEN[rule](Attempt(replace(CASE, parties=parties), {}, subject, TODAY, taking)) is moves


def test_every_rule_is_either_about_the_case_or_about_the_answers_and_the_procedure_asks_for_each(procedure: Procedure) -> None:
    asked_for = {name for action in procedure.actions.values() for name in (*action.guards, *(guard for _, guard in action.target_if))}
    asked_for |= {name for limit in procedure.limits.values() for name in limit.guards}

    assert not CASE_GUARDS.keys() & ANSWER_GUARDS.keys()
    assert GUARDS.keys() - asked_for <= NOT_ASKED_FOR_YET
    assert asked_for <= GUARDS.keys()
    assert {action.moves_when for action in procedure.actions.values()} == {"", *MOVES_WHEN}


class Remembered(dict[str, Taken]):
    """What was done before in a case, and whether a rule asked for it."""

    asked = False

    def get(self, *_: object) -> None:      # type: ignore[override]
        self.asked = True


def test_a_rule_that_reads_what_was_done_before_says_that_it_looks_back() -> None:
    # For all others the log is not read: it would find nothing, and hold or refuse for ever.
    reading = set()
    for name, guard in GUARDS.items():
        before = Remembered()
        guard(Attempt(replace(CASE, history=before), {}, 2, TODAY))
        reading |= {name} if before.asked else set()

    assert reading == NEED_HISTORY
