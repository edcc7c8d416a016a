"""Roles in schemes and memberships in organisations as dated rows, with what the roster says of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, or_, select, update

from breachdesk.identity import Actor
from breachdesk.store.people import ACCOUNTS, MEMBERSHIPS, ORGANISATIONS, ROLES, holds_on
from breachdesk.store.session import Session
from breachdesk.store.tables import AppointmentRow, CaseRow, table_of
from breachdesk.store.tables_desk import MembershipRow, RoleRow, SchemeRow
from breachdesk.store.tables_people import RosterRow
from breachdesk.store.visibility import visible_to

ROSTER, APPOINTMENTS, CASES, SCHEMES = map(table_of, (RosterRow, AppointmentRow, CaseRow, SchemeRow))
_ROLE = (ROLES.c.id, ROLES.c.account_id, ACCOUNTS.c.name, ACCOUNTS.c.email.label("address"), ACCOUNTS.c.active, ROLES.c.scheme_id,
         SCHEMES.c.slug.label("scheme"), SCHEMES.c.title.label("scheme_title"), ROLES.c.role, ROLES.c.sector, ROLES.c.area,
         ROLES.c.from_on, ROLES.c.to_on, ROSTER.c.post, ROSTER.c.telephone, ROSTER.c.email, ROSTER.c.training, ROSTER.c.availability,
         ROSTER.c.published)
_MEMBERSHIP = (MEMBERSHIPS.c.id, MEMBERSHIPS.c.account_id, ACCOUNTS.c.name, ACCOUNTS.c.email, ACCOUNTS.c.active,
               MEMBERSHIPS.c.organisation_id, ORGANISATIONS.c.slug, ORGANISATIONS.c.name.label("organisation"), MEMBERSHIPS.c.kind,
               MEMBERSHIPS.c.from_on, MEMBERSHIPS.c.to_on)


def role_rows(session: Session, *, account_id: int | None = None, scheme_ids: Sequence[int] | None = None,
              roles: Sequence[str] | None = None) -> Sequence[Any]:
    """Roles with who holds them and the roster's words, also those that ended or are yet to begin, newest first."""
    query = (select(*_ROLE).join(ACCOUNTS, ACCOUNTS.c.id == ROLES.c.account_id).join(SCHEMES, SCHEMES.c.id == ROLES.c.scheme_id)
             .outerjoin(ROSTER, ROSTER.c.role_id == ROLES.c.id).order_by(ROLES.c.from_on.desc(), ROLES.c.id.desc()))
    for column, among in ((ROLES.c.scheme_id, scheme_ids), (ROLES.c.role, roles)):
        if among is not None:
            query = query.where(column.in_(among))
    return session.all(query if account_id is None else query.where(ROLES.c.account_id == account_id))


def role_row(session: Session, role_id: int) -> Any:
    """One role, as `role_rows` has them, or None."""
    return session.first(select(*_ROLE).join(ACCOUNTS, ACCOUNTS.c.id == ROLES.c.account_id)
                         .join(SCHEMES, SCHEMES.c.id == ROLES.c.scheme_id).outerjoin(ROSTER, ROSTER.c.role_id == ROLES.c.id)
                         .where(ROLES.c.id == role_id))


def begin_role(session: Session, account_id: int, scheme_id: int, role: str, from_on: date, to_on: date | None, *, sector: str = "",
               area: str = "") -> int:
    return session.add(RoleRow, account_id=account_id, scheme_id=scheme_id, role=role, sector=sector, area=area, from_on=from_on,
                       to_on=to_on)


def end_role(session: Session, role_id: int, to_on: date) -> bool:
    """TO_ON is the last day. False when it had ended by then."""
    ended = session.execute(update(ROLES).where(ROLES.c.id == role_id, or_(ROLES.c.to_on.is_(None), ROLES.c.to_on > to_on))
                            .values(to_on=to_on))
    return bool(ended.rowcount)


def change_role(session: Session, role_id: int, sector: str, area: str, to_on: date | None) -> None:
    session.execute(update(ROLES).where(ROLES.c.id == role_id).values(sector=sector, area=area, to_on=to_on))


def put_on_roster(session: Session, role_id: int, *, post: str, telephone: str, email: str, training: str, availability: str,
                  published: bool) -> None:
    """What the roster says of a role, in place of what it said before."""
    said = {"post": post, "telephone": telephone, "email": email, "training": training, "availability": availability,
            "published": published}
    if session.execute(update(ROSTER).where(ROSTER.c.role_id == role_id).values(**said)).rowcount == 0:
        session.execute(ROSTER.insert().values(role_id=role_id, **said))


