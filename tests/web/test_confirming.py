"""“Confirm that it is you”: before a step that reaches far, and back."""

from __future__ import annotations

import pytest
from conftest import PASSWORD, served
from flask import render_template_string
from second_steps import code_now
from sqlalchemy import func, select

from breachdesk.casework.signing_in.kept_forms import keep_form, kept_form
from breachdesk.casework.signing_in.mailed_links import forget_old
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.store.kept_forms import FORMS


@pytest.fixture(scope="module")
def far_apps():
    """The one application of these tests, once it is made."""
    return []


@pytest.fixture
def app(desk, far_apps):
    """With a page that reaches far."""
    if not far_apps:
        far_apps.append(with_a_far_page(served(desk)))
    far_apps[0].extensions["breachdesk"] = desk
    return far_apps[0]


def with_a_far_page(app):
    page = '{% extends "layout.html" %}{% set heading = "Far-reaching" %}{% block page %}<p>There.</p>{% endblock %}'
    app.add_url_rule("/far", "far", needs(Permission.USE_HOME, fresh=True)(lambda: render_template_string(page)))
    app.add_url_rule("/far", "far_done", needs(Permission.USE_HOME, fresh=True)(lambda: "done"), methods=["POST"])
    return app


def test_somebody_who_has_just_signed_in_is_not_asked(reader):
    assert reader("ruth").open("/far").heading == "Far-reaching"


def test_somebody_who_signed_in_a_while_ago_confirms_and_goes_on_where_they_were(reader, clock):
    ruth = reader("ruth")
    clock.move(minutes=11)

    page = ruth.follow("/far?which=1")
    refused = ruth.send(page.form(), {"password": "not the password"}, expect=422)
    page = ruth.send(refused.form(), {"password": PASSWORD})

    assert refused.errors() == ["The password is not right. Try again."]
    assert page.path.endswith("/far?which=1")
    clock.move(minutes=9)
    assert ruth.open("/far").heading == "Far-reaching"


def test_confirming_gives_the_browser_a_new_id_and_ends_the_old_one(reader, clock):
    ruth, thief = reader("ruth"), reader("")
    thief.client.set_cookie("desk", ruth.client.get_cookie("desk").value)
    ruth.send(ruth.open("/confirm").form(), {"password": PASSWORD})

    assert thief.client.get("/home").status_code == 302
    ruth.open("/home")


def test_a_form_that_is_sent_too_late_changes_nothing_and_leads_back_to_its_page(reader, clock):
    ruth = reader("ruth")
    token = ruth.open("/confirm").form().one("input", name="csrf_token")["value"]
    clock.move(minutes=11)

    answer = ruth.client.post("/far", data={"csrf_token": token}, headers={"Referer": "http://localhost/far?which=1"})

    assert answer.status_code == 303
    assert answer.location == "/confirm?next=/far?which%3D1"
    assert "Nothing was changed yet" in ruth.open(answer.location).main


@pytest.mark.parametrize("referrer", ["", "http://elsewhere.example/far", "http://localhost//elsewhere.example", "http://[", "about:blank"])
def test_a_form_from_nowhere_leads_to_its_own_page_and_to_no_other_site(reader, clock, referrer):
    ruth = reader("ruth")
    token = ruth.open("/confirm").form().one("input", name="csrf_token")["value"]
    clock.move(minutes=11)

    answer = ruth.client.post("/far", data={"csrf_token": token}, headers={"Referer": referrer})

    assert answer.location == "/confirm?next=/far"


def test_the_password_can_not_be_guessed_there_without_end(reader):
    ruth = reader("ruth")
    for _ in range(5):
        ruth.client.post("/confirm", data={"csrf_token": ruth.open("/confirm").form().one("input", name="csrf_token")["value"]})

    page = ruth.send(ruth.open("/confirm").form(), {"password": PASSWORD}, expect=429)

    assert page.errors() == ["That was tried too often. Wait 15 minutes, then try again."]


def test_what_was_typed_before_confirming_stands_in_the_form_again_and_is_nobody_elses(reader, desk, clock):
    olive, other = reader("olive"), reader("ops")
    form = olive.open("/people/invite").form()
    clock.move(minutes=11)

    asked = olive.send(form, {"name": "Nora Winslade", "email": "nora@carers.example", "kind": "member"})
    assert "What you typed is kept for a quarter of an hour." in asked.main
    page = olive.send(asked.form(), {"password": PASSWORD, "code": code_now(desk)})

    assert page.one("input", id="name")["value"] == "Nora Winslade"
    assert page.one("input", id="email")["value"] == "nora@carers.example"
    assert "checked" in page.one("input", name="kind", value="member").attributes
    kept = page.path
    assert "Nora" not in kept
    other.send(other.open("/confirm").form(), {"password": PASSWORD, "code": code_now(desk)})
    assert not other.open(kept).one("input", id="name")["value"]


def test_a_form_of_my_account_is_not_kept(desk, reader, clock):
    ruth = reader("ruth")
    form = ruth.open("/account/address").form()
    clock.move(minutes=11)

    asked = ruth.send(form, {"address": "ruth@elsewhere.example"})

    assert "Nothing was changed yet" in asked.main
    with desk.database.read() as session:
        assert session.value(select(func.count()).select_from(FORMS)) == 0


def test_what_is_kept_cannot_be_read_in_the_database_and_goes_by_itself(desk, cast, clock):
    key = keep_form(desk, cast.olive.account_id, "/far", [("why", "Somebody may be hurt.")])

    with desk.database.read() as session:
        row = session.first(select(FORMS))
        assert key not in str(row)
        assert "hurt" not in str(row)
    assert kept_form(desk, cast.olive.account_id, key, "/far") == [("why", "Somebody may be hurt.")]
    assert not kept_form(desk, cast.olive.account_id, key, "/near")
    clock.move(minutes=15)
    assert not kept_form(desk, cast.olive.account_id, key, "/far")
    clock.move(minutes=1)
    forget_old(desk)
    with desk.database.read() as session:
        assert session.first(select(FORMS)) is None
