"""Who is away from a role, and who covers: rows with days, and chains that are followed when somebody asks about a day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select, update

from breachdesk.store.prepared import Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import AccountRow
from breachdesk.store.tables_people import AbsenceRow

ABSENCES, ACCOUNTS = table_of(AbsenceRow), table_of(AccountRow)
_COLUMNS = tuple(ABSENCES.c[name] for name in ("id", "account_id", "scheme_id", "role", "cover_id", "from_on", "to_on"))
# The role of a scheme that somebody is away from.
Away = tuple[int, str, int]
# An absence counts only as long as whoever covers can sign in: otherwise nobody covers, and nobody is left out.
AWAY_ON = Prepared(select(ABSENCES.c.scheme_id, ABSENCES.c.role, ABSENCES.c.account_id, ABSENCES.c.cover_id)
                   .join(ACCOUNTS, ACCOUNTS.c.id == ABSENCES.c.cover_id)
                   .where(ABSENCES.c.from_on <= bindparam("day"), ABSENCES.c.to_on >= bindparam("day"), ACCOUNTS.c.active))


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody is away from a role from a day to a day, both included, and somebody else covers."""

    id: int
    account_id: int
    scheme_id: int
    role: str
    cover_id: int
    from_on: date
    to_on: date


def covers_on(session: Session, day: date) -> dict[Away, int]:
    """Who does for whom what they are away from, with chains followed to the one who is there."""
    return followed(session.ask((AWAY_ON, {"day": day}))[0])


def followed(rows: Iterable[Sequence[Any]]) -> dict[Away, int]:
    """(scheme, role, who is away) → who is there in the end. A chain that comes back to itself leads to nobody."""
    direct: Mapping[Away, int] = {(row[0], row[1], row[2]): row[3] for row in rows}
    found: dict[Away, int] = {}
    for scheme_id, role, away in direct:
        seen, here = {away}, direct[scheme_id, role, away]
        while here not in seen and (further := direct.get((scheme_id, role, here))) is not None:
            seen.add(here)
            here = further
        if here not in seen:
            found[scheme_id, role, away] = here
    return found


def insert_absence(session: Session, account_id: int, scheme_id: int, role: str, cover_id: int, from_on: date, to_on: date) -> int:
    return session.add(AbsenceRow, account_id=account_id, scheme_id=scheme_id, role=role, cover_id=cover_id, from_on=from_on, to_on=to_on)


def end_absence(session: Session, absence_id: int, to_on: date) -> bool:
    """Somebody is back: TO_ON was the last day. False when it had ended by then."""
    ended = session.execute(update(ABSENCES).where(ABSENCES.c.id == absence_id, ABSENCES.c.to_on > to_on).values(to_on=to_on))
    return bool(ended.rowcount)


def absences_from(session: Session, day: date, account_id: int | None = None) -> list[Absence]:
    """Absences that last or begin on the day or later, by their first day: everybody's, or those in which one person is away or covers."""
    query = (select(*_COLUMNS).where(ABSENCES.c.to_on >= day, ABSENCES.c.to_on >= ABSENCES.c.from_on)
             .order_by(ABSENCES.c.from_on, ABSENCES.c.id))
    if account_id is not None:
        query = query.where((ABSENCES.c.account_id == account_id) | (ABSENCES.c.cover_id == account_id))
    return [Absence(*row) for row in session.all(query)]


def absence(session: Session, absence_id: int) -> Absence | None:
    row = session.first(select(*_COLUMNS).where(ABSENCES.c.id == absence_id))
    return Absence(*row) if row else None
