"""Many cases for little: the first case of a desk, with its parties and timers, again and again by one statement for each table."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import prepared_desk

from breachdesk.audit.chain import GENESIS, Doer, write_entry
from breachdesk.store.columns import moment_text
from breachdesk.store.engines import journal_mode
from breachdesk.store.guards import guard_statements, unguard_statements
from breachdesk.store.tables import METADATA

MANY = 10_000
# How many entries a case has, where cases have any.
EACH = 10
_AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
_DOER = Doer(7, "coordinator", 12)
PRAGMAS = (f"journal_mode={journal_mode()}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "recursive_triggers=ON")


def copies(many: int, *, postgres: bool = False) -> Iterator[str]:
    """The statements that add so many copies of case 1, each due on one of 400 days. The log is not copied."""
    own = {"cases": ("id", "reference", "next_due_on"), "parties": ("id", "case_id"), "timers": ("id", "case_id")}
    alike = {table: ", ".join(column.name for column in METADATA.tables[table].columns if column.name not in left)
             for table, left in own.items()}
    day = "next_due_on + (n % 400)" if postgres else "date(next_due_on, '+' || (n % 400) || ' days')"
    yield (f"WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {many}) "
           f"INSERT INTO cases (reference, next_due_on, {alike['cases']}) "
           f"SELECT 'COPY-' || n, {day}, {alike['cases']} FROM cases, copy WHERE id = 1")
    for table in ("parties", "timers"):
        names = ", ".join(f"one.{name}" for name in alike[table].split(", "))
        yield (f"INSERT INTO {table} (case_id, {alike[table]}) "
               f"SELECT cases.id, {names} FROM {table} AS one, cases WHERE one.case_id = 1 AND cases.id > 1")
    yield "ANALYZE"


def without_entries(dialect: str = "sqlite") -> Iterator[str]:
    """The statements that let every case begin its log afresh, as only the owner of the database can."""
    yield from unguard_statements(dialect)
    yield "DELETE FROM entries WHERE subject = 1"
    yield "UPDATE cases SET last_seq = 0, last_hash = ''"
    yield from guard_statements(dialect)


def on_the_file(folder: Path) -> sqlite3.Connection:
    """A connection of one's own to a desk's file, as durable as the desk's. APScheduler fires from a thread of its own."""
    raw = sqlite3.connect(folder / "breachdesk.db", isolation_level=None, check_same_thread=False)
    for pragma in PRAGMAS:
        raw.execute(f"PRAGMA {pragma}")
    return raw


def copy_first_case(folder: Path, many: int) -> None:
    raw = on_the_file(folder)
    raw.execute("BEGIN")
    for statement in copies(many):
        raw.execute(statement)
    raw.execute("COMMIT")
    raw.close()


def with_entries(folder: Path, size: int) -> None:
    """A desk with so many entries, ten to a case, that are chained and not sealed yet."""
    prepared_desk.make_desk(folder, "", 1)
    raw = on_the_file(folder)
    for statement in copies(size // EACH):
        raw.execute(statement)
    heads: list[tuple[int, str, int]] = []
    raw.execute("BEGIN")
    raw.executemany("INSERT INTO entries (subject, seq, event, at, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    _entries([row[0] for row in raw.execute("SELECT id FROM cases WHERE id > 1 ORDER BY id").fetchall()], heads))
    raw.executemany("UPDATE cases SET last_seq = ?, last_hash = ? WHERE id = ?", [(seq, last, case) for seq, last, case in heads])
    raw.execute("COMMIT")
    raw.close()


def _entries(cases: list[int], heads: list[Any]) -> Iterator[tuple[Any, ...]]:
    facts = {"action": "acknowledge", "from": "received", "to": "direct_open", "stage": "direct", "party": 0,
             "answers": {"admissible": "yes"},
             "limits": {"ended": [{"limit": "acknowledge", "party": 0, "due_on": "2026-03-09", "ending": "met"}],
                        "started": [{"limit": "respond", "party": 12, "due_on": "2026-03-30"}]}, "effects": {}}
    for case in cases:
        before = GENESIS
        for seq in range(1, EACH + 1):
            one = write_entry(case, seq, before, "case:acted", _AT, _DOER, facts, procedure="a" * 64)
            before = one.hash
            yield case, seq, one.event, moment_text(one.at), one.body, one.prev_hash, one.hash
        heads.append((EACH, before, case))
