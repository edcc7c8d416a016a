"""The key that signs checkpoints: its private half is a file beside the database and never in it; the public half is for everybody."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from datetime import datetime
from urllib.parse import urlsplit

from breachdesk.audit.chain import Doer
from breachdesk.audit.checkpoint import Signer, Verifier, read_signer, read_verifier
from breachdesk.casework.desk import Desk
from breachdesk.errors import BadCheckpoint, LogBroken, Refused
from breachdesk.store import sealed
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

FILE, BEFORE = "log-key", "log-key-before"
_SEED = 32


def make_key(session: Session, desk: Desk, doer: Doer) -> Signer:
    """Make the first key of a desk. Its name, which is also the log's, is the desk's address and a number nobody else has."""
    signer = _named(desk)
    _write(desk, FILE, signer)
    _note(session, desk, signer, "log:key_made", {"key": str(signer.verifier)}, doer)
    return signer


def begin_again(session: Session, desk: Desk) -> tuple[str, Signer]:
    """Let the log of a restored desk go on under a new name and key; the public key before ("" for none), and the new one.

    Where the file of the old key is there, that one signs the first checkpoint, too. The caller's entry says all of it.
    """
    known, new = public_keys(session), _named(desk)
    (desk.data_path / BEFORE).unlink(missing_ok=True)
    with suppress(Refused, BadCheckpoint):
        _write(desk, BEFORE, signer_of(desk))
    sealed.add_key(session, str(new.verifier), desk.wall())
    _write(desk, FILE, new)
    return str(known[0][0]) if known else "", new


def _named(desk: Desk) -> Signer:
    seed = secrets.token_bytes(_SEED)
    name = f"{urlsplit(desk.base_url).netloc or 'desk'}/log-{Signer('', seed).verifier.key.hex()[:8]}".replace("+", "-").replace(" ", "-")
    return Signer(name, seed)


def rotate_key(desk: Desk, doer: Doer) -> Verifier:
    """Sign with a new key from now on; the next checkpoint is signed by both. Raises Refused when there is no key yet, or BadCheckpoint."""
    old = signer_of(desk)
    new = Signer(old.name, secrets.token_bytes(_SEED))

    def work(session: Session) -> None:
        _note(session, desk, new, "log:key_changed", {"old_key": str(old.verifier), "key": str(new.verifier)}, doer)
        _write(desk, BEFORE, old)
        _write(desk, FILE, new)
    desk.database.transact(work)
    return new.verifier


def signer_of(desk: Desk, file: str = FILE) -> Signer:
    """The key as its file holds it. Raises Refused when there is no file, BadCheckpoint when it was damaged."""
    path = desk.data_path / file
    if not path.is_file():
        raise Refused(f"The key that signs the log is missing: {path.name} is not in the data folder. Put it back from the copy that was "
                      "made with the backup, or make a new one: breachdesk audit rotate-key --lost")
    return read_signer(path.read_text("utf-8"))


def replace_lost_key(desk: Desk, doer: Doer) -> Verifier:
    """Make a new key where the file of the old one is lost. The log says so. Raises Refused while the old one is there."""
    if (desk.data_path / FILE).exists():
        raise Refused("The key is there, so it is not lost. To change it: breachdesk audit rotate-key")
    with desk.database.read() as session:
        known = public_keys(session)
    if not known:
        raise Refused("This log was never signed, so no key of it was lost. The next sealing makes one.")
    new = Signer(known[0][0].name, secrets.token_bytes(_SEED))

    def work(session: Session) -> None:
        _note(session, desk, new, "log:key_lost", {"old_key": str(known[0][0]), "key": str(new.verifier)}, doer)
        _write(desk, FILE, new)
    desk.database.transact(work)
    return new.verifier


def signers(session: Session, desk: Desk, since: datetime | None) -> list[Signer]:
    """The keys that sign now: the present one and, when it is newer than the checkpoint that was made last, the one before it."""
    current = signer_of(desk)
    rows = sealed.keys(session)
    if not rows or rows[0].verifier != str(current.verifier):
        raise LogBroken("The key in the data folder is not the one that this log is signed with. Was a folder or a database of another "
                        "desk put here?")
    changed = len(rows) > 1 and since is not None and rows[0].from_at >= since and (desk.data_path / BEFORE).is_file()
    return [current, signer_of(desk, BEFORE)] if changed else [current]


def public_keys(session: Session) -> list[tuple[Verifier, datetime, datetime | None]]:
    """Each key that has signed this log, from when until when, the newest first."""
    found = []
    for row in sealed.keys(session):
        try:
            found.append((read_verifier(row.verifier), row.from_at, row.until_at))
        except BadCheckpoint as error:
            raise LogBroken(f"The public key that the desk keeps as number {row.id} was changed. {error}") from error
    return found


def _note(session: Session, desk: Desk, signer: Signer, event: str, facts: dict[str, object], doer: Doer) -> None:
    sealed.add_key(session, str(signer.verifier), desk.wall())
    record_for_desk(session, event, desk.now(session), doer, facts)


def _write(desk: Desk, file: str, signer: Signer) -> None:
    """Write a key so that only its owner can read it, whole or not at all."""
    desk.data_path.mkdir(parents=True, exist_ok=True)
    path = desk.data_path / file
    new = path.with_name(f"{file}.new")
    new.unlink(missing_ok=True)
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.write(f"{signer.written()}\n")
        out.flush()
        os.fsync(out.fileno())
    new.replace(path)
