"""More time: for which limits, how much, how often and with whose agreement. The caps are those of the field's description, section 7."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from road_told import PROCEDURE

from breachdesk.errors import Refused
from breachdesk.timekeeping.ledger import Extension
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.facts import ExtensionFact, Running
from breachdesk.workflow.more_time import rooms, why_not_extended

MONDAY = date(2026, 3, 2)
AGREED = {"consent": True}
CAPS = [
    ("awaiting_information", "supply_information", 0, 10, {}),   # T2
    ("direct_open", "respond", 2, 10, {}),                       # T5
    ("screening", "admissibility", 0, 5, {}),                    # T8
    ("cf_appointing", "name_critical_friend", 0, 5, {}),         # T10
    ("cf_open", "critical_friend_stage", 0, 10, AGREED),         # T13
    ("panel_convening", "convene_panel", 0, 5, {}),              # T15
    ("panel_draft", "comment", 1, 5, {}),                        # T16
    ("panel_open", "panel_statement", 0, 20, {}),                # T17
    ("awaiting_party_response", "party_response", 0, 10, {}),    # T18
]


@pytest.mark.parametrize(("at", "limit", "subject", "most", "agreed"), CAPS)
def test_a_limit_is_given_so_much_more_time_and_no_more(
        new_case: Any, at: str, limit: str, subject: int, most: int, agreed: dict[str, object]) -> None:
    walk = new_case(at=at)
    before, asked = walk.days_left(limit, subject), {"which": f"{limit}/{subject}", **agreed}

    assert walk.refusal("give_more_time", {**asked, "days": most + 1}) == f"At most {most} working days more can be given."
    walk.do("give_more_time", {**asked, "days": most})

    assert walk.days_left(limit, subject) == before + most
    assert "and it has been" in walk.refusal("give_more_time", {**asked, "days": 1}) or not list(rooms_of(walk))


def rooms_of(walk: Any) -> list[str]:
    return [one.value for one in rooms(walk.procedure, walk.facts, walk.today)]


def test_the_table_of_caps_names_every_limit_that_can_be_given_more_time(procedure: Procedure) -> None:
    assert {limit for _, limit, *_ in CAPS} <= {name for name, rule in procedure.limits.items() if rule.extendable}


@pytest.mark.parametrize("agreed", [{}, {"consent": "yes"}, {"consent": False}])
def test_the_critical_friends_part_is_lengthened_only_when_both_sides_agree(new_case: Any, agreed: dict[str, object]) -> None:
    walk = new_case(at="cf_open")

    said = walk.refusal("give_more_time", {"which": "critical_friend_stage/0", "days": 5, **agreed})

    assert said == "More time for this needs the agreement of both sides. Confirm that both have agreed."


def test_a_limit_whose_day_has_passed_is_not_lengthened(new_case: Any) -> None:
    walk = new_case(at="panel_draft")
    walk.pass_days(6)

    assert rooms_of(walk) == ["panel_statement/0"]
    assert walk.refusal("give_more_time", {"which": "comment/1", "days": 2}) == (
        "Its last day has passed. More time is given before that day, not after it.")


@pytest.mark.parametrize(("times", "given", "said"), [
    (1, (2,), "More time can be given only once and for 10 working days at most, and it has been."),
    (2, (2,), ""), (2, (2, 3), "More time can be given only 2 times and for 10 working days at most, and it has been."),
    (3, (10,), "More time can be given only 3 times and for 10 working days at most, and it has been.")])
def test_how_much_more_time_could_be_given_is_said_once_it_has_been(
        new_case: Any, times: int, given: tuple[int, ...], said: str) -> None:
    facts, rule = new_case(at="direct_open").facts, PROCEDURE.limits["respond"]
    often = replace(PROCEDURE, limits={**PROCEDURE.limits, "respond": replace(rule, extendable=replace(rule.extendable, times=times))})
    facts = replace(facts, running=(Running("respond", 2, 1, MONDAY, MONDAY),), extensions=tuple(
        ExtensionFact("respond", 2, Extension(WorkingDays(days), "x")) for days in given))

    assert why_not_extended(often, often.actions["more_time"], facts, 2, MONDAY) == said
    assert why_not_extended(often, often.actions["more_time"], facts, 3, MONDAY) == "This limit does not run now."
    assert [one.days for one in rooms(often, facts, MONDAY)] == ([] if said else [10 - sum(given)])


def test_on_its_last_day_a_limit_can_still_be_lengthened(new_case: Any) -> None:
    walk = new_case(at="panel_draft")
    walk.pass_days(5)

    walk.do("give_more_time", {"which": "comment/2", "days": 2})

    assert (walk.days_left("comment", 1), walk.days_left("comment", 2)) == (0, 2)


@pytest.mark.parametrize("which", ["", "respond", "respond/", "respond/9", "handling/0", "nothing/0", "respond/-2", "respond/²"])
def test_what_does_not_run_or_cannot_be_lengthened_is_refused(new_case: Any, which: str) -> None:
    said = new_case(at="direct_open").refusal("give_more_time", {"which": which, "days": 1})

    assert said in ("This limit does not run now.", "No more time can be given for this.")


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_however_often_somebody_asks_no_limit_gets_more_than_its_cap(new_case: Any, data: Any) -> None:
    at, limit, subject, most, agreed = data.draw(st.sampled_from(CAPS))
    walk = new_case(at=at)
    before = walk.days_left(limit, subject)

    for days in data.draw(st.lists(st.integers(-2, 25), max_size=6)):
        try:
            walk.do("give_more_time", {"which": f"{limit}/{subject}", "days": days, **agreed})
        except Refused:
            continue

    assert before <= walk.days_left(limit, subject) <= before + most
