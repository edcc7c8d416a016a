from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.elapsed import handling_days, latest_working_day, working_days_between

DAYS = some.dates(date(2026, 1, 1), date(2026, 12, 31))
INTERVALS = some.lists(some.tuples(DAYS, some.integers(0, 40)).map(lambda pair: (pair[0], pair[0] + timedelta(days=pair[1]))), max_size=4)


@pytest.mark.parametrize(("start", "end", "days"), [
    (date(2026, 3, 2), date(2026, 3, 2), 0),
    (date(2026, 3, 2), date(2026, 3, 3), 1),
    (date(2026, 3, 6), date(2026, 3, 8), 0),
    (date(2026, 4, 2), date(2026, 4, 7), 1),
    (date(2026, 3, 3), date(2026, 3, 2), -1),
])
def test_the_first_day_is_not_counted_and_the_last_is(calendar: Calendar, start: date, end: date, days: int) -> None:
    assert working_days_between(start, end, calendar) == days


@pytest.mark.parametrize(("excluded", "days"), [
    ([], 10),
    ([(date(2026, 3, 4), date(2026, 3, 6))], 8),
    ([(date(2026, 3, 4), date(2026, 3, 4))], 10),
    ([(date(2026, 3, 7), date(2026, 3, 9))], 10),
    ([(date(2026, 3, 4), date(2026, 3, 6)), (date(2026, 3, 5), date(2026, 3, 10))], 6),
    ([(date(2026, 3, 4), date(2026, 3, 13)), (date(2026, 3, 5), date(2026, 3, 6))], 3),
    ([(date(2026, 2, 2), date(2026, 3, 3))], 10),
    ([(date(2026, 3, 16), date(2026, 6, 1))], 9),
    ([(date(2026, 2, 2), date(2026, 6, 1))], 0),
])
def test_handling_leaves_out_each_excluded_day_once(calendar: Calendar, excluded: list[tuple[date, date]], days: int) -> None:
    assert handling_days(date(2026, 3, 2), date(2026, 3, 16), calendar, excluded) == days


@settings(max_examples=60, deadline=None)
@given(start=DAYS, length=some.integers(0, 90), excluded=INTERVALS)
def test_handling_agrees_with_looking_at_every_day(calendar: Calendar, start: date, length: int, excluded: list[tuple[date, date]]) -> None:
    days = [start + timedelta(days=n) for n in range(1, length + 1)]
    used = [day for day in days if calendar.is_working(day) and not any(begin <= day < end for begin, end in excluded)]

    assert handling_days(start, start + timedelta(days=length), calendar, excluded) == len(used)


def test_the_latest_working_day_is_the_day_itself_or_the_one_before(calendar: Calendar) -> None:
    assert latest_working_day(date(2026, 4, 6), calendar) == date(2026, 4, 2)
    assert latest_working_day(date(2026, 4, 7), calendar) == date(2026, 4, 7)
