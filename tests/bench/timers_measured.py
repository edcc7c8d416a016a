"""The clock's part: looking for what is due among many timers, and firing, each against the same SQL written by hand."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import perf_counter

import prepared_desk
from measuring import Line
from parts_measured import COPIES

from breachdesk.bootstrap import open_desk
from breachdesk.casework.desk import Desk
from breachdesk.casework.integrity import check_every_case
from breachdesk.casework.timers import fire_due_timers, fire_next
from breachdesk.store import timers
from breachdesk.store.columns import moment_text
from breachdesk.store.session import journal_mode

LATER = datetime(2026, 3, 6, 9, tzinfo=UTC)
A_MILLION = """
WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < 50)
INSERT INTO timers (case_id, kind, subject, generation, rung, started_on, due_on, calendar_digest, fires_at, tries)
SELECT case_id, kind, subject, generation + n, rung, started_on, due_on, calendar_digest, '2027-' || substr(fires_at, 6), 0
FROM timers, copy WHERE rung < 0 AND fires_at > '2026-03-07';
ANALYZE;
"""
NEXT = ("SELECT id, case_id, kind, subject, generation, rung, due_on, fires_at FROM timers WHERE ended_at IS NULL AND fires_at <= ? "
        "ORDER BY fires_at, (rung <> 0), id LIMIT 1")
FIRES = 400


def due_scan(folder: Path) -> list[Line]:
    """A sweep that finds nothing among 10,000 cases' timers and among a million; and looking for the next of 1,000 that are due."""
    (desk, raw), (large, full) = _many(folder / "ten-thousand"), _many(folder / "a-million")
    full.executescript(A_MILLION)
    [(pending,)] = full.execute("SELECT count(*) FROM timers WHERE ended_at IS NULL")
    none = _compared(lambda: fire_next(desk), lambda: _raw_nothing(raw, prepared_desk.NOW))
    million = _compared(lambda: fire_next(large), lambda: fire_next(desk))
    due = _due_at(raw, 1000)
    some = _compared(lambda: _look(desk, due), lambda: _raw_look(raw, due))
    for one, own in ((desk, raw), (large, full)):
        own.close()
        one.database.close()
    return [Line("a sweep that finds nothing", none[0] * 1000, "ms", f"SQL by hand, {none[1] * 1e6:.0f} µs", none[1] / none[0],
                 "under 1 ms", none[0] < 0.001),
            Line("the next of 1,000 due", some[0] * 1e6, "µs", f"SQL by hand, {some[1] * 1e6:.0f} µs", some[1] / some[0],
                 "at least 0.25", some[1] / some[0] >= 0.25),
            Line(f"finding nothing among {pending:,}", million[0] * 1000, "ms", "among those of 10,000 cases", million[0] / million[1],
                 "at most 1.5", million[0] / million[1] <= 1.5)]


def daily_check(folder: Path) -> list[Line]:
    """The daily check of 10,000 open cases, and what it adds to the memory of the process."""
    desk, raw = _many(folder)
    raw.execute("INSERT INTO entries (subject, seq, event, at, body, prev_hash, hash) "
                "SELECT cases.id, seq, event, at, body, prev_hash, hash FROM kept, cases")
    raw.close()
    before, begin = getrusage(RUSAGE_SELF).ru_maxrss, perf_counter()
    found = check_every_case(desk)
    seconds, more = perf_counter() - begin, (getrusage(RUSAGE_SELF).ru_maxrss - before) / 1024
    desk.database.close()
    sound = found["faulty"] == 0
    return [Line(f"the daily check of {found['cases']:,} cases", seconds, "s", f"{more:.0f} MB more memory", None, "under 60 s, 30 MB",
                 sound and seconds < 60 and more < 30)]


def firing(folder: Path) -> list[Line]:
    """Reminders that are due: each claimed, logged and told of; by hand in a transaction each, as one would write it."""
    desk, raw = _many(folder)
    due = [moment_text(LATER)]
    rounds = []
    for _ in range(5):
        ours = _rate(FIRES, lambda: len(fire_due_timers(desk, FIRES)))
        rounds.append((ours, _rate(FIRES, lambda: sum(_raw_fire(raw, due[0]) for _ in range(FIRES)))))
    raw.close()
    desk.database.close()
    ours, ratio = median(one for one, _ in rounds), median(one / other for one, other in rounds)
    return [Line("firing reminders, SQLite", ours, "/s", "the same rows by hand, one a commit", ratio, "at least 0.5", ratio >= 0.5)]


