"""The other shipped Compacts and their schemes, against what their sources say."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest

from breachdesk.casework.procedures.setting_up import shipped_compacts
from breachdesk.compacts.editions import Compact, Edition
from breachdesk.compacts.loading import load_scheme
from breachdesk.compacts.schemes import Scheme
from breachdesk.resources import text

COMPACTS: dict[str, Compact] = {slug: compact for slug, (compact, _) in shipped_compacts().items()}
WITHOUT_WORDING = ("herefordshire", "salford", "south-derbyshire")
BORROWERS = ("high-peak", *WITHOUT_WORDING)


def draft() -> Edition:
    [edition] = COMPACTS["high-peak"].editions
    return edition


def scheme_of(slug: str) -> Scheme:
    return load_scheme(text("workflows", "schemes", f"{slug}.yaml"), f"{slug}.yaml", list(COMPACTS.values()))


def test_the_five_compacts_are_there() -> None:
    assert set(COMPACTS) == {"derby-and-derbyshire", *BORROWERS}


def test_high_peak_has_forty_three_undertakings_under_three_headings() -> None:
    assert len(draft().commitments) == 43
    assert Counter(one.owed_by for one in draft().commitments) == {"statutory": 27, "voluntary": 16}
    assert Counter((one.theme, one.owed_by) for one in draft().commitments) == {
        ("Funding and Capacity Building", "statutory"): 7, ("Funding and Capacity Building", "voluntary"): 4,
        ("Communication and Consultation", "statutory"): 13, ("Communication and Consultation", "voluntary"): 4,
        ("Supporting Volunteering", "statutory"): 7, ("Supporting Volunteering", "voluntary"): 8}


def test_high_peaks_numbers_are_ours_and_run_through_each_list() -> None:
    assert draft().numbers_are_ours
    lists = {"FC-SO": 7, "FC-VCO": 4, "CC-SO": 13, "CC-VCO": 4, "SV-SO": 7, "SV-VCO": 8}
    assert [one.code for one in draft().commitments] == [f"{name}{place}" for name, last in lists.items() for place in range(1, last + 1)]
    assert all(("-SO" in one.code) == (one.owed_by == "statutory") for one in draft().commitments)


@pytest.mark.parametrize(("code", "wording"), [
    ("FC-SO1", "Support VCOs where the aims of that organisation correspond with those of the public bodies. This support to include "
               "funding (where possible) and help in kind."),
    ("FC-VCO4", "Appreciate that funding may not always be secure and out of the hands of the local authority."),
    ("CC-SO5", "Undertake to ensure that consideration is given to VCOs on Committee Reports which may have implications that affect them"),
    ("CC-SO9", "Work with VCOs to deliver aneffective  information/advice service."),
    ("CC-VCO2", "Jointly co-ordinate an annual review of the Compact process"),
    ("SV-SO2", "Jointly Seek to  publicise the work carried out by volunteers."),
    ("SV-VCO5", "Create interest to initiate discussions to develop cohesive approach for volunteering qualifications which are recognised "
                "across the borough."),
    ("SV-VCO8", "Jointly seek to develop a system of directing clients between sectors to access correct service providers"),
])
def test_high_peaks_wording_is_as_printed(code: str, wording: str) -> None:
    assert draft().commitment(code).text == wording


def test_high_peak_speaks_of_sos_and_vcos_and_leaves_disputes_open() -> None:
    assert COMPACTS["high-peak"].vocabulary == {"statutory": "Statutory Organisations (SOs)",
                                                "voluntary": "Voluntary and Community Organisations (VCOs)"}
    assert draft().remedy_text == "Information pending"
    assert (draft().status, draft().dated_as) == ("draft", "2003")


def test_high_peak_wants_to_be_measured_by_seven_things_three_of_which_the_desk_can_count() -> None:
    measures = COMPACTS["high-peak"].life.success_measures

    assert [one.counted for one in measures] == ["signatories", "", "", "", "disputes", "", "reviews"]


@pytest.mark.parametrize("slug", WITHOUT_WORDING)
def test_a_compact_whose_wording_is_not_in_the_source_says_why(slug: str) -> None:
    [edition] = COMPACTS[slug].editions

    assert edition.commitments == ()
    assert "not in" in edition.no_wording or "does not quote" in edition.no_wording


@pytest.mark.parametrize("slug", BORROWERS)
def test_a_scheme_says_from_whom_it_borrows_the_procedure(slug: str) -> None:
    scheme = scheme_of(slug)

    assert scheme.procedure_borrowed_from.startswith("the draft Derby and Derbyshire Compact")
    assert scheme.operated_on(date(2026, 3, 2)) is not None
    assert scheme_of("derby-and-derbyshire").procedure_borrowed_from == ""


@pytest.mark.parametrize("slug", BORROWERS)
def test_the_named_people_of_every_scheme_are_invented(slug: str) -> None:
    scheme = scheme_of(slug)

    assert {one.sector for one in scheme.critical_friends} == {"statutory", "voluntary"}
    assert all(one.email.endswith(".example") and one.telephone.startswith("01632 960") for one in scheme.critical_friends)
    assert scheme.controller_contact.endswith(".example")


def test_each_scheme_has_references_of_its_own() -> None:
    assert len({scheme_of(slug).reference_prefix for slug in COMPACTS}) == len(COMPACTS)


def test_south_derbyshire_follows_the_common_core_and_meets_three_times_a_year() -> None:
    compact = COMPACTS["south-derbyshire"]
    follows = compact.editions[0].follows

    assert follows is not None
    assert (follows.compact, follows.edition) == ("derbyshire", "2003")
    assert "three times a year" in compact.life.rhythm
    assert "Annual Review" in compact.life.rhythm


def test_herefordshire_supersedes_a_compact_whose_funding_code_goes_on() -> None:
    compact = COMPACTS["herefordshire"]

    assert compact.editions[0].dated_on == date(2007, 12, 13)
    assert "Health and Social Care Compact" in compact.supersedes[0]
    assert [one.title for one in compact.codes if one.status == "in force"] == ["Funding and Procurement Code for Health and Social Care"]
    assert sum(one.status == "national" for one in compact.codes) == 5


def test_salford_is_about_process_and_plans_its_codes_for_october_2005() -> None:
    compact = COMPACTS["salford"]

    assert "process rather than substance" in " ".join(compact.about.split())
    assert {(one.status, str(one.dated)) for one in compact.codes} == {("planned", "October 2005")}
    assert [one.organisation for one in compact.life.signatories if one.sector == "voluntary"] == ["Salford Council for Voluntary Service"]
    assert [str(one.weeks) for one in compact.life.consultations] == ["(9, 17)", "(9, 17)"]
