"""What the Compact says, on pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from web.page_reader import PageReader

from breachdesk.compacts.loading import load_compact
from breachdesk.resources import text

Reader = Callable[[str], PageReader]
DRAFT = load_compact(text("workflows", "compacts", "derby-and-derbyshire.yaml"), "x").edition("V0.4")


def test_every_commitment_stands_on_the_page_word_for_word(reader: Reader) -> None:
    main = reader("").open("/commitments").main

    assert [one.code for one in DRAFT.commitments if " ".join(one.text.split()) not in main] == []


def test_every_commitment_has_an_address_of_its_own(reader: Reader) -> None:
    links = {link["href"] for link in reader("").open("/commitments").all("a")}

    assert {f"/commitments/V0.4/{one.code}" for one in DRAFT.commitments} <= links


def test_the_principles_and_the_section_on_disputes_stand_there_too(reader: Reader) -> None:
    main = reader("").open("/commitments").main

    assert all(principle.text in main for principle in DRAFT.principles)
    assert "a small group of partners would be convened" in main


def test_the_page_of_a_commitment_says_who_owes_it_in_which_edition_and_what_it_can_be_held_against(reader: Reader) -> None:
    page = reader("").open("/commitments/V0.4/13.2")

    assert page.heading == "Commitment 13.2"
    for words in ("Statutory sector", "V0.4 of 8 December 2016, draft for consultation", "at least 3 months of written notice",
                  "works by this edition from 8 December 2016"):
        assert words in page.main
    assert "/complain?commitment=13.2" in {link["href"] for link in page.one("main").all("a")}


def test_gaps_in_the_numbers_are_stepped_over(reader: Reader) -> None:
    links = {link["href"] for link in reader("").open("/commitments/V0.4/7.1").one("main").all("a")}

    assert "/commitments/V0.4/7.3" in links
    assert "/commitments/V0.4/7.2" not in links


@pytest.mark.parametrize("path", ["V0.4/7.2", "V0.5/13.2", "V0.4/%3Cb%3E", "V0.4/" + "9" * 300])
def test_a_commitment_that_is_not_there_is_not_found(reader: Reader, path: str) -> None:
    assert "There is no commitment" in reader("").open(f"/commitments/{path}", 404).main


def test_a_search_counts_what_it_finds(reader: Reader) -> None:
    page = reader("").open("/commitments?words=13.2")

    assert page.one("h2", id="found").text == "One commitment with “13.2”"
    assert len(page.all(class_="desk-wording")) == 1


def test_a_search_that_finds_nothing_shows_what_is_nearest_and_says_so(reader: Reader) -> None:
    page = reader("").open("/commitments?words=cut+our+zebra+grant")

    assert page.one("h2", id="found").text == "Nothing has all of “cut our zebra grant”; nearest first"
    assert page.all(class_="desk-wording")


def test_a_search_that_finds_nothing_near_says_so(reader: Reader) -> None:
    assert reader("").open("/commitments?words=zebra").one("h2", id="found").text == "Nothing found for “zebra”"
