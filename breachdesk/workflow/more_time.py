"""More time for a limit that runs: whether the file allows it, how much is left of that, and what a step gives. Part of `engine`; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from breachdesk.errors import Refused
from breachdesk.timekeeping.ledger import Extension
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.definition import Action, Extends, Procedure
from breachdesk.workflow.facts import Answers, CaseFacts, ExtensionFact, Running

# The question that every step that gives more time asks under this name, when a limit needs both sides' agreement.
CONSENT = "consent"


@dataclass(frozen=True, slots=True)
class Room:
    """A running limit that can still be given more time: at most so many working days, perhaps only if both sides agree."""

    running: Running
    days: int
    consent: bool

    @property
    def value(self) -> str:
        """How a question of the type `limit` names it."""
        return f"{self.running.limit}/{self.running.subject}"


def rooms(procedure: Procedure, facts: CaseFacts, today: date) -> Iterator[Room]:
    """Every limit of the case that can be given more time now."""
    for running in facts.running:
        allowed = procedure.limits[running.limit].extendable
        if allowed is not None and not _why_no_more_time(procedure, facts, running, today):
            yield Room(running, allowed.at_most.n - sum(_given(facts, running)), allowed.consent)


def _why_no_more_time(procedure: Procedure, facts: CaseFacts, running: Running, today: date) -> str:
    """Why a running limit can be given no more time; "" when it can."""
    allowed = procedure.limits[running.limit].extendable
    if allowed is None:
        return "No more time can be given for this."
    given = _given(facts, running)
    if len(given) >= allowed.times or sum(given) >= allowed.at_most.n:
        times = "once" if allowed.times == 1 else f"{allowed.times} times"
        return f"More time can be given only {times} and for {allowed.at_most} at most, and it has been."
    if running.due_on is not None and running.due_on < today:
        return "Its last day has passed. More time is given before that day, not after it."
    return ""


def why_not_extended(procedure: Procedure, action: Action, facts: CaseFacts, subject: int, today: date) -> str:
    """Why a step that gives more time cannot be taken now, whatever somebody answers; "" when it can."""
    if action.extends is None or action.extends.limit not in procedure.limits:
        found = action.extends is None or next(rooms(procedure, facts, today), None)
        return "" if found else "No limit that runs now can be given more time."
    running = [one for one in facts.running if one.limit == action.extends.limit and subject in (0, one.subject)]
    reasons = [_why_no_more_time(procedure, facts, one, today) for one in running]
    return "" if "" in reasons else next(iter(reasons), "This limit does not run now.")


def extension_by(procedure: Procedure, action: Action, attempt: Attempt) -> ExtensionFact | None:
    """The time that the step gives. Raises Refused when the limit's own rule does not allow so much."""
    if action.extends is None:
        return None
    running = _chosen(procedure, action.extends, attempt)
    room = next((one for one in rooms(procedure, attempt.facts, attempt.today) if one.running == running), None)
    if running is None or room is None:
        raise Refused(_why_no_more_time(procedure, attempt.facts, running, attempt.today) if running else "This limit does not run now.")
    days = attempt.answers.get(action.extends.by)
    if type(days) is not int or not 1 <= days <= room.days:
        raise Refused(f"At most {WorkingDays(room.days)} more can be given.")
    if room.consent and attempt.answers.get(CONSENT) is not True:
        raise Refused("More time for this needs the agreement of both sides. Confirm that both have agreed.")
    return ExtensionFact(running.limit, running.subject, Extension(WorkingDays(days), action.title))


def _chosen(procedure: Procedure, extends: Extends, attempt: Attempt) -> Running | None:
    if extends.limit in procedure.limits:
        return attempt.facts.limit(extends.limit, attempt.subject)
    return _limit_named(attempt.facts, attempt.answers, extends.limit)


def _limit_named(facts: CaseFacts, answers: Answers, question: str) -> Running | None:
    """The running limit that an answer like “respond/12” names."""
    name, _, subject = str(answers.get(question, "")).partition("/")
    return facts.limit(name, int(subject)) if subject.isdecimal() else None


def _given(facts: CaseFacts, running: Running) -> list[int]:
    """The working days that have been given to a limit, each time."""
    return [one.extension.by.n for one in facts.extensions if (one.limit, one.subject) == (running.limit, running.subject)]
