"""What a backup costs, and putting it back: beside SQLite's own copy, packed, and beside its dump as text, which is read in."""

from __future__ import annotations

import gzip
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import prepared_desk
from copying import EACH, MANY, with_entries
from measuring import Line, apart, ratio

from breachdesk.bootstrap import BY_OPERATOR, restore_desk
from breachdesk.casework.backups.backing_up import back_up
from breachdesk.casework.log.sealing import KEPT, seal

KEY = "twelve words that only the operator of this very desk can know"
ROUNDS = 3
_BACKUP, _DUMP = "backup", "dump.sql"


def backups(folder: Path, cases: int = MANY) -> list[Line]:
    """Back a desk with so many cases up, enciphered and not, and restore it; the memory of that, also with a tenth of the cases."""
    for name, many in (("many", cases), ("few", cases // 10)):
        _made(folder / name, many * EACH)
    many = folder / "many"
    works: dict[str, tuple[Callable[..., int], tuple[object, ...]]] = {
        "plain": (_backed_up, (many, "")), "enciphered": (_backed_up, (many, KEY)), "packed": (_packed, (many,)),
        "dumped": (_dumped, (many,)), "restored": (_restored, (many,)), "read in": (_read_in, (many,))}
    took, memory = {name: list[float]() for name in works}, {name: list[float]() for name in works}
    rows = 0
    for _ in range(ROUNDS):
        for name, (work, given) in works.items():
            (found, seconds), most = apart(_timed, work, *given)
            took[name].append(seconds)
            memory[name].append(most)
            rows = found or rows
    rates = {name: [rows / one for one in found] for name, found in took.items()}
    few = {name: apart(_timed, work, folder / "few", *given)[1] for name, work, given in (
        ("plain", _backed_up, ("",)), ("restored", _restored, ()))}
    size = (many / _BACKUP).stat().st_size / 1e6
    return [_beside(f"a backup of {cases:,} cases, {size:.0f} MB", rates, "plain", "packed", "SQLite's backup and gzip", 0.25),
            _beside("the same, enciphered", rates, "enciphered", "packed", "SQLite's backup and gzip", 0.25),
            _beside("the same, beside its twin in text", rates, "plain", "dumped", "SQLite's dump", 0.25),
            _beside("restoring it, all of it checked", rates, "restored", "read in", "reading SQLite's dump in", 0.3),
            *(_light(f"memory while {what}", median(memory[name]), few[name], cases // 10)
              for what, name in (("backing up", "plain"), ("restoring", "restored")))]


def _beside(name: str, rates: dict[str, list[float]], ours: str, theirs: str, who: str, least: float) -> Line:
    found = ratio(rates[ours], rates[theirs])
    return Line(name, median(rates[ours]), "rows/s", f"{who}, {median(rates[theirs]):,.0f}", found, f"at least {least}", found >= least)


def _light(name: str, many: float, few: float, cases: int) -> Line:
    met = many / few <= 1.2 and many < 150
    return Line(name, many, "MB", f"with {cases:,} cases, {few:.0f} MB", many / few, "at most 1.2, 150 MB", met)


def _made(folder: Path, entries: int) -> None:
    with_entries(folder, entries)
    desk = prepared_desk.opened(folder, "")
    seal(desk)
    desk.database.close()


def _timed(work: Callable[..., int], *given: object) -> tuple[int, float]:
    begin = perf_counter()
    rows = work(*given)
    return rows, perf_counter() - begin


def _backed_up(folder: Path, key: str) -> int:
    desk = prepared_desk.opened(folder, "")
    found = back_up(desk, BY_OPERATOR, folder / (f"{_BACKUP}.enciphered" if key else _BACKUP), key, force=True)
    desk.database.close()
    return found.rows


def _restored(folder: Path) -> int:
    with TemporaryDirectory(dir=folder) as place:
        shutil.copy(folder / KEPT, place)
        restore_desk(prepared_desk.settings_for(Path(place)), folder / _BACKUP, accept_loss=True, wall=lambda: prepared_desk.NOW)
    return 0


def _packed(folder: Path) -> int:
    """What one would type instead: a copy by SQLite itself, in one moment, and gzip as it comes."""
    copy = folder / "copy.db"
    with closing(sqlite3.connect(folder / "breachdesk.db")) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    with copy.open("rb") as content, gzip.open(f"{copy}.gz", "wb", compresslevel=6) as out:
        shutil.copyfileobj(content, out, 1024 * 1024)
    copy.unlink()
    return 0


def _dumped(folder: Path) -> int:
    """As SQL text, which any SQLite can read, and another database nearly."""
    with closing(sqlite3.connect(folder / "breachdesk.db")) as source, (folder / _DUMP).open("w", encoding="utf-8") as out:
        source.execute("BEGIN")
        for line in source.iterdump():
            out.write(f"{line}\n")
        out.flush()
        os.fsync(out.fileno())
    return 0


def _read_in(folder: Path) -> int:
    with TemporaryDirectory(dir=folder) as place, closing(sqlite3.connect(Path(place) / "breachdesk.db")) as target:
        target.execute("PRAGMA synchronous=FULL")
        target.executescript((folder / _DUMP).read_text("utf-8"))
    return 0
