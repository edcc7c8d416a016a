"""What everybody can read before anything happens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from web.page_reader import PageReader

Reader = Callable[[str], PageReader]


def test_the_first_page_leads_to_the_complaint_to_signing_in_and_to_what_can_be_read(reader: Reader) -> None:
    page = reader("").open("/")

    addresses = {link["href"] for link in page.one("main").all("a")}
    assert {"/complain", "/sign-in", "/commitments", "/procedure", "/figures", "/help", "/should-i-complain"} <= addresses


def test_the_first_page_leads_somebody_who_is_signed_in_to_what_waits_for_them(reader: Reader) -> None:
    page = reader("ruth").open("/")

    assert "/home" in {link["href"] for link in page.one("main").all("a")}
    assert "You are signed in as Ruth." in page.main


def test_each_area_has_a_critical_friend_of_each_sector_who_can_be_reached(reader: Reader) -> None:
    page = reader("").open("/help")

    areas = [heading.text for heading in page.one("main").all("h2")[:2]]
    mails = [link["href"] for link in page.one("main").all("a") if link["href"].startswith("mailto:")]
    assert areas == ["Derby", "Derbyshire"]
    assert len(mails) == len(set(mails)) == 4
    assert "01632 960104" in page.main


def test_everyday_words_find_the_commitment_and_who_owes_it(reader: Reader) -> None:
    page = reader("").open("/should-i-complain?words=three+months+notice")

    assert "minimum of three months' notice" in page.main
    assert "Owed by: Statutory sector" in page.main
    assert "No commitment has all of these words" not in page.main


def test_when_nothing_has_all_of_the_words_the_nearest_are_shown_and_that_is_said(reader: Reader) -> None:
    page = reader("").open("/should-i-complain?words=zebra+grant")

    assert "No commitment has all of these words. These have some of them" in page.main
    assert page.all(class_="desk-wording")


@pytest.mark.parametrize("words", ["", "+", "%09"])
def test_an_empty_search_says_what_to_type(reader: Reader, words: str) -> None:
    page = reader("").open(f"/should-i-complain?words={words}")

    assert page.errors() == ["Type a few words, like: cut our grant"]
    assert reader("").open("/should-i-complain").errors() == []


def test_when_nothing_is_found_that_is_said(reader: Reader) -> None:
    page = reader("").open("/should-i-complain?words=zebra")

    assert "No commitment has any of these words" in page.main


def test_the_letter_holds_the_commitment_that_was_chosen_word_for_word(reader: Reader) -> None:
    page = reader("").open("/should-i-complain?about=13.2")

    letter = page.one(class_="govuk-inset-text").text
    assert "commitment 13.2 says: “Where possible, give a minimum of three months' notice" in letter


@pytest.mark.parametrize("about", ["99", "13.2<script>", ""])
def test_a_letter_about_no_commitment_has_blanks(reader: Reader, about: str) -> None:
    page = reader("").open("/should-i-complain?about=" + about)

    assert "commitment [number] says" in page.one(class_="govuk-inset-text").text


def test_other_routes_stand_there_with_their_own_limits(reader: Reader) -> None:
    main = reader("").open("/should-i-complain").main

    for words in ("no later than three months after the decision. No one can extend this", "Usually 30 days",
                  "12 months from when you knew"):
        assert words in main


@pytest.mark.parametrize("words", ["'; DROP TABLE cases", "<b>bold</b>", "%00", "🙂" * 300, "\u202egrant", "a" * 5000])
def test_a_search_takes_whatever_is_typed_and_shows_it_as_text(reader: Reader, words: str) -> None:
    page = reader("").open("/should-i-complain?words=" + words.replace("%00", "%2500").replace("'", "%27").replace("<", "%3C"))

    assert not page.one("main").all("b")
    assert page.one("input", id="words")["value"] == words[:200]


def test_how_a_complaint_goes_names_every_limit_and_says_that_it_is_not_in_the_compact(reader: Reader) -> None:
    page = reader("").open("/procedure")

    limits = next(table for table in page.all("table") if table.one("caption").text == "Time limits")
    rows = limits.one("tbody").all("tr")
    assert len(rows) > 10
    assert all("Our default, not in the Compact:" in row.text for row in rows)
    assert "The coordinator acknowledges the complaint 5 working days" in limits.text
    assert "{" not in page.main


def test_privacy_names_the_controller_and_the_freedom_of_information_act(reader: Reader) -> None:
    main = reader("").open("/privacy").main

    assert "the data controller is Amberdale Council" in main
    assert "Freedom of Information Act 2000" in main


def test_privacy_says_who_reads_what_in_a_case(reader: Reader) -> None:
    rows = {row.one("th").text: row.one("td").text for row in reader("").open("/privacy").one("table").one("tbody").all("tr")}

    assert rows["A member of the panel"] == "what is written for everybody in the case what the panel says among its members"
    assert "who complains, also where that name is kept back" in rows["The critical friend"]


def test_the_accessibility_page_claims_no_more_than_was_done(reader: Reader) -> None:
    main = reader("").open("/accessibility").main

    assert "no test with people who use assistive technology" in main
    assert "cannot claim" in main


def test_a_scheme_that_is_not_there_is_not_found(reader: Reader) -> None:
    assert "There is: derby-and-derbyshire" in reader("").open("/procedure?scheme=nowhere", 404).main
