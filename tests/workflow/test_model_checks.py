"""A case cannot get stuck, and what the checks say about the clock is what the engine does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachdesk.casework.people.accounts import SCHEME_ROLES as GRANTED
from breachdesk.casework.procedures.procedure_files import letters
from breachdesk.timekeeping.limits import CalendarDays, Months, Weeks, WorkingDays, end_of_span
from breachdesk.workflow.clock_alone import ClockAlone
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.exploring import SCHEME_ROLES, Map, Place, told, working_days
from breachdesk.workflow.guards import ABOUT_PAUSES, ABOUT_SERVING, GUARDS, OPPOSITES
from breachdesk.workflow.loading import load_checked, load_procedure
from breachdesk.workflow.model_checks import check_model

MONDAY = date(2026, 3, 2)
SOUND = (Path(__file__).parent / "broken" / "sound.yaml").read_text("utf-8")


@pytest.fixture(scope="module")
def small() -> Procedure:
    return load_procedure(SOUND, "sound.yaml")


def test_no_case_of_the_shipped_procedure_can_get_stuck(procedure: Procedure) -> None:
    assert check_model(procedure, letters()).findings == ()


def test_every_status_is_looked_at_with_every_pause_and_without_each_role(small: Procedure) -> None:
    whole, without = Map(small), Map(small, without="critical_friend")

    assert {(place.status, "suspension" in place.paused) for place in whole.steps} == {
        ("received", False), ("closed", False), ("closed", True),
        *((status, paused) for status in ("answering", "naming", "helping") for paused in (False, True))}
    helping = Place("helping", serving=frozenset({"critical_friend"}))
    assert [step.by for step in without.steps[helping] if step.action.name == "settle"] == [{"coordinator"}]
    assert check_model(small, []).places == len(whole.steps) + sum(
        len(Map(small, without=role).steps) for role in ("coordinator", "stand_in", "critical_friend"))


def test_a_role_that_is_given_in_the_case_acts_only_once_somebody_has_been_named(small: Procedure) -> None:
    steps = Map(small).steps

    assert {place.serving for place in steps if place.status == "naming" and not place.paused} == {frozenset()}
    assert {place.serving for place in steps if place.status == "helping"} == {frozenset({"critical_friend"})}


def test_a_guard_about_who_serves_or_what_is_paused_is_taken_at_its_word(procedure: Procedure) -> None:
    said = [(role in place.serving) == there for place, steps in Map(procedure).steps.items() for step in steps
            for role, there in (ABOUT_SERVING[guard] for guard in step.action.guards if guard in ABOUT_SERVING)]
    said += [(pause in place.paused) == there for place, steps in Map(procedure).steps.items() for step in steps
             for pause, there in (ABOUT_PAUSES[guard] for guard in step.action.guards if guard in ABOUT_PAUSES)]

    assert said
    assert all(said)


def test_while_a_case_is_paused_only_the_limits_of_the_pause_run(small: Procedure) -> None:
    whole = Map(small)

    assert [one.name for one in whole.running(Place("answering"))] == ["respond", "review", "whole"]
    assert [one.name for one in whole.running(Place("answering", frozenset({"suspension"})))] == ["review"]
    assert [one.name for one in whole.running(Place("naming"))] == ["name_friend", "review"]


def test_the_shortest_way_is_told_as_a_story(small: Procedure) -> None:
    whole = Map(load_procedure(SOUND.replace("by: [respondent, coordinator]", "by: [respondent]"), "p.yaml"), without="respondent")
    place = next(place for place in whole.places(ended=True))

    assert told(whole.procedure, whole.way(place)) == (
        "“Make a complaint” on day 0, “Send it on”, on day 11 by the clock “Second notice”, on day 17 by the clock “The time is over”")


def test_the_small_procedure_ends_by_itself_within_what_its_limits_add_up_to(small: Procedure) -> None:
    course = ClockAlone(small).from_the_beginning()

    # 5 days, 10 and 5, and after each of them the clock acts on the next day.
    assert (course.ends, course.days) == (True, 23)
    assert [(day, name) for day, name, _ in course.steps] == [
        (6, "forward_by_clock"), (17, "second_notice_by_clock"), (23, "close_by_clock")]


@settings(max_examples=40, deadline=None)
@given(days=st.integers(0, 250), tried=st.booleans(), respondents=st.integers(1, 3))
def test_no_case_that_only_the_clock_touches_takes_longer_than_the_check_says(
        procedure: Procedure, new_case: Callable[..., object], days: int, tried: bool, respondents: int) -> None:
    case = new_case(respondents=respondents, tried=tried, received=MONDAY + timedelta(days=days))
    begun = case.today

    case.fire_until(*(one.name for one in procedure.statuses.values() if one.final))

    taken = case.facts.calendar.working_days_through(case.today) - case.facts.calendar.working_days_through(begun)
    assert taken <= ClockAlone(procedure).from_the_beginning().days


def test_what_the_check_says_is_the_longest_and_not_just_long(procedure: Procedure, new_case: Callable[..., object]) -> None:
    case = new_case()
    did = case.fire_until(*(one.name for one in procedure.statuses.values() if one.final))
    course = ClockAlone(procedure).from_the_beginning()

    taken = case.facts.calendar.working_days_through(case.today) - case.facts.calendar.working_days_through(MONDAY)
    # Where a limit ends on a Friday the clock acts on the Saturday, which is no working day.
    assert course.days - len(did) <= taken <= course.days
    assert did == [name for _, name, _ in course.steps]


def test_a_limit_that_only_starts_itself_again_is_no_way_out() -> None:
    action = "  review_by_clock: {title: Looked at again, from: [answering, naming, helping], by: [clock]}\n"
    again = (SOUND.replace("started by: [suspend], lasts: 20", "started by: [suspend, review_by_clock], lasts: 20")
             .replace("[remind-coordinator]}]}\n  whole", "[remind-coordinator]}], then: [review_by_clock]}\n  whole")
             .replace("  close_by_clock: {", action + "  close_by_clock: {"))
    procedure, checked = load_checked(again, "p.yaml", [])

    assert checked.alone.days == 23
    assert "review_by_clock" in Map(procedure).taken


@pytest.mark.parametrize(("each", "reminded"), [
    ("respondent", True), ("party", True), ("remedy", True), ("complainant", False)])
def test_a_message_to_whoever_a_limit_is_for_reminds_that_side_and_of_a_remedy_either(small: Procedure, each: str, reminded: bool) -> None:
    limits = {**small.limits, "respond": replace(small.limits["respond"], each=each)}

    said = [message for _, name, message in check_model(replace(small, digest=each, limits=limits), []).findings if name == "answering"]

    assert any("whom no limit reminds" in message for message in said) is not reminded


ROUND = """\
  rest_by_clock: {title: Nothing happened, from: helping, to: resting, by: [clock]}
  wake_by_clock: {title: Looked at again, from: resting, to: helping, by: [clock]}
