"""The year that figures are for: it may start in any month, and every day is in exactly one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

APRIL = 4
_WRITTEN = re.compile(r"([12][0-9]{3})(?:-([0-9]{2}))?")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months, first and last day included. “2025-26” when they reach into a second calendar year, otherwise “2025”."""

    label: str
    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def eve(self) -> date:
        """The day before the first: what was open at its end is open at the start of the year."""
        return self.first - timedelta(days=1)


def year_called(label: str, starts_in_month: int = APRIL) -> Year:
    """The year with that label. Raises ValueError, in a sentence, when no year is called so."""
    written = _WRITTEN.fullmatch(label)
    year = _beginning(int(written[1]), starts_in_month) if written else None
    if year is None or year.label != label:
        example = _beginning(2025, starts_in_month)
        raise ValueError(f"“{label}” is not a year that begins in {_MONTHS[starts_in_month - 1]}; write it as {example.label}.")
    return year


def year_of(day: date, starts_in_month: int = APRIL) -> Year:
    """The year that DAY is in."""
    return _beginning(day.year if day.month >= starts_in_month else day.year - 1, starts_in_month)


def years_between(earliest: date, latest: date, starts_in_month: int = APRIL) -> tuple[Year, ...]:
    """Every year with a day from EARLIEST to LATEST in it, oldest first; none when LATEST comes before EARLIEST."""
    if latest < earliest:
        return ()
    begins = range(year_of(earliest, starts_in_month).first.year, year_of(latest, starts_in_month).first.year + 1)
    return tuple(_beginning(number, starts_in_month) for number in begins)


def _beginning(number: int, starts_in_month: int) -> Year:
    if not 1 <= starts_in_month <= 12:
        raise ValueError(f"A year starts in a month from 1 to 12; {starts_in_month} is none.")
    first = date(number, starts_in_month, 1)
    label = f"{number}" if starts_in_month == 1 else f"{number}-{(number + 1) % 100:02}"
    return Year(label, first, date(number + 1, starts_in_month, 1) - timedelta(days=1))
