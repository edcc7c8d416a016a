"""`make bench`: how fast the desk is, against hand-written SQL and against what one would use instead, in one run."""

from __future__ import annotations

import sys
import tempfile
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from time import perf_counter

import backups_measured
import dates_measured
import firing_measured
import lists_measured
import log_measured
import parts_measured
import pending_measured
import postgres
import serving_measured
import timers_measured
import transitions_measured
from measuring import HEADING, Line, write_lines
from recording import recorded_road

from breachdesk.store.engines import journal_mode

BUILD = Path(__file__).parents[2] / "build"


class Table:
    """The lines as they come. What fails is a line too: it was not measured, and nothing of it is hidden."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        print(f"SQLite: journal_mode={journal_mode()}, synchronous=FULL; PostgreSQL as it comes; medians of interleaved rounds\n{HEADING}")

    def show(self, name: str, measure: Callable[..., Sequence[Line]], *given: object) -> None:
        try:
            found = measure(*given)
        except Exception as error:
            traceback.print_exc()
            found = [Line(name, None, "", f"failed: {error}"[:44], None, "", None)]
        for line in found:
            print(line.said(), flush=True)
        self.lines += found


def main() -> None:
    """Measure everything; the exit status says whether every goal is met."""
    begin = perf_counter()
    BUILD.mkdir(exist_ok=True)
    table = Table()
    with tempfile.TemporaryDirectory(dir=BUILD) as made:
        folder = Path(made)
        road = recorded_road(folder / "recorded")
        table.show("act, SQLite", transitions_measured.on_the_file, folder, road)
        with postgres.server() as uri:
            table.show("act, PostgreSQL", transitions_measured.on_the_server, folder, road, uri)
            table.show("act, two processes", transitions_measured.in_two_processes, folder, uri)
            table.show("two sweepers", firing_measured.two_sweepers, folder / "sweepers", uri)
        table.show("breachdesk --help", parts_measured.help_of_the_command)
        table.show("a worker's memory", serving_measured.memory_of_a_worker, folder / "served")
        table.show("signing in", serving_measured.signing_in, folder / "signing in")
        table.show("lists", lists_measured.lists, folder / "many")
        table.show("seeing", lists_measured.seeing, folder / "seeing")
        table.show("decide", parts_measured.deciding, folder / "deciding")
        table.show("due dates", dates_measured.due_dates)
        table.show("daily check", timers_measured.daily_check, folder / "daily")
        table.show("firing", firing_measured.firing, folder / "firing")
        with pending_measured.pending(folder / "pending") as desks:
            table.show("due scan", pending_measured.due_scan, desks)
            table.show("memory", pending_measured.memory, desks)
            table.show("APScheduler", pending_measured.beside_apscheduler, folder / "apscheduler", desks)
        table.show("an entry", log_measured.in_a_transition, folder / "entry")
        table.show("the log", log_measured.the_log, folder / "log")
        table.show("backups", backups_measured.backups, folder / "backups")
        table.show("moving", parts_measured.moving, folder / "moving")
    write_lines(table.lines, BUILD)
    print(f"\n{perf_counter() - begin:.0f} seconds; figures in build/bench.json")
    sys.exit(any(line.met is not True for line in table.lines))


if __name__ == "__main__":
    main()
