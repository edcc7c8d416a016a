"""“My account”: what somebody sees and changes there, and that it is their own and nobody else's."""

from __future__ import annotations

import re

import pytest
from conftest import PASSWORD
from web.page_reader import PageReader

from breachdesk.casework.notices import send_waiting_notices
from breachdesk.gate.sessions import device_of

GOOD = "kettle marmot seventeen"


def test_one_sees_where_one_is_signed_in_and_ends_one_of_them(reader):
    here, there = reader("ruth"), reader("ruth")
    page = here.open("/account")
    assert page.main.count("Since Monday 2 March 2026, 9:00am, with the password") == 2

    form = next(form for form in page.one("main").all("form") if form["action"].endswith("/end"))
    assert form.one("button").text == "End the sign-in of Monday 2 March 2026, 9:00am"
    page = here.send(form)

    assert "That sign-in has ended." in page.main
    assert there.client.get("/home").status_code == 302
    here.open("/home")


def test_one_ends_all_others_at_once_and_nobody_elses(reader):
    here, others, omar = reader("ruth"), [reader("ruth") for _ in range(3)], reader("omar")

    here.send(here.open("/account").form("/account/sign-ins/end-others"))

    assert [one.client.get("/home").status_code for one in (here, *others, omar)] == [200, 302, 302, 302, 200]


def test_nobody_ends_somebody_elses_sign_in(reader):
    ruth, other, omar = reader("ruth"), reader("ruth"), reader("omar")
    form = next(form for form in ruth.open("/account").one("main").all("form") if form["action"].endswith("/end"))
    token = omar.open("/account/password").form().one("input", name="csrf_token")["value"]

    for key in (form["action"].split("/")[-2], "%", "_" * 16, ""):
        omar.client.post(f"/account/sign-ins/{key}/end", data={"csrf_token": token})

    assert [one.client.get("/home").status_code for one in (ruth, other, omar)] == [200, 200, 200]


def test_a_password_is_changed_by_whoever_knows_the_old_one_and_ends_the_other_sign_ins(reader):
    here, copied = reader("ruth"), reader("ruth")
    page = here.open("/account/password")

    page = here.send(page.form(), {"old": "not the password", "password": GOOD}, expect=422)
    assert page.errors() == ["This is not your password."]
    page = here.send(page.form(), {"old": PASSWORD, "password": "Ruth ruth Ruth"}, expect=422)
    assert "easy to guess" in page.errors()[0]
    page = here.send(page.form(), {"old": PASSWORD, "password": GOOD})

    assert "Your password is changed." in page.main
    assert copied.client.get("/home").status_code == 302
    assert reader("").sign_in("ruth@desk.example", GOOD).path.endswith("/home")


def test_an_address_changes_when_it_was_confirmed_there(reader, desk):
    ruth = reader("ruth")
    page = ruth.send(ruth.open("/account/address").form(), {"address": "ruth@new.example"})
    assert "A link is on its way to ruth@new.example" in page.main
    assert "ruth@desk.example" in ruth.open("/account").main
    send_waiting_notices(desk)
    [mail] = (desk.data_path / "outbox").glob("*.eml")

    page = ruth.send(ruth.open(re.search(r"/link/\S+", mail.read_text())[0]).form())

    assert page.heading == "Sign in"
    assert reader("").sign_in("ruth@new.example", PASSWORD).path.endswith("/home")


@pytest.mark.parametrize("address", ["", "ruth", "a@b.example, c@d.example", "x" * 300 + "@new.example", "ruth@new.example\nBcc: all"])
def test_what_is_no_address_is_said(reader, address):
    ruth = reader("ruth")

    page = ruth.send(ruth.open("/account/address").form(), {"address": address}, expect=422)

    assert "is not one email address" in page.errors()[0]


def test_whose_address_one_asks_for_is_not_given_away(reader):
    ruth = reader("ruth")

    taken = ruth.send(ruth.open("/account/address").form(), {"address": "omar@desk.example"})
    free = ruth.send(ruth.open("/account/address").form(), {"address": "nobody@desk.example"})

    assert taken.main.replace("omar", "X") == free.main.replace("nobody", "X")


@pytest.mark.parametrize("path", ["/account/address", "/account/second-step"])
def test_what_reaches_far_asks_again_who_one_is(reader, clock, path):
    ruth = reader("ruth")
    clock.move(minutes=11)
    token = ruth.open("/confirm").form().one("input", name="csrf_token")["value"]

    assert ruth.client.post(path, data={"csrf_token": token, "address": "ruth@new.example"}).location.startswith("/confirm")


def test_a_cookie_that_was_set_before_signing_in_is_not_the_one_after(app):
    ruth = PageReader(app)
    ruth.open("/sign-in")
    before = ruth.client.get_cookie("desk").value
    ruth.sign_in("ruth@desk.example", PASSWORD)
    first = ruth.client.get_cookie("desk").value
    planted = PageReader(app)
    planted.client.set_cookie("desk", before)

    assert planted.client.get("/home").status_code == 302
    ruth.send(ruth.open("/sign-out").form())
    ruth.sign_in("ruth@desk.example", PASSWORD)
    assert ruth.client.get_cookie("desk").value != first


@pytest.mark.parametrize(("said", "device"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Windows"),
    ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0", "Edge on Windows"),
    ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1 Version/18.0 Mobile Safari/604.1", "Safari on iPhone"),
    ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome on Android"),
    ("<script>alert(1)</script>", "A browser"), ("", "A browser")])
def test_a_browser_is_named_in_few_words_and_never_in_its_own(said, device):
    assert device_of(said) == device
