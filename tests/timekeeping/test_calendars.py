from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from breachdesk.timekeeping.calendars import Calendar, CalendarEnds


@pytest.mark.parametrize(("day", "why"), [
    (date(2026, 4, 2), None),
    (date(2026, 4, 3), "Good Friday"),
    (date(2026, 4, 4), "Saturday"),
    (date(2026, 4, 5), "Sunday"),
    (date(2026, 4, 6), "Easter Monday"),
    (date(2026, 4, 7), None),
    (date(2026, 12, 28), "Boxing Day"),
    (date(2028, 1, 3), "New Year's Day"),
])
def test_a_calendar_says_why_a_day_is_closed(calendar: Calendar, day: date, why: str | None) -> None:
    assert calendar.why_closed(day) == why
    assert calendar.is_working(day) is (why is None)


def test_counting_passes_over_a_weekend_and_a_holiday(calendar: Calendar) -> None:
    assert calendar.working_day_after(date(2026, 4, 2), 1) == date(2026, 4, 7)
    assert calendar.working_day_after(date(2026, 4, 4), 1) == date(2026, 4, 7)
    assert calendar.working_day_after(date(2026, 4, 4), 0) == date(2026, 4, 4)


def test_the_table_agrees_with_asking_about_every_day(calendar: Calendar) -> None:
    days = [date.fromordinal(n) for n in range(calendar.first.toordinal(), calendar.last.toordinal() + 1)]

    assert calendar.working_days_through(calendar.last) == sum(calendar.is_working(day) for day in days)
    assert calendar.working_days_through(calendar.first) == 0


@pytest.mark.parametrize("day", [date(2025, 12, 31), date(2029, 1, 1)])
def test_a_day_outside_the_calendar_is_never_guessed(calendar: Calendar, day: date) -> None:
    for question in (calendar.why_closed, calendar.is_working, calendar.working_days_through):
        with pytest.raises(CalendarEnds):
            question(day)


def test_the_error_says_which_calendar_ends_when(calendar: Calendar) -> None:
    with pytest.raises(CalendarEnds) as of_day:
        calendar.why_closed(date(2029, 1, 2))
    with pytest.raises(CalendarEnds) as of_counting:
        calendar.working_day_after(date(2028, 12, 28), 2)
    with pytest.raises(CalendarEnds) as of_shifting:
        calendar.shifted(date(2026, 1, 5), -3)

    assert str(of_day.value) == ("2 January 2029 is outside the calendar “England and Wales”, which begins on 1 January 2026 "
                                 "and ends on 31 December 2028: give the scheme a longer calendar.")
    assert str(of_counting.value) == ("2 working days after 28 December 2028 is past the end of the calendar “England and Wales”, "
                                      "which ends on 31 December 2028: give the scheme a longer calendar.")
    assert str(of_shifting.value) == ("3 working days before 5 January 2026 is before the calendar “England and Wales” begins: give the "
                                      "scheme a longer calendar.")


def test_the_last_working_day_of_the_calendar_can_be_reached(calendar: Calendar) -> None:
    assert calendar.working_day_after(date(2028, 12, 28), 1) == date(2028, 12, 29)


def test_a_calendar_survives_being_written_down(calendar: Calendar) -> None:
    again = Calendar.from_json(calendar.to_json())

    assert again == calendar
    assert again.digest == calendar.digest
    assert hash(again) == hash(calendar)


def test_the_digest_does_not_depend_on_the_order_of_the_holidays(calendar: Calendar) -> None:
    turned = replace(calendar, holidays=dict(reversed(list(calendar.holidays.items()))))

    assert turned.digest == calendar.digest
    assert len(calendar.digest) == 64


def test_one_more_holiday_is_another_calendar(calendar: Calendar) -> None:
    before = calendar.working_day_after(date(2026, 6, 12), 1)
    longer = replace(calendar, holidays={**calendar.holidays, date(2026, 6, 15): "A day off"})

    assert longer.digest != calendar.digest
    assert (before, longer.working_day_after(date(2026, 6, 12), 1)) == (date(2026, 6, 15), date(2026, 6, 16))


def test_nobody_can_add_a_holiday_to_a_calendar_that_is_in_use(calendar: Calendar) -> None:
    mine = {date(2026, 4, 3): "Good Friday"}
    made = replace(calendar, holidays=mine)

    mine[date(2026, 4, 7)] = "A day off"

    assert made.is_working(date(2026, 4, 7))
    with pytest.raises(TypeError):
        made.holidays[date(2026, 4, 7)] = "A day off"  # type: ignore[index]


@pytest.mark.parametrize(("changes", "says"), [
    ({"last": date(2025, 1, 1), "holidays": {}}, "after its end"),
    ({"holidays": {date(2031, 12, 25): "Christmas Day"}}, "Christmas Day on 25 December 2031 lies outside"),
    ({"holidays": {date(2026, 12, 25): " "}}, "25 December 2026 .* has no name"),
])
def test_a_calendar_that_contradicts_itself_is_refused(calendar: Calendar, changes: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        replace(calendar, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(("entry", "value", "says"), [
    ("first", "1 January 2026", "A date like"),
    ("first", "20260101", "A date like"),
    ("last", None, "A date like"),
    ("title", "", "“title” is text"),
    ("holidays", ["2026-12-25"], "“holidays” are dates with names"),
    ("holidays", {"2026-12-25": 1}, "“2026-12-25” is text"),
    ("colour", "red", "exactly these entries"),
])
def test_text_that_is_no_calendar_is_refused(calendar: Calendar, entry: str, value: object, says: str) -> None:
    text = json.dumps({**json.loads(calendar.to_json()), entry: value})

    with pytest.raises(ValueError, match=says):
        Calendar.from_json(text)


def test_a_date_that_stands_twice_is_refused(calendar: Calendar) -> None:
    text = calendar.to_json().replace('"2026-01-01":"New Year\'s Day"', '"2026-01-01":"One","2026-01-01":"Two"')

    with pytest.raises(ValueError, match="stands twice"):
        Calendar.from_json(text)


def test_text_that_is_not_json_is_refused() -> None:
    with pytest.raises(ValueError, match="not JSON"):
        Calendar.from_json("{")
