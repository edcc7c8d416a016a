"""What a drawing of a procedure says, as frozen values: stages as lanes, statuses as places, and one edge for all steps that lead alike.

`picture_of` makes it from a procedure. The SVG, Mermaid and BPMN drawings and the table are made from it, so all of them say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Action, LimitRule, Procedure, Status
from breachdesk.workflow.wording import say_of_any

START = ""
# A step is drawn once, “at any time”, when no more than this share of the waiting statuses is without it, and there are enough of them.
_NEARLY_ALL, _MANY = 0.75, 4
_IN_PLACE_OF = {"stand_in": ("coordinator",), "representative": PARTY_SIDES}
_NOT_BEGUN, _AT_ANY_TIME, _STAYS = "Not begun", "At any time before the end", "Where it was"


@dataclass(frozen=True, slots=True)
class Step:
    """An action in words, where it can be taken. `who` is `by` in short; `after` says how long the clock waits.

    `only` says in which of several directions the case goes, `moves_when` when it goes at all.
    """

    name: str
    title: str
    by: tuple[str, ...]
    who: str
    after: tuple[str, ...] = ()
    only: str = ""
    moves_when: str = ""
    outcome: str = ""

    @property
    def said(self) -> str:
        """The step in one line, the clock's with its time: “After 5 working days: Second notice”."""
        timed = f"After {' or '.join(self.after)}: {self.title}" if self.after else self.title
        return f"{timed} ({self.only})" if self.only else timed


@dataclass(frozen=True, slots=True)
class Edge:
    """All the steps that lead from one status to another, people's or the clock's. START is where a case begins.

    `days` are those on which a case went this way.
    """

    source: str
    target: str
    by_clock: bool
    steps: tuple[Step, ...]
    days: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The same in every drawing, and told apart from every other edge."""
        return f"{self.source or 'start'}>{self.target}{'>clock' if self.by_clock else ''}"


@dataclass(frozen=True, slots=True)
class Place:
    """A status. `who` is whom it waits for, `stays` are the steps after which the case is still there.

    In a case's own picture `days` are those on which it came there, and `here` is where it is.
    """

    number: int
    status: str
    title: str
    says: str
    who: str
    end: bool
    stays: tuple[Step, ...] = ()
    days: tuple[str, ...] = ()
    here: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """A stage, with the statuses in it."""

    name: str
    title: str
    number: int
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """A whole drawing. `anywhere` names the steps that are drawn once for nearly all waiting statuses; `own` marks a case's own way."""

    title: str
    version: str
    lanes: tuple[Lane, ...]
    edges: tuple[Edge, ...]
    outcomes: Mapping[str, str] = field(default_factory=dict)
    anywhere: frozenset[str] = frozenset()
    own: bool = False

    @property
    def places(self) -> dict[str, Place]:
        """Every status by name, in the order of the lanes."""
        return {place.status: place for lane in self.lanes for place in lane.places}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table that says what the picture shows: one step that leads from one status to another, or leaves the case there."""

    step: str
    who: str
    source: str
    target: str
    when: str
    outcome: str


def picture_of(procedure: Procedure, words: Callable[[str], str] | None = None, *, ahead_of: str = "") -> Picture:
    """The drawing of a procedure. WORDS fills in the words in braces; without it they stand for any case.

    AHEAD_OF is a status: then all statuses are there, but of the steps only those that lead on from it.
    """
    words = words or partial(say_of_any, days={name: f"the end of {rule.lasts}" for name, rule in procedure.limits.items()})
    lanes: list[Lane] = []
    number = 0
    for stage, title in procedure.stages.items():
        statuses = [one for one in procedure.statuses.values() if one.stage == stage]
        places = tuple(_place(procedure, one, number + at, words, () if ahead_of else procedure.actions_from(one.name))
                       for at, one in enumerate(statuses, 1))
        number += len(places)
        if places:
            lanes.append(Lane(stage, words(title), len(lanes) + 1, places))
    return Picture(words(procedure.title), procedure.version, tuple(lanes), _edges(procedure, words, ahead_of),
                   {name: words(title) for name, title in procedure.outcomes.items()}, _anywhere(procedure))


def _place(procedure: Procedure, status: Status, number: int, words: Callable[[str], str], actions: Iterable[Action]) -> Place:
    stays = tuple(_step(procedure, action, status.name, words, by_clock=action.by_clock_only)
                  for action in actions if set(_targets(action, status.name)) == {status.name})
    return Place(number, status.name, words(status.title), words(status.says),
                 _in_short(procedure, status.waits_for, "both sides"), status.final, stays)


def _targets(action: Action, source: str) -> tuple[str, ...]:
    return action.targets or (source,)


def _anywhere(procedure: Procedure) -> frozenset[str]:
    waiting = {name for name, status in procedure.statuses.items() if not status.final}
    wanted = max(_MANY, _NEARLY_ALL * len(waiting))
    return frozenset(name for name, action in procedure.actions.items() if len(waiting.intersection(action.sources)) >= wanted)


def _edges(procedure: Procedure, words: Callable[[str], str], ahead_of: str) -> tuple[Edge, ...]:
    """One edge for all steps with the same source, target and kind, in the order of the statuses, then of the file."""
    found: dict[tuple[str, str, bool], list[Step]] = {}
    for source in (ahead_of,) if ahead_of else (START, *procedure.statuses):
        for action in procedure.actions_from(source) if source else (procedure.opening,):
            for target in (action.opens,) if source == START else _targets(action, source):
                if target == source:
                    continue
                for by_clock in (False, True):
                    if (CLOCK in action.by) if by_clock else not action.by_clock_only:
                        step = _step(procedure, action, source, words, by_clock=by_clock, target=target)
                        found.setdefault((source, target, by_clock), []).append(step)
    return tuple(Edge(*key, tuple(steps)) for key, steps in found.items())


def _step(procedure: Procedure, action: Action, source: str, words: Callable[[str], str], *, by_clock: bool, target: str = "") -> Step:
    by = (CLOCK,) if by_clock else tuple(role for role in action.by if role != CLOCK)
    limits = [limit for limit in procedure.limits.values() if action.name in limit.then and source in limit.statuses]
    after = tuple(dict.fromkeys(_lasting(procedure, limit) for limit in limits)) if by_clock else ()
    return Step(action.name, words(action.title), tuple(procedure.roles[role] for role in by), _in_short(procedure, by), after,
                _only(action, target), action.moves_when.replace("-", " ") if target and target != source else "",
                procedure.outcomes.get(action.outcome, ""))


def _lasting(procedure: Procedure, limit: LimitRule) -> str:
    """How long the clock waits. A limit that begins after another is told with it; one for several statuses counts them all."""
    said = str(limit.lasts) + (" in all" if len(limit.statuses) > 1 else "") + (", or on the day named" if limit.due_on else "")
    first = procedure.limits.get(limit.after)
    return f"{_lasting(procedure, first)} and then {said}" if first else said


def _in_short(procedure: Procedure, roles: tuple[str, ...], together: str = "either side") -> str:
    """Who takes a step, on one line; what the two sides are TOGETHER. Who only stands in for another of them goes without saying."""
    roles = tuple(role for role in roles if not set(_IN_PLACE_OF.get(role, ())) & set(roles))
    both = set(PARTY_SIDES) <= set(roles)
    others = [procedure.roles[role] for role in roles if not both or role not in PARTY_SIDES]
    return ", ".join([together, *others] if both else others)


def _only(action: Action, target: str) -> str:
    """Under which condition the case goes to the target, where it is one of several: the guards' names are sentences."""
    if not action.target_if or not target:
        return ""
    ifs = [guard.replace("-", " ") for status, guard in action.target_if if status == target]
    return f"if {' or '.join(ifs)}" if ifs else "otherwise"


