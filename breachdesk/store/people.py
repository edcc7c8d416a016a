"""Accounts, organisations, memberships and roles: who somebody is on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, literal, or_, select

from breachdesk.identity import ACTS_FOR, ADMINISTERS, Actor
from breachdesk.store.absences import AWAY_ON, covers_on, followed
from breachdesk.store.columns import as_day
from breachdesk.store.prepared import Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import AccountRow, MembershipRow, OrganisationRow, RoleRow
from breachdesk.store.tables_people import SuccessionRow
from breachdesk.workflow.facts import Candidate

ACCOUNTS, MEMBERSHIPS, ORGANISATIONS, ROLES = map(table_of, (AccountRow, MembershipRow, OrganisationRow, RoleRow))


def holds_on(table: Any, day: Any) -> ColumnElement[bool]:
    """A dated row (membership, role) is in force on a day, both ends included."""
    return and_(table.c.from_on <= day, or_(table.c.to_on.is_(None), table.c.to_on >= day))


_ACTIVE = select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email, ACCOUNTS.c.terms_version).where(ACCOUNTS.c.active)
_BY_EMAIL = _ACTIVE.where(ACCOUNTS.c.email == bindparam("address"))
_BY_ID = _ACTIVE.where(ACCOUNTS.c.id == bindparam("account_id"))


def actor_by_email(session: Session, email: str, day: date) -> Actor | None:
    """The person with that address, as they are on a day; None when unknown or deactivated."""
    row = session.first(_BY_EMAIL, {"address": email.strip().casefold()})
    return _actor(session, row, day) if row else None


def actor_by_id(session: Session, account_id: int, day: date) -> Actor | None:
    row = session.first(_BY_ID, {"account_id": account_id})
    return _actor(session, row, day) if row else None


_AFTER = table_of(SuccessionRow)
SUCCESSIONS = Prepared(select(_AFTER.c.predecessor_id, _AFTER.c.successor_id))


def became(successions: Sequence[Sequence[Any]], place: int) -> frozenset[int]:
    """The organisations that came after one, and after those: (predecessor, successor) are all that are known."""
    found: set[int] = set()
    waiting = {place}
    while waiting:
        waiting = {after for before, after in successions if before in waiting} - found
        found |= waiting
    return frozenset(found - {place})


_HELD = Prepared(select(ROLES.c.scheme_id, ROLES.c.role).where(ROLES.c.account_id == bindparam("account_id"),
                                                              holds_on(ROLES, bindparam("day"))))
_BELONGS = Prepared(select(MEMBERSHIPS.c.organisation_id, MEMBERSHIPS.c.kind, MEMBERSHIPS.c.to_on)
                    .where(MEMBERSHIPS.c.account_id == bindparam("account_id"), MEMBERSHIPS.c.from_on <= bindparam("day")))


def _actor(session: Session, row: Any, day: date) -> Actor:
    """Somebody with what they hold on the day, and what they do for those who are away."""
    of = {"account_id": row.id, "day": day}
    held, places, away, successions = session.ask((_HELD, of), (_BELONGS, of), (AWAY_ON, {"day": day}), (SUCCESSIONS, {}))
    roles = {(one[0], one[1]) for one in held}
    if covering := [absence for absence, cover in followed(away).items() if cover == row.id]:
        roles |= _still_held(session, covering, day)
    belongs = [(place, kind, as_day(until) if until else date.max) for place, kind, until in places]
    # Whoever belongs to an organisation that became another has an interest in the other's cases, and acts for it only as its member.
    belongs += [(other, "", until) for place, _, until in belongs for other in became(successions, place)]
    return Actor(row.id, row.name, row.email, frozenset(roles),
                 frozenset(place for place, kind, until in belongs if kind in ACTS_FOR and until >= day),
                 frozenset((place, until) for place, kind, until in belongs if kind not in ACTS_FOR or until < day),
                 frozenset(place for place, kind, until in belongs if kind == ADMINISTERS and until >= day), row.terms_version)


def _still_held(session: Session, absences: Sequence[tuple[int, str, int]], day: date) -> set[tuple[int, str]]:
    """Of the roles that people are away from, those that they hold on the day: a cover ends with the term."""
    rows = session.all(select(ROLES.c.scheme_id, ROLES.c.role, ROLES.c.account_id)
                       .where(ROLES.c.account_id.in_([one[2] for one in absences]), holds_on(ROLES, day)))
    return {(row[0], row[1]) for row in rows if (row[0], row[1], row[2]) in absences}


_POOL = Prepared(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email, ROLES.c.sector)
                 .join(ROLES, ROLES.c.account_id == ACCOUNTS.c.id)
                 .where(ROLES.c.scheme_id == bindparam("scheme_id"), ROLES.c.role == bindparam("role"), ACCOUNTS.c.active,
                        holds_on(ROLES, bindparam("day"))).order_by(ACCOUNTS.c.name))
_PLACES = Prepared(select(MEMBERSHIPS.c.account_id, MEMBERSHIPS.c.organisation_id, ORGANISATIONS.c.name)
                   .join(ORGANISATIONS, ORGANISATIONS.c.id == MEMBERSHIPS.c.organisation_id)
                   .where(holds_on(MEMBERSHIPS, bindparam("day"))).order_by(ORGANISATIONS.c.name))


def candidates(session: Session, scheme_id: int, role: str, day: date) -> dict[str, Candidate]:
    """Those who hold a role in the scheme's pool, by address: whom a form can name. Who is away is left out, and who covers is in."""
    pool, places, away = session.ask((_POOL, {"scheme_id": scheme_id, "role": role, "day": day}), (_PLACES, {"day": day}),
                                     (AWAY_ON, {"day": day}))
    instead = {one[2]: cover for one, cover in followed(away).items() if one[:2] == (scheme_id, role)} if away else {}
    return _as_candidates(_with_covers(session, pool, instead), places)


