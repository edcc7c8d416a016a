"""Timers as rows: set and ended with the change that causes it, claimed by whoever fires them. APScheduler keeps none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, select, update

from breachdesk.clock import end_of, start_of
from breachdesk.store.columns import as_day, as_moment
from breachdesk.store.prepared import Change, Prepared, PreparedAbout, PreparedInsert
from breachdesk.store.session import Session
from breachdesk.store.tables import AFTER_LIMITS, CaseRow, TimerRow, table_of
from breachdesk.workflow.clocks import Ended, Started

TIMERS, CASES = table_of(TimerRow), table_of(CaseRow)
_SET = PreparedInsert(TIMERS, "case_id", "kind", "subject", "generation", "rung", "started_on", "due_on", "calendar_digest", "lasts",
                      "fires_at", tries=literal_column("0"))
_END = Prepared(update(TIMERS).where(TIMERS.c.case_id == bindparam("of_case"), TIMERS.c.kind == bindparam("of_kind"),
                                     TIMERS.c.subject == bindparam("of_subject"), TIMERS.c.ended_at.is_(None))
                .values(ended_at=bindparam("at"), ending=bindparam("how")))
_DUE_COLUMNS = (TIMERS.c.id, TIMERS.c.case_id, TIMERS.c.kind, TIMERS.c.subject, TIMERS.c.generation, TIMERS.c.rung, TIMERS.c.due_on,
                func.coalesce(TIMERS.c.nominal_at, TIMERS.c.fires_at))
# Who fires a timer holds its case: on PostgreSQL another process passes over all of that case's timers, so that they fire in order, and
# no two wait for each other. On SQLite only one writes at a time.
_NEXT_DUE = Prepared(select(*_DUE_COLUMNS).join(CASES, CASES.c.id == TIMERS.c.case_id)
                     .where(TIMERS.c.ended_at.is_(None), TIMERS.c.fires_at <= bindparam("now"))
                     .order_by(TIMERS.c.fires_at, AFTER_LIMITS, TIMERS.c.id)
                     .limit(bindparam("most")).with_for_update(skip_locked=True, of=CASES))


def _claim(of: Any) -> Any:
    """Those OF the timers that are still due are taken; their ids."""
    return (update(TIMERS).where(TIMERS.c.id.in_(of), TIMERS.c.ended_at.is_(None), TIMERS.c.fires_at <= bindparam("now"))
            .returning(TIMERS.c.id))


_CLAIM_REMINDERS = PreparedAbout(lambda of: _claim(of).values(ended_at=bindparam("now"), ending=literal_column("'fired'")))
# A limit that ran out goes on being there, overdue, until it is met or left behind; it only does not fire again.
_CLAIM_LIMITS = PreparedAbout(lambda of: _claim(of).values(fires_at=literal_column("NULL"), ending=literal_column("'ran_out'"),
                                                           trouble=literal_column("NULL")))
ASIDE = timedelta(hours=1)
PARKED = "parked"
# Word for word as in the condition of the index over troubled timers.
_IS_PARKED: Any = literal_column("'parked'")
_OPEN_CASES = select(CASES.c.id).where(CASES.c.closed_on.is_(None))


@dataclass(frozen=True, slots=True)
class DueTimer:
    """A timer whose moment has come. `nominal_at` is when it was meant to fire, however often it was put off since."""

    id: int
    case_id: int
    kind: str
    subject: int
    generation: int
    rung: int
    due_on: date | None
    nominal_at: datetime


def timer_changes(case_id: int, generation: int, ended: Sequence[Ended], started: Sequence[Started],
                  at: datetime) -> list[Change]:
    """The rows that a step's clock changes write: one per limit, and one per reminder still to come."""
    changes: list[Change] = [
        (_END, {"of_case": case_id, "of_kind": one.limit, "of_subject": one.subject, "at": at, "how": one.ending}) for one in ended]
    for one in started:
        row = {"case_id": case_id, "kind": one.limit, "subject": one.subject, "generation": generation, "started_on": one.started_on,
               "due_on": one.due_on, "calendar_digest": one.counted_in, "lasts": str(one.lasts) if one.lasts else None}
        changes.append((_SET, {**row, "rung": 0, "fires_at": end_of(one.due_on) if one.due_on else None}))
        changes += [(_SET, {**row, "rung": offset, "fires_at": start_of(day)}) for offset, day in one.rungs]
    return changes


