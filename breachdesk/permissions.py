"""Who may do what: one table for what is not a step of a procedure, one question for what is.

What may be *seen* is not here: `store.visibility.visible_to` is the one query for that. Denied unless listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import Enum

from breachdesk.compacts.schemes import PAPERS
from breachdesk.errors import NotPermitted
from breachdesk.identity import ACTS_FOR, COVERED, NOBODY, THE_CLOCK, THE_OPERATOR, Actor
from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Action
from breachdesk.workflow.facts import Appointment, Party
from breachdesk.workflow.on_behalf import recorded_for

Predicate = Callable[[Actor], bool]
OFFICES = ("coordinator", "operator")
# Somebody who acts for a party without belonging to it; and somebody whose organisation has left: they read, and take no step.
REPRESENTATIVE, FORMER_PARTY = "representative", "former_party"
# Somebody who serves in place of the coordinator in one case.
STAND_IN = "stand_in"
NAMED = ("critical_friend", "panel_member", STAND_IN)
NAMED_OR_REVIEWING = (*NAMED, "steering_group")


class Permission(Enum):
    """What can be permitted, beside the steps of a procedure."""

    READ_PUBLIC_PAGES = "Read what is open to everybody"
    SIGN_IN = "Sign in"
    OWN_ACCOUNT = "Look after one's own account"
    USE_HOME = "See what is waiting for oneself"
    LODGE = "Make a complaint"
    READ_CASES = "Read the cases one is part of"
    ACT = "Take a step in a case"
    READ_TERMS = "Read and accept the terms of use"
    SEE_PEOPLE = "See who is on this desk, and in which roles"
    CHANGE_PEOPLE = "Change people's roles, memberships and accounts"
    SEE_ORGANISATIONS = "See organisations and who belongs to them"
    CHANGE_ORGANISATIONS = "Change what is known of organisations"
    LOOK_AFTER_MEMBERS = "Invite people to an organisation, and end their membership"
    SEE_ROSTER = "See the roster of critical friends and panel members"
    NOTE_ABSENCES = "Say who is away from a role, and who covers"
    NOTE_CONCERNS = "Note a concern without a case"
    READ_LOG = "Read the desk's log"
    READ_HEALTH = "See how the desk runs"
    READ_METRICS = "Read how the desk runs, as a program"
    READ_ESCALATED = "See the disputes that reached the panel"
    READ_FIGURES = "See the year's figures"
    BREAK_GLASS = "Open a case's shared papers in an emergency"
    CHANGE_PROCEDURES = "Publish a version of a procedure and let cases go by it"
    SET_UP = "Set a scheme up"
    CHANGE_CALENDARS = "Change which days are worked"
    SAY_CLOSED_DAYS = "Say on which days an organisation is closed"
    ERASE = "Erase a person, or a case's words"
    RETAIN = "See what goes when, and hold a case back"
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


def administers_somewhere(actor: Actor) -> bool:
    return bool(actor.administers)


MAY: Mapping[Permission, tuple[Predicate, ...]] = {
    Permission.READ_PUBLIC_PAGES: (anybody,),
    Permission.SIGN_IN: (anybody,),
    Permission.OWN_ACCOUNT: (is_signed_in,),
    Permission.USE_HOME: (is_signed_in,),
    Permission.LODGE: (belongs_somewhere, _holds("coordinator")),
    Permission.READ_CASES: (is_signed_in,),
    Permission.ACT: (is_signed_in,),
    Permission.READ_TERMS: (anybody,),
    Permission.SEE_PEOPLE: (_holds(*OFFICES),),
    Permission.CHANGE_PEOPLE: (_holds(*OFFICES),),
    Permission.SEE_ORGANISATIONS: (_holds(*OFFICES), administers_somewhere),
    Permission.CHANGE_ORGANISATIONS: (_holds("coordinator"),),
    Permission.LOOK_AFTER_MEMBERS: (_holds(*OFFICES), administers_somewhere),
    Permission.SEE_ROSTER: (_holds(*OFFICES, "steering_group"),),
    Permission.NOTE_ABSENCES: (_holds(*OFFICES, *COVERED),),
    Permission.NOTE_CONCERNS: (is_signed_in,),
    Permission.READ_LOG: (_holds(*OFFICES, "auditor"),),
    Permission.READ_HEALTH: (_holds("operator"),),
    # Whoever asks is a program with a token, and has no account.
    Permission.READ_METRICS: (anybody,),
    Permission.READ_ESCALATED: (_holds("steering_group"),),
    Permission.READ_FIGURES: (anybody,),
    Permission.BREAK_GLASS: (_holds("coordinator", "operator"),),
    Permission.CHANGE_PROCEDURES: (_holds("coordinator", "operator"),),
    Permission.SET_UP: (_holds("coordinator", "operator"),),
    Permission.CHANGE_CALENDARS: (_holds("coordinator"),),
    Permission.SAY_CLOSED_DAYS: (_holds("coordinator"), belongs_somewhere),
    Permission.ERASE: (_holds(*OFFICES),),
    Permission.RETAIN: (_holds("coordinator"),),
    Permission.MOVE_CLOCK: (is_signed_in,),
}


def may(actor: Actor, permission: Permission) -> bool:
    return any(allows(actor) for allows in MAY[permission])


def require(actor: Actor, permission: Permission) -> None:
    """Raise NotPermitted, in words, unless the actor may."""
    if not may(actor, permission):
        raise NotPermitted(f"{permission.value}: your account is not set up for this. Ask the coordinator.")


def is_excluded(actor: Actor, parties: Iterable[Party], *, received_on: date, interested: frozenset[int] = frozenset(),
                acted_for_a_side: frozenset[int] = frozenset()) -> bool:
    """Whether somebody has an interest in a case, which beats every grant that they hold.

    They belong to a side, have belonged to it since the case was received, or the same of an organisation that acts or acted for a
    side; or they are among the INTERESTED: have declared an interest, or left because an objection to them was upheld.
    """
    sides = {place for party in parties for place in (party.organisation_id, party.represented_by)} | acted_for_a_side
    since = {place for place, until in actor.belonged if until >= received_on}
    return actor.account_id in interested or not sides.isdisjoint(actor.organisations | since)


def roles_in_case(actor: Actor, scheme_id: int, parties: Sequence[Party], appointments: Iterable[Appointment], *,
                  respondents_told: bool, reached_panel: bool, received_on: date, interested: frozenset[int] = frozenset(),
                  acted_for_a_side: frozenset[int] = frozenset(), reviews: str = PAPERS) -> frozenset[str]:
    """The roles in which somebody meets one case. Empty: the case does not exist for them. `store.visibility` says the same.

    Whoever represents a party meets the case in its role too: they take its steps, and read what it reads. Whoever is excluded meets
    the case as a side, if it is theirs, and as nothing more. A serving stand-in is the case's coordinator too.
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
    if not is_excluded(actor, parties, received_on=received_on, interested=interested, acted_for_a_side=acted_for_a_side):
        roles |= _granted(actor, scheme_id, appointments, reviewed=reached_panel and reviews == PAPERS)
    return frozenset(roles)


