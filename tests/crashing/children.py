"""A child process that works on a desk of its own connections until it is killed, or stops itself, at a place that was counted."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import datetime

import pytest
from crashing.watching import Hook, watch_postgres, watch_sqlite

from breachdesk.bootstrap import open_desk
from breachdesk.casework.desk import Desk
from breachdesk.errors import BreachdeskError
from breachdesk.settings import read_settings

Work = Callable[[Desk], object]
DONE, REFUSED, FAULT = 0, 3, 4


def settings_of(desk: Desk) -> dict[str, str]:
    """The settings under which another process opens the same desk."""
    url = {} if not desk.database.is_postgres else {
        "BREACHDESK_DATABASE_URL": desk.database.engine.url.render_as_string(hide_password=False)}
    return {"BREACHDESK_DATA_DIR": str(desk.data_path), **url}


def begin(desk: Desk, now: datetime, work: Work, hook: Hook) -> int:
    """Start WORK in a process of its own, with HOOK around each of its statements; its id."""
    settings, is_postgres = read_settings(settings_of(desk)), desk.database.is_postgres
    if child := os.fork():
        return child
    armed: list[bool] = []
    try:
        (watch_postgres if is_postgres else watch_sqlite)(pytest.MonkeyPatch(), lambda *one: hook(*one) if armed else None)
        own = open_desk(settings, wall=lambda: now)
        armed.append(True)
        work(own)
        os._exit(DONE)
    except BreachdeskError:
        os._exit(REFUSED)
    finally:
        os._exit(FAULT)


def ended(child: int) -> int:
    """Wait for it; how it ended: an exit code, or minus the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def killed_at(desk: Desk, now: datetime, work: Work, place: int) -> bool:
    """Do WORK in a process that is killed at the PLACE-th of the places around its statements; whether it came so far."""
    met = 0

    def hook(*_: object) -> None:
        nonlocal met
        met += 1
        if met == place:
            os.kill(os.getpid(), signal.SIGKILL)

    how = ended(begin(desk, now, work, hook))
    assert how in (-signal.SIGKILL, DONE, REFUSED), f"the process ended with {how}: its own error is on standard error"
    return how == -signal.SIGKILL
