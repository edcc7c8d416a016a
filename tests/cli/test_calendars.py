"""`breachdesk calendar`: shown, changed with a look ahead, and refused in words."""

from __future__ import annotations

import json
from importlib import resources

SCHEME = "derby-and-derbyshire"


def official() -> str:
    """The list as GOV.UK publishes it, from the package that bundles it."""
    return (resources.files("govuk_bank_holidays") / "bank-holidays.json").read_text("utf-8")


def test_every_holiday_is_shown_with_those_that_are_only_reckoned(practice):
    found = json.loads(practice("calendar", "show", SCHEME, "--json").stdout)

    by_day = {one["day"]: one for one in found["holidays"]}
    assert by_day["2026-12-28"]["provisional"] is False
    assert by_day["2030-12-25"]["provisional"] is True


def test_a_day_is_looked_at_first_then_added_and_taken_out_again(practice):
    looked = practice("calendar", "add-day", SCHEME, "2026-06-15", "Match day", "--dry-run").stdout
    assert "Nothing has been changed" in looked
    assert "2026-06-15" not in practice("calendar", "show", SCHEME, "--json").stdout

    done = json.loads(practice("calendar", "add-day", SCHEME, "2026-06-15", "Match day", "--why", "Announced.", "--json").stdout)
    assert (done["changed"], done["added"]) == (True, [{"day": "2026-06-15", "title": "Match day"}])
    assert "Match day" in practice("calendar", "show", SCHEME).stdout

    practice("calendar", "remove-day", SCHEME, "2026-06-15", "--why", "Called off.")
    assert "Match day" not in practice("calendar", "show", SCHEME).stdout
    practice("audit", "verify")


def test_a_change_without_a_reason_or_of_a_weekend_is_refused_in_words(practice):
    assert "Say why" in practice("calendar", "add-day", SCHEME, "2026-06-15", "Match day", expect=1).stderr
    assert "on which nobody works anyway" in practice("calendar", "add-day", SCHEME, "2026-06-13", "X", "--why", "x", expect=1).stderr
    assert "There is no scheme" in practice("calendar", "show", "nowhere", expect=1).stderr
    assert "has no calendar “moon”" in practice("calendar", "show", SCHEME, "--role", "moon", expect=1).stderr


def test_the_published_list_is_taken_in_unless_it_is_empty_shorter_or_something_else(practice, written):
    whole = json.loads(official())
    short = {part: {**of, "events": [one for one in of["events"] if one["date"] != "2026-05-25"]} for part, of in whole.items()}
    empty = {part: {**of, "events": []} for part, of in whole.items()}
    for content, says in [(short, "25 May 2026"), (empty, "no days at all"), ({"a": 1}, "not the list that GOV.UK publishes")]:
        file = written(json.dumps(content).encode(), "bank-holidays.json")
        assert says in practice("calendar", "import", SCHEME, file, "--why", "x", expect=1).stderr
    assert "This is no JSON" in practice("calendar", "import", SCHEME, written(b"<html>", "list.json"), "--why", "x", expect=1).stderr


def test_an_organisation_says_on_which_days_it_is_closed(practice):
    practice("calendar", "add-day", "amberdale-council", "2026-12-29", "Between the years", "--closed", "--why", "As every year.")

    assert "Between the years" in practice("calendar", "show", "amberdale-council", "--closed").stdout
    assert "no list of bank holidays" in practice("calendar", "newer", "amberdale-council", "--closed", expect=1).stderr
