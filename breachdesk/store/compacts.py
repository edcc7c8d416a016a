"""Compacts as rows: each one's file kept whole, its editions, and the commitments that cases cite."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from breachdesk.compacts.editions import Commitment
from breachdesk.store.session import Session
from breachdesk.store.tables import AllegationRow, table_of
from breachdesk.store.tables_desk import CommitmentRow, CompactRow, EditionRow

COMPACTS, EDITIONS, COMMITMENTS, ALLEGATIONS = map(table_of, (CompactRow, EditionRow, CommitmentRow, AllegationRow))


@dataclass(frozen=True, slots=True)
class CompactHead:
    """A Compact as the desk holds it."""

    id: int
    slug: str
    title: str
    file_text: str


@dataclass(frozen=True, slots=True)
class EditionHead:
    """An edition as the desk holds it. `register_text` is the register it was imported from, when it is not from the Compact's file."""

    id: int
    compact_id: int
    label: str
    dated_on: date
    status: str
    register_text: str | None


_COMPACTS = select(*(COMPACTS.c[name] for name in CompactHead.__slots__)).order_by(COMPACTS.c.title)
_EDITIONS = select(*(EDITIONS.c[name] for name in EditionHead.__slots__)).order_by(EDITIONS.c.dated_on, EDITIONS.c.id)


def all_compacts(session: Session) -> list[CompactHead]:
    """Every Compact of the desk, by title."""
    return [CompactHead(*row) for row in session.all(_COMPACTS)]


def all_editions(session: Session) -> list[EditionHead]:
    """Every edition of every Compact, the earliest first."""
    return [EditionHead(*row) for row in session.all(_EDITIONS)]


def add_compact(session: Session, slug: str, title: str, text: str) -> int:
    """Store a Compact's file; the Compact's id."""
    return session.add(CompactRow, slug=slug, title=title, file_text=text)


def change_compact(session: Session, compact_id: int, title: str, text: str) -> None:
    """Put another text of a Compact's file in the place of the one that was there."""
    session.execute(update(COMPACTS).where(COMPACTS.c.id == compact_id).values(title=title, file_text=text))


def add_edition(session: Session, compact_id: int, label: str, dated_on: date, status: str, register_text: str | None = None) -> int:
    """Store an edition without its commitments; its id."""
    return session.add(EditionRow, compact_id=compact_id, label=label, dated_on=dated_on, status=status, register_text=register_text)


def change_edition(session: Session, edition_id: int, status: str, register_text: str | None) -> None:
    """An edition's standing, and the register it is from. Its label and its date stay."""
    session.execute(update(EDITIONS).where(EDITIONS.c.id == edition_id).values(status=status, register_text=register_text))


def put_commitments(session: Session, edition_id: int, commitments: Iterable[Commitment]) -> None:
    """Let the edition's rows be these, by their numbers: missing ones are added, others changed; none goes."""
    held = {row.code: row for row in session.all(select(COMMITMENTS).where(COMMITMENTS.c.edition_id == edition_id))}
    new = []
    for one in commitments:
        values = {"code": one.code, "theme": one.theme, "section": one.section, "owed_by": one.owed_by, "wording": one.text,
                  "measure": one.measure.amount if one.measure else ""}
        if (row := held.get(one.code)) is None:
            new.append({"edition_id": edition_id, **values})
        elif any(getattr(row, name) != value for name, value in values.items()):
            session.execute(update(COMMITMENTS).where(COMMITMENTS.c.id == row.id).values(**values))
    if new:
        session.execute(COMMITMENTS.insert(), new)


def cited_codes(session: Session, edition_id: int) -> set[str]:
    """The numbers in an edition that some case cites."""
    rows = session.all(select(COMMITMENTS.c.code).join(ALLEGATIONS, ALLEGATIONS.c.commitment_id == COMMITMENTS.c.id)
                       .where(COMMITMENTS.c.edition_id == edition_id).distinct())
    return {row[0] for row in rows}
