"""Compacts from their files to rows: adopted once, their commitments kept by number, each step in the desk's own log."""

from __future__ import annotations

from datetime import date
from hashlib import sha256

from breachdesk.audit.chain import Doer
from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.desk import Desk
from breachdesk.compacts.editions import Compact
from breachdesk.store import compacts
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session


def adopt(session: Session, desk: Desk, doer: Doer, compact: Compact, text: str) -> int:
    """Take a Compact in with all its editions; its id. One that is there already is left as it is."""
    if held := all_held(session).get(compact.slug):
        return held.id
    compact_id = compacts.add_compact(session, compact.slug, compact.title, text)
    for edition in compact.editions:
        compacts.add_edition(session, compact_id, edition.label, edition.dated_on, edition.status)
    spread(session)
    record_for_desk(session, "compact:adopted", desk.now(session), doer, {"compact": compact.slug, "file_digest": digest_of(text)})
    return compact_id


def spread(session: Session) -> None:
    """Bring the rows of all commitments up to what the Compacts say: a core's new wording reaches the editions that follow it."""
    for held in all_held(session).values():
        for edition in held.compact.editions:
            if row := held.rows.get(edition.label):
                compacts.put_commitments(session, row.id, edition.commitments)


def record_edition(session: Session, desk: Desk, doer: Doer, slug: str, label: str, dated_on: date, status: str, text: str) -> None:
    """The log's entry for an edition that was imported: which, and the digest of the text it came in."""
    record_for_desk(session, "edition:imported", desk.now(session), doer, {
        "compact": slug, "edition": label, "dated_on": dated_on.isoformat(), "status": status, "file_digest": digest_of(text)})


def digest_of(text: str) -> str:
    return sha256(text.encode()).hexdigest()
