"""The panels that are possible in a case, best first: three or five people from both sectors, none of them with an interest. Pure.

What the guards of the procedure ask of a panel, this keeps to; `tests/workflow/test_panels.py` holds the two against each other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from breachdesk.workflow.facts import Candidate
from breachdesk.workflow.interests import Interest, Stakes, interests_of, is_barred

MEMBER = "panel_member"
SIZES = (3, 5)
SECTORS = ("statutory", "voluntary")
# The best of each sector are put together in every way: more than a panel can take from one, so none is missed.
AMONG = 6


@dataclass(frozen=True, slots=True)
class Panel:
    """A possible panel. `to_weigh` says what is known of a member and does not bar them; `apart`: by how many one sector outweighs."""

    members: tuple[Candidate, ...]
    chair: Candidate
    deputy: Candidate
    to_weigh: tuple[tuple[str, Interest], ...]
    load: int
    areas: int
    apart: int


def possible_panels(pool: Collection[Candidate], stakes: Stakes, size: int, most: int = 5) -> tuple[Panel, ...]:
    """The panels of SIZE that are possible, at most MOST.

    The balanced ones come first, then those with the least to weigh, the least load, and the most areas.
    """
    free = [one for one in pool if not is_barred(one, stakes, MEMBER)]
    found = [_panel(members, stakes) for members in _together(free, stakes, size)]
    return tuple(sorted(found, key=_rank)[:most])


def is_possible(pool: Collection[Candidate], stakes: Stakes) -> bool:
    """Whether there is any panel at all."""
    return not missing(pool, stakes)


def missing(pool: Collection[Candidate], stakes: Stakes) -> tuple[str, ...]:
    """What a panel lacks, in sentences; nothing when one is possible."""
    free = [one for one in pool if not is_barred(one, stakes, MEMBER)]
    lacks = [f"Nobody from the {sector} sector is free of interests; a panel has at least one." for sector in SECTORS
             if not any(one.sector == sector for one in free)]
    few = {0: "Nobody is", 1: "One person is", 2: "Two people are"}
    if len(free) < min(SIZES):
        lacks.append(f"{few[len(free)]} free of interests; a panel has three members, or five.")
    return tuple(lacks)


def _together(free: Sequence[Candidate], stakes: Stakes, size: int) -> Iterator[tuple[Candidate, ...]]:
    by_cost = sorted(free, key=lambda one: (len(interests_of(one, stakes, MEMBER)), one.load, one.name, one.account_id))
    best = [one for sector in (*SECTORS, "") for one in [other for other in by_cost if _sector(other) == sector][:AMONG]]
    for members in combinations(best, size):
        if set(SECTORS) <= {one.sector for one in members}:
            yield members


def _sector(one: Candidate) -> str:
    return one.sector if one.sector in SECTORS else ""


def _panel(members: tuple[Candidate, ...], stakes: Stakes) -> Panel:
    to_weigh = tuple((one.name, interest) for one in members for interest in interests_of(one, stakes, MEMBER))
    sectors = Counter(one.sector for one in members)
    troubled = {name for name, _ in to_weigh}
    chair = min(members, key=lambda one: (one.name in troubled, one.load, -sectors[one.sector], one.name))
    deputy = min((one for one in members if one.sector != chair.sector), key=lambda one: (one.name in troubled, one.load, one.name))
    return Panel(tuple(sorted(members, key=lambda one: (one is not chair, one is not deputy, one.name))), chair, deputy, to_weigh,
                 sum(one.load for one in members), len({one.area for one in members if one.area}),
                 abs(sectors["statutory"] - sectors["voluntary"]))


def _rank(panel: Panel) -> tuple[object, ...]:
    return (max(panel.apart - 1, 0), len(panel.to_weigh), panel.load, -panel.areas, tuple(one.name for one in panel.members))
