"""Compacts on pages: the page of each, commitments without wording or with numbers of ours, and a commitment through the editions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from conftest import COMPLAINT, SCHEME, Cast, StoppedClock, copied, lodge
from web.page_reader import PageReader

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.desk import Desk
from breachdesk.casework.importing import Asked, import_compact, import_register
from breachdesk.casework.open_case import open_case
from breachdesk.casework.procedures.setting_up import create_scheme, operate_edition, shipped_compacts
from breachdesk.resources import text
from breachdesk.store.session import Session

Reader = Callable[[str], PageReader]
OTHERS = ("high-peak", "south-derbyshire", "herefordshire", "salford")
REGISTER = "code,theme,owed_by,text\n13.2,Grants,statutory,Give six months' notice.\n"


@pytest.fixture(scope="session")
def filled_file(filled_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The usual desk's file, with all five schemes."""
    folder = tmp_path_factory.mktemp("five")
    desk = copied(filled_file, folder, StoppedClock())

    def work(session: Session) -> None:
        for slug in OTHERS:
            create_scheme(session, desk, BY_OPERATOR, text("workflows", "schemes", f"{slug}.yaml"), slug)
    desk.database.transact(work)
    desk.database.close()
    return folder / "breachdesk.db"


def work_by_2026(desk: Desk, clock: StoppedClock) -> None:
    """Let the scheme of Derby and Derbyshire work by another edition since 1 April 2026; it is 20 April."""
    asked = Asked(SCHEME, "2026", date(2026, 4, 1), "adopted")
    desk.database.transact(lambda session: import_register(session, desk, BY_OPERATOR, asked, REGISTER, "r.csv", shipped_compacts()))
    desk.database.transact(lambda session: operate_edition(session, desk, BY_OPERATOR, SCHEME, "2026", date(2026, 4, 1)))
    clock.to(date(2026, 4, 20))


@pytest.mark.parametrize("slug", [SCHEME, *OTHERS])
def test_every_compact_has_a_page(reader: Reader, slug: str) -> None:
    page = reader("").open(f"/compacts/{slug}")

    assert page.heading == shipped_compacts()[slug][0].title
    assert {"Editions", "Who signed", "Codes of practice", "Consultations", "Reviews and meetings"} <= {one.text for one in page.all("h2")}


def test_a_compact_that_the_desk_does_not_hold_has_none(reader: Reader) -> None:
    assert "There is no such Compact on this desk" in reader("").open("/compacts/nowhere", 404).main


def test_the_page_of_high_peak_counts_what_the_desk_knows_and_marks_what_it_cannot(desk: Desk, reader: Reader, cast: Cast) -> None:
    case = lodge_in_high_peak(desk, cast)
    act(desk, cast.ruth, case, Step("withdraw", {"reason_code": "settled"}))

    main = reader("").open("/compacts/high-peak").main

    for words in ("Disputes have been reduced or resolved quickly using Compact procedures Counted by the desk",
                  "High Peak Compact, 2025-26: 1 received, 1 closed.", "No organisation is recorded as having signed.",
                  "No annual review is recorded as held.", "Entered by hand Nothing has been entered yet.",
                  "43 commitments, word for word. The text prints no numbers: those are given by this desk.",
                  "Edition Working draft of 2003", "Statutory Organisations (SOs)",
                  "The procedure is borrowed from the draft Derby and Derbyshire Compact"):
        assert words in main


def lodge_in_high_peak(desk: Desk, cast: Cast) -> str:
    return open_case(desk, cast.ruth, "high-peak", {**COMPLAINT, "commitments": ["FC-SO1"]}).reference


@pytest.mark.parametrize(("slug", "words"), [
    ("salford", ["Third Sector", "Salford Council for Voluntary Service", "October 2005", "process rather than substance",
                 "Between 9 and 17 weeks, as far as the dates say: twelve or not cannot be told."]),
    ("herefordshire", ["It takes the place of: The Health and Social Care Compact", "Made under the Health and Social Care Compact",
                       "Between 12 and 13 weeks, as far as the dates say: twelve or more."]),
    ("south-derbyshire", ["Follows the common core Compact of Derbyshire, edition 2003, whose wording is not on this desk.",
                          "meets three times a year", "What was recommended: Sign up to a common core Compact"]),
    (SCHEME, ["12 weeks: twelve or more.", "from 8 December 2016"]),
])
def test_a_page_says_what_the_source_says(reader: Reader, slug: str, words: list[str]) -> None:
    main = reader("").open(f"/compacts/{slug}").main

    assert [one for one in words if one not in main] == []


def test_what_was_entered_by_hand_is_shown_as_that(desk: Desk, reader: Reader) -> None:
    changed = shipped_compacts()["high-peak"][1].replace(
        "    - text: Fewer problems have occurred with particular projects and programmes of services\n",
        "    - text: Fewer problems have occurred with particular projects and programmes of services\n"
        "      entered: [{dated: 2004-06, says: Three problems instead of five}]\n")

    desk.database.transact(lambda session: import_compact(session, desk, BY_OPERATOR, changed, "hp.yaml"))

    assert "June 2004: Three problems instead of five (entered by hand)" in reader("").open("/compacts/high-peak").main


