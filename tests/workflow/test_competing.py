"""Two limits that can be over on one day compete when the clock would lead the case apart."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from road_told import PROCEDURE

from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.competing import competing, moving
from breachdesk.workflow.definition import Action, Extendable, Procedure
from breachdesk.workflow.exploring import Map, Place

BACK = Action("back_by_clock", "Back it goes", ("clock",), ("naming",), "answering")
NAME = PROCEDURE.limits["name_friend"]


def with_another(action: Action = BACK, **limit: Any) -> Procedure:
    """The procedure with one limit more where a critical friend is named: as long as the other, and leading elsewhere."""
    rule = replace(NAME, name="patience", title="Patience", then=(action.name,), **limit)
    return replace(PROCEDURE, actions={**PROCEDURE.actions, action.name: action}, limits={**PROCEDURE.limits, "patience": rule})


def found(procedure: Procedure) -> list[tuple[str, str]]:
    return [(part, name) for part, name, _ in competing(Map(procedure))]


def test_two_limits_of_one_length_that_lead_apart_compete_and_are_told_with_a_story() -> None:
    [(part, name, message)] = competing(Map(with_another()))

    assert (part, name) == ("limits", "patience")
    assert message == (
        "it can be over on the same day as “name_friend”, and then the clock could do “The time is over” or “Back it goes”: let one of "
        "them act at “A critical friend is being named”. For example: “Make a complaint” on day 0, “Send it on”, “Answer”.")


@pytest.mark.parametrize(("action", "limit", "compete"), [
    # One is over before the other, even with all the time that can be given; but not when they begin apart.
    (BACK, {"lasts": WorkingDays(6)}, False), (BACK, {"lasts": WorkingDays(4)}, False),
    (BACK, {"lasts": WorkingDays(4), "extendable": Extendable(WorkingDays(1))}, True),
    (BACK, {"lasts": WorkingDays(3), "extendable": Extendable(WorkingDays(1))}, False),
    (BACK, {"lasts": WorkingDays(6), "started_by": ("suspend", "respond")}, True),
    (BACK, {"lasts": WorkingDays(6), "counts_from": "received_on"}, True), (BACK, {"lasts": WorkingDays(6), "due_on": "came_on"}, True),
    (BACK, {"lasts": WorkingDays(6), "statuses": frozenset({"naming", "helping"})}, True),
    # The same step, the same end, or a step that people take or that leads nowhere.
    (PROCEDURE.actions["close_by_clock"], {}, False),
    (replace(BACK, target="closed", outcome="lapsed"), {}, False), (replace(BACK, target="closed", outcome="settled"), {}, True),
    (replace(BACK, by=("coordinator",)), {}, False), (replace(BACK, target=""), {}, False),
    (replace(BACK, sources=("helping",)), {}, False),
])
def test_limits_compete_only_if_both_can_be_over_and_lead_apart(action: Action, limit: dict[str, Any], compete: bool) -> None:
    assert found(with_another(action, **limit)) == ([("limits", "patience")] if compete else [])


def test_steps_that_can_never_both_be_taken_do_not_compete() -> None:
    close = replace(PROCEDURE.actions["close_by_clock"], guards=("a-remedy-is-open",))
    opposed = with_another(replace(BACK, guards=("no-remedy-is-open",)))

    assert found(replace(opposed, actions={**opposed.actions, "close_by_clock": close})) == []
    assert found(opposed) == [("limits", "patience")]


def test_a_limit_that_a_pause_holds_and_the_other_not_may_be_over_on_the_same_day() -> None:
    held = replace(PROCEDURE.statuses["helping"], stops=replace(PROCEDURE.statuses["naming"].stops, limits=("patience",), name="helping"))
    later = with_another(lasts=WorkingDays(6))

    assert found(later) == []
    assert found(replace(later, statuses={**later.statuses, "helping": held})) == [("limits", "patience")]


def test_only_what_takes_the_case_away_from_a_place_moves_it_there() -> None:
    whole = Map(PROCEDURE)

    assert [one.name for one in moving(whole, Place("naming"), NAME)] == ["close_by_clock"]
    assert [one.name for one in moving(whole, Place("received"), NAME)] == []
