"""The sentences of the description of the field, one by one, each shown true on the shipped procedure.

A row quotes a sentence, begins a case somewhere on the road, takes steps, and says what must hold then. A step is
(action, answers, party), a number of working days that pass, or a list of statuses until one of which only the clock acts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from breachdesk.identity import Actor
from breachdesk.workflow.definition import Procedure

FRIEND = {"critical_friend": "kim", "mode": "mediator"}
OTHER_FRIEND = {"critical_friend": "pat", "mode": "mediator"}
PANEL = {"members": ("lee", "mo", "nat"), "chair": "mo", "deputy": "nat"}
VIEWS = {"complainant_view": "satisfied", "respondent_view": "satisfied"}
REMEDY = {"remedy": "A new policy on notice", "remedy_kind": "change", "remedy_owner": "2"}
KIM, LEE = Actor(1, "kim"), Actor(2, "lee")
WITH_BYPASS = {"tried": "no", "bypass": "detriment"}

Row = tuple[str, str, tuple[Any, ...], Any]
ROAD: tuple[Row, ...] = (
    # 6.4 Intake
    ("received → awaiting_information: List of what is missing; clock-stop opens", "received", (("ask_for_information", {}, 0),),
     {"at": "awaiting_information", "still": {"acknowledge", "forward", "handling"}}),
    ("awaiting_information → received: Information supplied; clock-stop closes", "awaiting_information", (("supply_information", {}, 0),),
     {"at": "received", "still": set()}),
    ("awaiting_information → closed `lapsed`: 10 wd, no reply", "awaiting_information", (["closed"],), {"outcome": "lapsed"}),
    ("received → direct_open: Notice sent to respondent", "received", (("record_direct_contact", {}, 0),), {"at": "direct_open"}),
    ("received → closed `premature_returned`: Stage 1 not tried, no bypass", "received", (("return_as_premature", {}, 0),),
     {"outcome": "premature_returned"}),
    ("received → screening: Stage 1 bypassed; reason: detriment / imbalance / urgent", "received",
     (("grant_bypass", {"bypass_reason": "detriment"}, 0),), {"at": "screening"}),
    # 6.4 Direct resolution
    ("direct_open → direct_no_response: Due date passed; second notice", "direct_open", (["direct_no_response"],),
     {"at": "direct_no_response"}),
    ("direct_no_response → direct: Late reply; lateness kept", "direct_no_response", (("respond", {}, 2),), {"at": "awaiting_referral_cf"}),
    ("direct_open → closed `resolved_*`: Both parties' views recorded", "direct_open", (("say_resolved", {}, 1),), {"at": "direct_open"}),
    ("Agreement, remedies", "direct_open", (("record_resolution", VIEWS | REMEDY, 0),), {"at": "follow_up", "outcome": "resolved_full"}),
    ("parallel internal complaint noted: Does not stop the Compact clock", "direct_open", (("note_other_route", {"route": "internal"}, 0),),
     {"at": "direct_open", "still": set()}),
    ("unless both parties agree it is stage 1", "direct_open", (("suspend", {"because": "internal", "both_agree": True}, 0),),
     {"at": "direct_open", "paused": {"suspension"}}),
    ("awaiting_referral_cf → screening: Referral requested by either party", "awaiting_referral_cf", (("refer_to_critical_friend", {}, 0),),
     {"at": "screening"}),
    # 6.4 Screening
    ("screening → cf_appointing: Admissible (all/part); per-allegation", "screening",
     (("admit", {"not_admitted": ("22",), "not_admitted_because": "not_owed"}, 0),),
     {"at": "cf_appointing", "admissible": {21: True, 22: False}}),
    ("Reasons; per-allegation", "screening", (),
     {"refused": ("admit", {"not_admitted": ("22",)}, 0, "Say for which reason the other commitments")}),
    ("screening → closed `inadmissible`: Reasons, review right, signposting", "screening", (("refuse", {"reason_code": "not_owed"}, 0),),
     {"outcome": "inadmissible", "limits": {"challenge_window": 10}}),
    ("screening → closed `transferred` / `merged`: Target / lead case", "screening", (("merge", {"lead_case": "BD-2026-0002"}, 0),),
     {"outcome": "merged"}),
    ("Target", "screening", (("transfer", {}, 0),), {"outcome": "transferred"}),
    ("closed `inadmissible` → screening: Review succeeds", "screening",
     (("refuse", {}, 0, KIM), ("challenge_refusal", {}, 0), ("uphold_challenge", {}, 0, LEE)), {"at": "screening", "outcome": ""}),
    ("Different decision-maker", "screening", (("refuse", {}, 0, KIM), ("challenge_refusal", {}, 0)),
     {"refused": ("uphold_challenge", {}, 0, "You refused the complaint", KIM)}),
    # 6.4 Critical friend
    ("cf_appointing → cf_open: Named, declared, no upheld objection", "cf_appointing", (("appoint_critical_friend", FRIEND, 0),),
     {"at": "cf_open", "limits": {"objection": 3}}),
    ("cf_appointing → cf_appointing: Objection upheld; replacement; clock-stop", "cf_open",
     (("object_to_critical_friend", {}, 2), ("uphold_objection", {}, 0)),
     {"at": "cf_appointing", "still": {"critical_friend_stage", "handling", "name_critical_friend"}, "paused": {"replacement"}}),
    ("Replacement (and the clock runs again)", "cf_open",
     (("object_to_critical_friend", {}, 2), ("uphold_objection", {}, 0), 2, ("replace_critical_friend", OTHER_FRIEND, 0)),
     {"at": "cf_open", "paused": set(), "still": set()}),
    ("cf_appointing → panel_convening: No unconflicted critical friend", "cf_appointing", (("go_straight_to_panel", {}, 0),),
     {"at": "panel_convening"}),
    ("or a party refuses stage 2", "cf_appointing", (("decline_critical_friend", {}, 2),), {"at": "panel_convening"}),
    ("cf_open → cf_appointing: Mid-stage conflict", "cf_open", (("declare_interest", {}, 0, KIM),),
     {"at": "cf_appointing", "serving": ("critical_friend", 0)}),
    ("a person with a declared conflict cannot be assigned", "cf_open", (("declare_interest", {}, 0, KIM),),
     {"refused": ("replace_critical_friend", FRIEND, 0, "kim has declared an interest in this case.")}),
    ("or resignation", "cf_open", (("step_down", {}, 0, KIM),), {"at": "cf_appointing", "serving": ("critical_friend", 0)}),
    ("cf_open → closed `resolved_full/partial`: Both accept; Partial: list unresolved allegations", "cf_open",
     (("record_partial_resolution", VIEWS | {"unresolved": ("22",)}, 0),), {"at": "closed", "outcome": "resolved_partial"}),
    ("cf_open → awaiting_referral_panel: No / partial agreement", "cf_open",
     (("end_critical_friend_stage", {"result": "part", "settled": ("21",)}, 0),), {"at": "awaiting_referral_panel"}),
    ("a party leaves", "cf_open", (("leave_critical_friend", {}, 2),), {"at": "awaiting_referral_panel"}),
    ("time expired", "cf_open", (["awaiting_referral_panel"],), {"at": "awaiting_referral_panel"}),
    # 6.4 Panel
    ("awaiting_referral_panel → panel_convening: Either party requests", "awaiting_referral_panel", (("refer_to_panel", {}, 0),),
     {"at": "panel_convening"}),
    ("panel_convening → panel_open: Quorum, balance, conflicts cleared; members, sectors, chair", "panel_convening",
     (("convene", PANEL, 0), ("open_panel", {}, 0)), {"at": "panel_open", "serving": ("panel_member", 3)}),
    ("quorum both sectors present", "panel_convening", (),
     {"refused": ("convene", {"members": ("lee", "nat", "oz"), "chair": "oz"}, 0, "Both sectors sit on a panel.")}),
    ("Member conflicted or unavailable: Chair appoints substitute", "panel_open", (("leave_panel", {"member": "lee"}, 0),),
     {"at": "panel_convening", "paused": {"panel_replacement"}, "serving": ("panel_member", 2)}),
    ("(and the panel goes on with the substitute)", "panel_open",
     (("declare_panel_interest", {"member": "lee"}, 0), ("convene_anew", PANEL | {"members": ("oz", "mo", "nat")}, 0),
      ("open_panel", {}, 0)),
     {"at": "panel_open", "paused": set(), "serving": ("panel_member", 3)}),
    ("if chair conflicted, deputy of the other sector", "panel_convening", (),
     {"refused": ("convene", PANEL | {"chair": "lee", "deputy": "nat"}, 0, "The deputy comes from the other sector")}),
    ("panel_open → cf_open: Parties ask to try again (consent of both)", "panel_open",
     (("return_to_critical_friend", {}, 1), ("return_to_critical_friend", {}, 2)), {"at": "cf_open"}),
    ("consent of both", "panel_open", (("return_to_critical_friend", {}, 1),), {"at": "panel_open"}),
    ("One return by default", "panel_open",
     (("return_to_critical_friend", {}, 1), ("return_to_critical_friend", {}, 2), ("end_critical_friend_stage", {}, 0),
      ("refer_to_panel", {}, 0), ("convene", PANEL, 0), ("open_panel", {}, 0)),
     {"refused": ("return_to_critical_friend", {}, 1, "only once")}),
    ("panel_open → panel_draft: Draft ready; sent to both at once", "panel_open", (("send_draft", {}, 0),), {"at": "panel_draft"}),
    ("awaiting_party_response → closed `resolved_*`: All accept", "awaiting_party_response", (("accept", {}, 1), ("accept", {}, 2)),
     {"outcome": "resolved_full"}),
    ("awaiting_party_response → closed `proposal_declined`: A party declines", "awaiting_party_response", (("decline", {}, 2),),
     {"outcome": "proposal_declined"}),
    ("or is silent", "awaiting_party_response", (("accept", {}, 1), ["closed"]), {"outcome": "proposal_declined"}),
    ("`not_resolved` (procedure exhausted)", "panel_open", (("end_panel", {}, 0),), {"outcome": "not_resolved"}),
    # 6.4 Pauses
    ("any open (a pause row opens): Parties agree, legal proceedings, investigation, emergency", "panel_open",
     (("suspend", {"because": "court"}, 0),), {"at": "panel_open", "paused": {"suspension"}, "limits": {"suspension_review": 20}}),
    ("Reason, consent", "panel_open", (), {"refused": ("suspend", {"because": "agreed"}, 0, "Confirm that both have told you so.")}),
    ("review_on", "cf_open", (),
     {"refused": ("suspend", {"because": "court", "review_on": date(2027, 1, 4)}, 0, "within 20 working days")}),
    ("litigation does not suspend automatically", "direct_open", (("note_other_route", {"route": "court"}, 0),), {"paused": set()}),
    ("paused: Ended, or review decides", "cf_open", (("suspend", {"because": "court"}, 0), 5, ("end_suspension", {}, 0)),
     {"at": "cf_open", "paused": set()}),
    ("T21 Complainant-requested pause: 10 wd, once", "cf_open", (("ask_for_pause", {}, 0), 3, ("end_pause", {}, 0)),
     {"refused": ("ask_for_pause", {}, 0, "it can be only once")}),
    # 6.4 Parties and other cases
    ("withdrawn: each joint complainant separately; case continues if another complainant remains", "two complainants",
     (("withdraw", {}, 8),), {"at": "direct_open", "complainants": 1}),
    ("any open → closed `withdrawn`", "two complainants", (("withdraw", {}, 8), ("withdraw", {}, 1)), {"outcome": "withdrawn"}),
    ("any open → closed `discontinued`: Party ceased, no successor", "cf_open", (("discontinue", {}, 0),), {"outcome": "discontinued"}),
    ("split: Coordinator, reasons", "screening", (("split", {"parted": ("22",)}, 0),), {"at": "screening", "open": {21}}),
    ("may be heard together", "panel_open", (("hear_together", {"other_case": "BD-2026-0002"}, 0),),
     {"at": "panel_open", "links": {"joint"}}),
    # 6.4 After the end
    ("closed → follow_up: >= 1 remedy open; due dates", "settled", (("record_remedy", REMEDY, 0),),
     {"at": "follow_up", "outcome": "resolved_full", "remedies": 1}),
    ("follow_up → completed: All remedies verified", "follow_up",
     (("report_remedy", {"which": "1"}, 0), ("confirm_remedy", {"which": "1"}, 0)), {"at": "completed"}),
    ("or waived by complainant", "follow_up", (("waive_remedy", {"which": "1"}, 0),), {"at": "completed"}),
    ("(a remedy that was only reported is still open)", "follow_up", (("report_remedy", {"which": "1"}, 0),), {"at": "follow_up"}),
    ("reopened: Remedy not implemented", "follow_up",
     (("deny_remedy", {"which": "1"}, 0), ("reopen", {"ground": "not_done", "goes_on_at": "critical_friend"}, 0)),
     {"at": "cf_appointing", "outcome": "", "limits": {"handling": 60}}),
    ("prior stage", "completed", (("reopen", {"ground": "new_evidence", "goes_on_at": "panel"}, 0),), {"at": "panel_convening"}),
    ("closed → under_process_review: Party requests in window", "closed", (("ask_for_review", {"ground": "steps"}, 1),),
     {"at": "under_process_review", "limits": {"decide_review": 10}}),
    ("in window", "closed", (11, "clock", "clock"), {"refused": ("ask_for_review", {}, 1, "within ten working days")}),
    ("under_process_review → closed or prior stage: Steering group; reasons", "under_process_review",
     (("uphold_review", {"goes_on_at": "check"}, 0),), {"at": "screening", "outcome": ""}),
    ("(or closed)", "under_process_review", (("end_review", {"result": "proper"}, 0),), {"at": "closed", "outcome": "proposal_declined"}),
    # 9.5 and 11
    ("retaliation report event at any time incl. follow-up", "follow_up", (("report_retaliation", {}, 0),), {"at": "follow_up"}),
    ("'no detriment' undertaking captured from the respondent", "direct_open", (("promise_no_detriment", {}, 2),), {"at": "direct_open"}),
    ("The clock escalates … to the next stage by itself at the end of the window", "direct_open", (["screening"],), {"at": "screening"}),
    ("and again after the critical friend", "cf_open", (["panel_convening"],), {"at": "panel_convening"}),
    ("Silence never loses a case", "screening", (("refuse", {}, 0), ("challenge_refusal", {}, 0), ["screening"]), {"at": "screening"}),
    ("Respondent non-engagement … is not an outcome: the procedure continues and a statement can issue", "direct_open",
     (["panel_convening"], ("convene", PANEL, 0), ("open_panel", {}, 0), ("send_draft", {}, 0), ("propose", {}, 0)),
     {"at": "awaiting_party_response"}),
    ("panel members cannot have acted as critical friend in the same case", "panel_convening", (),
     {"refused": ("convene", PANEL | {"members": ("kim", "mo", "nat")}, 0, "kim was the critical friend in this case")}),
    ("steering-group reviewers cannot have acted as critical friend in the same case", "under_process_review", (),
     {"refused": ("end_review", {}, 0, "You were the critical friend in this case", KIM)}),
    ("Where the host organisation is a party, screening passes to the other sector's named person", "screening", (),
     {"refused": ("admit", {}, 0, "You belong to B0, a side in this case", Actor(9, "olive", organisations=frozenset({12})))}),
)


def begin(new_case: Any, where: str) -> Any:
    if where == "two complainants":
        return new_case(complainants=2, at="direct_open")
    walk = new_case(at="cf_open" if where == "settled" else where)
    if where == "settled":
        walk.do("record_resolution", VIEWS)
    return walk


def take(walk: Any, step: Any) -> None:
    if isinstance(step, int):
        walk.pass_days(step)
    elif isinstance(step, list):
        walk.fire_until(*step)
    elif step == "clock":
        walk.fire()
    else:
        walk.do(*step)


@pytest.mark.parametrize(("sentence", "where", "steps", "holds"), [pytest.param(*row, id=row[0][:70]) for row in ROAD])
def test_the_procedure_does_what_the_sentence_says(new_case: Any, sentence: str, where: str, steps: tuple[Any, ...], holds: Any) -> None:
    walk = begin(new_case, where)

    for step in steps:
        take(walk, step)

    facts = walk.facts
    if "refused" in holds:
        action, answers, party, words, *actor = holds["refused"]
        assert words in walk.refusal(action, answers, party, *actor)
    seen: dict[str, Any] = {
        "at": facts.status, "outcome": facts.outcome, "still": {one.limit for one in facts.running if one.due_on is None},
        "paused": {one.name for one in facts.open_pauses}, "admissible": {one.id: one.admissible for one in facts.allegations},
        "open": {one.id for one in facts.allegations if one.open}, "complainants": len(facts.on("complainant")),
        "links": {one.kind for one in facts.links}, "remedies": len(facts.remedies)}
    assert {name: seen[name] for name in holds if name in seen} == {name: value for name, value in holds.items() if name in seen}
    for limit, days in holds.get("limits", {}).items():
        assert walk.days_left(limit) == days
    if "serving" in holds:
        role, number = holds["serving"]
        assert len(facts.serving(role)) == number


@pytest.mark.parametrize(("limit", "at", "steps", "subject", "days"), [
    # 7. The timers that the road itself does not start; the others stand in test_clocks.
    ("decide_bypass", "bypass", (), 0, 5),
    ("decide_challenge", "screening", (("refuse", {}, 0), ("challenge_refusal", {}, 0)), 0, 10),      # T9
    ("objection", "cf_open", (), 0, 3),                                                              # T11
    ("name_replacement", "cf_open", (("step_down", {}, 0, KIM),), 0, 5),                              # T12
    ("replacement_pause", "cf_open", (("step_down", {}, 0, KIM),), 0, 10),                            # T12: cap 10
    ("acknowledge_panel", "panel_convening", (), 0, 5),                                              # T15
    ("regular_update", "received", (), 0, 20),                                                       # T20
    ("complainants_time", "cf_open", (("ask_for_pause", {}, 0),), 0, 10),                             # T21
    ("suspension_review", "cf_open", (("suspend", {"because": "court"}, 0),), 0, 20),                 # T22
    ("suspension_review", "cf_open", (("suspend", {"because": "court"}, 0), 9, ("prolong_suspension", {}, 0)), 0, 20),
    ("ask_for_review", "closed", (), 0, 10),                                                         # T25
    ("decide_review", "under_process_review", (), 0, 10),
    ("publication_rest", "closed", (), 0, 30),                                                       # T27
    ("freedom_of_information", "closed", (("record_foi_request", {"foi_received_on": "today"}, 0),), 0, 20),    # T29
])
def test_a_timer_lasts_as_long_as_the_table_says(new_case: Any, limit: str, at: str, steps: Any, subject: int, days: int) -> None:
    walk = new_case(answers=WITH_BYPASS) if at == "bypass" else begin(new_case, at)
    for step in steps:
        if not isinstance(step, int) and isinstance(step[1], dict):
            step = (step[0], {name: walk.today if value == "today" else value for name, value in step[1].items()}, *step[2:])
        take(walk, step)

    assert walk.days_left(limit, subject) == days


@pytest.mark.parametrize(("limit", "where", "months", "subject"), [
    # T23 as agreed, default 3 months; T24 6 and 12 months; T26 12 months.
    ("remedy", "follow_up", 3, 1), ("six_months", "follow_up", 6, 0), ("one_year", "follow_up", 12, 0), ("reopening", "closed", 12, 0)])
def test_what_comes_after_the_end_counts_in_months(new_case: Any, limit: str, where: str, months: int, subject: int) -> None:
    walk = begin(new_case, where)

    year, month = divmod(walk.today.year * 12 + walk.today.month - 1 + months, 12)

    assert walk.due(limit, subject) == walk.today.replace(year=year, month=month + 1)


def test_a_complaint_after_twelve_months_says_why_it_comes_only_now(new_case: Any) -> None:
    # T3: later of event / awareness, 12 months, discretion.
    walk = new_case(received=date(2026, 3, 2))
    walk.facts = replace(walk.facts, status="", sequence=0, event_on=date(2025, 3, 1), running=())

    assert "Say why" in walk.refusal("lodge", {"received_on": date(2026, 3, 2)})
    assert walk.do("lodge", {"received_on": date(2026, 3, 2), "why_late": "We learned of it slowly."}).target == "received"


def test_a_bypass_that_nobody_decides_on_is_granted_and_the_respondent_is_not_told_before(new_case: Any) -> None:
    walk = new_case(answers=WITH_BYPASS)

    assert walk.fire_until("screening", "direct_open")[-1] == "grant_bypass_by_clock"
    assert walk.facts.status == "screening"


def test_both_sides_hear_where_things_stand_every_twenty_working_days_for_as_long_as_the_case_is_open(new_case: Any) -> None:
    walk = new_case()
    did = walk.fire_until("closed")

    assert did.count("update_by_clock") >= 4
    assert "regular_update" not in walk.limits()


def test_what_stops_the_clock_stops_every_limit_but_those_that_belong_to_the_pause_or_to_the_law(procedure: Procedure) -> None:
    waiting = {name for name, one in procedure.statuses.items() if not one.final}
    goes_on = {"suspension_review", "complainants_time", "regular_update", "freedom_of_information", "data_protection_complaint",
               "replacement_pause", "panel_replacement_pause"}

    of_open_cases = {name for name, rule in procedure.limits.items() if rule.statuses & waiting and not rule.only_shown}
    for action in ("suspend", "ask_for_pause"):
        stops = procedure.actions[action].stops
        assert stops is not None
        assert set(stops.limits) == of_open_cases - goes_on


def test_every_limit_says_where_its_length_comes_from(procedure: Procedure) -> None:
    assert all(rule.source for rule in procedure.limits.values())
    assert set(procedure.seen_as) == {"received", "with_the_other", "waiting_for_you", "with_critical_friend", "with_panel", "carried_out",
                                      "ended", "paused"}
