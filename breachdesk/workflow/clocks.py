"""Which limits end, start or move when a case takes a step. Part of `engine`; pure.

A limit that is met, left behind, begun anew or replaced ends; one of a status that is entered starts, and one that an action
starts by itself; one whose ledger changed (a pause, more time, an earlier start) gets a new due day, under a new generation.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Ledger, due_on
from breachdesk.timekeeping.limits import CalendarDays, Limit
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.definition import Action, LimitRule, Procedure
from breachdesk.workflow.facts import CaseFacts, Running
from breachdesk.workflow.guards import CASE_GUARDS

_AT_ONCE = CalendarDays(0)


@dataclass(frozen=True, slots=True)
class Ended:
    """A limit that no longer runs, and how it ended: `met`, `late` (met after its day), `moot`, `replaced`, or `kept`: met in time by
    what reached the desk on paper and was entered only after the clock had run out."""

    limit: str
    subject: int
    ending: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Started:
    """A limit that runs from now on. `rungs` are (offset, day on which the reminder goes out); `lasts` as in `Running`.

    `counted_in` is the digest of the calendar that the day was found in.
    """

    limit: str
    subject: int
    started_on: date
    due_on: date | None
    rungs: tuple[tuple[int, date], ...] = ()
    lasts: Limit | None = None
    counted_in: str = ""


@dataclass(frozen=True, slots=True)
class ClockChanges:
    """All that happens to a case's limits in one step, and the due days that hold afterwards."""

    ended: tuple[Ended, ...] = ()
    started: tuple[Started, ...] = ()
    standing: tuple[tuple[str, int, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """One step as the limits see it. The attempt's facts hold already what the step changed: pauses, more time, its own effects.

    `remedy` is the number of the one that the step is about; `longer` the limit, with its subject, that was given more time.
    """

    action: Action
    source: str
    target: str
    attempt: Attempt
    day_zero: date
    remedy: int = 0
    longer: tuple[str, int] | None = None


def clocks_after(procedure: Procedure, turn: Turn) -> ClockChanges:
    """The changes that a step makes to the limits."""
    starting = _starting(procedure, turn)
    ended, running = _ended(procedure, turn, {(one.limit, one.subject) for one in starting})
    moved, kept = _moved(procedure, turn, running, ended)
    started = (*starting, *moved)
    ended += _kept(procedure, turn)
    standing = tuple((one.limit, one.subject, one.due_on) for one in kept) + tuple((one.limit, one.subject, one.due_on) for one in started)
    return ClockChanges(tuple(ended), started, standing)


@lru_cache(maxsize=4096)
def limits_begun(procedure: Procedure, action: str, source: str, target: str) -> tuple[LimitRule, ...]:
    """The limits that can begin with an action on the way from SOURCE to TARGET, before anybody asks whom they are for."""
    adds = bool(procedure.actions[action].effects.adds_remedy)
    return tuple(rule for rule in procedure.limits.values() if target in rule.statuses and not rule.only_shown
                 and (action in rule.started_by if rule.started_by else source not in rule.statuses or (adds and rule.each == "remedy")))


def _starting(procedure: Procedure, turn: Turn) -> list[Started]:
    started: list[Started] = []
    for rule in limits_begun(procedure, turn.action.name, turn.source, turn.target):
        for subject in subjects(rule, turn):
            if not rule.guards or wanted(rule, turn.attempt, subject):
                started.append(start(rule, turn, subject, begins(rule, turn, subject, started)))
    return started


def subjects(rule: LimitRule, turn: Turn) -> tuple[int, ...]:
    """Whom or what the limit is for: a step that one party takes, or that is about one remedy, starts the limit of that one alone."""
    if not rule.each:
        return (0,)
    if rule.each == "remedy":
        still_open = tuple(one.number for one in turn.attempt.facts.remedies if one.open)
        alone = rule.started_by or turn.source in rule.statuses
        return tuple(number for number in still_open if number == turn.remedy or not alone)
    everybody = tuple(party.id for party in turn.attempt.facts.on(rule.each))
    return (turn.attempt.subject,) if rule.started_by and turn.attempt.subject in everybody else everybody


def wanted(rule: LimitRule, attempt: Attempt, subject: int) -> bool:
    asked = replace(attempt, subject=subject) if rule.each else attempt
    return all(CASE_GUARDS[name](asked) is None for name in rule.guards)


def begins(rule: LimitRule, turn: Turn, subject: int, started: list[Started]) -> date:
    """The day 0 of a limit; for one whose day was agreed on, that day."""
    facts, answers = turn.attempt.facts, turn.attempt.answers
    if rule.due_on:
        remedy = facts.remedy(subject) if rule.each == "remedy" else None
        agreed = remedy.due_on if remedy else answers.get(rule.due_on)
        usual = Ledger(turn.day_zero, rule.lasts, rolls_on=isinstance(rule.lasts, CalendarDays))
        return agreed if isinstance(agreed, date) else due_on(usual, calendar_of(rule, facts)) or turn.day_zero
    if rule.counts_from and (day := counted_from(rule, facts, answers.get(rule.counts_from))):
        return day
    return next((one.due_on for one in started if one.limit == rule.after and one.subject == subject and one.due_on), turn.day_zero)


def counted_from(rule: LimitRule, facts: CaseFacts, answer: object = None) -> date | None:
    """The day from which a limit with a `counts from` counts: the answer of this step, or of the complaint."""
    if isinstance(answer, date):
        return answer
    return {"event_on": facts.event_on, "received_on": facts.received_on}.get(rule.counts_from)


def rule_of(procedure: Procedure, one: Running) -> LimitRule:
    """The rule of a limit that runs, with the length that this one was promised where its case came from another version."""
    rule = procedure.limits[one.limit]
    return replace(rule, lasts=one.lasts) if one.lasts else rule


def start(rule: LimitRule, turn: Turn, subject: int, begins: date) -> Started:
    """A limit that begins, from a day on. It has been given no more time yet."""
    ledger = replace(ledger_of(rule, turn.attempt.facts, subject, begins), extensions=())
    return counted(rule, subject, ledger, calendar_of(rule, turn.attempt.facts), turn.attempt.today)


def count_again(rule: LimitRule, one: Running, begins: date, facts: CaseFacts, today: date) -> Started:
    """A limit that goes on, counted afresh from a day on in the calendar in which its day was promised."""
    return counted(rule, one.subject, ledger_of(rule, facts, one.subject, begins), calendar_for(one, rule, facts), today)


def counted(rule: LimitRule, subject: int, ledger: Ledger, calendar: Calendar, today: date) -> Started:
    """The limit with the day and the reminders that its ledger gives in a calendar."""
    due = due_on(ledger, calendar)
    return Started(rule.name, subject, ledger.start, due, _rungs(rule, calendar, due, today), None, calendar.digest)


def ledger_of(rule: LimitRule, facts: CaseFacts, subject: int, begins: date) -> Ledger:
    """The ledger of one limit: its start, its length, and the pauses and extensions that concern it."""
    extensions = () if not facts.extensions else tuple(one.extension for one in facts.extensions
                                                       if one.limit == rule.name and one.subject == subject)
    if rule.due_on:
        # Its day was agreed on by people: it is the day on which it begins, and no pause moves it.
        return Ledger(begins, _AT_ONCE, (), extensions)
    pauses = () if not facts.pauses else tuple(one.pause for one in facts.pauses if rule.name in one.limits)
    return Ledger(begins, rule.lasts, pauses, extensions, rolls_on=isinstance(rule.lasts, CalendarDays))


def calendar_of(rule: LimitRule, facts: CaseFacts) -> Calendar:
    """The calendar in which a limit is counted: the scheme's own, or the one it has for the rule's role."""
    return facts.calendars[rule.calendar] if rule.calendar else facts.calendar


def calendar_for(one: Running, rule: LimitRule, facts: CaseFacts) -> Calendar:
    """The calendar of a limit that runs: the one in which its day was promised, when that is not today's any more."""
    return facts.snapshots.get(one.counted_in) or calendar_of(rule, facts)


def _rungs(rule: LimitRule, calendar: Calendar, due: date | None, today: date) -> tuple[tuple[int, date], ...]:
    """The reminders still to come; one whose day has passed is not sent late, the next one is near enough."""
    if due is None or not rule.rungs:
        return ()
    days = ((rung.offset, calendar.shifted(due, rung.offset)) for rung in rule.rungs)
    return tuple((offset, day) for offset, day in days if day > today)


def _ended(procedure: Procedure, turn: Turn, anew: Collection[tuple[str, int]]) -> tuple[list[Ended], list[Running]]:
    ended: list[Ended] = []
    running: list[Running] = []
    for one in turn.attempt.facts.running:
        how = _ending(procedure.limits[one.limit], one, turn)
        if how or (one.limit, one.subject) in anew:
            ended.append(Ended(one.limit, one.subject, how or "moot", one.due_on))
        else:
            running.append(one)
    return ended, running


def _ending(rule: LimitRule, one: Running, turn: Turn) -> str:
    """How the step ends the limit; "" when it goes on."""
    attempt, action = turn.attempt, turn.action
    if action.name in rule.met_by:
        # One party's word does not meet the whole case's limit while the step still waits for the others: it would never run out.
        waits = bool(action.moves_when) and turn.source == turn.target
        about = turn.remedy if rule.each == "remedy" else attempt.subject
        if one.subject == about if one.subject else not waits:
            return _how_met(one.due_on, attempt)
    return "moot" if turn.target not in rule.statuses or _gone(rule, one, turn) else ""


def _how_met(due_on: date | None, attempt: Attempt) -> str:
    if due_on is None or attempt.today <= due_on:
        return "met"
    return "kept" if attempt.counts_on <= due_on else "late"


def _kept(procedure: Procedure, turn: Turn) -> list[Ended]:
    """The limits that ran out and that the case has left since, which were met in time all the same: it was only entered late."""
    attempt, running = turn.attempt, {(one.limit, one.subject) for one in turn.attempt.facts.running}
    return [Ended(one.limit, one.subject, "kept", one.due_on) for one in attempt.facts.ran_out
            if attempt.came_on and attempt.came_on <= one.due_on and one.subject in (0, attempt.subject)
            and (one.limit, one.subject) not in running and turn.action.name in procedure.limits[one.limit].met_by]


def _gone(rule: LimitRule, one: Running, turn: Turn) -> bool:
    """Whether the party has left the case with this step, or the remedy is settled by it."""
    if rule.each == "remedy":
        remedy = turn.attempt.facts.remedy(one.subject) if one.subject == turn.remedy else None
        return remedy is not None and not remedy.open
    return turn.action.effects.leaves and one.subject != 0 and one.subject not in {party.id for party in turn.attempt.facts.on(rule.each)}


def _moved(procedure: Procedure, turn: Turn, running: list[Running], ended: list[Ended]) -> tuple[list[Started], list[Running]]:
    """Limits that go on: those that moved, with their new due day, and those that did not."""
    if not (ended or turn.attempt.facts.pauses or turn.longer):
        return [], running
    met = {(one.limit, one.subject) for one in ended if one.ending in ("met", "late", "kept")}
    # A pause that this step began or ended; one that ends under a clock that was set back ends on the day on which it began.
    held = {name for one in turn.attempt.facts.pauses for name in one.limits
            if one.id == 0 or (one.pause.to_on is not None and one.pause.to_on >= turn.attempt.today)}
    if not (met or held or turn.longer):
        return [], running
    moved: dict[tuple[str, int], Started] = {}
    kept: list[Running] = []
    # One that begins after another comes after it: when that one's day moves, so does its beginning.
    for one in sorted(running, key=lambda one: bool(procedure.limits[one.limit].after)):
        rule, key = rule_of(procedure, one), (one.limit, one.subject)
        begins = _beginning(rule, one, turn.attempt.counts_on, met, moved)
        # Only a ledger that changed is counted again: a newer calendar does not move a day that nobody touched.
        if begins != one.started_on or key == turn.longer or one.limit in held or (rule.after, one.subject) in met:
            again = replace(count_again(rule, one, begins, turn.attempt.facts, turn.attempt.today), lasts=one.lasts)
            if again.due_on != one.due_on:
                moved[key] = again
                ended.append(Ended(one.limit, one.subject, "replaced", one.due_on))
                continue
        kept.append(one)
    return list(moved.values()), kept


def _beginning(rule: LimitRule, one: Running, today: date, met: Collection[tuple[str, int]],
               moved: Mapping[tuple[str, int], Started]) -> date:
    """From which day the limit counts now that the one before it was met, or moved."""
    before = (rule.after, one.subject)
    if before in met:
        return min(one.started_on, today)
    due = moved[before].due_on if before in moved else None
    return due or one.started_on
