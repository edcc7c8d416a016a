"""The deadline ledger: start, limit, pauses and extensions → the due date, with every day that was counted or not.

Pure: the stored due date is only a cache of `due_on`. A day that is due is due until its end, in local time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.elapsed import handling_days, working_days_between
from breachdesk.timekeeping.limits import Limit, WorkingDays, end_of_span
from breachdesk.timekeeping.said import said_date


@dataclass(frozen=True, slots=True)
class Pause:
    """Days that are disregarded: from `from_on` until the day before `to_on`; an open pause has no `to_on` yet."""

    from_on: date
    to_on: date | None
    reason: str

    def __post_init__(self) -> None:
        if self.to_on is not None and self.to_on < self.from_on:
            raise ValueError(f"A pause that begins on {said_date(self.from_on)} cannot end on {said_date(self.to_on)}: correct one of "
                             "the two days.")

    def holds(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day < self.to_on)


@dataclass(frozen=True, slots=True)
class Extension:
    """More time, counted on from the day that would have been due."""

    by: Limit
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """Everything that decides one due date, but for the calendar.

    `rolls_on`: when nobody works on the last day, the limit ends on the next day on which somebody does.
    """

    start: date
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    extensions: tuple[Extension, ...] = ()
    rolls_on: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """How a deadline stands on a day. `left` is in working days, whatever the limit is in."""

    due_on: date | None
    paused: bool
    left: int
    overdue: bool


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the way to the due date. Counted days are numbered; `why` says why a day was not counted, or who added it."""

    on: date
    counted: bool
    number: int | None
    why: str


@dataclass(frozen=True, slots=True)
class _Stretch:
    """The limit, or one extension: the day it is counted from and its last day, None while an open pause holds it.

    `counted_to` is the last day before the end was moved to a working day.
    """

    begin: date
    end: date | None
    counted_to: date | None
    by: Limit
    why: str


def due_on(ledger: Ledger, calendar: Calendar) -> date | None:
    """The day at whose end the limit is over; None while an open pause holds it.

    Raises CalendarEnds when the calendar does not reach that far.
    """
    if type(ledger.limit) is WorkingDays and not ledger.pauses and not ledger.extensions:
        return calendar.working_day_after(ledger.start, ledger.limit.n)
    end: date | None = ledger.start
    for stretch in _stretches(ledger, calendar):
        end = stretch.end
    return end


def working_days_left(ledger: Ledger, calendar: Calendar, today: date) -> int:
    """The working days that can still be used after TODAY: 0 on the due day, negative as soon as it is over.

    While paused: those that had not been used when the pause began. Over on a Friday, it is one working day late
    from Saturday until Monday's end.
    """
    return _left(ledger, calendar, today, due_on(ledger, calendar))


def standing(ledger: Ledger, calendar: Calendar, today: date) -> Standing:
    """How the deadline stands TODAY. A pause that began after the due date does not count as one."""
    due = due_on(ledger, calendar)
    overdue = due is not None and today > due
    paused = not overdue and any(pause.holds(today) for pause in ledger.pauses)
    return Standing(due, paused, _left(ledger, calendar, today, due), overdue)


def explain(ledger: Ledger, calendar: Calendar) -> tuple[Day, ...]:
    """Every day from the start to the due date, and why it was or was not counted.

    While an open pause holds the deadline, the last day is the first that the pause took.
    """
    days = [Day(ledger.start, False, 0, "the day it began")]
    number = 0
    for stretch in _stretches(ledger, calendar):
        for day, why_not in _days_of(stretch, ledger, calendar):
            number += not why_not
            days.append(Day(day, False, None, why_not) if why_not else Day(day, True, number, stretch.why))
    return tuple(days)


def _stretches(ledger: Ledger, calendar: Calendar) -> Iterator[_Stretch]:
    pauses = sorted(ledger.pauses, key=lambda pause: pause.from_on)
    begin = ledger.start
    parts = [(ledger.limit, ""), *((extension.by, f"extension: {extension.reason}") for extension in ledger.extensions)]
    for by, why in parts:
        counted_to = end = _end(begin, by, pauses, calendar)
        if ledger.rolls_on and end and not calendar.is_working(end):
            end = calendar.working_day_after(end, 1)
        yield _Stretch(begin, end, counted_to, by, why)
        if end is None:
            return
        begin = end


def _end(begin: date, by: Limit, pauses: list[Pause], calendar: Calendar) -> date | None:
    """The last of BY's days after BEGIN; from pause to pause, so that it costs one look at the table for each."""
    working = isinstance(by, WorkingDays)
    remaining = by.n if isinstance(by, WorkingDays) else (end_of_span(begin, by) - begin).days
    reached = begin
    if remaining == 0:
        return begin
    for pause in pauses:
        before = pause.from_on - _DAY
        if before > reached:
            if working and before > calendar.last:
                break
            usable = working_days_between(reached, before, calendar) if working else (before - reached).days
            if remaining <= usable:
                break
            remaining -= usable
        if pause.to_on is None:
            return None
        reached = max(reached, pause.to_on - _DAY)
    return calendar.working_day_after(reached, remaining) if working else reached + timedelta(days=remaining)


def _left(ledger: Ledger, calendar: Calendar, today: date, due: date | None) -> int:
    if due is not None and today > due:
        return -max(1, working_days_between(due, today, calendar))
    closed = tuple(pause for pause in ledger.pauses if pause.to_on is not None)
    since = max(today, ledger.start)
    if due is None:
        # What is left is what would be left if the open pause ended on the day on which it began.
        since = max(ledger.start, min(today, _held_from(ledger) - _DAY))
        due = due_on(replace(ledger, pauses=closed), calendar) or since
    return handling_days(since, due, calendar, [(pause.from_on, pause.to_on) for pause in closed if pause.to_on is not None])


def _held_from(ledger: Ledger) -> date:
    return min(pause.from_on for pause in ledger.pauses if pause.to_on is None)


def _days_of(stretch: _Stretch, ledger: Ledger, calendar: Calendar) -> Iterator[tuple[date, str]]:
    """The stretch's days, each with why it was not counted, or with "" when it was."""
    last = stretch.end or max(_held_from(ledger), stretch.begin + _DAY)
    for offset in range(1, (last - stretch.begin).days + 1):
        day = stretch.begin + timedelta(days=offset)
        if stretch.counted_to and day > stretch.counted_to:
            yield day, calendar.why_closed(day) or "the days were over on a day on which nobody works, so the limit ends on the next one"
            continue
        paused = next((f"not counted: {pause.reason}" for pause in ledger.pauses if pause.holds(day)), "")
        # A Saturday in a pause is a Saturday: a pause is given only the days that it took. The day that ends an open trace is the pause's.
        closed = isinstance(stretch.by, WorkingDays) and not (stretch.end is None and day == last) and calendar.why_closed(day)
        yield day, closed or paused


_DAY = timedelta(days=1)
