"""What an action's effects do to what a case holds, and what is refused because it cannot be meant so."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from breachdesk.errors import Refused
from breachdesk.identity import Actor
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.consequences import NONE, Consequences, Represented, Succeeded, consequences_of, facts_after
from breachdesk.workflow.definition import Action, Ask, Procedure
from breachdesk.workflow.effects import AddsRemedy, Appoints, Decides, Effects, Links, Releases, Represents, SettlesRemedy
from breachdesk.workflow.facts import Allegation, Appointment, Candidate, CaseFacts, Link, Organisation, Party, Remedy

TODAY = date(2026, 3, 27)
YEAR = Calendar("here", "Here", date(2026, 1, 1), date(2026, 12, 31), date(2026, 12, 31), {})
NEWCOMER = Organisation(77, "N", "voluntary")
PEOPLE = {name: Candidate(number, name.upper(), name, "voluntary", frozenset()) for number, name in enumerate("abcd", 1)}
SITTING = (Appointment(1, "panel_member", chair=True), Appointment(2, "panel_member"), Appointment(3, "critical_friend"))
CASE = CaseFacts(
    "BD-2026-0001", "panel_convening", TODAY, 5,
    (Party(1, 11, "complainant", "A", "voluntary"), Party(2, 12, "respondent", "B", "statutory"),
     Party(3, 13, "respondent", "C", "statutory"), Party(4, 14, "complainant", "D", "voluntary")), YEAR,
    appointments=SITTING, candidates=PEOPLE, organisations={"newcomer": NEWCOMER, "b": Organisation(12, "B", "statutory")},
    allegations=(Allegation(5, 2, 501), Allegation(6, 3, 501), Allegation(7, 2, 502)),
    remedies=(Remedy(1, "apology", 2, TODAY), Remedy(2, "other", 3, TODAY, "done")), links=(Link("BD-2026-0009", "related"),))


def does(procedure: Procedure, effects: Effects, answers: dict[str, Any], *, subject: int = 0, asks: tuple[Ask, ...] = (),
         account: int = 0, each: str = "") -> Consequences:
    action = Action("do_it", "Do it", ("coordinator",), ("panel_convening",), asks=asks, effects=effects, each=each)
    return consequences_of(procedure, action, Attempt(CASE, answers, subject, TODAY, "do_it", Actor(account, "Somebody")))


def test_an_action_without_effects_changes_nothing(procedure: Procedure) -> None:
    assert does(procedure, Effects(), {}) == NONE
    assert facts_after(CASE, NONE) is CASE


@pytest.mark.parametrize(("decides", "answers", "decided"), [
    (Decides(True), {}, ((5, True), (6, True), (7, True))),
    (Decides(True, "but"), {"but": ("6",)}, ((5, True), (6, False), (7, True))),
    (Decides(False, "but"), {"but": ("6", "7")}, ((5, False), (6, True), (7, True))),
    (Decides(False, "but"), {}, ((5, False), (6, False), (7, False))),
])
def test_what_is_decided_holds_for_every_allegation_but_those_named(
        procedure: Procedure, decides: Decides, answers: dict[str, Any], decided: tuple[tuple[int, bool], ...]) -> None:
    done = does(procedure, Effects(decides=decides), answers)

    assert done.decided == decided
    assert {one.id: one.ending for one in facts_after(CASE, done).allegations} == {
        number: "" if admissible else "inadmissible" for number, admissible in decided}


def test_an_allegation_that_is_decided_or_ended_is_not_decided_again(procedure: Procedure) -> None:
    refused = Allegation(5, 2, 501, False, ending="inadmissible")
    facts = replace(CASE, allegations=(refused, Allegation(6, 3, 501, True), Allegation(7, 2, 1)))
    action = Action("admit", "Admit", ("coordinator",), effects=Effects(decides=Decides(True)))

    assert consequences_of(procedure, action, Attempt(facts, {}, 0, TODAY)).decided == ((7, True),)


def test_a_position_is_taken_on_the_partys_own_allegations(procedure: Procedure) -> None:
    each, once = Ask("position", "?", "choice", for_each="allegation"), Ask("position", "?", "choice")

    asked_each = does(procedure, Effects(position="position"), {"position-5": "accepted", "position-6": "no", "position-7": "partly"},
                      subject=2, asks=(each,))

    assert asked_each.positions == ((5, "accepted"), (7, "partly"))
    assert does(procedure, Effects(position="position"), {"position": "no"}, subject=3, asks=(once,)).positions == ((6, "no"),)


def test_a_remedy_has_the_next_number_and_without_words_there_is_none(procedure: Procedure) -> None:
    effects = Effects(adds_remedy=AddsRemedy("what", "kind", "owner", "due"))
    answers = {"what": "An apology", "kind": "apology", "owner": "2", "due": date(2026, 6, 30)}

    assert does(procedure, effects, answers).added == Remedy(3, "apology", 2, date(2026, 6, 30))
    assert does(procedure, effects, {"what": "An apology", "owner": "3"}).added == Remedy(3, "", 3, None)
    assert does(procedure, effects, {}) == NONE


@pytest.mark.parametrize(("state", "open_"), [("reported", True), ("not_done", True), ("done", False), ("waived", False)])
def test_a_remedy_is_open_until_it_is_done_or_waived(procedure: Procedure, state: str, open_: bool) -> None:
    done = does(procedure, Effects(settles_remedy=SettlesRemedy("which", state)), {"which": "1"})

    first, second = facts_after(CASE, done).remedies
    assert (first.state, first.open, second.state) == (state, open_, "done")


def test_naming_several_names_all_and_naming_one_keeps_the_others(procedure: Procedure) -> None:
    several, one = Ask("named", "?", "people"), Ask("named", "?", "person")
    effects = Effects(appoints=Appoints("panel_member", ("named",)))

    anew = facts_after(CASE, does(procedure, effects, {"named": ("b", "d")}, asks=(several,)))
    more = facts_after(CASE, does(procedure, effects, {"named": "d"}, asks=(one,)))

    assert [member.account_id for member in anew.serving("panel_member")] == [2, 4]
    assert [member.account_id for member in more.serving("panel_member")] == [1, 2, 4]
    assert [friend.account_id for friend in anew.serving("critical_friend")] == [3]


def test_a_replacement_takes_the_place_of_the_one_who_goes_and_can_take_the_chair(procedure: Procedure) -> None:
    effects = Effects(appoints=Appoints("panel_member", ("named",), "chair"), releases=Releases("panel_member", "who"))

    after = facts_after(CASE, does(procedure, effects, {"named": "d", "who": "a", "chair": "d"}, asks=(Ask("named", "?", "person"),)))

    assert [(one.account_id, one.chair) for one in after.serving("panel_member")] == [(2, False), (4, True)]


@pytest.mark.parametrize(("releases", "answers", "account", "left"), [
    # All who have the role; the one who is named; whoever steps down, without being asked who it is.
    (Releases("panel_member"), {}, 0, []),
    (Releases("panel_member", "who"), {"who": "a"}, 9, [2]),
    (Releases("panel_member", "who"), {}, 2, [1]),
])
def test_who_is_released(procedure: Procedure, releases: Releases, answers: dict[str, Any], account: int, left: list[int]) -> None:
    after = facts_after(CASE, does(procedure, Effects(releases=releases), answers, account=account))

    assert [one.account_id for one in after.serving("panel_member")] == left


def test_an_interest_is_the_actors_own_or_that_of_whom_the_coordinator_names(procedure: Procedure) -> None:
    who, effects = Ask("who", "?", "person", serving="panel_member"), Effects(declares_interest=True)

    assert does(procedure, effects, {}, asks=(who,), account=2).interested == 2
    assert does(procedure, effects, {"who": "a"}, asks=(who,), account=9).interested == 1
    assert facts_after(CASE, Consequences(interested=2)).interested == {2}


def test_a_party_can_be_represented_and_succeeded_and_keeps_its_place(procedure: Procedure) -> None:
    since = date(2026, 3, 1)
    represented = does(procedure, Effects(represents=Represents("by", "since")), {"by": "newcomer", "since": since}, subject=1)
    succeeded = does(procedure, Effects(succeeded_by="by"), {"by": "newcomer"}, subject=2)

    assert represented.represented == Represented(1, NEWCOMER, since)
    assert succeeded.succeeded == Succeeded(2, NEWCOMER)
    dated = does(procedure, Effects(succeeded_by="by"), {"by": "newcomer", "since": since}, subject=2, asks=(Ask("since", "?", "date"),))
    assert dated.succeeded == Succeeded(2, NEWCOMER, since)
    without_day = does(procedure, Effects(represents=Represents("by", "since")), {"by": "newcomer"}, subject=1)
    assert without_day.represented == Represented(1, NEWCOMER, TODAY)
    assert does(procedure, Effects(represents=Represents("by", "since")), {"by": "nobody"}, subject=1) == NONE
    assert facts_after(CASE, represented).parties[0].represented_by == 77
    assert (facts_after(CASE, succeeded).parties[1].id, facts_after(CASE, succeeded).parties[1].name) == (2, "N")


def test_a_joint_complainant_leaves_for_good_and_the_last_one_stays_the_cases_own(procedure: Procedure) -> None:
    effects = Effects(leaves=True)
    left = does(procedure, effects, {}, subject=4, each="complainant")

    assert [party.id for party in facts_after(CASE, left).on("complainant")] == [1]
    assert [party.id for party in facts_after(CASE, left).on("party")] == [1, 2, 3]
    action = Action("withdraw", "Stop", ("complainant",), each="complainant", effects=effects)
    assert consequences_of(procedure, action, Attempt(facts_after(CASE, left), {}, 1, TODAY)) == NONE


def test_a_limit_that_is_a_remedys_is_for_the_party_that_owes_it() -> None:
    assert CASE.whose("remedy", 2) == CASE.party(3)
    assert CASE.whose("respondent", 2) == CASE.party(2)
    assert CASE.whose("remedy", 9) is None


@pytest.mark.parametrize(("effects", "answers", "subject", "reason"), [
    (Effects(decides=Decides(True, "but")), {"but": ("5", "6", "7")}, 0, "You have made an exception of everything."),
    (Effects(adds_remedy=AddsRemedy("what", "kind", "owner", "due")), {"what": "An apology"}, 0, "Say which organisation has agreed"),
    (Effects(settles_remedy=SettlesRemedy("which", "done")), {"which": "2"}, 0, "no such remedy in this case that is still waited for"),
    (Effects(splits="which"), {"which": ("5", "6", "7")}, 0, "At least one allegation stays in this case."),
    (Effects(links=Links("case", "related")), {"case": "BD-2026-0001"}, 0, "cannot be linked with itself"),
    (Effects(links=Links("case", "related")), {"case": "BD-2026-0009"}, 0, "linked in this way already: BD-2026-0009"),
    (Effects(succeeded_by="by"), {"by": "b"}, 1, "B is a side in this case already."),
    (Effects(appoints=Appoints("panel_member", ("named",))), {"named": "a"}, 0, "A has this role in the case already."),
])
def test_what_cannot_be_meant_is_refused_in_words(
        procedure: Procedure, effects: Effects, answers: dict[str, Any], subject: int, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        does(procedure, effects, answers, subject=subject, asks=(Ask("named", "?", "person"),))

    assert reason in str(refused.value)


def test_what_a_step_does_is_added_to_what_the_case_holds_already() -> None:
    known = replace(CASE, interested=frozenset({7}), objected=frozenset({8}))

    after = facts_after(known, Consequences(interested=2, objected=(3,), positions=((5, "accepted"),), decided=((6, False),)))

    assert (after.interested, after.objected) == ({7, 2, 3}, {8, 3})
    assert [(one.id, one.position, one.admissible, one.ending) for one in after.allegations] == [
        (one.id, "accepted" if one.id == 5 else one.position, False if one.id == 6 else one.admissible,
         "inadmissible" if one.id == 6 else one.ending) for one in CASE.allegations]


def test_a_case_can_be_linked_in_another_way_and_parted(procedure: Procedure) -> None:
    linked = does(procedure, Effects(links=Links("case", "joint")), {"case": "BD-2026-0009"})
    parted = does(procedure, Effects(splits="which"), {"which": ("6",)})

    assert facts_after(CASE, linked).links[-1] == Link("BD-2026-0009", "joint")
    assert [one.open for one in facts_after(CASE, parted).allegations] == [True, False, True]
