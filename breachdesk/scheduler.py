"""The only module that knows APScheduler: it ticks, and keeps nothing. What is due, and what waits, stands in the database.

Start it in the process that is to tick, after any fork.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from datetime import UTC
from functools import partial
from threading import Event
from typing import Any

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from breachdesk.casework.desk import Desk
from breachdesk.casework.files import forget_strays, scan_waiting_files
from breachdesk.casework.forgetting.leftovers import clear_leftovers
from breachdesk.casework.log.checkpoint_copies import seal_and_send
from breachdesk.casework.log.reads_noted import write_reads
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.periodic import do_jobs
from breachdesk.casework.processes import ThisProcess, say_gone, say_there
from breachdesk.casework.signing_in.mailed_links import forget_old
from breachdesk.casework.timers import fire_due_timers
from breachdesk.clock import wall_time

MINUTE = 60.0
# What falls due by the day is looked for every hour.
SELDOM = 3600.0
log = structlog.get_logger()


def start_scheduler(desk: Desk, every_seconds: float, kind: str) -> Callable[[], None]:
    """Tick now and every so many seconds, in the background; what is handed back stops it, after the work in hand.

    A tick that was missed is made up by the next one: it does whatever is due by then. KIND is the command that asks for it.
    """
    # A tick that comes while the last one is still at work is left out on purpose, and needs no warning each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    stop, this = Event(), ThisProcess(f"{socket.gethostname()}:{os.getpid()}", socket.gethostname(), kind)
    # Apart from each other, so that a mail server or a scanner that is slow to answer does not hold up what the clock does.
    for work, seconds in ((partial(fire_due_timers, desk, stopping=stop.is_set), every_seconds),
                          (partial(send_waiting_notices, desk), every_seconds), (partial(scan_waiting_files, desk), every_seconds),
                          (partial(do_jobs, desk, stopping=stop.is_set), every_seconds), (partial(say_there, desk, this), every_seconds),
                          (partial(clear_leftovers, desk), every_seconds), (partial(write_reads, desk), every_seconds),
                          (partial(seal_and_send, desk), MINUTE), (partial(forget_strays, desk), SELDOM),
                          (partial(forget_old, desk), SELDOM)):
        scheduler.add_job(_unless_it_fails, "interval", args=[work], seconds=seconds, next_run_time=wall_time())
    scheduler.start()

    def end() -> None:
        stop.set()
        scheduler.shutdown(wait=True)
        _unless_it_fails(partial(write_reads, desk))
        _unless_it_fails(partial(seal_and_send, desk))
        _unless_it_fails(partial(say_gone, desk, this))

    return end


def _unless_it_fails(work: partial[Any]) -> None:
    """Do it; a fault is logged, and the next tick tries again."""
    try:
        work()
    except Exception:
        log.exception("tick_failed", work=work.func.__name__)
