"""`breachdesk scheduler`, as a process of its own: it does what falls due, says that it is there, and stops in order."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

from breachdesk.cli.output import the_desk
from breachdesk.store import desk_row, running, timers


def until(what, seconds=30):
    """Wait for something to be so; fails when it does not come."""
    for _ in range(seconds * 5):
        if what():
            return
        time.sleep(0.2)
    raise AssertionError("it did not come")


def looked():
    with the_desk() as desk, desk.database.read() as session:
        return ([row.kind for row in running.processes(session)], timers.state_of(session, desk.now(session)).due,
                running.latest_done(session, "check") is not None)


def test_it_does_what_is_due_says_that_it_is_there_and_stops_in_order(practice, lodged):
    with the_desk() as desk:
        # Time passes on the practice desk, and nobody does what falls due in it.
        desk.database.transact(lambda session: desk_row.set_offset(session, desk_row.offset(session) + timedelta(days=7)))
    assert looked()[1] > 0
    process = subprocess.Popen([sys.executable, "-m", "breachdesk", "scheduler"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               env={**os.environ, "BREACHDESK_TICK_SECONDS": "1"})
    try:
        until(lambda: looked() == (["scheduler"], 0, True))
        process.send_signal(signal.SIGTERM)
        told, errors = process.communicate(timeout=30)
    finally:
        process.kill()

    assert (process.returncode, told.splitlines()[-1]) == (0, "Stopped, after the work in hand."), errors
    assert looked()[0] == []
