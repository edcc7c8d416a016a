"""The pages that mailed links open."""

from __future__ import annotations

import re

import pytest
from conftest import PASSWORD

from breachdesk.casework.notices import send_waiting_notices

GOOD = "kettle marmot seventeen"


@pytest.fixture
def mailed(desk, reader):
    """`mailed("link", "ruth")`: the path that was mailed to Ruth after somebody asked for it."""
    def of(what, name):
        nobody = reader("")
        page = nobody.send(nobody.open(f"/sign-in/{what}").form(), {"email": f"{name}@desk.example"})
        assert page.heading == "Look into your mail"
        known = set((desk.data_path / "outbox").glob("*.eml"))
        send_waiting_notices(desk)
        [mail] = set((desk.data_path / "outbox").glob("*.eml")) - known
        return re.search(r"/link/\S+", mail.read_text())[0]
    return of


def test_somebody_who_comes_once_in_years_signs_in_by_mail(reader, mailed):
    ruth, path = reader(""), mailed("link", "ruth")

    page = ruth.send(ruth.open(path).form())

    assert page.path.endswith("/home")


def test_programs_that_open_links_use_nothing_up(reader, mailed):
    path, scanner = mailed("link", "ruth"), reader("")
    for _ in range(3):
        scanner.open(path)
        scanner.client.head(path)

    assert scanner.client.get("/home").status_code == 302
    ruth = reader("")
    assert ruth.send(ruth.open(path).form()).path.endswith("/home")


def test_a_link_that_was_used_says_so_and_offers_another(reader, mailed):
    ruth, path = reader(""), mailed("link", "ruth")
    form = ruth.open(path).form()
    ruth.send(form)

    page = ruth.open(path, 410)

    assert page.heading == "This link does not work any more"
    assert "/sign-in/link" in {link["href"] for link in page.all("a")}
    stranger = reader("")
    answer = stranger.client.post(path, data={"csrf_token": stranger.open("/sign-in").form().one("input", name="csrf_token")["value"]})
    assert answer.status_code == 410


def test_a_forgotten_password_is_replaced_and_a_copied_cookie_is_dead(reader, mailed):
    before, path = reader("ruth"), mailed("password", "ruth")
    ruth = reader("")

    page = ruth.send(ruth.open(path).form(), {"password": "too short"}, expect=422)
    assert page.errors()[0].startswith("A password has from 12 to 200 characters; this one has 9.")
    page = ruth.send(page.form(), {"password": GOOD})

    assert page.heading == "Sign in"
    assert "Your password is kept." in page.main
    assert before.client.get("/home").status_code == 302
    assert reader("").sign_in("ruth@desk.example", GOOD).path.endswith("/home")


def test_the_answer_is_the_same_whether_or_not_there_is_an_account(reader, desk):
    pages = []
    for email in ("ruth@desk.example", "stranger@elsewhere.example"):
        nobody = reader("")
        for what in ("link", "password"):
            answer = nobody.post(nobody.open(f"/sign-in/{what}").form(), {"email": email})
            pages.append((what, answer.status_code, re.sub(r"nonce(-|=\")\S+", "", answer.text).replace(email, "ADDRESS")))

    assert pages[:2] == pages[2:]


def test_links_are_not_mailed_without_end(reader):
    nobody = reader("")
    for _ in range(3):
        nobody.send(nobody.open("/sign-in/link").form(), {"email": "ruth@desk.example"})

    page = nobody.send(nobody.open("/sign-in/link").form(), {"email": "ruth@desk.example"}, expect=429)

    assert "Wait 15 minutes" in page.errors()[0]


def test_what_is_no_address_is_said(reader):
    nobody = reader("")

    assert nobody.send(nobody.open("/sign-in/link").form(), {"email": "ruth"}, expect=422).errors() == [
        "Give an email address, like name@organisation.example."]


def test_the_host_of_the_request_is_not_believed(reader, desk):
    nobody = reader("")
    form = nobody.open("/sign-in/link").form()
    token = form.one("input", name="csrf_token")["value"]
    nobody.client.post("/sign-in/link", data={"csrf_token": token, "email": "ruth@desk.example"},
                       headers={"X-Forwarded-Host": "evil.example"})
    send_waiting_notices(desk)

    [mail] = (desk.data_path / "outbox").glob("*.eml")
    assert "http://127.0.0.1:8000/link/" in mail.read_text()
    assert "evil" not in mail.read_text()


def test_after_too_many_tries_the_page_says_to_wait_or_to_take_a_link_and_a_link_still_works(reader, mailed):
    nobody = reader("")
    for _ in range(5):
        nobody.send(nobody.open("/sign-in").form("/sign-in"), {"email": "ruth@desk.example", "password": "wrong"}, expect=422)

    page = nobody.send(nobody.open("/sign-in").form("/sign-in"), {"email": "ruth@desk.example", "password": PASSWORD}, expect=429)
    assert page.errors() == ["That was tried too often. Wait 15 minutes, then try again. "
                             "Or sign in with a link by mail, below: that still works."]

    path = mailed("link", "ruth")
    assert nobody.send(nobody.open(path).form()).path.endswith("/home")


def test_whoever_was_about_to_complain_goes_on_there_when_the_link_is_opened_in_the_same_browser(reader, mailed):
    ruth = reader("")
    start = ruth.open("/complain?commitment=13.2")
    sign_in = ruth.open(next(link["href"] for link in start.all("a") if link.text.startswith("Sign in and begin")))
    ruth.open(next(link["href"] for link in sign_in.one("main").all("a") if link.text == "Send me a link"))
    path = mailed("link", "ruth")

    page = ruth.send(ruth.open(path).form())

    assert page.path.endswith("/complain?commitment=13.2")
    assert "Commitment 13.2 will be ticked for you." in page.main
