"""The places that a case can come to in a small procedure, what stands still there, and the story of the way."""

from __future__ import annotations

from dataclasses import replace

import pytest
from road_told import PROCEDURE

from breachdesk.timekeeping.limits import CalendarDays, Months, Weeks, WorkingDays
from breachdesk.workflow.definition import Stops
from breachdesk.workflow.effects import Effects, Releases
from breachdesk.workflow.exploring import Map, Place, Standing, Step, beginning, length, title, told, working_days

WHOLE = Map(PROCEDURE)
NOBODY: frozenset[str] = frozenset()


def still(status: str, *paused: str, stops: Stops | None = None) -> set[str]:
    naming = replace(PROCEDURE.statuses["naming"], stops=stops or PROCEDURE.statuses["naming"].stops)
    procedure = replace(PROCEDURE, statuses={**PROCEDURE.statuses, "naming": naming})
    return set(Standing(procedure).still(status, frozenset(paused)))


def test_a_status_makes_the_limits_stand_still_that_it_names() -> None:
    assert (still("naming"), still("answering")) == ({"whole"}, set())


def test_a_status_that_stops_everything_does_not_stop_the_limit_on_the_stop_itself() -> None:
    assert still("naming", stops=Stops((), "they rest", "naming")) == {*PROCEDURE.limits} - {"name_friend"}
    assert still("naming", stops=Stops(("name_friend",), "they rest", "naming")) == {"name_friend"}


def test_a_pause_makes_all_limits_stand_still_but_those_that_begin_with_it() -> None:
    assert still("answering", "suspension") == {*PROCEDURE.limits} - {"review"}
    assert still("helping", "reopening") == {"whole"}


def test_at_a_place_the_limits_run_that_nothing_stops_and_that_have_an_end() -> None:
    shown = replace(PROCEDURE, limits={**PROCEDURE.limits, "whole": replace(PROCEDURE.limits["whole"], only_shown=True)})

    assert [one.name for one in WHOLE.running(Place("answering"))] == ["respond", "review", "whole"]
    assert [one.name for one in WHOLE.running(Place("answering", frozenset({"suspension"})))] == ["review"]
    assert [one.name for one in Map(shown).running(Place("answering"))] == ["respond", "review"]


def test_from_a_place_somebody_or_the_clock_takes_each_step_that_can_be_taken_there() -> None:
    steps = [(one.action.name, one.target, one.by, one.limit) for one in WHOLE.steps[Place("naming")]]

    coordinators = frozenset({"coordinator", "stand_in"})
    assert steps == [
        ("name_critical_friend", Place("helping", serving=frozenset({"critical_friend"})), coordinators, ""),
        ("suspend", Place("naming", frozenset({"suspension"})), coordinators, ""),
        ("close_by_clock", Place("closed"), NOBODY, "name_friend")]
    # Without a limit that can end, the clock does nothing.
    paused = WHOLE.steps[Place("naming", frozenset({"suspension"}))]
    assert [one.action.name for one in paused] == ["name_critical_friend", "resume"]


def test_nobody_acts_in_a_role_that_is_left_out_and_a_role_acts_only_once_somebody_has_it() -> None:
    friends = Place("helping", serving=frozenset({"critical_friend"}))
    by = {who: next(one.by for one in Map(PROCEDURE, who).steps[friends] if one.action.name == "settle") for who in ("", "coordinator")}

    assert by == {"": {"critical_friend", "coordinator"}, "coordinator": {"critical_friend"}}


@pytest.mark.parametrize(("releases", "left"), [
    (Releases("critical_friend"), {NOBODY}), (Releases("critical_friend", "who"), {NOBODY, frozenset({"critical_friend"})})])
def test_whoever_is_released_serves_no_longer_and_where_one_is_named_others_may(releases: Releases, left: set[frozenset[str]]) -> None:
    settle = replace(PROCEDURE.actions["settle"], effects=Effects(releases=releases))
    whole = Map(replace(PROCEDURE, actions={**PROCEDURE.actions, "settle": settle}))

    steps = whole.steps[Place("helping", serving=frozenset({"critical_friend"}))]
    assert {step.target.serving for step in steps if step.action.name == "settle"} == left


def test_the_nearest_places_come_first_and_those_where_a_case_has_ended_are_told_apart() -> None:
    statuses = list(dict.fromkeys(place.status for place in WHOLE.places()))

    assert statuses == ["received", "answering", "naming", "helping"]
    assert {place.status for place in WHOLE.places(ended=True)} == {"closed"}
    assert [(one.status, one.paused) for one in WHOLE.waiting()] == [(status, NOBODY) for status in statuses]


