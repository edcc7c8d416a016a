"""The case's own row, entry after entry, and how it ended: folded from a log that was written by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from road_told import CLOSING, NEXT, PROCEDURE, ROAD, VERSIONS, begun, over, road, said, step

from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.replaying import CaseReplay, Ending, Said

BEGUN = {
    "id": 5, "scheme_id": "derby", "reference": "DD-2026-0001", "procedure_digest": PROCEDURE.digest, "status": "received", "stage": "open",
    "stage_visit": 1, "version": 1, "episode": 1, "channel": "web", "received_on": date(2026, 3, 2), "entered_at": ROAD[0].at,
    "event_on": date(2026, 2, 20), "tried_directly": False, "reached_panel": False, "respondents_told": False, "has_ledger": False,
    "has_holdings": False, "outcome": None, "closed_on": None, "reopened_on": None, "next_due_on": date(2026, 3, 9), "last_seq": 1,
    "last_hash": "hash 1"}


def folded(entries: list[Said] | tuple[Said, ...], *versions: Procedure) -> CaseReplay:
    case = CaseReplay(5, {**VERSIONS, **{one.digest: one for one in versions}}.__getitem__, "whole")
    for one in entries:
        case.take(one)
    return case


def changed(entries: list[Said], one: Said, *versions: Procedure) -> dict[str, Any]:
    """What one more entry changes in the case's row, but for its number and hash."""
    before, after = folded(entries, *versions).case, folded([*entries, one], *versions).case
    return {name: value for name, value in after.items() if value != before[name] and name not in ("last_seq", "last_hash")}


def test_a_case_begins_as_its_first_entry_says() -> None:
    case = folded(road(1))

    assert case.case == BEGUN
    assert (case.endings, case.told_less) == ([], False)
    assert dict(case.rows())["cases"] == [BEGUN]
    assert {"parties", "allegations", "timers", "pauses"} <= dict(case.rows()).keys()


@pytest.mark.parametrize(("number", "changes"), [
    (2, {"status": "answering", "version": 2, "next_due_on": date(2026, 3, 17)}),
    (3, {}),
    (4, {"version": 3, "has_ledger": True, "next_due_on": date(2026, 3, 24)}),
    (5, {}),
    (6, {"status": "naming", "version": 4, "next_due_on": date(2026, 4, 1)}),
    (7, {"status": "helping", "version": 5, "next_due_on": date(2026, 4, 24)}),
    (8, {}),
    (9, {"status": "closed", "stage": "ended", "stage_visit": 2, "version": 6, "outcome": "settled", "closed_on": date(2026, 4, 7),
         "next_due_on": None}),
    (10, {"status": "helping", "stage": "open", "stage_visit": 3, "version": 7, "episode": 2, "outcome": None, "closed_on": None,
          "reopened_on": date(2026, 4, 20), "next_due_on": date(2026, 5, 18)}),
])
def test_each_entry_changes_the_row_as_it_says_and_nothing_else(number: int, changes: dict[str, Any]) -> None:
    assert changed(road(number - 1), ROAD[number - 1]) == changes
    case = folded(road(number)).case
    assert (case["last_seq"], case["last_hash"]) == (number, f"hash {number}")


@pytest.mark.parametrize(("facts", "row"), [
    ({"event_on": None}, {"event_on": None}), ({"answers": {"tried": "yes"}}, {"tried_directly": True}),
    ({"effects": {"carried": {"reached_panel": True, "respondents_told": False}, "linked": ["DD-2026-0009", "split"]}},
     {"reached_panel": True, "has_holdings": True}),
    ({"effects": {"carried": {"reached_panel": False, "respondents_told": True}, "linked": ["DD-2026-0009", "split"]},
      "limits": {"started": [begun("whole", "06-02")], "ended": []}},
     {"respondents_told": True, "has_holdings": True, "next_due_on": date(2026, 6, 2)})])
def test_what_the_first_entry_says_otherwise_stands_in_the_row(facts: dict[str, Any], row: dict[str, Any]) -> None:
    assert folded(road(1, **facts)).case == {**BEGUN, **row}


