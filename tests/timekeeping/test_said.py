"""Days and moments are said in one way, by the clock on the wall."""

from __future__ import annotations

from datetime import UTC, date, datetime

from breachdesk.timekeeping.said import said_date, said_day, said_moment


def test_days_and_moments_are_said_without_noughts_and_as_the_clock_on_the_wall_shows_them() -> None:
    assert said_date(date(2026, 4, 3)) == "3 April 2026"
    assert said_day(date(2026, 4, 3)) == "Friday 3 April 2026"
    assert said_moment(datetime(2026, 7, 1, 23, 5, tzinfo=UTC)) == "Thursday 2 July 2026, 00:05"
