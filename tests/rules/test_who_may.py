"""tests/authz.yaml is what the desk does: every address for everybody, and every planted word where it may be read and nowhere else."""

from __future__ import annotations

import pytest
from rules.matrix import DONE, FORBIDDEN
from rules.visits import Visit, Visitors, walk
from rules.world import World
from rules.writing import nothing_kept

from breachdesk.permissions import Permission


def test_every_address_has_its_line_and_no_line_is_about_an_address_that_is_gone(world: World, visitors: Visitors) -> None:
    served = {key for method in ("GET", "POST", "PUT", "PATCH", "DELETE") for key in visitors.keys(method)}

    assert served - set(world.matrix.addresses) == set(), "say in tests/authz.yaml who is answered at these addresses"
    assert set(world.matrix.addresses) - served == set(), "these addresses are gone"


def test_every_permission_has_its_line(world: World) -> None:
    assert set(world.matrix.told["may"]) == {one.name for one in Permission}


def wrong_cells(world: World, visits: list[Visit]) -> dict[str, str]:
    return {str(one): f"{one.met}, not {expected}" for one in visits
            if one.met != (expected := world.matrix.answer(one.key, one.name, one.case or "panel", one.room))}


def leaked(world: World, visits: list[Visit]) -> dict[str, list[str]]:
    found = {str(one): world.leaks(one.text + str(one.headers), one.name, world.references.get(one.case, "")) for one in visits}
    for one in visits:
        if not one.case and not world.matrix.names_without_a_case(one.key):
            found[str(one)] += world.names(one.text, one.name)
    return {where: words for where, words in found.items() if words}


def test_everybody_meets_at_each_address_what_the_matrix_says(world: World, visits: list[Visit]) -> None:
    assert wrong_cells(world, visits) == {}


def test_nobody_is_answered_a_word_that_is_not_theirs(world: World, visits: list[Visit]) -> None:
    assert leaked(world, visits) == {}


def test_every_planted_word_is_read_by_somebody(world: World, visits: list[Visit]) -> None:
    """A canary that never sings proves nothing."""
    sung = "".join(one.text for one in visits)

    assert [one for one in world.planted if one not in sung] == []


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one of each kind", "everybody"])
def test_everybody_who_sends_something_meets_what_the_matrix_says(own_world: World, visitors: Visitors, monkeypatch: pytest.MonkeyPatch,
                                                                  whole: bool) -> None:
    visitors = Visitors(own_world, signed_in=visitors)
    # Signing out ends what the browser holds, whatever the desk keeps.
    keys = sorted(visitors.keys("POST"), key=lambda key: key == "POST /sign-out")

    with nothing_kept(own_world.desk, monkeypatch):
        sent = [visitors.post(key, name, "panel") for key in keys for name in (visitors.clients if whole else visitors.whose(key))]

    assert wrong_cells(own_world, sent) == {}
    assert leaked(own_world, sent) == {}


@pytest.mark.soak
def test_everybody_meets_at_each_address_of_every_case_what_the_matrix_says(world: World, visitors: Visitors) -> None:
    """Which step can be taken depends on where a case stands; the matrix says so of the one with the panel. That it is there: of all."""
    visits = list(walk(visitors, whole=True))
    within = {DONE, FORBIDDEN}

    wrong = {str(one): (one.met, expected) for one in visits
             if one.met != (expected := world.matrix.answer(one.key, one.name, one.case or "panel", one.room))
             and not (one.case != "panel" and {one.met, expected} <= within)}
    assert wrong == {}
    assert leaked(world, visits) == {}
