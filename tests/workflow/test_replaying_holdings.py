"""What a case holds — parties, people, allegations, remedies, links — is what its entries say, effect by effect."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from road_told import OPENING, step

from breachdesk.workflow.replaying_holdings import HoldingsReplay

AT, LATER = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 9, 12, tzinfo=UTC)
ALLEGATION = {"id": 1, "party_id": 2, "commitment_id": 101, "ending": None, "admissible": None, "decided_seq": None, "position": None,
              "required": None, "happened": None}


def opened(**facts: Any) -> HoldingsReplay:
    case = HoldingsReplay()
    case.opened({**OPENING, **facts}, 1, AT)
    return case


def then(case: HoldingsReplay, seq: int = 2, party: int = 0, visits: tuple[int, int] = (1, 1), action: str = "forward",
         **effects: Any) -> HoldingsReplay:
    case.stepped(step(action, "received", "answering", party, effects=effects), seq, LATER, visits)
    return case


def test_a_case_begins_with_its_parties_the_first_in_the_lead_and_what_is_said_against_them() -> None:
    case = opened()

    party = {"taken": "", "taken_visit": 0, "left_on": None, "identity": "open"}
    assert list(case.parties.values()) == [
        {**party, "id": 1, "organisation_id": 11, "side": "complainant", "is_lead": True},
        {**party, "id": 2, "organisation_id": 12, "side": "respondent", "is_lead": False}]
    assert list(case.allegations.values()) == [ALLEGATION, {**ALLEGATION, "id": 2, "commitment_id": 102}]
    assert {name: rows for name, rows in case.rows() if name not in ("parties", "allegations")} == {
        "appointments": [], "remedies": [], "interests": [], "representations": [], "case_links": []}


def test_whoever_complains_unnamed_is_so_and_the_other_side_is_not() -> None:
    case = opened(answers={"identity": "shielded"})

    assert [one["identity"] for one in case.parties.values()] == ["shielded", "open"]


def test_what_a_number_in_a_commitment_required_stands_at_that_commitment_alone() -> None:
    case = opened(effects={"measured": [102, "12 weeks", "3 weeks"]})

    assert [(one["required"], one["happened"]) for one in case.allegations.values()] == [(None, None), ("12 weeks", "3 weeks")]


def test_allegations_of_a_log_that_did_not_number_them_are_told_apart_all_the_same() -> None:
    case = opened(allegations=[[2, 101], [2, 102]])

    assert [(key, one["id"], one["commitment_id"]) for key, one in case.allegations.items()] == [(-1, -1, 101), (-2, -2, 102)]


def test_a_complaint_may_bring_effects_of_its_own() -> None:
    case = opened(effects={"represented": [1, 15, "2026-02-27"], "linked": ["DD-2025-0009", "related"]})

    assert case.representations == [{"party_id": 1, "organisation_id": 15, "consent_on": date(2026, 2, 27), "ended_at": None}]
    assert case.links == [{"case_id": "DD-2026-0001", "other_id": "DD-2025-0009", "kind": "related"}]


def test_a_part_of_another_case_brings_along_what_was_known_there() -> None:
    carried = {"identities": [[1, "represented"]], "represented": [[1, 15, "2026-02-27"]],
               "allegations": [[2, True, "disputed", "12 weeks", "3 weeks"]]}
    case = opened(allegations=[[2, 102, 2], [2, 103, 3]], answers={"identity": "shielded"},
                  effects={"linked": ["DD-2026-0001", "split"], "carried": carried}, reference="DD-2026-0002")

    assert [one["identity"] for one in case.parties.values()] == ["represented", "open"]
    assert case.allegations[2] == {**ALLEGATION, "id": 2, "commitment_id": 102, "admissible": True, "position": "disputed",
                                   "required": "12 weeks", "happened": "3 weeks"}
    assert (case.allegations[3]["admissible"], case.allegations[3]["position"]) == (None, None)
    assert case.representations == [{"party_id": 1, "organisation_id": 15, "consent_on": date(2026, 2, 27), "ended_at": None}]
    assert case.links == [{"case_id": "DD-2026-0001", "other_id": "DD-2026-0002", "kind": "split"}]


def test_a_party_remembers_what_it_did_in_this_visit_to_the_stage() -> None:
    case = then(opened(), party=2, action="respond", visits=(0, 1))
    then(case, party=2, action="more_time")
    taken = [case.parties[2]["taken"], case.parties[2]["taken_visit"]]
    then(case, party=2, action="object", visits=(2, 3))

    assert taken == ["more_time respond", 1]
    assert [case.parties[2][name] for name in ("taken", "taken_visit")] == ["object", 3]
    assert [case.parties[1][name] for name in ("taken", "taken_visit")] == ["", 0]


def test_a_step_that_is_no_partys_own_is_remembered_of_nobody() -> None:
    assert then(opened(), visits=(1, 2)).parties == opened().parties


def test_people_are_named_and_released_by_person_and_role() -> None:
    named = [{"account": 31, "role": "panel_member", "chair": True}, {"account": 32, "role": "panel_member", "chair": False}]
    case = then(opened(), 5, appointed=named)
    row = {"role": "panel_member", "seq": 5, "from_at": LATER, "ended_at": None}
    assert case.appointments == [{**row, "account_id": 31, "chair": True}, {**row, "account_id": 32, "chair": False}]

    then(case, 6, released=[{"account": 32, "role": "panel_member"}, {"account": 31, "role": "critical_friend"}], appointed=named[1:])

    assert [(one["account_id"], one["ended_at"], one["seq"]) for one in case.appointments] == [(31, None, 5), (32, LATER, 5), (32, None, 6)]


def test_allegations_are_decided_answered_parted_and_end_with_the_case() -> None:
    case = then(opened(allegations=[[2, 101 + each, 1 + each] for each in range(4)]), 3, decided=[[1, True], [2, False]])
    then(case, 4, positions=[[1, "disputed"]], split=[4])
    case.ended("withdrawn")

    assert [(one["admissible"], one["decided_seq"], one["position"], one["ending"]) for one in case.allegations.values()] == [
        (True, 3, "disputed", "withdrawn"), (False, 3, None, "inadmissible"), (None, None, None, "withdrawn"), (None, None, None, "split")]


def test_what_ended_with_the_case_goes_on_with_it_and_what_was_refused_as_a_whole_is_decided_anew() -> None:
    case = then(opened(allegations=[[2, 101 + each, 1 + each] for each in range(3)]), 3, decided=[[1, True], [2, False], [3, False]])
    case.allegations[3]["ending"] = "split"
    case.ended("inadmissible")

    case.reopened("inadmissible")

    assert [(one["admissible"], one["ending"]) for one in case.allegations.values()] == [(True, None), (None, None), (False, "split")]


def test_a_remedy_is_agreed_on_and_settled() -> None:
    one = {"remedy": 1, "kind": "apology", "owner": 2, "due_on": "2026-04-01", "state": "open"}
    case = then(opened(), 3, remedy_added=one)
    then(case, 4, remedy_added={**one, "remedy": 2, "due_on": None})
    row = {"number": 1, "kind": "apology", "owner_id": 2, "due_on": date(2026, 4, 1), "state": "open", "added_seq": 3, "settled_seq": None}
    other = {**row, "number": 2, "due_on": None, "added_seq": 4}
    assert list(case.remedies.values()) == [row, other]

    then(case, 5, remedy_settled={**one, "state": "done"})

    assert list(case.remedies.values()) == [{**row, "state": "done", "settled_seq": 5}, other]


def test_who_is_excluded_and_why() -> None:
    case = then(opened(), 3, interested=31)
    then(case, 4, objected=[32, 33])

    assert case.interests == [{"account_id": 31, "seq": 3, "because": "declared"}, {"account_id": 32, "seq": 4, "because": "objection"},
                              {"account_id": 33, "seq": 4, "because": "objection"}]


def test_another_organisation_acts_for_a_party_in_place_of_the_one_before() -> None:
    case = then(opened(), represented=[1, 15, "2026-03-02"])
    then(case, represented=[2, 17, "2026-03-04"])
    case.stepped(step("forward", "received", "answering", effects={"represented": [1, 16, "2026-03-03"]}), 4, AT, (1, 1))
    then(case, represented=[1, 18, "2026-03-05"])

    assert [(one["party_id"], one["organisation_id"], one["consent_on"].day, one["ended_at"]) for one in case.representations] == [
        (1, 15, 2, AT), (2, 17, 4, None), (1, 16, 3, LATER), (1, 18, 5, None)]


def test_a_party_is_succeeded_or_leaves() -> None:
    case = then(opened(), succeeded=[2, 19], left=1)

    assert [(one["organisation_id"], one["left_on"]) for one in case.parties.values()] == [(11, date(2026, 3, 9)), (19, None)]


def test_cases_are_linked_from_either_end() -> None:
    case = then(opened(), linked=["DD-2026-0003", "joint"], part="DD-2026-0004")
    case.noted("link:made", {"case": "DD-2026-0005", "kind": "counter"}, 7, 5, LATER)

    assert [(one["case_id"], one["other_id"], one["kind"]) for one in case.links] == [
        ("DD-2026-0001", "DD-2026-0003", "joint"), ("DD-2026-0001", "DD-2026-0004", "split"), ("DD-2026-0005", "DD-2026-0001", "counter")]


def test_a_name_that_was_kept_back_is_shown() -> None:
    case = opened(answers={"identity": "shielded"})

    case.noted("identity:unmask_refused", {"party": 1, "asked_by": 7}, 7, 4, LATER)
    refused = case.parties[1]["identity"]
    case.noted("identity:unmasked", {"party": 1, "asked_by": 7}, 7, 5, LATER)

    assert (refused, case.parties[1]["identity"]) == ("shielded", "open")


@pytest.mark.parametrize(("event", "nature", "excluded"), [
    ("interest:declared", "member", True), ("interest:declared", "none", False), ("room:said", "member", False)])
def test_whoever_declares_an_interest_is_excluded_and_stands_in_no_longer(event: str, nature: str, excluded: bool) -> None:
    people = [(31, "stand_in"), (31, "panel_member"), (32, "stand_in")]
    case = then(opened(), appointed=[{"account": account, "role": role, "chair": False} for account, role in people])

    case.noted(event, {"nature": nature}, 31, 5, LATER)

    assert case.interests == ([{"account_id": 31, "seq": 5, "because": "declared"}] if excluded else [])
    assert [one["ended_at"] for one in case.appointments] == [LATER if excluded else None, None, None]
