"""A deadline for anybody who asks: a calendar, a day and a limit → the due day and every day of why. No desk is needed.

The same ledger as for cases, on the calendars that a scheme can adopt.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache, partial

from breachdesk.casework.calendars import NAMES, snapshot
from breachdesk.errors import BreachdeskError, NotFound
from breachdesk.strict_yaml import did_you_mean
from breachdesk.timekeeping.calendars import Calendar, CalendarEnds
from breachdesk.timekeeping.ledger import Day, Ledger, due_on, explain
from breachdesk.timekeeping.limits import Limit, WorkingDays
from breachdesk.timekeeping.said import said_date, said_day

FIRST_YEAR, LAST_YEAR = 1990, 2100
COLUMNS = ["calendar", "from", "working_days"]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """A due day. `provisional` says from which day on holidays are computed and not yet published, when the limit reaches beyond it."""

    calendar: Calendar
    limit: Limit
    start: date
    due_on: date
    days: tuple[Day, ...]
    provisional: date | None


@lru_cache(maxsize=len(NAMES))
def calendar_named(name: str) -> Calendar:
    """A calendar of the United Kingdom by name. Raises NotFound with the names that there are."""
    if name not in NAMES:
        raise NotFound(f"There is no calendar “{name[:40]}”{did_you_mean(name[:40], NAMES)}.")
    return snapshot(name, FIRST_YEAR, LAST_YEAR)


def reckon(name: str, start: date, limit: Limit) -> Reckoned:
    """The day at whose end LIMIT is over when START is day 0. Raises NotFound or CalendarEnds."""
    calendar = calendar_named(name)
    ledger = Ledger(start, limit)
    due = due_on(ledger, calendar)
    if due is None or due > calendar.last or start < calendar.first:
        raise CalendarEnds(f"Days from {said_date(calendar.first)} to {said_date(calendar.last)} are known here. Give a shorter limit, "
                           "or another day.")
    return Reckoned(calendar, limit, start, due, explain(ledger, calendar),
                    calendar.provisional_after if due > calendar.provisional_after else None)


def reckon_rows(lines: Iterable[str], fault: Callable[[int, str, str], None]) -> Iterator[list[str]]:
    """CSV with `calendar,from,working_days` (and whatever else stands beside) → the same rows with `due`, heading first.

    A row that cannot be reckoned gets no due day; FAULT hears its line, the column and what is wrong.
    """
    rows = csv.reader(lines)
    heading = [name.strip().lstrip("\ufeff") for name in next(rows, [])]
    if missing := [name for name in COLUMNS if name not in heading]:
        fault(1, missing[0], f"the first line names the columns; {', '.join(missing)} is missing (it needs {', '.join(COLUMNS)})")
        return
    name, start, days = (heading.index(column) for column in COLUMNS)
    calendars = {known: calendar_named(known) for known in NAMES}
    yield [*heading, "due"]
    for row in rows:
        try:
            due = calendars[row[name]].working_day_after(date.fromisoformat(row[start]), _NUMBERS[row[days]]).isoformat()
        except (LookupError, ValueError, BreachdeskError):
            if not row:
                continue
            due = _carefully(row, (name, start, days), partial(fault, rows.line_num))
        yield [*row, due]


# Most rows are as they should be, and a file can have millions of them.
_NUMBERS = {str(n): n for n in range(1000)}


def _carefully(row: list[str], where: tuple[int, int, int], fault: Callable[[str, str], None]) -> str:
    """The due day of a row that is written in another way, or "" and what is wrong with which column."""
    column = COLUMNS[0]
    try:
        calendar = calendar_named(row[where[0]].strip())
        column = COLUMNS[1]
        start = date.fromisoformat(row[where[1]].strip())
        column = COLUMNS[2]
        return calendar.working_day_after(start, _days(row[where[2]])).isoformat()
    except IndexError:
        fault(column, "the line ends before this column")
    except (BreachdeskError, ValueError) as error:
        fault(column, str(error))
    return ""


def _days(text: str) -> int:
    text = text.strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise ValueError(f"“{text[:40]}” is no number of working days: digits are expected")
    return int(text)


def in_words(found: Reckoned) -> str:
    """The answer as one sentence."""
    ends = f"{found.limit} from {said_date(found.start)} end{'s' * (found.limit.n == 1)} with {said_day(found.due_on)}"
    return f"{ends}, by the calendar for {found.calendar.title}." if isinstance(found.limit, WorkingDays) else f"{ends}."
