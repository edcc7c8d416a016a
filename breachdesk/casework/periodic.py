"""Jobs that are done once in each period, on however many nodes: whoever inserts the row for the period does the job.

A desk that was down makes up for it once: the job is done for the period in which the desk is up again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import structlog

from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.notes_gone import let_notes_go
from breachdesk.casework.forgetting.retention import dispose
from breachdesk.casework.integrity import check_every_case
from breachdesk.casework.log import record_state
from breachdesk.casework.log.checkpoint_copies import mail_checkpoint
from breachdesk.casework.log.figures_kept import JOB as KEPT_FIGURES
from breachdesk.casework.log.figures_kept import as_kept, keep_figures
from breachdesk.casework.log.replaying import replay_every_case
from breachdesk.clock import local_day
from breachdesk.store import running
from breachdesk.store.session import Session

log = structlog.get_logger()
KEPT = timedelta(days=400)
Found = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Job:
    """Something that the desk does by itself. `period` names the period that a day lies in; `work` gives back what is kept of it."""

    name: str
    title: str
    period: Callable[[date], str]
    work: Callable[[Desk], Found]


def daily(day: date) -> str:
    return day.isoformat()


def monthly(day: date) -> str:
    return f"{day:%Y-%m}"


CHECK = Job("check", "The daily check of every case", daily, check_every_case)
REPLAY = Job("replay", "The daily replay of the log", daily, replay_every_case)


RECORD = Job(record_state.CHECK, "The daily check of the record", daily, record_state.check_record)
MAILED = Job("checkpoints", "What was signed, to those who keep it", daily, mail_checkpoint)


def _notes_gone(desk: Desk) -> Found:
    return {"notes": let_notes_go(desk)}


def _tidy(desk: Desk) -> Found:
    """Forget processes that died, and what was found on days long past; what is kept once a month stays."""
    def work(session: Session) -> None:
        running.forget_processes(session, desk.wall() - timedelta(days=1))
        for job in JOBS:
            if job.period is daily:
                running.forget_jobs(session, job.name, desk.wall() - KEPT)
    desk.database.transact(work)
    return {}


FIGURES = Job(KEPT_FIGURES, "The figures as they stand, kept once a month", monthly, keep_figures)
RETENTION = Job("retention", "What is deleted because its time is over", daily, dispose)
NOTES = Job("notes", "Critical friends' notes that are deleted when their time is over", daily, _notes_gone)
# What there is to do, in this order. A new job is added here.
JOBS: tuple[Job, ...] = (CHECK, RECORD, REPLAY, MAILED, NOTES, RETENTION, FIGURES,
                         Job("tidy", "Forgetting what is over", daily, _tidy))


def do_jobs(desk: Desk, jobs: Sequence[Job] = JOBS, stopping: Callable[[], bool] = lambda: False) -> list[str]:
    """Do each job that nobody has done in this period; the names of those that were done. One that fails is tried again in an hour."""
    return [job.name for job in jobs if not stopping() and _do(desk, job)]


def _do(desk: Desk, job: Job) -> bool:
    with desk.database.read() as session:
        period = job.period(local_day(desk.now(session)))
        if running.job_is_done(session, job.name, period):
            return False
    if not desk.database.transact(lambda session: running.claim_job(session, job.name, period, desk.wall())):
        return False
    try:
        found = as_kept(job.work(desk))
    except Exception as error:
        log.exception("job_failed", job=job.name, period=period)
        trouble = f"{type(error).__name__}: {error}"
        desk.database.transact(lambda session: running.job_failed(session, job.name, period, desk.wall(), trouble))
        return False
    desk.database.transact(lambda session: running.job_done(session, job.name, period, desk.wall(), found))
    return True
