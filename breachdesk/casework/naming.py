"""Whom a step can name, with everything that the desk knows for and against each. For `act`, and for the pages before it.

As long as somebody in the scheme's own pool is free of interests nobody else is offered; then people of other schemes are, and
whoever has an account here, by address.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime
from itertools import chain

from breachdesk.clock import local_day
from breachdesk.store import backgrounds, people
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session
from breachdesk.workflow.answers import Against
from breachdesk.workflow.definition import Action
from breachdesk.workflow.facts import Candidate, CaseFacts
from breachdesk.workflow.interests import Stakes, interests_of, is_barred
from breachdesk.workflow.panels import MEMBER, is_possible

MOST_NAMED = 10


def candidates_for(session: Session, case: CaseRead, action: Action, now: datetime,
                   answers: Mapping[str, object] | None = None) -> dict[str, Candidate]:
    """Everybody whom the step's questions can name, by address: those who hold a role in the scheme, or serve in the case.

    Where nobody in the pool is free, those of other schemes' pools too, and whom the ANSWERS name by address.
    """
    found: dict[str, Candidate] = {}
    day = local_day(now)
    for pool in sorted({ask.holding for ask in action.asks if ask.holding}):
        found |= _known(session, case, people.candidates(session, case.head.scheme_id, pool, day), pool, day)
        if more_are_needed(found.values(), stakes_read(case), appointed_to(action)):
            beyond = backgrounds.candidates_elsewhere(session, case.head.scheme_id, pool, day)
            beyond |= backgrounds.candidates_at(session, _addresses(action, answers or {}), day)
            found |= _known(session, case, {email: one for email, one in beyond.items() if email not in found}, pool, day)
    if serving := _serving(case, {ask.serving for ask in action.asks if ask.serving}):
        found |= people.candidates_among(session, serving, day)
    return found


def _known(session: Session, case: CaseRead, found: Mapping[str, Candidate], role: str, day: date) -> dict[str, Candidate]:
    sides = [party.organisation_id for party in case.parties]
    return backgrounds.with_backgrounds(session, found, case.head.id, sides, case.head.scheme_id, role, day)


def _addresses(action: Action, answers: Mapping[str, object]) -> list[str]:
    """What was answered to the questions that name somebody, as far as it can be an address."""
    given = chain.from_iterable(_several(answers.get(ask.name)) for ask in action.asks if ask.holding)
    return [one for one in given if "@" in one][:MOST_NAMED]


def _several(answer: object) -> tuple[str, ...]:
    if isinstance(answer, str):
        return (answer,)
    return tuple(str(one) for one in answer) if isinstance(answer, list | tuple) else ()


def _serving(case: CaseRead, roles: Collection[str]) -> list[int]:
    return [one.account_id for one in case.appointments if one.role in roles and not one.ended]


def stakes_read(case: CaseRead) -> Stakes:
    """What somebody can have an interest in, of a case that was read."""
    return Stakes(case.parties, case.appointments, case.head.received_on, case.holdings.interested, case.holdings.objected)


def without_names(facts: CaseFacts) -> CaseFacts:
    """The case without the names of its sides, for a coordinator who may know no more of it than that it is there."""
    return replace(facts, parties=tuple(replace(party, name="a side in this case") for party in facts.parties))


def appointed_to(action: Action) -> str:
    """The role to which the step names people."""
    return action.effects.appoints.role if action.effects.appoints else ""


def more_are_needed(found: Collection[Candidate], stakes: Stakes, role: str) -> bool:
    """Whether the pool cannot fill the role: nobody in it is free of interests, or no panel can be made of those who are."""
    return not is_possible(found, stakes) if role == MEMBER else all(is_barred(one, stakes, role) for one in found)


def against(found: Mapping[str, Candidate], stakes: Stakes, role: str) -> dict[str, Against]:
    """What is known for and against each of those who can be named, in sentences."""
    return {email: _said(one, stakes, role) for email, one in found.items()}


def _said(one: Candidate, stakes: Stakes, role: str) -> Against:
    interests = interests_of(one, stakes, role)
    bars = "; ".join(interest.says for interest in interests if interest.bars)
    weigh = "; ".join(interest.says for interest in interests if not interest.bars)
    load = f"Serves in {one.load} open case{'s'[:one.load != 1]}." if one.load else "Serves in no open case."
    against = f"Cannot be named: {bars}." if bars else f"To be weighed: {weigh}." if weigh else "The desk knows of no interest."
    return Against(bool(bars), " ".join(part for part in (f"Out of area: {one.beyond}." if one.beyond else "", against, load) if part))
