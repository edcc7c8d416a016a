"""The terms of use: asked once, before anything else, and open to everybody."""

from __future__ import annotations

import pytest
from conftest import HASHED

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.people.accounts import NewAccount, add_account_within


@pytest.fixture
def newcomer(desk, reader):
    new = NewAccount("nina@desk.example", "Nina", ("riverside-carers",))
    desk.database.transact(lambda session: add_account_within(session, desk, BY_OPERATOR, new, HASHED))
    return reader("nina")


def test_somebody_new_reads_and_accepts_them_once(desk, newcomer):
    page = newcomer.follow("/home")
    assert page.heading == "Terms of use"

    assert newcomer.send(page.form("/terms")).heading == "What is waiting for you"
    assert newcomer.open("/cases").heading == "Open cases"
    assert "You have accepted this version" in newcomer.open("/terms").main
    with desk.database.read() as session:
        said = next(line.says for line in desk_log(session)[0] if line.event == "terms:accepted")
    assert said == "Nina accepted version 1 of the terms of use."


@pytest.mark.parametrize("path", ["/cases", "/concerns", "/practice/clock"])
def test_nothing_else_opens_before(newcomer, path):
    assert newcomer.client.get(path).location == "/terms"


@pytest.mark.parametrize("path", ["/", "/help", "/privacy", "/sign-out"])
def test_what_everybody_may_read_stays_open(newcomer, path):
    newcomer.open(path)


def test_terms_that_were_changed_meanwhile_are_read_again(newcomer):
    form = newcomer.open("/terms").form("/terms")

    assert newcomer.post(form, {"version": "0"}).status_code == 409
    assert newcomer.client.get("/home").location == "/terms"


def test_everybody_can_read_them_and_only_somebody_accepts(reader):
    page = reader("").open("/terms")

    assert page.one("main").all("form") == []
    form = reader("").open("/sign-in").form("/sign-in")
    form.attributes["action"] = "/terms"
    assert reader("").post(form).status_code in (400, 409)
