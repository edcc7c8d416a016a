"""What is refused is written to the program's log: who asked where, never what was typed, and never without end."""

from __future__ import annotations

import json
from typing import Any

import pytest
from conftest import PASSWORD, lodge, served
from web.page_reader import PageReader

from breachdesk.gate.refusals import MOST, MOST_OF_ALL, Bounded


@pytest.fixture
def stranger(desk) -> PageReader:
    """Hana, whom no case here concerns, in an application of her own."""
    person = PageReader(served(desk))
    person.sign_in("hana@desk.example", PASSWORD)
    return person


def noted(capsys, event: str = "refused") -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines() if line.startswith("{")]
    return [one for one in lines if one["event"] == event]


def test_a_case_that_is_not_theirs_is_noted_by_its_number_and_one_that_is_not_there_as_none(stranger, desk, cast, capsys):
    reference = lodge(desk, cast.ruth)
    for asked in (reference, "DD-2026-9999"):
        stranger.open(f"/cases/{asked}", expect=404)

    [hidden, missing] = noted(capsys)

    assert {name: hidden[name] for name in ("answered", "method", "address", "permission", "account", "place")} == {
        "answered": 404, "method": "GET", "address": "/cases/<reference>", "permission": "READ_CASES",
        "account": cast.hana.account_id, "place": "127.0.0.1"}
    assert hidden["timestamp"].endswith("Z")
    assert (hidden["case"], missing["case"]) == (1, 0)
    assert hidden.keys() == missing.keys()


def test_a_page_for_which_somebody_has_no_permission_is_noted_with_that(stranger, capsys):
    stranger.open("/people", expect=403)

    [one] = noted(capsys)

    assert (one["answered"], one["address"], one["permission"]) == (403, "/people", "SEE_PEOPLE")


def test_a_form_without_its_token_or_with_answers_that_cannot_be_is_noted_without_what_was_typed(stranger, desk, cast, capsys):
    form = stranger.open("/account/password").form("/account/password")
    stranger.client.post("/account/password", data={"new": "a secret word", "csrf_token": "wrong"})
    stranger.post(form, {"old": "a secret word", "password": "a secret word"})
    stranger.client.post("/complain", data={"x": "a secret word" * 200_000})

    said = capsys.readouterr().err
    lines = [json.loads(line) for line in said.splitlines() if '"refused"' in line]
    assert [(one["answered"], one["account"]) for one in lines] == [(code, cast.hana.account_id) for code in (400, 422, 413)]
    assert "a secret word" not in said


def test_what_is_answered_is_not_noted(stranger, capsys):
    for path in ("/home", "/cases", "/account"):
        stranger.open(path)
    PageReader(stranger.app).follow("/cases")
    stranger.client.get("/nowhere/at/all")

    assert noted(capsys) == []


def test_somebody_who_keeps_asking_fills_no_disk(stranger, clock, capsys):
    for _ in range(MOST + 12):
        stranger.client.get("/people")
    assert len(noted(capsys)) == MOST

    clock.move(minutes=2)
    stranger.client.get("/people")

    said = capsys.readouterr().err
    assert said.count('"event": "refused"') == 1
    assert '"many": 12' in said


def test_nor_do_many_from_many_places(clock):
    bounded = Bounded()

    written = [bounded.writes(f"192.0.2.{place}", clock())[0] for place in range(3 * MOST_OF_ALL)]

    assert sum(written) == MOST_OF_ALL
    assert len(bounded._seen) <= MOST_OF_ALL + 1
    assert not bounded.writes("another", clock())[0]