def table_of(picture: Picture) -> tuple[Row, ...]:
    """Everything that the picture shows, in words: each step with where from and where to; one that can be taken anywhere stands once."""
    places = picture.places
    rows: dict[tuple[str, str, bool, tuple[str, ...]], tuple[Step, str, list[str]]] = {}
    for edge in picture.edges:
        for step in edge.steps:
            key = step.name, edge.target, edge.by_clock, step.after
            rows.setdefault(key, (step, _numbered(places[edge.target]), []))[2].append(edge.source)
    for place in places.values():
        for step in place.stays:
            rows.setdefault((step.name, START, False, step.after), (step, _STAYS, []))[2].append(place.status)
    return tuple(Row(step.title, "; ".join(step.by), _sources(picture, step.name, sources), target, _when(step), step.outcome)
                 for step, target, sources in rows.values())


def _when(step: Step) -> str:
    said = (f"after {' or '.join(step.after)}" if step.after else "", step.only, f"when {step.moves_when}" if step.moves_when else "")
    together = ", ".join(one for one in said if one)
    return together[:1].upper() + together[1:]


def _numbered(place: Place) -> str:
    return f"{place.number}. {place.title}"


def _sources(picture: Picture, name: str, sources: Iterable[str]) -> str:
    """Where the case may be; a step that can be taken nearly anywhere is said in short."""
    named = set(sources)
    if named == {START}:
        return _NOT_BEGUN
    if name not in picture.anywhere:
        return "; ".join(_numbered(place) for place in picture.places.values() if place.status in named)
    waiting = {one.status for one in picture.places.values() if not one.end}
    but = [_numbered(place) for place in picture.places.values() if place.status in waiting - named]
    also = [_numbered(place) for place in picture.places.values() if place.status in named - waiting]
    return _AT_ANY_TIME + (f", but not in {'; '.join(but)}" if but else "") + (f", and in {'; '.join(also)}" if also else "")
