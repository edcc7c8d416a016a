"""The bench keeps fitting the desk: contenders write what `act` writes, into the columns that there are."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from by_hand import on_sqlite
from copying import copies, on_the_file
from firing_by_hand import LATER, ONLY_THOSE, ByHand, recorded_firing
from prepared_desk import ROAD, make_desk, settings_for
from recording import BY_CASE, BY_SUBJECT, recorded_road
from with_django import field_of

from breachdesk.bootstrap import open_desk
from breachdesk.casework.timers import fire_due_timers
from breachdesk.store.tables import METADATA

# What must differ from case to case, or binds what does.
OWN = {"id", "case_id", "reference", "salt", "hash", "prev_hash", "last_hash", "party_id"}


def rows_of(connection: sqlite3.Connection, table: str, case_id: int) -> list[dict[str, Any]]:
    key = {"cases": "id", "entries": "subject", "details": "subject"}.get(table, "case_id")
    sides = dict(connection.execute("SELECT id, side FROM parties WHERE case_id = ?", (case_id,)).fetchall())
    found = [dict(row) for row in connection.execute(f"SELECT * FROM {table} WHERE {key} = ? ORDER BY rowid", (case_id,))]
    for row in found:
        if "subject" in row:
            row["subject"] = "this case" if key == "subject" else sides.get(row["subject"], "")
        if "body" in row:
            row["body"] = {**json.loads(row["body"]), "subject": 0, "details": None}
    return [{name: value for name, value in row.items() if name not in OWN} for row in found if row.get("event") != "case:opened"]


def test_sql_by_hand_writes_the_very_rows_of_act(tmp_path: Path):
    road = recorded_road(tmp_path, cases=2)
    one = on_sqlite(tmp_path, road, 2, 2)

    for _ in ROAD:
        one()

    with sqlite3.connect(tmp_path / "breachdesk.db") as connection:
        connection.row_factory = sqlite3.Row
        for table in ("cases", *BY_CASE, *BY_SUBJECT):
            assert rows_of(connection, table, 2) == rows_of(connection, table, 1), table


def since_it_was_lodged(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Copies have neither the first entry nor its messages, and each falls due on another day."""
    return [{name: value for name, value in row.items() if name != "next_due_on"} for row in rows if row.get("seq", 2) > 1]


def test_firing_by_hand_writes_the_very_rows_of_the_sweep(tmp_path: Path):
    firing = recorded_firing(tmp_path / "recorded")
    make_desk(tmp_path, "", 1)
    raw = on_the_file(tmp_path)
    for statement in (ONLY_THOSE, *copies(1)):
        raw.execute(statement)
    desk = open_desk(settings_for(tmp_path), wall=lambda: LATER)

    assert len(fire_due_timers(desk, 1)) == 1
    assert ByHand(raw, firing).sweep(5) == 1

    raw.row_factory = sqlite3.Row
    for table in ("cases", "timers", "entries", "notices"):
        by_desk, by_hand = (since_it_was_lodged(rows_of(raw, table, case_id)) for case_id in (1, 2))
        assert by_hand == by_desk, table
        assert by_desk
    raw.close()
    desk.database.close()


def test_django_has_a_field_for_every_column_that_it_mirrors():
    kinds = {f"{table}.{column.name}": field_of(column) for table in ("cases", *BY_CASE, *BY_SUBJECT)
             for column in METADATA.tables[table].columns}

    assert len(kinds) > 80