def _with_covers(session: Session, pool: Sequence[tuple[Any, ...]], instead: Mapping[int, int]) -> Sequence[tuple[Any, ...]]:
    """The pool as it is on a day on which somebody else stands in it for those who are away."""
    if not instead:
        return pool
    there = [one for one in pool if one[0] not in instead]
    sectors = {instead[one[0]]: one[3] for one in pool if one[0] in instead and instead[one[0]] not in {other[0] for other in there}}
    rows = session.all(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email).where(ACCOUNTS.c.id.in_(sectors)))
    return sorted([*there, *((row[0], row[1], row[2], sectors[row[0]]) for row in rows)], key=lambda one: str(one[1]))


_AMONG = (select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email).where(ACCOUNTS.c.id.in_(bindparam("account_ids")))
          .order_by(ACCOUNTS.c.name))


def candidates_among(session: Session, account_ids: Sequence[int], day: date) -> dict[str, Candidate]:
    """Certain people, by address: those who serve in a case, whether or not they still hold the role in the scheme."""
    rows = session.all(_AMONG, {"account_ids": account_ids})
    return _as_candidates([(*row, "") for row in rows], session.ask((_PLACES, {"day": day}))[0])


def _as_candidates(pool: Sequence[tuple[Any, ...]], places: Sequence[tuple[Any, ...]]) -> dict[str, Candidate]:
    belongs: dict[int, dict[int, str]] = {}
    for account_id, organisation_id, name in places:
        belongs.setdefault(account_id, {})[organisation_id] = name
    return {email: Candidate(account_id, name, email, sector, frozenset(belongs.get(account_id, ())),
                             tuple(belongs.get(account_id, {}).values())) for account_id, name, email, sector in pool}


@cache
def _organisations(*, some: bool, standing: bool) -> Select[Any]:
    query = select(ORGANISATIONS.c.id, ORGANISATIONS.c.slug, ORGANISATIONS.c.name, ORGANISATIONS.c.sector).order_by(ORGANISATIONS.c.name)
    if some:
        query = query.where(ORGANISATIONS.c.id.in_(bindparam("among")))
    if standing:
        query = query.where(~exists(select(literal(1)).where(_AFTER.c.predecessor_id == ORGANISATIONS.c.id,
                                                             _AFTER.c.from_on < bindparam("day"))))
    return query


def organisations(session: Session, among: Sequence[int] | None = None, *,
                  standing_on: date | None = None) -> list[tuple[int, str, str, str]]:
    """(id, slug, name, sector) of all organisations, or of some, by name. STANDING_ON: without those whose place another one took
    before that day, which no form offers any more."""
    question = _organisations(some=among is not None, standing=standing_on is not None)
    return [(row[0], row[1], row[2], row[3]) for row in session.all(question, {"among": among, "day": standing_on})]


_NAMES = select(ACCOUNTS.c.id, ACCOUNTS.c.name).where(ACCOUNTS.c.id.in_(bindparam("account_ids")))


def names_of(session: Session, account_ids: Sequence[int]) -> dict[int, str]:
    return {row[0]: row[1] for row in session.all(_NAMES, {"account_ids": account_ids})}


_RECIPIENTS = select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email).where(ACCOUNTS.c.active, or_(
    ACCOUNTS.c.id.in_(bindparam("holders")), ACCOUNTS.c.id.in_(bindparam("account_ids")),
    ACCOUNTS.c.id.in_(select(MEMBERSHIPS.c.account_id).where(
        MEMBERSHIPS.c.organisation_id.in_(bindparam("organisation_ids")), MEMBERSHIPS.c.kind.in_(ACTS_FOR),
        holds_on(MEMBERSHIPS, bindparam("day")))))).order_by(ACCOUNTS.c.id)


def recipients(session: Session, scheme_id: int, day: date, *, roles: Sequence[str] = (), organisation_ids: Sequence[int] = (),
               account_ids: Sequence[int] = ()) -> list[tuple[int, str, str]]:
    """(account id, name, address) of active people who hold a role (or cover it), act for an organisation, or are named."""
    rows = session.all(_RECIPIENTS, {"holders": _holders(session, scheme_id, roles, day) if roles else [], "account_ids": account_ids,
                                     "organisation_ids": organisation_ids, "day": day})
    return [(row[0], row[1], row[2]) for row in rows]


_HOLDERS = select(ROLES.c.account_id, ROLES.c.role).where(
    ROLES.c.scheme_id == bindparam("scheme_id"), ROLES.c.role.in_(bindparam("roles")), holds_on(ROLES, bindparam("day")))


def _holders(session: Session, scheme_id: int, roles: Sequence[str], day: date) -> list[int]:
    """Those who hold one of the roles; for each who is away, whoever covers."""
    instead = covers_on(session, day)
    rows = session.all(_HOLDERS, {"scheme_id": scheme_id, "roles": roles, "day": day})
    return sorted({instead.get((scheme_id, row[1], row[0]), row[0]) for row in rows})
