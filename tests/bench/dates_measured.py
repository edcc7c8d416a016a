"""Due dates: one after the other without the trace, and whole files of them by the command's own way."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import median
from time import perf_counter

from measuring import Line

from breachdesk.casework.deadlines import calendar_named, reckon_rows
from breachdesk.timekeeping.ledger import Ledger, due_on
from breachdesk.timekeeping.limits import WorkingDays

MANY = 100_000
ROUNDS = 7


def due_dates() -> list[Line]:
    """Ledgers of different days and lengths, as they are: they are made before the clock runs."""
    calendar = calendar_named("england-and-wales")
    ledgers = [Ledger(date(2024, 1, 1) + timedelta(days=n % 1400), WorkingDays(1 + n % 40)) for n in range(MANY)]
    rows = [f"england-and-wales,{ledger.start},{ledger.limit.n}\n" for ledger in ledgers]
    seconds: tuple[list[float], list[float]] = [], []
    for _ in range(ROUNDS + 1):
        begin = perf_counter()
        for ledger in ledgers:
            due_on(ledger, calendar)
        between = perf_counter()
        found = sum(1 for row in reckon_rows(["calendar,from,working_days\n", *rows], _no_fault) if row[-1])
        seconds[0].append(between - begin)
        seconds[1].append(perf_counter() - between)
        if found != MANY + 1:
            raise RuntimeError("a row has no due day")
    one, batch = (MANY / median(taken[1:]) for taken in seconds)
    return [Line("due dates without the trace", one, "/s", "", None, "500,000", one >= 500_000),
            Line("due dates of a file of rows", batch, "/s", "", None, "100,000", batch >= 100_000)]


def _no_fault(line: int, column: str, words: str) -> None:
    raise RuntimeError(f"line {line}, {column}: {words}")
