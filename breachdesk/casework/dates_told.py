"""Why a day is the day it is, in a few sentences: what letters and commands say where the page has a table of every day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from itertools import groupby

from breachdesk.casework.case_views import CasePage, DeadlineView
from breachdesk.timekeeping.ledger import Day
from breachdesk.timekeeping.said import said_date

_WEEKEND = {"Saturday", "Sunday"}
_NOT_COUNTED, _EXTENSION = "not counted: ", "extension: "


def to_act_by(page: CasePage, party: str) -> list[DeadlineView]:
    """The limits within which the reader of the page, who is this party, has something to do: their own, those that a step of theirs
    would meet, and those after which the case goes on while it waits for them. What is due first comes first."""
    mine, limits = {one.name for one in page.actions if one.allowed}, page.procedure.limits
    return [one for one in page.deadlines
            if not one.overdue and (one.party == party or mine.intersection(limits[one.kind].met_by)
                                    or (not one.party and page.mine and one.next and not limits[one.kind].met_by))]


def why_in_short(one: DeadlineView) -> str:
    """From which day a limit is counted, how many days it has, and which days are left out and why."""
    if one.due_on == one.started_on:
        return f"It is the day that was agreed on: {said_date(one.started_on)}."
    told = [f"{one.lasts[:1].upper()}{one.lasts[1:]}, counted from the day after {said_date(one.started_on)}."]
    left_out = _left_out(one.days[1:])
    if left_out:
        told.append(f"Not counted: {'; '.join(left_out)}.")
    elif not one.in_working_days:
        told.append("Every day counts.")
    told += [f"Days {first} to {last} are more time that was given ({why})." if first != last else
             f"Day {last} is more time that was given ({why})." for why, first, last in _added(one.days)]
    if one.paused:
        told.append(f"The days stand still; {one.left} working day{'s are' if one.left != 1 else ' is'} left when they go on.")
    if one.provisional:
        told.append("Bank holidays are not published that far ahead yet, so the day may still become a later one.")
    return " ".join(told)


def _left_out(days: Sequence[Day]) -> list[str]:
    """The days that were not counted: weekends in one word, then each holiday, and each pause from when to when."""
    weekends = ["Saturdays and Sundays"] if any(day.why in _WEEKEND for day in days if not day.counted) else []
    return weekends + [f"{_from_to(run)} ({why})" for why, run in _runs(days)]


def _runs(days: Iterable[Day]) -> Iterator[tuple[str, list[date]]]:
    """What is left out for one reason, together; a weekend in a pause does not part it, a day that is counted does."""
    counted, others = 0, []
    for day in days:
        counted += day.counted
        if not day.counted and day.why not in _WEEKEND:
            others.append((day.why.removeprefix(_NOT_COUNTED), counted, day.on))
    for (why, _), run in groupby(others, key=lambda one: one[:2]):
        yield why, [on for *_, on in run]


def _from_to(days: list[date]) -> str:
    return said_date(days[0]) if len(days) == 1 else f"{said_date(days[0])} to {said_date(days[-1])}"


def _added(days: Iterable[Day]) -> Iterator[tuple[str, int, int]]:
    """(why, first, last) of the days that were added, by number."""
    counted = [day for day in days if day.counted and day.why.startswith(_EXTENSION)]
    for why, run in groupby(counted, key=lambda day: day.why.removeprefix(_EXTENSION)):
        numbers = [day.number or 0 for day in run]
        yield why, numbers[0], numbers[-1]
