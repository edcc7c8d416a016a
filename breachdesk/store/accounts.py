"""Rows of people and organisations, as the desk's own business writes them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from breachdesk.store.people import ACCOUNTS, ORGANISATIONS
from breachdesk.store.session import Session
from breachdesk.store.tables_desk import AccountRow, MembershipRow, OrganisationRow, RoleRow


def insert_account(session: Session, email: str, name: str, password_hash: str, at: datetime) -> int:
    return session.add(AccountRow, email=email, name=name, password_hash=password_hash, active=True, created_at=at)


def insert_organisation(session: Session, slug: str, name: str, sector: str, kind: str, area: str) -> int:
    return session.add(OrganisationRow, slug=slug, name=name, sector=sector, kind=kind, area=area)


def insert_membership(session: Session, account_id: int, organisation_id: int, from_on: date) -> None:
    session.add(MembershipRow, account_id=account_id, organisation_id=organisation_id, from_on=from_on)


def insert_role(session: Session, account_id: int, scheme_id: int, role: str, from_on: date, *, sector: str = "", area: str = "") -> None:
    session.add(RoleRow, account_id=account_id, scheme_id=scheme_id, role=role, sector=sector, area=area, from_on=from_on)


def account_exists(session: Session, email: str) -> bool:
    return session.value(select(ACCOUNTS.c.id).where(ACCOUNTS.c.email == email)) is not None


def all_accounts(session: Session) -> Sequence[Any]:
    """(id, email, name, active) of every account, by name."""
    return session.all(select(ACCOUNTS.c.id, ACCOUNTS.c.email, ACCOUNTS.c.name, ACCOUNTS.c.active).order_by(ACCOUNTS.c.name))


_BY_SLUG = select(ORGANISATIONS.c.id).where(ORGANISATIONS.c.slug == bindparam("called"))


def organisation_id(session: Session, slug: str) -> int | None:
    found = session.value(_BY_SLUG, {"called": slug})
    return None if found is None else int(found)