def _granted(actor: Actor, scheme_id: int, appointments: Iterable[Appointment], *, reviewed: bool) -> set[str]:
    """The roles that somebody is given, in the scheme or in the case: an interest takes all of them away.

    REVIEWED: the steering group meets the case. It reached the panel, and the scheme has not narrowed reviews to summaries or figures.
    """
    roles = {one.role for one in appointments if one.account_id == actor.account_id and not one.ended}
    if actor.holds("coordinator", scheme_id) or STAND_IN in roles:
        roles.add("coordinator")
    if actor.holds("steering_group", scheme_id) and reviewed:
        roles.add("steering_group")
    return roles


def declares_first(actor: Actor, scheme_id: int, roles: frozenset[str]) -> bool:
    """Whether somebody must say that they have no interest before the papers open: all who are named in the case or review it."""
    return not roles.isdisjoint(NAMED_OR_REVIEWING) and not actor.holds("coordinator", scheme_id)


def needs_no_declaration(roles: frozenset[str], action: Action) -> bool:
    """Whether the step is one by which somebody leaves the part that they take in the case, or says that they have an interest."""
    own = roles.intersection(NAMED_OR_REVIEWING, action.by)
    released = action.effects.releases
    return released.role in own if released else bool(own) and action.effects.declares_interest


