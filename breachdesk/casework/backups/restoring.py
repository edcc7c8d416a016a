"""Restoring a backup: it is read through and compared with what is known outside before anything is written, and owned up to afterwards.

`bootstrap.restore_desk` puts the three parts together: `look`, `fill`, `own_up`.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.audit.checkpoint import Verifier, read_verifier
from breachdesk.casework.backups.backing_up import BESIDE, KEYS, Progress
from breachdesk.casework.backups.backup_compared import Compared, Known, compare
from breachdesk.casework.backups.backup_file import TABLES, Listed, members, read_through
from breachdesk.casework.desk import Desk
from breachdesk.casework.files import FOLDER
from breachdesk.casework.forgetting import erasures_kept
from breachdesk.casework.forgetting.erasing_again import erase_again
from breachdesk.casework.forgetting.erasures_kept import Erased, parse_erasures
from breachdesk.casework.forgetting.leftovers import KEEP
from breachdesk.casework.log.log_keys import begin_again
from breachdesk.casework.log.sealing import KEPT
from breachdesk.errors import BadBackup
from breachdesk.store import copying, desk_row, erasing, migrating, notices, sealed
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Database, Session

_STORED = re.compile(r"files/[0-9a-f]{48}", re.ASCII)
_BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Looked:
    """A backup that was read through: what it says, the keys that its log was signed by, what was erased until then, and how it compares
    with what is known outside."""

    listed: Listed
    keys: tuple[Verifier, ...]
    erased: tuple[Erased, ...]
    compared: Compared


def look(path: Path, key: str, known: Sequence[Known]) -> Looked:
    """Read all of a backup, and compare it. Raises BadBackup or BadCheckpoint."""
    listed = read_through(path, key, keep=(f"{TABLES}/log_keys/", erasures_kept.FILE))
    if not migrating.is_known(listed.about.revision):
        raise BadBackup(f"The backup was made by Breachdesk {listed.about.program[:20]}, whose tables (“{listed.about.revision[:20]}”) "
                        "this version does not know. Install that version or a newer one, and restore there.")
    shape = next((one for one in listed.about.shapes if one[0] == "log_keys"), ("log_keys", ()))
    rows = [json.loads(line) for name, raw in listed.kept.items() if name.startswith(TABLES) for line in raw.splitlines()]
    place = [name for name, _ in shape[1]].index("verifier") if rows else 0
    keys = tuple(read_verifier(row[place]) for row in reversed(rows))
    erased = parse_erasures(listed.kept.get(erasures_kept.FILE, b"").decode("utf-8", "replace"), erasures_kept.FILE)
    return Looked(listed, keys, tuple(erased), compare(listed.about.made_at, listed.says["checkpoint"], keys, known))


@contextmanager
def all_or_nothing(database: Database, data_path: Path) -> Iterator[None]:
    """What was written into an empty database and folder is taken away again when it fails."""
    before = {name: (data_path / name).read_bytes() for name in (*BESIDE, *KEYS) if (data_path / name).is_file()}
    try:
        yield
    except BaseException:
        copying.remove_everything(database)
        shutil.rmtree(data_path / FOLDER, ignore_errors=True)
        for name in (*BESIDE, *KEYS):
            if name in before:
                (data_path / name).write_bytes(before[name])
            else:
                (data_path / name).unlink(missing_ok=True)
        raise


def fill(database: Database, data_path: Path, path: Path, key: str, listed: Listed, progress: Progress) -> None:
    """Put everything that is in the backup into a database without tables and a folder without files. Keys that are there stay."""
    about, rows = listed.about, listed.says["rows"]
    shapes, total, done = dict(about.shapes), sum(rows.values()) + listed.says["files"], 0
    migrating.upgrade(database, about.revision)

    def work(session: Session) -> None:
        nonlocal done
        done = 0
        copying.empty(session, about.shapes)
        for name, content in members(path, key):
            kind, _, rest = name.partition("/")
            if kind == TABLES:
                lines = content.read().splitlines()
                copying.put_rows(session, (rest.partition("/")[0], shapes[rest.partition("/")[0]]), map(json.loads, lines))
                done += len(lines)
            elif _STORED.fullmatch(name) or (name in (KEPT, *KEYS) and not (data_path / name).exists()):
                _write(data_path / name, content)
                done += kind == FOLDER
            progress(done, total)
        copying.count_on(session, about.shapes)
    database.transact(work)
    migrating.upgrade(database)


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        shutil.copyfileobj(content, file, _BLOCK)
        file.flush()
        os.fsync(file.fileno())


@dataclass(frozen=True, slots=True)
class OwnedUp:
    """What was done so that a restored desk can go on in the open: its log's new key, how many erasures were repeated, and how many
    messages wait."""

    key: str
    erased_again: int
    messages: int


def own_up(desk: Desk, looked: Looked, erased: Iterable[Erased], doer: Doer) -> OwnedUp:
    """Let the log say that a backup was restored, and go on under another name; erase again; hold back messages. All of it or none."""
    def work(session: Session) -> OwnedUp:
        old, new = begin_again(session, desk)
        now = desk.now(session)
        record_for_desk(session, "desk:restored", now, doer, {
            "made_at": looked.listed.about.made_at, "entries": looked.compared.entries, "known": looked.compared.known, "old_key": old,
            "key": str(new.verifier)})
        again = erase_again(session, desk, erased, doer, now)
        for row in sealed.copies(session):
            sealed.forget_copy(session, row.kept_by)
        desk_row.hold_messages(session, desk.wall())
        erasing.leave_over(session, [KEEP], desk.wall())
        return OwnedUp(str(new.verifier), again, notices.counts(session)[0])
    return desk.database.transact(work)
