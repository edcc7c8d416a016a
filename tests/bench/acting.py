"""The desk's own side: `casework.act.act`, one audited transition after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import prepared_desk

from breachdesk.audit.chain import Entry
from breachdesk.casework import carrying_out
from breachdesk.casework.act import act


def without_the_log(folder: Path, url: str, first: int, last: int) -> Callable[[], object]:
    """The same steps, as if no entry was made of them: nothing is hashed, no row of the log is written."""
    def nothing(*_: object, **__: object) -> Entry:
        return Entry(0, 0, "", prepared_desk.NOW, b"", "", "")

    carrying_out.next_entry = nothing  # type: ignore[attr-defined]
    carrying_out.entry_changes = lambda *_: []  # type: ignore[attr-defined]
    return by_the_desk(folder, url, first, last)


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
