"""Where everything in a drawing stands: lanes under each other, in each its statuses, beside a status the steps that lead away from it.

All edges to one status run together on a track at the right, people's and the clock's apart. Each step's words have a line of
their own, so nothing is written over anything, however large the procedure is.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from breachdesk.workflow.drawing.drawn import CORNER, LINE, SMALL, TEXT, TITLE, WIDE, Band, Columns, Layout, Road, Spot, Words
from breachdesk.workflow.drawing.lettering import lines_of, plain, width_of
from breachdesk.workflow.drawing.picture import START, Edge, Lane, Picture, Place, Step

HEADER, MARGIN, GAP = 40, 8, 22
ENTRY, ENTRY_STEP = 11, 9
TRACK = 12
CLOCK_ROOM = 20
_PAD, _NUMBER = 10, 34
ANYWHERE_TITLE = "At any time before the end"
_BEGINS = "The case begins"
STAYS = "Without moving on: "
# What runs on one track: to which status, by the clock or not, done or only possible.
_Way: TypeAlias = tuple[str, bool, bool]


@dataclass(slots=True)
class _Leaving:
    """An edge on its way to a road: its words stand, its line is still to be led."""

    edge: Edge
    stands_for: tuple[str, ...]
    words: list[Words]
    starts: list[Words]


def lay_out(picture: Picture, columns: Columns = WIDE) -> Layout:
    """Give everything in the picture its place."""
    return _Table(picture, columns).laid_out()


class _Table:
    """Puts row under row; it lives for one drawing."""

    def __init__(self, picture: Picture, columns: Columns) -> None:
        self.picture, self.columns = picture, columns
        self.y: float = MARGIN
        self.bands: list[Band] = []
        self.spots: list[Spot] = []
        self.stays: list[Words] = []
        self.leaving: list[_Leaving] = []
        self.spot_of: dict[str, Spot] = {}

    def laid_out(self) -> Layout:
        lanes = self.picture.lanes
        last = next((at for at, lane in enumerate(lanes) if all(place.end for place in lane.places)), len(lanes))
        for at, lane in enumerate(lanes):
            if at == last:
                self._anywhere()
            self._lane(lane, at)
        if last == len(lanes):
            self._anywhere()
        roads, right = self._roads()
        return Layout(self.columns, right + MARGIN, self.y + MARGIN, tuple(self.bands), tuple(self.spots), roads, tuple(self.stays))

    def _lane(self, lane: Lane, at: int) -> None:
        top = self.y
        self.y += HEADER
        if at == 0 and (begins := _edges_from(self.picture, START)):
            self._row(None, _BEGINS, (), begins, ())
        for place in lane.places:
            stays = tuple(step for step in place.stays if step.name not in self.picture.anywhere)
            self._row(place, place.title, _notes(self.picture, place), _edges_from(self.picture, place.status), stays)
        self.bands.append(Band(plain(lane.title), lane.number, top, self.y - top))
        self.y += MARGIN

    def _anywhere(self) -> None:
        """One row for the steps that can be taken at nearly any time, instead of one line for them in every row."""
        together: dict[tuple[str, bool], list[Edge]] = {}
        for edge in self.picture.edges:
            if any(step.name in self.picture.anywhere for step in edge.steps):
                together.setdefault((edge.target, edge.by_clock), []).append(edge)
        named = {step.name: step for place in self.picture.places.values() for step in place.stays if step.name in self.picture.anywhere}
        if not together and not named:
            return
        top = self.y
        self.y += HEADER
        edges = [(_merged(edges, self.picture.anywhere), tuple(one.key for one in edges)) for edges in together.values()]
        self._row(None, "Wherever it is", (), edges, tuple(named.values()))
        self.bands.append(Band(ANYWHERE_TITLE, 0, top, self.y - top))
        self.y += MARGIN

    def _row(self, place: Place | None, title: str, notes: Iterable[str], edges: Iterable[tuple[Edge, tuple[str, ...]]],
             stays: tuple[Step, ...]) -> None:
        spot = self._spot(place, title, notes)
        self.spots.append(spot)
        if place:
            self.spot_of[place.status] = spot
        y = spot.y + 24 + (ENTRY_STEP * self._ways_into(place) if place else 1) if self.columns.beside else spot.y + spot.height + 20
        for edge, stands_for in sorted(edges, key=lambda one: one[0].by_clock):
            leaving = _Leaving(edge, stands_for, [], [])
            for step in edge.steps:
                words = _in_lines(step, edge, self.columns, y)
                leaving.words += words
                leaving.starts.append(words[0])
                y += LINE * len(words)
            y += 4
            self.leaving.append(leaving)
        if stays:
            for line in lines_of(STAYS + "; ".join(step.said for step in stays) + ".", SMALL, self.columns.words_width):
                self.stays.append(Words(self.columns.words, y, "", line))
                y += LINE - 2
        self.y = max(y - LINE + 8, spot.y + spot.height) + GAP

    def _ways_into(self, place: Place) -> int:
        return len({_way(edge) for edge in self.picture.edges if edge.target == place.status})

    def _spot(self, place: Place | None, title: str, notes: Iterable[str]) -> Spot:
        room = self.columns.box_width - _PAD - (_NUMBER if place else _PAD)
        titles = lines_of(title, TITLE, room, bold=True)
        small = tuple(line for note in notes for line in lines_of(note, SMALL, room, bold=self.picture.own))
        height = max(44 if place else 36, 2 * _PAD + LINE * len(titles) + 17 * len(small))
        return Spot(place, titles, small, self.columns.box, self.y, self.columns.box_width, height, start=title == _BEGINS)

    def _roads(self) -> tuple[tuple[Road, ...], float]:
        """Lead every edge over its track into its target; the right edge of the last track."""
        entries = self._entries()
        tracks = _tracks({key: (min(ys), max(ys)) for key, ys in self._reaches(entries).items()})
        roads: list[tuple[_Way, bool, Road]] = []
        for one in sorted(self.leaving, key=lambda one: abs(one.starts[0].y - entries[_way(one.edge)]), reverse=True):
            key = _way(one.edge)
            track, entry = self.columns.first_track + TRACK * tracks[key], entries[key]
            down = entry > one.starts[0].y
            begun = {(way, below) for way, below, _ in roads}
            arrives = not {(key, True), (key, False)} & begun
            corners = self._line(one, track, entry, first=(key, down) not in begun, into_box=arrives)
            roads.append((key, down, Road(one.edge, one.stands_for, tuple(one.words), tuple(one.starts[1:]), corners, arrives)))
        return tuple(road for _, _, road in roads), self.columns.first_track + TRACK * max(tracks.values(), default=0)

    def _line(self, one: _Leaving, track: float, entry: float, *, first: bool, into_box: bool) -> tuple[tuple[float, float], ...]:
        y = one.starts[0].y - 5
        begins = (one.starts[0].right + 8, y), (track, y)
        if not first:
            return (*begins, (track, y + (CORNER if entry > y else -CORNER)))
        spot = self.spot_of[one.edge.target]
        return (*begins, (track, entry), (spot.x + spot.width if into_box else track - CORNER, entry))

    def _entries(self) -> dict[_Way, float]:
        """At which height each track comes in at its target's box."""
        entries: dict[_Way, float] = {}
        for key in sorted({_way(one.edge) for one in self.leaving}, key=lambda key: (key[1], not key[2])):
            before = sum(target == key[0] for target, _, _ in entries)
            entries[key] = self.spot_of[key[0]].y + ENTRY + ENTRY_STEP * before
        return entries

    def _reaches(self, entries: dict[_Way, float]) -> dict[_Way, list[float]]:
        reaches = {key: [y] for key, y in entries.items()}
        for one in self.leaving:
            reaches[_way(one.edge)].append(one.starts[0].y - 5)
        return reaches


