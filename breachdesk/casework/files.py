"""Files that people add to a case: taken in, kept in the desk's folder under a random name, scanned, and handed out again.

A file lies where the message lies that it came with. What is in the folder and in no case is taken away by `forget_strays`.
"""

from __future__ import annotations

import os
import secrets
import shlex
import subprocess  # noqa: S404  The operator's own scanner.
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog

from breachdesk.audit.chain import Doer
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.desk import Desk
from breachdesk.casework.file_kinds import NotTaken, clean_name, kind_of
from breachdesk.casework.file_words import FileWords, words_in
from breachdesk.errors import Invalid
from breachdesk.identity import THE_CLOCK
from breachdesk.store import rooms
from breachdesk.store.cases import read_case
from breachdesk.store.rooms import NewFile
from breachdesk.store.session import Session
from breachdesk.workflow.definition import CLOCK

log = structlog.get_logger()
FOLDER = "files"
MEGABYTE = 1_000_000
WAITING, CLEAN, NOT_SCANNED, INFECTED = "waiting", "clean", "not_scanned", "infected"
# What the scanner's exit code says; anything else means that it could not tell.
_SAYS = {0: CLEAN, 1: INFECTED}
_PATIENCE_SECONDS = 120
_AGAIN = timedelta(minutes=10)
_STRAY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A file as somebody sent it: what it is called there, and what is in it."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Taken:
    """A file that is in the folder, and what it is called."""

    name: str
    row: NewFile


def folder_of(desk: Desk) -> Path:
    return desk.data_path / FOLDER


@contextmanager
def taken_in(desk: Desk, incoming: Incoming | None, side: str) -> Iterator[Taken | None]:
    """Check a file and put it into the desk's folder; take it away again when what is done with it fails. Raises Invalid, in words."""
    if incoming is None:
        yield None
        return
    try:
        name = clean_name(incoming.name)
        kind = _checked(desk, name, incoming.content)
    except NotTaken as why:
        raise Invalid({"file": str(why)}) from None
    stored = secrets.token_hex(24)
    path = folder_of(desk) / stored
    state = WAITING if desk.files.scanner else NOT_SCANNED
    _write(path, incoming.content)
    try:
        yield Taken(name, NewFile(stored, sha256(incoming.content).hexdigest(), kind, len(incoming.content), side, state))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def words_of_file(desk: Desk, row: Any) -> FileWords:
    """The words in a file that a case has, as far as they can be read; of one that is not there, none."""
    try:
        return words_in(row.kind, (folder_of(desk) / row.stored).read_bytes())
    except OSError:
        return FileWords("", all_of_it=True)


def drop(desk: Desk, taken: Taken) -> None:
    """Take a file away that nothing came of."""
    (folder_of(desk) / taken.row.stored).unlink(missing_ok=True)


def _checked(desk: Desk, name: str, content: bytes) -> str:
    if len(content) > desk.files.megabytes * MEGABYTE:
        raise NotTaken(f"The file is larger than {desk.files.megabytes} megabytes. Make it smaller, or send it in parts.")
    return kind_of(name, content)


def _write(path: Path, content: bytes) -> None:
    """Put a file where only the desk reads it, whole and on the disk, before any row says that it is there."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        path.unlink(missing_ok=True)
        raise


def scan_waiting_files(desk: Desk, most: int = 50) -> int:
    """Let the scanner look at what waits for it; of how many files it could tell. One that it cannot tell of stays where it is."""
    if not desk.files.scanner:
        return 0
    with desk.database.read() as session:
        waiting = rooms.files_to_scan(session, desk.wall(), most)
    return sum(_scanned(desk, row.case_id, row.seq, row.stored) for row in waiting)


def _scanned(desk: Desk, case_id: int, seq: int, stored: str) -> bool:
    path = folder_of(desk) / stored
    found = _look(desk.files.scanner, path)

    def work(session: Session) -> None:
        first = rooms.note_scan(session, stored, found or WAITING, None if found else desk.wall() + _AGAIN)
        if found and first:
            _note(session, desk, case_id, {"of": seq, "found": found})

    desk.database.transact(work)
    if found == INFECTED:
        path.unlink(missing_ok=True)
    return found is not None


def _look(scanner: str, path: Path) -> str | None:
    """What the scanner says of a file; None when it could not tell, or is not there."""
    try:
        done = subprocess.run([*shlex.split(scanner), str(path)], capture_output=True, timeout=_PATIENCE_SECONDS, check=False)  # noqa: S603
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        log.error("scanner_failed", error=type(error).__name__)
        return None
    return _SAYS.get(done.returncode)


def _note(session: Session, desk: Desk, case_id: int, facts: dict[str, object]) -> None:
    case = read_case(session, case_id=case_id)
    if case is None:
        raise LookupError(f"a file belongs to case {case_id}, which is not there")
    note_in_case(session, case, "file:scanned", Doer(THE_CLOCK.account_id, CLOCK), facts, desk.now(session))


def forget_strays(desk: Desk) -> int:
    """Take away what is in the folder and in no case: left by an upload that ended half-way. How many there were."""
    if not folder_of(desk).exists():
        return 0
    old = [path for path in folder_of(desk).iterdir() if _lies_there(path, desk.wall()) > _STRAY]
    with desk.database.read() as session:
        known = rooms.stored_names(session) if old else set()
    strays = [path for path in old if path.name not in known]
    for path in strays:
        path.unlink(missing_ok=True)
    return len(strays)


def _lies_there(path: Path, now: datetime) -> timedelta:
    with suppress(OSError):
        return now - datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return timedelta()
