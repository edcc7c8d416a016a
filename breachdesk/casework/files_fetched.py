"""Handing out a file of a case: only to who reads the message that it came with, and with an entry that says who fetched it."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from breachdesk.audit.chain import Doer
from breachdesk.casework import files
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.casework.rooms import meet
from breachdesk.errors import LogBroken, NotFound, Refused
from breachdesk.identity import Actor
from breachdesk.store import rooms
from breachdesk.store.session import Session


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file as it is handed out."""

    name: str
    content: bytes


def fetch_file(desk: Desk, actor: Actor, reference: str, seq: int) -> Fetched:
    """The file that came with a message. Raises NotFound also for what the reader may not know of, Refused while it is held back."""
    name, stored, digest = desk.database.transact(lambda session: _fetched(session, desk, actor, reference, seq))
    try:
        content = (files.folder_of(desk) / stored).read_bytes()
    except OSError:
        raise NotFound("The file is no longer on this desk's machine. Tell the coordinator.") from None
    if sha256(content).hexdigest() != digest:
        raise LogBroken(f"The file of entry {seq} in {reference} is not the one that was added: it was changed afterwards.")
    return Fetched(name, content)


def _fetched(session: Session, desk: Desk, actor: Actor, reference: str, seq: int) -> tuple[str, str, str]:
    meeting = meet(session, actor, reference, to_change=True)
    head = meeting.case.head
    found = rooms.messages_of(session, head.id, meeting.access, seq=seq)
    if not found or not found[0].stored:
        raise NotFound(f"There is no file {seq} in this case that you can see.")
    one = found[0]
    if one.file_gone_at:
        raise Refused("The file was erased, or its time was over. The record says only that there was one.")
    if one.state == files.WAITING:
        raise Refused("The file is held back until it has been scanned for viruses. Try again in a while.")
    if one.state == files.INFECTED:
        raise Refused("A virus was found in the file, so it was deleted. Ask whoever added it for a clean one.")
    note_in_case(session, meeting.case, "file:downloaded", Doer(actor.account_id, _role(meeting.roles)), {"of": seq, "sha256": one.sha256},
                 desk.now(session))
    mask = mask_for(session, actor, meeting.case, meeting.roles)
    return mask.text(one.file_name or "file"), one.stored, one.sha256


def _role(roles: frozenset[str]) -> str:
    """The roles in which somebody fetched it, as the log keeps them."""
    return " ".join(sorted(roles))
