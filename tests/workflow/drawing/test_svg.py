"""The picture itself: legible however large the procedure is, the same for the same file, and deaf to what titles demand."""

from __future__ import annotations

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest

from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.drawing.drawn import NARROW, WIDE, Columns
from breachdesk.workflow.drawing.layout import lay_out
from breachdesk.workflow.drawing.lettering import lines_of, plain, width_of
from breachdesk.workflow.drawing.mermaid import mermaid_of
from breachdesk.workflow.drawing.picture import picture_of
from breachdesk.workflow.drawing.svg import svg_file, svg_of
from breachdesk.workflow.loading import load_procedure

either_layout = pytest.mark.parametrize("columns", [WIDE, NARROW], ids=["wide", "narrow"])


@either_layout
def test_no_words_run_into_others_or_into_a_line(any_procedure: Procedure, columns: Columns) -> None:
    layout = lay_out(picture_of(any_procedure), columns)
    words = [line for road in layout.roads for line in road.words] + list(layout.stays)

    assert [line for line in words if line.right > columns.tag] == []
    assert all(below - above >= 15 for above, below in pairwise(sorted(line.y for line in words)))
    for spot in layout.spots:
        assert all(width_of(line, 15, bold=True) <= spot.width - 40 for line in spot.title)


@either_layout
def test_boxes_stand_apart_and_in_their_lanes(any_procedure: Procedure, columns: Columns) -> None:
    layout = lay_out(picture_of(any_procedure), columns)

    assert all(one.y + one.height < two.y for one, two in pairwise(layout.spots))
    assert all(one.y + one.height <= two.y for one, two in pairwise(layout.bands))
    assert all(any(band.y < spot.y and spot.y + spot.height < band.y + band.height for band in layout.bands) for spot in layout.spots)
    assert layout.bands[-1].y + layout.bands[-1].height <= layout.height


@either_layout
def test_lines_to_different_statuses_never_lie_on_each_other(any_procedure: Procedure, columns: Columns) -> None:
    runs: dict[float, list[tuple[float, float, object]]] = {}
    for road in lay_out(picture_of(any_procedure), columns).roads:
        (_, (track, begins), (_, ends), *_) = road.corners
        runs.setdefault(track, []).append((min(begins, ends), max(begins, ends), (road.edge.target, road.edge.by_clock)))

    for spans in runs.values():
        for one, two in combinations(spans, 2):
            assert one[2] == two[2] or one[1] < two[0] or two[1] < one[0]


def test_the_tracks_of_the_procedure_fit_beside_the_words(procedure: Procedure) -> None:
    assert lay_out(picture_of(procedure), WIDE).width <= 960
    assert NARROW.tag < 290, "a telephone shows the words and the numbers without pushing"


def test_the_same_file_gives_the_same_bytes(procedure_text: str) -> None:
    first, second = (picture_of(load_procedure(procedure_text, "x.yaml")) for _ in range(2))

    assert svg_file(first) == svg_file(second)
    assert mermaid_of(first) == mermaid_of(second)


def test_it_runs_nothing_and_asks_nobody(procedure: Procedure) -> None:
    svg = svg_of(picture_of(procedure))

    assert {element.tag.split("}")[1] for element in ElementTree.fromstring(svg).iter()} == {
        "svg", "title", "desc", "g", "rect", "path", "circle", "text", "tspan"}
    assert re.findall(r"(?:url\(|href|style=|\bon\w+=)[^ ]*", svg) == []


def test_it_has_a_title_and_a_description_for_those_who_hear_it(procedure: Procedure) -> None:
    root = ElementTree.fromstring(svg_of(picture_of(procedure), id="wide"))
    said = {one.get("id"): one.text or "" for one in root}

    assert [said[name] for name in root.attrib["aria-labelledby"].split()] == [said["wide-title"], said["wide-description"]]
    assert said["wide-title"] == procedure.title
    assert all(f"{number} {status.title}" in said["wide-description"] for number, status in enumerate(procedure.statuses.values(), 1))


@either_layout
def test_hostile_titles_are_shown_and_not_obeyed(hostile_procedure: Procedure, columns: Columns) -> None:
    root = ElementTree.fromstring(svg_file(picture_of(hostile_procedure), columns))
    tags = {element.tag.split("}")[1] for element in root.iter()}

    assert "script" not in tags
    assert root[0].text == plain(hostile_procedure.title[:1].upper() + hostile_procedure.title[1:])


def test_hostile_titles_do_nothing_in_mermaid(hostile_procedure: Procedure) -> None:
    lines = mermaid_of(picture_of(hostile_procedure)).splitlines()
    shapes = [re.sub(r'"[^"]*"', '""', line) for line in lines]

    assert all(re.fullmatch(r'(flowchart TB|  start\(\(""\)\)|  subgraph stage\d+\[""\]|    s\d+(\[""\]|\[\[""\]\])|  end|'
                            r'  \w+ (-->|-\.->)\|""\| s\d+)', line) for line in shapes)
    assert not any(sign in line for line in lines for sign in ("<s", "</", "<b>", "`", "click s1 \"", "%%"))


@pytest.mark.parametrize("text", ["", "a", "Several words that need more than one line in here", "W" * 80, "🙂" * 40, " many   blanks\n"])
def test_lines_fit_and_nothing_is_lost(text: str) -> None:
    lines = lines_of(text, 14, 120)

    assert all(width_of(line, 14) <= 120 for line in lines)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
