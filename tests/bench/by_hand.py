"""The physical limit: the same rows into the same tables by SQL written by hand, on the driver, in one transaction for each step.

It reads the case's own row, decides nothing, and asks nobody's permission. What it writes was recorded from `act`.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import prepared_desk
from recording import INSERTED, Row, Written, changed_columns, filled_columns

from breachdesk.store.engines import journal_mode

OF_LOG = {
    "details": ["subject", "seq", "name", "audience", "salt", "value"],
    "entries": ["subject", "seq", "event", "at", "body", "prev_hash", "hash"],
}
READ = "SELECT id, status, version, last_seq, last_hash FROM cases WHERE reference = ?"
CHANGES = {
    "end": "UPDATE timers SET ended_at = ?, ending = ? WHERE case_id = ? AND kind = ? AND subject = ? AND ended_at IS NULL",
    "take": "UPDATE parties SET taken = ?, taken_visit = ? WHERE id = ?",
    "resume": "UPDATE pauses SET to_on = ? WHERE case_id = ? AND to_on IS NULL",
    "decide": "UPDATE allegations SET ending = ?, admissible = ?, position = ?, decided_seq = ? WHERE case_id = ? AND ending IS NULL",
    "use up": "UPDATE extensions SET over = ? WHERE case_id = ? AND kind = ? AND subject = ?",
}
encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def on_sqlite(folder: Path, road: list[Written], first: int, last: int) -> Callable[[], object]:
    connection = sqlite3.connect(folder / "breachdesk.db", isolation_level=None)
    for pragma in (f"journal_mode={journal_mode()}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON",
                   "recursive_triggers=ON", "cache_size=-16384"):
        connection.execute(f"PRAGMA {pragma}")
    return _walker(connection.cursor(), lambda: connection.execute("BEGIN IMMEDIATE"), lambda: connection.execute("COMMIT"),
                   str, _plain(road), first, last)


def on_postgres(url: str, road: list[Written], first: int, last: int) -> Callable[[], object]:
    import psycopg

    connection = psycopg.connect(url.replace("+psycopg", ""))
    # With the row lock that `act` takes: on SQLite BEGIN IMMEDIATE is that lock.
    return _walker(connection.cursor(), lambda: None, connection.commit,
                   lambda text: text.replace("?", "%s").replace("reference = %s", "reference = %s FOR UPDATE"), road, first, last)


def _plain(road: list[Written]) -> list[Written]:
    """Days and moments as the text that SQLite keeps, once and not at every step."""
    def text(value: Any) -> Any:
        if isinstance(value, datetime):
            return value.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        if isinstance(value, date):
            return value.isoformat()
        if isinstance(value, dict):
            return {name: text(one) for name, one in value.items()}
        return tuple(text(one) for one in value) if isinstance(value, tuple) else value
    return [Written(*(text(getattr(step, name)) for name in Written.__slots__)) for step in road]


def _walker(cursor: Any, begin: Callable[[], object], commit: Callable[[], object], spelled: Callable[[str], str], road: list[Written],
            first: int, last: int) -> Callable[[], object]:
    changed, columns = changed_columns(road), {**OF_LOG, **{table: filled_columns(road, table) for table in INSERTED}}
    read, case_sql, change = spelled(READ), spelled(_case_sql(changed)), {name: spelled(text) for name, text in CHANGES.items()}
    insert = {table: spelled(_insert_sql(table, names)) for table, names in columns.items() if names}
    way = prepared_desk.road_of_cases(first, last)
    begin()
    parties = _parties(cursor)
    commit()
    one_case = road[0].case["id"]
    sides = {found: side for (case, side), found in parties.items() if case == one_case}

    def one() -> None:
        number, place = next(way)
        step = road[place]
        begin()
        cursor.execute(read, (prepared_desk.reference(number),))
        case_id, _, version, last_seq, last_hash = cursor.fetchone()
        of_other = {old: parties[case_id, side] for old, side in sides.items()} | {0: 0}
        seq = last_seq + 1
        details, digests = _details(step.details, case_id, seq)
        body = encode({**step.content, "subject": case_id, "seq": seq, "details": digests}).encode()
        link = sha256(last_hash.encode() + body).hexdigest()
        cursor.execute(case_sql, (*(step.case[name] for name in changed), seq, link, case_id, version))
        if cursor.rowcount != 1:
            raise RuntimeError("somebody was first")
        entry = step.entry
        cursor.execute(insert["entries"], (case_id, seq, entry["event"], entry["at"], body, last_hash, link))
        if details:
            cursor.executemany(insert["details"], details)
        for what, values in _changes(step, case_id, of_other):
            cursor.execute(change[what], values)
        for table, rows in step.inserted.items():
            if rows:
                names = columns[table]
                cursor.executemany(insert[table], [_moved(row, names, case_id, of_other) for row in rows])
        commit()

    return one


def _changes(step: Written, case_id: int, of_other: dict[int, int]) -> Iterator[tuple[str, tuple[Any, ...]]]:
    """What a step changes in rows that were there."""
    for row in step.ended:
        yield "end", (row["ended_at"], row["ending"], case_id, row["kind"], of_other[row["subject"]])
    for row in step.parties:
        yield "take", (row["taken"], row["taken_visit"], of_other[row["id"]])
    for row in step.resumed:
        yield "resume", (row["to_on"], case_id)
    for row in step.allegations:
        yield "decide", (row["ending"], row["admissible"], row["position"], row["decided_seq"], case_id)
    for row in step.extensions:
        yield "use up", (row["over"], case_id, row["kind"], of_other[row["subject"]])


def _case_sql(changed: Sequence[str]) -> str:
    return (f"UPDATE cases SET {' = ?, '.join(changed)} = ?, last_seq = ?, last_hash = ?, version = version + 1"
            " WHERE id = ? AND version = ?")


def _insert_sql(table: str, names: Sequence[str]) -> str:
    return f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"


def _parties(cursor: Any) -> dict[tuple[int, str], int]:
    """(case, side) → party, of every case."""
    cursor.execute("SELECT case_id, side, id FROM parties")
    return {(case_id, side): found for case_id, side, found in cursor.fetchall()}


def _details(rows: Sequence[Row], case_id: int, seq: int) -> tuple[list[tuple[Any, ...]], dict[str, str]]:
    """The words' rows with new salts, and what binds them to the entry."""
    salted = [(case_id, seq, row["name"], row["audience"], os.urandom(32), row["value"]) for row in rows]
    return salted, {row[2]: sha256(row[4] + row[5].encode()).hexdigest() for row in salted}


def _moved(row: Row, names: Sequence[str], case_id: int, of_other: dict[int, int]) -> list[Any]:
    """A recorded row as one of this case."""
    values = {**row, "case_id": case_id}
    if "subject" in row:
        values["subject"] = of_other[row["subject"]]
    return [values[name] for name in names]
