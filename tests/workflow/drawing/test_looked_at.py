"""The pictures of a small procedure, and of a case's way through it, are those that somebody looked at and found good.

After a change of how pictures are drawn, those that differ are written anew and looked at before anybody else sees them:
`PYTHONPATH=.:tests .venv/bin/python tests/workflow/drawing/test_looked_at.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import astuple, replace
from pathlib import Path

import pytest
from road_told import PROCEDURE

from breachdesk.workflow.definition import Action
from breachdesk.workflow.drawing.bpmn import bpmn_of
from breachdesk.workflow.drawing.drawn import NARROW
from breachdesk.workflow.drawing.mermaid import mermaid_of
from breachdesk.workflow.drawing.picture import START, Picture, picture_of, table_of
from breachdesk.workflow.drawing.svg import svg_file
from breachdesk.workflow.drawing.way import Passed, way_of

FOLDER = Path(__file__).parent / "looked_at"
STEPS = (
    Passed("lodge", "Make a complaint", START, "received", "2 March 2026", False),
    Passed("forward_by_clock", "The desk sends it on", "received", "answering", "10 March 2026", True),
    Passed("respond", "Answer", "answering", "naming", "20 March 2026", False),
    Passed("name_critical_friend", "Name a critical friend", "naming", "helping", "24 March 2026", False),
    Passed("object", "Object", "helping", "naming", "25 March 2026", False),
    Passed("name_critical_friend", "Name a critical friend", "naming", "helping", "27 March 2026", False))
WAITING = tuple(name for name, one in PROCEDURE.statuses.items() if not one.final)
# A step that can be taken at any time, one that stays, a limit that people may set a day for, and a title with a word that fits no line.
CROWDED = replace(PROCEDURE, statuses={
    **PROCEDURE.statuses, "naming": replace(
        PROCEDURE.statuses["naming"], title="Somebody from Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch is being named"),
}, actions={
    **PROCEDURE.actions, "stop": Action("stop", "Stop the complaint", ("complainant", "respondent"), WAITING, "closed", outcome="lapsed"),
    "note": Action("note", "Write a note", ("coordinator",), WAITING),
}, limits={**PROCEDURE.limits, "help": replace(PROCEDURE.limits["help"], due_on="came_on", after="forward")})


def small() -> Picture:
    return picture_of(PROCEDURE)


def crowded() -> Picture:
    return picture_of(CROWDED)


def way() -> Picture:
    return way_of(small(), STEPS, "helping", "The way so far")


DRAWN: Mapping[str, Callable[[], str]] = {
    "small.svg": lambda: in_lines(svg_file(small())), "small-narrow.svg": lambda: in_lines(svg_file(small(), NARROW)),
    "way.svg": lambda: in_lines(svg_file(way())), "way-narrow.svg": lambda: in_lines(svg_file(way(), NARROW)),
    "crowded.svg": lambda: in_lines(svg_file(crowded())), "crowded-narrow.svg": lambda: in_lines(svg_file(crowded(), NARROW)),
    "small.table": lambda: in_rows(small()), "crowded.table": lambda: in_rows(crowded()),
    "small.mermaid": lambda: mermaid_of(small()), "small.bpmn": lambda: bpmn_of(small()), "crowded.bpmn": lambda: bpmn_of(crowded())}


def in_lines(svg: str) -> str:
    """An element a line, so that what differs can be read."""
    return svg.replace("><", ">\n<")


def in_rows(picture: Picture) -> str:
    return "".join(f"{' | '.join(astuple(row))}\n" for row in table_of(picture))


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_the_one_that_was_looked_at(name: str) -> None:
    assert DRAWN[name]() == (FOLDER / name).read_text("utf-8")


if __name__ == "__main__":
    for name, draw in DRAWN.items():
        (FOLDER / name).write_text(draw(), "utf-8")
