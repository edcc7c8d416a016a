"""Is the desk well? How its timers, messages, processes and jobs stand, with no case named: the operator's page, `check`, metrics."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from breachdesk.casework.calendars_held import calendars_in_trouble
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.record_state import RecordState, state_of_record
from breachdesk.casework.periodic import CHECK, JOBS, REPLAY, Job
from breachdesk.clock import local_day
from breachdesk.identity import Actor
from breachdesk.store import desk_row, notices, reading, running, schemes, timers
from breachdesk.store.engines import journal_mode
from breachdesk.store.session import Session
from breachdesk.store.timers import TimerState
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.wording import numbered

LATE = timedelta(minutes=15)
# A process that was not seen for so long does nothing any more, whatever it is called.
SILENT = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Process:
    """A process that does what falls due, and when it last looked."""

    name: str
    node: str
    kind: str
    seen_at: datetime
    silent: bool


@dataclass(frozen=True, slots=True)
class JobState:
    """A job that is done once in each period: when it was last done, and what is wrong with the period it is at."""

    name: str
    title: str
    done_at: datetime | None
    period: str
    trouble: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What the last daily check, or replay, found: how many cases it read, and how many of them something is wrong with."""

    at: datetime
    cases: int
    faulty: int
    seconds: float
    faults: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class CalendarState:
    """A calendar that schemes count in: to which day it is official, and to which it reaches at all."""

    title: str
    official_to: date
    reaches_to: date


@dataclass(frozen=True, slots=True)
class Alarm:
    """Something that an operator has to do something about: what it is ABOUT, in one word for programs, and a sentence."""

    about: str
    says: str


@dataclass(frozen=True, slots=True)
class Health:
    """The desk as it stands at a moment of its own time. `behind` is how long the oldest due timer has waited."""

    database: str
    cases: int
    open_cases: int
    timers: TimerState
    behind: timedelta
    messages_waiting: int
    messages_in_trouble: int
    processes: tuple[Process, ...]
    jobs: tuple[JobState, ...]
    checked: Checked | None
    replayed: Checked | None
    calendars: tuple[CalendarState, ...]
    short_calendars: tuple[str, ...]
    record: RecordState
    is_postgres: bool
    held_since: datetime | None

    @property
    def alarms(self) -> tuple[Alarm, ...]:
        """Everything that somebody has to do something about."""
        return (*_timer_alarms(self), *_work_alarms(self), *_place_alarms(self))


def health_of(session: Session, desk: Desk) -> Health:
    """How the desk stands now."""
    now, wall = desk.now(session), desk.wall()
    counts, state = reading.state_counts(session), timers.state_of(session, now)
    waiting, troubled = notices.counts(session)
    return Health(
        database_kind(desk), counts["cases"], counts["open"], state, _behind(state.oldest_due_at, now),
        waiting, troubled, tuple(_processes(session, wall)), tuple(_jobs(session)), last_check(session), last_check(session, REPLAY),
        tuple(_calendars(session, desk)),
        tuple(calendars_in_trouble(session, desk)), state_of_record(session, desk),
        desk.database.is_postgres, desk_row.messages_held_at(session))


@dataclass(frozen=True, slots=True)
class CaseNote:
    """A case of a coordinator's with which the daily check found something wrong."""

    reference: str
    says: tuple[str, ...]


def needs_of(session: Session, desk: Desk, actor: Actor) -> tuple[str, tuple[CaseNote, ...]]:
    """What a coordinator has to know of the desk itself: that its clock is behind (or ""), and their cases that are not in order."""
    behind = _behind(timers.oldest_due(session, desk.now(session)), desk.now(session))
    checked, replayed, found = last_check(session), last_check(session, REPLAY), dict[str, list[str]]()
    for reference, says in checked.faults if checked else ():
        found.setdefault(reference, []).append(says)
    for reference in dict.fromkeys(reference for reference, _ in replayed.faults) if replayed else ():
        found.setdefault(reference, []).append(CHANGED_BESIDE)
    notes = tuple(CaseNote(reference, tuple(says)) for reference, says in found.items()
                  if reading.case_row(session, visible_to(actor), reference))
    return in_words(behind) if behind > LATE else "", notes


def _behind(oldest: datetime | None, now: datetime) -> timedelta:
    return now - oldest if oldest else timedelta()


def database_kind(desk: Desk) -> str:
    return "PostgreSQL" if desk.database.is_postgres else f"SQLite, journal mode {journal_mode()}"


