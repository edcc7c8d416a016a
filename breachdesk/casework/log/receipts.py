"""Receipts: for each entry of a case, what its holder needs to show later that it was recorded; and checking one that somebody holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from breachdesk.audit.chain import leaf_of
from breachdesk.audit.checkpoint import read_checkpoint
from breachdesk.audit.receipt import Receipt, read_receipt, require_receipt
from breachdesk.casework.act import case_roles
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.log.checkpoint_copies import Outer, outer
from breachdesk.casework.log.log_keys import public_keys
from breachdesk.casework.log.restored import lost_with
from breachdesk.casework.log.sealing import require_root, tree_of
from breachdesk.errors import BadCheckpoint, LogBroken, NotFound, Refused
from breachdesk.identity import Actor
from breachdesk.store import reading, sealed
from breachdesk.store.audit_log import DESK_SUBJECT, chain_heads, entry_exists
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.said import said_date


@dataclass(frozen=True, slots=True)
class CaseReceipt:
    """The receipt of one entry of a case; none while the entry waits to be sealed, which takes a minute at most."""

    reference: str
    seq: int
    receipt: Receipt | None


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry as it is hashed, and its receipt."""

    reference: str
    seq: int
    prev_hash: str
    body: str
    receipt: Receipt


@dataclass(frozen=True, slots=True)
class CheckedReceipt:
    """A receipt that holds: the place of its entry, how long the log was and when that was signed (if the desk still knows), and by which
    key."""

    place: int
    size: int
    sealed_at: datetime | None
    key: str


@dataclass(frozen=True, slots=True)
class Record:
    """What anybody may know of the record: how many entries are sealed, since when, by which keys (from, until), and how far it is kept
    outside."""

    entries: int
    sealed_at: datetime | None
    note: str
    keys: Sequence[tuple[str, datetime, datetime | None]]
    outer: Outer


def receipt_of(session: Session, subject: int, seq: int) -> Receipt | None:
    """The receipt of an entry; None while it waits to be sealed. An entry is sealed for as long as the newest checkpoint says."""
    place, last = sealed.place_of(session, subject, seq), sealed.last_checkpoint(session)
    if place is None or last is None:
        return None
    tree, checkpoint = tree_of(session, last.size), read_checkpoint(last.note)
    return Receipt(tree.leaf(place), place, tuple(tree.inclusion(place)), checkpoint)


def case_receipt(session: Session, actor: Actor, reference: str, seq: int) -> CaseReceipt:
    """The receipt of an entry, for whoever sees its case. Raises NotFound, or DeclarationNeeded."""
    row = reading.case_row(session, visible_to(actor), reference)
    if row is None or not entry_exists(session, row.id, seq):
        raise NotFound(f"There is no entry {seq} of {reference[:40]} that you can see.")
    if case := read_case(session, reference=row.reference, to_change=False):
        require_declared(session, actor, case, case_roles(actor, case))
    return CaseReceipt(row.reference, seq, receipt_of(session, row.id, seq))


def proof_of(session: Session, reference: str, seq: int) -> Proof:
    """An entry of a case, or of the desk's own log (“desk”), with its receipt. Raises NotFound, or Refused while it waits to be sealed."""
    heads = {name: subject for subject, name, *_ in chain_heads(session)}
    subject = DESK_SUBJECT if reference == "desk" else heads.get(reference.upper())
    place = sealed.place_of(session, subject, seq) if subject is not None else None
    if subject is None or not entry_exists(session, subject, seq):
        raise NotFound(f"There is no entry {seq} of {reference[:40]}.")
    entry = sealed.entry_at(session, place) if place is not None else None
    receipt = receipt_of(session, subject, seq)
    if entry is None or receipt is None:
        raise Refused("This entry is not sealed yet. Seal what waits: breachdesk audit seal")
    _require_entry(session, receipt)
    return Proof(reference, seq, entry.prev_hash, entry.body.decode(), receipt)


def check_receipt(session: Session, text: str) -> CheckedReceipt:
    """Whether a receipt holds, and whether the log is still the one that it speaks of. Raises BadCheckpoint or LogBroken, in words."""
    receipt = read_receipt(text)
    key = require_receipt(receipt, [key for key, *_ in public_keys(session)])
    size = sealed.placed(session)
    if lost := lost_with(session, receipt.checkpoint):
        # The tree went on otherwise from there. What lies before is the same, and is looked at itself.
        if receipt.place < lost.entries and tree_of(session, size).leaf(receipt.place) == receipt.leaf:
            _require_entry(session, receipt)
            return CheckedReceipt(receipt.place, receipt.checkpoint.size, None, str(key))
        raise LogBroken(f"The receipt is good, and its entry is not here: it was lost when a backup of {said_date(lost.made_on)} was "
                        f"restored on {said_date(lost.on)}, as the log says itself. Keep the receipt, and what it came with.")
    if receipt.checkpoint.size > size:
        raise LogBroken(f"The receipt is good: it was signed when the log had {receipt.checkpoint.size:,} entries. Now there are only "
                        f"{size:,} here: the end of the log was cut off, or an older copy was put in its place. Tell the coordinator, and "
                        "keep the receipt.")
    tree = tree_of(session, size)
    require_root(tree, receipt.checkpoint)
    if tree.leaf(receipt.place) != receipt.leaf:
        raise BadCheckpoint("The receipt does not fit the log.")
    _require_entry(session, receipt)
    then = sealed.checkpoint_from(session, receipt.checkpoint.size)
    return CheckedReceipt(receipt.place, receipt.checkpoint.size, then.sealed_at if then and then.size == receipt.checkpoint.size else None,
                          str(key))


def _require_entry(session: Session, receipt: Receipt) -> None:
    """Raise LogBroken unless the very entry lies at its place: the tree alone would not notice that its text was changed since."""
    entry = sealed.entry_at(session, receipt.place)
    if entry is None or leaf_of(entry.prev_hash, entry.body) != receipt.leaf:
        raise LogBroken("The receipt is good, and its entry is not here as it was recorded: it was changed or removed since. Tell the "
                        "coordinator, and keep the receipt.")


def record_of(session: Session) -> Record:
    """What anybody may know of the record as it stands."""
    last = sealed.last_checkpoint(session)
    keys = [(str(key), begun, until) for key, begun, until in public_keys(session)]
    return Record(last.size if last else 0, last.sealed_at if last else None, last.note if last else "", keys, outer(session))
