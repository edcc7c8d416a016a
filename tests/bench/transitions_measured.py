"""The desk's main figure: audited transitions a second, against SQL by hand and against Django, on both databases."""

from __future__ import annotations

import shutil
from pathlib import Path
from statistics import median

import postgres
import prepared_desk
from acting import by_the_desk
from by_hand import on_postgres, on_sqlite
from measuring import Line, Side, interleaved, ratio
from recording import Written
from with_django import by_django

ROUNDS = 7
TIMES = prepared_desk.BATCH * len(prepared_desk.ROAD)
CASES = prepared_desk.BATCH * (ROUNDS + 1)


def on_the_file(folder: Path, road: list[Written]) -> list[Line]:
    prepared_desk.make_desk(folder / "desk", "", CASES)
    for name in ("hand", "django"):
        shutil.copytree(folder / "desk", folder / name)
    sides = {"act": [Side(by_the_desk, folder / "desk", "", 1, CASES)],
             "hand": [Side(on_sqlite, folder / "hand", road, 1, CASES)],
             "django": [Side(by_django, folder / "django", "", road, 1, CASES)]}
    return _lines("SQLite", _rates(sides), 0.5)


def on_the_server(folder: Path, road: list[Written], uri: str) -> list[Line]:
    first = postgres.new_database(uri, "desk")
    prepared_desk.make_desk(folder / "postgres", first, CASES)
    hand, django = (postgres.new_database(uri, name, "desk") for name in ("hand", "django"))
    sides = {"act": [Side(by_the_desk, folder / "postgres", first, 1, CASES)],
             "hand": [Side(on_postgres, hand, road, 1, CASES)],
             "django": [Side(by_django, folder, django, road, 1, CASES)]}
    return _lines("PostgreSQL", _rates(sides), 0.65)


def in_two_processes(folder: Path, uri: str) -> list[Line]:
    rounds = 4
    half = prepared_desk.BATCH * 2 * (rounds + 1)
    url = postgres.new_database(uri, "two")
    prepared_desk.make_desk(folder / "two", url, half * 2)
    one, other = Side(by_the_desk, folder / "two", url, 1, half), Side(by_the_desk, folder / "two", url, half + 1, half * 2)
    rates = interleaved({"one": [one], "two": [one, other]}, TIMES, rounds)
    one.end()
    other.end()
    found = ratio(rates["two"], rates["one"])
    return [Line("act, two processes on PostgreSQL", median(rates["two"]), "/s", f"one process, {median(rates['one']):,.0f} /s", found,
                 "at least 1.5", found >= 1.5)]


def _rates(sides: dict[str, list[Side]]) -> dict[str, list[float]]:
    rates = interleaved(sides, TIMES, ROUNDS)
    for together in sides.values():
        for side in together:
            side.end()
    return rates


def _lines(place: str, rates: dict[str, list[float]], goal: float) -> list[Line]:
    ours = median(rates["act"])
    hand, django = ratio(rates["act"], rates["hand"]), ratio(rates["act"], rates["django"])
    return [Line(f"act, {place}", ours, "/s", f"hand-written SQL, {median(rates['hand']):,.0f} /s", hand, f"at least {goal}",
                 hand >= goal),
            Line(f"act against Django, {place}", ours, "/s", f"django-fsm-2 with its log, {median(rates['django']):,.0f} /s", django,
                 "at least 3", django >= 3)]
