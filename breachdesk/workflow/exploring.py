"""Every place that a case can come to, with the shortest way there: what the checks of a whole procedure walk through. Pure.

Guards are taken as “may be either”, so what is not reached here is never reached. People act at once, the clock when a limit is over.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from breachdesk.timekeeping.limits import CalendarDays, Limit, Weeks, WorkingDays
from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Action, LimitRule, Procedure, Stops
from breachdesk.workflow.guards import ABOUT_PAUSES, ABOUT_SERVING
from breachdesk.workflow.wording import say

# Roles that a scheme gives to people for all its cases. Every other role but the parties' is given in a case, by `appoints`.
SCHEME_ROLES = ("coordinator", "stand_in", "steering_group")
_ALWAYS_THERE = frozenset((*SCHEME_ROLES, *PARTY_SIDES, "representative", CLOCK))
_PEOPLE = {"complainant": "the complainant", "respondent": "the respondent", "reference": "the case"}
_LONGEST_MONTH = 23     # working days


class Place(NamedTuple):
    """Where a case is, as far as the checks tell cases apart: its status, open pauses, and the roles that somebody has been named to.

    A tuple, as a step is: a map makes tens of thousands of them, and a dataclass takes three times as long for each.
    """

    status: str
    paused: frozenset[str] = frozenset()
    serving: frozenset[str] = frozenset()


class Step(NamedTuple):
    """An action that leads from a place to another. `by`: the roles that can take it there; `limit`: whose end lets the clock take it."""

    action: Action
    target: Place
    by: frozenset[str]
    limit: str = ""


@dataclass(frozen=True, slots=True)
class _Way:
    """An action as it can be taken from one status: who is always there to take it, who only once named, when, and what it changes.

    When: roles that somebody serves in or nobody does, and pauses that are open or are not.
    """

    action: Action
    by: frozenset[str]
    by_named: frozenset[str]
    by_clock: bool
    served: frozenset[str]
    unserved: frozenset[str]
    paused: frozenset[str]
    unpaused: frozenset[str]
    targets: tuple[str, ...]
    changes: bool


class Map:
    """All places that can be reached when nobody acts in the role WITHOUT; `steps` from each to others, and the shortest way to it."""

    def __init__(self, procedure: Procedure, without: str = "") -> None:
        self.procedure = procedure
        self.taken: set[str] = set()
        self.steps: dict[Place, tuple[Step, ...]] = {}
        self._from: dict[Place, tuple[Place, Step] | None] = {}
        self._standing = Standing(procedure)
        self._running: dict[tuple[str, frozenset[str]], tuple[LimitRule, ...]] = {}
        self._letting: dict[tuple[str, frozenset[str]], dict[str, str]] = {}
        self._ways = {status: tuple(_way(action, status, without) for action in procedure.actions_from(status))
                      for status in procedure.statuses}
        self._explore()

    def _explore(self) -> None:
        opening = self.procedure.opening
        first = Place(opening.opens)
        self.taken.add(opening.name)
        self._from[first] = None
        waiting = deque([first])
        while waiting:
            place = waiting.popleft()
            self.steps[place] = tuple(self._steps_from(place))
            for step in self.steps[place]:
                if step.target not in self._from:
                    self._from[step.target] = place, step
                    waiting.append(step.target)

    def _steps_from(self, place: Place) -> Iterator[Step]:
        for way in self._ways[place.status]:
            # What changes nothing needs to be taken only once, to show that it can be.
            if not way.changes and way.action.name in self.taken:
                continue
            by = way.by | (way.by_named & place.serving) if way.by_named else way.by
            limit = self._limit_that_lets(way.action, place) if way.by_clock else ""
            if (by or limit) and _allowed(way, place):
                self.taken.add(way.action.name)
                yield from (Step(way.action, target, by, limit) for target in _places_after(way, place) if target != place)

    def _limit_that_lets(self, action: Action, place: Place) -> str:
        """A limit that can run out here and lets the clock take the action; "" for none."""
        known = (place.status, place.paused)
        if known not in self._letting:
            self._letting[known] = {name: one.name for one in reversed(self.running(place)) for name in one.then}
        return self._letting[known].get(action.name, "")

    def running(self, place: Place) -> tuple[LimitRule, ...]:
        """The limits that can run out in the place: they run there, and nothing makes them stand still."""
        known = (place.status, place.paused)
        if known not in self._running:
            still = self._standing.still(*known)
            self._running[known] = tuple(one for one in self.procedure.limits.values()
                                         if place.status in one.statuses and not one.only_shown and one.name not in still)
        return self._running[known]

    def way(self, place: Place) -> list[tuple[Place, Step]]:
        """The shortest way to the place: each step with the place that it is taken at."""
        steps: list[tuple[Place, Step]] = []
        while (last := self._from[place]) is not None:
            steps.append(last)
            place = last[0]
        return steps[::-1]

    def places(self, *, ended: bool = False) -> Iterator[Place]:
        """The places on the road, nearest first; with ENDED those where a case has ended."""
        return (place for place in self._from if self.procedure.statuses[place.status].final == ended)

    def waiting(self) -> Iterator[Place]:
        """The nearest place, without a pause, of each status where something is still waited for: on the road, or after the end."""
        found: dict[str, Place] = {}
        for place in self._from:
            status = self.procedure.statuses[place.status]
            if not place.paused and (status.waits_for or not status.final):
                found.setdefault(place.status, place)
        return iter(found.values())


def _way(action: Action, status: str, without: str) -> _Way:
    able = frozenset(action.by) - {CLOCK, without}
    changes = action.targets not in ((), (status,)) or bool(
        action.stops or action.resumes or action.effects.appoints or action.effects.releases)
    serving = {ABOUT_SERVING[guard] for guard in action.guards if guard in ABOUT_SERVING}
    pauses = {ABOUT_PAUSES[guard] for guard in action.guards if guard in ABOUT_PAUSES} | {(name, True) for name in action.resumes}
    if action.stops:
        pauses.add((action.stops.name, False))      # It is not opened twice.
    return _Way(action, able & _ALWAYS_THERE, able - _ALWAYS_THERE, CLOCK in action.by, *_apart(serving), *_apart(pauses),
                action.targets or (status,), changes)


def _apart(wanted: set[tuple[str, bool]]) -> tuple[frozenset[str], frozenset[str]]:
    """What must be, and what must not."""
    return frozenset(name for name, there in wanted if there), frozenset(name for name, there in wanted if not there)


def _allowed(way: _Way, place: Place) -> bool:
    return (way.served <= place.serving and way.unserved.isdisjoint(place.serving)
            and way.paused <= place.paused and way.unpaused.isdisjoint(place.paused))


def _places_after(way: _Way, place: Place) -> Iterator[Place]:
    action, paused, serving = way.action, place.paused, place.serving
    if action.stops or action.resumes:
        paused = paused.difference(action.resumes) | ({action.stops.name} if action.stops else frozenset())
    if action.effects.appoints:
        serving |= {action.effects.appoints.role}
    settings, released = [serving], action.effects.releases
    if released:
        settings = [serving - {released.role}, *([serving] if released.who else [])]
    return (Place(status, paused, one) for status in way.targets for one in settings)


class Standing:
    """Which limits stand still where, worked out once for each status and set of open pauses."""

    def __init__(self, procedure: Procedure) -> None:
        self._procedure = procedure
        self._pauses = {one.stops.name: one for one in procedure.actions.values() if one.stops}
        self._known: dict[tuple[str, frozenset[str]], frozenset[str]] = {}

    def still(self, status: str, paused: frozenset[str]) -> frozenset[str]:
        """The limits that the status itself or an open pause makes stand still."""
        if (status, paused) not in self._known:
            self._known[status, paused] = frozenset(
                one.name for one in self._procedure.limits.values() if self._stopped(one, status, paused))
        return self._known[status, paused]

    def _stopped(self, rule: LimitRule, status: str, paused: frozenset[str]) -> bool:
        stops = self._procedure.statuses[status].stops
        # A status that stops everything does not stop the limit on the stop itself.
        if stops and _covers(stops, rule) and (stops.limits or rule.statuses != {status}):
            return True
        pauses = (self._pauses[name] for name in paused)
        return any(one.stops and _covers(one.stops, rule) and one.name not in rule.started_by for one in pauses)


def _covers(stops: Stops, rule: LimitRule) -> bool:
    return not stops.limits or rule.name in stops.limits


def working_days(limit: Limit) -> int:
    """The most working days that a length can hold."""
    if isinstance(limit, WorkingDays):
        return limit.n
    if isinstance(limit, CalendarDays):
        return limit.n - 2 * (limit.n // 7)
    return limit.n * (5 if isinstance(limit, Weeks) else _LONGEST_MONTH)


def length(procedure: Procedure, rule: LimitRule) -> int:
    """Working days from the beginning of the limit to its end, what it comes after included."""
    before = procedure.limits.get(rule.after)
    return working_days(rule.lasts) + (length(procedure, before) if before else 0)


def told(procedure: Procedure, way: list[tuple[Place, Step]]) -> str:
    """The way as a story: “Make a complaint” on day 0, “Acknowledge the complaint”, on day 11 by the clock “The desk writes …”."""
    standing = Standing(procedure)
    begun = dict.fromkeys(beginning(procedure, "", procedure.opening.opens), 0)
    day = 0
    parts = [f"“{title(procedure, procedure.opening)}” on day 0"]
    for place, step in way:
        said = f"“{title(procedure, step.action)}”"
        if not step.by:
            rule = procedure.limits[step.limit]
            later = max(day, begun.get(rule.name, day) + length(procedure, rule) + 1)
            for name in standing.still(place.status, place.paused) & begun.keys():
                begun[name] += later - day
            day = later
            said = f"on day {day} by the clock {said}"
        parts.append(said)
        begun |= dict.fromkeys(beginning(procedure, place.status, step.target.status), day)
        begun |= {one.name: day for one in procedure.limits.values() if step.action.name in one.started_by}
    return ", ".join(parts)


def beginning(procedure: Procedure, source: str, target: str) -> list[str]:
    """The limits that begin on the way from SOURCE to TARGET."""
    return [one.name for one in procedure.limits.values()
            if target in one.statuses and source not in one.statuses and not one.started_by]


def title(procedure: Procedure, action: Action) -> str:
    """The action's title with words for the parties, as in a story about any case."""
    words = _PEOPLE | {one.name: f"the end of “{say(one.title, _PEOPLE)}”" for one in procedure.limits.values()}
    return say(action.title, words)


