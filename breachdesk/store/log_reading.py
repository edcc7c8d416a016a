"""Questions to the log for pages: the desk's own entries newest first, and the bare steps of several cases at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select

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


def desk_entries(session: Session, before: int | None, most: int, but: Sequence[str] = ()) -> list[tuple[int, str, bytes]]:
    """(number, event, body) of the desk's own log without the events BUT, numbered as if there were no others; newest first, from below
    a number."""
    shown = and_(ENTRIES.c.subject == DESK_SUBJECT, ENTRIES.c.event.not_in(but))
    last = int(session.value(select(func.count()).select_from(ENTRIES).where(shown)) or 0)
    first = min(last, before - 1) if before is not None else last
    query = select(ENTRIES.c.event, ENTRIES.c.body).where(shown).order_by(ENTRIES.c.seq.desc()).offset(last - first).limit(most)
    return [(first - place, row[0], as_bytes(row[1])) for place, row in enumerate(session.all(query))]


_HEADS = select(CASES.c.id, CASES.c.reference, CASES.c.scheme_id).where(CASES.c.reference.in_(bindparam("called")))


def heads_of(session: Session, references: Sequence[str]) -> dict[str, Head]:
    """Reference → id and scheme, for cases that the reader has been found to see; and for the program's own log."""
    return {row[1]: Head(row[0], row[1], row[2]) for row in session.all(_HEADS, {"called": references})}


def steps_of(session: Session, case_ids: Sequence[int], event: str) -> list[tuple[int, bytes]]:
    """(case id, body) of the entries of one kind in several cases."""
    rows = session.all(select(ENTRIES.c.subject, ENTRIES.c.body).where(ENTRIES.c.subject.in_(case_ids), ENTRIES.c.event == event)
                       .order_by(ENTRIES.c.id))
    return [(row[0], as_bytes(row[1])) for row in rows]
