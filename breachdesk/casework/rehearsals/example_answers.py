"""Sensible answers to a step's questions, by type: what the command line's examples and the rehearsals' untold answers are made of."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from breachdesk.casework.desk import Desk
from breachdesk.casework.naming import candidates_for
from breachdesk.casework.offering import Offering, about_these, case_words, organisations_for
from breachdesk.clock import local_day
from breachdesk.identity import THE_OPERATOR
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session
from breachdesk.workflow.answers import SEVERAL, applies
from breachdesk.workflow.definition import Action, Ask
from breachdesk.workflow.facts import Candidate


class ExampleAnswers:
    """Answers the questions of one step in a case, for somebody in a role; it lives for one call."""

    def __init__(self, session: Session, desk: Desk, read: CaseRead, action: Action) -> None:
        now = desk.now(session)
        self.today, self.action = local_day(now), action
        found = candidates_for(session, read, action, now)
        self.facts = desk.facts(session, read, found, organisations=organisations_for(session, action, self.today))
        self.offering = Offering(session, THE_OPERATOR, read.head.id, desk.procedure(session, read.head.procedure_digest), self.today)
        # Whoever belongs to a party, has declared an interest, or has helped in this case before, would be refused.
        parties = {party.organisation_id for party in self.facts.parties}
        ruled_out = {one.account_id for one in self.facts.appointments if one.role == "critical_friend"} | self.facts.interested
        self.able = [one for one in found.values() if not one.organisations & parties and one.account_id not in ruled_out]

    def answers(self, role: str, given: Mapping[str, Any] | None = None, *, party: int = 0, optional: bool = True) -> dict[str, object]:
        """All the answers, beginning with those GIVEN; without OPTIONAL the others only to questions that must be answered."""
        asks = self.offering.asks(self.action, self.facts, case_words(self.facts), role, (party,) if party else ())
        offered = self.offering.offered(self.action, self.facts, given or {})
        found: dict[str, Any] = dict(about_these(self.action, asks, given or {}))
        for ask in asks:
            # An exception of everything would be refused, and is nothing to show as an example.
            wanted = ask.required or (optional and ask.type != "allegations")
            if ask.name not in found and applies(ask, found) and wanted:
                answer = self._answer(ask, offered.for_ask(ask), sum(one.type == "person" and one.name in found for one in asks))
                if answer not in ("", []):
                    found[ask.name] = answer
        return found

    def _answer(self, ask: Ask, choices: Mapping[str, str], named_before: int) -> object:
        if ask.type in ("person", "people") and not ask.serving:
            named = [one.email for one in _three(self.able)]
            # A second question for a person means somebody else: a deputy from the other sector.
            return named if ask.type == "people" else next(iter(named[named_before:]), "name@organisation.example")
        if choices and ask.type not in ("choice", "yes or no", "organisation"):
            first = next(iter(choices))
            return [first] if ask.type in SEVERAL else first
        return example_of(ask, self.today)


def example_of(ask: Ask, today: date) -> object:
    """An answer that a question of that type can take, where it needs nothing of the case; "" for one that does."""
    plain: dict[str, object] = {
        "line": f"An example for “{ask.label}”"[:200], "text": f"An example for “{ask.label}”", "date": today.isoformat(),
        "choice": next(iter(ask.choices), ""), "yes or no": "yes", "confirmation": True, "number": max(ask.least, 1),
        "organisation": "riverside-carers", "organisations": ["amberdale-council"], "commitments": ["13.2"]}
    return plain.get(ask.type, "")


def _three(able: list[Candidate]) -> list[Candidate]:
    """Three people, from both sectors as far as there are any; the first of all is among them."""
    others = [one for one in able[1:] if one.sector != able[0].sector][:1]
    rest = [one for one in able[1:] if one not in others]
    return [*able[:1], *others, *rest][:3]