def last_check(session: Session, job: Job = CHECK) -> Checked | None:
    """What the last daily check, or replay, found; None when there was none yet."""
    row = running.latest_done(session, job.name)
    if row is None:
        return None
    found: Any = json.loads(row.result)
    return Checked(row.done_at, found["cases"], found["faulty"], found["seconds"], tuple((one[0], one[1]) for one in found["faults"]))


def _processes(session: Session, wall: datetime) -> Iterator[Process]:
    for row in running.processes(session):
        yield Process(row.name, row.node, row.kind, row.seen_at, not -SILENT < wall - row.seen_at < SILENT)


def _jobs(session: Session) -> Iterator[JobState]:
    for job in JOBS:
        row, done = running.latest(session, job.name), running.latest_done(session, job.name)
        yield JobState(job.name, job.title, done.done_at if done else None, row.period if row else "", (row.trouble or "") if row else "")


def _calendars(session: Session, desk: Desk) -> Iterator[CalendarState]:
    """The calendars that the schemes work by, each once."""
    found = {}
    for scheme in schemes.all_schemes(session):
        for one in (desk.calendar(session, scheme.calendar_id), *desk.calendars(session, scheme.calendars).values()):
            found[one.digest] = CalendarState(one.title, one.provisional_after, one.last)
    yield from sorted(found.values(), key=lambda one: one.title)


def _timer_alarms(health: Health) -> Iterator[Alarm]:
    state = health.timers
    if health.behind > LATE:
        runs = any(not one.silent for one in health.processes)
        yield Alarm("clock", f"The clock is {in_words(health.behind)} behind: {numbered(state.due, 'timer is', 'timers are')} due and not "
                    f"carried out. {'The processes that run do not keep up, or fail: read their log.' if runs else NOTHING_TICKS}")
    if state.parked:
        yield Alarm("parked", f"{numbered(state.parked, 'timer is', 'timers are')} parked, because the procedure of their case knows "
                    "nothing of them. See which: breachdesk timers parked")
    if state.failing:
        yield Alarm("failing", f"{numbered(state.failing, 'timer has', 'timers have')} failed and will be tried again. See why: breachdesk "
                    "timers due")


def _work_alarms(health: Health) -> Iterator[Alarm]:
    if health.messages_in_trouble:
        yield Alarm("messages", f"{numbered(health.messages_in_trouble, 'message', 'messages')} could not be sent. "
                                "See why: breachdesk check")
    if health.held_since:
        yield Alarm("held", f"No message goes out since a backup was restored on {said_date(local_day(health.held_since))}. Look at what "
                            "waits: breachdesk messages held; then let it go: breachdesk messages release")
    for job in health.jobs:
        if job.trouble:
            yield Alarm("jobs", f"{job.title} failed for {job.period}, and is tried again in an hour: {job.trouble}")
    yield from (Alarm("record", says) for says in health.record.alarms)
    if health.checked and health.checked.faulty:
        yield Alarm("cases", f"The daily check found something wrong with {numbered(health.checked.faulty, 'case', 'cases')}. See which: "
                    "breachdesk check")
    if health.replayed and health.replayed.faulty:
        yield Alarm("replay", f"{numbered(health.replayed.faulty, 'case differs', 'cases differ')} from the log: somebody changed a table "
                    "beside it. See where: breachdesk audit replay")


def _place_alarms(health: Health) -> Iterator[Alarm]:
    nodes = sorted({one.node for one in health.processes if not one.silent})
    if not health.is_postgres and len(nodes) > 1:
        yield Alarm("nodes", f"Several machines ({', '.join(nodes)}) use one SQLite file, which can be damaged by that. Stop all but one, "
                    "or use PostgreSQL.")
    yield from (Alarm("calendars", says) for says in health.short_calendars)


CHANGED_BESIDE = ("Something in it was changed in the database, and its history says nothing of it. Ask the operator, who sees what it is, "
                  "before you go by what this case shows.")
NOTHING_TICKS = "No process does what falls due: start breachdesk serve, or breachdesk scheduler."


def in_words(span: timedelta) -> str:
    """A span of time as an operator reads it: “40 minutes”, “3 hours”, “2 days”."""
    minutes = int(span.total_seconds() // 60)
    for size, one, many in ((1440, "day", "days"), (60, "hour", "hours")):
        if minutes >= 2 * size:
            return numbered(minutes // size, one, many)
    return numbered(minutes, "minute", "minutes")
