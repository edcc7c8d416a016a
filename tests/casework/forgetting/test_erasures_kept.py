"""What was erased is kept in a file outside the database, each once and in order; to add to it costs what is new, however much is there."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import event

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.forgetting.erasures_kept import FILE, keep_erasures, read_erasures
from breachdesk.errors import BadBackup
from breachdesk.store.audit_log import ENTRIES, record_for_desk


def erased(desk, many):
    """The log says so often that somebody was erased."""
    facts = {"account": 3, "case": 0, "ground": "asked", "asked_by": 5, "asked": 1, "single_officer": False, "details": [], "files": [],
             "rows": {}}

    def work(session):
        for _ in range(many):
            record_for_desk(session, "erasure:done", desk.now(session), BY_OPERATOR, facts)
    desk.database.transact(work)


def kept(desk):
    return [one.entry for one in read_erasures(desk.data_path / FILE)]


def in_the_log(desk):
    with desk.database.read() as session:
        return [row.hash for row in session.all(ENTRIES.select().where(ENTRIES.c.event == "erasure:done").order_by(ENTRIES.c.id))]


@pytest.mark.parametrize("steps", [(1,), (3, 1), (19, 1, 1), (20, 1), (21, 100, 1), (200, 3, 0, 90)])
def test_each_is_kept_once_and_in_the_order_of_the_log(either_desk, steps):
    for many in steps:
        erased(either_desk, many)
        keep_erasures(either_desk)

    assert kept(either_desk) == in_the_log(either_desk)


def test_what_is_kept_already_costs_nothing(desk):
    asked = []
    event.listen(desk.database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    costs = []
    for many in (60, 400, 1):
        erased(desk, many)
        keep_erasures(desk)
        erased(desk, 1)
        asked.clear()
        keep_erasures(desk)
        costs.append(len(asked))
    # Nor is the file read: of one whose beginning is damaged the end is as good.
    whole = (desk.data_path / FILE).read_text()
    (desk.data_path / FILE).write_text(f"damaged{whole}")
    erased(desk, 1)
    keep_erasures(desk)

    assert costs[0] == costs[1] == costs[2]
    assert (desk.data_path / FILE).read_text().startswith(f"damaged{whole}")
    (desk.data_path / FILE).write_text((desk.data_path / FILE).read_text().removeprefix("damaged"))
    assert kept(desk) == in_the_log(desk)


def test_after_a_restore_that_lost_entries_nothing_is_kept_twice(desk):
    erased(desk, 100)
    keep_erasures(desk)
    before = (desk.data_path / FILE).read_text()
    lost = [json.loads(line) | {"entry": f"lost {number}"} for number, line in enumerate(before.splitlines())]
    (desk.data_path / FILE).write_text(before + "".join(f"{json.dumps(one)}\n" for one in lost))
    erased(desk, 2)

    keep_erasures(desk)

    new = in_the_log(desk)
    assert kept(desk) == [*new[:100], *(one["entry"] for one in lost), *new[100:]]


def test_a_line_that_a_crash_cut_off_is_written_again(desk):
    erased(desk, 30)
    keep_erasures(desk)
    whole = (desk.data_path / FILE).read_bytes()
    (desk.data_path / FILE).write_bytes(whole[:-20])

    keep_erasures(desk)

    assert (desk.data_path / FILE).read_bytes().endswith(b"\n" + whole.splitlines()[-1] + b"\n")
    assert kept(desk) == in_the_log(desk)
    erased(desk, 1)
    keep_erasures(desk)
    assert kept(desk) == in_the_log(desk)


def test_damage_near_its_end_is_said(desk):
    erased(desk, 30)
    keep_erasures(desk)
    with (desk.data_path / FILE).open("a") as file:
        file.write("damaged\nand more\n")

    with pytest.raises(BadBackup, match=r"erasures\.txt, near its end, line 31: this is not what was erased once"):
        keep_erasures(desk)
