"""What was erased, kept in a file outside the database: so that a backup from before can be restored without bringing it back.

Each line says by numbers and digests what went: nothing of what stood there. What is named by a number is named with the hash of the entry
that it belongs to, too, so that no later case that has the same number is ever mistaken for it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.desk import Desk
from breachdesk.errors import BadBackup, Refused
from breachdesk.store import audit_log, erasing
from breachdesk.store.audit_log import DESK_SUBJECT
from breachdesk.store.session import Session

FILE = "erasures.txt"
# What a restored backup says of each that it did again, so that it is done again after the next one, too.
AGAIN = "erasure:repeated"
NOTES = "note:gone"
EVENTS = ("erasure:done", "disposal:done", NOTES, AGAIN)


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
    with desk.database.read() as session:
        all_of_them = list(_erased(session))
    for path in kept_files(desk):
        known = {one.entry for one in read_erasures(path)} if path.exists() else set()
        append([one for one in all_of_them if one.entry not in known], path)


def kept_files(desk: Desk) -> list[Path]:
    """The files that hold what was erased."""
    return [desk.data_path / FILE, *([Path(f"{desk.outside.file}.{FILE}")] if desk.outside.file else [])]


def append(new: Sequence[Erased], path: Path) -> None:
    """Add lines to a file that is only ever added to."""
    if new:
        cut = path.exists() and not path.read_bytes().endswith(b"\n")
        with path.open("a", encoding="utf-8") as file:
            file.write("\n" * cut + "".join(f"{json.dumps(asdict(one), separators=(',', ':'))}\n" for one in new))


def read_erasures(path: Path) -> list[Erased]:
    """The lines of a file; see `parse_erasures`."""
    return parse_erasures(path.read_text("utf-8", "replace"), path.name)


def parse_erasures(text: str, where: str) -> list[Erased]:
    """What the lines of a file say. A last one that was cut off by a crash is passed over: it is written again.

    Raises BadBackup for any other that cannot be read.
    """
    found, lines = [], text.splitlines()
    for number, line in enumerate(lines, start=1):
        try:
            says = json.loads(line)
            found.append(Erased(**{**says, "details": tuple((int(seq), str(name), str(entry)) for seq, name, entry in says["details"]),
                                   "files": tuple(map(str, says["files"]))}))
        except (ValueError, TypeError, KeyError) as error:
            if number < len(lines):
                raise BadBackup(f"{where}, line {number}: this is not what was erased once. The file was damaged: take it from a "
                                "copy.") from error
    return found


def _erased(session: Session) -> Iterator[Erased]:
    """What the log says was erased, oldest first."""
    for subject, entry, body in erasing.entries_called(session, EVENTS):
        content: Any = read_body(body)
        hashes = erasing.hashes_of(session, subject, {1, *_entries_named(content["facts"])})
        notes = {seq: read_body(audit_log.body_of(session, subject, seq) or b"{}") for seq in content["facts"].get("notes", ())}
        yield _said(entry, content, hashes, notes, erasing.made_at(session, _account(content)))


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
