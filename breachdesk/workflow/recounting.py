"""What a changed calendar does to the limits of one open case. Pure; `casework.changing_calendars` carries it out.

No day that somebody was promised becomes an earlier one: such a limit keeps its date, and the calendar in which it was counted.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from breachdesk.timekeeping.ledger import due_on
from breachdesk.workflow.clocks import ClockChanges, Ended, Started, calendar_for, calendar_of, counted, ledger_of, rule_of
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.facts import CaseFacts, Running

MOVED, KEPT = "moved", "kept"


@dataclass(frozen=True, slots=True)
class Recounted:
    """A limit whose day changes with the calendar, or would have become an earlier one and is kept. `new_due` is the fresh count."""

    limit: str
    subject: int
    how: str
    old_due: date
    new_due: date


@dataclass(frozen=True, slots=True)
class Recount:
    """All that a changed calendar does to a case. `same` are (limit, subject, digest): counted in the new calendar, with the same day."""

    limits: tuple[Recounted, ...]
    clocks: ClockChanges
    same: tuple[tuple[str, int, str], ...]


def recount(procedure: Procedure, facts: CaseFacts, today: date) -> Recount:
    """Count each running limit again. FACTS have the new calendars, and under `snapshots` those that the limits were counted in.

    A limit that is over is not counted again. Raises CalendarEnds when the new calendar does not reach far enough.
    """
    found: list[Recounted] = []
    moved: dict[tuple[str, int], Started] = {}
    ended: list[Ended] = []
    kept: list[Running] = []
    same: list[tuple[str, int, str]] = []
    # One that begins after another comes after it: when that one's day moves, so does its beginning.
    for one in sorted(facts.running, key=lambda one: bool(procedure.limits[one.limit].after)):
        rule = rule_of(procedure, one)
        before = moved.get((rule.after, one.subject))
        again = None if _over(one, today) else _again(procedure, facts, one, before, today)
        if again is None:
            kept.append(one)
        elif one.due_on and again.due_on and again.due_on < one.due_on:
            kept.append(one)
            found.append(Recounted(one.limit, one.subject, KEPT, one.due_on, again.due_on))
        elif again.due_on == one.due_on and again.rungs == _rungs(procedure, facts, one, today):
            kept.append(one)
            same.append((one.limit, one.subject, again.counted_in))
        else:
            moved[one.limit, one.subject] = again
            ended.append(Ended(one.limit, one.subject, "replaced", one.due_on))
            if one.due_on and again.due_on and again.due_on != one.due_on:
                found.append(Recounted(one.limit, one.subject, MOVED, one.due_on, again.due_on))
    standing = [*((one.limit, one.subject, one.due_on) for one in kept), *((one.limit, one.subject, one.due_on) for one in moved.values())]
    return Recount(tuple(found), ClockChanges(tuple(ended), tuple(moved.values()), tuple(standing)), tuple(same))


def _over(one: Running, today: date) -> bool:
    return one.due_on is not None and one.due_on < today


def _again(procedure: Procedure, facts: CaseFacts, one: Running, before: Started | None, today: date) -> Started | None:
    """The limit in the new calendar; None when it was counted in that one already."""
    rule = rule_of(procedure, one)
    calendar = calendar_of(rule, facts)
    begins = before.due_on if before and before.due_on else one.started_on
    if calendar.digest == one.counted_in and begins == one.started_on:
        return None
    return replace(counted(rule, one.subject, ledger_of(rule, facts, one.subject, begins), calendar, today), lasts=one.lasts)


def _rungs(procedure: Procedure, facts: CaseFacts, one: Running, today: date) -> tuple[tuple[int, date], ...]:
    """The reminders that the limit has now."""
    rule = rule_of(procedure, one)
    calendar = calendar_for(one, rule, facts)
    ledger = ledger_of(rule, facts, one.subject, one.started_on)
    return counted(rule, one.subject, ledger, calendar, today).rungs if due_on(ledger, calendar) == one.due_on else ()
