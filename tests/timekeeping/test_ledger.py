from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from breachdesk.timekeeping.calendars import Calendar, CalendarEnds
from breachdesk.timekeeping.ledger import Day, Extension, Ledger, Pause, Standing, due_on, explain, standing, working_days_left
from breachdesk.timekeeping.limits import CalendarDays, Limit, Months, Weeks, WorkingDays


def march(day: int) -> date:
    return date(2026, 3, day)


def waiting(begin: int, end: int | None) -> Pause:
    return Pause(march(begin), None if end is None else march(end), "waiting for information")


# Monday 2 March 2026 and ten working days: Monday 16 March, when nothing comes between.
TEN = Ledger(march(2), WorkingDays(10))


@pytest.mark.parametrize(("start", "n", "due"), [
    (date(2026, 3, 2), 1, date(2026, 3, 3)),
    (date(2026, 3, 7), 1, date(2026, 3, 9)),      # A Saturday is day 0 all the same.
    (date(2026, 4, 2), 1, date(2026, 4, 7)),      # Good Friday, weekend, Easter Monday.
    (date(2026, 3, 25), 20, date(2026, 4, 24)),
    (date(2026, 12, 24), 1, date(2026, 12, 29)),  # The 28th stands for Boxing Day on a Saturday.
    (date(2027, 12, 24), 1, date(2027, 12, 29)),
    (date(2027, 12, 31), 1, date(2028, 1, 4)),
    (date(2026, 6, 12), 1, date(2026, 6, 15)),    # A holiday in Scotland only.
    (date(2026, 3, 7), 0, date(2026, 3, 7)),
])
def test_the_due_day_is_the_nth_working_day_after_the_start(calendar: Calendar, start: date, n: int, due: date) -> None:
    assert due_on(Ledger(start, WorkingDays(n)), calendar) == due


@pytest.mark.parametrize(("pauses", "due"), [
    ([], march(16)),
    ([waiting(4, 6)], march(18)),                     # Two working days: resumed on the 6th, which counts.
    ([waiting(4, 4)], march(16)),                     # Begun and ended on one day.
    ([waiting(7, 9)], march(16)),                     # A weekend: no working day.
    ([waiting(6, 9)], march(17)),                     # Friday to Monday: one working day.
    ([waiting(4, 9), waiting(5, 6)], march(19)),      # One inside the other counts once.
    ([waiting(4, 9), waiting(6, 11)], march(23)),     # Overlapping: 4, 5, 6, 9 and 10.
    ([waiting(6, 11), waiting(4, 9)], march(23)),     # In whichever order they are kept.
    ([waiting(2, 4)], march(17)),                     # The start day is day 0, so only the 3rd is taken.
    ([waiting(17, 20)], march(16)),                   # Begun after the due day.
    ([waiting(16, 18)], march(18)),                   # Begun on the due day.
    ([waiting(4, 6), waiting(17, 19)], march(20)),    # Begun before the due day that the first pause made.
    ([waiting(4, None)], None),
    ([waiting(16, None)], None),
    ([waiting(17, None)], march(16)),
    ([waiting(4, 6), waiting(5, None)], None),
])
def test_a_pause_takes_its_working_days_out(calendar: Calendar, pauses: list[Pause], due: date | None) -> None:
    assert due_on(replace(TEN, pauses=tuple(pauses)), calendar) == due


