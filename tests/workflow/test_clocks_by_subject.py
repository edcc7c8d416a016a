"""Limits that run for one party or one remedy at a time: a step begins and ends those that it is about, and no others."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from road_told import PROCEDURE

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.clocks import ClockChanges, Turn, clocks_after
from breachdesk.workflow.definition import Action, LimitRule
from breachdesk.workflow.effects import AddsRemedy, Effects, SettlesRemedy
from breachdesk.workflow.facts import CaseFacts, Party, RanOut, Remedy, Running

TODAY, SOON, LATER = date(2026, 3, 16), date(2026, 3, 30), date(2026, 4, 30)
YEARS = Calendar("c", "C", date(2025, 1, 1), date(2027, 12, 31), date(2027, 12, 31), {})
PARTIES = (Party(1, 11, "complainant", "A", "voluntary"), Party(2, 12, "respondent", "B", "statutory"),
           Party(3, 13, "respondent", "C", "statutory"))
FIRST, SECOND = Remedy(1, "apology", 2, SOON), Remedy(2, "process", 3, LATER)
AGREE = Action("agree", "Agree", ("coordinator",), ("helping",), effects=Effects(adds_remedy=AddsRemedy("what", "kind", "owner", "due")))
CONFIRM = Action("confirm", "Done", ("coordinator",), ("helping",), effects=Effects(settles_remedy=SettlesRemedy("which", "done")))
WAIVE = Action("waive", "Let it be", ("coordinator",), ("helping",), effects=Effects(settles_remedy=SettlesRemedy("which", "waived")))
LEAVE = Action("leave", "Leave", ("respondent",), ("answering",), each="respondent", effects=Effects(leaves=True))
RULE = LimitRule("remedy_due", "It is done", frozenset({"helping", "closed"}), WorkingDays(10), "", each="remedy", due_on="due",
                 met_by=("confirm",))
WITH_REMEDIES = replace(
    PROCEDURE, digest="with remedies", actions={**PROCEDURE.actions, **{one.name: one for one in (AGREE, CONFIRM, WAIVE, LEAVE)}},
    limits={"remedy_due": RULE, "respond": replace(PROCEDURE.limits["respond"], met_by=("respond",))})


def after(action: Action, source: str, target: str, subject: int = 0, remedy: int = 0, today: date = TODAY, came_on: date | None = None,
          **facts: object) -> ClockChanges:
    case = replace(CaseFacts("DD-2026-0001", source, TODAY, 5, PARTIES, YEARS), **facts)
    return clocks_after(WITH_REMEDIES, Turn(action, source, target, Attempt(case, {}, subject, today, action.name, came_on=came_on), today,
                                            remedy))


def begun(changes: ClockChanges) -> list[tuple[int, date | None]]:
    return [(one.subject, one.due_on) for one in changes.started]


def ended(changes: ClockChanges) -> list[tuple[str, int, str]]:
    return [(one.limit, one.subject, one.ending) for one in changes.ended]


def runs(*remedies: Remedy) -> tuple[Running, ...]:
    return tuple(Running("remedy_due", one.number, 3, TODAY, one.due_on) for one in remedies)


def test_a_remedy_that_is_agreed_on_gets_its_own_day_and_the_others_keep_theirs() -> None:
    changes = after(AGREE, "helping", "helping", remedy=2, remedies=(FIRST, SECOND), running=runs(FIRST))

    assert (begun(changes), ended(changes)) == ([(2, LATER)], [])
    assert set(changes.standing) == {("remedy_due", 1, SOON), ("remedy_due", 2, LATER)}


def test_where_a_status_is_entered_each_remedy_that_is_still_open_gets_its_day() -> None:
    done = replace(FIRST, number=3, state="done")

    assert begun(after(AGREE, "answering", "helping", remedies=(FIRST, SECOND, done))) == [(1, SOON), (2, LATER)]


def test_a_remedy_without_a_day_has_the_usual_time() -> None:
    assert begun(after(AGREE, "helping", "helping", remedy=1, remedies=(replace(FIRST, due_on=None),))) == [(1, SOON)]


@pytest.mark.parametrize(("action", "state", "ending"), [(CONFIRM, "done", "met"), (WAIVE, "waived", "moot")])
def test_a_remedy_that_is_settled_ends_its_own_limit_alone(action: Action, state: str, ending: str) -> None:
    settled = replace(SECOND, state=state)

    changes = after(action, "helping", "helping", remedy=2, remedies=(FIRST, settled), running=runs(FIRST, SECOND))

    assert ended(changes) == [("remedy_due", 2, ending)]
    assert changes.standing == (("remedy_due", 1, SOON),)


def test_a_remedy_that_was_reported_and_is_still_open_runs_on() -> None:
    reported = replace(SECOND, state="reported")

    assert ended(after(WAIVE, "helping", "helping", remedy=2, remedies=(FIRST, reported), running=runs(FIRST, SECOND))) == []


def answers(*parties: int, due: date = SOON) -> tuple[Running, ...]:
    return tuple(Running("respond", party, 2, TODAY, due) for party in parties)


def test_a_party_that_leaves_takes_its_limit_along() -> None:
    parties = (*PARTIES[:2], replace(PARTIES[2], left=True))

    changes = after(LEAVE, "answering", "answering", subject=3, parties=parties, running=answers(2, 3))

    assert (ended(changes), changes.standing) == ([("respond", 3, "moot")], (("respond", 2, SOON),))


@pytest.mark.parametrize(("today", "came_on", "ending"), [
    (SOON, None, "met"), (LATER, None, "late"), (LATER, SOON, "kept"), (LATER, date(2026, 3, 31), "late"),
    (LATER, date(2026, 3, 2), "kept")])
def test_an_answer_meets_the_partys_own_limit_by_the_day_on_which_it_reached_the_desk(
        today: date, came_on: date | None, ending: str) -> None:
    changes = after(PROCEDURE.actions["respond"], "answering", "answering", 2, 0, today, came_on, running=answers(2, 3))

    assert ended(changes) == [("respond", 2, ending)]


@pytest.mark.parametrize(("party", "came_on", "running", "kept"), [
    (2, SOON, (), True), (2, date(2026, 3, 31), (), False), (2, None, (), False), (3, SOON, (), False), (2, SOON, answers(2), False)])
def test_a_limit_that_ran_out_is_kept_by_what_had_reached_the_desk_in_time(
        party: int, came_on: date | None, running: tuple[Running, ...], kept: bool) -> None:
    gone = RanOut("respond", 2, SOON)

    changes = after(PROCEDURE.actions["respond"], "answering", "answering", party, 0, LATER, came_on, ran_out=(gone,), running=running)

    assert (("respond", 2, "kept") in ended(changes) and not running) is kept