"""
RESTING = '  resting: {title: At rest, stage: open, seen as: open, waits for: [coordinator], says: "Until {rest}."}\n'
REST = """\
  rest: {title: A rest, while: [resting], lasts: 2 working days, source: These tests,
         remind: [{when: 1 working day before, tells: [remind-coordinator]}], then: [wake_by_clock]}
"""


def test_a_status_further_on_in_which_the_clock_goes_round_is_found_behind_one_that_ends() -> None:
    text = (SOUND.replace("  close_by_clock: {", f"{ROUND}  close_by_clock: {{").replace("  closed: {", f"{RESTING}  closed: {{")
            .replace("  review: {", f"{REST}  review: {{").replace("[remind-friend]}], then: [close_by_clock]",
                                                                   "[remind-friend]}], then: [rest_by_clock]")
            .replace("from: [answering, naming, helping], to: closed", "from: [answering, naming, helping, resting], to: closed")
            .replace("settle: {title: It is settled, from: helping", "settle: {title: It is settled, from: [helping, resting]"))
    text = text.replace("while: [received, answering, naming, helping]", "while: [received, answering, naming, helping, resting]")

    found = check_model(load_procedure(text, "p.yaml"), []).findings

    assert [(name, message) for _, name, message in found if "nobody but the clock" in message] == [
        ("helping", "when nobody but the clock acts from here on, a case may never end: on day 21 “Nothing happened”, on day 24 “Looked at "
                    "again”, and so on")]


def test_a_clock_that_may_find_nothing_to_do_is_told_with_what_it_did_before(small: Procedure) -> None:
    guarded = replace(small.actions["close_by_clock"], guards=("a-remedy-is-open",))
    found = check_model(replace(small, digest="guarded", actions={**small.actions, "close_by_clock": guarded}), []).findings

    never = "when nobody but the clock acts from here on, a case may never end: "
    nothing = "the clock may find nothing that it can do"
    assert {name: message.removeprefix(never) for _, name, message in found if message.startswith(never)} == {
        "received": f"on day 6 “The desk sends it on”, on day 17 “Second notice”, and then {nothing}", "naming": nothing,
        "helping": nothing}


@given(st.dates(date(2020, 1, 1), date(2027, 1, 1)), st.integers(1, 60), st.sampled_from([CalendarDays, Weeks, Months]))
def test_no_span_holds_more_working_days_than_the_checks_reckon_with(start: date, n: int, kind: type) -> None:
    length = kind(min(n, 14) if kind is Months else n)
    days = (end_of_span(start, length) - start).days

    assert sum((start + timedelta(days=day)).weekday() < 5 for day in range(1, days + 1)) <= working_days(length)
    assert working_days(WorkingDays(n)) == n


def test_the_roles_that_the_checks_count_on_can_be_given_in_a_scheme() -> None:
    assert set(SCHEME_ROLES) <= set(GRANTED)


def test_what_the_checks_know_about_guards_is_about_guards_that_there_are() -> None:
    assert {*OPPOSITES, *ABOUT_SERVING, *ABOUT_PAUSES} <= set(GUARDS)
    assert all(OPPOSITES[other] == one for one, other in OPPOSITES.items())
