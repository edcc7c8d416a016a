"""Cases that a coordinator with an interest must pass on: all that they see of one, and the one step that is left to them in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from breachdesk.casework.desk import Desk
from breachdesk.casework.naming import appointed_to, candidates_for, more_are_needed, without_names
from breachdesk.casework.offering import Offering
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import appoints_stand_in
from breachdesk.store import people, reading, schemes
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.store.visibility import left_to_pass_on
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Action, Ask
from breachdesk.workflow.interests import stakes_of
from breachdesk.workflow.wording import say

# The sides of a case have no names for somebody who may not know more of it.
SIDES = {"complainant": "one side", "respondent": "the other"}


@dataclass(frozen=True, slots=True)
class LeftToPass:
    """A case that waits for being passed on, and the coordinator who has to do it."""

    reference: str
    received_on: date
    coordinator: str
    another_coordinates: bool


@dataclass(frozen=True, slots=True)
class PassingOn:
    """The step that names a stand-in: its questions, and whether somebody in the scheme's own pool is free of interests."""

    reference: str
    received_on: date
    version: int
    action: Action
    title: str
    help: str
    asks: tuple[Ask, ...]
    offered: Offered
    nobody_free: bool


def left_to_pass(session: Session, actor: Actor, day: date) -> list[LeftToPass]:
    """The cases that this coordinator must pass on, oldest first."""
    coordinates = any(role == "coordinator" for _, role in actor.roles)
    rows = reading.bare_rows(session, left_to_pass_on(actor, reading.standing_in(session, day))) if coordinates else ()
    return [LeftToPass(row.reference, row.received_on, actor.name, False) for row in rows]


def not_passed_on(session: Session, desk: Desk) -> Iterator[LeftToPass]:
    """Every case on the desk that its coordinator has to pass on, once for each; whether another coordinator can act in it meanwhile."""
    day = local_day(desk.now(session))
    stand_ins = reading.standing_in(session, day)
    for scheme in schemes.all_schemes(session):
        found = people.recipients(session, scheme.id, day, roles=["coordinator"])
        actors = [actor for account_id, *_ in found if (actor := people.actor_by_id(session, account_id, day))]
        mine = {actor: {row.reference: row for row in reading.bare_rows(session, left_to_pass_on(actor, stand_ins))
                        if row.scheme_id == scheme.id} for actor in actors}
        for actor, rows in mine.items():
            for reference, row in rows.items():
                free = any(reference not in others for others in mine.values())
                yield LeftToPass(reference, row.received_on, actor.name, free)


def passing_on(session: Session, desk: Desk, actor: Actor, reference: str) -> PassingOn:
    """The step by which a coordinator with an interest passes the case on. Raises NotFound when none is theirs to take."""
    now = desk.now(session)
    waiting = left_to_pass_on(actor, reading.standing_in(session, local_day(now)))
    row = next((one for one in reading.bare_rows(session, waiting) if one.reference == reference), None)
    case = read_case(session, reference=reference, to_change=False) if row else None
    if row is None or case is None:
        raise NotFound(f"There is no case {reference[:40]} for you to pass on.")
    procedure = desk.procedure(session, case.head.procedure_digest)
    action = next((one for one in procedure.actions_from(case.head.status) if appoints_stand_in(one)), None)
    if action is None:
        raise NotFound(f"The procedure has no step by which {reference[:40]} could be passed on where it stands now. Tell the operator.")
    facts = without_names(desk.facts(session, case, candidates_for(session, case, action, now)))
    offering = Offering(session, actor, case.head.id, procedure, local_day(now))
    asks = offering.asks(action, facts, {**SIDES, "reference": reference}, "coordinator", ())
    own = [one for one in facts.candidates.values() if not one.beyond]
    return PassingOn(reference, row.received_on, case.head.version, action, say(action.title, SIDES), say(action.help, SIDES), asks,
                     offering.offered(action, facts, {}), more_are_needed(own, stakes_of(facts), appointed_to(action)))
