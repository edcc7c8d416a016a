"""Who may do what: one table for what is not a step of a procedure, one question for what is.

What may be *seen* is not here: `store.visibility.visible_to` is the one query for that. Denied unless listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum

from breachdesk.errors import NotPermitted
from breachdesk.identity import NOBODY, THE_CLOCK, Actor
from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Action
from breachdesk.workflow.facts import Appointment, Party

Predicate = Callable[[Actor], bool]
# Somebody who acts for a party without belonging to it; and somebody whose organisation has left: they read, and take no step.
REPRESENTATIVE, FORMER_PARTY = "representative", "former_party"


class Permission(Enum):
    """What can be permitted, beside the steps of a procedure."""

    READ_PUBLIC_PAGES = "Read what is open to everybody"
    SIGN_IN = "Sign in"
    USE_HOME = "See what is waiting for oneself"
    LODGE = "Make a complaint"
    READ_CASES = "Read the cases one is part of"
    ACT = "Take a step in a case"
    NOTE_CONCERNS = "Note a concern without a case"
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
    Permission.NOTE_CONCERNS: (is_signed_in,),
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


def roles_in_case(actor: Actor, scheme_id: int, parties: Sequence[Party], appointments: Iterable[Appointment], *,
                  respondents_told: bool, reached_panel: bool, interested: frozenset[int] = frozenset()) -> frozenset[str]:
    """The roles in which somebody meets one case. Empty: the case does not exist for them.

    Whoever represents a party meets the case in its role too: they take its steps, and read what it reads.
    """
    if actor == THE_CLOCK:
        return frozenset({CLOCK})
    # A complaint that went back, lapsed or was stopped before anybody told the other side was never theirs to see.
    known = [party for party in parties if respondents_told or party.side != "respondent"]
    own = [party for party in parties if party.organisation_id in actor.organisations]
    acting = [party for party in known if not party.left and party.represented_by in actor.organisations]
    roles = {FORMER_PARTY if party.left else party.side for party in own if party in known} | {party.side for party in acting}
    if {party.side for party in acting} - {party.side for party in own}:
        roles.add(REPRESENTATIVE)
    roles |= {one.role for one in appointments if one.account_id == actor.account_id and not one.ended}
    if actor.holds("coordinator", scheme_id):
        roles.add("coordinator")
    # Nobody reviews a dispute in which they or their own organisation have an interest: the interest beats the grant.
    if actor.holds("steering_group", scheme_id) and reached_panel and not own and not acting and actor.account_id not in interested:
        roles.add("steering_group")
    return frozenset(roles)


def require_step(roles: frozenset[str], action: Action, said_roles: Mapping[str, str]) -> None:
    """Raise NotPermitted unless one of these roles may take the step."""
    if not roles.intersection(action.by):
        raise NotPermitted(f"“{action.title}” is for {' or '.join(said_roles[role] for role in action.by)}.")


def role_used(roles: frozenset[str], action: Action) -> str:
    """The role in which the step is taken: the first that the procedure names."""
    return next(role for role in action.by if role in roles)


def role_for_log(actor: Actor, parties: Iterable[Party], role: str) -> str:
    """The role as the log says it: a side's step that somebody takes who does not belong to it is taken by its representative."""
    if role not in PARTY_SIDES or any(party.side == role and party.organisation_id in actor.organisations for party in parties):
        return role
    return REPRESENTATIVE
