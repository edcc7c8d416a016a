"""Before a step: what it will do, and whom it tells. After it: what it did. For the pages around `act`.

Before, the step is really taken and then undone, so that what the page says is what will happen: there is no second set of rules.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from breachdesk.casework.act import Done, Step, act_within, case_roles
from breachdesk.casework.carrying_out import known_days
from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import CasePage, StepView
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.casework.offering import case_words, limit_said
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.store import by_post
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.engine import Decision
from breachdesk.workflow.facts import CaseFacts
from breachdesk.workflow.wording import fill_known, listed, say

# Whom a case has only once somebody was named in it.
_NAMED_IN_A_CASE = ("critical_friend", "panel_member")


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who gets a message, and what it is about."""

    to: str
    subject: str


@dataclass(frozen=True, slots=True)
class LimitSaid:
    """A limit that starts with a step; `due_on` is empty while it stands still."""

    title: str
    due_on: date | None


@dataclass(frozen=True, slots=True)
class Foretold:
    """What a step would do now."""

    moves_to: str
    says: str
    closes: bool
    starts: tuple[LimitSaid, ...]
    ends: tuple[str, ...]
    told: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A step that was taken, the case as it is since, and who was told."""

    case: CasePage
    step: StepView
    told: tuple[Recipient, ...]


class _Undo(Exception):
    """Carries what was learned out of a transaction that is not to be kept."""

    def __init__(self, learned: Foretold) -> None:
        self.learned = learned


def foretell(desk: Desk, actor: Actor, reference: str, step: Step) -> Foretold | Done:
    """What the step would do; nothing is kept of it. Done, when this very request was carried out already.

    Raises whatever `act` would raise.
    """
    def work(session: Session) -> Done:
        before = read_case(session, reference=reference)
        done = act_within(session, desk, actor, step, reference=reference)
        if before is None or done.decision is None:
            return done
        mask = mask_for(session, actor, before, case_roles(actor, before))
        raise _Undo(_foretold(session, desk, mask.case(before), done.decision, _messages(session, before.head.id, done.seq),
                              _nobody_is(session, reference)))

    try:
        return desk.database.transact(work)
    except _Undo as undone:
        return undone.learned


def _messages(session: Session, case_id: int, seq: int) -> list[str]:
    """The messages that a step has queued: they can be fewer than its procedure names, as for a correction of what only some may read."""
    return [row.name for row in by_post.notices_of_entry(session, case_id, seq)]


def _nobody_is(session: Session, reference: str) -> frozenset[str]:
    """The roles in which nobody meets the case as it is in this transaction, so that nobody is said to be told in them.

    The organisation complained about is one of them until it has been told: no mail about the case reaches it.
    """
    case = read_case(session, reference=reference)
    if case is None:
        return frozenset(_NAMED_IN_A_CASE)
    serving = {one.role for one in case.appointments if not one.ended}
    return frozenset({*_NAMED_IN_A_CASE, *(() if case.head.respondents_told else ("respondent",))}) - serving


def _foretold(session: Session, desk: Desk, case: CaseRead, decision: Decision, messages: Sequence[str],
              nobody: Collection[str]) -> Foretold:
    procedure = desk.procedure(session, case.head.procedure_digest)
    facts = desk.facts(session, case)
    days = {limit: said_day(date.fromisoformat(day)) for limit, day in known_days(decision.clocks).items()}
    words = {**case_words(facts), **days}
    status = procedure.statuses[decision.target]
    starts = tuple(LimitSaid(limit_said(procedure.limits[one.limit], facts, one.subject, words), one.due_on)
                   for one in decision.clocks.started)
    begun = {(one.limit, one.subject) for one in decision.clocks.started}
    ends = tuple(limit_said(procedure.limits[one.limit], facts, one.subject, words) for one in decision.clocks.ended
                 if (one.limit, one.subject) not in begun and facts.limit(one.limit, one.subject))
    return Foretold(status.title if decision.moved else "", say(status.says, words), decision.closed, starts, ends,
                    _told_by(procedure, messages, words, nobody, _name(facts, decision.subject)))


def _name(facts: CaseFacts, subject: int) -> str:
    party = facts.party(subject)
    return party.name if party else ""


def _told_by(procedure: Procedure, notices: Sequence[str], words: Mapping[str, str], nobody: Collection[str],
             subject: str = "") -> tuple[Recipient, ...]:
    """Who gets which message, in the organisations' names. In the roles of NOBODY nobody serves; SUBJECT is the party that it is for."""
    found = []
    for notice in (procedure.notices[name] for name in notices if name in procedure.notices):
        roles = [role for role in notice.to if role not in nobody]
        names = [words.get(role) or (subject if role == "subject" else procedure.roles.get(role, role)) for role in roles]
        if to := listed([one for one in names if one]):
            found.append(Recipient(to, fill_known(notice.subject, words)))
    return tuple(found)


def confirmation(session: Session, desk: Desk, actor: Actor, reference: str, seq: int) -> Confirmation:
    """What one step did. Raises NotFound when the case, or such a step in it, does not exist for the actor."""
    case = case_page(session, desk, actor, reference, asking=())
    step = next((one for one in case.timeline if one.seq == seq and one.event.startswith("case:")), None)
    if step is None:
        raise NotFound(f"There is no step {seq} in the case {case.reference}.")
    days = {one.kind: said_day(one.due_on) for one in case.deadlines if one.due_on}
    words = {"complainant": case.complainant, "respondent": case.respondent, "reference": case.reference, **days}
    told = _told_by(case.procedure, _messages(session, case.id, seq), words, _nobody_is(session, case.reference), step.for_party)
    return Confirmation(case, step, told)
