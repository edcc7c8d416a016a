"""What somebody may see: the one query that every list, count, search, export, feed, file and mail goes through."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, and_, exists, false, or_, select, true, union

from breachdesk.compacts.schemes import PAPERS, SUMMARIES
from breachdesk.identity import THE_CLOCK, THE_OPERATOR, Actor
from breachdesk.store.tables import AppointmentRow, CaseRow, PartyRow, table_of
from breachdesk.store.tables_desk import SchemeRow
from breachdesk.store.tables_held import InterestRow, RepresentationRow
from breachdesk.workflow.facts import Party

CASES, PARTIES, APPOINTMENTS, INTERESTS, REPRESENTATIONS, SCHEMES = map(
    table_of, (CaseRow, PartyRow, AppointmentRow, InterestRow, RepresentationRow, SchemeRow))

# With one of these roles somebody sees most cases of a scheme; with any other, those that they are part of.
SCHEME_WIDE = ("coordinator", "steering_group")


@lru_cache(maxsize=32)
def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The cases that exist for this person, as a condition on `cases`. `permissions.roles_in_case` says the same of one case.

    A member sees those of their organisation (where it is complained about, once it has been told); somebody who represents a party
    what that party sees. What is granted beside that is granted only in cases from which they are not `excluded`: a coordinator sees
    those of the scheme; an appointed person theirs, until they are released; the steering group those that reached the panel, unless
    the scheme has narrowed its reviews to summaries or figures. The operator at the command line sees that a case is there and where it
    stands; `compartments_of` keeps its words from them.
    """
    if actor in (THE_CLOCK, THE_OPERATOR):
        return true()
    granted, own = and_(_granted(actor), ~excluded(actor)), _of_a_side(actor)
    if any(role in SCHEME_WIDE for _, role in actor.roles):
        return or_(granted, *(CASES.c.id.in_(one) for one in own))
    # The cases of anybody else are few: found by themselves first, so that the database does not go through all that there are.
    return CASES.c.id.in_(union(select(CASES.c.id).where(granted).correlate(None), *own))


def _granted(actor: Actor) -> ColumnElement[bool]:
    """The cases that a role in the scheme, or one in the case, opens."""
    named = CASES.c.id.in_(select(APPOINTMENTS.c.case_id).where(APPOINTMENTS.c.account_id == actor.account_id,
                                                               APPOINTMENTS.c.ended_at.is_(None)))
    coordinates = [CASES.c.scheme_id.in_(schemes) for schemes in [_schemes(actor, "coordinator")] if schemes]
    return or_(named, *coordinates, *_escalated(actor, PAPERS))


def _escalated(actor: Actor, reviews: str) -> list[ColumnElement[bool]]:
    """The disputes that reached the panel in the schemes whose steering group, with this member, meets them in that way."""
    own = _schemes(actor, "steering_group")
    among = select(SCHEMES.c.id).where(SCHEMES.c.id.in_(own), SCHEMES.c.reviews == reviews)
    return [and_(CASES.c.scheme_id.in_(among), CASES.c.reached_panel)] if own else []


def summarised_for(actor: Actor) -> ColumnElement[bool]:
    """The disputes of which a member of a steering group meets an anonymised summary, and nothing else: they are not `visible_to` them."""
    return and_(or_(false(), *_escalated(actor, SUMMARIES)), ~excluded(actor))


def _of_a_side(actor: Actor) -> list[Select[Any]]:
    """The ids of the cases in which the actor's organisations are a party; and of those in which they act for one."""
    if not actor.organisations:
        return []
    told = CASES.alias()
    sides = select(told.c.id).join(PARTIES, PARTIES.c.case_id == told.c.id).where(
        or_(PARTIES.c.side == "complainant", told.c.respondents_told))
    acting = sides.join(REPRESENTATIONS, REPRESENTATIONS.c.party_id == PARTIES.c.id).where(
        REPRESENTATIONS.c.organisation_id.in_(actor.organisations), REPRESENTATIONS.c.ended_at.is_(None), PARTIES.c.left_on.is_(None))
    return [sides.where(PARTIES.c.organisation_id.in_(actor.organisations)), acting]


@lru_cache(maxsize=32)
def excluded(actor: Actor) -> ColumnElement[bool]:
    """The cases in which somebody has an interest that beats every grant, as a condition on `cases`: `permissions.is_excluded`."""
    declared = _has(INTERESTS, INTERESTS.c.account_id == actor.account_id)
    today = [_has_a_side_among(actor.organisations)] if actor.organisations else []
    since = [and_(CASES.c.received_on <= until, _has_a_side_among({place})) for place, until in sorted(actor.belonged)]
    return or_(declared, *today, *since)