def _many(folder: Path) -> tuple[Desk, sqlite3.Connection]:
    """A desk with 10,000 cases whose reminders fall due on 6 March, and a connection of one's own to its file."""
    prepared_desk.make_desk(folder, "", 1)
    raw = sqlite3.connect(folder / "breachdesk.db", isolation_level=None)
    for pragma in (f"journal_mode={journal_mode()}", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON", "recursive_triggers=ON"):
        raw.execute(f"PRAGMA {pragma}")
    raw.executescript(COPIES)
    raw.execute("CREATE TEMP TABLE kept AS SELECT * FROM entries WHERE subject = 1")
    raw.execute("DELETE FROM entries WHERE subject = 1")
    raw.execute("UPDATE cases SET last_seq = 0, last_hash = ''")
    return open_desk(prepared_desk.settings_for(folder), wall=lambda: LATER if folder.name == "firing" else prepared_desk.NOW), raw


def _due_at(raw: sqlite3.Connection, many: int) -> datetime:
    """Let so many reminders be due, a minute apart from each other; a moment at which they are."""
    begin = prepared_desk.NOW + timedelta(hours=1)
    for place, (timer,) in enumerate(raw.execute("SELECT id FROM timers WHERE rung < 0 LIMIT ?", (many,)).fetchall()):
        raw.execute("UPDATE timers SET fires_at = ? WHERE id = ?", (moment_text(begin + timedelta(minutes=place)), timer))
    return begin + timedelta(minutes=many)


class _TakenBack(Exception):
    """Ends a transaction in which something was only looked for."""


def _look(desk: Desk, at: datetime) -> None:
    try:
        with desk.database.begin() as session:
            timers.claim_next_due(session, at)
            raise _TakenBack
    except _TakenBack:
        pass


def _raw_look(raw: sqlite3.Connection, at: datetime) -> None:
    raw.execute("BEGIN IMMEDIATE")
    row = raw.execute(NEXT, (moment_text(at),)).fetchone()
    raw.execute("UPDATE timers SET ended_at = ?, ending = 'fired' WHERE id = ? AND ended_at IS NULL", (moment_text(at), row[0]))
    raw.execute("ROLLBACK")


def _raw_nothing(raw: sqlite3.Connection, now: datetime) -> None:
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(NEXT, (moment_text(now),)).fetchone()
    raw.execute("COMMIT")


def _raw_fire(raw: sqlite3.Connection, now: str) -> int:
    """What firing a reminder writes: the timer, the entry with its hash, the case's head, one message."""
    raw.execute("BEGIN IMMEDIATE")
    timer, case_id, kind, subject, generation, rung, due_on, fires_at = raw.execute(NEXT, (now,)).fetchone()
    raw.execute("UPDATE timers SET ended_at = ?, ending = 'fired' WHERE id = ? AND ended_at IS NULL", (now, timer))
    status, seq, head = raw.execute("SELECT status, last_seq, last_hash FROM cases WHERE id = ?", (case_id,)).fetchone()
    facts = {"limit": kind, "party": subject, "rung": rung, "due_on": due_on, "nominal_at": fires_at}
    body = json.dumps({"subject": case_id, "seq": seq + 1, "event": "limit:reminded", "at": now, "actor": 0, "role": "clock",
                       "facts": facts}, sort_keys=True, separators=(",", ":")).encode()
    link = sha256(head.encode() + body).hexdigest()
    raw.execute("UPDATE cases SET last_seq = ?, last_hash = ? WHERE id = ? AND last_seq = ?", (seq + 1, link, case_id, seq))
    raw.execute("INSERT INTO entries (subject, seq, event, at, body, prev_hash, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (case_id, seq + 1, "limit:reminded", now, body, head, link))
    raw.execute("INSERT INTO notices (case_id, seq, name, subject, days, queued_at, tries) VALUES (?, ?, ?, 0, ?, ?, 0)",
                (case_id, seq + 1, "coordinator-acknowledge-soon", json.dumps({kind: due_on}), now))
    raw.execute("COMMIT")
    return 1


def _rate(count: int, work: Callable[[], int]) -> float:
    begin = perf_counter()
    if work() != count:
        raise RuntimeError("not everything that was due was fired")
    return count / (perf_counter() - begin)


def _compared(ours: Callable[[], object], by_hand: Callable[[], object], times: int = 300, rounds: int = 7) -> tuple[float, float]:
    """Median seconds of each, in interleaved rounds; the first is for warming up."""
    found: tuple[list[float], list[float]] = [], []
    for _ in range(rounds + 1):
        for seconds, work in zip(found, (ours, by_hand), strict=True):
            begin = perf_counter()
            for _ in range(times):
                work()
            seconds.append((perf_counter() - begin) / times)
    return median(found[0][1:]), median(found[1][1:])
