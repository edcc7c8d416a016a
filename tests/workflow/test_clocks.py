"""Which limits run when, and until what day. Numbers such as T5 are those of the description of the field, section 7."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Pause
from breachdesk.workflow.engine import decide
from breachdesk.workflow.facts import CaseFacts, Party, PauseFact

MONDAY = date(2026, 3, 2)


@pytest.mark.parametrize(("at", "limit", "subject", "days"), [
    ("received", "acknowledge", 0, 5),                      # T1
    ("received", "handling", 0, 60),                        # T19
    ("awaiting_information", "supply_information", 0, 10),  # T2
    ("direct_open", "respondent_acknowledges", 2, 5),       # T4
    ("direct_open", "respond", 2, 15),                      # T5: 10, from the day by which to acknowledge
    ("direct_no_response", "second_notice", 0, 5),          # T6
    ("awaiting_referral_cf", "referral_window", 0, 20),     # T7
    ("screening", "admissibility", 0, 5),                   # T8
    ("screening", "critical_friend_stage", 0, 20),          # T13
    ("awaiting_referral_panel", "panel_window", 0, 10),     # T14
    ("panel_convening", "convene_panel", 0, 10),            # T15
    ("panel_convening", "panel_statement", 0, 25),          # T17
    ("panel_draft", "comment", 1, 5),                       # T16
    ("awaiting_party_response", "party_response", 0, 10),   # T18
])
def test_each_limit_lasts_as_long_as_the_description_says(new_case: Any, at: str, limit: str, subject: int, days: int) -> None:
    assert new_case(at=at).days_left(limit, subject) == days


def test_a_limit_that_spans_statuses_runs_through_them(new_case: Any) -> None:
    walk = new_case(at="screening")
    due = walk.due("critical_friend_stage")
    walk.pass_days(3)

    walk.go_to("cf_open")

    assert walk.due("critical_friend_stage") == due
    assert walk.limits() == {"critical_friend_stage", "handling", "objection", "regular_update"}


def test_the_answer_counts_from_the_acknowledgement_when_that_comes_early(new_case: Any) -> None:
    walk = new_case(at="direct_open")
    walk.pass_days(2)

    decision = walk.do("acknowledge_notice", {}, 2)

    assert walk.days_left("respond", 2) == 10
    assert [(one.limit, one.ending) for one in decision.clocks.ended] == [("respondent_acknowledges", "met"), ("respond", "replaced")]


def test_a_late_acknowledgement_buys_no_time(new_case: Any) -> None:
    walk = new_case(at="direct_open")
    due = walk.due("respond", 2)
    walk.pass_days(7)

    decision = walk.do("acknowledge_notice", {}, 2)

    assert walk.due("respond", 2) == due
    assert [(one.limit, one.ending) for one in decision.clocks.ended] == [("respondent_acknowledges", "late")]


def test_two_respondents_have_two_clocks(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_open")
    walk.pass_days(1)

    walk.do("acknowledge_notice", {}, 2)

    assert (walk.days_left("respond", 2), walk.days_left("respond", 3)) == (10, 14)


def test_the_case_leaves_when_the_last_respondent_has_answered(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_open")

    assert walk.do("respond", {}, 3).target == "direct_open"
    assert {one.subject for one in walk.facts.running if one.limit == "respond"} == {2}
    assert walk.do("respond", {}, 2).target == "awaiting_referral_cf"


def test_the_case_leaves_when_the_last_respondent_has_run_out(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_open")

    assert walk.fire_until("direct_no_response") == ["second_notice_by_clock", "second_notice_by_clock"]


@pytest.mark.parametrize(("silent_first", "then"), [(True, "awaiting_referral_cf"), (False, "direct_no_response")])
def test_one_answers_and_one_stays_silent(new_case: Any, silent_first: bool, then: str) -> None:
    walk = new_case(respondents=2, at="direct_open")
    if silent_first:
        walk.do("acknowledge_notice", {}, 2)
        while walk.facts.limit("respond", 2):
            walk.fire()
        walk.do("respond", {}, 3)
    else:
        walk.do("respond", {}, 3)
        walk.fire_until("direct_no_response")

    assert walk.facts.status == then


def test_a_respondent_with_a_second_notice_can_still_answer_after_the_other_has(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_no_response")
    walk.do("respond", {}, 2)

    decision = walk.do("respond", {}, 3)

    assert (decision.target, decision.moved) == ("awaiting_referral_cf", False)
    assert walk.limits() == {"handling", "referral_window", "regular_update"}


def test_one_side_saying_it_is_settled_does_not_stop_the_clock_for_both(new_case: Any) -> None:
    walk = new_case(at="cf_open")
    due = walk.due("critical_friend_stage")

    walk.do("say_resolved", {}, 1)

    assert walk.due("critical_friend_stage") == due
    assert walk.fire_until("awaiting_referral_panel")[-1] == "end_critical_friend_stage_by_clock"


def test_when_both_sides_have_said_so_the_critical_friends_limit_is_met(new_case: Any) -> None:
    walk = new_case(at="cf_open")
    walk.do("say_resolved", {}, 1)

    ended = {one.limit: one.ending for one in walk.do("say_resolved", {}, 2).clocks.ended}

    assert ended == {"critical_friend_stage": "met", "handling": "moot", "objection": "moot", "regular_update": "moot"}


def test_more_time_is_added_once_and_only_to_the_one_it_was_given_to(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_open")

    walk.do("give_more_time", {"which": "respond/2", "days": 10})

    assert (walk.days_left("respond", 2), walk.days_left("respond", 3)) == (25, 15)
    assert walk.refusal("give_more_time", {"which": "respond/2", "days": 1}) == (
        "More time can be given only once and for 10 working days at most, and it has been.")
    assert walk.do("give_more_time", {"which": "respond/3", "days": 1}).extension.subject == 3
    assert walk.refusal("give_more_time", {}) == "No limit that runs now can be given more time."


def test_no_more_time_is_given_to_one_who_has_answered(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_open")
    walk.do("respond", {}, 2)

    assert walk.refusal("give_more_time", {"which": "respond/2", "days": 5}) == "This limit does not run now."


def test_more_time_stays_when_the_acknowledgement_comes_afterwards(new_case: Any) -> None:
    walk = new_case(at="direct_open")
    walk.do("give_more_time", {"which": "respond/2", "days": 4})

    walk.do("acknowledge_notice", {}, 2)

    assert walk.days_left("respond", 2) == 14


def test_waiting_for_information_holds_the_limits_that_the_status_names(new_case: Any) -> None:
    walk = new_case()
    walk.pass_days(2)
    decision = walk.do("ask_for_information")

    assert [one.name for one in decision.pauses] == ["awaiting_information"]
    assert {name: walk.due(name) is None for name in walk.limits()} == {
        "acknowledge": True, "forward": True, "handling": True, "supply_information": False, "regular_update": False}

    walk.pass_days(7)
    assert walk.do("supply_information").resumes == (1,)

    # One day had been used up before the day of the question; the day of the answer counts, for the pause ends with the day before it.
    assert (walk.days_left("acknowledge"), walk.days_left("forward"), walk.days_left("handling")) == (3, 8, 58)
    assert walk.limits() == {"acknowledge", "forward", "handling", "regular_update"}


def test_the_complainants_own_time_does_not_count_as_handling(new_case: Any) -> None:
    walk = new_case(at="awaiting_referral_cf")
    assert walk.due("handling") is None
    walk.pass_days(12)

    walk.do("refer_to_critical_friend")

    # Of the sixty only today is gone, on which it runs again.
    assert walk.days_left("handling") == 59


def test_a_pause_that_somebody_agreed_on_outlives_the_status(new_case: Any) -> None:
    walk = new_case(at="awaiting_referral_cf")
    agreed = PauseFact(77, ("handling",), Pause(walk.today, None, "both sides asked for it"))
    walk.facts = replace(walk.facts, pauses=(*walk.facts.pauses, agreed))

    decision = walk.do("refer_to_critical_friend")

    assert 77 not in decision.resumes
    assert walk.due("handling") is None


def test_a_case_that_closes_while_it_is_paused_ends_the_pause(new_case: Any) -> None:
    decision = new_case(at="awaiting_information").do("withdraw", {}, 1)

    assert decision.resumes == (1,)
    assert {limit for limit, _, _ in decision.clocks.standing} == {"ask_for_review", "publication_rest", "reopening"}


def test_limits_count_from_the_day_the_complaint_was_received_not_from_the_day_it_was_typed_in(new_case: Any) -> None:
    walk = new_case(received=MONDAY, today=MONDAY + timedelta(days=3))

    assert walk.due("acknowledge") == date(2026, 3, 9)


@pytest.mark.parametrize("contacted", [date(2026, 2, 3), MONDAY, date(2026, 3, 4), None])
def test_direct_resolution_counts_from_the_day_on_which_the_desk_tells_the_respondent(new_case: Any, contacted: date | None) -> None:
    # 7, T4: the respondent acknowledges within five working days of the notice, whenever it was first contacted.
    walk = new_case(received=MONDAY)
    walk.today = date(2026, 3, 5)

    if contacted:
        walk.do("record_direct_contact", {"contacted_on": contacted})
    else:
        walk.do("tell_respondent_by_clock")

    assert walk.due("respondent_acknowledges", 2) == date(2026, 3, 12)


@pytest.mark.parametrize(("typed_in", "acknowledge", "forward"), [
    (date(2026, 3, 5), (-1,), (-5,)),
    (date(2026, 3, 6), (), (-5,)),      # The reminder to acknowledge belonged to this very day: too late.
    (date(2026, 3, 10), (), ()),        # Received on the 2nd, typed in after both reminders' days.
])
def test_a_reminder_whose_day_has_come_is_not_set(procedure: Any, calendar: Any, typed_in: date, acknowledge: Any, forward: Any) -> None:
    parties = (Party(1, 1, "complainant", "Riverside Carers", "voluntary"), Party(2, 2, "respondent", "Amberdale Council", "statutory"))
    facts = CaseFacts("", "", MONDAY, 0, parties, calendar)

    started = {one.limit: one.rungs for one in decide(procedure, facts, "lodge", {"received_on": MONDAY}, 0, typed_in).clocks.started}

    assert tuple(offset for offset, _ in started["acknowledge"]) == acknowledge
    assert tuple(offset for offset, _ in started["forward"]) == forward


def test_a_newer_calendar_does_not_move_a_day_that_the_step_did_not_touch(new_case: Any) -> None:
    walk = new_case(at="direct_open")
    due = walk.due("respond", 2)
    old = walk.facts.calendar
    newer = Calendar(old.name, old.title, old.first, old.last, old.provisional_after, {**old.holidays, date(2026, 3, 4): "A new holiday"})
    walk.facts = replace(walk.facts, calendar=newer)

    decision = walk.do("correct", {"entry": 1})

    assert (decision.clocks.ended, decision.clocks.started) == ((), ())
    assert walk.due("respond", 2) == due


def test_what_stands_after_a_step_is_what_runs(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_open")
    decision = walk.do("acknowledge_notice", {}, 3)

    assert {(limit, subject): due for limit, subject, due in decision.clocks.standing} == {
        (one.limit, one.subject): one.due_on for one in walk.facts.running}
