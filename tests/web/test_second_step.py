"""The second step of signing in, on pages: led to it, set up, given, lost."""

from __future__ import annotations

import re
from dataclasses import replace

import pyotp
import pytest
from conftest import PASSWORD
from second_steps import code_now, made_ready_for_codes
from web.page_reader import PageReader

from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.signing_in.one_time_codes import RECOVERY_CODES, deciphered
from breachdesk.store import second_factors


@pytest.fixture
def newcomer(app):
    """Olive, who coordinates, signed in with her password alone."""
    olive = PageReader(app)
    olive.send(olive.open("/sign-in").form("/sign-in"), {"email": "olive@desk.example", "password": PASSWORD})
    return olive


def kept(desk, account_id):
    with desk.database.read() as session:
        return second_factors.factor_of(session, account_id)


def set_up(desk, reader):
    """Set the second step up; the page with the recovery codes, and the app."""
    page = reader.send(reader.open("/account/second-step").form("/account/second-step"))
    app = pyotp.TOTP(page.one(class_="desk-secret").text.replace(" ", ""))
    return reader.send(page.form("/account/second-step/finish"), {"code": app.at(desk.wall())}), app


def codes_on(page):
    return [one.text for one in page.one("ul", class_="desk-codes").all("li")]


def first_step(app, name="olive"):
    somebody = PageReader(app)
    page = somebody.send(somebody.open("/sign-in?next=/log").form("/sign-in"), {"email": f"{name}@desk.example", "password": PASSWORD})
    assert page.heading == "Give your code"
    return somebody, page


@pytest.mark.parametrize("path", ["/home", "/cases", "/log", "/figures", "/", "/concerns"])
def test_a_coordinator_sets_the_second_step_up_before_anything_else(newcomer, path):
    answer = newcomer.client.get(path)

    assert (answer.status_code, answer.location) == (303, "/account/second-step")
    page = newcomer.open("/account/second-step")
    assert "Before anything else, set up a second step" in page.main
    assert [link["href"] for link in page.one("nav").all("a")] == ["/account", "/sign-out"]


def test_it_is_set_up_with_any_app_and_leads_on(newcomer, desk, cast):
    page, app = set_up(desk, newcomer)

    assert len(set(codes_on(page))) == RECOVERY_CODES
    assert newcomer.open("/home")
    row = kept(desk, cast.olive.account_id)
    assert app.secret not in row.secret
    assert deciphered(desk, row.secret) == app.secret


def test_the_picture_keeps_to_the_policy(newcomer):
    page = newcomer.send(newcomer.open("/account/second-step").form())

    [picture] = page.one(class_="desk-qr-frame").all("svg")
    assert not picture["style"]
    assert not [one for one in picture.all() if one["style"]]


def test_a_wrong_code_sets_nothing_up(newcomer, desk, cast):
    page = newcomer.send(newcomer.open("/account/second-step").form())

    page = newcomer.send(page.form("/account/second-step/finish"), {"code": "000000"}, expect=422)

    assert "That code is not right." in page.errors()[0]
    assert kept(desk, cast.olive.account_id).confirmed_at is None


def test_a_member_of_a_party_need_not_and_can(reader, desk):
    ruth = reader("ruth")
    assert "Not set up" in ruth.open("/account").main

    set_up(desk, ruth)

    assert "ten recovery codes left" in ruth.open("/account").main.replace("10", "ten")


def test_a_practice_desk_asks_nobody(app, desk):
    app.extensions["breachdesk"] = replace(desk, practice=True)
    olive = PageReader(app)

    assert olive.sign_in("olive@desk.example", PASSWORD).path.endswith("/home")


def test_the_code_is_asked_after_the_password_and_leads_where_one_wanted_to_go(app, desk):
    made_ready_for_codes(desk, "olive@desk.example")
    olive, page = first_step(app)

    assert olive.client.get("/home").status_code == 302
    assert olive.send(page.form(), {"code": "123456"}, expect=422).errors()[0].startswith("That code is not right.")
    assert olive.send(page.form(), {"code": code_now(desk)}).path.endswith("/log")


