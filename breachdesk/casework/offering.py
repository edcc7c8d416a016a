"""The questions of a step as one person meets them, and what each can be answered with. For `act`, and for the pages before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from breachdesk.casework.masking import NO_MASK, Mask
from breachdesk.casework.naming import against, appointed_to
from breachdesk.identity import Actor
from breachdesk.store import audit_log, people, reading
from breachdesk.store.holdings import remedy_rows
from breachdesk.store.session import Session
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.consequences import asked_about, each_name
from breachdesk.workflow.definition import PARTY_SIDES, Action, Ask, LimitRule, Procedure
from breachdesk.workflow.facts import Candidate, CaseFacts, Organisation
from breachdesk.workflow.interests import stakes_of
from breachdesk.workflow.more_time import Room, rooms
from breachdesk.workflow.on_behalf import behalf_asks
from breachdesk.workflow.wording import filled_ask, listed, say

LONGEST_REFERENCE = 40


def case_words(facts: CaseFacts) -> dict[str, str]:
    """The words that can stand in braces in any sentence about a case."""
    return {**{side: listed([party.name for party in facts.on(side)]) for side in PARTY_SIDES}, "reference": facts.reference}


def organisations_for(session: Session, action: Action, today: date) -> dict[str, Organisation]:
    """The organisations that the step's questions can name, by short name."""
    if not any(ask.type in ("organisation", "organisations") for ask in action.asks):
        return {}
    return {slug: Organisation(number, name, sector) for number, slug, name, sector in people.organisations(session, standing_on=today)}


@dataclass(frozen=True, slots=True)
class Offering:
    """What it takes to put a step's questions to somebody; it lives for one step, or for one page of a case."""

    session: Session
    actor: Actor
    case_id: int
    procedure: Procedure
    today: date
    mask: Mask = NO_MASK

    def asks(self, action: Action, facts: CaseFacts, words: Mapping[str, str], role: str, subjects: Collection[int]) -> tuple[Ask, ...]:
        """The questions that somebody in a role meets, in this case's words; those about SUBJECTS' allegations once for each."""
        mine = (filled_ask(ask, words) for ask in action.asks if not role or ask.asked_of(frozenset({role})))
        asked = (one for ask in mine for one in (self._for_each(ask, facts, subjects) if ask.for_each else (ask,)))
        return (*behalf_asks(action, role), *asked)

    def _for_each(self, ask: Ask, facts: CaseFacts, subjects: Collection[int]) -> Iterator[Ask]:
        labels = self._allegations()
        for one in dict.fromkeys(one for subject in subjects or (0,) for one in asked_about(facts, subject)):
            yield replace(ask, name=each_name(ask.name, one.id), label=f"{ask.label} (commitment {labels.get(one.id, '')})", for_each="")

    def offered(self, action: Action, facts: CaseFacts, raw: Mapping[str, object]) -> Offered:
        """What each question can be answered with. RAW names the other case that is meant: cases are not listed here."""
        shown = {email: _shown(one) for email, one in facts.candidates.items()}
        pools = {ask.holding: shown for ask in action.asks if ask.holding}
        places = {slug: one.name for slug, one in facts.organisations.items()}
        known = against(facts.candidates, stakes_of(facts), appointed_to(action)) if action.effects.appoints else {}
        return Offered(organisations=places, people=pools, against=known,
                       by_ask={ask.name: dict(found) for ask in action.asks if (found := self._choices(ask, facts, raw)) is not None})

    def _choices(self, ask: Ask, facts: CaseFacts, raw: Mapping[str, object]) -> Mapping[str, str] | None:
        """The choices of a question about what the case holds; None for every other."""
        if ask.serving:
            serving = {one.account_id for one in facts.serving(ask.serving)}
            return {email: one.name for email, one in facts.candidates.items() if one.account_id in serving}
        if ask.type == "party":
            return {str(party.id): party.name for party in facts.on("party")}
        if ask.type == "allegations":
            labels = self._allegations()
            return {str(one.id): f"Commitment {labels.get(one.id, '')}" for one in facts.allegations if one.open}
        if ask.type == "remedy":
            return self._remedies(facts)
        if ask.type == "limit":
            return _limits_offered(self.procedure, facts, self.today)
        return self._cases(raw.get(ask.name)) if ask.type == "case" else None

    def _allegations(self) -> dict[int, str]:
        return {number: f"{code}, {name}" for number, code, name in reading.allegations_named(self.session, self.case_id)}

    def _remedies(self, facts: CaseFacts) -> dict[str, str]:
        words = self.mask.texts(remedy_words(self.session, self.case_id, self.procedure))
        owners = {remedy.number: facts.party(remedy.owner) for remedy in facts.remedies if remedy.open}
        return {str(number): f"{number}. {words.get(number, '')} ({owner.name})" for number, owner in owners.items() if owner}

    def _cases(self, named: object) -> dict[str, str]:
        reference = named.strip().upper()[:LONGEST_REFERENCE] if isinstance(named, str) else ""
        seen: Any = reading.case_row(self.session, visible_to(self.actor), reference) if reference else None
        return {reference: reference} if seen else {}


def about_these(action: Action, asks: Collection[Ask], raw: Mapping[str, object]) -> Mapping[str, object]:
    """The answers without those about allegations of another party: a form for several parties asks about all of them.

    One answer under the question's own name is the answer for each allegation that has none of its own.
    """
    known, repeated = {ask.name for ask in asks}, {ask.name for ask in action.asks if ask.for_each}
    for_all = {name: raw[once] for name in known if (once := name.rpartition("-")[0]) in repeated and once in raw}
    own = {name: answer for name, answer in raw.items() if name in known or repeated.isdisjoint((name, name.rpartition("-")[0]))}
    return {**for_all, **own}


def _limits_offered(procedure: Procedure, facts: CaseFacts, today: date) -> dict[str, str]:
    """The limits that can be given more time: until when they run, and how much more there can be."""
    return {room.value: _room_said(procedure, facts, room) for room in rooms(procedure, facts, today)}


def _room_said(procedure: Procedure, facts: CaseFacts, room: Room) -> str:
    until = f"now until {said_date(room.running.due_on)}" if room.running.due_on else "paused now"
    agreed = ", if both sides agree" if room.consent else ""
    title = limit_said(procedure.limits[room.running.limit], facts, room.running.subject)
    return f"{title} ({until}; at most {WorkingDays(room.days)} more{agreed})"


def limit_said(rule: LimitRule, facts: CaseFacts, subject: int, words: Mapping[str, str] | None = None) -> str:
    """What a limit is about, with the name of the organisation that it is for; WORDS are those of the case and its days, where known."""
    party = facts.whose(rule.each, subject)
    return say(rule.title, {**(words or case_words(facts)), **({party.side: party.name} if party else {})})


def remedy_words(session: Session, case_id: int, procedure: Procedure) -> dict[int, str]:
    """Number → what was agreed, in the words of the step that added it."""
    asked = {action.effects.adds_remedy.what for action in procedure.actions.values() if action.effects.adds_remedy}
    texts = audit_log.details_of(session, case_id, ("shared",))
    return {row.number: next((texts[row.added_seq, name] for name in asked if (row.added_seq, name) in texts), "")
            for row in remedy_rows(session, case_id)}


def _shown(one: Candidate) -> str:
    return ", ".join([one.name, *one.places, *([f"{one.sector} sector"] if one.sector else []), *([one.area] if one.area else [])])
