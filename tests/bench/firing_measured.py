"""Firing: limits that ran out, each one audited step of the clock, against the same rows by hand; and two sweepers against one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import postgres
import prepared_desk
from copying import MANY, copies, on_the_file, without_entries
from firing_by_hand import LATER, ONLY_THOSE, ByHand, recorded_firing
from measuring import Line, Side, interleaved, ratio
from sqlalchemy import text

from breachdesk.bootstrap import open_desk
from breachdesk.casework.desk import Desk
from breachdesk.casework.timers import TOGETHER, fire_due_timers

FIRES, ROUNDS = 400, 5


def _opened(folder: Path, url: str = "") -> Desk:
    return open_desk(prepared_desk.settings_for(folder, url), wall=lambda: LATER)


def firing(folder: Path) -> list[Line]:
    """On SQLite, on one desk by turns: so many of the limits that are due by the sweep, so many by hand."""
    written = recorded_firing(folder / "recorded")
    prepared_desk.make_desk(folder / "many", "", 1)
    raw = on_the_file(folder / "many")
    for statement in (ONLY_THOSE, *copies(MANY), *without_entries()):
        raw.execute(statement)
    desk, hand = _opened(folder / "many"), ByHand(raw, written)
    rounds = [(_rate(lambda: len(fire_due_timers(desk, FIRES))), _rate(lambda: hand.sweep(FIRES))) for _ in range(ROUNDS + 1)][1:]
    raw.close()
    desk.database.close()
    found = median(one / other for one, other in rounds)
    return [Line("firing limits, SQLite", median(one for one, _ in rounds), "/s",
                 f"the same rows by hand, {median(other for _, other in rounds):,.0f} /s", found, "at least 0.5", found >= 0.5)]


def _rate(work: Callable[[], int]) -> float:
    begin = perf_counter()
    if work() != FIRES:
        raise RuntimeError("not everything that was due was fired")
    return FIRES / (perf_counter() - begin)


def sweeper(folder: Path, url: str) -> Callable[[], object]:
    """A process that sweeps: at each call, as many as are fired together."""
    desk = _opened(folder, url)

    def one() -> None:
        if len(fire_due_timers(desk, TOGETHER)) != TOGETHER:
            raise RuntimeError("too few were due")

    return one


def two_sweepers(folder: Path, uri: str) -> list[Line]:
    """Two processes that sweep one PostgreSQL against one of them alone, and that each limit fired exactly once."""
    url = postgres.new_database(uri, "sweepers")
    prepared_desk.make_desk(folder, url, 1)
    desk = _opened(folder, url)
    with desk.database.begin() as session:
        for statement in (ONLY_THOSE, *copies(MANY, postgres=True), *without_entries("postgresql")):
            session.execute(text(statement))
    times, rounds = 15, 4
    one, other = Side(sweeper, folder, url), Side(sweeper, folder, url)
    rates = interleaved({"one": [one], "two": [one, other]}, times, rounds)
    one.end()
    other.end()
    due = times * TOGETHER * 3 * (rounds + 1)
    once = _fired_once(desk, due)
    desk.database.close()
    found = ratio(rates["two"], rates["one"])
    alone, together = (median(rates[name]) * TOGETHER for name in ("one", "two"))
    return [Line("two sweepers, PostgreSQL", together, "/s", f"one, {alone:,.0f} /s", found, "at least 1.5", found >= 1.5),
            Line("limits fired by them, each once", due, "", "nothing lost, nothing doubled", None, "exactly", once)]


def _fired_once(desk: Desk, due: int) -> bool:
    def count(session: Any, question: str) -> int:
        return int(session.execute(text(question)).scalar())

    with desk.database.read() as session:
        entries = count(session, "SELECT count(*) FROM entries WHERE event = 'limit:ran_out'")
        cases = count(session, "SELECT count(DISTINCT subject) FROM entries WHERE event = 'limit:ran_out'")
        gone = count(session, "SELECT count(*) FROM timers WHERE ending IS NOT NULL")
    return entries == cases == gone == due
