"""What was erased, kept in a file outside the database: so that a backup from before can be restored without bringing it back.

Each line says by numbers and digests what went: nothing of what stood there. What is named by a number is named with the hash of the entry
that it belongs to, too, so that no later case that has the same number is ever mistaken for it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.desk import Desk
from breachdesk.errors import BadBackup, Refused
from breachdesk.store import audit_log, erasing
from breachdesk.store.audit_log import DESK_SUBJECT
from breachdesk.store.columns import as_bytes
from breachdesk.store.session import Session

FILE = "erasures.txt"
# What a restored backup says of each that it did again, so that it is done again after the next one, too.
AGAIN = "erasure:repeated"
NOTES = "note:gone"
EVENTS = ("erasure:done", "disposal:done", NOTES, AGAIN)
# How many entries have to be in the log and in the file before those further back are taken for kept.
_IN_BOTH, _AT_ONCE, _BLOCK = 20, 40, 1 << 15


@dataclass(frozen=True, slots=True)
class Erased:
    """What one entry of the log says was erased. `entry` is that entry's hash, `first` that of the first entry of its chain; `since` is
    when the account was made; `details` has for each text its entry's number, its name, and that entry's hash."""

    entry: str
    event: str
    at: str
    ground: str
    subject: int
    first: str
    account: int
    since: str
    whole: bool
    details: tuple[tuple[int, str, str], ...]
    files: tuple[str, ...]


def keep_erasures(desk: Desk) -> None:
    """Add what the log says was erased to the file beside the database, and to the one beside the checkpoints that are kept elsewhere.

    Raises OSError where one of them cannot be reached: then it is tried again.
    """
    for path in kept_files(desk):
        with desk.database.read() as session:
            new = [_erased(session, row) for row in _not_kept(session, path)]
        _append(new, path)


def _not_kept(session: Session, path: Path) -> list[Any]:
    """The entries that the file does not have, oldest first. It costs what is new, and not what the file holds: log and file are read from
    their ends on, until a few entries are in both. One that was written at the same time as another may have become visible after it."""
    known, all_of_it = _last_kept(path)
    new, met = list[Any](), 0
    for row in _newest_first(session):
        if row.hash not in known:
            new.append(row)
        elif (met := met + 1) == _IN_BOTH:
            break
    if met < _IN_BOTH and not all_of_it:
        # Its last lines are of entries that this log does not have: an older backup was restored.
        known = {one.entry for one in read_erasures(path)}
    return [row for row in reversed(new) if row.hash not in known]


def _newest_first(session: Session) -> Iterator[Any]:
    before = None
    while rows := erasing.newest_called(session, EVENTS, before, _AT_ONCE):
        yield from rows
        before = rows[-1].id


def _last_kept(path: Path) -> tuple[set[str], bool]:
    """The entries that the last lines of a file are about, and whether that is all of it."""
    if not path.exists():
        return set(), True
    size, block = path.stat().st_size, _BLOCK
    with path.open("rb") as file:
        while True:
            file.seek(max(size - block, 0))
            text = file.read()
            if block >= size or text.count(b"\n") > _AT_ONCE:
                break
            block *= 2
    # The first line of a part is the end of one.
    lines = text if block >= size else text.partition(b"\n")[2]
    return {one.entry for one in parse_erasures(lines.decode("utf-8", "replace"), f"{path.name}, near its end")}, block >= size


def kept_files(desk: Desk) -> list[Path]:
    """The files that hold what was erased."""
    return [desk.data_path / FILE, *([Path(f"{desk.outside.file}.{FILE}")] if desk.outside.file else [])]


def _append(new: Sequence[Erased], path: Path) -> None:
    """Add lines to a file that is only ever added to."""
    if new:
        cut = path.exists() and not _ends_a_line(path)
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" * cut + "".join(f"{json.dumps(asdict(one), separators=(',', ':'))}\n" for one in new))


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 1), os.SEEK_END)
        return file.read() == b"\n"


def read_erasures(path: Path) -> list[Erased]:
    """The lines of a file; see `parse_erasures`."""
    return parse_erasures(path.read_text("utf-8", "replace"), path.name)


def parse_erasures(text: str, where: str) -> list[Erased]:
    """What the lines of a file say. One that was cut off by a crash is passed over: it is written again, or is so further on.

    Raises BadBackup for any other that cannot be read.
    """
    found, lines = [], text.splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            says = json.loads(line)
            found.append(Erased(**{**says, "details": tuple((int(seq), str(name), str(entry)) for seq, name, entry in says["details"]),
                                   "files": tuple(map(str, says["files"]))}))
        except (ValueError, TypeError, KeyError) as error:
            if number < len(lines) and not any(later.startswith(line) for later in lines[number:]):
                raise BadBackup(f"{where}, line {number}: this is not what was erased once. The file was damaged: take it from a "
                                "copy.") from error
    return found


def _erased(session: Session, row: Any) -> Erased:
    """What an entry of the log says was erased."""
    content: Any = read_body(as_bytes(row.body))
    hashes = erasing.hashes_of(session, row.subject, {1, *_entries_named(content["facts"])})
    notes = {seq: read_body(audit_log.body_of(session, row.subject, seq) or b"{}") for seq in content["facts"].get("notes", ())}
    return _said(row.hash, content, hashes, notes, erasing.made_at(session, _account(content)))


def erased_in_export(file: IO[str]) -> list[Erased]:
    """What an export of the log (JSON lines) says was erased. Raises Refused for what is none."""
    told = [(line, content) for line, content in _export_lines(file) if content.get("event") in EVENTS]
    wanted = {(content["subject"], seq) for _, content in told for seq in (1, *_entries_named(content["facts"]))}
    file.seek(0)
    hashes, bodies = dict[int, dict[int, str]](), dict[int, dict[int, Any]]()
    for line, content in _export_lines(file):
        if (key := (content.get("subject", -1), content.get("seq", 0))) in wanted:
            hashes.setdefault(key[0], {})[key[1]] = line["hash"]
            bodies.setdefault(key[0], {})[key[1]] = content
    return [_said(line["hash"], content, hashes.get(content["subject"], {}), bodies.get(content["subject"], {}), "")
            for line, content in told]


def _export_lines(file: IO[str]) -> Iterator[tuple[Any, Any]]:
    """Each entry of an export: its line, and what it says."""
    for number, line in enumerate(file, 1):
        try:
            said = json.loads(line)
            content = json.loads(said["body"]) if "body" in said else {}
            if content:
                said["hash"], content["subject"], content["facts"]
        except (ValueError, TypeError, KeyError):
            raise Refused(f"Line {number} of the file is not a line of an exported log. Export it with: breachdesk audit export --format "
                          "jsonl FILE") from None
        yield said, content


def _entries_named(facts: Any) -> set[int]:
    return {seq for seq, _ in facts.get("details", ())} | set(facts.get("notes", ()))


def _account(content: Any) -> int:
    return int(content["facts"].get("account", 0)) if content["subject"] == DESK_SUBJECT else 0


def _said(entry: str, content: Any, hashes: Mapping[int, str], notes: Mapping[int, Any], since: str) -> Erased:
    """What one entry says was erased. A note that is gone took all that its entry binds."""
    facts = content["facts"]
    noted = ((seq, name) for seq in facts.get("notes", ()) for name in notes.get(seq, {}).get("details", ()))
    details = [*facts.get("details", ()), *noted]
    return Erased(entry, content["event"], content["at"], facts.get("ground", ""), content["subject"], hashes.get(1, ""), _account(content),
                  since, _whole(content), tuple((seq, name, hashes.get(seq, "")) for seq, name in details), tuple(facts.get("files", ())))


def _whole(content: Any) -> bool:
    """Whether everything of a case went, and not what concerns one person, or its files alone."""
    facts, event = content["facts"], content["event"]
    if content["subject"] == DESK_SUBJECT or event == NOTES:
        return False
    return bool(facts["whole"] if event == AGAIN else facts["what"] == "record" if event == "disposal:done" else not facts["account"])
