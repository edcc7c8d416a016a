"""The way of one case through the picture: where it has been and on which days, where it is, and what can come next. Nothing else.

The numbers of the statuses are those of the whole picture, so that the two can be read side by side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from breachdesk.workflow.drawing.picture import START, Edge, Lane, Picture, Step


@dataclass(frozen=True, slots=True)
class Passed:
    """A step that led the case from one status to another (START: it began). DAY is in words."""

    action: str
    title: str
    source: str
    target: str
    day: str
    by_clock: bool


def way_of(picture: Picture, passed: Sequence[Passed], here: str, title: str) -> Picture:
    """The part of the picture that a case has seen, oldest step first in PASSED, and the edges that lead on from HERE."""
    behind = _behind(passed)
    ahead = tuple(edge for edge in picture.edges if edge.source == here)
    shown = {here, *(edge.target for edge in (*behind, *ahead)), *(edge.source for edge in behind)} - {START}
    came = {status: tuple(dict.fromkeys(one.day for one in passed if one.target == status)) for status in shown}
    lanes = []
    for lane in picture.lanes:
        places = tuple(replace(place, stays=(), days=came[place.status], here=place.status == here)
                       for place in lane.places if place.status in shown)
        if places:
            lanes.append(Lane(lane.name, lane.title, lane.number, places))
    return Picture(title, picture.version, tuple(lanes), (*behind, *ahead), picture.outcomes, own=True)


def _behind(passed: Sequence[Passed]) -> tuple[Edge, ...]:
    """An edge for each way between two statuses that the case took, with its steps by day."""
    found: dict[tuple[str, str, bool], list[Passed]] = {}
    for one in passed:
        found.setdefault((one.source, one.target, one.by_clock), []).append(one)
    return tuple(Edge(*key, tuple(Step(one.action, f"{one.day}: {one.title}", (), "") for one in steps),
                      tuple(one.day for one in steps)) for key, steps in found.items())
