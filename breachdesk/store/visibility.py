"""What somebody may see: the one query that every list, count, search, export, feed, file and mail goes through."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, or_, select, true

from breachdesk.identity import THE_CLOCK, THE_OPERATOR, Actor
from breachdesk.store.tables import AppointmentRow, CaseRow, PartyRow, table_of
from breachdesk.store.tables_held import InterestRow, RepresentationRow

CASES, PARTIES, APPOINTMENTS, INTERESTS, REPRESENTATIONS = map(
    table_of, (CaseRow, PartyRow, AppointmentRow, InterestRow, RepresentationRow))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The cases that exist for this person, as a condition on `cases`. `permissions.roles_in_case` says the same of one case.

    A member sees those of their organisation (where it is complained about, once it has been told); somebody who represents a party
    what that party sees. What is granted beside that is granted only in cases from which they are not `excluded`: a coordinator sees
    those of the scheme; an appointed person theirs, until they are released; the steering group those that reached the panel. The
    operator at the command line sees that a case is there and where it stands; `audiences_of` keeps its words from them.
    """
    if actor in (THE_CLOCK, THE_OPERATOR):
        return true()
    return or_(and_(_granted(actor), ~excluded(actor)), *_of_a_side(actor))


def _granted(actor: Actor) -> ColumnElement[bool]:
    """The cases that a role in the scheme, or one in the case, opens."""
    named = CASES.c.id.in_(select(APPOINTMENTS.c.case_id).where(APPOINTMENTS.c.account_id == actor.account_id,
                                                               APPOINTMENTS.c.ended_at.is_(None)))
    coordinates = [CASES.c.scheme_id.in_(schemes) for schemes in [_schemes(actor, "coordinator")] if schemes]
    reviews = [and_(CASES.c.scheme_id.in_(schemes), CASES.c.reached_panel) for schemes in [_schemes(actor, "steering_group")] if schemes]
    return or_(named, *coordinates, *reviews)


def _of_a_side(actor: Actor) -> list[ColumnElement[bool]]:
    """The cases in which the actor's organisations are a party, or act for one."""
    if not actor.organisations:
        return []
    acting = select(REPRESENTATIONS.c.party_id).join(PARTIES, PARTIES.c.id == REPRESENTATIONS.c.party_id).where(
        REPRESENTATIONS.c.organisation_id.in_(actor.organisations), REPRESENTATIONS.c.ended_at.is_(None), PARTIES.c.left_on.is_(None))
    of_us = or_(PARTIES.c.organisation_id.in_(actor.organisations), PARTIES.c.id.in_(acting))
    ours = CASES.c.id.in_(select(PARTIES.c.case_id).where(of_us))
    complaining = CASES.c.id.in_(select(PARTIES.c.case_id).where(of_us, PARTIES.c.side == "complainant"))
    return [complaining, and_(ours, CASES.c.respondents_told)]


def excluded(actor: Actor) -> ColumnElement[bool]:
    """The cases in which somebody has an interest that beats every grant, as a condition on `cases`: `permissions.is_excluded`."""
    declared = CASES.c.id.in_(select(INTERESTS.c.case_id).where(INTERESTS.c.account_id == actor.account_id))
    today = [_has_a_side_among(actor.organisations)] if actor.organisations else []
    since = [and_(CASES.c.received_on <= until, _has_a_side_among({place})) for place, until in sorted(actor.belonged)]
    return or_(declared, *today, *since)


def _has_a_side_among(organisations: Collection[int]) -> ColumnElement[bool]:
    """Whether one of the organisations is a party, or acts or acted for one."""
    return or_(CASES.c.id.in_(select(PARTIES.c.case_id).where(PARTIES.c.organisation_id.in_(organisations))),
               CASES.c.id.in_(select(REPRESENTATIONS.c.case_id).where(REPRESENTATIONS.c.organisation_id.in_(organisations))))


def _schemes(actor: Actor, role: str) -> list[int]:
    return [scheme_id for scheme_id, held in actor.roles if held == role]


def audiences_of(roles: frozenset[str]) -> tuple[str, ...]:
    """Whose words somebody may read in a case, given their roles in it. Without a role: none."""
    if not roles:
        return ()
    if roles.intersection(("coordinator", "stand_in")):
        return ("shared", "coordinator", "steering_group")
    return ("shared", "steering_group") if "steering_group" in roles else ("shared",)
