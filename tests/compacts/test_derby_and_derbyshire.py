"""The shipped Compact and scheme, against figures and wordings taken from the printed draft by hand."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from breachdesk.compacts.editions import Compact, Edition, Measure, Operated
from breachdesk.compacts.loading import load_compact, load_scheme
from breachdesk.compacts.schemes import Scheme
from breachdesk.errors import NotFound

WORKFLOWS = Path(__file__).parents[2] / "workflows"
LAST_OF_SECTION = {1: 1, 2: 4, 3: 7, 4: 8, 5: 3, 6: 3, 7: 6, 8: 4, 9: 3, 10: 4, 11: 2, 12: 9, 13: 3,
                   14: 1, 15: 3, 16: 5, 17: 2, 18: 8, 19: 2, 20: 4}


@pytest.fixture(scope="module")
def compact() -> Compact:
    return load_compact((WORKFLOWS / "compacts" / "derby-and-derbyshire.yaml").read_text("utf-8"), "derby-and-derbyshire.yaml")


@pytest.fixture(scope="module")
def draft(compact: Compact) -> Edition:
    return compact.edition("V0.4")


@pytest.fixture(scope="module")
def scheme(compact: Compact) -> Scheme:
    return load_scheme((WORKFLOWS / "schemes" / "derby-and-derbyshire.yaml").read_text("utf-8"), "derby-and-derbyshire.yaml", [compact])


def test_the_draft_of_december_2016_is_the_only_edition(compact: Compact, draft: Edition) -> None:
    assert compact.editions == (draft,)
    assert (draft.dated_on, draft.status, draft.comment) == (date(2016, 12, 8), "consultation", "Draft for consultation")
    assert compact.vocabulary == {"statutory": "Statutory sector", "voluntary": "Voluntary and community sector (VCS)"}


def test_the_eighty_numbers_are_the_printed_ones_in_their_order(draft: Edition) -> None:
    printed = [f"{section}.{number}" for section, last in LAST_OF_SECTION.items() for number in range(1, last + 1)]

    assert [one.code for one in draft.commitments] == [code for code in printed if code not in ("7.2", "12.2")]
    assert len(draft.commitments) == 80


def test_fifty_two_are_owed_by_the_statutory_sector_and_twenty_eight_by_the_voluntary(draft: Edition) -> None:
    assert Counter(one.owed_by for one in draft.commitments) == {"statutory": 52, "voluntary": 28}
    assert [draft.commitment(code).owed_by for code in ("12.6", "12.7", "12.8", "12.9")] == ["statutory"] + 3 * ["voluntary"]
    assert {draft.commitment(code).owed_by for code in ("19.1", "19.2")} == {"voluntary"}


def test_the_three_themes_have_twenty_forty_six_and_fourteen(draft: Edition) -> None:
    assert draft.themes == ("Involvement in policy development", "Allocating resources", "Advancing equality")
    assert [sum(one.theme == theme for one in draft.commitments) for theme in draft.themes] == [20, 46, 14]


def test_every_commitment_stands_in_the_section_that_its_number_names(draft: Edition) -> None:
    sections = dict.fromkeys(one.section for one in draft.commitments)

    assert len(sections) == 20
    assert list(sections)[0] == "1. When to involve?"
    assert list(sections)[18] == "19 Promoting equality and diversity"
    assert all(one.section.replace(".", " ").split()[0] == one.code.split(".")[0] for one in draft.commitments)


@pytest.mark.parametrize(("code", "text"), [
    ("1.1", "Involve the voluntary and community sector (VCS) from the earliest stages of policy development, on all relevant issues "
            "likely to affect it, and inform the VCS of progress in developing policy, and discuss implications for the VCS of new "
            "policies, legislation and guidance."),
    ("3.6", "Conduct 12-weeks formal consultations, with an explanation given for shorter time-frames, and /or additional measures "
            "taken to support VCS groups to participate in the consultation."),
    ("4.8", "Recognise that for a variety of reasons a 12 week period will not always be possible, in which case eight weeks for "
            "replies will generally be the minimum"),
    ("7.1", "Ensure that funding opportunities including grant applications and tenders are:\n\n- Publicised widely\n"
            "- Proportionate to the nature of the risk and the amount of funding being allocated\n"
            "- Contains enough information to allow organisations to make informed decisions."),
    ("13.2", "Where possible, give a minimum of three months' notice in writing when ending a funding relationship or other support "
             "and provide a clear rationale for why the decision has been taken."),
    ("15.1", "Ensure they have a clear understanding of their reasons for applying and the opportunities and risks associated with "
             "the application for their organisation,"),
    ("19.1", "VCS organisations undertake to take practical action in partnership with government to eliminate discrimination, "
             "advance equality of opportunity and build community links."),
])
def test_the_wording_is_as_printed_with_its_odd_punctuation(draft: Edition, code: str, text: str) -> None:
    assert draft.commitment(code).text == text


@pytest.mark.parametrize("code", ["7.2", "12.2", "21.1"])
def test_a_number_that_was_never_printed_is_not_found(draft: Edition, code: str) -> None:
    with pytest.raises(NotFound, match=f"There is no commitment {code} in edition V0.4"):
        draft.commitment(code)


def test_five_commitments_have_something_to_hold_a_number_against(draft: Edition) -> None:
    assert {one.code: one.measure for one in draft.commitments if one.measure} == {
        "3.6": Measure(True, "12 weeks", "formal consultation"),
        "4.8": Measure(True, "8 weeks", "time for replies"),
        "9.1": Measure(False, "3 years", "committed funding"),
        "9.2": Measure(True, "3 months", "notice of the decision before the expected start"),
        "13.2": Measure(True, "3 months", "written notice"),
    }


def test_seven_principles_and_the_way_out_when_things_go_wrong(draft: Edition) -> None:
    assert [one.name for one in draft.principles] == [
        "Respect", "Honesty", "Independence", "Diversity", "Equality", "Citizen empowerment", "Volunteering"]
    assert draft.principles[1].text.endswith("Full and frank discussions should be the basis for resolving difficulties.")
    paragraphs = draft.remedy_text.split("\n\n")
    assert len(paragraphs) == 4
    assert paragraphs[1] == "If an outcome satisfactory to both parties is not reached please contact:"
    assert paragraphs[3].endswith("a small group of partners would be convened to look at finding an appropriate resolution.")


def test_the_scheme_operates_the_draft_from_the_day_it_bears(scheme: Scheme) -> None:
    assert scheme.operated_on(date(2016, 12, 7)) is None
    assert scheme.operated_on(date(2016, 12, 8)) == Operated("V0.4", date(2016, 12, 8))


def test_four_critical_friends_one_for_each_sector_and_area_at_invented_addresses(scheme: Scheme) -> None:
    assert [(one.area, one.sector) for one in scheme.critical_friends] == [
        ("Derby", "statutory"), ("Derby", "voluntary"), ("Derbyshire", "statutory"), ("Derbyshire", "voluntary")]
    addresses = [scheme.controller_contact, *(one.email for one in scheme.critical_friends)]
    assert all(address.endswith(".example") for address in addresses)
    assert all(one.telephone.startswith("01632 960") for one in scheme.critical_friends), "kept for drama and practice by Ofcom"


def test_the_scheme_makes_no_findings_and_its_year_starts_in_april(scheme: Scheme) -> None:
    assert (scheme.findings, scheme.year_starts, scheme.procedure) == (False, 4, "compact-dispute.v1")


@pytest.mark.parametrize("said", [
    "cut our grant", "they are stopping our grant", "funding stopped without reasons", "terminated our funding",
    "The council wrote that our helpline grant ends in one month and gave no reasons"])
def test_everyday_words_find_the_end_of_a_funding_relationship(draft: Edition, said: str) -> None:
    found = draft.search(said) or draft.nearest(said)

    assert "13.2" in [commitment.code for commitment in found[:3]]
