"""The desk's own work as rows: which job is done in which period, and which processes tick."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_running import JobRow, ProcessRow

JOBS, PROCESSES = table_of(JobRow), table_of(ProcessRow)
# How long whoever took a job may take for it, and how long one that failed rests.
LEASE = timedelta(hours=1)


def claim_job(session: Session, job: str, period: str, now: datetime) -> bool:
    """Take a job for a period: the first time by a new row, or one that failed, or whose process died, when its rest is over.

    A moment further ahead than any lease was written before somebody set the machine's clock back.
    """
    dialect: Any = postgresql if session.is_postgres else sqlite
    values = {"job": job, "period": period, "taken_until": now + LEASE, "tries": 1}
    if session.first(dialect.insert(JOBS).values(values).on_conflict_do_nothing().returning(JOBS.c.id)):
        return True
    free = or_(JOBS.c.taken_until <= now, JOBS.c.taken_until > now + LEASE)
    again = update(JOBS).where(_one(job, period), JOBS.c.done_at.is_(None), free)
    return session.execute(again.values(taken_until=now + LEASE, tries=JOBS.c.tries + 1)).rowcount == 1


def job_is_done(session: Session, job: str, period: str) -> bool:
    return session.value(select(JOBS.c.done_at).where(_one(job, period))) is not None


def of_period(session: Session, job: str, period: str) -> Any:
    """The job's row for a period, when it is done; otherwise None."""
    return session.first(select(JOBS).where(_one(job, period), JOBS.c.done_at.is_not(None)))


_OF_JOB = select(JOBS).where(JOBS.c.job == bindparam("called")).order_by(JOBS.c.id)
_LATEST = select(JOBS).where(JOBS.c.job == bindparam("called")).order_by(JOBS.c.id.desc()).limit(1)
_LATEST_DONE = _LATEST.where(JOBS.c.done_at.is_not(None))


def of_job(session: Session, job: str) -> Sequence[Any]:
    """The job's rows for every period, the oldest first."""
    return session.all(_OF_JOB, {"called": job})


def job_done(session: Session, job: str, period: str, at: datetime, result: str) -> None:
    """Keep that a job is done, and what it found."""
    session.execute(update(JOBS).where(_one(job, period)).values(done_at=at, trouble=None, result=result))


def job_failed(session: Session, job: str, period: str, at: datetime, trouble: str) -> None:
    """Keep what went wrong; the job is tried again after a rest."""
    session.execute(update(JOBS).where(_one(job, period)).values(taken_until=at + LEASE, trouble=trouble[:500]))


def latest(session: Session, job: str) -> Any:
    """The job's newest period: its row, or None when it was never begun."""
    return session.first(_LATEST, {"called": job})


def latest_done(session: Session, job: str) -> Any:
    """The newest period for which the job is done: its row, or None."""
    return session.first(_LATEST_DONE, {"called": job})


def forget_jobs(session: Session, job: str, before: datetime) -> None:
    """Delete the rows of a job that was done before a moment."""
    session.execute(delete(JOBS).where(JOBS.c.job == job, JOBS.c.done_at < before))


def _one(job: str, period: str) -> Any:
    return (JOBS.c.job == job) & (JOBS.c.period == period)


def note_process(session: Session, name: str, node: str, kind: str, at: datetime) -> None:
    """Keep that a process has just looked for what is due."""
    if session.execute(update(PROCESSES).where(PROCESSES.c.name == name).values(seen_at=at)).rowcount == 0:
        session.execute(PROCESSES.insert().values(name=name, node=node, kind=kind, began_at=at, seen_at=at))


def forget_process(session: Session, name: str) -> None:
    """A process stops: nobody waits for it."""
    session.execute(delete(PROCESSES).where(PROCESSES.c.name == name))


def forget_processes(session: Session, before: datetime) -> None:
    """Delete what was not seen since a moment: it died, and something else runs."""
    session.execute(delete(PROCESSES).where(PROCESSES.c.seen_at < before))


def processes(session: Session) -> Sequence[Any]:
    """(name, node, kind, began_at, seen_at) of those that tick, the longest running first."""
    return session.all(select(PROCESSES).order_by(PROCESSES.c.began_at, PROCESSES.c.name))
