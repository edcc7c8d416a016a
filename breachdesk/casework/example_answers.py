"""Sensible answers to a step's questions, by type: what the command line's examples and the rehearsals' untold answers are made of."""

from __future__ import annotations

from datetime import date
from typing import Any

from breachdesk.casework.desk import Desk
from breachdesk.casework.offering import candidates_for, case_words
from breachdesk.clock import local_day
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session
from breachdesk.workflow.answers import applies
from breachdesk.workflow.definition import Action, Ask
from breachdesk.workflow.facts import Candidate
from breachdesk.workflow.wording import filled_ask


class ExampleAnswers:
    """Answers the questions of one step in a case, for somebody in a role; it lives for one call."""

    def __init__(self, session: Session, desk: Desk, read: CaseRead, action: Action) -> None:
        now = desk.now(session)
        facts = read.facts(desk.calendar(session, read.head.calendar_id))
        self.today, self.action = local_day(now), action
        self.words = case_words(facts)
        # Whoever belongs to a party, or has helped in this case before, would be refused.
        parties = {party.organisation_id for party in facts.parties}
        helped = {one.account_id for one in facts.appointments if one.role == "critical_friend"}
        found = candidates_for(session, read, action, now)
        self.able = [one for one in found.values() if not one.organisations & parties and one.account_id not in helped]

    def answers(self, role: str, given: dict[str, Any] | None = None, *, optional: bool = True) -> dict[str, object]:
        """All the answers, beginning with those GIVEN; without OPTIONAL the others only to questions that must be answered."""
        found: dict[str, Any] = {}
        for ask in self.action.asks:
            if ask.name in (given or {}):
                found[ask.name] = (given or {})[ask.name]
            elif ask.asked_of(frozenset({role})) and applies(ask, found) and (optional or ask.required):
                found[ask.name] = self._answer(filled_ask(ask, self.words))
        return found

    def _answer(self, ask: Ask) -> object:
        if ask.type == "people":
            return [one.email for one in _three(self.able)]
        if ask.type == "person":
            return next((one.email for one in self.able), "name@organisation.example")
        return example_of(ask, self.today)


def example_of(ask: Ask, today: date) -> object:
    """An answer that a question of that type can take, where it needs nothing of the case."""
    plain: dict[str, object] = {
        "line": f"An example for “{ask.label}”"[:200], "text": f"An example for “{ask.label}”", "date": today.isoformat(),
        "choice": next(iter(ask.choices), ""), "yes or no": "yes", "confirmation": True, "number": max(ask.least, 1),
        "organisation": "riverside-carers", "organisations": ["amberdale-council"], "commitments": ["13.2"]}
    return plain[ask.type]


def _three(able: list[Candidate]) -> list[Candidate]:
    """Three people, from both sectors as far as there are any; the first of all is among them."""
    others = [one for one in able[1:] if one.sector != able[0].sector][:1]
    rest = [one for one in able[1:] if one not in others]
    return [*able[:1], *others, *rest][:3]