def test_the_commitments_of_a_compact_without_wording_say_that_there_is_none(reader: Reader) -> None:
    page = reader("").open("/commitments?scheme=salford")

    assert "The wording is not here." in page.main
    assert "No complaint can be made until it is" in page.main
    assert "The procedure here is borrowed from the draft Derby and Derbyshire Compact" in page.main
    assert not page.one("main").all("input", name="words")


def test_the_commitments_of_high_peak_are_marked_as_numbered_by_this_desk(reader: Reader) -> None:
    page = reader("").open("/commitments?scheme=high-peak")
    one = reader("").open("/commitments/Working%20draft/SV-VCO4?scheme=high-peak")

    assert "The text prints no numbers: those here are given by this desk" in page.main
    assert len(page.all(class_="desk-wording")) == 43 + 1      # And what it says about disputes.
    assert [heading.text for heading in page.all("h2")[:3]] == [
        "Funding and Capacity Building", "Communication and Consultation", "Supporting Volunteering"]
    assert "SV-VCO4 is a number given by this desk. The text prints none." in one.main
    assert "Voluntary and Community Organisations (VCOs)" in one.main


def test_a_case_says_whose_number_it_is_and_dates_the_edition_as_its_text_does(desk: Desk, reader: Reader, cast: Cast) -> None:
    case = lodge_in_high_peak(desk, cast)

    main = reader("ruth").open(f"/cases/{case}").main

    assert "Commitment FC-SO1 (number given by this desk), Funding and Capacity Building" in main
    assert "Edition Working draft of 2003 (draft), in force on Friday 20 February 2026." in main


def test_where_there_are_several_schemes_a_link_to_a_commitment_names_its_own(reader: Reader) -> None:
    links = {link["href"] for link in reader("").open("/commitments?scheme=high-peak").all("a")}

    assert "/commitments/Working%20draft/FC-SO1?scheme=high-peak" in links


def test_where_no_scheme_is_asked_for_one_that_has_its_wording_is_shown(desk: Desk, reader: Reader) -> None:
    assert len(reader("").open("/commitments").all(class_="desk-wording")) == 80 + 1
    assert "the wording of the Compact is not here" in reader("").open("/should-i-complain?scheme=salford&words=grant").main


def test_the_procedure_that_is_borrowed_says_so_and_the_compacts_own_does_not(reader: Reader) -> None:
    assert "This one is borrowed from the draft Derby and Derbyshire Compact" in reader("").open("/procedure?scheme=high-peak").main
    assert "borrowed" not in reader("").open(f"/procedure?scheme={SCHEME}").main


def test_a_complaint_can_be_begun_under_the_schemes_that_have_their_wording_only(reader: Reader) -> None:
    page = reader("ruth").open("/complain")

    assert {one["value"] for one in page.all("input", name="scheme")} == {SCHEME, "high-peak"}
    assert "Salford Compact can take no complaint yet" in page.main


def test_whoever_asks_for_a_scheme_without_wording_all_the_same_is_told_why_not(reader: Reader) -> None:
    ruth = reader("ruth")

    page = ruth.send(ruth.open("/complain").form("/complain"), {"scheme": "salford"}, expect=409)

    assert "the wording of its Compact is not on this desk" in page.main


def test_the_complaint_form_says_who_owes_a_commitment_in_the_compacts_own_words(reader: Reader) -> None:
    ruth = reader("ruth")
    page = ruth.send(ruth.open("/complain").form("/complain"), {"scheme": "high-peak"})

    sheet = ruth.open(page.path.removesuffix("1") + "4")

    assert "Owed by: Voluntary and Community Organisations (VCOs)." in sheet.main


def test_a_case_says_when_todays_wording_is_another_one_and_shows_both(desk: Desk, reader: Reader, cast: Cast, clock: StoppedClock) -> None:
    case = lodge(desk, cast.ruth)
    work_by_2026(desk, clock)

    main = reader("ruth").open(f"/cases/{case}").main

    assert "minimum of three months' notice" in main
    assert "Edition V0.4 of 8 December 2016 (draft for consultation), in force on Friday 20 February 2026." in main
    assert "Today the wording is another one: edition 2026, in force since 1 April 2026." in main
    assert "Give six months' notice." in main


def test_the_page_of_a_commitment_lists_its_wordings_and_says_which_is_in_force(desk: Desk, reader: Reader, clock: StoppedClock) -> None:
    work_by_2026(desk, clock)

    earlier, now = (reader("").open(f"/commitments/{label}/13.2") for label in ("V0.4", "2026"))

    assert "Today the wording is another one: edition 2026" in earlier.one(id="today").text
    assert "Give six months' notice." in earlier.one(id="today").text
    assert "Edition V0.4, which you are reading" in earlier.main
    assert "In force from 8 December 2016 to 31 March 2026." in earlier.main
    assert not now.all(id="today")
    assert "In force from 1 April 2026: in force today." in now.main
    assert "minimum of three months' notice" in now.main
