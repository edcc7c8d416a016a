"""Who sees a case in a list, and who does not: the one query behind every list, count, search and export."""

from __future__ import annotations

import pytest
from conftest import act_declared, declare_none, lodge

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.errors import NotFound, Refused
from breachdesk.store import schemes

TO_THE_PANEL = [
    ("ruth", "record_direct_contact", {"person": "X", "contacted_on": "2026-03-02", "how": "letter"}),
    ("omar", "respond", {"answer": "No.", "position": "not_accepted"}),
    ("ruth", "refer_to_critical_friend", {"remaining": "All of it."}),
    ("olive", "admit", {"reasons": "It names 13.2."}),
    ("olive", "appoint_critical_friend", {"critical_friend": "maya@desk.example", "mode": "mediator", "declared": True}),
    ("maya", "end_critical_friend_stage", {"result": "no_agreement"}),
    ("ruth", "refer_to_panel", {"remaining": "All of it."}),
    ("olive", "convene", {"members": ["petra@desk.example", "piers@desk.example", "pia@desk.example"], "chair": "pia@desk.example",
                          "declared": True}),
]


def take(desk, cast, reference, steps):
    for who, action, answers in steps:
        act_declared(desk, getattr(cast, who), reference, Step(action, answers))


def seen_by(desk, actor):
    with desk.database.read() as session:
        return [line.reference for line in list_cases(session, desk, actor)[0]]


@pytest.mark.parametrize(("steps", "seeing"), [
    # Nobody at Amberdale Council knows of it before it has been told.
    (0, {"ruth", "olive"}),
    (1, {"ruth", "omar", "alma", "paula", "sara", "olive"}),
    (5, {"ruth", "omar", "alma", "paula", "sara", "olive", "maya"}),
    # Once it reached the panel the steering group reviews it; sara's own organisation is a party, so she meets it only as its member.
    (8, {"ruth", "omar", "alma", "paula", "sara", "olive", "maya", "sid", "petra", "piers", "pia"}),
])
def test_a_case_exists_for_those_who_are_part_of_it(either_desk, cast, steps, seeing):
    reference = lodge(either_desk, cast.ruth)
    take(either_desk, cast, reference, TO_THE_PANEL[:steps])

    everybody = {"ruth", "omar", "hana", "stella", "olive", "maya", "alma", "petra", "piers", "pia", "paula", "sid", "sara", "ops"}
    assert {name for name in everybody if seen_by(either_desk, getattr(cast, name))} == seeing
    for name in everybody - seeing:
        with either_desk.database.begin() as session, pytest.raises(NotFound):
            case_page(session, either_desk, getattr(cast, name), reference)


def test_the_steering_group_reviews_no_dispute_of_its_own_members(desk, cast):
    reference = lodge(desk, cast.ruth)
    take(desk, cast, reference, TO_THE_PANEL)

    declare_none(desk, cast.sid, reference)
    with desk.database.begin() as session:
        assert "steering_group" in case_page(session, desk, cast.sid, reference).roles
        assert "steering_group" not in case_page(session, desk, cast.sara, reference).roles


@pytest.mark.parametrize("reviews", ["summaries", "figures"])
def test_a_scheme_that_narrows_its_reviews_shows_its_steering_group_no_case(either_desk, cast, reviews):
    reference = lodge(either_desk, cast.ruth)
    take(either_desk, cast, reference, TO_THE_PANEL)
    settle_reviews(either_desk, reviews)

    assert seen_by(either_desk, cast.sid) == []
    with pytest.raises(NotFound):
        act(either_desk, cast.sid, reference, Step("record_review", {"observations": "None of ours."}))
    with either_desk.database.begin() as session, pytest.raises(NotFound):
        case_page(session, either_desk, cast.sid, reference)


def test_a_case_with_no_data_controller_cannot_begin(desk, cast):
    with desk.database.begin() as session:
        schemes.settle(session, 1, controller="")

    with pytest.raises(Refused, match="who is the data controller"):
        lodge(desk, cast.ruth)


def settle_reviews(desk, reviews):
    with desk.database.begin() as session:
        schemes.settle(session, 1, reviews=reviews)


def test_words_for_the_coordinator_are_read_by_nobody_else(desk, cast):
    reference = lodge(desk, cast.ruth, adjustments="canary-large-print")

    def words(actor):
        with desk.database.begin() as session:
            return str(case_page(session, desk, actor, reference).timeline)

    take(desk, cast, reference, TO_THE_PANEL[:1])

    assert "canary-large-print" in words(cast.olive)
    assert "canary-large-print" not in words(cast.omar)
    assert "canary-large-print" not in words(cast.ruth)
