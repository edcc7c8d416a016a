"""The calendar on pages: seen by those whose it is, looked at before it is changed, and nothing typed is lost."""

from __future__ import annotations

import pytest
from conftest import SCHEME, lodge
from web.page_reader import PageReader

from breachdesk import resources
from breachdesk.store import procedures
from breachdesk.store.cases import SCHEMES
from breachdesk.workflow.loading import load_procedure

ADDRESS = f"/calendars/{SCHEME}/own"
JUBILEE = {"kind": "add", "day-day": "10", "day-month": "3", "day-year": "2026", "title": "Jubilee Day"}


@pytest.fixture
def olive(reader) -> PageReader:
    return reader("olive")


def test_a_holiday_is_added_after_its_effect_was_shown(olive, desk, cast):
    reference = lodge(desk, cast.ruth)

    form = olive.open(ADDRESS).one("main").all("form")[0]
    seen = olive.send(form, JUBILEE)
    assert "Tuesday 10 March 2026: Jubilee Day" in seen.main
    assert reference in seen.main

    refused = olive.send(seen.form(ADDRESS), {"why": ""}, 422)
    assert "Say why the calendar changes, in at most 2,000 characters. The parties are told." in refused.errors()

    page = olive.send(refused.form(ADDRESS), {"why": "Announced."})
    assert "The calendar is changed." in page.main
    assert "Tuesday 10 March 2026: Jubilee Day" in page.main


def test_what_cannot_be_meant_is_said_beside_its_question_and_stays_typed(olive):
    form = olive.open(ADDRESS).one("main").all("form")[0]

    page = olive.send(form, {**JUBILEE, "day-day": "14"}, 422)

    assert any("is a Saturday, on which nobody works anyway" in one for one in page.errors())
    assert page.one("input", id="title")["value"] == "Jubilee Day"


def test_only_the_coordinator_changes_the_schemes_calendar_and_each_organisation_its_own_days(reader):
    ruth = reader("ruth").client

    assert ruth.get(ADDRESS).status_code == 403
    assert ruth.get("/closed-days/riverside-carers").status_code == 200
    assert ruth.get("/closed-days/amberdale-council").status_code == 404


@pytest.fixture
def counting(desk):
    """The scheme's procedure counts the days on which the organisation complained about is closed."""
    text = resources.text("workflows", "procedures", "compact-dispute.v1.yaml") + "\ndays off: respondent\n"
    procedure = load_procedure(text, "compact-dispute.v1.yaml")
    with desk.database.begin() as session:
        procedures.add_procedure(session, procedure, text, desk.now(session), procedures.PUBLISHED)
        session.execute(SCHEMES.update().values(procedure_digest=procedure.digest))


def links(page):
    return {link["href"] for link in page.one("main").all("a")}


def test_the_way_there_stands_where_people_look_for_it(reader, counting):
    olive, omar = reader("olive"), reader("omar")

    assert "/calendars" in links(olive.open(f"/scheme/{SCHEME}/set-up"))
    assert "/calendars" not in links(reader("ops").open(f"/scheme/{SCHEME}/set-up"))
    assert "/closed-days/amberdale-council" in links(olive.open("/organisations/amberdale-council"))
    assert "/closed-days/amberdale-council" not in links(reader("ops").open("/organisations/amberdale-council"))
    assert {one for one in links(omar.open("/home")) if "closed-days" in one} == {"/closed-days/amberdale-council"}
    omar.open("/closed-days/amberdale-council")


def test_where_no_procedure_counts_closed_days_nobody_is_asked_for_them_on_home(reader):
    assert not [one for one in links(reader("omar").open("/home")) if "closed-days" in one]
