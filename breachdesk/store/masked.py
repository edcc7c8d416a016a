"""The names that give an unnamed party away: of its organisations, of everybody who ever belonged to them, and their addresses."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select

from breachdesk.audit.chain import read_body
from breachdesk.store.audit_log import entries_of
from breachdesk.store.organisations import FORMER_NAMES
from breachdesk.store.people import ACCOUNTS, MEMBERSHIPS, ORGANISATIONS
from breachdesk.store.session import Session


@dataclass(frozen=True, slots=True)
class Place:
    """A name that an organisation has or had, and its short name."""

    id: int
    name: str
    slug: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody's name and address."""

    id: int
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Known:
    """Everything that some organisations are known by."""

    organisations: tuple[Place, ...]
    people: tuple[Person, ...]


_OF = MEMBERSHIPS.c.organisation_id.in_(bindparam("places"))
_NAMES = (select(ORGANISATIONS.c.id, ORGANISATIONS.c.name, ORGANISATIONS.c.slug)
          .where(ORGANISATIONS.c.id.in_(bindparam("places"))).order_by(ORGANISATIONS.c.id))
_FORMER = (select(ORGANISATIONS.c.id, FORMER_NAMES.c.name, ORGANISATIONS.c.slug)
           .join(ORGANISATIONS, ORGANISATIONS.c.id == FORMER_NAMES.c.organisation_id)
           .where(ORGANISATIONS.c.id.in_(bindparam("places"))).order_by(FORMER_NAMES.c.id))
_PEOPLE = (select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email)
           .where(ACCOUNTS.c.id.in_(select(MEMBERSHIPS.c.account_id).where(_OF))).order_by(ACCOUNTS.c.id))


def names_of(session: Session, organisation_ids: Sequence[int], but: Collection[int] = ()) -> Known:
    """Every name by which somebody would know these organisations; whoever has left them too, BUT for some accounts."""
    of = {"places": organisation_ids}
    places = [*session.all(_NAMES, of), *session.all(_FORMER, of)]
    return Known(tuple(Place(*row) for row in places), tuple(Person(*row) for row in session.all(_PEOPLE, of) if row[0] not in but))


_MEMBERS = select(MEMBERSHIPS.c.account_id).where(_OF).distinct()


def members_of(session: Session, organisation_ids: Sequence[int]) -> frozenset[int]:
    """The accounts of everybody who belongs or belonged to one of them."""
    return frozenset(row[0] for row in session.all(_MEMBERS, {"places": organisation_ids}))


def organisations_of(session: Session, case_id: int, party_ids: Sequence[int]) -> dict[int, set[int]]:
    """Party → every organisation that it was, or that acted for it, in the life of the case: what its log says."""
    found: dict[int, set[int]] = {party: set() for party in party_ids}
    for _, event, body, _ in entries_of(session, case_id):
        facts: Any = read_body(body)["facts"]
        pairs = [(one["party"], one["organisation"]) for one in facts["parties"]] if event == "case:opened" else []
        effects = facts.get("effects") or {}
        pairs += [tuple(effects[name][:2]) for name in ("succeeded", "represented") if effects.get(name)]
        for party, organisation in pairs:
            if party in found:
                found[party].add(organisation)
    return found
