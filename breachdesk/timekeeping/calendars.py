"""Which days are worked: a calendar as a frozen snapshot, so that a date can be explained years later.

`casework.calendars` makes snapshots, the store keeps their text and digest, `ledger` and `elapsed` count with them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from hashlib import sha256
from types import MappingProxyType

from breachdesk.errors import BreachdeskError
from breachdesk.timekeeping.said import said_date

_WEEKEND = {5: "Saturday", 6: "Sunday"}
_ENTRIES = {"first", "holidays", "last", "name", "provisional_after", "title"}


class CalendarEnds(BreachdeskError):
    """The calendar does not reach that day. Add a calendar that does; nothing is guessed."""

    code = "calendar-ends"


@dataclass(frozen=True, slots=True)
class _Table:
    """The calendar, counted once: `through[i]` working days lie in the first i + 1 days, and `days` are those."""

    through: list[int]
    days: list[date]


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days from `first` to `last`. Holidays after `provisional_after` are computed, not yet published."""

    name: str
    title: str
    first: date
    last: date
    provisional_after: date
    holidays: Mapping[date, str] = field(hash=False)
    _table: _Table | None = field(default=None, init=False, repr=False, compare=False)
    _digest: str = field(default="", init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise ValueError(f"The calendar “{self.name}” begins on {said_date(self.first)}, after its end on {said_date(self.last)}: "
                             "swap them.")
        for day, title in self.holidays.items():
            if not self.first <= day <= self.last:
                raise ValueError(f"{title} on {said_date(day)} lies outside the calendar “{self.name}”: take it out, or widen the "
                                 "calendar.")
            if not title.strip():
                raise ValueError(f"The holiday on {said_date(day)} in the calendar “{self.name}” has no name: give it one.")
        object.__setattr__(self, "holidays", MappingProxyType(dict(sorted(self.holidays.items()))))

    @property
    def digest(self) -> str:
        """SHA-256, in hex, of the calendar's text: two calendars that count alike and read alike share it."""
        if not self._digest:
            object.__setattr__(self, "_digest", sha256(self.to_json().encode()).hexdigest())
        return self._digest

    def to_json(self) -> str:
        """The calendar as canonical text: the same calendar always gives the same bytes."""
        entries = {"name": self.name, "title": self.title, "first": self.first.isoformat(), "last": self.last.isoformat(),
                   "provisional_after": self.provisional_after.isoformat(),
                   "holidays": {day.isoformat(): title for day, title in self.holidays.items()}}
        return json.dumps(entries, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> Calendar:
        """The calendar that this text describes. Raises ValueError, in a sentence, when it describes none."""
        entries, holidays = _read(text)
        return Calendar(_text(entries, "name"), _text(entries, "title"), _day(entries["first"]), _day(entries["last"]),
                        _day(entries["provisional_after"]), {_day(day): _text(holidays, day) for day in holidays})

    def why_closed(self, day: date) -> str | None:
        """Why nobody works on that day (“Saturday”, “Good Friday”), or None when it is a working day."""
        self._index(day)
        return self.holidays.get(day) or _WEEKEND.get(day.weekday())

    def is_working(self, day: date) -> bool:
        return self.why_closed(day) is None

    def working_days_through(self, day: date) -> int:
        """How many working days there are from the calendar's first day to DAY, both included."""
        return self._counted().through[self._index(day)]

    def working_day_after(self, start: date, n: int) -> date:
        """The Nth working day after START, which is day 0 even on a weekend."""
        if n < 1:
            return start
        table = self._table or self._counted()
        place = table.through[self._index(start)] + n - 1
        if place >= len(table.days):
            raise CalendarEnds(f"{n} working day{'s' * (n != 1)} after {said_date(start)} is past the end of the calendar “{self.title}”, "
                               f"which ends on {said_date(self.last)}: {_REMEDY}")
        return table.days[place]

    def shifted(self, day: date, offset: int) -> date:
        """The working day that lies OFFSET working days after DAY, or before it when OFFSET is negative."""
        if offset > 0:
            return self.working_day_after(day, offset)
        table = self._counted()
        place = table.through[self._index(day)] - 1 + offset + (not self.is_working(day))
        if place < 0:
            raise CalendarEnds(f"{-offset} working days before {said_date(day)} is before the calendar “{self.title}” begins: {_REMEDY}")
        return table.days[place]

    def _index(self, day: date) -> int:
        index = day.toordinal() - self.first.toordinal()
        if index < 0 or day > self.last:
            raise CalendarEnds(f"{said_date(day)} is outside the calendar “{self.title}”, which begins on {said_date(self.first)} "
                               f"and ends on {said_date(self.last)}: {_REMEDY}")
        return index

    def _counted(self) -> _Table:
        """The table, built at the first question. Two threads may build it twice; both build the same."""
        table = self._table
        if table is None:
            table = _count(self.first, self.last, self.holidays)
            object.__setattr__(self, "_table", table)
        return table


_REMEDY = "give the scheme a longer calendar."


def _count(first: date, last: date, holidays: Mapping[date, str]) -> _Table:
    through: list[int] = []
    days: list[date] = []
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day.weekday() not in _WEEKEND and day not in holidays:
            days.append(day)
        through.append(len(days))
    return _Table(through, days)


def _read(text: str) -> tuple[dict[str, object], dict[str, object]]:
    try:
        entries = json.loads(text, object_pairs_hook=_once)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"A calendar is expected as JSON, and this is not JSON: {error}.") from error
    if not isinstance(entries, dict) or entries.keys() != _ENTRIES:
        raise ValueError(f"A calendar has exactly these entries: {', '.join(sorted(_ENTRIES))}.")
    match entries["holidays"]:
        case dict() as holidays:
            return entries, holidays
    raise ValueError("A calendar's “holidays” are dates with names: {\"2026-12-25\": \"Christmas Day\"}.")


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    # JSON lets a name stand twice and the last one wins: a holiday would be renamed without a trace.
    entries = dict(pairs)
    if len(entries) != len(pairs):
        raise ValueError("A name or a date stands twice in the calendar: keep one of them.")
    return entries


def _text(entries: Mapping[str, object], name: str) -> str:
    value = entries[name]
    if isinstance(value, str) and value.strip():
        return value
    raise ValueError(f"In a calendar, “{name}” is text that is not empty; {value!r} is not.")


def _day(value: object) -> date:
    try:
        day = date.fromisoformat(str(value))
    except ValueError:
        day = date.min
    if day.isoformat() != value:
        raise ValueError(f"A date like 2026-12-25 is expected in a calendar, and not {value!r}.")
    return day
