"""A backup of the whole desk in one file, while it is served: every table in one moment, the files of cases, and what lies beside them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO

from breachdesk.audit.chain import Doer
from breachdesk.casework.backups.backup_file import About, Writing
from breachdesk.casework.backups.enciphering import Enciphering
from breachdesk.casework.desk import Desk
from breachdesk.casework.files import FOLDER, folder_of
from breachdesk.casework.forgetting import erasures_kept
from breachdesk.casework.log.log_keys import BEFORE, FILE
from breachdesk.casework.log.sealing import KEPT, seal_quietly
from breachdesk.errors import Refused
from breachdesk.store import copying, migrating, rooms, sealed
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

# What a desk cannot be without, and whoever has it can sign for the desk and read second steps.
KEYS = (FILE, BEFORE, "secret_key")
BESIDE = (KEPT, erasures_kept.FILE)
Progress = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class BackedUp:
    """A backup that was made: where, how large, of when, how much is in it, and the checkpoint of that moment (or "")."""

    path: str
    size: int
    made_at: str
    rows: int
    files: int
    entries: int
    checkpoint: str
    enciphered: bool
    with_keys: bool


def back_up(desk: Desk, doer: Doer, path: Path, key: str = "", *, with_keys: bool = False, force: bool = False,
            progress: Progress = lambda done, total: None) -> BackedUp:
    """Write a backup to PATH, whole or not at all; enciphered with a KEY. WITH_KEYS puts the desk's own keys into it, too.

    The log says that it was made. Raises Refused when there is such a file already (without FORCE), or for keys without a cipher.
    """
    if path.exists() and not force:
        raise Refused(f"There is a file {path.name} already. Choose another name, or put this backup in its place: --force")
    if with_keys and not key:
        raise Refused("The desk's keys go only into a backup that is enciphered: whoever has them can sign in the desk's name. Set "
                      "BREACHDESK_BACKUP_KEY, or leave --with-keys out and copy the keys yourself.")
    desk.database.transact(lambda session: record_for_desk(session, "desk:backed_up", desk.now(session), doer, {
        "enciphered": bool(key), "with_keys": with_keys}) and None)
    seal_quietly(desk)
    made_at = desk.wall().isoformat()
    with _whole_or_not(path) as out:
        stream: Any = Enciphering(out, key) if key else out
        with copying.still(desk.database) as session:
            rows, files, note = _written(session, desk, stream, made_at, with_keys=with_keys, progress=progress)
            entries = copying.count(session, "entries")
        if key:
            stream.close()
    return BackedUp(str(path), path.stat().st_size, made_at, rows, files, entries, note, bool(key), with_keys)


def _written(session: Session, desk: Desk, stream: Any, made_at: str, *, with_keys: bool, progress: Progress) -> tuple[int, int, str]:
    """Write all of it; how many rows and files, and the checkpoint of that moment."""
    shapes = copying.shapes()
    writing = Writing(stream, About(made_at, version("breachdesk"), migrating.newest(), desk.practice, tuple(shapes)))
    stored, last = rooms.stored_names(session, gone=False), sealed.last_checkpoint(session)
    counts = {name: copying.count(session, name) for name, _ in shapes}
    rows, total = 0, sum(counts.values()) + len(stored)
    for shape in shapes:
        for more in writing.add_rows(shape[0], copying.rows_of(session, shape)):
            rows += more
            progress(rows, total)
    files = 0
    for number, name in enumerate(sorted(stored), start=1):
        # One that is gone was erased, was infected, or waits for that: what the log says of it is in the tables.
        if (path := folder_of(desk) / name).is_file():
            files += _added(writing, f"{FOLDER}/{name}", path)
        progress(rows + number, total)
    for name in (*BESIDE, *(KEYS if with_keys else ())):
        if (path := desk.data_path / name).is_file():
            writing.add(name, path.read_bytes())
    note = last.note if last else ""
    writing.close({"rows": counts, "files": files, "checkpoint": note, "with_keys": with_keys})
    return rows, files, note


def _added(writing: Writing, name: str, path: Path) -> bool:
    try:
        writing.add_file(name, path)
    except FileNotFoundError:
        return False
    return True


@contextmanager
def _whole_or_not(path: Path) -> Iterator[BinaryIO]:
    """A file beside the one that is wanted, which only its owner reads, and which takes its name when all of it is on the disk."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
