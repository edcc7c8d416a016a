"""The calendar on pages: seen by those whose it is, looked at before it is changed, and nothing typed is lost."""

from __future__ import annotations

import pytest
from conftest import SCHEME, lodge
from web.lodging import begin, fill_in
from web.page_reader import PageReader
from web.test_action import CONTACT

from breachdesk import resources
from breachdesk.casework.desk import read_procedure
from breachdesk.store import procedures
from breachdesk.store.cases import SCHEMES

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
def counting(desk, request):
    """The scheme's procedure counts closed days: of the organisation complained about, or as the test says."""
    rule = getattr(request, "param", "respondent")
    text = resources.text("workflows", "procedures", "compact-dispute.v1.yaml") + f"\ndays off: {rule}\n"
    procedure = read_procedure(text, "compact-dispute.v1.yaml")
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


def close(who: PageReader, slug: str, day: int) -> None:
    """Enter a day in March on which an organisation is closed, as somebody there does."""
    address = f"/closed-days/{slug}"
    seen = who.send(who.open(address).one("main").all("form")[0], {**JUBILEE, "day-day": str(day), "title": "Staff day"})
    who.send(seen.form(address), {"why": "We are closed."})


@pytest.mark.parametrize(("counting", "ends", "closed"), [
    # Amberdale Council is closed on 4 and 5 March, Riverside Carers on 5 and 6 March; five working days begin on 2 March.
    pytest.param("respondent", "Wednesday 11 March 2026", {4, 5}, marks=pytest.mark.soak),
    ("either", "Thursday 12 March 2026", {4, 5, 6}),
    pytest.param("both", "Tuesday 10 March 2026", {5}, marks=pytest.mark.soak),
], indirect=["counting"])
def test_closed_days_that_each_side_enters_move_the_day_as_the_procedure_says_and_are_explained(reader, counting, ends, closed):
    ruth, omar = reader("ruth"), reader("omar")
    for who, slug, days in ((omar, "amberdale-council", (4, 5)), (ruth, "riverside-carers", (5, 6))):
        for day in days:
            close(who, slug, day)
    ruth.send(fill_in(ruth, begin(ruth)).form())

    check = ruth.send(ruth.open("/cases/DD-2026-0001/do/record_direct_contact").form(), CONTACT)
    ruth.send(check.form())

    [limit] = [one for one in omar.open("/cases/DD-2026-0001").one("main").all("div", **{"class": "desk-deadline"})
               if "says that it has the complaint" in one.text]
    assert f"By {ends}" in limit.text
    why = {row.one("th").text: row.all("td")[1].text for row in limit.one("tbody").all("tr")}
    assert {int(day.split()[1]) for day, reason in why.items() if "Staff day" in reason} == closed