def claim_due(session: Session, now: datetime, most: int) -> list[DueTimer]:
    """Take the timers that have waited longest, at most MOST and never two of a case: the second fires in the case as the first left
    it. Whoever updates a row owns it; another process takes the next ones."""
    while True:
        [found] = session.ask((_NEXT_DUE, {"now": now, "most": most}))
        due = list(_before_a_second_of_a_case(found))
        taken = (_taken(session, _CLAIM_REMINDERS, [one.id for one in due if one.rung], now)
                 | _taken(session, _CLAIM_LIMITS, [one.id for one in due if not one.rung], now))
        if taken or not found:
            return [one for one in due if one.id in taken]


def _taken(session: Session, claim: PreparedAbout, ids: Sequence[int], now: datetime) -> set[int]:
    return {row[0] for rows in session.ask_about(ids, claim, now=now) for row in rows} if ids else set()


def _before_a_second_of_a_case(rows: Iterable[tuple[Any, ...]]) -> Iterator[DueTimer]:
    seen: set[int] = set()
    for row in rows:
        if row[1] in seen:
            return
        seen.add(row[1])
        yield DueTimer(row[0], row[1], row[2], row[3], row[4], row[5], as_day(row[6]) if row[6] else None, as_moment(row[7]))


def note_refusal(session: Session, timer_id: int, reasons: str) -> None:
    """Keep why the clock could not do what it was to do when a limit ran out."""
    session.execute(update(TIMERS).where(TIMERS.c.id == timer_id).values(trouble=f"refused: {reasons}"[:500]))


def close_window(session: Session, timer_id: int, now: datetime) -> None:
    """End a limit within whose time something could be done: when it is over nobody is late."""
    session.execute(update(TIMERS).where(TIMERS.c.id == timer_id).values(ended_at=now, ending="over"))


def step_aside(session: Session, timer_id: int, now: datetime, trouble: str) -> None:
    """Move a timer that failed an hour on, count the try and keep what went wrong, so that it does not hold up the rest.

    One that has fired after all, in a transaction whose end nobody was told, stays as it is.
    """
    session.execute(update(TIMERS).where(TIMERS.c.id == timer_id, TIMERS.c.ended_at.is_(None), TIMERS.c.fires_at.is_not(None))
                    .values(fires_at=now + ASIDE, nominal_at=func.coalesce(TIMERS.c.nominal_at, TIMERS.c.fires_at),
                            tries=TIMERS.c.tries + 1, trouble=trouble[:500]))


def park(session: Session, timer: DueTimer, now: datetime, why: str) -> None:
    """Set a timer aside that nothing is known to be done with. It is no part of its case until it is released."""
    session.execute(update(TIMERS).where(TIMERS.c.id == timer.id)
                    .values(fires_at=timer.nominal_at, ended_at=now, ending=PARKED, trouble=why[:500]))


def release_parked(session: Session) -> int:
    """Let the parked timers fire again, as though they had waited; how many."""
    return session.execute(update(TIMERS).where(TIMERS.c.ending == _IS_PARKED, TIMERS.c.case_id.in_(_OPEN_CASES))
                           .values(ended_at=None, ending=None, trouble=None)).rowcount


def parked(session: Session) -> Sequence[Any]:
    """(reference, kind, rung, fires_at, trouble) of the timers of open cases that are parked, in the order in which they were due."""
    return session.all(select(CASES.c.reference, TIMERS.c.kind, TIMERS.c.rung, TIMERS.c.fires_at, TIMERS.c.trouble)
                       .join(CASES, CASES.c.id == TIMERS.c.case_id).where(TIMERS.c.ending == _IS_PARKED, CASES.c.closed_on.is_(None))
                       .order_by(TIMERS.c.fires_at, TIMERS.c.id))


