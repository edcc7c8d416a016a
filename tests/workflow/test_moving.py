"""What cannot be moved, and what becomes of one limit or pause by each rule; the laws stand in `test_moving_laws`."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from two_versions import FIRST, SECOND

from breachdesk.errors import Refused
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Pause
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.definition import Procedure, Stops
from breachdesk.workflow.facts import CaseFacts, Party, PauseFact, Running
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.move_plans import DROP, KEEP_DATE, KEEP_DAYS, RESTART, MovePlan
from breachdesk.workflow.moving import BEGINS, EARLIER, ENDS, LimitMoved, move_of

OLD, NEW = load_procedure(FIRST, "1.yaml"), load_procedure(SECOND, "2.yaml")
BEGAN, DUE, TODAY = date(2026, 3, 2), date(2026, 3, 16), date(2026, 3, 6)
CALENDAR = Calendar("c", "C", date(2025, 1, 1), date(2028, 12, 31), date(2028, 12, 31), {})
PARTIES = (Party(1, 11, "complainant", "A", "voluntary"), Party(2, 12, "respondent", "B", "statutory"))
ANSWER = Running("answer", 2, 1, BEGAN, DUE)
ASKED = CaseFacts("DD-2026-0001", "asked", BEGAN, 3, PARTIES, CALENDAR, running=(ANSWER,))


def plan(new: Procedure = NEW, to: str = "replied", **rules: str) -> MovePlan:
    return MovePlan(OLD, new, {"thinking": to}, {**dict.fromkeys(OLD.limits, KEEP_DATE), "window": DROP, **rules}, "why", "d", "")


def with_status(name: str, stops: Stops | None) -> Procedure:
    return replace(NEW, digest="other", statuses={**NEW.statuses, name: replace(NEW.statuses[name], stops=stops)})


@pytest.mark.parametrize(("status", "to"), [("nowhere", "replied"), ("closed", "replied"), ("thinking", "gone"), ("thinking", "closed")])
def test_a_case_that_the_plan_leads_nowhere_stays(status: str, to: str) -> None:
    with pytest.raises(Refused) as raised:
        move_of(plan(to=to), replace(ASKED, status=status), TODAY)

    assert raised.value.reasons == (f"The plan does not say where a case at “{status}” goes.",)


def test_a_pause_that_nobody_could_end_any_more_keeps_the_case_where_it_is() -> None:
    paused = replace(ASKED, pauses=(PauseFact(1, ("answer",), Pause(BEGAN, None, "both asked for it"), "suspension"),))

    with pytest.raises(Refused) as raised:
        move_of(plan(), paused, TODAY)

    assert raised.value.reasons == (
        "The case is paused (both asked for it), and in version 2 nobody can end the pause “suspension”.",)


def test_the_pause_of_the_old_status_ends_and_that_of_the_new_one_begins_unless_they_are_the_same() -> None:
    own = OLD.statuses["thinking"].stops
    there = replace(ASKED, status="thinking", running=(), pauses=(PauseFact(4, own.limits, Pause(BEGAN, None, own.because), own.name),))
    rest = Stops(("whole",), "they rest", "replied")

    plainly, other = move_of(plan(), there, TODAY), move_of(plan(with_status("replied", rest)), there, TODAY)
    same = move_of(plan(with_status("replied", own)), there, TODAY)

    assert (plainly.resumes, plainly.pauses) == ((4,), ())
    assert LimitMoved("whole", 0, KEEP_DATE, None, date(2026, 4, 2)) in move_of(
        plan(), replace(there, running=(Running("whole", 0, 1, BEGAN, None),)), TODAY).limits
    assert (other.resumes, other.pauses) == ((4,), (PauseFact(0, ("whole",), Pause(TODAY, None, "they rest"), "replied"),))
    assert (same.resumes, same.pauses) == ((), ())


def test_where_the_case_comes_from_and_goes_to_is_said_with_its_stages() -> None:
    move = move_of(plan(to="panel"), replace(ASKED, status="thinking", running=()), TODAY)

    assert (move.source, move.target, move.left, move.stage) == ("thinking", "panel", "direct", "panel")


# The answer has ten working days in the first version and fifteen in the second: from 2 March to 16 and 23 March.
@pytest.mark.parametrize(("rule", "due", "ending"), [
    (KEEP_DATE, DUE, None), (RESTART, date(2026, 3, 27), "replaced"), (KEEP_DAYS, DUE, "replaced"), (DROP, None, "moot")])
def test_each_rule_does_with_a_limit_what_its_name_says(rule: str, due: date | None, ending: str | None) -> None:
    move = move_of(plan(answer=rule), ASKED, TODAY)

    assert LimitMoved("answer", 2, rule, DUE, due) in move.limits
    assert [(one.limit, one.ending, one.due_on) for one in move.clocks.ended] == ([("answer", ending, DUE)] if ending else [])
    assert [(limit, subject, day) for limit, subject, day in move.clocks.standing if limit == "answer"] == (
        [("answer", 2, due)] if due else [])
    # A date that is kept keeps the length that was promised; so do the days that are left.
    assert move.lengths == ((("answer", 2, WorkingDays(10)),) if rule == KEEP_DATE else ())
    lengths = {RESTART: [None], KEEP_DAYS: [WorkingDays(6)]}
    assert [one.lasts for one in move.clocks.started if one.limit == "answer"] == lengths.get(rule, [])


def test_a_limit_of_a_status_that_is_gone_ends_with_it_and_what_is_new_there_begins() -> None:
    there = replace(ASKED, status="thinking", running=(Running("window", 0, 1, BEGAN, date(2026, 3, 9)),))

    move = move_of(plan(), there, TODAY)

    assert [(one.limit, one.rule, one.old_due, one.new_due, one.later) for one in move.limits] == [
        ("window", DROP, date(2026, 3, 9), None, False), ("weighing", BEGINS, None, date(2026, 3, 18), False)]
    assert ENDS not in {one.rule for one in move.limits}


def test_a_limit_that_runs_nowhere_in_the_new_status_ends_whatever_the_rule_says() -> None:
    there = replace(ASKED, status="thinking", running=(ANSWER,))

    [ended, *_] = move_of(plan(), there, TODAY).limits

    assert ended == LimitMoved("answer", 2, ENDS, DUE, None)


def test_a_party_that_has_left_takes_its_limit_along() -> None:
    gone = replace(ASKED, parties=(PARTIES[0], replace(PARTIES[1], left=True)))

    assert LimitMoved("answer", 2, ENDS, DUE, None) in move_of(plan(), gone, TODAY).limits


def test_no_day_becomes_an_earlier_one() -> None:
    shorter = replace(NEW, digest="other", limits={**NEW.limits, "answer": replace(NEW.limits["answer"], lasts=WorkingDays(3))})

    move = move_of(plan(shorter, answer=RESTART), ASKED, TODAY)

    assert LimitMoved("answer", 2, RESTART, DUE, DUE, EARLIER) in move.limits
    assert move.clocks.ended == ()
