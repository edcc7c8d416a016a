"""The physical limit of a sweep: limits that ran out, fired by SQL written by hand, as many in a transaction as the desk takes together.

What firing one of them writes was recorded from the desk's own sweep. The rows that say what is to be done are read, as anybody must who
fires a limit: the case's own, its parties, its limits, who serves in it, what it is about. Nothing is decided.
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import prepared_desk
from recording import HEAD, Row, rows_of

from breachdesk.bootstrap import open_desk
from breachdesk.casework.timers import TOGETHER, fire_due_timers
from breachdesk.store.columns import moment_text
from breachdesk.store.tables import METADATA

# The coordinator has not acknowledged in five working days: the clock does it, in the night to 10 March.
LATER = datetime.fromisoformat("2026-03-10T09:00:00+00:00")
ONLY_THOSE = "DELETE FROM timers WHERE NOT (kind = 'acknowledge' AND rung = 0)"
NEXT = ("SELECT id, case_id, kind, subject, generation, rung, due_on, fires_at FROM timers WHERE ended_at IS NULL AND fires_at <= ? "
        "ORDER BY fires_at, (rung <> 0), id LIMIT 1")
KNOWN = (
    "SELECT p.id, p.organisation_id, p.side, o.name, p.taken, p.taken_visit FROM parties p "
    "JOIN organisations o ON o.id = p.organisation_id WHERE p.case_id = ?",
    "SELECT kind, subject, generation, started_on, due_on FROM timers WHERE case_id = ? AND ended_at IS NULL AND rung = 0",
    "SELECT account_id, role, chair, ended_at FROM appointments WHERE case_id = ?",
    "SELECT id, party_id, commitment_id, admissible, position, ending FROM allegations WHERE case_id = ?")
encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Firing:
    """The rows that firing one limit writes: entries with their content, what changes in the case, timers, messages."""

    entries: tuple[tuple[str, str, Row], ...]
    case: Row
    ended: tuple[Row, ...]
    notices: tuple[Row, ...]


def recorded_firing(folder: Path) -> Firing:
    """Let the desk fire the one limit of one case, and see what it has written."""
    prepared_desk.make_desk(folder, "", 1)
    with sqlite3.connect(folder / "breachdesk.db") as raw:
        raw.execute(ONLY_THOSE)
    raw.close()
    desk = open_desk(prepared_desk.settings_for(folder), wall=lambda: LATER)
    before = rows_of(desk)
    if len(fire_due_timers(desk)) != 1:
        raise RuntimeError("there is another number of due limits than one")
    after = rows_of(desk)
    desk.database.close()
    new = {name: [row for key, row in after[name].items() if key not in before[name]] for name in after}
    if new["timers"] or new["details"]:
        raise RuntimeError("firing writes more now than is written by hand: add it")
    case = {name: _text(value) for name, value in after["cases"][1,].items() if value != before["cases"][1,][name] and name not in HEAD}
    return Firing(tuple((row["event"], _text(row["at"]), json.loads(row["body"])) for row in new["entries"]), case,
                  tuple({name: _text(value) for name, value in row.items()} for key, row in after["timers"].items()
                        if row != before["timers"][key] and row["ended_at"]),
                  tuple({name: _text(row[name]) for name in filled("notices", new["notices"])} for row in new["notices"]))


def filled(table: str, rows: list[Row]) -> list[str]:
    return [column.name for column in METADATA.tables[table].columns
            if column.name not in ("id", "case_id") and any(row[column.name] is not None for row in rows)]


def _text(value: Any) -> Any:
    return moment_text(value) if isinstance(value, datetime) else value.isoformat() if isinstance(value, date) else value


class ByHand:
    """A sweep on SQLite, with its statements."""

    def __init__(self, raw: sqlite3.Connection, firing: Firing) -> None:
        self.raw, self.firing, self.now = raw, firing, moment_text(LATER)
        changes = "".join(f"{name} = ?, " for name in firing.case)
        self.case = f"UPDATE cases SET {changes}version = version + 1, last_seq = ?, last_hash = ? WHERE id = ? AND version = ?"
        names = list(firing.notices[0])
        self.notice = f"INSERT INTO notices (case_id, {', '.join(names)}) VALUES (?{', ?' * len(names)})"

    def sweep(self, most: int) -> int:
        """Fire so many, together as the desk does; how many were due."""
        fired = 0
        while fired < most:
            self.raw.execute("BEGIN IMMEDIATE")
            done = sum(self._one() for _ in range(min(TOGETHER, most - fired)))
            self.raw.execute("COMMIT")
            fired += done
            if not done:
                break
        return fired

    def _one(self) -> int:
        found = self.raw.execute(NEXT, (self.now,)).fetchone()
        if found is None:
            return 0
        timer, case_id = found[:2]
        self.raw.execute("UPDATE timers SET fires_at = NULL, ending = 'ran_out' WHERE id = ? AND ended_at IS NULL AND fires_at <= ?",
                         (timer, self.now))
        for question in KNOWN:
            self.raw.execute(question, (case_id,)).fetchall()
        version, seq, head = self.raw.execute("SELECT version, last_seq, last_hash FROM cases WHERE id = ?", (case_id,)).fetchone()
        for event, at, content in self.firing.entries:
            seq, before = seq + 1, head
            body = encode({**content, "subject": case_id, "seq": seq}).encode()
            head = sha256(before.encode() + body).hexdigest()
            self.raw.execute("INSERT INTO entries (subject, seq, event, at, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
                             (case_id, seq, event, at, body, before, head))
        for row in self.firing.ended:
            self.raw.execute("UPDATE timers SET ended_at = ?, ending = ? "
                             "WHERE case_id = ? AND kind = ? AND subject = ? AND ended_at IS NULL",
                             (row["ended_at"], row["ending"], case_id, row["kind"], row["subject"]))
        self.raw.execute(self.case, (*self.firing.case.values(), seq, head, case_id, version))
        self.raw.executemany(self.notice, [(case_id, *row.values()) for row in self.firing.notices])
        return 1
