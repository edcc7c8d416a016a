"""People and organisations by command: the same rules as on the pages, done by the operator."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def shown(practice):
    return lambda *words: json.loads(practice(*words, "--json").stdout)


def test_an_organisation_is_renamed_linked_and_funded(practice, shown):
    practice("organisation", "rename", "amberdale-council", "--name", "Amberdale and Vale", "--from", "2026-03-01")
    practice("organisation", "succeeded", "harcastle-borough-council", "--by", "amberdale-council", "--from", "2026-03-01")
    practice("organisation", "funds", "amberdale-council", "--to", "larkmoor-voluntary-action", "--from", "2020-04-01")
    practice("organisation", "funding-ended", "amberdale-council", 1, "--on", "2025-03-31")
    practice("organisation", "change", "amberdale-council", "--kind", "unitary council", "--signed", "2016-12-08")

    one = shown("organisation", "show", "amberdale-council")

    assert [name["name"] for name in one["names"]] == ["Amberdale and Vale", "Amberdale Council"]
    assert (one["predecessors"][0]["slug"], one["funding"][0]["to_on"]) == ("harcastle-borough-council", "2025-03-31")
    assert (one["sector"], one["kind"], one["signatory_from"]) == ("statutory", "unitary council", "2016-12-08")
    said = practice("organisation", "show", "amberdale-council").stdout
    assert "called Amberdale Council until Saturday 28 February 2026" in said


def test_somebody_is_invited_joins_serves_and_leaves(practice, shown):
    practice("account", "invite", "nina@riverside.example", "--name", "Nina Ferris", "--organisation", "riverside-carers")
    practice("account", "join", "nina@riverside.example", "--organisation", "amberdale-council", "--kind", "employee")
    practice("account", "role", "nina@riverside.example", "--role", "auditor", "--to", "2027-03-01")
    practice("account", "leave", "nina@riverside.example", "--organisation", "riverside-carers")

    one = shown("account", "show", "nina@riverside.example")
    assert {(each["slug"], each["kind"], each["state"]) for each in one["memberships"]} == {
        ("amberdale-council", "employee", "now"), ("riverside-carers", "member", "ended")}
    assert [(each["role"], each["to_on"]) for each in one["roles"]] == [("auditor", "2027-03-01")]
    practice("account", "end-role", "nina@riverside.example", "--role", "auditor")
    assert "no such role" in practice("account", "end-role", "nina@riverside.example", "--role", "auditor", expect=1).stderr
    assert "serves in 0 open cases" in practice("account", "show", "nina@riverside.example").stdout


def test_a_coordinator_is_away_and_back(practice, shown):
    practice("account", "away", "olive@desk.example", "--cover", "iris@fernhollow.example", "--to", "2026-03-06")

    assert "Iris Dunstan covers" in practice("account", "show", "olive@desk.example").stdout
    practice("account", "back", "olive@desk.example")
    assert shown("account", "show", "olive@desk.example")["covers"] == []
    assert "is not away" in practice("account", "back", "olive@desk.example", expect=1).stderr


def test_an_account_is_switched_off_and_on(practice, shown):
    practice("account", "deactivate", "maya.thornbrook@nowhere.example", expect=1)
    practice("account", "deactivate", "ruth@riverside.example")
    assert shown("account", "show", "ruth@riverside.example")["active"] is False
    assert "switched off" in practice("account", "invite-again", "ruth@riverside.example", expect=1).stderr
    practice("account", "reactivate", "ruth@riverside.example")
    practice("account", "invite-again", "ruth@riverside.example")


def test_the_roster_lists_friends_and_panel(practice, shown):
    assert "Harriet Vale" in practice("account", "roster").stdout
    [one] = shown("account", "roster")
    assert {each["sector"] for each in one["friends"]} == {"statutory", "voluntary"}


@pytest.mark.parametrize(("words", "field"), [
    (("account", "role", "ruth@riverside.example", "--role", "king"), "role"),
    (("account", "join", "ruth@riverside.example", "--organisation", "nowhere"), "organisation"),
    (("account", "away", "olive@desk.example", "--cover", "iris@fernhollow.example", "--to", "2026-02-01"), "to_on"),
    (("account", "invite", "x", "--name", "X"), "email"),
    (("organisation", "rename", "amberdale-council", "--name", "X" * 10_000, "--from", "2026-01-01"), "name"),
    (("organisation", "funds", "amberdale-council", "--to", "amberdale-council", "--from", "2026-01-01"), "other")])
def test_what_cannot_be_is_refused_by_the_fields_name(practice, words, field):
    assert practice(*words, expect=1).stderr.startswith(f"{field}:")
