"""Timers, pauses and extensions are what the entries say, whatever happens to a limit."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from road_told import NEXT, PROCEDURE, begun, over, step

from breachdesk.workflow.replaying_limits import LimitsReplay

ON = {day: datetime(2026, 3, day, 12, tzinfo=UTC) for day in range(1, 32)}
RESPOND = begun("respond", "03-17", 2, **{"from": "2026-03-03", "calendar": "c1", "lasts": "10 working days",
                                          "reminders": [[-2, "2026-03-13"], [-1, "2026-03-16"]]})


def after_forward() -> LimitsReplay:
    """A case that waits for an answer, of which it is reminded twice."""
    case = LimitsReplay()
    case.stepped(2, ON[3], 7, step("forward", "received", "answering", started=[RESPOND, begun("whole", "06-02")]), PROCEDURE)
    return case


def told(case: LimitsReplay, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in columns) for row in case.timers]


def test_a_limit_that_begins_has_a_row_for_its_end_and_one_for_each_reminder() -> None:
    case = after_forward()

    row = {"kind": "respond", "subject": 2, "generation": 2, "due_on": date(2026, 3, 17), "calendar_digest": "c1",
           "started_on": date(2026, 3, 3), "lasts": "10 working days", "nominal_at": None, "ended_at": None, "ending": None}
    assert case.timers == [
        {**row, "rung": 0, "fires_at": datetime(2026, 3, 18, tzinfo=UTC)},
        {**row, "rung": -2, "fires_at": datetime(2026, 3, 13, tzinfo=UTC)},
        {**row, "rung": -1, "fires_at": datetime(2026, 3, 16, tzinfo=UTC)},
        {"kind": "whole", "subject": 0, "generation": 2, "due_on": date(2026, 6, 2), "calendar_digest": "c1", "started_on": None,
         "lasts": None, "nominal_at": None, "ended_at": None, "ending": None, "rung": 0, "fires_at": datetime(2026, 6, 2, 23, tzinfo=UTC)}]
    assert dict(case.rows()) == {"timers": case.timers, "pauses": [], "extensions": []}


def test_a_limit_that_stands_still_has_no_day_and_fires_never() -> None:
    case = LimitsReplay()

    case.stepped(3, ON[3], 7, step("forward", "received", "answering", started=[begun("whole", None)]), PROCEDURE)

    assert told(case, "kind", "due_on", "fires_at") == [("whole", None, None)]


def test_a_step_ends_what_runs_of_a_limit_for_that_party_alone() -> None:
    case = after_forward()
    case.stepped(3, ON[4], 7, step("forward", "received", "answering", started=[begun("respond", "03-18", 3)]), PROCEDURE)

    case.stepped(4, ON[5], 7, step("respond", "answering", "answering", 2, ended=[over("respond", "03-17", "met", 2)]), PROCEDURE)
    case.stepped(5, ON[6], 7, step("respond", "answering", "answering", 2, ended=[over("respond", "03-17", "moot", 2)]), PROCEDURE)

    assert told(case, "kind", "subject", "ended_at", "ending") == [("respond", 2, ON[5], "met")] * 3 + [
        ("whole", 0, None, None), ("respond", 3, None, None)]


def test_a_reminder_that_went_out_is_over_and_a_limit_that_ran_out_waits_for_what_follows() -> None:
    case = after_forward()

    case.fired("limit:reminded", {"limit": "respond", "party": 2, "rung": -2}, ON[13], PROCEDURE)
    assert told(case, "rung", "ended_at", "ending")[:3] == [(0, None, None), (-2, ON[13], "fired"), (-1, None, None)]

    case.fired("limit:ran_out", {"limit": "respond", "party": 2}, ON[18], PROCEDURE)
    assert told(case, "rung", "ended_at", "ending", "fires_at")[:3] == [
        (0, None, "ran_out", None), (-2, ON[13], "fired", datetime(2026, 3, 13, tzinfo=UTC)),
        (-1, None, None, datetime(2026, 3, 16, tzinfo=UTC))]


def test_a_window_that_ran_out_is_over_at_once() -> None:
    case = LimitsReplay()
    case.stepped(7, ON[27], 7, step("name_critical_friend", "naming", "helping", started=[begun("objection", "03-30")]), PROCEDURE)

    case.fired("limit:ran_out", {"limit": "objection", "party": 0}, ON[31], PROCEDURE)

    assert told(case, "fires_at", "ended_at", "ending") == [(None, ON[31], "over")]


def test_a_pause_says_which_limits_stand_still_why_by_whom_and_when_it_is_looked_at() -> None:
    case = LimitsReplay()
    named = {"pause": "naming", "limits": ["whole", "help"], "review_on": None}
    agreed = {"pause": "suspension", "limits": ["respond"], "review_on": "2026-03-20"}
    case.stepped(6, ON[9], 7, step("respond", "answering", "naming", 2, effects={"paused": [named]}), PROCEDURE)
    case.stepped(7, ON[10], 8, step("suspend", "naming", "naming", effects={"paused": [agreed]}), PROCEDURE)
    case.stepped(8, ON[11], 8, step("unheard_of", "naming", "naming", effects={"paused": [{**agreed, "pause": "other"}]}), PROCEDURE)

    assert case.pauses == [
        {"kind": "naming", "limits": "whole help", "from_on": date(2026, 3, 9), "to_on": None, "because": "somebody is looked for",
         "by_account_id": 7, "review_on": None},
        {"kind": "suspension", "limits": "respond", "from_on": date(2026, 3, 10), "to_on": None, "because": "both sides agreed",
         "by_account_id": 8, "review_on": date(2026, 3, 20)},
        {"kind": "other", "limits": "respond", "from_on": date(2026, 3, 11), "to_on": None, "because": "", "by_account_id": 8,
         "review_on": date(2026, 3, 20)}]


def paused(*names: str, on: int = 10) -> LimitsReplay:
    case = LimitsReplay()
    stops = [{"pause": name, "limits": ["whole"], "review_on": None} for name in names]
    case.stepped(6, ON[on], 7, step("suspend", "answering", "answering", effects={"paused": stops}), PROCEDURE)
    return case


def test_a_step_ends_the_pauses_that_it_names_once_and_none_before_it_began() -> None:
    case = paused("suspension", "naming")
    for day in (12, 14):
        case.stepped(day, ON[day], 7, step("resume", "answering", "answering", effects={"resumed": ["suspension"]}), PROCEDURE)
    early = paused("suspension")
    early.stepped(7, ON[9], 7, step("resume", "answering", "answering", effects={"resumed": ["suspension"]}), PROCEDURE)

    assert [(one["kind"], one["to_on"]) for one in case.pauses] == [("suspension", date(2026, 3, 12)), ("naming", None)]
    assert [one["to_on"] for one in early.pauses] == [date(2026, 3, 10)]


def test_the_days_in_which_a_limit_stood_still_are_counted_to_the_end_of_the_case_at_most() -> None:
    case = paused("suspension")
    case.stepped(7, ON[12], 7, step("resume", "answering", "answering", effects={"resumed": ["suspension"]}), PROCEDURE)
    later = {"pause": "suspension", "limits": ["whole", "help"], "review_on": None}
    case.stepped(8, ON[16], 7, step("suspend", "answering", "answering", effects={"paused": [later]}), PROCEDURE)

    first, second = (date(2026, 3, 10), date(2026, 3, 12)), date(2026, 3, 16)
    assert case.held("whole", date(2026, 3, 20)) == (first, (second, date(2026, 3, 20)))
    assert case.held("whole", date(2026, 3, 15)) == (first, (second, second))
    assert (case.held("help", date(2026, 3, 20)), case.held("hel", date(2026, 3, 20))) == (((second, date(2026, 3, 20)),), ())


def lengthened() -> LimitsReplay:
    case = after_forward()
    longer = step("more_time", "answering", "answering", 2, ended=[over("respond", "03-17", "replaced", 2)],
                  started=[begun("respond", "03-24", 2)], effects={"extended": ["respond", 2, 5]})
    case.stepped(3, ON[10], 8, longer, PROCEDURE)
    return case


def test_more_time_is_over_when_the_limit_is_and_not_when_its_day_moves_again() -> None:
    case = lengthened()
    given = {"kind": "respond", "subject": 2, "working_days": 5, "by_account_id": 8, "over": False, "because": "Give more time"}
    assert case.extensions == [given]

    case.stepped(4, ON[11], 7, step("suspend", "answering", "answering", ended=[over("respond", "03-24", "replaced", 2)]), PROCEDURE)
    assert case.extensions == [given]
    case.stepped(5, ON[12], 7, step("respond", "answering", "answering", 3, ended=[over("respond", "03-24", "met", 3)]), PROCEDURE)
    assert case.extensions == [given]

    case.stepped(6, ON[13], 7, step("respond", "answering", "answering", 2, ended=[over("respond", "03-24", "met", 2)]), PROCEDURE)
    assert case.extensions == [{**given, "over": True}]
    case.stepped(7, ON[16], 7, step("unheard_of", "answering", "answering", effects={"extended": ["respond", 2, 3]}), PROCEDURE)
    assert [(one["over"], one["because"], one["working_days"]) for one in case.extensions] == [(True, "Give more time", 5), (False, "", 3)]
    case.stepped(8, ON[17], 7, step("resume", "answering", "answering"), PROCEDURE)
    assert [one["over"] for one in case.extensions] == [True, False]


def test_time_that_a_step_gives_is_not_over_with_what_the_step_ends() -> None:
    case = after_forward()

    case.stepped(3, ON[10], 8, step("more_time", "answering", "answering", 2, ended=[over("respond", "03-17", "moot", 2)],
                                    effects={"extended": ["respond", 2, 5]}), PROCEDURE)

    assert [one["over"] for one in case.extensions] == [False]


def test_a_changed_calendar_ends_a_limit_and_begins_it_with_another_day() -> None:
    case = after_forward()

    case.recounted(4, ON[9], {"limits": {"ended": [over("respond", "03-17", "replaced", 2)], "started": [begun("respond", "03-18", 2)]}})

    was = "respond", 2, date(2026, 3, 17), "replaced", ON[9]
    assert told(case, "kind", "generation", "due_on", "ending", "ended_at") == [was] * 3 + [
        ("whole", 2, date(2026, 6, 2), None, None), ("respond", 4, date(2026, 3, 18), None, None)]


MOVE: dict[str, Any] = {
    "move": 5, "from": "answering", "to": "naming", "resumed": [], "opened": ["naming"],
    "lengths": [{"limit": "whole", "party": 0, "before": "3 months", "after": "2 months"}],
    "limits": {"ended": [over("respond", "03-17", "moot", 2)], "started": [begun("name_friend", "03-16")]}}
BEFORE, AFTER = PROCEDURE.statuses["answering"], NEXT.statuses["naming"]


def moved(case: LimitsReplay, **changes: Any) -> LimitsReplay:
    case.migrated(3, ON[9], 8, {**MOVE, **changes}, BEFORE, AFTER)
    return case


def test_a_move_to_another_version_ends_and_begins_limits_sets_lengths_and_opens_the_pause_of_the_status() -> None:
    case = moved(after_forward())

    assert told(case, "kind", "generation", "ending", "lasts") == [("respond", 2, "moved by 3", "10 working days")] * 3 + [
        ("whole", 2, None, "2 months"), ("name_friend", 3, None, None)]
    assert [one["ended_at"] for one in case.timers] == [ON[9]] * 3 + [None, None]
    assert case.pauses == [{"kind": "naming", "limits": "whole", "from_on": date(2026, 3, 9), "to_on": None,
                            "because": "somebody is looked for", "by_account_id": 8, "review_on": None}]


def test_a_move_taken_back_leaves_the_limits_and_pauses_as_they_were() -> None:
    case = moved(after_forward())

    case.reverted(ON[10], {"move": 5, "kept": []})

    assert told(case, "kind", "ending", "ended_at", "lasts") == [("respond", None, None, "10 working days")] * 3 + [
        ("whole", None, None, "3 months"), ("name_friend", "moved back", ON[10], None)]
    assert [(one["from_on"], one["to_on"]) for one in case.pauses] == [(date(2026, 3, 9), date(2026, 3, 9))]


def test_a_limit_that_had_run_out_before_the_move_is_so_again_and_a_later_day_that_people_were_told_stays() -> None:
    case = after_forward()
    case.fired("limit:ran_out", {"limit": "respond", "party": 2}, ON[6], PROCEDURE)
    moved(case)

    case.reverted(ON[10], {"move": 5, "kept": [{"limit": "name_friend", "party": 0, "lasts": "5 working days"}]})

    assert told(case, "kind", "rung", "ending", "lasts") == [
        ("respond", 0, "ran_out", "10 working days"), ("respond", -2, None, "10 working days"), ("respond", -1, None, "10 working days"),
        ("whole", 0, None, "3 months"), ("name_friend", 0, None, "5 working days")]


def test_of_several_limits_only_the_one_whose_day_people_were_told_is_left_as_the_move_made_it() -> None:
    case = moved(after_forward())

    case.reverted(ON[10], {"move": 5, "kept": [{"limit": "respond", "party": 2, "lasts": None}]})

    assert told(case, "kind", "ending") == [("respond", "moved by 3")] * 3 + [("whole", None), ("name_friend", "moved back")]


def test_what_ended_after_the_move_stays_ended_when_the_move_is_taken_back() -> None:
    case = moved(after_forward())
    case.stepped(4, ON[10], 7, step("suspend", "naming", "naming", ended=[over("name_friend", "03-16", "moot")]), PROCEDURE)

    case.reverted(ON[11], {"move": 5, "kept": []})

    assert told(case, "kind", "ending", "ended_at")[-1] == ("name_friend", "moot", ON[10])


def test_a_pause_that_a_move_ended_goes_on_when_the_move_is_taken_back() -> None:
    case = paused("naming", "suspension", on=4)
    case.migrated(7, ON[9], 8, {**MOVE, "resumed": [1], "opened": []}, PROCEDURE.statuses["naming"], NEXT.statuses["helping"])
    ended = [(one["kind"], one["to_on"]) for one in case.pauses]

    case.reverted(ON[10], {"move": 5, "kept": []})

    assert ended == [("naming", date(2026, 3, 9)), ("suspension", None)]
    assert [one["to_on"] for one in case.pauses] == [None, None]


def test_a_move_that_ends_no_pause_leaves_that_of_the_status_open() -> None:
    case = paused("naming", on=4)

    case.migrated(7, ON[9], 8, {**MOVE, "opened": []}, PROCEDURE.statuses["naming"], NEXT.statuses["naming"])

    assert [one["to_on"] for one in case.pauses] == [None]


@pytest.mark.parametrize(("kinds", "somebodys", "any_", "part"), [
    (("whole",), None, None, 2), (("whole", "help"), 4, 4, 2), (("whole", "objection", "help"), 4, 3, 2), ((), None, None, None)])
def test_the_next_day_is_that_of_what_somebody_is_to_do(
        kinds: tuple[str, ...], somebodys: int | None, any_: int | None, part: int | None) -> None:
    days = {"whole": "03-02", "objection": "03-03", "help": "03-04"}
    case = LimitsReplay()
    started = [begun("review", None), *(begun(kind, days[kind], reminders=[[-1, "2026-03-01"]]) for kind in kinds)]
    case.stepped(7, ON[1], 7, step("name_critical_friend", "naming", "helping", started=[begun("help", "03-01"), *started]), PROCEDURE)
    for row in case.timers[:1]:
        row.update(ended_at=ON[1])

    found = (case.next_due(PROCEDURE, "whole"), case.next_of_any("whole"), case.next_of_part())

    assert found == tuple(day and date(2026, 3, day) for day in (somebodys, any_, part))
