"""Who reads what in a case, in plain words for those who are about to write: worked out by the rule that every page goes by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from breachdesk.casework.masking import KNOWING
from breachdesk.store.visibility import COORDINATOR, FRIEND, PANEL, PUBLIC, SHARED, STEERING_GROUP, compartments_of, room_of

# Two sides that stand for all: whoever reads their rooms reads everybody's.
_SIDES: Mapping[str, int] = {"complainant": 1, "respondent": 2}
_READERS: Mapping[str, str] = {
    "complainant": "The organisation that complains, and whoever acts for it",
    "respondent": "The organisation complained about, once it has been told, and whoever acts for it",
    "coordinator": "The coordinator, or whoever stands in",
    "critical_friend": "The critical friend",
    "panel_member": "A member of the panel",
    "steering_group": "The steering group, once the dispute has reached the panel"}
_PLACES: Mapping[str, str] = {
    SHARED: "what is written for everybody in the case",
    room_of(1): "what the organisation that complains and the critical friend say to each other",
    room_of(2): "what the organisation complained about and the critical friend say to each other",
    FRIEND: "the critical friend's own notes",
    PANEL: "what the panel says among its members",
    STEERING_GROUP: "what the steering group records for its meetings",
    COORDINATOR: "what is written for the coordinator alone"}


@dataclass(frozen=True, slots=True)
class WhoReads:
    """Somebody in a case, what they read of it, and whether they are told who complains where that name is kept back."""

    role: str
    who: str
    reads: tuple[str, ...]
    knows_who_complains: bool


def who_reads() -> tuple[WhoReads, ...]:
    """Each role in a case with what it reads, by `compartments_of`. What is public everybody reads, and it is not said."""
    return tuple(WhoReads(role, who, tuple(_PLACES[one] for one in _compartments(role) if one != PUBLIC),
                          role in KNOWING or role == "complainant") for role, who in _READERS.items())


def _compartments(role: str) -> tuple[str, ...]:
    own = frozenset({_SIDES[role]}) if role in _SIDES else frozenset()
    return compartments_of(frozenset({role}), own, _SIDES.values())
