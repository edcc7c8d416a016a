"""Checkpoints leave the machine: to a file that is kept elsewhere, to people of both sectors by mail, to a witness.

What the database and its key cannot prove by themselves, a copy outside can: the last one that somebody else holds is the point up to
which nobody, the operator included, can change the log unnoticed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import structlog

from breachdesk.audit.chain import Doer
from breachdesk.audit.checkpoint import Checkpoint, read_checkpoint, read_verifier
from breachdesk.audit.witness import COSIGNATURE, request_to_witness, require_cosigned
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.sealing import kept_file, last_in, seal, tree_of
from breachdesk.casework.people.accounts import SECTORS, is_address
from breachdesk.clock import LOCAL
from breachdesk.errors import BreachdeskError, DeliveryFailed, Invalid, LogBroken, NotFound
from breachdesk.links import checks_of_the_record
from breachdesk.mail.mailer import Message
from breachdesk.mail.rendering import rendered
from breachdesk.store import sealed
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date

FILE, WITNESS = "file", "witness"
_PATIENCE = 10
_LONGEST_ANSWER = 10_000
log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Outer:
    """How far the log is kept outside: the size that was last kept there, when that was, and since when an entry waits for it."""

    size: int
    at: datetime | None
    waits_since: datetime | None


def seal_and_send(desk: Desk) -> None:
    """Seal what waits, and bring what was signed outside."""
    seal(desk)
    send_copies(desk)


def send_copies(desk: Desk) -> None:
    """Bring the newest checkpoint to the file and to the witness, where there are such. What fails is kept, shown, and tried again."""
    with desk.database.read() as session:
        last, there = sealed.last_checkpoint(session), {row.kept_by: row for row in sealed.copies(session)}
    if last is None:
        return
    checkpoint = read_checkpoint(last.note)
    for kept_by, configured, send in ((FILE, desk.outside.file, _to_file), (WITNESS, desk.outside.witness_url, _to_witness)):
        row = there.get(kept_by)
        if configured and (row is None or row.size < checkpoint.size or row.trouble):
            _try(desk, kept_by, checkpoint, partial(send, desk, checkpoint, row.size if row else 0))


def mail_checkpoint(desk: Desk) -> dict[str, object]:
    """Send the newest checkpoint to everybody who keeps them and does not have it yet: a job of each day."""
    with desk.database.read() as session:
        last, there = sealed.last_checkpoint(session), {row.kept_by: row for row in sealed.copies(session)}
        people = sealed.readers(session)
    if last is None:
        return {"sent": 0}
    checkpoint, sent = read_checkpoint(last.note), 0
    for one in people:
        row = there.get(one.address)
        if row is None or row.size < checkpoint.size:
            sent += _try(desk, one.address, checkpoint, partial(desk.mailer.send, _message(desk, checkpoint, last.sealed_at, one)))
    return {"sent": sent}


def _try(desk: Desk, kept_by: str, checkpoint: Checkpoint, send: Callable[[], object]) -> bool:
    trouble = ""
    try:
        send()
    except (OSError, BreachdeskError, ValueError) as error:
        trouble = f"{error}"
        log.warning("checkpoint_not_sent", to=kept_by if kept_by in (FILE, WITNESS) else "mail", trouble=type(error).__name__)
    desk.database.transact(lambda session: sealed.note_copy(session, kept_by, desk.wall(), size=None if trouble else checkpoint.size,
                                                            trouble=trouble))
    return not trouble


def _to_file(desk: Desk, checkpoint: Checkpoint, known: int) -> None:
    path = Path(desk.outside.file)
    last = last_in(path)
    # A log that goes on after a restore has another name: what stands there is of the one before.
    there = last.size if last and last.origin == checkpoint.origin else 0
    if there > checkpoint.size:
        raise LogBroken(f"The file of checkpoints knows of {there:,} entries, and this desk of {checkpoint.size:,}: the database is older "
                        "than the file.")
    if there < checkpoint.size:
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{checkpoint.note}\n")


def _to_witness(desk: Desk, checkpoint: Checkpoint, known: int) -> None:
    key = read_verifier(desk.outside.witness_key, COSIGNATURE)
    answer = _asked(desk, checkpoint, known)
    if isinstance(answer, int):
        # The witness says by which size it knows this log: it may have been told more, or less, than is kept here.
        answer = _asked(desk, checkpoint, answer)
        if isinstance(answer, int):
            raise LogBroken(f"The witness knows this log with {answer:,} entries, and does not take that "
                            f"{checkpoint.size:,} go on from there.")
    line, _ = require_cosigned(answer, checkpoint, key)
    with kept_file(desk).open("a", encoding="utf-8") as file:
        file.write(f"{checkpoint.note}{line}\n\n")


def _asked(desk: Desk, checkpoint: Checkpoint, known: int) -> str | int:
    """The witness's answer, or the size that it knows this log by when that is not what it was told."""
    if known > checkpoint.size:
        raise LogBroken(f"The witness knows this log with {known:,} entries, and here are {checkpoint.size:,}: the database is older.")
    with desk.database.read() as session:
        path = tree_of(session, checkpoint.size).consistency(known) if known else []
    request = Request(f"{desk.outside.witness_url.rstrip('/')}/add-checkpoint",  # noqa: S310  The settings allow http and https alone.
                      data=request_to_witness(known, path, checkpoint), headers={"Content-Type": "text/plain; charset=utf-8"})
    try:
        with urlopen(request, timeout=_PATIENCE) as answer:  # noqa: S310
            return str(answer.read(_LONGEST_ANSWER).decode("utf-8", "replace"))
    except HTTPError as error:
        said = error.read(100).decode("ascii", "replace").strip()
        if error.code == 409 and said.isdigit():
            return int(said)
        raise LogBroken(f"The witness has refused: {error.code} {said[:80]}.") from error
    except URLError as error:
        raise DeliveryFailed(f"The witness could not be reached: {error.reason}.", permanent=False) from error


