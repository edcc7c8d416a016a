"""Where BPMN's nodes and flows stand: lanes under each other, statuses in columns that are the same in every lane.

Between the columns, and at the top of each lane, there is room in which every flow has a line of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from breachdesk.workflow.drawing.bpmn_graph import Flow, Graph, Node
from breachdesk.workflow.drawing.lettering import lines_of
from breachdesk.workflow.drawing.picture import START, Picture, Place

TASK_WIDTH, TASK_HEIGHT, BETWEEN = 150, 64, 14
EVENT, GATEWAY = 36, 50
BEGINNING, HEAD = 270, 30
_SUB_TITLE, _STEP, _TIMER_ROOM, _TIMER_STEP = 34, 10, 96, 170
_MARGIN, _END_STEP = 24, 78
# What leads out of a status fans out, so that each flow has room for its words.
_FAN, _WORDS, _LETTERS, _LINE = 14, 230, 11, 14


@dataclass(frozen=True, slots=True)
class Bounds:
    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Diagram:
    """The bounds of every lane and node, and the corners of every flow, by id."""

    pool: Bounds
    lanes: list[Bounds]
    shapes: dict[str, Bounds] = field(default_factory=dict)
    flows: dict[str, list[tuple[float, float]]] = field(default_factory=dict)
    labels: dict[str, Bounds] = field(default_factory=dict)


def lay_out_bpmn(picture: Picture, graph: Graph) -> Diagram:
    """Give every node bounds and every flow its corners."""
    return _Grid(picture, graph).diagram()


class _Grid:
    """Lanes by columns; it lives for one diagram."""

    def __init__(self, picture: Picture, graph: Graph) -> None:
        self.picture, self.graph = picture, graph
        self.column = {place.status: at for lane in picture.lanes for at, place in enumerate(lane.places)}
        self.lane = {place.status: at for at, lane in enumerate(picture.lanes) for place in lane.places}
        self.node = {node.id: node for node in graph.nodes}
        # What runs through the room beside a column and over a lane: each flow's own line there.
        self.beside: dict[int, list[str]] = {}
        self.over: dict[int, list[str]] = {}
        self.under: dict[int, list[str]] = {}
        self.into: dict[str, list[str]] = {}
        # The flows that people's steps take out of a status, under each other.
        self.fan: dict[str, list[Flow]] = {place: [] for place in self.lane}
        for flow in graph.flows:
            self._count(flow)

    def _count(self, flow: Flow) -> None:
        source, target = self.node[flow.source], self.node[flow.target]
        if source.place == START or source.place == target.place:
            return
        self.beside.setdefault(self.column[source.place], []).append(flow.id)
        self.over.setdefault(self.lane[target.place], []).append(flow.id)
        self.into.setdefault(target.place, []).append(flow.id)
        if not source.on:
            self.fan[source.place].append(flow)
        else:
            self.under.setdefault(self.lane[source.place], []).append(flow.id)

    def diagram(self) -> Diagram:
        columns = max(len(lane.places) for lane in self.picture.lanes)
        lefts = [float(HEAD + BEGINNING)]
        for column in range(columns):
            places = [lane.places[column] for lane in self.picture.lanes if column < len(lane.places)]
            lefts.append(lefts[-1] + max(map(self._wide, places)) + _MARGIN * 2 + _STEP * len(self.beside.get(column, ())))
        heights = [self._top(at) + max(map(self._high, lane.places)) + self._bottom(at) for at, lane in enumerate(self.picture.lanes)]
        tops = [sum(heights[:at]) for at in range(len(heights) + 1)]
        diagram = Diagram(Bounds(0, 0, lefts[-1], tops[-1]),
                          [Bounds(HEAD, top, lefts[-1] - HEAD, height) for top, height in zip(tops, heights, strict=False)])
        for at, lane in enumerate(self.picture.lanes):
            for place in lane.places:
                self._block(diagram, place, lefts[self.column[place.status]], tops[at] + self._top(at))
        self._beginning(diagram)
        for flow in self.graph.flows:
            diagram.flows[flow.id] = self._corners(diagram, flow, lefts, tops)
        return diagram

    def _top(self, lane: int) -> float:
        return _MARGIN + _STEP * len(self.over.get(lane, ()))

    def _bottom(self, lane: int) -> float:
        under = self.under.get(lane, ())
        return _MARGIN + (_TIMER_ROOM + _STEP * len(under) if under else 0)

    def _inner(self, place: Place) -> tuple[float, float]:
        """The size of a status's own box: its steps in a square, and no narrower than its timers and the flows into it."""
        tasks = len(self.graph.of(place.status, "userTask", "serviceTask"))
        across = max(2, min(4, round((tasks / 1.6) ** 0.5)))
        down = -(-tasks // across)
        needed = max(_TIMER_STEP * len(self.graph.of(place.status, "boundaryEvent")), 12 * len(self.into.get(place.status, ())) + 40)
        high = _SUB_TITLE + down * (TASK_HEIGHT + BETWEEN) + BETWEEN + 18 if tasks else 80
        return max(across * (TASK_WIDTH + BETWEEN) + BETWEEN, needed), high

    def _wide(self, place: Place) -> float:
        return self._inner(place)[0] + 40 + GATEWAY + _FAN * 2 + _WORDS

    def _high(self, place: Place) -> float:
        return max(self._inner(place)[1], _END_STEP * len(self.graph.of(place.status, "endEvent")) + self._fan_room(place))

    def _block(self, diagram: Diagram, place: Place, x: float, y: float) -> None:
        width, height = self._inner(place)
        across = int((width - BETWEEN) // (TASK_WIDTH + BETWEEN))
        for at, task in enumerate(self.graph.of(place.status, "userTask", "serviceTask")):
            row, column = divmod(at, across)
            diagram.shapes[task.id] = Bounds(x + BETWEEN + column * (TASK_WIDTH + BETWEEN),
                                             y + _SUB_TITLE + row * (TASK_HEIGHT + BETWEEN), TASK_WIDTH, TASK_HEIGHT)
        for status in self.graph.of(place.status, "adHocSubProcess", "task"):
            diagram.shapes[status.id] = Bounds(x, y, width, height)
        for at, timer in enumerate(self.graph.of(place.status, "boundaryEvent")):
            diagram.shapes[timer.id] = Bounds(x + 20 + _TIMER_STEP * at, y + height - EVENT / 2, EVENT, EVENT)
        for gateway in self.graph.of(place.status, "exclusiveGateway"):
            diagram.shapes[gateway.id] = Bounds(x + width + 40, y + height / 2 - GATEWAY / 2, GATEWAY, GATEWAY)
        for at, end in enumerate(self.graph.of(place.status, "endEvent")):
            diagram.shapes[end.id] = Bounds(x + width + 40 + GATEWAY + 50, y + 8 + self._fan_room(place) + _END_STEP * at,
                                              EVENT, EVENT)

    def _fan_room(self, place: Place) -> float:
        return sum(map(_room_for, self.fan[place.status]))

    def _beginning(self, diagram: Diagram) -> None:
        """The start and its step stand at the left of the status that they lead to, level with the middle of it."""
        for step in self.graph.of(START, "userTask"):
            first = next(diagram.shapes[flow.target] for flow in self.graph.flows if flow.source == step.id)
            middle = first.y + first.height / 2
            diagram.shapes["start"] = Bounds(HEAD + 24, middle - EVENT / 2, EVENT, EVENT)
            diagram.shapes[step.id] = Bounds(first.x - 40 - TASK_WIDTH, middle - TASK_HEIGHT / 2, TASK_WIDTH, TASK_HEIGHT)

    def _corners(self, diagram: Diagram, flow: Flow, lefts: list[float], tops: list[float]) -> list[tuple[float, float]]:
        source, target = self.node[flow.source], self.node[flow.target]
        begins, ends = diagram.shapes[source.id], diagram.shapes[target.id]
        if source.place == START or source.place == target.place:
            return _straight(begins, ends)
        column = self.column[source.place]
        track = lefts[column + 1] - _MARGIN - _STEP * self.beside[column].index(flow.id)
        over = tops[self.lane[target.place]] + _MARGIN / 2 + _STEP * self.over[self.lane[target.place]].index(flow.id)
        enters = self.into[target.place]
        entry = ends.x + 20 + (ends.width - 40) * (enters.index(flow.id) + 0.5) / len(enters)
        return [*self._leaving(diagram, flow, begins, track, tops), (track, over), (entry, over), (entry, ends.y)]

    def _leaving(self, diagram: Diagram, flow: Flow, begins: Bounds, track: float, tops: list[float]) -> list[tuple[float, float]]:
        """From a timer down and along the bottom of the lane; from a status or its gateway on a line of its own, with its words over it."""
        source = self.node[flow.source]
        if source.on:
            low = self._under(source, tops, flow)
            return [(begins.x + EVENT / 2, begins.y + EVENT), (begins.x + EVENT / 2, low), (track, low)]
        fan, status = self.fan[source.place], diagram.shapes[self.graph.of(source.place, "adHocSubProcess", "task")[0].id]
        right, middle = begins.x + begins.width, begins.y + begins.height / 2
        rooms = [_room_for(one) for one in fan]
        top = status.y if self.graph.of(source.place, "endEvent") else max(status.y, middle - sum(rooms) / 2)
        line = top + sum(rooms[:fan.index(flow) + 1]) - 6
        diagram.labels[flow.id] = Bounds(right + _FAN + 4, line - rooms[fan.index(flow)] + 10, _WORDS - 8, rooms[fan.index(flow)] - 14)
        return [(right, middle), (right + _FAN, middle), (right + _FAN, line), (track, line)]

    def _under(self, source: Node, tops: list[float], flow: Flow) -> float:
        """The line on which the clock's flow runs at the bottom of its lane."""
        lane = self.lane[source.place]
        return tops[lane + 1] - _MARGIN / 2 - _STEP * self.under[lane].index(flow.id)


def _room_for(flow: Flow) -> float:
    """How much height a flow needs for the words over it."""
    return 22 + _LINE * len(lines_of(flow.name, _LETTERS, _WORDS - 8))


def _straight(begins: Bounds, ends: Bounds) -> list[tuple[float, float]]:
    """From the right side of one to the left side of the other, with a bend half-way when they are not level."""
    y, to = begins.y + begins.height / 2, ends.y + ends.height / 2
    x, at = begins.x + begins.width, ends.x
    return [(x, y), (at, to)] if abs(y - to) < 1 else [(x, y), ((x + at) / 2, y), ((x + at) / 2, to), (at, to)]
