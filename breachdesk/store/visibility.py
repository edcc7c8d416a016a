"""What somebody may see: the one query that every list, count, search, export, feed, file and mail goes through."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_, or_, select, true

from breachdesk.identity import THE_CLOCK, THE_OPERATOR, Actor
from breachdesk.store.tables import AppointmentRow, CaseRow, PartyRow, table_of
from breachdesk.store.tables_held import InterestRow, RepresentationRow

CASES, PARTIES, APPOINTMENTS, INTERESTS, REPRESENTATIONS = map(
    table_of, (CaseRow, PartyRow, AppointmentRow, InterestRow, RepresentationRow))


def visible_to(actor: Actor) -> ColumnElement[bool]:
    """The cases that exist for this person, as a condition on `cases`.

    A coordinator sees those of the scheme; a member those of their organisation (where it is complained about, once it has been told);
    somebody who represents a party what that party sees; an appointed person theirs, until they are released; the steering group those
    that reached the panel, but never one in which they have declared an interest or their own organisation is a party. The operator at
    the command line sees that a case is there and where it stands; `audiences_of` keeps its words from them.
    """
    if actor in (THE_CLOCK, THE_OPERATOR):
        return true()
    acting = select(REPRESENTATIONS.c.party_id).where(REPRESENTATIONS.c.organisation_id.in_(actor.organisations),
                                                      REPRESENTATIONS.c.ended_at.is_(None))
    of_us = or_(PARTIES.c.organisation_id.in_(actor.organisations), PARTIES.c.id.in_(acting))
    ours = CASES.c.id.in_(select(PARTIES.c.case_id).where(of_us))
    complaining = CASES.c.id.in_(select(PARTIES.c.case_id).where(of_us, PARTIES.c.side == "complainant"))
    interested = CASES.c.id.in_(select(INTERESTS.c.case_id).where(INTERESTS.c.account_id == actor.account_id))
    named = CASES.c.id.in_(select(APPOINTMENTS.c.case_id).where(APPOINTMENTS.c.account_id == actor.account_id,
                                                               APPOINTMENTS.c.ended_at.is_(None)))
    coordinates = CASES.c.scheme_id.in_(_schemes(actor, "coordinator"))
    reviews = and_(CASES.c.scheme_id.in_(_schemes(actor, "steering_group")), CASES.c.reached_panel, ~ours, ~interested)
    return or_(coordinates, complaining, and_(ours, CASES.c.respondents_told), named, reviews)


def _schemes(actor: Actor, role: str) -> list[int]:
    return [scheme_id for scheme_id, held in actor.roles if held == role]


def audiences_of(roles: frozenset[str]) -> tuple[str, ...]:
    """Whose words somebody may read in a case, given their roles in it. Without a role: none."""
    if not roles:
        return ()
    if roles.intersection(("coordinator", "stand_in")):
        return ("shared", "coordinator", "steering_group")
    return ("shared", "steering_group") if "steering_group" in roles else ("shared",)
