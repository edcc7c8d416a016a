"""A step that whoever coordinates enters for a side: when it is asked whose it is, and how it is said afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from road_told import PROCEDURE

from breachdesk.workflow.facts import Party
from breachdesk.workflow.on_behalf import behalf_asks, came_on, how_it_came, is_a_sides, recorded_for

ABOUT_IT = ["behalf_said_by", "behalf_channel", "behalf_came_on", "behalf_read_back", "behalf_read_back_to", "behalf_read_back_on"]
ON_PAPER = Party(2, 12, "respondent", "B", "statutory", on_paper=True)
WITHDRAW = replace(PROCEDURE.actions["settle"], by=("complainant", "coordinator"))


@pytest.mark.parametrize(("action", "role", "asked"), [
    ("respond", "coordinator", ABOUT_IT), ("respond", "stand_in", ABOUT_IT), ("respond", "respondent", []), ("lodge", "coordinator", []),
    ("forward", "coordinator", []), ("object", "coordinator", ABOUT_IT)])
def test_how_a_sides_step_came_is_asked_of_whoever_coordinates_alone(action: str, role: str, asked: list[str]) -> None:
    assert [ask.name for ask in behalf_asks(PROCEDURE.actions[action], role)] == asked


def test_of_a_step_that_could_be_the_coordinators_own_it_is_asked_first_whose_it_is() -> None:
    first, *others = behalf_asks(WITHDRAW, "coordinator")

    assert (first.name, [*first.choices], first.required, [one.name for one in others]) == ("behalf", ["side", "own"], False, ABOUT_IT)
    assert [one.when for one in others] == [("behalf", "side")] * 4 + [("behalf_read_back", "yes")] * 2
    # One who may not take it in their own name enters it for the side.
    assert [ask.name for ask in behalf_asks(WITHDRAW, "stand_in")] == ABOUT_IT


def test_a_step_is_a_sides_when_one_of_them_may_take_it() -> None:
    assert [name for name in PROCEDURE.actions if is_a_sides(PROCEDURE.actions[name])] == ["object", "lodge", "respond"]


def test_the_day_on_which_it_came_is_a_day_or_none() -> None:
    assert came_on({"behalf_came_on": date(2026, 3, 2)}) == date(2026, 3, 2)
    assert came_on({"behalf_came_on": "2026-03-02"}) is None
    assert came_on({}) is None


@pytest.mark.parametrize(("roles", "party", "recorded"), [
    (("coordinator",), ON_PAPER, "coordinator"), (("panel_member", "stand_in"), ON_PAPER, "stand_in"), (("panel_member",), ON_PAPER, ""),
    (("stand_in", "coordinator"), ON_PAPER, "coordinator"), (("coordinator",), replace(ON_PAPER, on_paper=False), ""),
    (("coordinator",), replace(ON_PAPER, side="complainant"), "")])
def test_a_side_without_anybody_at_the_desk_has_its_own_steps_entered(roles: tuple[str, ...], party: Party, recorded: str) -> None:
    own = replace(PROCEDURE.actions["respond"], by=("respondent",))

    assert recorded_for(own, roles, [replace(ON_PAPER, on_paper=False), party]) == recorded
    assert recorded_for(PROCEDURE.actions["forward"], roles, [party]) == ""


@pytest.mark.parametrize(("answers", "said"), [
    ({"behalf_came_on": "2026-03-02", "behalf_channel": "post"},
     "By letter, received on Monday 2 March 2026, entered on Wednesday 4 March 2026"),
    ({"behalf_came_on": "2026-03-02", "behalf_channel": "pigeon"},
     "pigeon, received on Monday 2 March 2026, entered on Wednesday 4 March 2026"),
    ({"behalf_channel": "post"}, ""), ({"behalf_came_on": "2026-03-02"}, ""), ({}, "")])
def test_how_it_came_is_said_with_both_days(answers: dict[str, object], said: str) -> None:
    assert how_it_came(answers, date(2026, 3, 4)) == said
