"""A picture as BPMN sees it: nodes and flows. `bpmn_layout` gives them places, `bpmn` writes them down.

A status is an ad-hoc sub-process: the people in the case take its steps, in any order, until one of them leads on; a gateway
says which. The clock's steps are timers on its border. How a case ends is an end event behind the status in which it ends.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_letters, digits

from breachdesk.workflow.drawing.lettering import plain
from breachdesk.workflow.drawing.picture import START, Edge, Picture, Place, Step

OR = " / "
_PLAIN = frozenset(ascii_letters + digits + "_")


@dataclass(frozen=True, slots=True)
class Node:
    """Something on the diagram. `within` is the sub-process that it stands in, `on` the one on whose border it sits."""

    id: str
    kind: str
    name: str
    lane: int
    place: str
    within: str = ""
    on: str = ""
    who: str = ""
    says: str = ""
    lasts: str = ""


@dataclass(frozen=True, slots=True)
class Flow:
    """A way from one node to another; `only` says when it is taken. `edge` is the key of the picture's edge that it shows."""

    id: str
    source: str
    target: str
    name: str = ""
    only: str = ""
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Graph:
    """All nodes and flows of a picture."""

    nodes: tuple[Node, ...]
    flows: tuple[Flow, ...]

    def of(self, place: str, *kinds: str) -> list[Node]:
        """The nodes of some kinds that belong to a status."""
        return [node for node in self.nodes if node.place == place and node.kind in kinds]


def name_for(*parts: str) -> str:
    """An id that XML takes, another one for other parts: whatever is no plain letter, figure or underline becomes its number."""
    return ".".join("".join(one if one in _PLAIN else f"-{ord(one):x}-" for one in part) for part in parts)


def graph_of(picture: Picture) -> Graph:
    """The nodes and flows that say what the picture says."""
    lane_of = {place.status: at for at, lane in enumerate(picture.lanes) for place in lane.places}
    nodes: list[Node] = []
    flows: list[Flow] = []
    for edge in picture.edges:
        if edge.source == START:
            nodes += _beginning(edge, lane_of[edge.target])
            flows += [Flow("flow.begin", "start", name_for("task", "", edge.steps[0].name)),
                      Flow(_flow(edge), name_for("task", "", edge.steps[0].name), name_for("status", edge.target), edge=edge.key)]
    for place in picture.places.values():
        leaving = [edge for edge in picture.edges if edge.source == place.status]
        nodes += _nodes(picture, place, leaving, lane_of[place.status])
        flows += _flows(picture, place, leaving)
    return Graph(tuple(nodes), tuple(flows))


def _beginning(edge: Edge, lane: int) -> list[Node]:
    step = edge.steps[0]
    return [Node("start", "startEvent", "The case begins", lane, START),
            Node(name_for("task", "", step.name), "userTask", plain(step.title), lane, START, who=plain("; ".join(step.by)))]


def _nodes(picture: Picture, place: Place, leaving: list[Edge], lane: int) -> Iterator[Node]:
    status = name_for("status", place.status)
    people = {step.name: step for edge in leaving if not edge.by_clock for step in edge.steps}
    inside = {**people, **{step.name: step for step in place.stays}}
    title = plain(f"{place.number}. {place.title}")
    yield Node(status, "adHocSubProcess" if inside else "task", title, lane, place.status, says=plain(place.says))
    for step in inside.values():
        kind = "serviceTask" if step.after else "userTask"
        yield Node(name_for("task", place.status, step.name), kind, plain(step.said if step.after else step.title), lane, place.status,
                   within=status, who=plain("; ".join(step.by)))
    for edge in leaving:
        if edge.by_clock:
            yield from (Node(_timer(edge, step), "boundaryEvent", plain(step.said), lane, place.status, on=status,
                             lasts=plain(" or ".join(step.after))) for step in edge.steps)
    ends = _ends(picture, place)
    if len(ends) + sum(not edge.by_clock for edge in leaving) > 1:
        yield Node(name_for("choice", place.status), "exclusiveGateway", "", lane, place.status)
    yield from (Node(name_for("end", place.status, name), "endEvent", title, lane, place.status) for name, title in ends.items())


def _flows(picture: Picture, place: Place, leaving: list[Edge]) -> Iterator[Flow]:
    status, choice = name_for("status", place.status), name_for("choice", place.status)
    people, ends = [edge for edge in leaving if not edge.by_clock], _ends(picture, place)
    source = status
    if len(people) + len(ends) > 1:
        source = choice
        yield Flow(name_for("flow", place.status), status, choice)
    for edge in people:
        yield Flow(_flow(edge), source, name_for("status", edge.target), plain(OR.join(step.title for step in edge.steps)),
                   "" if source == status else plain(OR.join(_taken(step) for step in edge.steps)), edge.key)
    for name in ends:
        yield Flow(name_for("flow", place.status, "end", name), source, name_for("end", place.status, name))
    for edge in leaving:
        if edge.by_clock:
            yield from (Flow(_flow(edge, step), _timer(edge, step), name_for("status", edge.target), edge=edge.key) for step in edge.steps)


def _taken(step: Step) -> str:
    return f"{step.name} was taken{' ' + step.only if step.only else ''}"


def _ends(picture: Picture, place: Place) -> dict[str, str]:
    """How a case ends here: with one of the outcomes that lead here, or, where none does, just so."""
    if not place.end:
        return {}
    titles = {title: name for name, title in picture.outcomes.items()}
    led = dict.fromkeys(step.outcome for edge in picture.edges if edge.target == place.status for step in edge.steps if step.outcome)
    return {titles.get(title, title): plain(title) for title in led} or {"": plain(place.title)}


def _flow(edge: Edge, step: Step | None = None) -> str:
    return name_for("flow", edge.source, edge.target, *((step.name,) if step else ()))


def _timer(edge: Edge, step: Step) -> str:
    return name_for("timer", edge.source, edge.target, step.name)