def _message(desk: Desk, checkpoint: Checkpoint, at: datetime, reader: Any) -> Message:
    host, local = urlsplit(desk.base_url).hostname or "localhost", at.astimezone(LOCAL)
    says = rendered("checkpoint.txt", name=reader.name, desk=f"Breachdesk ({host})", note=checkpoint.note, entries=f"{checkpoint.size:,}",
                    when=f", on {said_date(local.date())} at "
                         f"{local:%H:%M}", practice=desk.practice, page=checks_of_the_record(desk.base_url))
    return Message(reader.name, reader.address, f"Please keep: what stands for the record of Breachdesk ({host})", says,
                   f"<checkpoint-{checkpoint.size}.{reader.id}@{host}>")


def add_reader(desk: Desk, doer: Doer, name: str, address: str, sector: str) -> None:
    """Send somebody the checkpoints from now on. Raises Invalid by field."""
    faults = {} if 0 < len(name.strip()) <= 200 else {"name": "Give the name of whoever is to keep them"}
    if not is_address(address.strip()):
        faults["address"] = "Give one email address, like chair@organisation.example"
    if sector not in SECTORS:
        faults["sector"] = f"Say the sector: {', '.join(SECTORS)}"
    if faults:
        raise Invalid(faults)

    def work(session: Session) -> None:
        if any(row.address == address.strip() for row in sealed.readers(session)):
            raise Invalid({"address": "This address is sent them already"})
        sealed.add_reader(session, name.strip(), address.strip(), sector, desk.wall())
        record_for_desk(session, "log:reader_added", desk.now(session), doer, {"sector": sector})
    desk.database.transact(work)


def remove_reader(desk: Desk, doer: Doer, address: str) -> None:
    """Send somebody no more checkpoints. Raises NotFound."""
    def work(session: Session) -> None:
        found = next((row for row in sealed.readers(session) if row.address == address.strip()), None)
        if found is None:
            raise NotFound(f"Nobody with the address {address[:80]} is sent checkpoints.")
        sealed.remove_reader(session, found.address)
        sealed.forget_copy(session, found.address)
        record_for_desk(session, "log:reader_removed", desk.now(session), doer, {"sector": found.sector})
    desk.database.transact(work)


def outer(session: Session) -> Outer:
    """How far the log is kept outside: up to there nothing can be changed unnoticed by anybody."""
    there = [row for row in sealed.copies(session) if row.left_at]
    size = max((row.size for row in there), default=0)
    at = min((row.left_at for row in there if row.size == size), default=None)
    return Outer(size, at, sealed.oldest_waiting(session, size))


def copies_in_trouble(session: Session) -> list[str]:
    """What an operator has to be told about copies outside."""
    return [f"The checkpoint did not reach {_called(row.kept_by)}: {row.trouble}" for row in sealed.copies(session) if row.trouble]


def _called(kept_by: str) -> str:
    return {FILE: "the file that BREACHDESK_CHECKPOINT_FILE names", WITNESS: "the witness"}.get(kept_by, "somebody who keeps them")
