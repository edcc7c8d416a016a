"""The page on which a scheme is set up: a list of what is needed, and a small form for each that saves on its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from conftest import PASSWORD, Cast, StoppedClock
from second_steps import code_now
from web.page_reader import Page, PageReader

from breachdesk.casework.desk import Desk
from breachdesk.errors import DeliveryFailed
from breachdesk.mail.mailer import Message

PAGE = "/scheme/derby-and-derbyshire/set-up"
Reader = Callable[[str], PageReader]


def send(person: PageReader, form: str, answers: dict[str, str | list[str]] | None = None, expect: int = 200) -> Page:
    return person.send(person.open(PAGE).form(f"{PAGE}/{form}"), answers, expect)


def test_the_first_thing_on_home_is_what_is_missing_and_it_leads_to_the_page(reader: Reader) -> None:
    olive = reader("olive")

    home = olive.open("/home")

    assert home.one("main").all("h2")[0].text == "Derby and Derbyshire Compact is not set up yet"
    assert "Missing: Critical friends, Who does what, Mail." in home.main
    assert PAGE in {link["href"] for link in home.one("main").all("a")}
    assert "not set up yet" not in reader("ops").open("/home").main


def test_each_part_says_where_it_stands_what_is_missing_and_why_it_matters(reader: Reader) -> None:
    main = reader("olive").open(PAGE).main

    for words in ("Seven things are needed before the first case, and four are there.",
                  "Amberdale Council, data.protection@amberdale.example.", "from Thursday 8 December 2016",
                  "Next holidays: Good Friday, Friday 3 April 2026",
                  "Missing: Derby, Voluntary and community sector (VCS): nobody yet", "No case can begin before it is named.",
                  "What takes two people is done by two", "A case keeps the version under which it began."):
        assert words in main


def test_a_part_is_saved_on_its_own_and_said_to_be(reader: Reader) -> None:
    page = send(reader("olive"), "partner", {"partner_name": "Brook Hall", "partner_sector": "voluntary"})

    assert "Brook Hall is added." in page.main


def test_what_cannot_be_right_comes_back_as_it_was_typed(reader: Reader) -> None:
    page = send(reader("olive"), "partners", {"partner_list": "Brook Hall, voluntary\nThe Weir"}, 422)

    assert page.errors() == ["Line 2: “The Weir” does not end with a sector: a comma, and then statutory or voluntary or other."]
    assert "Brook Hall, voluntary\nThe Weir" in page.one("textarea", id="partner_list").raw_text
    assert page.one("input", id="controller")["value"] == "Amberdale Council"


def test_a_test_message_goes_to_whoever_asks_and_to_nobody_else(reader: Reader, desk: Desk) -> None:
    page = send(reader("olive"), "mail")

    assert "A test message to olive@desk.example was handed over." in page.main
    sent = [file.read_text() for file in Path(desk.data_path, "outbox").glob("*.eml")]
    assert len(sent) == 1
    assert "To: Olive <olive@desk.example>" in sent[0]


def test_mail_that_cannot_be_sent_is_said_with_what_the_server_said(reader: Reader, desk: Desk) -> None:
    class Down:
        def send(self, message: Message) -> None:
            raise DeliveryFailed("The mail server could not be used: nobody there.", permanent=False)

    object.__setattr__(desk, "mailer", Down())
    page = send(reader("olive"), "mail", expect=409)

    assert "could not be sent. The mail server could not be used: nobody there." in page.errors()[0]


def test_a_scheme_that_is_not_theirs_or_not_there_is_not_found(reader: Reader, cast: Cast) -> None:
    reader("olive").open("/scheme/elsewhere/set-up", 404)
    reader("ruth").open(PAGE, 403)


def test_what_was_typed_is_in_its_form_again_after_confirming_and_is_saved_when_it_is_sent_again(
        reader: Reader, desk: Desk, clock: StoppedClock) -> None:
    olive = reader("olive")
    form = olive.open(PAGE).form(f"{PAGE}/reviews")
    chosen = next(one["value"] for one in form.all("input", type="radio") if "checked" not in one.attributes)
    clock.move(minutes=11)

    # A browser says on which page the form stood.
    token = form.one("input", name="csrf_token")["value"]
    late = olive.client.post(f"{PAGE}/reviews", data={"csrf_token": token, "reviews": chosen}, headers={"Referer": f"http://localhost{PAGE}"})
    asked = olive.open(late.location)
    page = olive.send(asked.form(), {"password": PASSWORD, "code": code_now(desk)})

    form = page.form(f"{PAGE}/reviews")
    assert [one["value"] for one in form.all("input", type="radio") if "checked" in one.attributes] == [chosen]
    assert not form.inside("details"), "the part that was being filled in stands open"
    olive.send(form)
    again = olive.open(PAGE).form(f"{PAGE}/reviews")
    assert [one["value"] for one in again.all("input", type="radio") if "checked" in one.attributes] == [chosen]
