"""What is known of people that could bind them to a case: where they belong and belonged, whom they acted for, where they served."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select

from breachdesk.store.cases import APPOINTMENTS, CASES, ORGANISATIONS, PARTIES, SCHEMES
from breachdesk.store.columns import as_day
from breachdesk.store.holdings import REPRESENTATIONS
from breachdesk.store.people import ACCOUNTS, MEMBERSHIPS, ROLES, SUCCESSIONS, became, candidates_among, holds_on
from breachdesk.store.prepared import PreparedAbout
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_people import FundingRow
from breachdesk.workflow.facts import Candidate, Funding, Membership

FUNDING = table_of(FundingRow)


def with_backgrounds(session: Session, people: Mapping[str, Candidate], case_id: int, organisations: Collection[int], scheme_id: int,
                     role: str, day: date) -> dict[str, Candidate]:
    """The people with what is known of each beside CASE_ID, whose sides are ORGANISATIONS."""
    if not people:
        return {}
    ids = [one.account_id for one in people.values()]
    memberships, counted, found = session.ask_about(ids, _MEMBERSHIPS, _LOAD, _AREAS, day=day, scheme_id=scheme_id, role=role)
    belonged, load, areas = _memberships(session, memberships, day), dict(counted), {row[0]: row[1] for row in found if row[1]}
    served, acting = _served(session, ids, case_id, organisations), _acting(session, case_id, organisations)
    money = _funding(session, organisations, day)
    return {email: replace(
        one, memberships=belonged[one.account_id], served=frozenset(served[one.account_id]), load=load.get(one.account_id, 0),
        acted_for=frozenset(side for held in belonged[one.account_id] for side in acting[held.organisation]),
        funding=tuple(link for link in money if {link.funder, link.funded} & one.organisations),
        area=areas.get(one.account_id, "")) for email, one in people.items()}


_MEMBERSHIPS = PreparedAbout(lambda ids: select(
    MEMBERSHIPS.c.account_id, MEMBERSHIPS.c.organisation_id, ORGANISATIONS.c.name, MEMBERSHIPS.c.from_on, MEMBERSHIPS.c.to_on)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == MEMBERSHIPS.c.organisation_id)
    .where(MEMBERSHIPS.c.account_id.in_(ids), MEMBERSHIPS.c.from_on <= bindparam("day")).order_by(MEMBERSHIPS.c.id))
# In how many open cases each serves now.
_LOAD = PreparedAbout(lambda ids: select(APPOINTMENTS.c.account_id, func.count(APPOINTMENTS.c.case_id.distinct()))
                      .join(CASES, CASES.c.id == APPOINTMENTS.c.case_id)
                      .where(APPOINTMENTS.c.account_id.in_(ids), APPOINTMENTS.c.ended_at.is_(None), CASES.c.closed_on.is_(None))
                      .group_by(APPOINTMENTS.c.account_id))
_AREAS = PreparedAbout(lambda ids: select(ROLES.c.account_id, ROLES.c.area).where(
    ROLES.c.account_id.in_(ids), ROLES.c.scheme_id == bindparam("scheme_id"), ROLES.c.role == bindparam("role"),
    holds_on(ROLES, bindparam("day"))))


def _memberships(session: Session, rows: Sequence[tuple[Any, ...]], day: date) -> Mapping[int, tuple[Membership, ...]]:
    found: dict[int, tuple[Membership, ...]] = defaultdict(tuple)
    [successions] = session.ask((SUCCESSIONS, {}))
    for account_id, place, name, since, to in rows:
        until = as_day(to) if to else None
        found[account_id] += (Membership(place, name, as_day(since), until if until and until < day else None, became(successions, place)),)
    return found


_SERVED = (select(APPOINTMENTS.c.account_id, APPOINTMENTS.c.role, PARTIES.c.organisation_id).distinct()
           .join(PARTIES, PARTIES.c.case_id == APPOINTMENTS.c.case_id)
           .where(APPOINTMENTS.c.account_id.in_(bindparam("ids")), APPOINTMENTS.c.case_id != bindparam("case_id"),
                  PARTIES.c.organisation_id.in_(bindparam("places"))))


def _served(session: Session, ids: Collection[int], case_id: int, organisations: Collection[int]) -> Mapping[int, set[tuple[str, int]]]:
    """Account → (role, organisation) of other cases in which they had a role and the organisation is a side."""
    found: dict[int, set[tuple[str, int]]] = defaultdict(set)
    for account_id, role, place in session.all(_SERVED, {"ids": ids, "case_id": case_id, "places": organisations}):
        found[account_id].add((role, place))
    return found


_ACTING = (select(REPRESENTATIONS.c.organisation_id, PARTIES.c.organisation_id).distinct()
           .join(PARTIES, PARTIES.c.id == REPRESENTATIONS.c.party_id)
           .where(REPRESENTATIONS.c.case_id != bindparam("case_id"), PARTIES.c.organisation_id.in_(bindparam("places"))))


def _acting(session: Session, case_id: int, organisations: Collection[int]) -> Mapping[int, set[int]]:
    """Organisation → those of ORGANISATIONS that it acts or acted for in other cases."""
    found: dict[int, set[int]] = defaultdict(set)
    for acting, side in session.all(_ACTING, {"case_id": case_id, "places": organisations}):
        found[acting].add(side)
    return found


_GIVES, _GETS = (column.in_(bindparam("places")) for column in (FUNDING.c.funder_id, FUNDING.c.funded_id))
_FUNDING = (select(FUNDING.c.funder_id, FUNDING.c.funded_id, ORGANISATIONS.c.name)
            .join(ORGANISATIONS, ORGANISATIONS.c.id == case((_GIVES, FUNDING.c.funded_id), else_=FUNDING.c.funder_id))
            .where(or_(_GIVES, _GETS), holds_on(FUNDING, bindparam("day"))).order_by(FUNDING.c.id))


def _funding(session: Session, organisations: Collection[int], day: date) -> list[Funding]:
    """The money that flows on the day to or from one of ORGANISATIONS, with the name of who is at the other end."""
    return [Funding(*row) for row in session.all(_FUNDING, {"places": organisations, "day": day})]


_ELSEWHERE = (select(ACCOUNTS.c.id, ROLES.c.sector, SCHEMES.c.title).join(ROLES, ROLES.c.account_id == ACCOUNTS.c.id)
              .join(SCHEMES, SCHEMES.c.id == ROLES.c.scheme_id)
              .where(ROLES.c.scheme_id != bindparam("scheme_id"), ROLES.c.role == bindparam("holding"), ACCOUNTS.c.active,
                     holds_on(ROLES, bindparam("day"))))


def candidates_elsewhere(session: Session, scheme_id: int, role: str, day: date) -> dict[str, Candidate]:
    """Those who hold the role in the pools of other schemes, each with the scheme that they come from."""
    rows = session.all(_ELSEWHERE, {"scheme_id": scheme_id, "holding": role, "day": day})
    known = {row[0]: row for row in rows}
    return {email: replace(one, sector=known[one.account_id][1], beyond=known[one.account_id][2])
            for email, one in candidates_among(session, list(known), day).items()}


_AT = (select(ACCOUNTS.c.id, func.min(ORGANISATIONS.c.sector)).group_by(ACCOUNTS.c.id)
       .outerjoin(MEMBERSHIPS, and_(MEMBERSHIPS.c.account_id == ACCOUNTS.c.id, holds_on(MEMBERSHIPS, bindparam("day"))))
       .outerjoin(ORGANISATIONS, ORGANISATIONS.c.id == MEMBERSHIPS.c.organisation_id)
       .where(ACCOUNTS.c.email.in_(bindparam("addresses")), ACCOUNTS.c.active))


def candidates_at(session: Session, emails: Collection[str], day: date) -> dict[str, Candidate]:
    """People with an account, by the addresses that somebody typed; their sector is that of where they work."""
    rows = session.all(_AT, {"addresses": [email.strip().casefold() for email in emails], "day": day})
    sectors = {row[0]: row[1] or "" for row in rows}
    return {email: replace(one, sector=sectors[one.account_id], beyond="named by address")
            for email, one in candidates_among(session, list(sectors), day).items()}
