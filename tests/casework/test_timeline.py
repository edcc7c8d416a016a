"""The story of a case: who did what, in words that the reader may see."""

from __future__ import annotations

from conftest import lodge

from breachdesk.casework.act import Step, act
from breachdesk.casework.reading import case_page


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
