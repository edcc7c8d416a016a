"""What a rule of the procedure may look at when somebody takes a step, or asks whether it can be taken."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from breachdesk.identity import NOBODY, Actor
from breachdesk.workflow.facts import Answers, Candidate, CaseFacts, Party

Reason = str | None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A step that is taken or thought of. `actor` is who takes it; nobody, when it is only asked what could be done. `came_on` is the
    day on which a step that is entered for somebody reached the desk: by that day a limit is met in time, or late."""

    facts: CaseFacts
    answers: Answers
    subject: int
    today: date
    taking: str = ""
    actor: Actor = NOBODY
    came_on: date | None = None

    @property
    def counts_on(self) -> date:
        """The day that counts for whoever takes the step."""
        return self.came_on or self.today

    def took(self, party: Party, actions: Collection[str]) -> bool:
        """Whether the party has taken one of the steps; the one that is being taken counts already."""
        return not party.taken.isdisjoint(actions) or (party.id == self.subject and self.taking in actions)

    def times(self, action: str) -> int:
        """How often the step was taken in the case's whole life, before this one."""
        found = self.facts.history.get(action)
        return found.times if found else 0

    def runs(self, *limits: str) -> bool:
        """Whether one of the limits runs: the file's way of saying that something is waited for."""
        return any(one.limit in limits for one in self.facts.running)

    def named(self, answer: str) -> tuple[Candidate, ...]:
        """The people whom an answer names."""
        given = self.answers.get(answer)
        emails = (given,) if isinstance(given, str) else given if isinstance(given, tuple) else ()
        return tuple(self.facts.candidates[email] for email in emails if email in self.facts.candidates)


Guard = Callable[[Attempt], Reason]
# The rules that a procedure file may ask for, by their names. The marks below put each in where it is written.
CASE_GUARDS: dict[str, Guard] = {}
ANSWER_GUARDS: dict[str, Guard] = {}
# Those that look at steps of the past: only for them the case's log is read before a step.
NEED_HISTORY: set[str] = set()


def about_the_case(guard: Guard) -> Guard:
    """Let files ask for a rule that reads the case alone. It answers at any time: a page says *why not* before anybody fills in a form."""
    CASE_GUARDS[_asked_for_as(guard)] = guard
    return guard


def about_the_answers(guard: Guard) -> Guard:
    """Let files ask for a rule that reads the answers too. It is asked when the form is sent."""
    ANSWER_GUARDS[_asked_for_as(guard)] = guard
    return guard


def looks_back(guard: Guard) -> Guard:
    """Let a rule see `facts.history` and `Attempt.times`, which are empty for all others."""
    NEED_HISTORY.add(_asked_for_as(guard))
    return guard


def _asked_for_as(guard: Guard) -> str:
    return guard.__name__.replace("_", "-")