@pytest.mark.parametrize(("limit", "pauses", "due"), [
    (CalendarDays(10), [], march(12)),
    (CalendarDays(10), [waiting(4, 6)], march(14)),
    (CalendarDays(10), [waiting(7, 9)], march(14)),                    # Weekend days are days here.
    (CalendarDays(10), [waiting(4, 6), waiting(13, 16)], march(17)),   # The second begins before the day that the first made.
    (CalendarDays(10), [waiting(4, 9), waiting(6, 11)], march(19)),
    (CalendarDays(10), [waiting(12, 14)], march(14)),                  # Begun on the due day.
    (CalendarDays(10), [waiting(13, 15)], march(12)),
    (CalendarDays(10), [waiting(4, None)], None),
    (CalendarDays(10), [waiting(13, None)], march(12)),
    (Weeks(2), [waiting(4, 6)], march(18)),
    (Months(1), [], date(2026, 4, 2)),
    (Months(1), [waiting(4, 6)], date(2026, 4, 4)),
])
def test_limits_in_days_weeks_and_months_are_pushed_on_by_the_days_paused(
        calendar: Calendar, limit: Limit, pauses: list[Pause], due: date | None) -> None:
    assert due_on(Ledger(march(2), limit, tuple(pauses)), calendar) == due


def test_a_month_that_is_too_short_ends_on_its_last_day(calendar: Calendar) -> None:
    assert due_on(Ledger(date(2026, 1, 31), Months(1)), calendar) == date(2026, 2, 28)
    assert due_on(Ledger(date(2027, 11, 30), Months(3)), calendar) == date(2028, 2, 29)


@pytest.mark.parametrize(("by", "due"), [
    ([WorkingDays(5)], march(23)),
    ([WorkingDays(2), WorkingDays(3)], march(23)),
    ([CalendarDays(5)], march(21)),
    ([Weeks(1)], march(23)),
    ([Months(1)], date(2026, 4, 16)),
])
def test_an_extension_adds_its_own_days_after_the_limit(calendar: Calendar, by: list[Limit], due: date) -> None:
    extensions = tuple(Extension(limit, "advice is awaited") for limit in by)

    assert due_on(replace(TEN, extensions=extensions), calendar) == due


def test_a_pause_during_the_extension_moves_the_date(calendar: Calendar) -> None:
    extended = replace(TEN, extensions=(Extension(WorkingDays(5), "advice is awaited"),))

    assert due_on(replace(extended, pauses=(waiting(18, 20),)), calendar) == march(25)
    assert due_on(replace(extended, pauses=(waiting(18, None),)), calendar) is None


@pytest.mark.parametrize(("today", "left"), [
    (march(1), 10), (march(2), 10), (march(3), 9), (march(7), 6), (march(13), 1), (march(16), 0), (march(17), -1), (march(20), -4)])
def test_the_days_left_run_down_to_none_on_the_due_day_and_below_it_afterwards(calendar: Calendar, today: date, left: int) -> None:
    assert working_days_left(TEN, calendar, today) == left


@pytest.mark.parametrize("today", [march(14), march(15), march(16)])
def test_what_is_late_is_late_even_at_a_weekend(calendar: Calendar, today: date) -> None:
    assert standing(Ledger(march(2), WorkingDays(9)), calendar, today) == Standing(march(13), paused=False, left=-1, overdue=True)


@pytest.mark.parametrize("today", [march(6), march(11), date(2026, 9, 1)])
def test_while_paused_the_days_left_stand_still(calendar: Calendar, today: date) -> None:
    paused = replace(TEN, pauses=(waiting(6, None),))

    assert standing(paused, calendar, today) == Standing(None, paused=True, left=7, overdue=False)


@pytest.mark.parametrize(("today", "expected"), [
    (march(5), Standing(march(19), paused=False, left=7, overdue=False)),
    (march(6), Standing(march(19), paused=True, left=7, overdue=False)),
    (march(10), Standing(march(19), paused=True, left=7, overdue=False)),
    (march(11), Standing(march(19), paused=False, left=6, overdue=False)),
    (march(20), Standing(march(19), paused=False, left=-1, overdue=True)),
])
def test_a_pause_with_an_end_holds_the_days_left_until_then(calendar: Calendar, today: date, expected: Standing) -> None:
    assert standing(replace(TEN, pauses=(waiting(6, 11),)), calendar, today) == expected


def test_extension_days_are_among_those_left_while_paused(calendar: Calendar) -> None:
    paused = replace(TEN, pauses=(waiting(6, None),), extensions=(Extension(WorkingDays(5), "advice is awaited"),))

    assert working_days_left(paused, calendar, march(20)) == 12


