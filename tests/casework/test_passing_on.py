"""A coordinator who has an interest: what they see of the case, the one step that is left to them, and who has it afterwards."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import declare_none, lodge, tell
from sqlalchemy import insert

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.passing_on import left_to_pass, not_passed_on, passing_on
from breachdesk.errors import Invalid, NotFound, Refused
from breachdesk.store import people
from breachdesk.store.tables import table_of
from breachdesk.store.tables_people import SuccessionRow

pytestmark = pytest.mark.usefixtures("replayed_afterwards")

SUCCESSIONS = table_of(SuccessionRow)
NAMES = ("Riverside", "Amberdale", "helpline")


@pytest.fixture
def conflicted(desk, cast, joins):
    """Olive, the only coordinator, belongs to the council complained about. Iris and Ivo could stand in; Ivo belongs to it too."""
    joins("olive", "amberdale-council")
    joins("iris", "fernhollow-health-partnership", role="stand_in", sector="statutory")
    joins("ivo", "amberdale-council", role="stand_in", sector="statutory")
    return lodge(desk, cast.ruth)


def step(who: str) -> Step:
    return Step("pass_to_stand_in", {"stand_in": who, "reason": "It is my own council."})


def asked(desk, cast, reference):
    with desk.database.read() as session:
        return passing_on(session, desk, cast.olive, reference)


def test_all_that_they_see_is_the_reference_and_the_day(desk, cast, conflicted):
    with desk.database.read() as session:
        [one] = left_to_pass(session, cast.olive, date(2026, 3, 2))
        assert list_cases(session, desk, cast.olive) == ([], None)

    assert (one.reference, one.received_on) == (conflicted, date(2026, 3, 2))
    found = asked(desk, cast, conflicted)
    assert not [name for name in NAMES if name in str((found.title, found.help, found.asks))]
    assert found.offered.against["ivo@desk.example"].says == "Cannot be named: belongs to a side in this case. Serves in no open case."
    assert not found.nobody_free


def test_the_refusal_of_somebody_with_an_interest_names_no_side(desk, cast, conflicted):
    with pytest.raises(Refused) as refused:
        act(desk, cast.olive, conflicted, step("ivo@desk.example"))

    assert str(refused.value) == "Ivo belongs to a side in this case, so cannot decide in it. Choose somebody else."


def test_afterwards_the_stand_in_is_the_coordinator_of_the_case(desk, cast, conflicted):
    act(desk, cast.olive, conflicted, step("iris@desk.example"))
    tell(desk, cast.ruth, conflicted)
    act(desk, cast.omar, conflicted, Step("respond", {"answer": "No.", "position": "not_accepted"}))
    send_waiting_notices(desk)
    declare_none(desk, cast.iris, conflicted)

    with desk.database.read() as session:
        assert left_to_pass(session, cast.olive, date(2026, 3, 2)) == []
        assert not list(not_passed_on(session, desk))
        assert case_page(session, desk, cast.iris, conflicted).roles == {"stand_in", "coordinator"}
        assert case_page(session, desk, cast.olive, conflicted).roles == {"respondent"}
        told = {(one.to, one.subject) for one in case_page(session, desk, cast.iris, conflicted).notices}
    answered = {to for to, subject in told if subject.startswith("Amberdale Council has answered")}
    assert "Iris" in answered
    assert "Olive" not in answered


def test_a_case_is_passed_on_once(desk, cast, conflicted):
    act(desk, cast.olive, conflicted, step("iris@desk.example"))

    with pytest.raises(NotFound):
        asked(desk, cast, conflicted)
    with pytest.raises(NotFound):
        act(desk, cast.olive, conflicted, step("iris@desk.example"))


@pytest.mark.parametrize("tie", ["membership", "succession", "representation"])
def test_a_case_whose_stand_in_has_come_to_belong_to_a_side_is_passed_on_again(desk, cast, conflicted, joins, tie):
    act(desk, cast.olive, conflicted, step("iris@desk.example"))
    declare_none(desk, cast.iris, conflicted)
    joins("ida", role="stand_in", sector="statutory")

    with desk.database.begin() as session:
        number = {slug: place for place, slug, *_ in people.organisations(session)}
        if tie == "succession":
            session.execute(insert(SUCCESSIONS).values(predecessor_id=number["fernhollow-health-partnership"],
                                                       successor_id=number["riverside-carers"], from_on=date(2026, 3, 1)))
    if tie == "membership":
        joins("iris", "riverside-carers")
    if tie == "representation":
        act(desk, cast.ruth, conflicted, Step("name_representative", {
            "represented_by": "fernhollow-health-partnership", "represented_since": "2026-03-01"}))

    assert asked(desk, cast, conflicted).reference == conflicted
    act(desk, cast.olive, conflicted, step("ida@desk.example"))
    with pytest.raises(NotFound):
        asked(desk, cast, conflicted)


def test_with_nobody_free_in_the_pool_somebody_with_an_account_is_named_by_address(desk, cast, joins):
    joins("olive", "amberdale-council")
    joins("ivo", "amberdale-council", role="stand_in", sector="statutory")
    reference = lodge(desk, cast.ruth)

    assert asked(desk, cast, reference).nobody_free
    with pytest.raises(Invalid):
        act(desk, cast.olive, reference, step("nobody@desk.example"))
    act(desk, cast.olive, reference, step("hana@desk.example"))
    declare_none(desk, cast.hana, reference)

    with desk.database.read() as session:
        assert "coordinator" in case_page(session, desk, cast.hana, reference).roles


def test_nobody_from_outside_is_named_while_somebody_of_the_pool_is_free(desk, cast, conflicted):
    with pytest.raises(Invalid):
        act(desk, cast.olive, conflicted, step("hana@desk.example"))


def test_a_case_that_nobody_passes_on_is_shown_by_its_reference(desk, cast, conflicted, joins):
    with desk.database.read() as session:
        [one] = not_passed_on(session, desk)
    assert (one.reference, one.coordinator, one.another_coordinates) == (conflicted, "Olive", False)

    joins("otis", role="coordinator")

    with desk.database.read() as session:
        [one] = not_passed_on(session, desk)
    assert one.another_coordinates
