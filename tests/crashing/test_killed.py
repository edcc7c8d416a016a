"""A process that is killed at any statement, or at a commit, leaves all of what it did or nothing of it; another one goes on from there."""

from __future__ import annotations

import os
import signal

import pytest
from conftest import Cast, StoppedClock
from crashing.children import DONE, begin, ended, killed_at
from crashing.invariants import broken
from crashing.situations import SOAKED, situation

from breachdesk.bootstrap import open_desk
from breachdesk.casework.timers import fire_due_timers
from breachdesk.settings import read_settings
from breachdesk.store import sealed


def everything(desk):
    """How far each case is: its version and the head of its log, every timer that still fires, and how much is sealed."""
    with desk.database.read() as session:
        rows = session.connection.exec_driver_sql("SELECT reference, version, last_seq, last_hash FROM cases ORDER BY id").all()
        return [tuple(row) for row in rows], session.connection.exec_driver_sql(
            "SELECT count(*), count(fires_at) FROM timers WHERE ended_at IS NULL").one(), sealed.counts(session)


@pytest.mark.parametrize(("name", "stride"), [("act", 11), ("fire", 45), ("seal", 9), *SOAKED])
def test_whoever_is_killed_leaves_all_or_nothing_and_the_next_one_goes_on(either_desk, cast, clock, name, stride):
    now, work = (one := situation(name, either_desk, cast, clock)).now, one.work
    before, place, kills, changes = everything(either_desk), 1 + stride // 2, 0, 0

    while killed_at(either_desk, now, work, place):
        kills += 1
        assert broken(either_desk) == [], f"{name}, killed at place {place}"
        after = everything(either_desk)
        # What was killed after its commit is done: the next process begins with what is left.
        changes += after != before
        place = 1 + stride // 2 if after != before else place + stride
        before = after

    assert broken(either_desk) == []
    assert kills > changes
    assert changes or stride > 1
    fire_due_timers(either_desk)
    assert broken(either_desk, swept=True) == []


class Split:
    """The control: what belongs together is committed in two parts, after the PLACE-th change, and the process dies between them.

    Not before the next statement begins: while rows of a change are still to be fetched, SQLite commits nothing.
    """

    def __init__(self, place: int) -> None:
        self.place, self.changes = place, 0

    def __call__(self, connection, sql, done):
        if self.changes == self.place and not done:
            type(connection).__mro__[1].commit(connection)
            os.kill(os.getpid(), signal.SIGKILL)
        self.changes += done and sql.lstrip().upper().startswith(("INSERT", "UPDATE"))


@pytest.mark.parametrize("name", ["act", pytest.param("fire", marks=pytest.mark.soak), pytest.param("pause", marks=pytest.mark.soak)])
def test_the_same_checks_fail_wherever_a_transaction_is_split(tmp_path, filled_file, name):
    found, place = [], 0
    while True:
        place += 1
        folder = tmp_path / str(place)
        folder.mkdir()
        (folder / "breachdesk.db").write_bytes(filled_file.read_bytes())
        clock = StoppedClock()
        desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), wall=clock)
        one = situation(name, desk, Cast(desk), clock)
        how = ended(begin(desk, one.now, one.work, Split(place)))
        assert how in (-signal.SIGKILL, DONE)
        found.append(bool(broken(desk)))
        desk.database.close()
        if how == DONE or place == 6:
            break
    # Split after the last change of a step, nothing is missing; split anywhere else, something is.
    assert found.count(True) >= len(found) - 2
    assert found[0]