def load_of(session: Session) -> dict[tuple[int, str], int]:
    """In how many open cases somebody serves, by account and role."""
    rows = session.all(select(APPOINTMENTS.c.account_id, APPOINTMENTS.c.role, func.count(APPOINTMENTS.c.case_id.distinct()))
                       .join(CASES, CASES.c.id == APPOINTMENTS.c.case_id)
                       .where(APPOINTMENTS.c.ended_at.is_(None), CASES.c.closed_on.is_(None))
                       .group_by(APPOINTMENTS.c.account_id, APPOINTMENTS.c.role))
    return {(row[0], row[1]): row[2] for row in rows}


def serving_in(session: Session, reader: Actor, account_id: int) -> Sequence[Any]:
    """(reference, role) of the open cases that somebody serves in and that the reader may see."""
    return session.all(select(CASES.c.reference, APPOINTMENTS.c.role).join(CASES, CASES.c.id == APPOINTMENTS.c.case_id)
                       .where(APPOINTMENTS.c.account_id == account_id, APPOINTMENTS.c.ended_at.is_(None), CASES.c.closed_on.is_(None),
                              visible_to(reader)).order_by(CASES.c.reference).distinct())


def membership_rows(session: Session, *, account_id: int | None = None, organisation_id: int | None = None) -> Sequence[Any]:
    """Who belonged where, how and when, newest first."""
    query = (select(*_MEMBERSHIP).join(ACCOUNTS, ACCOUNTS.c.id == MEMBERSHIPS.c.account_id)
             .join(ORGANISATIONS, ORGANISATIONS.c.id == MEMBERSHIPS.c.organisation_id)
             .order_by(MEMBERSHIPS.c.from_on.desc(), MEMBERSHIPS.c.id.desc()))
    if account_id is not None:
        query = query.where(MEMBERSHIPS.c.account_id == account_id)
    return session.all(query if organisation_id is None else query.where(MEMBERSHIPS.c.organisation_id == organisation_id))


def begin_membership(session: Session, account_id: int, organisation_id: int, kind: str, from_on: date, to_on: date | None) -> int:
    return session.add(MembershipRow, account_id=account_id, organisation_id=organisation_id, kind=kind, from_on=from_on, to_on=to_on)


def end_membership(session: Session, membership_id: int, to_on: date) -> bool:
    """TO_ON is the last day. False when it had ended by then."""
    ended = session.execute(update(MEMBERSHIPS).where(MEMBERSHIPS.c.id == membership_id,
                                                      or_(MEMBERSHIPS.c.to_on.is_(None), MEMBERSHIPS.c.to_on > to_on)).values(to_on=to_on))
    return bool(ended.rowcount)


def roles_on(session: Session, day: date) -> Sequence[Any]:
    """(account_id, role) of everybody on a day."""
    return session.all(select(ROLES.c.account_id, ROLES.c.role).where(holds_on(ROLES, day)).distinct().order_by(ROLES.c.role))


def memberships_on(session: Session, day: date) -> Sequence[Any]:
    """(account_id, organisation, kind) of everybody on a day."""
    return session.all(select(MEMBERSHIPS.c.account_id, ORGANISATIONS.c.name.label("organisation"), MEMBERSHIPS.c.kind)
                       .join(ORGANISATIONS, ORGANISATIONS.c.id == MEMBERSHIPS.c.organisation_id).where(holds_on(MEMBERSHIPS, day))
                       .order_by(ORGANISATIONS.c.name))


def account_row(session: Session, *, account_id: int | None = None, email: str = "") -> Any:
    """(id, email, name, active, terms_version, terms_accepted_at) of an account, active or not, or None."""
    which = ACCOUNTS.c.id == account_id if account_id is not None else ACCOUNTS.c.email == email.strip().casefold()[:254]
    return session.first(select(ACCOUNTS.c.id, ACCOUNTS.c.email, ACCOUNTS.c.name, ACCOUNTS.c.active, ACCOUNTS.c.terms_version,
                                ACCOUNTS.c.terms_accepted_at).where(which))


def set_active(session: Session, account_id: int, active: bool) -> bool:
    """Let an account sign in, or no longer; False when it is so already."""
    changed = session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id, ACCOUNTS.c.active != active).values(active=active))
    return bool(changed.rowcount)


def note_terms(session: Session, account_id: int, version: str, at: Any) -> None:
    session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(terms_version=version, terms_accepted_at=at))
