"""Which limits end, start or move when a case takes a step. Part of `engine`; pure.

A limit that is met, left behind or replaced ends; a limit of a status that is entered starts; one whose ledger
changed (a pause, more time, an earlier start) gets a new due day, under a new generation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from breachdesk.timekeeping.ledger import Ledger, due_on
from breachdesk.workflow.definition import Action, LimitRule, Procedure
from breachdesk.workflow.facts import CaseFacts, Running


@dataclass(frozen=True, slots=True)
class Ended:
    """A limit that no longer runs, and how it ended: `met`, `late` (met after its day), `moot` or `replaced`."""

    limit: str
    subject: int
    ending: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Started:
    """A limit that runs from now on. `rungs` are (offset, day on which the reminder goes out)."""

    limit: str
    subject: int
    started_on: date
    due_on: date | None
    rungs: tuple[tuple[int, date], ...] = ()


@dataclass(frozen=True, slots=True)
class ClockChanges:
    """All that happens to a case's limits in one step, and the due days that hold afterwards."""

    ended: tuple[Ended, ...] = ()
    started: tuple[Started, ...] = ()
    standing: tuple[tuple[str, int, date | None], ...] = ()


def clocks_after(procedure: Procedure, facts: CaseFacts, action: Action, source: str, target: str, subject: int,
                 day_zero: date, today: date) -> ClockChanges:
    """The changes that ACTION makes to the limits; FACTS already hold the pauses and extensions of this step."""
    ended, running = _ended(procedure, facts, action, source, target, subject, today)
    starting = [] if source == target else _starting(procedure, facts, source, target, day_zero, today)
    moved, kept = _moved(procedure, facts, action, subject, running, ended, today)
    started = tuple(starting) + tuple(moved)
    standing = tuple((one.limit, one.subject, one.due_on) for one in kept) + tuple((one.limit, one.subject, one.due_on) for one in started)
    return ClockChanges(tuple(ended), started, standing)


def _ended(procedure: Procedure, facts: CaseFacts, action: Action, source: str, target: str, subject: int,
           today: date) -> tuple[list[Ended], list[Running]]:
    ended: list[Ended] = []
    running: list[Running] = []
    # One party's word does not meet the whole case's limit while the step still waits for the others: it would never run out.
    waits = bool(action.moves_when) and source == target
    for one in facts.running:
        rule = procedure.limits[one.limit]
        mine = one.subject == subject if one.subject else not waits
        if action.name in rule.met_by and mine:
            late = one.due_on is not None and today > one.due_on
            ended.append(Ended(one.limit, one.subject, "late" if late else "met", one.due_on))
        elif target not in rule.statuses:
            ended.append(Ended(one.limit, one.subject, "moot", one.due_on))
        else:
            running.append(one)
    return ended, running


def _starting(procedure: Procedure, facts: CaseFacts, source: str, target: str, day_zero: date, today: date) -> list[Started]:
    started: list[Started] = []
    for rule in _entered(procedure, source, target):
        for subject in _subjects(rule, facts):
            begins = _due_of(started, rule.after, subject) or day_zero
            started.append(_start(rule, facts, subject, begins, today))
    return started


def _entered(procedure: Procedure, source: str, target: str) -> tuple[LimitRule, ...]:
    """The limits that begin on the way from SOURCE to TARGET."""
    return tuple(rule for rule in procedure.limits.values() if target in rule.statuses and source not in rule.statuses)


def _subjects(rule: LimitRule, facts: CaseFacts) -> tuple[int, ...]:
    return tuple(party.id for party in facts.on(rule.each)) if rule.each else (0,)


def _due_of(started: list[Started], limit: str, subject: int) -> date | None:
    return next((one.due_on for one in started if one.limit == limit and one.subject == subject), None)


def _start(rule: LimitRule, facts: CaseFacts, subject: int, begins: date, today: date) -> Started:
    due = due_on(ledger_of(rule, facts, subject, begins), facts.calendar)
    return Started(rule.name, subject, begins, due, _rungs(rule, facts, due, today))


def ledger_of(rule: LimitRule, facts: CaseFacts, subject: int, begins: date) -> Ledger:
    """The ledger of one limit: its start, its length, and the pauses and extensions that concern it."""
    pauses = tuple(one.pause for one in facts.pauses if rule.name in one.limits)
    extensions = tuple(one.extension for one in facts.extensions if one.limit == rule.name and one.subject == subject)
    return Ledger(begins, rule.lasts, pauses, extensions)


def _rungs(rule: LimitRule, facts: CaseFacts, due: date | None, today: date) -> tuple[tuple[int, date], ...]:
    """The reminders still to come; one whose day has passed is not sent late, the next one is near enough."""
    if due is None:
        return ()
    days = ((rung.offset, facts.calendar.shifted(due, rung.offset)) for rung in rule.rungs)
    return tuple((offset, day) for offset, day in days if day > today)


def _moved(procedure: Procedure, facts: CaseFacts, action: Action, subject: int, running: list[Running], ended: list[Ended],
           today: date) -> tuple[list[Started], list[Running]]:
    """Limits that go on: those that moved, with their new due day, and those that did not."""
    moved: list[Started] = []
    kept: list[Running] = []
    met = {(one.limit, one.subject) for one in ended if one.ending in ("met", "late")}
    longer = (action.extends.limit, subject) if action.extends else None
    held = {name for one in facts.pauses if one.id == 0 or one.pause.to_on == today for name in one.limits}
    for one in running:
        rule = procedure.limits[one.limit]
        sooner = (rule.after, one.subject) in met
        # Only a ledger that changed is counted again: a newer calendar does not move a day that nobody touched.
        if sooner or (one.limit, one.subject) == longer or one.limit in held:
            again = _start(rule, facts, one.subject, min(one.started_on, today) if sooner else one.started_on, today)
            if again.due_on != one.due_on:
                moved.append(again)
                ended.append(Ended(one.limit, one.subject, "replaced", one.due_on))
                continue
        kept.append(one)
    return moved, kept
