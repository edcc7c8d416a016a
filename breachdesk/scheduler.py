"""The only module that knows APScheduler: it ticks, and keeps nothing. What is due, and what waits, stands in the database.

Start it in the process that is to tick, after any fork.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from breachdesk.casework.desk import Desk
from breachdesk.casework.files import forget_strays, scan_waiting_files
from breachdesk.casework.notes_gone import let_notes_go
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.timers import fire_due_timers
from breachdesk.clock import wall_time

# What falls due by the day is looked for every hour.
SELDOM = 3600.0
log = structlog.get_logger()


def start_scheduler(desk: Desk, every_seconds: float) -> Callable[[], None]:
    """Tick now and every so many seconds, in the background; what is handed back stops it, after the work in hand.

    A tick that was missed is made up by the next one: it does whatever is due by then.
    """
    # A tick that comes while the last one is still at work is left out on purpose, and needs no warning each time.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)
    scheduler = BackgroundScheduler(timezone=UTC, job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None})
    # Several jobs, so that a mail server or a scanner that is slow to answer does not hold up what the clock does.
    for work, seconds in ((fire_due_timers, every_seconds), (send_waiting_notices, every_seconds), (scan_waiting_files, every_seconds),
                          (let_notes_go, SELDOM), (forget_strays, SELDOM)):
        scheduler.add_job(_unless_it_fails, "interval", args=[work, desk], seconds=seconds, next_run_time=wall_time())
    scheduler.start()
    return lambda: scheduler.shutdown(wait=True)


def _unless_it_fails(work: Callable[[Desk], object], desk: Desk) -> None:
    """Do it; a fault is logged, and the next tick tries again."""
    try:
        work(desk)
    except Exception:
        log.exception("tick_failed", work=work.__name__)
