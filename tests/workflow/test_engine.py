"""The road of a dispute, row by row. Numbers such as 6.4 and T5 are those of the description of the field."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from breachdesk.workflow.engine import why_not

FRIEND = {"critical_friend": "kim"}
PANEL = {"members": ("lee", "mo", "nat"), "chair": "mo"}
VIEWS = {"complainant_view": "satisfied", "respondent_view": "satisfied"}
AFTER_THE_END = {"ask_for_review", "reopening", "publication_rest"}
DONE_ALREADY = "This has been done already."
SAY_WHICH = "Say which organisation this is for"


@pytest.mark.parametrize(("at", "action", "subject", "answers", "target"), [
    # 6.4 received → awaiting_information: the coordinator says what is missing; the clock stops. Information supplied: back.
    ("received", "ask_for_information", 0, {}, "awaiting_information"),
    ("awaiting_information", "supply_information", 0, {}, "received"),
    ("awaiting_information", "ask_for_information", 0, {}, "This can be done only at “Received”. The case is at “Waiting"),
    # T2: no reply in time, and the complaint lapses.
    ("awaiting_information", "lapse_by_clock", 0, {}, "closed"),
    # T1: the acknowledgement starts and stops nothing else, and there is only one.
    ("received", "acknowledge", 0, {}, "received"),
    ("awaiting_information", "acknowledge", 0, {}, "This can be done only at “Received”."),
    # 6.4 received → direct_open: the respondent has notice, from the complainant or, in the end, from the desk.
    ("received", "record_direct_contact", 0, {}, "direct_open"),
    ("received", "tell_respondent_by_clock", 0, {}, "direct_open"),
    # 6.4 received → screening only when stage 1 was already tried; → closed `premature_returned` only when it was not.
    ("received", "register_direct_resolution", 0, {}, "The complaint does not say that direct resolution was tried."),
    ("received", "register_by_clock", 0, {}, "The complaint does not say that direct resolution was tried."),
    ("received", "return_as_premature", 0, {}, "closed"),
    # 6.4 direct_open → direct_no_response: the due date passed. A reply, late or not, leads on.
    ("direct_open", "acknowledge_notice", 2, {}, "direct_open"),
    ("direct_open", "acknowledge_notice", 0, {}, SAY_WHICH),
    ("direct_open", "acknowledge_notice", 1, {}, SAY_WHICH),
    ("direct_open", "respond", 2, {}, "awaiting_referral_cf"),
    ("direct_open", "respond", 9, {}, SAY_WHICH),
    ("direct_open", "second_notice_by_clock", 2, {}, "direct_no_response"),
    ("direct_no_response", "respond", 2, {}, "awaiting_referral_cf"),
    ("awaiting_referral_cf", "respond", 2, {}, DONE_ALREADY),
    # 6.4 direct → screening: either party asks; 11.10: the clock does, too, but not before the answer was due.
    ("direct_open", "refer_to_critical_friend", 0, {}, "This can be done only at “No answer yet” or “Answered, not yet settled”."),
    ("direct_no_response", "refer_to_critical_friend", 0, {}, "screening"),
    ("direct_no_response", "refer_to_critical_friend_by_clock", 0, {}, "screening"),
    ("awaiting_referral_cf", "refer_to_critical_friend", 0, {}, "screening"),
    ("awaiting_referral_cf", "refer_to_critical_friend_by_clock", 0, {}, "screening"),
    # 6.4 screening → cf_appointing when admissible, → closed `inadmissible` when not. 11.10: silence never loses a case.
    ("screening", "admit", 0, {}, "cf_appointing"),
    ("screening", "admit_by_clock", 0, {}, "cf_appointing"),
    ("screening", "refuse", 0, {}, "closed"),
    ("cf_appointing", "refuse", 0, {}, "This can be done only at “Being checked”."),
    # 6.4 cf_appointing → cf_open; without an unconflicted critical friend straight to the panel.
    ("cf_appointing", "appoint_critical_friend", 0, FRIEND, "cf_open"),
    ("cf_appointing", "appoint_critical_friend", 0, {"critical_friend": "from_b"}, "from_b belongs to B0, so cannot be"),
    ("cf_appointing", "go_straight_to_panel", 0, {}, "panel_convening"),
    ("cf_open", "go_straight_to_panel", 0, {}, "This can be done only at “A critical friend is being named”."),
    # 6.4 cf_open → awaiting_referral_panel: no agreement, a party leaves, time expired (T13).
    ("cf_open", "record_meeting", 0, {}, "cf_open"),
    ("cf_open", "end_critical_friend_stage", 0, {}, "awaiting_referral_panel"),
    ("cf_open", "end_critical_friend_stage_by_clock", 0, {}, "awaiting_referral_panel"),
    ("cf_appointing", "end_critical_friend_stage_by_clock", 0, {}, "awaiting_referral_panel"),
    # 6.4 closed `resolved_*`: an outcome satisfactory to both sides, or the case stays open.
    ("cf_open", "record_resolution", 0, VIEWS, "closed"),
    ("cf_open", "record_resolution", 0, VIEWS | {"respondent_view": "partly"}, "closed"),
    ("cf_open", "record_resolution", 0, VIEWS | {"respondent_view": "not_satisfied"}, "The Compact's test is an outcome"),
    ("screening", "say_resolved", 1, {}, "This cannot be done while the case is at “Being checked”."),
    # 6.4 awaiting_referral_panel → panel_convening: either party asks; 11.10: or the clock.
    ("awaiting_referral_panel", "refer_to_panel", 0, {}, "panel_convening"),
    ("awaiting_referral_panel", "refer_to_panel_by_clock", 0, {}, "panel_convening"),
    # 6.4 panel_convening → panel_open: quorum, balance, conflicts cleared.
    ("panel_convening", "convene", 0, PANEL, "panel_convening"),
    ("panel_convening", "convene", 0, {"members": ("kim", "lee", "mo"), "chair": "mo"}, "kim was the critical friend in this case"),
    ("panel_convening", "convene", 0, {"members": ("lee", "mo", "from_a"), "chair": "mo"}, "from_a belongs to A, so cannot sit"),
    ("panel_convening", "convene", 0, {"members": ("lee", "nat", "oz"), "chair": "oz"}, "Both sectors sit on a panel."),
    ("panel_convening", "convene", 0, {"members": ("lee", "mo"), "chair": "mo"}, "A panel has three or five members."),
    ("panel_convening", "convene", 0, PANEL | {"chair": "oz"}, "The chair is one of the panel's members."),
    ("panel_convening", "open_panel", 0, {}, "The panel has not been named yet."),
    ("panel_open", "convene", 0, PANEL, "This can be done only at “A panel is being convened”."),
    # 6.4 panel_open → panel_draft, to both at once → awaiting_party_response.
    ("panel_open", "send_draft", 0, {}, "panel_draft"),
    ("panel_draft", "comment", 1, {}, "panel_draft"),
    ("panel_draft", "propose", 0, {}, "awaiting_party_response"),
    ("panel_open", "propose", 0, {}, "This can be done only at “Draft statement with both sides”."),
    # 6.4 awaiting_party_response → closed: one acceptance is not all; a party declines or is silent.
    ("awaiting_party_response", "accept", 1, {}, "awaiting_party_response"),
    ("awaiting_party_response", "decline", 1, {}, "closed"),
    ("awaiting_party_response", "close_on_silence_by_clock", 0, {}, "closed"),
    ("panel_open", "end_panel_by_clock", 0, {}, "closed"),
    # T15: that the panel was asked for is acknowledged once; the panel may also see no resolution.
    ("panel_convening", "acknowledge_referral", 0, {}, "panel_convening"),
    ("panel_open", "acknowledge_referral", 0, {}, "This can be done only at “A panel is being convened”."),
    ("panel_draft", "end_panel", 0, {}, "closed"),
    # 6.4 closed `resolved_partial`: both accept it as the end; `transferred`, `discontinued` from anywhere open.
    ("cf_open", "record_partial_resolution", 0, VIEWS, "closed"),
    ("cf_open", "record_partial_resolution", 0, VIEWS | {"respondent_view": "not_satisfied"}, "The Compact's test is an outcome"),
    ("received", "record_partial_resolution", 0, VIEWS, "This cannot be done while the case is at “Received”."),
    ("panel_draft", "transfer", 0, {}, "closed"),
    ("direct_open", "discontinue", 0, {}, "closed"),
    ("closed", "discontinue", 0, {}, "This cannot be done while the case is at “Closed”."),
    # 9.5: a report of retaliation at any time, also after the end; the respondent's promise.
    ("received", "report_retaliation", 0, {}, "received"),
    ("closed", "report_retaliation", 0, {}, "closed"),
    ("direct_open", "promise_no_detriment", 2, {}, "direct_open"),
    ("direct_open", "promise_no_detriment", 1, {}, SAY_WHICH),
    # 11.7: a stand-in from the other sector, nobody from a side.
    ("screening", "pass_to_stand_in", 0, {"stand_in": "lee"}, "screening"),
    ("screening", "pass_to_stand_in", 0, {"stand_in": "from_b"}, "from_b belongs to B0, so cannot decide in it."),
    # 6.4 any open → closed `withdrawn`; what is closed stays closed.
    ("panel_draft", "withdraw", 1, {}, "closed"),
    ("panel_draft", "withdraw", 2, {}, SAY_WHICH),
    ("closed", "withdraw", 1, {}, "This cannot be done while the case is at “Closed”."),
    # 11.9: the steering group reviews disputes that reached the panel; a mistake is corrected beside it, never deleted.
    ("closed", "record_review", 0, {}, "closed"),
    ("closed", "correct", 0, {"entry": 3}, "closed"),
    ("closed", "correct", 0, {"entry": 99}, "There is no entry 99 in this case"),
    # A case begins once.
    ("received", "lodge", 0, {}, "The case BD-2026-0001 has begun already. A new complaint is a case of its own."),
    ("received", "fly", 0, {}, "The procedure “What to do if things go wrong” has no action “fly”."),
])
def test_each_step_leads_where_the_description_says_or_is_refused_in_words(
        new_case: Any, at: str, action: str, subject: int, answers: dict[str, Any], target: str) -> None:
    walk = new_case(at=at)

    if " " in target:
        assert walk.refusal(action, answers, subject).startswith(target)
    else:
        assert walk.do(action, answers, subject).target == target


def test_what_is_wrong_with_a_panel_is_all_said_at_once(new_case: Any) -> None:
    walk = new_case(at="panel_convening")

    said = walk.refusal("convene", {"members": ("kim", "from_b"), "chair": "oz"})

    for reason in ("three or five", "Both sectors", "from_b belongs to B0", "kim was the critical friend", "The chair is one"):
        assert reason in said


def test_a_complaint_that_says_what_was_tried_goes_to_the_check_and_not_back(new_case: Any) -> None:
    assert new_case(tried=True).do("register_direct_resolution").target == "screening"
    assert new_case(tried=True).fire_until("screening") == ["acknowledge_by_clock", "register_by_clock"]
    assert "already tried" in new_case(tried=True).refusal("return_as_premature")


@pytest.mark.parametrize(("at", "action", "subject", "outcome"), [
    # 6.3: how the case ended stands apart from who was right.
    ("awaiting_information", "lapse_by_clock", 0, "lapsed"),
    ("received", "return_as_premature", 0, "premature_returned"),
    ("screening", "refuse", 0, "inadmissible"),
    ("direct_open", "record_resolution", 0, "resolved_full"),
    ("awaiting_party_response", "decline", 1, "proposal_declined"),
    ("awaiting_party_response", "close_on_silence_by_clock", 0, "proposal_declined"),
    ("panel_convening", "end_panel_by_clock", 0, "not_resolved"),
    ("received", "withdraw", 1, "withdrawn"),
    ("cf_open", "record_partial_resolution", 0, "resolved_partial"),
    ("panel_open", "end_panel", 0, "not_resolved"),
    ("received", "transfer", 0, "transferred"),
    ("awaiting_party_response", "discontinue", 0, "discontinued"),
])
def test_a_case_closes_with_its_outcome_and_with_every_limit_of_the_road_over(
        new_case: Any, at: str, action: str, subject: int, outcome: str) -> None:
    walk = new_case(at=at)

    decision = walk.do(action, {}, subject)

    assert (decision.closed, decision.outcome, decision.stage) == (True, outcome, "ended")
    # T25, T26, T27 and, for a refusal, T9 begin now.
    assert walk.limits() == AFTER_THE_END | ({"challenge_window"} if outcome == "inadmissible" else set())
    assert {limit for limit, _, _ in decision.clocks.standing} == walk.limits()


def test_a_step_that_ends_nothing_has_no_outcome(new_case: Any) -> None:
    decision = new_case(at="awaiting_party_response").do("accept", {}, 1)

    assert (decision.moved, decision.closed, decision.outcome) == (False, False, "")


@pytest.mark.parametrize(("at", "action", "each"), [
    ("direct_open", "say_resolved", (1, 2, 3)),
    ("cf_open", "say_resolved", (1, 2, 3)),
    ("awaiting_party_response", "accept", (1, 2, 3)),
])
def test_a_case_is_resolved_when_the_last_of_all_parties_has_said_so(new_case: Any, at: str, action: str, each: tuple[int, ...]) -> None:
    walk = new_case(respondents=2).go_to("direct_open")
    walk.do("respond", {}, 3)
    walk.go_to(at) if at != "direct_open" else None

    for party in each[:-1]:
        assert walk.do(action, {}, party).moved is False
        assert walk.refusal(action, {}, party) == DONE_ALREADY
    last = walk.do(action, {}, each[-1])

    assert (last.target, last.outcome) == ("closed", "resolved_full")


def test_a_case_goes_on_while_one_organisation_still_complains(new_case: Any) -> None:
    walk = new_case(complainants=2, at="direct_open")

    assert walk.do("withdraw", {}, 1).target == "direct_open"
    assert walk.do("withdraw", {}, 8).outcome == "withdrawn"


def test_the_step_can_be_asked_about_before_anybody_fills_in_a_form(new_case: Any) -> None:
    walk = new_case(respondents=2, at="direct_open")
    respond = walk.procedure.actions["respond"]

    assert why_not(walk.procedure, walk.facts, respond, 0, walk.today) == ()
    walk.do("respond", {}, 2)

    assert why_not(walk.procedure, walk.facts, respond, 2, walk.today) == (DONE_ALREADY,)
    assert why_not(walk.procedure, walk.facts, respond, 3, walk.today) == ()
    assert why_not(walk.procedure, walk.facts, respond, 0, walk.today) == ()


def test_before_the_complaint_there_is_nothing_to_do(new_case: Any) -> None:
    walk = new_case()
    walk.facts = replace(walk.facts, status="", sequence=0)

    assert walk.refusal("acknowledge") == "There is no case yet: it begins with the complaint."


@pytest.mark.parametrize("days", [0, 11, -1, True, "5", None])
def test_more_time_is_a_whole_number_of_days_up_to_ten(new_case: Any, days: object) -> None:
    said = new_case(at="direct_open").refusal("give_more_time", {"which": "respond/2", "days": days})

    assert said == "At most 10 working days more can be given."


def test_the_same_facts_always_give_the_same_decision(new_case: Any) -> None:
    one, other = new_case(at="direct_open"), new_case(at="direct_open")
    one.today += timedelta(days=3)
    other.today += timedelta(days=3)

    assert one.do("respond", {}, 2) == other.do("respond", {}, 2)
