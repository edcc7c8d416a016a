"""The page on which a coordinator with an interest passes a case on: it shows nothing else of the case."""

from __future__ import annotations

import pytest
from conftest import lodge


@pytest.fixture
def olive(reader, joins):
    """Olive, who coordinates, and belongs to the council that the complaint is about."""
    joins("olive", "amberdale-council")
    joins("ivo", "amberdale-council", role="stand_in")
    return reader("olive")


def test_they_are_led_from_home_to_the_one_step_that_is_left_to_them(olive, desk, cast, joins):
    joins("iris", "fernhollow-health-partnership", role="stand_in")
    reference = lodge(desk, cast.ruth)

    home = olive.open("/home")
    page = olive.open(next(link["href"] for link in home.all("a") if "pass it to a stand-in" in link.text))

    assert page.path == f"/cases/{reference}/pass-on"
    assert not [word for word in ("Riverside", "helpline", "13.2") if word in home.main + page.main]
    assert "disabled" in next(one for one in page.all("input", type="radio") if one["value"] == "ivo@desk.example").attributes
    wrong = olive.send(page.form(), {"stand_in": "ivo@desk.example", "reason": "My own council."}, expect=422)
    assert wrong.errors() == ["Ivo belongs to a side in this case, so cannot decide in it. Choose somebody else."]
    done = olive.send(page.form(), {"stand_in": "iris@desk.example", "reason": "My own council."})
    assert done.path == "/home"
    assert "pass it to a stand-in" not in done.main
    olive.open(f"/cases/{reference}/pass-on", expect=404)


def test_with_nobody_free_they_type_an_address(olive, reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    page = olive.open(f"/cases/{reference}/pass-on")
    assert "Nobody among the scheme's own stand-ins is free of interests." in page.main
    wrong = olive.send(page.form(), {"by_address": "nobody@desk.example", "reason": "My own council."}, expect=422)
    assert wrong.errors()
    done = olive.send(page.form(), {"by_address": "Hana@desk.example", "reason": "My own council."})

    assert f"You have passed on the case {reference}." in done.main
    assert reference in reader("hana").open("/cases").main
