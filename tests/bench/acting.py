"""The desk's own side: `casework.act.act`, one audited transition after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import prepared_desk

from breachdesk.casework.act import act


def by_the_desk(folder: Path, url: str, first: int, last: int) -> Callable[[], object]:
    """Take the next step of the next case."""
    desk = prepared_desk.opened(folder, url)
    actors, steps = prepared_desk.actors(desk), prepared_desk.steps()
    way = prepared_desk.road_of_cases(first, last)

    def one() -> None:
        number, place = next(way)
        who, step = steps[place]
        act(desk, actors[who], prepared_desk.reference(number), step)

    return one
