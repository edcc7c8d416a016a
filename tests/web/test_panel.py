"""The panel builder: possible panels to choose from, and for everybody in the pool what speaks for and against them."""

from __future__ import annotations

import pytest
from conftest import lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.reading import case_page


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


def test_others_have_no_panel_to_name(reader, reference):
    for name, answer in (("ruth", 404), ("maya", 404), ("hana", 404)):
        reader(name).open(f"/cases/{reference}/panel", expect=answer)
