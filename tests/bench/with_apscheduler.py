"""What one would use instead: APScheduler with its own SQLAlchemy job store, as durable as the desk; a job is a firing by hand."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from time import perf_counter
from typing import Any

from apscheduler.events import EVENT_JOB_ERROR, EVENT_JOB_EXECUTED, EVENT_JOB_MISSED
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from copying import PRAGMAS
from firing_by_hand import LATER, ByHand
from sqlalchemy import create_engine, event

_hand: list[ByHand] = []
_one_at_a_time = Lock()


def fire() -> None:
    """The job: one limit, in a transaction of its own, as a job of APScheduler has."""
    with _one_at_a_time:
        if _hand[0].sweep(1) != 1:
            raise LookupError("nothing was due")


class JobStore:
    """So many pending jobs, of which some are due."""

    def __init__(self, folder: Path, pending: int, due: int) -> None:
        engine = create_engine(f"sqlite:///{folder / 'jobs.db'}")
        event.listen(engine, "connect", lambda connection, _: [connection.execute(f"PRAGMA {pragma}") for pragma in PRAGMAS])
        self.store = SQLAlchemyJobStore(engine=engine, tablename="jobs")
        self.scheduler = BackgroundScheduler(jobstores={"default": self.store}, executors={"default": ThreadPoolExecutor(1)})
        self.scheduler.start(paused=True)
        self.due = due
        with engine.begin() as connection:
            for rows in self._rows(pending):
                connection.execute(self.store.jobs_t.insert(), rows)

    def _rows(self, pending: int) -> Iterator[list[dict[str, Any]]]:
        """The rows that `add_job` would write one by one: the first job, under other names and for other moments."""
        like = self.scheduler.add_job("with_apscheduler:fire", "date", run_date=LATER + timedelta(days=3650), id="like",
                                      misfire_grace_time=None)
        state = like.__getstate__()
        for begin in range(0, pending + self.due, 5000):
            yield [self._row(state, type(like.trigger), number, pending) for number in range(begin, min(begin + 5000, pending + self.due))]

    def _row(self, state: dict[str, Any], trigger: Any, number: int, pending: int) -> dict[str, Any]:
        at = LATER + timedelta(days=3650, seconds=number) if number < pending else _long_ago(number)
        job = {**state, "id": f"job {number}", "next_run_time": at, "trigger": trigger(at)}
        return {"id": job["id"], "next_run_time": at.timestamp(), "job_state": pickle.dumps(job, pickle.HIGHEST_PROTOCOL)}

    def look(self) -> None:
        """Look for what is due when nothing is, as it does at each wake-up."""
        if self.store.get_due_jobs(_long_ago(-1)):
            raise RuntimeError("something was due")

    def fire_all(self, hand: ByHand) -> float:
        """Seconds for everything that is due."""
        logging.getLogger("apscheduler").setLevel(logging.CRITICAL)
        _hand[:] = [hand]
        done, wrong, all_done = [], [], Event()

        def seen(one: Any) -> None:
            (done if one.code == EVENT_JOB_EXECUTED else wrong).append(one.job_id)
            if len(done) + len(wrong) == self.due:
                all_done.set()
        self.scheduler.add_listener(seen, EVENT_JOB_EXECUTED | EVENT_JOB_ERROR | EVENT_JOB_MISSED)
        begin = perf_counter()
        self.scheduler.resume()
        if not all_done.wait(300) or wrong:
            raise RuntimeError(f"{len(done)} of {self.due} jobs were done")
        return perf_counter() - begin

    def end(self) -> None:
        self.scheduler.shutdown()
        self.store.engine.dispose()


def _long_ago(number: int) -> datetime:
    return datetime(2020, 1, 1, tzinfo=LATER.tzinfo) + timedelta(seconds=number)
