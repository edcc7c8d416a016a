"""Accounts, organisations, memberships and roles: who somebody is on a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, or_, select

from breachdesk.identity import Actor
from breachdesk.store.session import Prepared, Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import AccountRow, MembershipRow, OrganisationRow, RoleRow
from breachdesk.workflow.facts import Candidate

ACCOUNTS, MEMBERSHIPS, ORGANISATIONS, ROLES = map(table_of, (AccountRow, MembershipRow, OrganisationRow, RoleRow))


def holds_on(table: Any, day: Any) -> ColumnElement[bool]:
    """A dated row (membership, role) is in force on a day, both ends included."""
    return and_(table.c.from_on <= day, or_(table.c.to_on.is_(None), table.c.to_on >= day))


def actor_by_email(session: Session, email: str, day: date) -> Actor | None:
    """The person with that address, as they are on a day; None when unknown or deactivated."""
    row = session.first(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email)
                        .where(ACCOUNTS.c.email == email.strip().casefold(), ACCOUNTS.c.active))
    return _actor(session, row, day) if row else None


def actor_by_id(session: Session, account_id: int, day: date) -> Actor | None:
    row = session.first(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email).where(ACCOUNTS.c.id == account_id, ACCOUNTS.c.active))
    return _actor(session, row, day) if row else None


def _actor(session: Session, row: Any, day: date) -> Actor:
    roles = session.all(select(ROLES.c.scheme_id, ROLES.c.role).where(ROLES.c.account_id == row.id, holds_on(ROLES, day)))
    places = session.all(select(MEMBERSHIPS.c.organisation_id, MEMBERSHIPS.c.to_on)
                         .where(MEMBERSHIPS.c.account_id == row.id, MEMBERSHIPS.c.from_on <= day))
    return Actor(row.id, row.name, row.email, frozenset((one[0], one[1]) for one in roles),
                 frozenset(place for place, until in places if until is None or until >= day),
                 frozenset((place, until) for place, until in places if until is not None and until < day))


_POOL = Prepared(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email, ROLES.c.sector)
                 .join(ROLES, ROLES.c.account_id == ACCOUNTS.c.id)
                 .where(ROLES.c.scheme_id == bindparam("scheme_id"), ROLES.c.role == bindparam("role"), ACCOUNTS.c.active,
                        holds_on(ROLES, bindparam("day"))).order_by(ACCOUNTS.c.name))
_PLACES = Prepared(select(MEMBERSHIPS.c.account_id, MEMBERSHIPS.c.organisation_id, ORGANISATIONS.c.name)
                   .join(ORGANISATIONS, ORGANISATIONS.c.id == MEMBERSHIPS.c.organisation_id)
                   .where(holds_on(MEMBERSHIPS, bindparam("day"))).order_by(ORGANISATIONS.c.name))


def candidates(session: Session, scheme_id: int, role: str, day: date) -> dict[str, Candidate]:
    """Those who hold a role in the scheme's pool, by address: whom a form can name."""
    pool, places = session.ask((_POOL, {"scheme_id": scheme_id, "role": role, "day": day}), (_PLACES, {"day": day}))
    return _as_candidates(pool, places)


def candidates_among(session: Session, account_ids: Sequence[int], day: date) -> dict[str, Candidate]:
    """Certain people, by address: those who serve in a case, whether or not they still hold the role in the scheme."""
    rows = session.all(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email).where(ACCOUNTS.c.id.in_(account_ids))
                       .order_by(ACCOUNTS.c.name))
    return _as_candidates([(*row, "") for row in rows], session.ask((_PLACES, {"day": day}))[0])


def _as_candidates(pool: Sequence[tuple[Any, ...]], places: Sequence[tuple[Any, ...]]) -> dict[str, Candidate]:
    belongs: dict[int, dict[int, str]] = {}
    for account_id, organisation_id, name in places:
        belongs.setdefault(account_id, {})[organisation_id] = name
    return {email: Candidate(account_id, name, email, sector, frozenset(belongs.get(account_id, ())),
                             tuple(belongs.get(account_id, {}).values())) for account_id, name, email, sector in pool}


def organisations(session: Session, among: Sequence[int] | None = None) -> list[tuple[int, str, str, str]]:
    """(id, slug, name, sector) of all organisations, or of some, by name."""
    query = select(ORGANISATIONS.c.id, ORGANISATIONS.c.slug, ORGANISATIONS.c.name, ORGANISATIONS.c.sector).order_by(ORGANISATIONS.c.name)
    if among is not None:
        query = query.where(ORGANISATIONS.c.id.in_(among))
    return [(row[0], row[1], row[2], row[3]) for row in session.all(query)]


def names_of(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.all(select(ACCOUNTS.c.id, ACCOUNTS.c.name).where(ACCOUNTS.c.id.in_(account_ids)))}


def recipients(session: Session, scheme_id: int, day: date, *, roles: Sequence[str] = (), organisation_ids: Sequence[int] = (),
               account_ids: Sequence[int] = ()) -> list[tuple[int, str, str]]:
    """(account id, name, address) of active people who hold one of the roles, belong to one of the organisations, or are named."""
    by_role = select(ROLES.c.account_id).where(ROLES.c.scheme_id == scheme_id, ROLES.c.role.in_(roles), holds_on(ROLES, day))
    by_place = select(MEMBERSHIPS.c.account_id).where(MEMBERSHIPS.c.organisation_id.in_(organisation_ids), holds_on(MEMBERSHIPS, day))
    wanted = or_(ACCOUNTS.c.id.in_(by_role), ACCOUNTS.c.id.in_(by_place), ACCOUNTS.c.id.in_(account_ids))
    rows = session.all(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email).where(ACCOUNTS.c.active, wanted).order_by(ACCOUNTS.c.id))
    return [(row[0], row[1], row[2]) for row in rows]