def test_a_case_may_be_paused_from_the_beginning_by_whoever_lodged_it() -> None:
    case = folded(road(1, effects={"paused": [{"pause": "received", "limits": ["whole"], "review_on": None}]}))

    assert [(row["kind"], row["by_account_id"], row["from_on"]) for row in case.limits.pauses] == [("received", 7, date(2026, 3, 2))]


def test_a_log_from_before_allegations_had_numbers_says_less() -> None:
    assert folded(road(1, allegations=[[2, 101, 1], [2, 102]])).told_less


def test_what_comes_before_the_complaint_belongs_to_no_case() -> None:
    with pytest.raises(ValueError, match="entry 2 comes before the case was opened"):
        folded([ROAD[1]])


@pytest.mark.parametrize(("effect", "fact"), [
    ("remedy_added", {"remedy": 1, "kind": "apology", "owner": 2, "due_on": None, "state": "open"}), ("interested", 31), ("objected", [31]),
    ("linked", ["DD-2026-0009", "joint"]), ("represented", [1, 15, "2026-03-03"]), ("split", [1])])
def test_from_a_step_on_the_case_holds_something_and_goes_on_to(effect: str, fact: object) -> None:
    case = [*road(1), *road(2, effects={effect: fact})[1:]]

    assert changed(road(1), case[1])["has_holdings"] is True
    assert folded([*case, ROAD[2], ROAD[3]]).case["has_holdings"] is True


@pytest.mark.parametrize(("event", "facts", "holds"), [
    ("link:made", {"case": "DD-2026-0009", "kind": "joint"}, True), ("interest:declared", {"nature": "member"}, True),
    ("interest:declared", {"nature": "none"}, False), ("room:said", {"nature": "member"}, False)])
def test_what_happens_beside_the_steps_changes_no_more_than_what_the_case_holds(
        event: str, facts: dict[str, Any], holds: bool) -> None:
    one = said(2, event, "03-03", "respondent", facts)

    assert changed(road(1), one) == ({"has_holdings": True} if holds else {})
    assert folded([*road(1), one]).holdings.links == ([{"case_id": "DD-2026-0009", "other_id": "DD-2026-0001", "kind": "joint"}]
                                                      if event == "link:made" else [])


def staged(**stages: str) -> Procedure:
    """The procedure with other stages."""
    statuses = {name: replace(one, stage=stages.get(name, one.stage)) for name, one in PROCEDURE.statuses.items()}
    return replace(PROCEDURE, statuses=statuses)


def test_the_other_side_knows_of_a_case_once_it_has_left_the_stage_in_which_it_came_in() -> None:
    other = staged(answering="direct")
    asked = replace(ROAD[1], facts={**ROAD[1].facts, "stage": "direct"})

    assert changed(road(1), asked, other) == {"status": "answering", "stage": "direct", "stage_visit": 2, "version": 2,
                                              "respondents_told": True, "next_due_on": date(2026, 3, 17)}
    assert folded([*road(1), asked, *ROAD[2:4]], other).case["respondents_told"] is True


def test_a_case_that_came_to_the_panel_has_been_there() -> None:
    other = staged(answering="panel")
    there = replace(ROAD[1], facts={**ROAD[1].facts, "stage": "panel"})

    assert changed(road(1), there, other)["reached_panel"] is True
    assert folded([*road(1), there, *ROAD[2:6]], other).case["reached_panel"] is True


def test_how_a_case_ended_is_kept_with_the_days_and_pauses_that_its_figures_come_from() -> None:
    again = said(11, "case:closed", "05-04", "coordinator", step("settle", "helping", "closed", **{**CLOSING, "handling_days": 10}))

    first, second = folded([*ROAD, again]).endings

    figures = {"ended_in": "open", "handling_days": 20, "elapsed_days": 25}
    held = (date(2026, 3, 25), date(2026, 3, 27))
    assert first == Ending(9, figures, "open", date(2026, 3, 2), date(2026, 4, 7), (held,), "c1")
    assert second == Ending(11, {**figures, "handling_days": 10}, "open", date(2026, 4, 20), date(2026, 5, 4),
                            (held, (date(2026, 4, 20), date(2026, 5, 4))), "c1")


