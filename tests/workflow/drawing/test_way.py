"""The way of one case: what it has seen with the days, where it is, what can come next, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

import pytest

from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.drawing.drawn import NARROW, SMALL, WIDE, Columns
from breachdesk.workflow.drawing.layout import lay_out
from breachdesk.workflow.drawing.lettering import width_of
from breachdesk.workflow.drawing.picture import START, Picture, picture_of
from breachdesk.workflow.drawing.svg import svg_of
from breachdesk.workflow.drawing.way import Passed, way_of

TO_AND_FRO = (
    Passed("lodge", "Make a complaint", START, "received", "2 March 2026", False),
    Passed("ask_for_information", "Ask for more information", "received", "awaiting_information", "3 March 2026", False),
    Passed("supply_information", "Give the information asked for", "awaiting_information", "received", "5 March 2026", False),
    Passed("tell_respondent_by_clock", "The desk writes to B", "received", "direct_open", "17 March 2026", True),
)


@pytest.fixture
def way(procedure: Procedure) -> Picture:
    return way_of(picture_of(procedure), TO_AND_FRO, "direct_open", "The way of BD-2026-0001 so far")


def test_the_steps_that_lead_on_from_a_status_are_all_that_the_way_of_a_case_there_asks_of_the_picture(procedure: Procedure) -> None:
    for status in procedure.statuses:
        assert way_of(picture_of(procedure, ahead_of=status), TO_AND_FRO, status, "x") == way_of(
            picture_of(procedure), TO_AND_FRO, status, "x")


def notes(svg: str) -> dict[str, str]:
    return {one.get("data-status", ""): " ".join(text.text or "" for text in one.iter("{http://www.w3.org/2000/svg}text"))
            for one in ElementTree.fromstring(svg).iter() if one.get("data-status")}


def test_only_what_was_seen_and_what_can_come_next_is_shown_under_the_numbers_of_the_whole(way: Picture, procedure: Procedure) -> None:
    whole = picture_of(procedure).places

    leads_to = {edge.target for edge in picture_of(procedure).edges if edge.source == "direct_open"}
    assert set(way.places) == {"received", "awaiting_information", "direct_open", *leads_to}
    assert all(place.number == whole[status].number for status, place in way.places.items())
    assert all(list(procedure.stages)[lane.number - 1] == lane.name for lane in way.lanes)


@pytest.mark.parametrize("columns", [WIDE, NARROW], ids=["wide", "narrow"])
def test_each_status_says_in_words_when_the_case_was_there(way: Picture, columns: Columns) -> None:
    said = notes(svg_of(way, columns))

    assert said["received"] == "1 Received Been here: 2 March 2026 and 5 March 2026"
    assert said["direct_open"].endswith("Now, since 17 March 2026")
    assert said["closed"].endswith("Closed Can come next")


@pytest.mark.parametrize("columns", [WIDE, NARROW], ids=["wide", "narrow"])
def test_the_days_stay_within_their_boxes_though_they_are_bold(procedure: Procedure, columns: Columns) -> None:
    long = tuple(replace(step, day="22 January 2026") for step in TO_AND_FRO[:2])
    spots = lay_out(way_of(picture_of(procedure), long, "awaiting_information", "x"), columns).spots

    assert any("January" in line for spot in spots for line in spot.notes)
    assert all(width_of(line, SMALL, bold=True) <= spot.width - 40 for spot in spots for line in spot.notes)


def test_steps_that_were_taken_have_their_day_and_those_that_can_come_have_none(way: Picture) -> None:
    taken = {edge.key: [step.said for step in edge.steps] for edge in way.edges if edge.days}

    assert taken == {
        "start>received": ["2 March 2026: Make a complaint"],
        "received>awaiting_information": ["3 March 2026: Ask for more information"],
        "awaiting_information>received": ["5 March 2026: Give the information asked for"],
        "received>direct_open>clock": ["17 March 2026: The desk writes to B"]}
    assert {edge.source for edge in way.edges if not edge.days} == {"direct_open"}


def test_a_way_taken_twice_is_one_line_with_both_days(procedure: Procedure) -> None:
    again = replace(TO_AND_FRO[1], day="6 March 2026")
    way = way_of(picture_of(procedure), (*TO_AND_FRO[:3], again), "awaiting_information", "x")

    [edge] = [edge for edge in way.edges if edge.key == "received>awaiting_information"]

    assert edge.days == ("3 March 2026", "6 March 2026")
    assert "Now, since 6 March 2026 Before: 3 March 2026" in notes(svg_of(way))["awaiting_information"]


def test_somebody_who_hears_it_is_told_the_whole_way(way: Picture) -> None:
    said = ElementTree.fromstring(svg_of(way))[1].text or ""

    assert said.startswith("So far: 2 March 2026: Make a complaint, to 1 Received; 3 March 2026: Ask for more information, to 2 Waiting")
    assert "Now in 3 With the other organisation. Can come next: " in said
    assert "Answer the complaint, to 5 Answered, not yet settled;" in said


def test_a_case_that_nothing_can_move_says_that_nothing_can_come_next(procedure: Procedure) -> None:
    whole = picture_of(procedure)
    still = replace(whole, edges=tuple(edge for edge in whole.edges if edge.source != "closed"))
    closed = (*TO_AND_FRO, Passed("withdraw", "Stop the complaint", "direct_open", "closed", "18 March 2026", False))

    assert "Can come next: nothing." in svg_of(way_of(still, closed, "closed", "x"))


def test_a_case_that_can_go_nowhere_and_whose_way_nobody_knows_is_drawn_where_it_is(procedure: Procedure) -> None:
    stuck = replace(procedure, actions={"lodge": procedure.opening})

    assert notes(svg_of(way_of(picture_of(stuck), (), "received", "Here"))) == {"received": "1 Received Now"}
