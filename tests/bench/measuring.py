"""How things are measured: each contender in a process of its own, in interleaved rounds, by medians."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `ratio` is against what `against` names; `met` is None where the goal could not be looked at."""

    name: str
    value: float | None
    unit: str
    against: str
    ratio: float | None
    goal: str
    met: bool | None

    def said(self) -> str:
        value = "-" if self.value is None else f"{self.value:,.0f}" if self.value >= 100 else f"{self.value:,.3g}"
        ratio = "-" if self.ratio is None else f"{self.ratio:.2f}"
        met = {True: "yes", False: "NO", None: "not measured"}[self.met]
        return f"{self.name:44} {value:>9} {self.unit:6} {ratio:>6}  {self.against:44} {self.goal:16} {met}"


HEADING = f"{'what':44} {'value':>9} {'unit':6} {'ratio':>6}  {'against':44} {'goal':16} met"


def write_lines(lines: Sequence[Line], folder: Path) -> None:
    """Keep the lines for programs. The folder says itself that it is not for the repository."""
    folder.mkdir(exist_ok=True)
    (folder / ".gitignore").write_text("*\n", "utf-8")
    (folder / "bench.json").write_text(json.dumps([asdict(line) for line in lines], indent=1, ensure_ascii=False) + "\n", "utf-8")


class Side:
    """A contender in a process of its own, so that none profits from what another has loaded."""

    def __init__(self, make: Callable[..., Callable[[], object]], *given: Any) -> None:
        context = get_context("spawn")
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make, given), daemon=True)
        self._process.start()
        theirs.close()
        self._pipe.recv()

    def start(self, times: int) -> None:
        self._pipe.send(times)

    def seconds(self) -> float:
        """How long it took; waits until it is done. Raises EOFError when the contender has failed (it has said why)."""
        return float(self._pipe.recv())

    def end(self) -> None:
        self._pipe.close()
        self._process.join(10)


def _serve(pipe: Connection, make: Callable[..., Callable[[], object]], given: tuple[Any, ...]) -> None:
    one = make(*given)
    pipe.send("ready")
    while True:
        try:
            times = pipe.recv()
        except EOFError:
            return
        begin = perf_counter()
        for _ in range(times):
            one()
        pipe.send(perf_counter() - begin)


def interleaved(sides: Mapping[str, Sequence[Side]], times: int, rounds: int) -> dict[str, list[float]]:
    """How many a second each contender did in each round, A B A B. Several sides under one name run at the same time."""
    rates: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds + 1):
        for name, together in sides.items():
            begin = perf_counter()
            for side in together:
                side.start(times)
            alone = [side.seconds() for side in together]
            seconds = perf_counter() - begin if len(together) > 1 else alone[0]
            rates[name].append(times * len(together) / seconds)
    # The first round warms up caches, prepared statements and the file system.
    return {name: found[1:] for name, found in rates.items()}


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The median of the rounds' own ratios: what drifts from round to round drifts for both."""
    return median(a / b for a, b in zip(ours, theirs, strict=True))


def apart(work: Callable[..., Any], *given: Any) -> tuple[Any, float]:
    """What a piece of work gives back, and how many MB it took at most, in a process of its own."""
    context = get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_send, args=(theirs, work, given))
    process.start()
    theirs.close()
    found: tuple[Any, float] = ours.recv()
    process.join()
    return found


def _send(pipe: Connection, work: Callable[..., Any], given: tuple[Any, ...]) -> None:
    found = work(*given)
    pipe.send((found, highest()))


def highest() -> float:
    """The most MB that this process has had: what getrusage says begins with that of the process it was made by."""
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) / 1024


def by_turns(times: int, one: Callable[[], object], other: Callable[[], object]) -> tuple[float, float]:
    """The median seconds of each, A B A B; the first turn is for warming up."""
    taken: tuple[list[float], list[float]] = [], []
    for _ in range(times + 1):
        for found, work in zip(taken, (one, other), strict=True):
            begin = perf_counter()
            work()
            found.append(perf_counter() - begin)
    return median(taken[0][1:]), median(taken[1][1:])
