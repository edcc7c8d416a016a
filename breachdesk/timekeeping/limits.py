"""How long something may take: working days, days, weeks or months, which are never mixed up.

Procedure files write limits as people do (“10 working days”); `ledger` turns them into dates.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, slots=True)
class _Span:
    n: int
    unit: ClassVar[str] = "day"

    def __post_init__(self) -> None:
        if type(self.n) is not int or self.n < 0:
            raise ValueError(f"A limit is a whole number of {self.unit}s and not negative; {self.n!r} is neither a limit nor an extension.")

    def __str__(self) -> str:
        return f"{self.n} {self.unit}{'' if self.n == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class WorkingDays(_Span):
    """Days on which the scheme's calendar says people work."""

    unit: ClassVar[str] = "working day"


@dataclass(frozen=True, slots=True)
class CalendarDays(_Span):
    """Days of any kind, weekends and holidays included."""

    unit: ClassVar[str] = "day"


@dataclass(frozen=True, slots=True)
class Weeks(_Span):
    """Weeks of seven days of any kind."""

    unit: ClassVar[str] = "week"


@dataclass(frozen=True, slots=True)
class Months(_Span):
    """Calendar months: to the same day of a later month, or to that month's last day."""

    unit: ClassVar[str] = "month"


Limit: TypeAlias = WorkingDays | CalendarDays | Weeks | Months

_KINDS: dict[str, type[WorkingDays | CalendarDays | Weeks | Months]] = {
    kind.unit: kind for kind in (WorkingDays, CalendarDays, Weeks, Months)}
_WRITTEN = re.compile(r"([1-9][0-9]{0,3}) (working day|day|week|month)s?")


def parse_limit(text: str) -> Limit:
    """The limit that TEXT names. Raises ValueError, in a sentence, when it names none."""
    written = _WRITTEN.fullmatch(text)
    if written is None:
        raise ValueError(f"“{text}” is not a limit; write 5 working days, 3 days, 12 weeks or 3 months, in digits and at least 1.")
    number, unit = written.groups()
    return _KINDS[unit](int(number))


def end_of_span(start: date, span: CalendarDays | Weeks | Months) -> date:
    """The last day of SPAN when START is day 0; a month that is too short ends on its last day."""
    if isinstance(span, Months):
        year, month = divmod(start.year * 12 + start.month - 1 + span.n, 12)
        return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))
    return start + timedelta(days=span.n * (7 if isinstance(span, Weeks) else 1))
