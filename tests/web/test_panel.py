"""The panel builder: possible panels to choose from, and for everybody in the pool what speaks for and against them."""

from __future__ import annotations

import pytest
from conftest import lodge
from sqlalchemy import insert, select, update
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.errors import Refused
from breachdesk.store.cases import SCHEMES
from breachdesk.store.people import ACCOUNTS, ROLES


@pytest.fixture
def reference(desk, cast):
    """A case in which a panel is to be named; Maya was its critical friend."""
    found = lodge(desk, cast.ruth)
    take(desk, cast, found, TO_THE_PANEL[:-1])
    return found


def test_a_panel_that_is_chosen_fills_the_steps_form(reader, desk, cast, reference):
    olive = reader("olive")

    page = olive.follow(next(link["href"] for link in olive.open(f"/cases/{reference}").all("a") if "possible panels" in link.text))
    assert "Paula, Amberdale Council, statutory sector Cannot be named: belongs to Amberdale Council." in page.main
    form = olive.send(page.form())

    assert form.path == f"/cases/{reference}/do/convene/check"
    chosen = {one["value"] for one in form.all("input", name="members") if "checked" in one.attributes}
    assert chosen == {"petra@desk.example", "pia@desk.example", "piers@desk.example"}
    done = olive.send(olive.send(form.form(), {"declared": "yes"}).form())
    assert "/done/" in done.path
    with desk.database.read() as session:
        people = case_page(session, desk, cast.olive, reference).people
    assert {one.name for one in people if one.role == "panel_member"} == {"Petra", "Pia", "Piers"}


def test_where_no_panel_is_possible_the_page_says_what_is_missing(reader, desk, cast, joins, reference):
    joins("petra", "amberdale-council")
    page = reader("olive").open(f"/cases/{reference}/panel")

    assert "Nobody from the statutory sector is free of interests; a panel has at least one." in page.main
    assert "Petra, Amberdale Council, Fernhollow Health Partnership, statutory sector Cannot be named" in page.main
    assert "Choose this panel" not in page.main
    assert "Ask the scheme of a neighbouring area to lend somebody, as you would lend to it." in page.main


def test_people_of_another_schemes_pool_fill_the_gap(reader, desk, joins, reference):
    joins("petra", "amberdale-council")
    with desk.database.begin() as session:
        row = session.first(select(SCHEMES))._asdict()
        session.execute(insert(SCHEMES).values(**{**row, "id": 2, "slug": "next-door", "title": "The Compact next door",
                                                  "reference_prefix": "ND"}))
    joins("nora", role="panel_member", sector="statutory")
    with desk.database.begin() as session:
        session.execute(update(ROLES).where(ROLES.c.account_id == select(ACCOUNTS.c.id).where(
            ACCOUNTS.c.email == "nora@desk.example").scalar_subquery()).values(scheme_id=2))

    page = reader("olive").open(f"/cases/{reference}/panel")

    assert "people from the pools of other schemes on this desk are offered too" in page.main
    assert "Nora, statutory sector, out of area (The Compact next door)" in page.main


def test_a_coordinator_in_the_pool_is_not_proposed_and_cannot_name_herself(reader, desk, cast, joins, reference):
    joins("olive", role="panel_member", sector="statutory")

    assert "Olive" not in reader("olive").open(f"/cases/{reference}/panel").main
    with pytest.raises(Refused, match="Nobody names themselves"):
        act(desk, cast.olive, reference, Step("convene", {
            "members": ["olive@desk.example", "piers@desk.example", "pia@desk.example"], "chair": "piers@desk.example", "declared": True}))


def test_others_have_no_panel_to_name(reader, reference):
    for name, answer in (("ruth", 404), ("maya", 404), ("hana", 404)):
        reader(name).open(f"/cases/{reference}/panel", expect=answer)
