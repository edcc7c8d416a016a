"""Checking a log that was exported, with no database and no desk: its lines, a checkpoint that was kept elsewhere, and the public key.

The file has a line for the whole, then one for each entry in the order of its place; those that were not sealed yet come last.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from breachdesk.audit.chain import Chains, StoredEntry
from breachdesk.audit.checkpoint import Checkpoint, Verifier, require_signed
from breachdesk.audit.merkle import WIDTH
from breachdesk.audit.verifying import Run, require_signed_roots, tree_over, walk
from breachdesk.errors import BadExport

FORMAT = "breachdesk-log/1"
_FIELDS = {"subject": int, "name": str, "body": str, "prev_hash": str, "hash": str}


@dataclass(frozen=True, slots=True)
class Checked:
    """An exported log that is whole: its entries, those of them that were sealed, its chains, and the checkpoints that agreed."""

    origin: str
    entries: int
    sealed: int
    chains: int
    checkpoints: int


def check_export(lines: Iterable[str], checkpoints: Sequence[Checkpoint], keys: Sequence[Verifier],
                 progress: Callable[[int], object] = lambda done: None) -> Checked:
    """Check an export. Raises BadExport with the line for a damaged file, BadCheckpoint, or LogBroken, naming the first bad entry."""
    for one in checkpoints:
        require_signed(one, keys)
    numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
    origin, size = _heading(next(numbered, (1, "")))
    for one in checkpoints:
        if one.origin != origin:
            raise BadExport(f"Line 1: this is the log “{origin[:80]}”, and the checkpoint is of “{one.origin[:80]}”.")
    reading = _Reading(numbered)
    # A checkpoint inside a tile needs the hashes of that tile; of all others their root is enough.
    run = walk(_in_parts(reading.sealed()), None, reading.name, progress=progress, keep={one.size // WIDTH for one in checkpoints})
    if run.entries != size:
        raise BadExport(f"Line 1 speaks of {size:,} sealed entries, and the file has {run.entries:,}: it was cut off, or "
                        "entries were taken out.")
    chains, waiting = Chains(reading.name), 0
    chains.heads = run.heads
    for entry in reading.waiting():
        chains.take((entry,))
        waiting += 1
    return Checked(origin, run.entries + waiting, run.entries, len(chains.heads), _agreed(run, checkpoints))


def _agreed(run: Run, checkpoints: Sequence[Checkpoint]) -> int:
    tree, _ = tree_over(run, lambda number: run.kept[number])
    return require_signed_roots(tree, sorted(checkpoints, key=lambda one: one.size))


def _in_parts(entries: Iterator[StoredEntry]) -> Iterator[list[StoredEntry]]:
    while part := list(islice(entries, WIDTH)):
        yield part


def _heading(first: tuple[int, str]) -> tuple[str, int]:
    heading = _object(*first)
    if heading.get("format") != FORMAT or not isinstance(heading.get("origin"), str) or type(heading.get("size")) is not int:
        raise BadExport(f"Line {first[0]}: this is no export of a log. It should begin with a line that says “format”: “{FORMAT}”, the "
                        "log's “origin” and its “size”.")
    if "only" in heading:
        raise BadExport(f"Line {first[0]}: this is only a part of the log ({str(heading['only'])[:60]}). What was signed is about all of "
                        "it: export it whole, without --case and --scheme.")
    return heading["origin"], heading["size"]


class _Reading:
    """The lines of an export as entries: first those with a place, in order, then those without."""

    def __init__(self, lines: Iterator[tuple[int, str]]) -> None:
        self._lines = lines
        self._names: dict[int, str] = {}
        self._first_waiting: StoredEntry | None = None

    def name(self, subject: int) -> str:
        return self._names.get(subject, f"Case number {subject}")

    def sealed(self) -> Iterator[StoredEntry]:
        for expected, (number, line) in enumerate(self._lines):
            place, entry = self._entry(number, line)
            if place is None:
                self._first_waiting = entry
                return
            if place != expected:
                raise BadExport(f"Line {number}: place {expected} should stand here, and “{place}” does. A line was lost, or moved.")
            yield entry

    def waiting(self) -> Iterator[StoredEntry]:
        if self._first_waiting:
            yield self._first_waiting
        for number, line in self._lines:
            place, entry = self._entry(number, line)
            if place is not None:
                raise BadExport(f"Line {number}: an entry with a place stands after one without. A line was moved.")
            yield entry

    def _entry(self, number: int, line: str) -> tuple[Any, StoredEntry]:
        found = _object(number, line)
        for field, kind in _FIELDS.items():
            if type(found.get(field)) is not kind:
                raise BadExport(f"Line {number}: “{field}” is missing, or is no {'number' if kind is int else 'text'}.")
        if not (found.get("place") is None or type(found["place"]) is int):
            raise BadExport(f"Line {number}: “place” is no number.")
        self._names.setdefault(found["subject"], found["name"])
        says = _object(number, found["body"])
        if type(says.get("seq")) is not int or not isinstance(says.get("event"), str):
            raise BadExport(f"Line {number}: “body” is no entry of a log.")
        return found.get("place"), StoredEntry(found["subject"], says["seq"], says["event"],
                                               found["body"].encode("utf-8", "surrogatepass"), found["prev_hash"], found["hash"])


def _object(number: int, line: str) -> dict[str, Any]:
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise BadExport(f"Line {number}: this is no JSON: {getattr(error, 'msg', 'it is nested too deeply')}. Was the file cut off or "
                        "edited?") from error
    if not isinstance(found, dict):
        raise BadExport(f"Line {number}: this should be an object in braces.")
    return found

