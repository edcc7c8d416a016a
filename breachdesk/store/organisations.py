"""Organisations over time, as rows: former names, who came after whom, who funds whom."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, literal, or_, select, union, update

from breachdesk.store.people import MEMBERSHIPS, ORGANISATIONS, ROLES
from breachdesk.store.prepared import Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import CaseRow, PartyRow, table_of
from breachdesk.store.tables_people import FormerNameRow, FundingRow, SuccessionRow

FORMER_NAMES, SUCCESSIONS, FUNDING, PARTIES, CASES = map(table_of, (FormerNameRow, SuccessionRow, FundingRow, PartyRow, CaseRow))
_OTHER = ORGANISATIONS.alias("other")


def organisation_row(session: Session, slug: str) -> Any:
    """The row of an organisation, or None."""
    return session.first(select(ORGANISATIONS).where(ORGANISATIONS.c.slug == slug))


def organisation_rows(session: Session) -> Sequence[Any]:
    """The rows of all organisations, by name."""
    return session.all(select(ORGANISATIONS).order_by(ORGANISATIONS.c.name))


def change_organisation(session: Session, organisation_id: int, **values: Any) -> None:
    session.execute(update(ORGANISATIONS).where(ORGANISATIONS.c.id == organisation_id).values(**values))


def former_names(session: Session, organisation_id: int) -> Sequence[Any]:
    """(name, until_on) of the names an organisation had before, oldest first."""
    return session.all(select(FORMER_NAMES.c.name, FORMER_NAMES.c.until_on).where(FORMER_NAMES.c.organisation_id == organisation_id)
                       .order_by(FORMER_NAMES.c.until_on))


def insert_former_name(session: Session, organisation_id: int, name: str, until_on: date) -> None:
    session.add(FormerNameRow, organisation_id=organisation_id, name=name, until_on=until_on)


def drop_former_name(session: Session, organisation_id: int, until_on: date) -> None:
    session.execute(delete(FORMER_NAMES).where(FORMER_NAMES.c.organisation_id == organisation_id, FORMER_NAMES.c.until_on == until_on))


_LAST = (select(FORMER_NAMES.c.organisation_id, func.min(FORMER_NAMES.c.until_on).label("until_on"))
         .where(FORMER_NAMES.c.organisation_id.in_(bindparam("places")), FORMER_NAMES.c.until_on >= bindparam("day"))
         .group_by(FORMER_NAMES.c.organisation_id).subquery())
_NAMES_ON = (select(FORMER_NAMES.c.organisation_id, FORMER_NAMES.c.name, ORGANISATIONS.c.name)
             .join(_LAST, (_LAST.c.organisation_id == FORMER_NAMES.c.organisation_id) & (_LAST.c.until_on == FORMER_NAMES.c.until_on))
             .join(ORGANISATIONS, ORGANISATIONS.c.id == FORMER_NAMES.c.organisation_id))


def names_on(session: Session, organisation_ids: Collection[int], day: date) -> dict[int, tuple[str, str]]:
    """Id → (name on a day, name today) of those organisations that had another name then."""
    return {row[0]: (row[1], row[2]) for row in session.all(_NAMES_ON, {"places": organisation_ids, "day": day})}


def insert_succession(session: Session, predecessor_id: int, successor_id: int, from_on: date) -> None:
    session.add(SuccessionRow, predecessor_id=predecessor_id, successor_id=successor_id, from_on=from_on)


def drop_succession(session: Session, succession_id: int) -> None:
    session.execute(delete(SUCCESSIONS).where(SUCCESSIONS.c.id == succession_id))


def all_successions(session: Session) -> list[tuple[int, int]]:
    """(predecessor, successor) of all organisations."""
    return [(row[0], row[1]) for row in session.all(select(SUCCESSIONS.c.predecessor_id, SUCCESSIONS.c.successor_id))]


def schemes_of(session: Session, organisation_id: int) -> set[int]:
    """The schemes that an organisation takes part in: it is a side in a case there, or somebody who belongs to it has a role there."""
    sides = (select(CASES.c.scheme_id).join(PARTIES, PARTIES.c.case_id == CASES.c.id)
             .where(PARTIES.c.organisation_id == organisation_id))
    holders = (select(ROLES.c.scheme_id).join(MEMBERSHIPS, MEMBERSHIPS.c.account_id == ROLES.c.account_id)
               .where(MEMBERSHIPS.c.organisation_id == organisation_id))
    return {row[0] for row in session.all(union(sides, holders))}


def predecessors(session: Session, organisation_id: int) -> Sequence[Any]:
    """(id, other_id, slug, name, from_on) of those it came after."""
    return _linked(session, SUCCESSIONS.c.predecessor_id, SUCCESSIONS.c.successor_id, organisation_id)


def successors(session: Session, organisation_id: int) -> Sequence[Any]:
    """(id, other_id, slug, name, from_on) of those that came after it."""
    return _linked(session, SUCCESSIONS.c.successor_id, SUCCESSIONS.c.predecessor_id, organisation_id)


def _linked(session: Session, theirs: Any, ours: Any, organisation_id: int) -> Sequence[Any]:
    return session.all(select(SUCCESSIONS.c.id, theirs.label("other_id"), ORGANISATIONS.c.slug, ORGANISATIONS.c.name, SUCCESSIONS.c.from_on)
                       .join(ORGANISATIONS, ORGANISATIONS.c.id == theirs).where(ours == organisation_id).order_by(SUCCESSIONS.c.from_on))


def insert_funding(session: Session, funder_id: int, funded_id: int, from_on: date, to_on: date | None) -> int:
    return session.add(FundingRow, funder_id=funder_id, funded_id=funded_id, from_on=from_on, to_on=to_on)


def end_funding(session: Session, funding_id: int, to_on: date) -> None:
    session.execute(update(FUNDING).where(FUNDING.c.id == funding_id).values(to_on=to_on))


def drop_funding(session: Session, funding_id: int) -> None:
    session.execute(delete(FUNDING).where(FUNDING.c.id == funding_id))


def funding_of(session: Session, organisation_id: int) -> Sequence[Any]:
    """(id, funder_id, funder_slug, funder, funded_id, funded_slug, funded, from_on, to_on) of what it gives and gets, newest first."""
    return session.all(
        select(FUNDING.c.id, FUNDING.c.funder_id, ORGANISATIONS.c.slug.label("funder_slug"), ORGANISATIONS.c.name.label("funder"),
               FUNDING.c.funded_id, _OTHER.c.slug.label("funded_slug"), _OTHER.c.name.label("funded"), FUNDING.c.from_on, FUNDING.c.to_on)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == FUNDING.c.funder_id).join(_OTHER, _OTHER.c.id == FUNDING.c.funded_id)
        .where(or_(FUNDING.c.funder_id == organisation_id, FUNDING.c.funded_id == organisation_id)).order_by(FUNDING.c.from_on.desc()))


# A step of a case that names a party's successor says the same of the organisations, unless it is known already.
SUCCEEDED = Prepared(insert(SUCCESSIONS).from_select(
    ["predecessor_id", "successor_id", "from_on"],
    select(PARTIES.c.organisation_id, bindparam("successor"), bindparam("day"))
    .where(PARTIES.c.id == bindparam("party_id"), ~exists(select(literal(1)).where(
        SUCCESSIONS.c.predecessor_id == PARTIES.c.organisation_id, SUCCESSIONS.c.successor_id == bindparam("successor"))))))
