"""How much pending timers cost: looking for what is due, memory and firing, with 10,000 of them, 100,000 and a million."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import prepared_desk
from copying import copies, on_the_file, without_entries
from firing_by_hand import LATER, NEXT, ByHand, recorded_firing
from measuring import Line, apart
from with_apscheduler import JobStore

from breachdesk.bootstrap import open_desk
from breachdesk.casework.desk import Desk
from breachdesk.casework.timers import fire_due_timers, fire_next
from breachdesk.store import timers
from breachdesk.store.columns import moment_text

SIZES = (10_000, 100_000, 1_000_000)
MOST_CASES = 100_000
DUE = 200
BEFORE = prepared_desk.NOW
SOON = moment_text(LATER.replace(hour=0))


@dataclass(frozen=True, slots=True)
class Pending:
    """A desk on which so many timers wait until next year, and DUE limits are over on 10 March; and its file."""

    size: int
    folder: Path
    desk: Desk
    raw: sqlite3.Connection


@contextmanager
def pending(folder: Path, sizes: Sequence[int] = SIZES) -> Iterator[list[Pending]]:
    made = [_made(folder / str(size), size) for size in sizes]
    try:
        yield made
    finally:
        for one in made:
            one.raw.close()
            one.desk.database.close()


def _made(folder: Path, size: int) -> Pending:
    prepared_desk.make_desk(folder, "", 1)
    raw = on_the_file(folder)
    cases = min(size, MOST_CASES)
    raw.execute("BEGIN")
    raw.execute("DELETE FROM timers WHERE NOT (kind = 'acknowledge' AND rung IN (0, -1))")
    for statement in copies(cases - 1):
        raw.execute(statement)
    for statement in without_entries():
        raw.execute(statement)
    raw.execute("DELETE FROM timers WHERE rung = 0 AND case_id > ?", (DUE,))
    raw.execute("UPDATE timers SET fires_at = CASE rung WHEN 0 THEN ? ELSE '2027' || substr(fires_at, 5) END", (SOON,))
    raw.execute("WITH RECURSIVE more(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM more WHERE n < ?) "
                "INSERT INTO timers (case_id, kind, subject, generation, rung, started_on, due_on, calendar_digest, fires_at, tries) "
                "SELECT case_id, kind, subject, generation + n, rung, started_on, due_on, calendar_digest, fires_at, 0 "
                "FROM timers, more WHERE rung = -1 AND ? > 1", (size // cases - 1, size // cases))
    raw.execute("COMMIT")
    raw.execute("ANALYZE")
    return Pending(size, folder, _desk(folder), raw)


def _desk(folder: Path, later: bool = False) -> Desk:
    return open_desk(prepared_desk.settings_for(folder), wall=lambda: LATER if later else BEFORE)


def due_scan(desks: Sequence[Pending]) -> list[Line]:
    """A sweep that finds nothing, and the next of those that are due, among few and among many; by turns."""
    few, many = desks[0], desks[-1]
    hand, nothing, of_many = _compared(lambda: _raw_nothing(few.raw), lambda: fire_next(few.desk), lambda: fire_next(many.desk))
    by_hand, due, due_of_many = _compared(lambda: _raw_look(few.raw), lambda: _look(few.desk), lambda: _look(many.desk))
    return [Line("a sweep that finds nothing", nothing * 1000, "ms", f"SQL by hand, {hand * 1e6:.0f} µs", hand / nothing, "under 1 ms",
                 max(nothing, of_many) < 0.001),
            Line(f"the next of {DUE} due", due * 1e6, "µs", f"SQL by hand, {by_hand * 1e6:.0f} µs", by_hand / due, "at least 0.25",
                 by_hand / due >= 0.25),
            _grown(f"finding nothing among {many.size:,}", of_many, few.size, nothing),
            _grown(f"the next of {DUE} due among {many.size:,}", due_of_many, few.size, due)]


def _grown(name: str, many: float, size: int, few: float) -> Line:
    return Line(name, many * 1e6, "µs", f"among {size:,}, {few * 1e6:.0f} µs", many / few, "at most 1.5", many / few <= 1.5)


def memory(desks: Sequence[Pending]) -> list[Line]:
    """What a process weighs that sweeps, fires what is due and sweeps on: each in a process of its own."""
    weights = [apart(weighed, one.folder)[1] for one in (desks[0], desks[-1])]
    return [Line(f"a sweeper's memory, {desks[-1].size:,} pending", weights[1], "MB", f"with {desks[0].size:,}, {weights[0]:.0f} MB",
                 weights[1] / weights[0], "at most 1.1", weights[1] / weights[0] <= 1.1)]


def weighed(folder: Path) -> None:
    desk = _desk(folder)
    for _ in range(200):
        fire_next(desk)
        _look(desk)
    desk.database.close()


def beside_apscheduler(folder: Path, desks: Sequence[Pending]) -> list[Line]:
    """The same limits fired by APScheduler's job store, each a job, and by the desk; and a look when nothing is due."""
    written, lines = recorded_firing(folder / "recorded"), list[Line]()
    for one in desks:
        jobs = JobStore(one.folder, one.size, DUE // 2)
        looks = _compared(jobs.look, lambda desk=one.desk: fire_next(desk), times=50)
        theirs = DUE // 2 / jobs.fire_all(ByHand(one.raw, written))
        jobs.end()
        ours = _rate(one.folder, DUE // 2)
        lines += [Line(f"firing, {one.size:,} pending", ours, "/s", f"APScheduler's job store, {theirs:,.0f} /s", ours / theirs,
                       "more than 1", ours > theirs),
                  Line(f"finding nothing, {one.size:,} pending", looks[1] * 1e6, "µs", f"APScheduler's job store, {looks[0] * 1e6:.0f} µs",
                       looks[1] / looks[0], "at most 1", looks[1] <= looks[0])]
    return lines


def _rate(folder: Path, many: int) -> float:
    desk = _desk(folder, later=True)
    begin = perf_counter()
    if len(fire_due_timers(desk, many)) != many:
        raise RuntimeError("not everything that was due was fired")
    seconds = perf_counter() - begin
    desk.database.close()
    return many / seconds


class _TakenBack(Exception):
    """Ends a transaction in which something was only looked for."""


def _look(desk: Desk) -> None:
    try:
        with desk.database.begin() as session:
            if not timers.claim_due(session, LATER, 1):
                raise RuntimeError("nothing was due")
            raise _TakenBack
    except _TakenBack:
        pass


def _raw_look(raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN IMMEDIATE")
    row = raw.execute(NEXT, (moment_text(LATER),)).fetchone()
    raw.execute("UPDATE timers SET fires_at = NULL, ending = 'ran_out' WHERE id = ? AND ended_at IS NULL", (row[0],))
    raw.execute("ROLLBACK")


def _raw_nothing(raw: sqlite3.Connection) -> None:
    raw.execute("BEGIN IMMEDIATE")
    raw.execute(NEXT, (moment_text(BEFORE),)).fetchone()
    raw.execute("COMMIT")


def _compared(*works: Callable[[], object], times: int = 300, rounds: int = 7) -> list[float]:
    """Median seconds of each, in interleaved rounds; the first is for warming up."""
    found: list[list[float]] = [[] for _ in works]
    for _ in range(rounds + 1):
        for seconds, work in zip(found, works, strict=True):
            begin = perf_counter()
            for _ in range(times):
                work()
            seconds.append((perf_counter() - begin) / times)
    return [median(one[1:]) for one in found]
