"""`make bench`: how fast the desk is, against hand-written SQL and against what one would use instead, in one run."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

import postgres
import transitions_measured
from measuring import HEADING, Line, write_lines
from recording import recorded_road

from breachdesk.store.session import journal_mode

BUILD = Path(__file__).parents[2] / "build"


def main() -> None:
    """Measure everything; the exit status says whether every goal is met."""
    begin = perf_counter()
    lines: list[Line] = []

    def show(*found: Line) -> None:
        lines.extend(found)
        for line in found:
            print(line.said(), flush=True)

    BUILD.mkdir(exist_ok=True)
    print(f"SQLite: journal_mode={journal_mode()}, synchronous=FULL; PostgreSQL: as it comes; medians of interleaved rounds\n{HEADING}")
    with tempfile.TemporaryDirectory(dir=BUILD) as made:
        folder = Path(made)
        road = recorded_road(folder / "recorded")
        show(*transitions_measured.on_the_file(folder, road))
        with postgres.server() as uri:
            show(*transitions_measured.on_the_server(folder, road, uri))
            show(transitions_measured.in_two_processes(folder, uri))
    write_lines(lines, BUILD)
    print(f"\n{perf_counter() - begin:.0f} seconds; figures in build/bench.json")
    sys.exit(any(line.met is not True for line in lines))


if __name__ == "__main__":
    main()
