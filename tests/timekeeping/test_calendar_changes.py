"""Calendars that change: by hand, by a newly published list, and by the days on which organisations are closed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.timekeeping.calendar_changes import DAYS_OFF, closed_for_a_case, edited, taken_in
from breachdesk.timekeeping.calendars import Calendar

JUBILEE = date(2026, 7, 15)


def closures(name: str, *days: date) -> Calendar:
    return Calendar(name, name, date(2026, 1, 1), date(2028, 12, 31), date(2028, 12, 31), {day: "closed" for day in days})


def test_a_day_that_is_added_by_hand_is_not_worked_on(calendar: Calendar) -> None:
    changed = edited(calendar, {JUBILEE: "Jubilee Day"}, ())

    assert changed.why_closed(JUBILEE) == "Jubilee Day"
    assert calendar.is_working(JUBILEE), "the old snapshot stays as it was"
    assert changed.digest != calendar.digest


@pytest.mark.parametrize(("added", "removed", "says"), [
    ({date(2026, 12, 25): "Christmas"}, (), "is a holiday already: Christmas Day"),
    ({date(2026, 7, 18): "Fair"}, (), "is a Saturday"),
    ({date(2030, 1, 1): "Far"}, (), "lies outside the calendar"),
    ({JUBILEE: " "}, (), "has no name"),
    ({}, (JUBILEE,), "is not a holiday in the calendar"),
])
def test_a_change_that_cannot_be_meant_is_refused_in_words(
        calendar: Calendar, added: dict[date, str], removed: tuple[date, ...], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        edited(calendar, added, removed)


def test_a_newly_published_year_is_no_longer_provisional(calendar: Calendar) -> None:
    shorter = Calendar(calendar.name, calendar.title, calendar.first, calendar.last, date(2027, 12, 31), calendar.holidays)

    changed = taken_in(shorter, {**calendar.holidays, date(2028, 7, 14): "Coronation"})

    assert changed.provisional_after == date(2028, 12, 31)
    assert changed.why_closed(date(2028, 7, 14)) == "Coronation"


def test_a_list_that_moves_a_holiday_is_taken_in(calendar: Calendar) -> None:
    moved = {day: title for day, title in calendar.holidays.items() if day != date(2026, 5, 4)} | {date(2026, 5, 8): "Early May"}

    changed = taken_in(calendar, moved)

    assert changed.is_working(date(2026, 5, 4))
    assert not changed.is_working(date(2026, 5, 8))


def test_a_list_speaks_of_whole_years_to_their_last_day(calendar: Calendar) -> None:
    eve = edited(calendar, {date(2027, 12, 31): "New Year's Eve"}, ())
    known_to_2027 = Calendar(eve.name, eve.title, eve.first, eve.last, date(2027, 12, 31), eve.holidays)
    published = {day: title for day, title in calendar.holidays.items() if day.year < 2028} | {date(2027, 7, 14): "Jubilee"}

    changed = taken_in(known_to_2027, published)

    assert (changed.is_working(date(2027, 12, 31)), changed.is_working(date(2027, 7, 14))) == (True, False)
    assert not changed.is_working(date(2028, 1, 3)), "what lies beyond the list stays"


def test_an_empty_list_or_a_shorter_one_is_refused_and_says_what_would_go(calendar: Calendar) -> None:
    with pytest.raises(ValueError, match="^The list has no days at all: nothing is changed. Fetch it again.$"):
        taken_in(calendar, {})
    with pytest.raises(ValueError, match="; these would go: 25 May 2026. Nothing is changed. If one of them is no holiday any"):
        taken_in(calendar, {day: title for day, title in calendar.holidays.items() if day != date(2026, 5, 25)})
    with pytest.raises(ValueError, match="^The list ends with 2027, .* already: nothing is changed. Fetch a newer list.$"):
        taken_in(calendar, {day: title for day, title in calendar.holidays.items() if day.year < 2028})


@pytest.mark.parametrize(("rule", "closed"), [("scheme", set()), ("respondent", {2, 3}), ("either", {1, 2, 3}), ("both", {2})])
def test_the_procedure_says_whose_closed_days_count(calendar: Calendar, rule: str, closed: set[int]) -> None:
    one, two, three = (date(2026, 12, day) for day in (21, 22, 23))

    found = closed_for_a_case(calendar, rule, [closures("A", one, two)], [closures("B", two, three)])

    assert {day for day in (one, two, three) if not found.is_working(day)} == {date(2026, 12, 20 + number) for number in closed}


DAYS = st.sets(st.dates(date(2026, 1, 1), date(2028, 12, 31)), max_size=40)


@given(DAYS, DAYS, st.dates(date(2026, 1, 1), date(2028, 6, 30)), st.integers(1, 60))
def test_the_more_closed_days_count_the_later_a_limit_ends(
        calendar: Calendar, ours: set[date], theirs: set[date], start: date, length: int) -> None:
    due = {rule: closed_for_a_case(calendar, rule, [closures("A", *ours)], [closures("B", *theirs)]).working_day_after(start, length)
           for rule in DAYS_OFF}

    assert due["scheme"] <= due["both"] <= due["respondent"] <= due["either"]