def test_an_ending_from_before_its_calendar_was_named_has_no_figures_to_count_again() -> None:
    older = replace(ROAD[8], facts={name: fact for name, fact in ROAD[8].facts.items() if name != "calendar_digest"})

    case = folded([*road(8), older])

    assert (case.endings, case.case["outcome"]) == ([], "settled")


def test_what_is_open_ends_with_the_case_and_goes_on_with_it() -> None:
    endings = [[row["ending"] for row in folded(road(upto)).holdings.allegations.values()] for upto in (8, 9, 10)]

    assert endings == [[None, None], ["settled", "settled"], [None, None]]


def test_a_partys_steps_are_remembered_by_the_visit_to_the_stage() -> None:
    more, late = folded(road(4)).holdings.parties[2], folded([*ROAD, said(11, "case:acted", "04-21", "respondent", step(
        "object", "helping", "helping", 2))]).holdings.parties[2]

    assert [(one["taken"], one["taken_visit"]) for one in (more, late)] == [("more_time", 1), ("object", 3)]


def test_reminders_are_over_once_they_went_out() -> None:
    reminded = said(2, "limit:reminded", "03-06", "clock", {"limit": "forward", "party": 0, "rung": -1, "due_on": "2026-03-09"})

    assert [(row["rung"], row["ending"]) for row in folded([*road(1), reminded]).limits.timers] == [(0, None), (-1, "fired"), (0, None)]


MOVE = {"move": 1, "from": "answering", "to": "asked", "stage": "open", "limits": {"started": [], "ended": []}, "resumed": [], "opened": [],
        "lengths": [], "old_procedure": PROCEDURE.digest, "new_procedure": NEXT.digest}
BACK = {**MOVE, "from": "asked", "to": "answering", "kept": []}


def test_a_case_moves_to_another_version_and_back() -> None:
    there, back = said(3, "case:migrated", "03-04", "operator", MOVE), said(4, "case:migration_reverted", "03-05", "operator", BACK)

    assert changed(road(2), there) == {"procedure_digest": NEXT.digest, "status": "asked", "version": 3}
    assert changed([*road(2), there], back) == {"procedure_digest": PROCEDURE.digest, "status": "answering", "version": 4}


def test_with_another_version_a_case_may_come_to_another_stage_and_be_paused_and_goes_back_to_where_it_was() -> None:
    other = replace(NEXT, digest="next", statuses={**NEXT.statuses, "asked": replace(NEXT.statuses["naming"], stage="panel")})
    there = said(3, "case:migrated", "03-04", "operator", {
        **MOVE, "stage": "panel", "opened": ["naming"], "new_procedure": "next",
        "limits": {"started": [begun("whole", "05-02")], "ended": [over("respond", "03-17", "moot", 2), over("whole", "06-02", "moot")]}})
    back = said(4, "case:migration_reverted", "03-05", "operator", {**BACK, "new_procedure": "next"})

    assert changed(road(2), there, other) == {
        "procedure_digest": "next", "status": "asked", "stage": "panel", "stage_visit": 2, "version": 3, "reached_panel": True,
        "respondents_told": True, "has_ledger": True, "next_due_on": None}
    assert changed([*road(2), there], back, other) == {
        "procedure_digest": PROCEDURE.digest, "status": "answering", "stage": "open", "stage_visit": 1, "version": 4,
        "next_due_on": date(2026, 3, 17)}


def test_a_changed_calendar_gives_a_limit_another_day_and_changes_neither_status_nor_what_was_done() -> None:
    counted = said(3, "case:recounted", "03-04", "operator", {
        "from": "answering", "to": "answering", "stage": "open",
        "limits": {"ended": [over("respond", "03-17", "replaced", 2)], "started": [begun("respond", "03-18", 2)]}})

    assert changed(road(2), counted) == {"version": 3, "next_due_on": date(2026, 3, 18)}


def test_the_opening_may_link_the_case() -> None:
    assert folded(road(1, effects={"linked": ["DD-2026-0009", "joint"]})).case["has_holdings"] is True
