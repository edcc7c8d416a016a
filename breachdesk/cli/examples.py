"""Filled-in answer files to start from. They can be sent as they are to a practice desk, and a test does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from breachdesk.casework.act import candidates_for, case_roles, case_words
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import require_step, role_used
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.strict_yaml import did_you_mean
from breachdesk.workflow.answers import applies
from breachdesk.workflow.definition import Action, Ask
from breachdesk.workflow.facts import Candidate
from breachdesk.workflow.wording import filled_ask

LODGING: Mapping[str, object] = {
    "complainant": "riverside-carers",
    "contact": "Ruth Ferris, 01632 960210",
    "respondents": ["amberdale-council"],
    "event_on": "",
    "commitments": ["13.2"],
    "required": "three months' written notice",
    "happened": "one month's notice",
    "title": "One month's notice for the carers' helpline",
    "what_happened": "On that day a letter came from the council's grants team. It ends the funding of our helpline in one month. "
                     "Nobody had spoken to us before.",
    "effect": "Two people lose their work, and some ninety carers a month lose the helpline.",
    "tried": "no",
    "outcome_sought": "Three months' notice from the day of the letter, with the reasons.",
    "notice_read": True,
}


def lodging_example(today: date, *, coordinator: bool) -> dict[str, object]:
    """A complaint about commitment 13.2, as a member of the organisation gives it, or the coordinator for them."""
    example = {**LODGING, "event_on": (today - timedelta(days=10)).isoformat()}
    if coordinator:
        example |= {"received_on": today.isoformat(), "channel": "post", "read_back": "Ruth Ferris, by telephone on the same day"}
    return example


def step_example(session: Session, desk: Desk, actor: Actor | None, reference: str, name: str) -> dict[str, object]:
    """Answers to all the questions of a step in a case, for somebody, or for the first who may take it. Raises NotFound."""
    read = read_case(session, reference=reference, to_change=False)
    if read is None or (actor and not case_roles(actor, read)):
        raise NotFound(f"There is no case {reference[:40]} that you can see.")
    procedure = desk.procedure(session, read.head.procedure_digest)
    action = procedure.actions.get(name)
    if action is None or action.opens:
        raise NotFound(f"The procedure “{procedure.title}” has no step “{name[:40]}” in a case{did_you_mean(name, procedure.actions)}")
    if actor:
        require_step(case_roles(actor, read), action, procedure.roles)
    role = role_used(case_roles(actor, read), action) if actor else action.by[0]
    return _Answering(session, desk, read, action).answers(role)


class _Answering:
    """Answers the questions of one step; it lives for one call."""

    def __init__(self, session: Session, desk: Desk, read: CaseRead, action: Action) -> None:
        now = desk.now(session)
        facts = read.facts(desk.calendar(session, read.head.calendar_id))
        self.today, self.action = local_day(now), action
        self.words = case_words(facts)
        # Whoever belongs to a party, or has helped in this case before, would be refused.
        parties = {party.organisation_id for party in facts.parties}
        helped = {one.account_id for one in facts.appointments if one.role == "critical_friend"}
        found = candidates_for(session, read.head.scheme_id, action, now)
        self.able = [one for one in found.values() if not one.organisations & parties and one.account_id not in helped]

    def answers(self, role: str) -> dict[str, object]:
        given: dict[str, Any] = {}
        for ask in self.action.asks:
            if ask.asked_of(frozenset({role})) and applies(ask, given):
                given[ask.name] = self._answer(filled_ask(ask, self.words))
        return given

    def _answer(self, ask: Ask) -> object:
        plain: dict[str, object] = {
            "line": f"An example for “{ask.label}”"[:200], "text": f"An example for “{ask.label}”", "date": self.today.isoformat(),
            "choice": next(iter(ask.choices), ""), "yes or no": "yes", "confirmation": True, "number": max(ask.least, 1),
            "organisation": "riverside-carers", "organisations": ["amberdale-council"], "commitments": ["13.2"],
            "person": next((one.email for one in self.able), "name@organisation.example")}
        return [one.email for one in _three(self.able)] if ask.type == "people" else plain[ask.type]


def _three(able: list[Candidate]) -> list[Candidate]:
    """Three people, from both sectors as far as there are any; the first of all is among them."""
    others = [one for one in able[1:] if one.sector != able[0].sector][:1]
    rest = [one for one in able[1:] if one not in others]
    return [*able[:1], *others, *rest][:3]