def test_the_way_to_a_place_is_told_with_its_days() -> None:
    alone = {name: replace(one, by=tuple({"clock", "complainant"} & {*one.by})) for name, one in PROCEDURE.actions.items()}
    by_clock = Map(replace(PROCEDURE, actions=alone))
    [end] = by_clock.places(ended=True)

    assert [(place.status, step.action.name) for place, step in by_clock.way(end)] == [
        ("received", "forward_by_clock"), ("answering", "second_notice_by_clock"), ("naming", "close_by_clock")]
    assert told(PROCEDURE, by_clock.way(end)) == (
        "“Make a complaint” on day 0, on day 6 by the clock “The desk sends it on”, on day 17 by the clock “Second notice”, "
        "on day 23 by the clock “The time is over”")


def test_days_in_which_a_limit_stands_still_do_not_count_in_the_story() -> None:
    suspended = [step for step in WHOLE.steps[Place("answering")] if step.action.name == "suspend"]
    resumed = [step for step in WHOLE.steps[suspended[0].target] if step.action.name == "resume"]
    second = [step for step in WHOLE.steps[Place("answering")] if step.action.name == "second_notice_by_clock"]
    way = [(Place("received"), WHOLE.steps[Place("received")][0]), (Place("answering"), suspended[0]), (suspended[0].target, resumed[0]),
           (Place("answering"), second[0])]

    assert told(PROCEDURE, way) == (
        "“Make a complaint” on day 0, “Send it on”, “Suspend the case”, “Go on”, on day 11 by the clock “Second notice”")


def test_a_limit_that_stands_still_while_the_clock_waits_for_another_ends_so_much_later_in_the_story() -> None:
    still = replace(PROCEDURE.statuses["naming"], stops=Stops(("patience",), "somebody is looked for", "naming"))
    patience = replace(PROCEDURE.limits["help"], name="patience", statuses=frozenset({"answering", "naming", "helping"}))
    procedure = replace(PROCEDURE, statuses={**PROCEDURE.statuses, "naming": still}, limits={**PROCEDURE.limits, "patience": patience})
    actions = procedure.actions
    way = [(Place("received"), Step(actions["forward_by_clock"], Place("answering"), NOBODY, "forward")),
           (Place("answering"), Step(actions["respond"], Place("naming"), frozenset({"respondent"}))),
           (Place("naming"), Step(actions["close_by_clock"], Place("helping"), NOBODY, "name_friend")),
           (Place("helping"), Step(actions["close_by_clock"], Place("closed"), NOBODY, "patience"))]

    # From day 6 on, twenty days; the six in which somebody was looked for do not count, and the clock acts on the day after.
    assert told(procedure, way) == (
        "“Make a complaint” on day 0, on day 6 by the clock “The desk sends it on”, “Answer”, on day 12 by the clock “The time is over”, "
        "on day 33 by the clock “The time is over”")


@pytest.mark.parametrize(("limit", "days"), [
    (WorkingDays(7), 7), (CalendarDays(6), 6), (CalendarDays(7), 5), (CalendarDays(20), 16), (Weeks(3), 15), (Months(2), 46)])
def test_a_length_holds_so_many_working_days_at_most(limit: object, days: int) -> None:
    assert working_days(limit) == days      # type: ignore[arg-type]


def test_a_limit_that_begins_after_another_is_as_long_as_both() -> None:
    limits = {**PROCEDURE.limits, "help": replace(PROCEDURE.limits["help"], after="forward")}

    assert length(replace(PROCEDURE, limits=limits), limits["help"]) == 25
    assert length(PROCEDURE, PROCEDURE.limits["help"]) == 20


def test_the_limits_of_a_status_begin_where_the_case_comes_from_elsewhere() -> None:
    assert beginning(PROCEDURE, "", "received") == ["forward", "whole"]
    assert beginning(PROCEDURE, "received", "answering") == ["respond"]
    assert beginning(PROCEDURE, "answering", "answering") == []


def test_a_step_is_called_by_its_title_with_words_for_the_parties_and_days() -> None:
    action = replace(PROCEDURE.actions["forward"], title="Tell {respondent} by {respond}")

    assert title(PROCEDURE, action) == "Tell the respondent by the end of “the respondent answers”"
