"""Each rule about who may see and do what is held by a cell of tests/authz.yaml: whichever clause of it is changed, a cell goes wrong."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from types import FunctionType

import pytest
from rules.cells import Cells, cells_of
from rules.mutants import Mutant, body_of, functions_behind, in_place_of, mutants_of, table_in, with_table
from rules.world import World

from breachdesk import permissions
from breachdesk.permissions import MAY, roles_in_case
from breachdesk.store.visibility import compartments_of, parties_of, summarised_for, visible_to

# Changes after which the rule says the same, and why. Nothing else may stay unseen.
_SHORTER = "without organisations, or a role in a scheme, the list is empty, and nothing is in it: the clause only saves the question"
_QUICKER = "the same cases are asked for in two ways: which is quicker hangs on how many they are"
SAME = {
    "excluded: always in “[_has_a_side_among(actor.organisations)] if actor.organisations else []”": _SHORTER,
    "_of_a_side: never in “if not actor.organisations: return []”": _SHORTER,
    "_granted: without “schemes” in “for schemes in [_schemes(actor, 'coordinator')] if schemes”": _SHORTER,
    **{f"visible_to: {always} in “if any((role in SCHEME_WIDE for _, role in actor.roles)): "
       "return or_(granted, *(CASES.c.id.in_(one) for one in”": _QUICKER for always in ("always", "never")},
    "visible_to: turned round in “role in SCHEME_WIDE”": _QUICKER,
    "_escalated: always in “[and_(CASES.c.scheme_id.in_(among), CASES.c.reached_panel)] if own else []”": _SHORTER,
    "is_excluded: without “party.represented_by” in “(party.organisation_id, party.represented_by)”":
        "whoever acts for a side now is among those who acted for it",
}


# An `or_()` that a mutant has emptied is said to be out of date.
pytestmark = pytest.mark.filterwarnings("ignore:Invoking or_:DeprecationWarning")


@pytest.fixture(scope="module")
def cells(world: World) -> Cells:
    return cells_of(world)


def is_seen(cells: Cells, changed: AbstractContextManager[None]) -> bool:
    """Whether a cell goes wrong, or the rule can no longer be asked at all."""
    with changed:
        try:
            return next(cells.wrong(), None) is not None
        except Exception:
            return True


def survivors(cells: Cells, mutants: list[Mutant], change: Callable[[Mutant], AbstractContextManager[None]]) -> list[str]:
    return [str(one) for one in mutants if not is_seen(cells, change(one)) and str(one) not in SAME]


RULES = [one for one in functions_behind(visible_to, summarised_for, roles_in_case, compartments_of, parties_of)
         if any(mutants_of(body_of(one), ""))]


def test_what_is_said_to_change_nothing_is_still_there() -> None:
    known = {str(one) for function in RULES for one in mutants_of(body_of(function), function.__qualname__)}

    assert set(SAME) - known == set()


def test_every_cell_is_right_before_anything_is_changed(cells: Cells) -> None:
    assert list(cells.wrong()) == []


@pytest.mark.parametrize("function", RULES, ids=lambda one: f"{one.__module__.rpartition('.')[2]}.{one.__qualname__}")
def test_no_clause_of_a_rule_can_be_changed_unseen(cells: Cells, function: FunctionType) -> None:
    mutants, whole = list(mutants_of(body_of(function), function.__qualname__)), function.__code__

    assert survivors(cells, mutants, lambda one: in_place_of(function, one.tree)) == []
    assert function.__code__ is whole, "the rule was put back as it was"


def test_no_entry_of_the_table_of_permissions_can_be_changed_unseen(cells: Cells) -> None:
    mutants = list(mutants_of(table_in(permissions, "MAY"), "MAY"))

    assert survivors(cells, mutants, lambda one: with_table(MAY, permissions, one.tree)) == []