def test_a_code_works_once(app, desk):
    made_ready_for_codes(desk, "olive@desk.example")
    first, page = first_step(app)
    first.send(page.form(), {"code": code_now(desk)})
    second, page = first_step(app)

    second.send(page.form(), {"code": code_now(desk)}, expect=422)
    second.send(page.form(), {"code": code_now(desk, seconds=-30)}, expect=422)
    assert second.send(page.form(), {"code": code_now(desk, seconds=30)}).path.endswith("/log")


def test_a_recovery_code_works_once(newcomer, app, desk):
    first, other, *_ = codes_on(set_up(desk, newcomer)[0])
    olive, page = first_step(app)
    olive.send(page.form(), {"code": first.upper().replace("-", " ")})
    assert "nine recovery codes left" in olive.open("/account").main

    again, page = first_step(app)
    again.send(page.form(), {"code": first}, expect=422)
    again.send(page.form(), {"code": other})


def test_new_recovery_codes_end_the_old_ones(newcomer, app, desk):
    [old, *_] = codes_on(set_up(desk, newcomer)[0])
    page = newcomer.send(newcomer.open("/account/second-step").form("/account/second-step/recovery-codes"))
    [new, *_] = codes_on(page)
    olive, page = first_step(app)

    olive.send(page.form(), {"code": old}, expect=422)
    olive.send(page.form(), {"code": new})


def test_the_code_can_not_be_guessed_without_end(app, desk):
    made_ready_for_codes(desk, "olive@desk.example")
    olive, page = first_step(app)
    for _ in range(5):
        olive.send(page.form(), {"code": "000000"}, expect=422)

    assert "Wait 15 minutes" in olive.send(page.form(), {"code": code_now(desk)}, expect=429).errors()[0]


def test_whoever_waits_too_long_with_the_code_begins_again(app, desk, clock):
    made_ready_for_codes(desk, "olive@desk.example")
    olive, page = first_step(app)
    clock.move(minutes=11)

    assert olive.send(page.form(), {"code": code_now(desk)}, expect=410).heading == "Begin signing in again"


def test_a_link_by_mail_does_not_go_round_the_second_step(app, desk):
    made_ready_for_codes(desk, "olive@desk.example")
    olive = PageReader(app)
    olive.send(olive.open("/sign-in/link").form(), {"email": "olive@desk.example"})
    send_waiting_notices(desk)
    [mail] = (desk.data_path / "outbox").glob("*.eml")

    page = olive.send(olive.open(re.search(r"/link/\S+", mail.read_text())[0]).form())

    assert page.heading == "Give your code"
    assert olive.client.get("/home").status_code == 302
    assert olive.send(page.form(), {"code": code_now(desk)}).path.endswith("/home")


def test_the_browser_gets_a_new_id_with_each_step(app, desk):
    made_ready_for_codes(desk, "olive@desk.example")
    olive, page = first_step(app)
    halfway = olive.client.get_cookie("desk").value
    olive.send(page.form(), {"code": code_now(desk)})
    thief = PageReader(app)
    thief.client.set_cookie("desk", halfway)

    assert thief.client.get("/sign-in/code").status_code == 410
    assert thief.client.get("/home").status_code == 302


def test_setting_it_up_ends_sign_ins_that_were_made_without(newcomer, app, desk):
    other = PageReader(app)
    other.send(other.open("/sign-in").form("/sign-in"), {"email": "olive@desk.example", "password": PASSWORD})

    set_up(desk, newcomer)

    assert other.client.get("/account").status_code == 302


def test_removing_it_leads_a_coordinator_back_to_setting_it_up(newcomer, desk):
    set_up(desk, newcomer)

    newcomer.send(newcomer.open("/account/second-step").form("/account/second-step/remove"))

    assert newcomer.client.get("/home").location == "/account/second-step"


def test_confirming_asks_for_the_code_too(reader, desk, clock):
    olive = reader("olive")
    form = olive.open("/confirm").form()

    page = olive.send(form, {"password": PASSWORD, "code": "000000"}, expect=422)
    assert page.errors() == ["The password or the code is not right. A code works once: take the newest."]
    clock.move(minutes=1)
    assert olive.send(page.form(), {"password": PASSWORD, "code": code_now(desk)}).path.endswith("/home")
