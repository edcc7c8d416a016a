"""What becomes of a case when nobody but the clock ever acts: by which steps it ends, and after how many working days at most. Pure.

Wherever a guard or a length leaves more than one way open, the longest is taken, and one without an end before any other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product

from breachdesk.workflow.definition import CLOCK, Action, LimitRule, Procedure
from breachdesk.workflow.exploring import Standing, beginning, length
from breachdesk.workflow.guards import OPPOSITES

# (working day, the clock's action, the status it leads to)
_Done = tuple[int, str, str]


@dataclass(frozen=True, slots=True)
class Course:
    """How it goes on: what the clock does on which day, and whether the case ends with it or stays at the last status for ever."""

    ends: bool
    days: int = 0
    steps: tuple[_Done, ...] = ()


@dataclass(frozen=True, slots=True)
class _State:
    """`left`: working days until each limit is over; one that stands still keeps them."""

    status: str
    paused: frozenset[str]
    left: tuple[tuple[str, int], ...]


class ClockAlone:
    """The worst course from any status of a procedure, worked out once for each state on the way."""

    def __init__(self, procedure: Procedure) -> None:
        self.procedure = procedure
        self._standing = Standing(procedure)
        self._known: dict[_State, Course | None] = {}

    def from_the_beginning(self) -> Course:
        """From the day the case begins."""
        return _worst(self._course(one) for one in self._entered("", self.procedure.opening, self.procedure.opening.opens, frozenset(), {}))

    def from_status(self, status: str) -> Course:
        """From a status in which every limit that runs there has just begun, or is there only when its guards allow."""
        nothing = Action("", "", ())
        return _worst(self._course(one) for one in self._entered("", nothing, status, frozenset(), {}))

    def _course(self, state: _State) -> Course:
        if self.procedure.statuses[state.status].final:
            return Course(True)
        if state in self._known:
            # None: it is being worked out, so the clock has come back to where it was.
            return self._known[state] or Course(False)
        self._known[state] = None
        found = self._known[state] = _worst(self._after_next_end(state))
        return found

    def _after_next_end(self, state: _State) -> Iterator[Course]:
        still = self._standing.still(state.status, state.paused)
        left = dict(state.left)
        moving = [days for name, days in left.items() if name not in still]
        if not moving:
            yield Course(False)
            return
        # The clock acts on the day after the last one.
        passed = max(0, min(moving) + 1)
        left = {name: days if name in still else days - passed for name, days in left.items()}
        over = [name for name, days in left.items() if name not in still and days < 0]
        for name in over:
            rest = {one: days for one, days in left.items() if one != name}
            for action in self._done_at_the_end_of(self.procedure.limits[name], state):
                yield from self._after(state, action, rest, passed)

    def _after(self, state: _State, action: Action | None, left: dict[str, int], passed: int) -> Iterator[Course]:
        if action is None:
            yield _later(self._course(_State(state.status, state.paused, _sorted(left))), passed)
            return
        paused = frozenset(state.paused.difference(action.resumes) | ({action.stops.name} if action.stops else set()))
        for target in action.targets or (state.status,):
            after = self._entered(state.status, action, target, paused, left)
            yield from (_later(self._course(one), passed, (0, action.name, target)) for one in after)

    def _entered(self, source: str, action: Action, target: str, paused: frozenset[str], left: dict[str, int]) -> Iterator[_State]:
        """The states in which the case can be after the step: a limit with guards begins in some and not in others."""
        kept = {name: days for name, days in left.items()
                if target in self.procedure.limits[name].statuses and action.name not in self.procedure.limits[name].met_by}
        again = [one.name for one in self.procedure.limits.values() if action.name in one.started_by and target in one.statuses]
        begins = [*(beginning(self.procedure, source, target) if source != target else ()), *again]
        rules = [one for one in (self.procedure.limits[name] for name in begins) if not one.only_shown and one.each != "remedy"]
        for holds in _cases({guard for rule in rules for guard in rule.guards}):
            new = {rule.name: length(self.procedure, rule) for rule in rules if holds.issuperset(rule.guards)}
            yield _State(target, paused, _sorted(kept | new))

    def _done_at_the_end_of(self, rule: LimitRule, state: _State) -> Iterator[Action | None]:
        """What the clock can do when the limit is over: the first action that can be done, whatever the guards say; None is nothing."""
        able = [one for one in (self.procedure.actions[name] for name in rule.then) if self._can(one, state)]
        chosen = (next((one for one in able if holds.issuperset(one.guards)), None)
                  for holds in _cases({guard for one in able for guard in one.guards}))
        yield from dict.fromkeys(chosen)

    def _can(self, action: Action, state: _State) -> bool:
        opens_twice = action.stops is not None and action.stops.name in state.paused
        return CLOCK in action.by and state.status in action.sources and not opens_twice and state.paused.issuperset(action.resumes)


def _cases(guards: set[str]) -> Iterator[frozenset[str]]:
    """Every way in which the guards can hold or not; of two that say the opposite exactly one holds."""
    names = sorted(guards)
    for answers in product((True, False), repeat=len(names)):
        holds = frozenset(name for name, answer in zip(names, answers, strict=True) if answer)
        if all((OPPOSITES[name] in holds) != (name in holds) for name in names if OPPOSITES.get(name) in guards):
            yield holds


def opposed(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Whether guards of these two lists can never hold together."""
    return any(OPPOSITES.get(name) in others for name in some)


def _later(course: Course, passed: int, *first: _Done) -> Course:
    return Course(course.ends, course.days + passed, tuple((passed + day, name, status) for day, name, status in (*first, *course.steps)))


def _worst(courses: Iterable[Course]) -> Course:
    return max(courses, key=lambda one: (not one.ends, one.days, -len(one.steps), one.steps))


def _sorted(left: dict[str, int]) -> tuple[tuple[str, int], ...]:
    return tuple(sorted(left.items()))
