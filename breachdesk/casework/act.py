"""THE way a case changes: permit, decide, carry out, in one transaction, all of it or none of it.

There is no rule about procedure here: those are in `workflow`. People, programs, operators and the clock all come this way.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from breachdesk.audit.chain import Doer, Entry
from breachdesk.casework.carrying_out import carry_out
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import Mask, mask_for
from breachdesk.casework.naming import candidates_for, without_names
from breachdesk.casework.offering import Offering, about_these, case_words, organisations_for
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound, Refused, StaleCase
from breachdesk.identity import THE_CLOCK, Actor
from breachdesk.permissions import REPRESENTATIVE, STAND_IN, passes_on, require_step, role_for_log, role_used, roles_in_case
from breachdesk.store import audit_log, people, reading
from breachdesk.store.by_post import with_paper_marked
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import read_answers
from breachdesk.workflow.definition import Action, Procedure
from breachdesk.workflow.engine import Decision, decide
from breachdesk.workflow.facts import CaseFacts, Party
from breachdesk.workflow.guards import NEED_HISTORY
from breachdesk.workflow.on_behalf import CAME_ON, SCRIBES, came_on


@dataclass(frozen=True, slots=True)
class Step:
    """What somebody wants to do. `party` is the id of the party that it is for; `seen_version` is what they looked at;
    `key` marks one request, so that the same request sent twice is done once."""

    action: str
    answers: Mapping[str, object]
    party: int = 0
    seen_version: int | None = None
    key: str | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """What was done: the log entry that says so, and the decision (None when this very request had been carried out before)."""

    reference: str
    seq: int
    decision: Decision | None


def act(desk: Desk, actor: Actor, reference: str, step: Step) -> Done:
    """Take a step in a case. Raises NotFound, NotPermitted, DeclarationNeeded, Refused, Invalid or StaleCase: then nothing has changed."""
    return desk.database.transact(lambda session: act_within(session, desk, actor, step, reference=reference))


def act_within(session: Session, desk: Desk, actor: Actor, step: Step, *, reference: str) -> Done:
    """The same, inside a transaction that the caller has begun."""
    if case := read_case(session, reference=reference):
        return act_in(session, desk, actor, step, case)
    raise _unseen(reference)


def act_in(session: Session, desk: Desk, actor: Actor, step: Step, case: CaseRead, noted: Entry | None = None) -> Done:
    """The same, in a case that this transaction has read to change it.

    NOTED: what the log says ahead of the step, and only if it is taken: that a limit ran out.
    """
    roles = case_roles(actor, case)
    procedure = desk.procedure(session, case.head.procedure_digest)
    action = procedure.actions.get(step.action)
    if action and passes_on(actor, case.head.scheme_id, roles, action) and not _stood_in(session, desk, case):
        roles |= {"coordinator"}
    if not roles:
        raise _unseen(case.head.reference)
    if step.key and (seq := audit_log.entry_with_key(session, case.head.id, step.key)):
        return Done(case.head.reference, seq, None)
    mask = mask_for(session, actor, case, roles)
    action = _known(procedure, action, step)
    if not roles.isdisjoint(SCRIBES) and roles.isdisjoint(action.by):
        case = with_paper_marked(session, case, local_day(desk.now(session)))
    require_step(roles, action, procedure.roles, case.parties)
    require_declared(session, actor, case, roles, action)
    if step.seen_version is not None and step.seen_version != case.head.version:
        raise StaleCase(_what_changed(session, case, procedure, mask))
    if reasons := mask.why_not(action):
        raise Refused(*reasons)
    return _take(session, desk, actor, roles, mask.case(case), procedure, action, step, mask, noted)


def _take(session: Session, desk: Desk, actor: Actor, roles: frozenset[str], case: CaseRead, procedure: Procedure, action: Action,
          step: Step, mask: Mask, noted: Entry | None) -> Done:
    now, role = desk.now(session), role_used(roles, action, case.parties)
    today = local_day(now)
    people = mask.candidates(candidates_for(session, case, action, now, step.answers)) if actor != THE_CLOCK else {}
    places = organisations_for(session, action, today) if actor != THE_CLOCK else {}
    history = {} if NEED_HISTORY.isdisjoint(action.guards) else audit_log.history_of(session, case.head.id)
    facts = desk.facts(session, case, people, history, places)
    if "coordinator" in roles and "coordinator" not in case_roles(actor, case):
        facts = without_names(facts)
    subject = _subject(facts, action, actor, role, step.party)
    offering = Offering(session, actor, case.head.id, procedure, today, mask)
    asks = offering.asks(action, facts, case_words(facts) if action.asks else {}, role, (subject,))
    raw = about_these(action, asks, step.answers)
    answers = read_answers(asks, raw, offering.offered(action, facts, raw), today) if asks or raw else {}
    day = came_on(answers)
    if day and day < facts.received_on:
        raise Invalid({CAME_ON: f"It cannot have reached the desk before the complaint did, on {said_date(facts.received_on)}."})
    if day and day < today:
        facts = replace(facts, ran_out=audit_log.ran_out_in(session, case.head.id))
    decision = decide(procedure, facts, action.name, answers, subject, today, actor)
    doer = Doer(actor.account_id, role_for_log(actor, facts.parties, role, roles), subject)
    seq = carry_out(session, desk, case, procedure, facts, decision, asks, answers, doer, now, step.key, noted)
    return Done(case.head.reference, seq, decision)


def case_roles(actor: Actor, case: CaseRead) -> frozenset[str]:
    """The roles in which somebody meets this case."""
    return roles_in_case(actor, case.head.scheme_id, case.parties, case.appointments, respondents_told=case.head.respondents_told,
                         reached_panel=case.head.reached_panel, received_on=case.head.received_on, interested=case.holdings.interested,
                         acted_for_a_side=case.holdings.acted_for_a_side, reviews=case.head.reviews)


def has_stand_in(case: CaseRead, stand_ins: Iterable[Actor]) -> bool:
    """Whether one of the STAND_INS stands in for the coordinator now, and has no interest of any kind in the case."""
    serving = {one.account_id for one in case.appointments if one.role == STAND_IN and not one.ended}
    return any(STAND_IN in case_roles(one, case) for one in stand_ins if one.account_id in serving)


def _stood_in(session: Session, desk: Desk, case: CaseRead) -> bool:
    return has_stand_in(case, reading.standing_in(session, local_day(desk.now(session)), case.head.id))


def _unseen(reference: str) -> NotFound:
    return NotFound(f"There is no case {reference} that you can see.")


def _known(procedure: Procedure, action: Action | None, step: Step) -> Action:
    if action is None or action.opens:
        raise NotFound(f"The procedure “{procedure.title}” has no step “{step.action}” in a case.")
    return action


def _subject(facts: CaseFacts, action: Action, actor: Actor, role: str, party_id: int) -> int:
    """The party that the step is for. People act for their own; the coordinator says for whom, unless there is only one."""
    if not action.each:
        return 0
    able = own_parties(facts, action, actor, role)
    if party_id:
        if party_id not in {party.id for party in able}:
            raise Invalid({"party": "This step is not for that organisation. Choose one of those offered."})
        return party_id
    waiting = [party for party in able if action.name not in party.taken] or able
    return waiting[0].id if len(waiting) == 1 else 0


def own_parties(facts: CaseFacts, action: Action, actor: Actor, role: str) -> list[Party]:
    """The parties for whom somebody in that role can take a step that is taken by one party at a time."""
    parties = facts.on(action.each)
    if role in ("complainant", "respondent", REPRESENTATIVE):
        return [party for party in parties if {party.organisation_id, party.represented_by} & actor.organisations]
    return list(parties) if role in action.by else [party for party in parties if party.on_paper]


def _what_changed(session: Session, case: CaseRead, procedure: Procedure, mask: Mask) -> str:
    """Who did what since the actor looked, for the one who came second."""
    latest = audit_log.latest_entry(session, case.head.id)
    action = procedure.actions.get(str(latest.action)) if latest else None
    if latest is None or action is None or action.seen_by != "shared":
        return str(StaleCase())
    who = mask.actor_name(latest.actor, latest.role, people.names_of(session, [latest.actor]).get(latest.actor, "The clock"))
    return (f"While you were looking at this case, {who} did this: “{action.title}”. "
            "Nothing of yours was sent. Read what is new, then decide again.")
