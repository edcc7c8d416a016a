"""What a plan does to one open case: its new status, pauses and limits. Pure; `casework.procedures.moving_cases` carries it out.

No day that somebody was promised becomes an earlier one: a rule that would do that keeps the date instead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from breachdesk.errors import Refused
from breachdesk.timekeeping.ledger import Pause, working_days_left
from breachdesk.timekeeping.limits import Limit, WorkingDays
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.clocks import (
    ClockChanges,
    Ended,
    Started,
    Turn,
    begins,
    calendar_for,
    count_again,
    ledger_of,
    rule_of,
    start,
    subjects,
    wanted,
)
from breachdesk.workflow.definition import LimitRule, Status
from breachdesk.workflow.facts import CaseFacts, PauseFact, Running
from breachdesk.workflow.move_plans import DROP, KEEP_DATE, KEEP_DAYS, RESTART, MovePlan

BEGINS, ENDS = "begins", "ends"
EARLIER = "it would have become an earlier day, so the date is kept"


@dataclass(frozen=True, slots=True)
class LimitMoved:
    """What became of one limit: by which rule (or that it begins or ends with the new status), and its day before and after."""

    limit: str
    subject: int
    rule: str
    old_due: date | None
    new_due: date | None
    why: str = ""

    @property
    def later(self) -> bool:
        """Whether somebody has to be told a new day."""
        return self.new_due is not None and self.new_due != self.old_due and self.rule != BEGINS


@dataclass(frozen=True, slots=True)
class CaseMove:
    """All that changes for one case. `lengths`: limits whose row stays as it is, and the length that it was promised."""

    source: str
    target: str
    left: str
    stage: str
    limits: tuple[LimitMoved, ...]
    clocks: ClockChanges
    lengths: tuple[tuple[str, int, Limit], ...]
    resumes: tuple[int, ...]
    pauses: tuple[PauseFact, ...]


def move_of(plan: MovePlan, facts: CaseFacts, today: date) -> CaseMove:
    """What the plan does to the case. Raises Refused when the case cannot be moved."""
    target = plan.status_after(facts.status)
    if reason := _why_not(plan, facts, target):
        raise Refused(reason)
    before, after = plan.old.statuses[facts.status], plan.new.statuses[target]
    resumes, pauses = _pauses(facts, before, after, today)
    there = replace(facts, status=target, pauses=facts.pauses_after(pauses, resumes, today))
    over = _Over(plan, facts, Turn(plan.new.opening, facts.status, target, Attempt(there, {}, 0, today), today))
    over.take_along()
    over.begin_what_is_new()
    return CaseMove(facts.status, target, before.stage, after.stage, tuple(over.limits), over.changes(), tuple(over.lengths), resumes,
                    pauses)


def _why_not(plan: MovePlan, facts: CaseFacts, target: str) -> str:
    if facts.status not in plan.old.statuses or target not in plan.new.statuses or plan.new.statuses[target].final:
        return f"The plan does not say where a case at “{facts.status}” goes."
    ended = {name for action in plan.new.actions.values() for name in action.resumes} | {facts.status}
    lost = [one for one in facts.open_pauses if one.name not in ended]
    if lost:
        return f"The case is paused ({lost[0].pause.reason}), and in version {plan.new.version} nobody can end the pause “{lost[0].name}”."
    return ""


def _pauses(facts: CaseFacts, before: Status, after: Status, today: date) -> tuple[tuple[int, ...], tuple[PauseFact, ...]]:
    """The pause of the old status ends and that of the new one begins, unless they are the same."""
    if before.stops == after.stops:
        return (), ()
    ending = tuple(one.id for one in facts.open_pauses if before.stops and one.name == before.stops.name)
    stops = after.stops
    return ending, (PauseFact(0, stops.limits, Pause(today, None, stops.because), stops.name),) if stops else ()


class _Over:
    """The limits of one case on their way from one version to the other; it lives for one call."""

    def __init__(self, plan: MovePlan, facts: CaseFacts, turn: Turn) -> None:
        self.plan, self.before, self.turn = plan, facts, turn
        self.facts, self.today = turn.attempt.facts, turn.attempt.today
        self.limits: list[LimitMoved] = []
        self.ended: list[Ended] = []
        self.started: list[Started] = []
        self.kept: list[Running] = []
        self.lengths: list[tuple[str, int, Limit]] = []

    def changes(self) -> ClockChanges:
        standing = [(one.limit, one.subject, one.due_on) for one in self.kept]
        standing += [(one.limit, one.subject, one.due_on) for one in self.started]
        return ClockChanges(tuple(self.ended), tuple(self.started), tuple(standing))

    def take_along(self) -> None:
        """Every limit that runs, in the order of the new version: one that begins after another comes after it."""
        order = {name: place for place, name in enumerate(self.plan.new.limits)}
        for one in sorted(self.before.running, key=lambda one: order.get(one.limit, -1)):
            rule, word = self.plan.new.limits.get(one.limit), self.plan.limits.get(one.limit, KEEP_DATE)
            if rule is None or self.turn.target not in rule.statuses or word == DROP or not self._still_for(rule, one.subject):
                self._end(one, DROP if word == DROP else ENDS)
            elif word == RESTART:
                self._replace(one, start(rule, self.turn, one.subject, begins(rule, self.turn, one.subject, self.started)), RESTART)
            elif word == KEEP_DAYS and (left := self._left(one)) > 0:
                again = start(replace(rule, lasts=WorkingDays(left)), self.turn, one.subject, self.today)
                self._replace(one, replace(again, lasts=WorkingDays(left)), KEEP_DAYS)
            else:
                self._keep(one, rule, word)

    def _still_for(self, rule: LimitRule, subject: int) -> bool:
        if rule.each == "remedy":
            return self.facts.remedy(subject) is not None
        return subject in ({party.id for party in self.facts.on(rule.each)} if rule.each else {0})

    def _end(self, one: Running, rule: str) -> None:
        self.ended.append(Ended(one.limit, one.subject, "moot", one.due_on))
        self.limits.append(LimitMoved(one.limit, one.subject, rule, one.due_on, None))

    def _replace(self, one: Running, again: Started, word: str) -> None:
        if again.due_on and one.due_on and again.due_on < one.due_on:
            self._keep(one, self.plan.new.limits[one.limit], word, EARLIER)
            return
        self.ended.append(Ended(one.limit, one.subject, "replaced", one.due_on))
        self.started.append(again)
        self.limits.append(LimitMoved(one.limit, one.subject, word, one.due_on, again.due_on))

    def _keep(self, one: Running, rule: LimitRule, word: str, why: str = "") -> None:
        """The date stays: counted again later, the limit keeps the length that it was promised, whatever the new version says."""
        promised = rule_of(self.plan.old, one)
        own = promised.lasts if promised.lasts != rule.lasts and not rule.due_on else None
        again = None if self._stays(one, promised, rule) else count_again(
            replace(rule, lasts=promised.lasts), one, one.started_on, self.facts, self.today)
        if again is None or (again.due_on and one.due_on and again.due_on < one.due_on):
            self.kept.append(one)
            if own and own != one.lasts:
                self.lengths.append((one.limit, one.subject, own))
            self.limits.append(LimitMoved(one.limit, one.subject, word, one.due_on, one.due_on, why))
            return
        self.ended.append(Ended(one.limit, one.subject, "replaced", one.due_on))
        self.started.append(replace(again, lasts=own))
        self.limits.append(LimitMoved(one.limit, one.subject, word, one.due_on, again.due_on, why))

    def _stays(self, one: Running, promised: LimitRule, rule: LimitRule) -> bool:
        """Whether nothing about the limit's rows changes. One that ran out is not set again: it would run out twice."""
        over = one.due_on is not None and one.due_on < self.today
        return over or (self.before.pauses == self.facts.pauses and promised.rungs == rule.rungs)

    def _left(self, one: Running) -> int:
        rule = rule_of(self.plan.old, one)
        return working_days_left(ledger_of(rule, self.before, one.subject, one.started_on), calendar_for(one, rule, self.before),
                                 self.today)

    def begin_what_is_new(self) -> None:
        """The limits of the new status that the old one did not have: without them nothing might happen there by itself."""
        running = {(limit, subject) for limit, subject, _ in self.changes().standing}
        for rule in self.plan.new.limits.values():
            known = self.plan.old.limits.get(rule.name)
            met = known is not None and self.turn.source in known.statuses and known.each == rule.each
            if met or rule.only_shown or rule.started_by or self.turn.target not in rule.statuses:
                continue
            for subject in subjects(rule, self.turn):
                if (rule.name, subject) not in running and wanted(rule, self.turn.attempt, subject):
                    again = start(rule, self.turn, subject, begins(rule, self.turn, subject, self.started))
                    self.started.append(again)
                    self.limits.append(LimitMoved(rule.name, subject, BEGINS, None, again.due_on))
