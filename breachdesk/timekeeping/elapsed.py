"""How long something took, in working days: for figures, and for sentences such as “after 12 working days”."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from breachdesk.timekeeping.calendars import Calendar


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """The working days after START up to and including END; negative when END comes first."""
    return calendar.working_days_through(end) - calendar.working_days_through(start)


def handling_days(start: date, end: date, calendar: Calendar, excluded: Iterable[tuple[date, date]]) -> int:
    """The working days from START to END less those that nobody could use.

    EXCLUDED holds pauses and the complainant's own windows as (from, to), the day TO not included; a day in two of them is taken off once.
    """
    left_out = 0
    reached = start
    for begin, end_before in sorted(excluded):
        # Pauses may overlap: each one starts where the days already taken off end, and none reaches past END.
        begin_after, through = max(begin - _DAY, reached), min(end_before - _DAY, end)
        if through > begin_after:
            left_out += working_days_between(begin_after, through, calendar)
            reached = through
    return working_days_between(start, end, calendar) - left_out


def latest_working_day(day: date, calendar: Calendar) -> date:
    """DAY itself when it is a working day, otherwise the last working day before it."""
    while not calendar.is_working(day):
        day -= _DAY
    return day


_DAY = timedelta(days=1)
