"""The story of a case: who did what, in words that the reader may see."""

from __future__ import annotations

import pytest
from conftest import lodge, tell

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.steps_told import confirmation, foretell
from breachdesk.errors import StaleCase


def page(desk, actor, reference):
    with desk.database.read() as session:
        return case_page(session, desk, actor, reference)


def test_numbers_and_confirmations_are_not_taken_for_people(desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, Step("record_direct_contact", {"person": "X", "contacted_on": "2026-03-02", "how": "letter"}))
    act(desk, cast.olive, reference, Step("give_more_time", {"which": "respond", "days": 5, "reason": "Leave."}))

    newest = page(desk, cast.omar, reference).timeline[0]

    assert dict(newest.texts) == {"For what?": "Amberdale Council answers", "How many working days more?": "5", "Why?": "Leave."}


def test_people_who_were_named_are_called_by_name(desk, cast):
    reference = lodge(desk, cast.ruth, tried="yes", tried_with="Mr X", tried_on="2026-02-21", tried_reply="Nothing.")
    act(desk, cast.olive, reference, Step("register_direct_resolution", {"evidence": "A letter."}))
    act(desk, cast.olive, reference, Step("admit", {"reasons": "It names 13.2."}))
    act(desk, cast.olive, reference, Step("appoint_critical_friend", {
        "critical_friend": "maya@desk.example", "mode": "mediator", "declared": True}))

    newest = page(desk, cast.omar, reference).timeline[0]

    assert newest.actor == "Olive"
    assert dict(newest.texts)["Who?"] == "Maya"


def test_organisations_are_called_by_name(desk, cast):
    reference = lodge(desk, cast.ruth)

    opened = page(desk, cast.ruth, reference).timeline[-1]

    assert dict(opened.texts)["Which organisation is it about?"] == "Amberdale Council"


def test_a_deadline_says_what_the_clock_would_really_do(desk, cast):
    reference = lodge(desk, cast.ruth)
    tried = lodge(desk, cast.ruth, tried="yes", tried_with="Mr X", tried_on="2026-02-21", tried_reply="Nothing.")

    def after_forward(one):
        return next(line.next for line in page(desk, cast.ruth, one).deadlines if line.kind == "forward")

    assert after_forward(reference) == "The desk writes to Amberdale Council"
    assert after_forward(tried) == "Direct resolution taken as tried"


def test_a_report_of_retaliation_is_known_to_the_coordinator_and_to_whoever_made_it_alone(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    act(desk, cast.ruth, reference, Step("report_retaliation", {"what_happened": "Our next grant was cut.", "happened_on": "2026-03-02"}))

    def reads(actor):
        shown = page(desk, actor, reference).timeline
        return [text for step in shown for _, text in step.texts], [step.title for step in shown]

    for actor in (cast.olive, cast.ruth):
        assert "Tell the coordinator that this is held against you" in reads(actor)[1]
    assert "Our next grant was cut." in reads(cast.olive)[0]
    assert "Tell the coordinator that this is held against you" not in reads(cast.omar)[1]
    assert "Our next grant was cut." not in reads(cast.omar)[0]


def test_whoever_comes_second_is_not_told_of_what_only_the_coordinator_may_know(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    seen = page(desk, cast.omar, reference).version
    act(desk, cast.ruth, reference, Step("report_retaliation", {"what_happened": "Our next grant was cut.", "happened_on": "2026-03-02"}))

    with pytest.raises(StaleCase) as stale:
        act(desk, cast.omar, reference, Step("acknowledge_notice", {"who_answers": "I do"}, seen_version=seen))

    assert "held against" not in str(stale.value)


def test_why_a_complaint_was_stopped_is_read_by_the_coordinator_alone(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "fear", "reason": "They fund us."}))

    said = {actor.name: " ".join(text for step in page(desk, actor, reference).timeline for _, text in step.texts)
            for actor in (cast.olive, cast.omar)}

    assert "We fear that it will be held against us" in said["Olive"]
    assert "fear" not in said["Omar"]
    assert "Stop the complaint" in [step.title for step in page(desk, cast.omar, reference).timeline]


def test_a_correction_of_what_only_the_coordinator_may_know_is_known_to_nobody_else(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    act(desk, cast.ruth, reference, Step("report_retaliation", {"what_happened": "Our next grant was cut.", "happened_on": "2026-03-02"}))
    entry = page(desk, cast.olive, reference).timeline[0].seq
    act(desk, cast.olive, reference, Step("correct", {"entry": entry, "correction": "It was not cut but put off."}))

    said = {actor.name: str(page(desk, actor, reference).timeline) for actor in (cast.olive, cast.omar)}

    assert "It was not cut but put off." in said["Olive"]
    assert "put off" not in said["Omar"]
    assert "Correct a mistake" not in said["Omar"]
    assert [one.subject for one in page(desk, cast.olive, reference).notices if "corrected" in one.subject] == []


def test_before_and_after_a_correction_it_is_said_who_is_really_told(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    act(desk, cast.ruth, reference, Step("report_retaliation", {"what_happened": "Our next grant was cut.", "happened_on": "2026-03-02"}))
    narrow = page(desk, cast.olive, reference).timeline[0].seq

    for entry, told in ((narrow, []), (1, ["Riverside Carers, Amberdale Council and the coordinator"])):
        step = Step("correct", {"entry": entry, "correction": "It was put off."})
        assert [one.to for one in foretell(desk, cast.olive, reference, step).told] == told
        seq = act(desk, cast.olive, reference, step).seq
        with desk.database.read() as session:
            assert [one.to for one in confirmation(session, desk, cast.olive, reference, seq).told] == told
