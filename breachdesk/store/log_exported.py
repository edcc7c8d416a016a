"""Entries for an export, in the order of their places, a few in memory at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, exists, func, select

from breachdesk.store.audit_log import DESK_SUBJECT, ENTRIES
from breachdesk.store.cases import CASES, SCHEMES
from breachdesk.store.columns import as_bytes
from breachdesk.store.sealed import PLACES
from breachdesk.store.session import Session

_AT_ONCE = 1000
_COLUMNS = (ENTRIES.c.subject, CASES.c.reference, ENTRIES.c.body, ENTRIES.c.prev_hash, ENTRIES.c.hash)


@dataclass(frozen=True, slots=True)
class Part:
    """What of the log: one case, one scheme's cases, or (both 0) all of it with the desk's own entries."""

    case_id: int = 0
    scheme_id: int = 0

    def of(self, query: Select[Any]) -> Select[Any]:
        """The query, which joins cases, for this part alone."""
        if self.case_id:
            return query.where(ENTRIES.c.subject == self.case_id)
        return query.where(CASES.c.scheme_id == self.scheme_id) if self.scheme_id else query


@dataclass(frozen=True, slots=True)
class Placed:
    """An entry word for word, with its place (None while it waits to be sealed) and its case's reference, or “desk”."""

    place: int | None
    subject: int
    name: str
    body: bytes
    prev_hash: str
    hash: str


def sealed_size(session: Session) -> int:
    """How many entries have a place: as many as that are in the export with theirs, whatever is sealed meanwhile."""
    return int(session.value(select(func.count()).select_from(PLACES)))


def how_many_sealed(session: Session, part: Part, size: int) -> int:
    query = select(func.count()).select_from(_sealed()).where(PLACES.c.place < size)
    return int(session.value(part.of(query)))


def how_many(session: Session, part: Part, *, of_cases: bool) -> tuple[int, int]:
    """How many entries and cases the part has; OF_CASES: without the desk's own entries."""
    entries = part.of(select(func.count()).select_from(ENTRIES.outerjoin(CASES, CASES.c.id == ENTRIES.c.subject)))
    entries = entries.where(ENTRIES.c.subject != DESK_SUBJECT) if of_cases else entries
    cases = select(func.count()).select_from(CASES)
    cases = cases.where(CASES.c.id == part.case_id) if part.case_id else cases
    cases = cases.where(CASES.c.scheme_id == part.scheme_id) if part.scheme_id else cases
    return int(session.value(entries)), int(session.value(cases))


def in_their_places(session: Session, part: Part, size: int) -> Iterator[Placed]:
    """The entries that have one of the first SIZE places, in order, then all others as they were written."""
    sealed = select(PLACES.c.place, *_COLUMNS).select_from(_sealed()).where(PLACES.c.place < size).order_by(PLACES.c.place)
    placed = exists().where(PLACES.c.entry_id == ENTRIES.c.id, PLACES.c.place < size)
    waiting = (select(*_COLUMNS).select_from(ENTRIES.outerjoin(CASES, CASES.c.id == ENTRIES.c.subject)).where(~placed)
               .order_by(ENTRIES.c.id))
    for row in _streamed(session, part.of(sealed)):
        yield _placed(row[0], row[1:])
    for row in _streamed(session, part.of(waiting)):
        yield _placed(None, row)


def schemes_of(session: Session, case_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """Case → its scheme's number and name."""
    rows = session.all(select(CASES.c.id, SCHEMES.c.id, SCHEMES.c.slug).join(SCHEMES, SCHEMES.c.id == CASES.c.scheme_id)
                       .where(CASES.c.id.in_(case_ids)))
    return {row[0]: (row[1], row[2]) for row in rows}


def _sealed() -> Any:
    return PLACES.join(ENTRIES, ENTRIES.c.id == PLACES.c.entry_id).outerjoin(CASES, CASES.c.id == ENTRIES.c.subject)


def _streamed(session: Session, query: Select[Any]) -> Iterator[Any]:
    yield from session.streamed(_AT_ONCE, query)


def _placed(place: int | None, row: Any) -> Placed:
    name = "desk" if row[0] == DESK_SUBJECT else row[1] or f"case number {row[0]}"
    return Placed(place, row[0], name, as_bytes(row[2]), row[3], row[4])