def may_declare(roles: frozenset[str]) -> bool:
    """Whether somebody has a role in the case that an interest would take away."""
    return not roles.isdisjoint({*NAMED_OR_REVIEWING, "coordinator"})


def passes_on(actor: Actor, scheme_id: int, roles: frozenset[str], action: Action) -> bool:
    """Whether the step is the one that is left to a coordinator who is excluded: to name a stand-in, in whatever words the file says it."""
    return appoints_stand_in(action) and "coordinator" in action.by and "coordinator" not in roles and actor.holds("coordinator", scheme_id)


def appoints_stand_in(action: Action) -> bool:
    return action.effects.appoints is not None and action.effects.appoints.role == STAND_IN


def require_step(roles: frozenset[str], action: Action, said_roles: Mapping[str, str], parties: Sequence[Party] = ()) -> None:
    """Raise NotPermitted unless one of these roles may take the step, or enters it for one of the PARTIES that is on paper."""
    if not roles.intersection(action.by) and not recorded_for(action, roles, parties):
        raise NotPermitted(f"“{action.title}” is for {' or '.join(said_roles[role] for role in action.by)}.")


def role_used(roles: frozenset[str], action: Action, parties: Sequence[Party] = ()) -> str:
    """The role in which the step is taken: the first that the procedure names; otherwise that in which it is entered for a party."""
    return next((role for role in action.by if role in roles), "") or recorded_for(action, roles, parties)


def role_for_log(actor: Actor, parties: Iterable[Party], role: str, roles: frozenset[str]) -> str:
    """The role as the log says it: a side's step that somebody takes who does not belong to it is taken by its representative, and
    the coordinator's by whoever stands in for the coordinator, who has that among their ROLES."""
    if role == "coordinator" and STAND_IN in roles:
        return STAND_IN
    if role not in PARTY_SIDES or any(party.side == role and party.organisation_id in actor.organisations for party in parties):
        return role
    return REPRESENTATIVE


def office_in(actor: Actor, scheme_id: int | None) -> str:
    """As what somebody changes people in a scheme (in any, without one). Raises NotPermitted when it is not theirs to do."""
    if actor == THE_OPERATOR:
        return "operator"
    for role in OFFICES:
        if actor.holds(role, scheme_id) if scheme_id is not None else any(held == role for _, held in actor.roles):
            return role
    raise NotPermitted("Only a coordinator or operator of the scheme does this. Ask one of them.")


def require_role_change(actor: Actor, account_id: int, scheme_id: int, role: str) -> str:
    """As what somebody gives or ends a role of somebody else in a scheme. Raises NotPermitted.

    Nobody changes their own roles, and only an operator makes or unmakes one.
    """
    office = office_in(actor, scheme_id)
    if actor.account_id == account_id:
        raise NotPermitted("Nobody changes their own roles. Ask another coordinator, or the operator.")
    if role == "operator" and actor != THE_OPERATOR and not actor.holds("operator", scheme_id):
        raise NotPermitted("Only an operator makes somebody an operator, or ends that.")
    return office


def require_membership_change(actor: Actor, account_id: int | None, organisation_id: int, kind: str) -> str:
    """As what somebody lets another one belong to an organisation, or ends that. Raises NotPermitted.

    An organisation's administrator does so for those who act for it, and for nobody else. One's own employment anybody in office may note.
    """
    if actor == THE_OPERATOR or any(held in OFFICES for _, held in actor.roles):
        if actor.account_id == account_id and kind != "employee":
            raise NotPermitted("Nobody changes where they belong themselves. Ask another coordinator, or the operator.")
        return office_in(actor, None)
    if organisation_id in actor.administers and kind in ACTS_FOR and account_id != actor.account_id:
        return "administrator"
    raise NotPermitted("An organisation's administrator invites and ends those who act for it, and nobody else. Ask the coordinator.")
