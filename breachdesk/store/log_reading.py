"""Questions to the log for pages: the desk's own entries newest first, and the bare steps of several cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from breachdesk.store.audit_log import DESK_SUBJECT, ENTRIES
from breachdesk.store.cases import CASES
from breachdesk.store.columns import as_bytes
from breachdesk.store.session import Session


@dataclass(frozen=True, slots=True)
class Head:
    """Which case a reference names."""

    id: int
    reference: str
    scheme_id: int


def desk_entries(session: Session, before: int | None, most: int) -> list[tuple[int, str, bytes]]:
    """(seq, event, body) of the desk's own log, newest first, from below a number."""
    query = select(ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.body).where(ENTRIES.c.subject == DESK_SUBJECT)
    if before is not None:
        query = query.where(ENTRIES.c.seq < before)
    return [(row[0], row[1], as_bytes(row[2])) for row in session.all(query.order_by(ENTRIES.c.seq.desc()).limit(most))]


def heads_of(session: Session, references: Sequence[str]) -> dict[str, Head]:
    """Reference → id and scheme, for cases that the reader has been found to see; and for the program's own log."""
    rows = session.all(select(CASES.c.id, CASES.c.reference, CASES.c.scheme_id).where(CASES.c.reference.in_(references)))
    return {row[1]: Head(row[0], row[1], row[2]) for row in rows}


def steps_of(session: Session, case_ids: Sequence[int], event: str) -> list[tuple[int, bytes]]:
    """(case id, body) of the entries of one kind in several cases."""
    rows = session.all(select(ENTRIES.c.subject, ENTRIES.c.body).where(ENTRIES.c.subject.in_(case_ids), ENTRIES.c.event == event)
                       .order_by(ENTRIES.c.id))
    return [(row[0], as_bytes(row[1])) for row in rows]