def test_a_pause_that_began_too_late_does_not_hide_that_it_is_overdue(calendar: Calendar) -> None:
    late = replace(TEN, pauses=(waiting(18, None),))

    assert standing(late, calendar, march(19)) == Standing(march(16), paused=False, left=-3, overdue=True)


def test_an_open_pause_that_lies_ahead_holds_the_date_and_uses_the_days_until_then(calendar: Calendar) -> None:
    ahead = replace(TEN, pauses=(waiting(10, None),))

    assert standing(ahead, calendar, march(4)) == Standing(None, paused=False, left=8, overdue=False)


def test_a_limit_in_days_has_its_working_days_left(calendar: Calendar) -> None:
    fortnight = Ledger(march(2), Weeks(2))

    assert working_days_left(fortnight, calendar, march(6)) == 6
    assert working_days_left(replace(fortnight, pauses=(waiting(9, None),)), calendar, march(20)) == 6


def test_every_day_is_explained(calendar: Calendar) -> None:
    ledger = Ledger(date(2026, 4, 1), WorkingDays(2), (Pause(date(2026, 4, 4), date(2026, 4, 8), "waiting for information"),),
                    (Extension(WorkingDays(1), "advice is awaited"),))

    assert explain(ledger, calendar) == (
        Day(date(2026, 4, 1), False, 0, "the day it began"),
        Day(date(2026, 4, 2), True, 1, ""),
        Day(date(2026, 4, 3), False, None, "Good Friday"),
        Day(date(2026, 4, 4), False, None, "Saturday"),
        Day(date(2026, 4, 5), False, None, "Sunday"),
        Day(date(2026, 4, 6), False, None, "Easter Monday"),
        Day(date(2026, 4, 7), False, None, "not counted: waiting for information"),
        Day(date(2026, 4, 8), True, 2, ""),
        Day(date(2026, 4, 9), True, 3, "extension: advice is awaited"),
    )


def test_a_limit_in_days_counts_the_weekend(calendar: Calendar) -> None:
    days = explain(Ledger(march(6), CalendarDays(3), (waiting(7, 8),)), calendar)

    assert [(day.on.day, day.number, day.why) for day in days] == [
        (6, 0, "the day it began"), (7, None, "not counted: waiting for information"), (8, 1, ""), (9, 2, ""), (10, 3, "")]


@pytest.mark.parametrize(("begin", "last"), [(4, 4), (7, 7), (2, 3), (3, 3)])
def test_the_explanation_of_a_held_deadline_ends_with_the_pause(calendar: Calendar, begin: int, last: int) -> None:
    days = explain(replace(TEN, pauses=(waiting(begin, None),)), calendar)

    assert days[-1] == Day(march(last), False, None, "not counted: waiting for information")


def test_a_deadline_past_the_calendar_is_not_guessed(calendar: Calendar) -> None:
    long_pause = Pause(date(2028, 12, 1), date(2029, 2, 1), "waiting for information")

    with pytest.raises(CalendarEnds, match="ends on 31 December 2028"):
        due_on(Ledger(date(2028, 12, 20), WorkingDays(20)), calendar)
    with pytest.raises(CalendarEnds, match="ends on 31 December 2028"):
        due_on(Ledger(date(2028, 11, 20), WorkingDays(20), (long_pause,)), calendar)


def test_a_pause_beyond_the_calendar_does_not_matter_to_a_deadline_before_it(calendar: Calendar) -> None:
    beyond = Pause(calendar.last + timedelta(days=40), None, "waiting for information")

    assert due_on(replace(TEN, pauses=(beyond,)), calendar) == march(16)


def test_a_pause_cannot_end_before_it_begins() -> None:
    with pytest.raises(ValueError, match="begins on 6 March 2026 cannot end on 5 March 2026"):
        waiting(6, 5)
