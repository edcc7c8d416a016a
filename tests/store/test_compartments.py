"""Which words of a case somebody may read: the truth table, and the order in which compartments lie within each other."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from breachdesk.store.visibility import compartments_of, is_within, require_within, room_of

PARTIES = (7, 8)
ROLES = ("complainant", "respondent", "representative", "former_party", "coordinator", "stand_in", "critical_friend", "panel_member",
         "steering_group")
COMPARTMENTS = ("public", "shared", "steering_group", "coordinator", "panel", "friend", room_of(7), room_of(8))
ROOMS = {"room:7", "room:8"}


@pytest.mark.parametrize(("roles", "own", "read"), [
    # Nobody, somebody who is not in the case, the operator.
    ((), (), {"public"}),
    ((), (7,), {"public"}),
    # A party reads its own room, whatever it does in the case; somebody who belongs to both reads both.
    (("complainant",), (7,), {"public", "shared", "room:7"}),
    (("respondent",), (8,), {"public", "shared", "room:8"}),
    (("complainant", "representative"), (7,), {"public", "shared", "room:7"}),
    (("former_party",), (7,), {"public", "shared", "room:7"}),
    (("complainant", "respondent"), (7, 8), {"public", "shared", "room:7", "room:8"}),
    # The offices read no room.
    (("coordinator",), (), {"public", "shared", "coordinator", "steering_group"}),
    (("stand_in",), (), {"public", "shared", "coordinator", "steering_group"}),
    (("steering_group",), (), {"public", "shared", "steering_group"}),
    (("coordinator", "steering_group"), (), {"public", "shared", "coordinator", "steering_group"}),
    # A critical friend reads every room, and nothing of the panel's; the panel the other way round; whoever is both neither.
    (("critical_friend",), (), {"public", "shared", "friend", "room:7", "room:8"}),
    (("panel_member",), (), {"public", "shared", "panel"}),
    (("critical_friend", "panel_member"), (), {"public", "shared"}),
    (("panel_member", "coordinator"), (), {"public", "shared", "panel", "coordinator", "steering_group"}),
    (("panel_member", "steering_group"), (), {"public", "shared", "panel", "steering_group"}),
    # Whoever belongs to a party reads as that party and nothing more: the interest beats every office.
    (("respondent", "coordinator"), (8,), {"public", "shared", "room:8"}),
    (("respondent", "critical_friend"), (8,), {"public", "shared", "room:8"}),
    (("respondent", "panel_member"), (8,), {"public", "shared", "room:8"}),
    (("respondent", "steering_group"), (8,), {"public", "shared", "room:8"}),
])
def test_who_reads_which_compartment(roles: tuple[str, ...], own: tuple[int, ...], read: set[str]) -> None:
    assert set(compartments_of(frozenset(roles), frozenset(own), PARTIES)) == read


def everybody() -> list[frozenset[str]]:
    """What every set of roles, with every set of own parties, reads."""
    sets = chain.from_iterable(combinations(ROLES, size) for size in range(len(ROLES) + 1))
    return [frozenset(compartments_of(frozenset(roles), frozenset(own), PARTIES)) for roles in sets for own in ((), (7,), (8,), (7, 8))]


@pytest.mark.parametrize("child", COMPARTMENTS)
@pytest.mark.parametrize("parent", COMPARTMENTS)
def test_one_compartment_lies_within_another_when_all_who_read_it_read_that_one_too(child: str, parent: str) -> None:
    assert is_within(child, parent) == all(parent in read for read in everybody() if child in read)


def test_who_is_on_the_panel_reads_no_partys_room_and_who_is_no_friend_and_no_party_neither() -> None:
    for roles in chain.from_iterable(combinations(ROLES, size) for size in range(len(ROLES) + 1)):
        if "panel_member" in roles or "critical_friend" not in roles:
            assert not ROOMS & set(compartments_of(frozenset(roles), frozenset(), PARTIES)), roles


def test_what_is_more_open_than_what_it_belongs_to_is_not_written() -> None:
    require_within("room:7", "shared")
    with pytest.raises(ValueError, match="more open than what it belongs to"):
        require_within("shared", "room:7")
