"""Who may do what: one table for what is not a step of a procedure, one question for what is.

What may be *seen* is not here: `store.visibility.visible_to` is the one query for that. Denied unless listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from enum import Enum

from breachdesk.errors import NotPermitted
from breachdesk.identity import NOBODY, THE_CLOCK, Actor
from breachdesk.workflow.definition import CLOCK, Action
from breachdesk.workflow.facts import Appointment, Party

Predicate = Callable[[Actor], bool]


class Permission(Enum):
    """What can be permitted, beside the steps of a procedure."""

    READ_PUBLIC_PAGES = "Read what is open to everybody"
    SIGN_IN = "Sign in"
    USE_HOME = "See what is waiting for oneself"
    LODGE = "Make a complaint"
    READ_CASES = "Read the cases one is part of"
    ACT = "Take a step in a case"
    READ_LOG = "Read the desk's log"
    READ_ESCALATED = "See the disputes that reached the panel"
    READ_FIGURES = "See the year's figures"
    CHANGE_PROCEDURES = "Publish a version of a procedure and let cases go by it"
    MOVE_CLOCK = "Move the clock of a practice desk"


def anybody(actor: Actor) -> bool:
    return True


def is_signed_in(actor: Actor) -> bool:
    return actor != NOBODY


def _holds(*roles: str) -> Predicate:
    def holds(actor: Actor) -> bool:
        return any(role in roles for _, role in actor.roles)
    return holds


def belongs_somewhere(actor: Actor) -> bool:
    return bool(actor.organisations)


MAY: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.READ_PUBLIC_PAGES: (anybody,),
    Permission.SIGN_IN: (anybody,),
    Permission.USE_HOME: (is_signed_in,),
    Permission.LODGE: (belongs_somewhere, _holds("coordinator")),
    Permission.READ_CASES: (is_signed_in,),
    Permission.ACT: (is_signed_in,),
    Permission.READ_LOG: (_holds("coordinator", "operator"),),
    Permission.READ_ESCALATED: (_holds("steering_group"),),
    Permission.READ_FIGURES: (anybody,),
    Permission.CHANGE_PROCEDURES: (_holds("coordinator", "operator"),),
    Permission.MOVE_CLOCK: (is_signed_in,),
}


def may(actor: Actor, permission: Permission) -> bool:
    return any(allows(actor) for allows in MAY[permission])


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotPermitted, in words, unless the actor may."""
    if not may(actor, permission):
        raise NotPermitted(f"{permission.value}: your account is not set up for this. Ask the coordinator.")


def roles_in_case(actor: Actor, scheme_id: int, parties: Iterable[Party], appointments: Iterable[Appointment], *,
                  respondents_told: bool, reached_panel: bool) -> frozenset[str]:
    """The roles in which somebody meets one case. Empty: the case does not exist for them."""
    if actor == THE_CLOCK:
        return frozenset({CLOCK})
    sides = {party.side for party in parties if party.organisation_id in actor.organisations}
    named = {one.role for one in appointments if one.account_id == actor.account_id and not one.ended}
    # A complaint that went back, lapsed or was stopped before anybody told the other side was never theirs to see.
    roles = (sides if respondents_told else sides - {"respondent"}) | named
    if actor.holds("coordinator", scheme_id):
        roles.add("coordinator")
    # Nobody reviews a dispute of their own organisation: the interest beats the grant.
    if actor.holds("steering_group", scheme_id) and reached_panel and not sides:
        roles.add("steering_group")
    return frozenset(roles)


def require_step(roles: frozenset[str], action: Action, said_roles: Mapping[str, str]) -> None:
    """Raise NotPermitted unless one of these roles may take the step."""
    if not roles.intersection(action.by):
        raise NotPermitted(f"“{action.title}” is for {' or '.join(said_roles[role] for role in action.by)}.")


def role_used(roles: frozenset[str], action: Action) -> str:
    """The role in which the step is taken: the first that the procedure names."""
    return next(role for role in action.by if role in roles)
