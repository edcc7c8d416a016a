"""Laws of counting a case again in a changed calendar: no promise is broken, what follows moves along, and what is over stays."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st
from two_versions import FIRST

from breachdesk.timekeeping.calendar_changes import edited
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Pause, due_on
from breachdesk.workflow.clocks import Ended, calendar_for, ledger_of
from breachdesk.workflow.facts import CaseFacts, Party, PauseFact, Running
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.recounting import KEPT, recount

PROCEDURE = load_procedure(FIRST, "1.yaml")
BEGAN = date(2026, 3, 2)
OLD = Calendar("c", "C", date(2025, 1, 1), date(2028, 12, 31), date(2028, 12, 31),
               {date(2026, 3, 11): "Fair", date(2026, 4, 3): "Good Friday"})
PARTIES = (Party(1, 11, "complainant", "A", "voluntary"), Party(2, 12, "respondent", "B", "statutory"))
WEEKDAYS = st.dates(BEGAN, date(2026, 6, 30)).filter(lambda day: day.weekday() < 5)


def case_at(status: str, held: tuple[int, int] | None) -> CaseFacts:
    """A case with the limits of a status, counted in the old calendar."""
    pauses = (PauseFact(1, tuple(PROCEDURE.limits), Pause(BEGAN + timedelta(days=held[0]), BEGAN + timedelta(days=sum(held)), "x"), "x"),
              ) if held else ()
    facts = CaseFacts("DD-2026-0001", status, BEGAN, 3, PARTIES, OLD, pauses=pauses)
    running = [Running(rule.name, 2 if rule.each else 0, 1, BEGAN, due_on(ledger_of(rule, facts, 2 if rule.each else 0, BEGAN), OLD),
                       None, OLD.digest) for rule in PROCEDURE.limits.values() if status in rule.statuses]
    return replace(facts, running=tuple(running))


def in_calendar(facts: CaseFacts, new: Calendar) -> CaseFacts:
    return replace(facts, calendar=new, snapshots={OLD.digest: OLD})


CASES = st.builds(case_at, st.sampled_from([name for name, one in PROCEDURE.statuses.items() if not one.final]),
                  st.none() | st.tuples(st.integers(0, 20), st.integers(0, 9)))
TODAY = st.integers(0, 40).map(lambda days: BEGAN + timedelta(days=days))


@given(CASES, st.sets(WEEKDAYS, max_size=8), st.booleans(), TODAY)
def test_every_limit_is_moved_kept_or_the_same_and_none_becomes_earlier(
        facts: CaseFacts, days: set[date], fair_goes: bool, today: date) -> None:
    gone = {date(2026, 3, 11)} if fair_goes else set()
    new = edited(OLD, {day: "New" for day in days if day not in OLD.holidays}, gone)

    found = recount(PROCEDURE, in_calendar(facts, new), today)

    after = {(limit, subject): due for limit, subject, due in found.clocks.standing}
    assert set(after) == {(one.limit, one.subject) for one in facts.running}
    for one in facts.running:
        fresh = due_on(ledger_of(PROCEDURE.limits[one.limit], facts, one.subject, one.started_on), new)
        over = one.due_on is not None and one.due_on < today
        assert after[one.limit, one.subject] == (one.due_on if over or not fresh or not one.due_on else max(one.due_on, fresh))


@given(CASES, TODAY)
def test_the_same_calendar_changes_nothing(facts: CaseFacts, today: date) -> None:
    found = recount(PROCEDURE, in_calendar(facts, OLD), today)

    assert (found.limits, found.clocks.started, found.same) == ((), (), ())


def test_a_day_that_would_become_earlier_is_kept_with_the_calendar_it_was_counted_in() -> None:
    facts = case_at("panel", None)
    new = edited(OLD, {}, {date(2026, 3, 11)})

    found = recount(PROCEDURE, in_calendar(facts, new), BEGAN)

    [kept] = [one for one in found.limits if one.limit == "statement"]
    assert kept.how == KEPT
    assert kept.new_due < kept.old_due
    [running] = [one for one in facts.running if one.limit == "statement"]
    assert calendar_for(running, PROCEDURE.limits["statement"], in_calendar(facts, new)) is OLD


def test_a_limit_whose_day_and_reminders_stay_is_counted_in_the_new_calendar_and_begins_no_second_time() -> None:
    facts = case_at("asked", None)
    new = edited(OLD, {date(2028, 5, 3): "Jubilee"}, set())

    found = recount(PROCEDURE, in_calendar(facts, new), BEGAN)

    assert found.same == tuple((one.limit, one.subject, new.digest) for one in facts.running)
    assert (found.limits, found.clocks.started, found.clocks.ended) == ((), (), ())


def test_a_reminder_that_moves_moves_the_limit_though_its_day_stays() -> None:
    facts = case_at("panel", None)
    [statement] = [one for one in facts.running if one.limit == "statement"]
    assert statement.due_on == date(2026, 4, 8)

    # A holiday more after the day of the reminder, and one fewer before it: the day itself stays.
    new = edited(OLD, {date(2026, 4, 7): "Fair"}, {date(2026, 3, 11)})
    found = recount(PROCEDURE, in_calendar(facts, new), BEGAN)

    [again] = [one for one in found.clocks.started if one.limit == "statement"]
    assert (again.due_on, [day for _, day in again.rungs]) == (date(2026, 4, 8), [date(2026, 3, 30)])
    assert Ended("statement", 0, "replaced", date(2026, 4, 8)) in found.clocks.ended
    assert "statement" not in {limit for limit, _, _ in found.same}