@dataclass(frozen=True, slots=True)
class TimerState:
    """How the timers stand: how many wait, are due, fail again and again, are parked; since when the oldest is due."""

    waiting: int
    due: int
    failing: int
    parked: int
    oldest_due_at: datetime | None


def state_of(session: Session, now: datetime) -> TimerState:
    """Count the timers; a desk with many takes some hundredths of a second for it."""
    due = TIMERS.c.fires_at <= now
    going = TIMERS.c.ended_at.is_(None) & TIMERS.c.fires_at.is_not(None)
    row = session.first(select(func.count(), func.count(case((due, 1))), func.min(case((due, TIMERS.c.fires_at)))).where(going))
    failing = session.value(select(func.count()).where(going, TIMERS.c.tries > literal_column("0")))
    return TimerState(row[0], row[1], int(failing or 0), len(parked(session)), as_moment(row[2]) if row[2] else None)


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Since when the timer that has waited longest is due; None when nothing is."""
    found = session.value(select(func.min(TIMERS.c.fires_at)).where(TIMERS.c.ended_at.is_(None), TIMERS.c.fires_at <= now))
    return None if found is None else as_moment(found)


@dataclass(frozen=True, slots=True)
class OpenTimer:
    """A row that is still open: a limit (rung 0) or one of its reminders."""

    kind: str
    subject: int
    generation: int
    rung: int
    due_on: date | None
    fires_at: datetime | None
    nominal_at: datetime | None
    ran_out: bool
    tries: int
    trouble: str | None


_OPEN = (select(TIMERS.c.kind, TIMERS.c.subject, TIMERS.c.generation, TIMERS.c.rung, TIMERS.c.due_on, TIMERS.c.fires_at,
                TIMERS.c.nominal_at, TIMERS.c.ending, TIMERS.c.tries, TIMERS.c.trouble)
         .where(TIMERS.c.case_id == bindparam("case_id"), TIMERS.c.ended_at.is_(None)).order_by(TIMERS.c.id))


def open_timers(session: Session, case_id: int) -> list[OpenTimer]:
    """Every open row of a case, as it was set."""
    rows = session.all(_OPEN, {"case_id": case_id})
    return [OpenTimer(row.kind, row.subject, row.generation, row.rung, row.due_on, row.fires_at, row.nominal_at, row.ending == "ran_out",
                      row.tries, row.trouble) for row in rows]


def cases_to_check(session: Session, after: int, most: int) -> list[tuple[int, str]]:
    """(id, reference) of the next cases, by id, that are open or have a timer that is."""
    timed = select(TIMERS.c.id).where(TIMERS.c.case_id == CASES.c.id, TIMERS.c.ended_at.is_(None)).exists()
    rows = session.all(select(CASES.c.id, CASES.c.reference).where(CASES.c.id > after, CASES.c.closed_on.is_(None) | timed)
                       .order_by(CASES.c.id).limit(most))
    return [(row[0], row[1]) for row in rows]


_NEXT_MOMENT = select(func.min(TIMERS.c.fires_at)).where(TIMERS.c.ended_at.is_(None))


def next_moment(session: Session) -> datetime | None:
    """When the next timer fires."""
    found = session.value(_NEXT_MOMENT)
    return None if found is None else as_moment(found)


def timers_due(session: Session, until: datetime, visible: Any, limit: int = 200) -> Iterable[Any]:
    """(reference, kind, rung, due_on, fires_at, tries, trouble) of what fires up to a moment, soonest first."""
    return session.all(select(CASES.c.reference, TIMERS.c.kind, TIMERS.c.rung, TIMERS.c.due_on, TIMERS.c.fires_at, TIMERS.c.tries,
                              TIMERS.c.trouble)
                       .join(CASES, CASES.c.id == TIMERS.c.case_id)
                       .where(TIMERS.c.ended_at.is_(None), TIMERS.c.fires_at <= until, visible)
                       .order_by(TIMERS.c.fires_at, TIMERS.c.id).limit(limit))