def left_to_pass_on(actor: Actor, stand_ins: Iterable[Actor]) -> ColumnElement[bool]:
    """The open cases of the actor's schemes in which they may not be the coordinator, and none of the STAND_INS may stand in.

    `casework.act.has_stand_in` says the same of one case.
    """
    served = [and_(CASES.c.id.in_(select(APPOINTMENTS.c.case_id).where(
        APPOINTMENTS.c.account_id == one.account_id, APPOINTMENTS.c.role == "stand_in", APPOINTMENTS.c.ended_at.is_(None))), ~excluded(one))
        for one in stand_ins]
    mine = CASES.c.scheme_id.in_(_schemes(actor, "coordinator"))
    return and_(mine, CASES.c.closed_on.is_(None), excluded(actor), ~or_(false(), *served))


def _has_a_side_among(organisations: Collection[int]) -> ColumnElement[bool]:
    """Whether one of the organisations is a party, or acts or acted for one."""
    return or_(*(_has(table, table.c.organisation_id.in_(organisations)) for table in (PARTIES, REPRESENTATIONS)))


def _has(table: Table, which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a table has such a row about the case: looked up case by case, since a list stops after its first page."""
    return exists(select(table.c.case_id).where(table.c.case_id == CASES.c.id, which).correlate(CASES))


def _schemes(actor: Actor, role: str) -> list[int]:
    return [scheme_id for scheme_id, held in actor.roles if held == role]


# The compartments of a case. Each text, message, file and note lies in one; a party's room (`room_of`) is the seventh kind.
SHARED, COORDINATOR, STEERING_GROUP, PANEL, FRIEND, PUBLIC = "shared", "coordinator", "steering_group", "panel", "friend", "public"
_ROOM = "room:"


def room_of(party_id: int) -> str:
    """The compartment of what one party and the critical friends say to each other."""
    return f"{_ROOM}{party_id}"


def party_of_room(compartment: str) -> int:
    """The party whose room it is; 0 when it is no party's."""
    return int(compartment.removeprefix(_ROOM)) if compartment.startswith(_ROOM) else 0


def compartments_of(roles: frozenset[str], own_parties: frozenset[int] = frozenset(), parties: Iterable[int] = ()) -> tuple[str, ...]:
    """The compartments of a case that somebody may read, given their roles in it, the parties that are theirs, and all parties.

    Without a role: only what is public. Whoever belongs to a party, or acts for one, reads as that party and in no other role. A
    critical friend reads every party's room, never what the panel keeps to itself; a panel member the other way round; whoever is
    both reads neither. The coordinator reads no room. `store.rooms` says from which entry on, and whose notes.
    """
    if not roles:
        return (PUBLIC,)
    found = [PUBLIC, SHARED]
    if own_parties:
        return (*found, *map(room_of, sorted(own_parties)))
    if roles.intersection((COORDINATOR, "stand_in")):
        found += [COORDINATOR, STEERING_GROUP]
    elif STEERING_GROUP in roles:
        found.append(STEERING_GROUP)
    if "critical_friend" in roles and "panel_member" not in roles:
        found += [FRIEND, *map(room_of, sorted(parties))]
    if "panel_member" in roles and "critical_friend" not in roles:
        found.append(PANEL)
    return tuple(found)


# What each compartment lies within: whoever reads it reads those, too.
_AROUND = {PUBLIC: (PUBLIC,), SHARED: (SHARED, PUBLIC), STEERING_GROUP: (STEERING_GROUP, SHARED, PUBLIC),
           COORDINATOR: (COORDINATOR, STEERING_GROUP, SHARED, PUBLIC), PANEL: (PANEL, SHARED, PUBLIC)}


def is_within(child: str, parent: str) -> bool:
    """Whether nobody reads CHILD who may not read PARENT: what an attachment, a reply or a correction must keep to."""
    if child == FRIEND:
        return parent in (FRIEND, SHARED, PUBLIC) or bool(party_of_room(parent))
    return parent in _AROUND.get(child, (child, SHARED, PUBLIC))


def require_within(child: str, parent: str) -> None:
    """Raise ValueError when CHILD is more open than PARENT: nothing of the kind is ever written."""
    if not is_within(child, parent):
        raise ValueError(f"what lies in “{child}” would be more open than what it belongs to, in “{parent}”")


def parties_of(actor: Actor, parties: Iterable[Party]) -> frozenset[int]:
    """The parties of a case that somebody belongs to, or acts for."""
    return frozenset(party.id for party in parties
                     if party.organisation_id in actor.organisations or (not party.left and party.represented_by in actor.organisations))