def _way(edge: Edge) -> _Way:
    """What runs on one track: whatever leads to one status, people's and the clock's apart, and what was done apart from what can be."""
    return edge.target, edge.by_clock, bool(edge.days)


def _tracks(reaches: dict[_Way, tuple[float, float]]) -> dict[_Way, int]:
    """A track for each way, the short ones nearest to the words; two ways that would touch get two tracks."""
    taken: list[list[tuple[float, float]]] = []
    tracks: dict[_Way, int] = {}
    for key, (top, bottom) in sorted(reaches.items(), key=lambda one: (one[1][1] - one[1][0], one[1])):
        room = (all(bottom + LINE < low or high + LINE < top for low, high in spans) for spans in taken)
        free = next((at for at, fits in enumerate(room) if fits), len(taken))
        if free == len(taken):
            taken.append([])
        taken[free].append((top, bottom))
        tracks[key] = free
    return tracks


def _edges_from(picture: Picture, source: str) -> list[tuple[Edge, tuple[str, ...]]]:
    """The edges out of a status with the steps that belong to it alone; what can be done at nearly any time has a row of its own."""
    found: list[tuple[Edge, tuple[str, ...]]] = []
    for edge in picture.edges:
        steps = tuple(step for step in edge.steps if step.name not in picture.anywhere)
        if edge.source == source and steps:
            found.append((Edge(edge.source, edge.target, edge.by_clock, steps, edge.days), (edge.key,)))
    return found


def _merged(edges: list[Edge], names: frozenset[str]) -> Edge:
    steps = {step.name: step for edge in edges for step in edge.steps if step.name in names}
    return Edge("*", edges[0].target, edges[0].by_clock, tuple(steps.values()))


def _notes(picture: Picture, place: Place) -> tuple[str, ...]:
    """What stands under a status's title: whom it waits for, or, in a case's own picture, when the case was there."""
    if not picture.own:
        waits = (f"waits for {place.who}",) if place.who else ()
        return ("an end", *waits) if place.end else waits
    if place.here:
        before = (f"Before: {' and '.join(place.days[:-1])}",) if place.days[1:] else ()
        return (f"Now, since {place.days[-1]}" if place.days else "Now", *before)
    return (f"Been here: {' and '.join(place.days)}",) if place.days else ("Can come next",)


def _in_lines(step: Step, edge: Edge, columns: Columns, y: float) -> list[Words]:
    """The step's words in lines; who takes it follows in quiet letters, on a new line where there is no room."""
    indent = CLOCK_ROOM if edge.by_clock else 0
    x, room = columns.words + indent, columns.words_width - indent
    lines: list[list[str]] = [[line, ""] for line in lines_of(step.said, TEXT, room)] or [["", ""]]
    for word in plain("" if edge.by_clock or not step.who else f"– {step.who}").split():
        ink, quiet = lines[-1]
        longer = f"{quiet} {word}".strip()
        if width_of(ink, TEXT) + 4 + width_of(longer, SMALL) <= room:
            lines[-1][1] = longer
        else:
            lines.append(["", word])
    return [Words(x, y + LINE * at, ink, quiet, edge.by_clock and at == 0) for at, (ink, quiet) in enumerate(lines)]
