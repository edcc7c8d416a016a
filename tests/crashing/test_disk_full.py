"""The disk is full at some statement: nothing is half-written, and once there is room the same step is taken."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest
from conftest import Cast
from crashing.invariants import broken
from crashing.situations import SOAKED, situation
from crashing.test_killed import everything
from crashing.watching import watch_sqlite
from sqlalchemy.exc import OperationalError

from breachdesk.bootstrap import open_desk
from breachdesk.casework.log.log_keys import FILE
from breachdesk.errors import BreachdeskError
from breachdesk.settings import read_settings

ROOM = 1_000_000_000


class Full:
    """Room on the disk until the PLACE-th statement; from then on not one page more."""

    def __init__(self) -> None:
        self.place, self.met, self.connection = 0, 0, None

    def __call__(self, connection, sql, done):
        if done or sql.startswith("PRAGMA"):
            return
        self.connection, self.met = connection, self.met + 1
        if self.met == self.place:
            connection.execute(f"PRAGMA max_page_count={connection.execute('PRAGMA page_count').fetchone()[0]}")

    def full_at(self, place):
        if self.connection:
            self.connection.execute(f"PRAGMA max_page_count={ROOM}")
        self.place, self.met = place, 0


@pytest.mark.parametrize(("name", "stride"), [("act", 4), *SOAKED])
def test_a_disk_that_is_full_leaves_all_or_nothing(tmp_path, filled_file, clock, monkeypatch, name, stride):
    for file in (filled_file, filled_file.with_name(FILE)):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with closing(sqlite3.connect(tmp_path / "breachdesk.db")) as connection:
        connection.execute("VACUUM")        # No page is free: what is written needs new ones.
    disk = Full()
    watch_sqlite(monkeypatch, disk)
    desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(tmp_path)}), wall=clock)
    work = situation(name, desk, Cast(desk), clock).work
    before, place, refused = everything(desk), 1, 0

    while True:
        disk.full_at(place)
        try:
            work(desk)
        except OperationalError:
            refused += 1
        except BreachdeskError:
            break       # It has been done.
        enough = disk.met < place
        disk.full_at(0)
        assert broken(desk) == [], f"{name}, full at statement {place}"
        if enough:
            break
        place = place + stride if everything(desk) == before else 1
        before = everything(desk)

    disk.full_at(0)
    assert broken(desk) == []
    assert refused or name in ("fire", "recompute", "seal")
    desk.database.close()
