"""A rehearsal's answers → what a form would send: parts become people and organisations, days become dates, the rest is filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from typing import Any

from breachdesk.casework.act import Step
from breachdesk.casework.desk import Desk
from breachdesk.casework.open_case import lodging_form
from breachdesk.casework.rehearsals.example_answers import ExampleAnswers, example_of
from breachdesk.casework.rehearsals.rehearsal_cast import Cast
from breachdesk.identity import Actor
from breachdesk.store.cases import CaseRead
from breachdesk.store.reading import allegations_of
from breachdesk.store.session import Session
from breachdesk.workflow.answers import applies
from breachdesk.workflow.definition import Action, Ask
from breachdesk.workflow.facts import CaseFacts
from breachdesk.workflow.rehearsing import Day, Given, Rehearsal, Scene, day_told

LONG_BEFORE = timedelta(days=10)
_COMMITMENT = "13.2"


class Answering:
    """Fills in the forms of one rehearsal. DAY_OF turns a day of the story into a date, CASE_OF a case's name into its reference."""

    def __init__(self, desk: Desk, rehearsal: Rehearsal, cast: Cast, day_of: Callable[[Day], date], case_of: Callable[[str], str]) -> None:
        self._desk, self._rehearsal, self._cast, self._day_of, self._case_of = desk, rehearsal, cast, day_of, case_of

    def complaint(self, session: Session, actor: Actor, scene: Scene) -> dict[str, object]:
        """The answers of a complaint: those told, and for the rest a usual one of the complainant about the respondent."""
        form = lodging_form(session, self._desk, actor, self._rehearsal.scheme)
        codes = form.offered.commitments
        usual: dict[str, object] = {
            "complainant": self._cast.slug("complainant"), "respondents": [self._cast.slug("respondent")],
            "event_on": (form.today - LONG_BEFORE).isoformat(), "tried": "no",
            "commitments": [_COMMITMENT if _COMMITMENT in codes else next(iter(codes), "")]}
        found: dict[str, Any] = {}
        for ask in form.asks:
            if ask.name in scene.answers:
                found[ask.name] = self._translated(ask, scene.answers[ask.name], None)
            elif ask.required and applies(ask, found):
                found[ask.name] = usual[ask.name] if ask.name in usual else example_of(ask, form.today)
        return found

    def step(self, session: Session, read: CaseRead, action: Action, scene: Scene, role: str) -> Step:
        """The step as it is handed to `act`."""
        facts = self._desk.facts(session, read)
        asks = {ask.name: ask for ask in action.asks}
        codes = [(str(row.id), row.code) for row in allegations_of(session, read.head.id)]
        given = {name: self._about_allegations(value, codes) if asks[name].type == "allegations" else
                 self._translated(asks[name], value, facts) for name, value in scene.answers.items()}
        party = self._cast.party(scene.party, facts) if scene.party else 0
        answers = ExampleAnswers(session, self._desk, read, action).answers(role, given, party=party, optional=False)
        return Step(action.name, answers, party=party)

    def _about_allegations(self, told: Given, codes: Sequence[tuple[str, str]]) -> list[str]:
        """The allegations that are about the commitments which a story names by their codes."""
        wanted = (told,) if isinstance(told, str) else told
        return [number for number, code in codes if code in wanted] or list(wanted)

    def _translated(self, ask: Ask, given: Given, facts: CaseFacts | None) -> object:
        if isinstance(given, tuple):
            return [self._one(ask, one, facts) for one in given]
        one = self._one(ask, given, facts)
        return [one] if ask.type in ("organisations", "commitments", "people") else one

    def _one(self, ask: Ask, text: str, facts: CaseFacts | None) -> str:
        if ask.type in ("person", "people"):
            return self._cast.email(text)
        if ask.type in ("organisation", "organisations"):
            return self._cast.slug(text)
        if ask.type == "party" and facts:
            return str(self._cast.party(text, facts) or text)
        if ask.type == "case":
            return self._case_of(text)
        told = day_told(text) if ask.type == "date" else None
        return self._day_of(told).isoformat() if told else text
