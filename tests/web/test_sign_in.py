"""Signing in and out."""

from __future__ import annotations

from conftest import PASSWORD, served
from web.page_reader import Page


def test_a_page_that_needs_a_person_asks_to_sign_in_and_comes_back(reader, desk):
    nobody = reader("")

    page = nobody.follow("/cases?show=closed")
    page = nobody.send(page.form(), {"email": "ruth@desk.example", "password": PASSWORD})

    assert page.heading == "Closed cases"


def test_a_wrong_password_and_an_unknown_address_are_answered_alike(reader):
    nobody = reader("")
    form = nobody.open("/sign-in").form()

    known = nobody.send(form, {"email": "ruth@desk.example", "password": "wrong"}, expect=422)
    unknown = nobody.send(form, {"email": "nobody@desk.example", "password": "wrong"}, expect=422)

    assert known.errors() == unknown.errors() == ["The email address or the password is not right. Check both, and try again."]


def test_a_copied_cookie_is_dead_after_signing_out(reader):
    ruth = reader("ruth")
    copied = ruth.client.get_cookie("desk")
    ruth.send(ruth.open("/sign-out").form())

    thief = reader("")
    thief.client.set_cookie("desk", copied.value)

    assert thief.client.get("/home").status_code == 302


def test_signing_in_leads_to_no_other_site(reader):
    nobody = reader("")
    form = nobody.open("/sign-in?next=https://elsewhere.example/").form()

    assert form.one("input", name="next")["value"] == ""


def test_a_form_without_its_token_changes_nothing(reader):
    nobody = reader("")

    answer = nobody.client.post("/sign-in", data={"email": "ruth@desk.example", "password": PASSWORD})

    assert answer.status_code == 400
    assert "Please send that again" in answer.text


def tried_from(app, forwarded):
    """How a sixth try at one account is answered, of five that said they came from elsewhere."""
    client = app.test_client()
    token = Page(client.get("/sign-in").text, "/sign-in").form("/sign-in").one("input", name="csrf_token")["value"]
    said = {"email": "ruth@desk.example", "password": "wrong", "csrf_token": token}
    return [client.post("/sign-in", data=said, headers={"X-Forwarded-For": forwarded(number)}).status_code for number in range(6)]


def test_what_a_browser_says_of_its_address_is_not_believed(app):
    assert tried_from(app, lambda number: f"192.0.2.{number}")[-1] == 429


def test_behind_a_proxy_its_word_is_taken_and_not_what_stood_there_before(desk):
    behind = served(desk, BREACHDESK_PROXIES="1")

    assert tried_from(behind, lambda number: f"198.51.100.{number}, 192.0.2.7")[-1] == 429
    assert 429 not in tried_from(behind, lambda number: f"192.0.2.7, 198.51.100.{number}")
