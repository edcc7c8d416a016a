"""From the steering group's figures to those that anybody may read.

Headline counts stay as they are, otherwise a county with four cases could publish nothing. In a breakdown a small count could tell
who complained about whom, so it is hidden, and so is whatever would give it away: by subtraction from the total, or by knowing
this very rule. `tests/statistics/test_disclosure.py` tries both on every small table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from breachdesk.errors import Refused
from breachdesk.statistics.figures import PUBLIC, Figures, Measure, Part

FEWEST_SHOWN = 5
# How much of each measure everybody may read, by its id (of `D1.median`: D1). One that stands nowhere stays inside.
_HEADLINES = frozenset({"A1", "A2", "A4", "A5", "A6", "B1", "C1", "C2", "C7", "D1", "D2", "E1", "E2", "E2-E6", "E3", "E7", "F7", "J1",
                        "J5"})
BREAKDOWNS = frozenset({"A3", "F1", "F2", "G1", "G4"})
# Only those that somebody named are listed there, so even a hidden number would tell who complained about what.
INSIDE_ONLY = frozenset({"F1.commitment"})
# What so few said or did that one of them could be recognised.
_FEW = frozenset({"A7", "F3", "G2", "G3", "H1", "H2", "H3", "I1"})
_ONE_CASE_S_DAYS = frozenset({"D1.min", "D1.max", "D2.min", "D2.max"})
_NOT_SHOWN, _INSIDE = "not shown", "Only in the steering group's edition."


def public_edition(figures: Figures, *, fewest_shown: int = FEWEST_SHOWN) -> Figures:
    """The figures without what could point to single cases. Raises Refused when they do not balance: those are not published."""
    if figures.balance_fault:
        raise Refused(figures.balance_fault)
    closed = int(figures.measure("A5").value or 0)
    measures = tuple(_public(measure, closed, fewest_shown) for measure in figures.measures)
    return replace(figures, measures=measures, edition=PUBLIC)


def _public(measure: Measure, closed: int, fewest_shown: int) -> Measure:
    kind = measure.id.split(".")[0]
    if measure.id in BREAKDOWNS:
        return _public_breakdown(measure, fewest_shown)
    if measure.id in INSIDE_ONLY:
        return replace(measure, parts=(), note=_INSIDE) if measure.parts else measure
    if measure.id in _ONE_CASE_S_DAYS and 0 < closed < fewest_shown:
        return replace(measure, value=None, note=f"Not shown: fewer than {fewest_shown} cases were closed.")
    if kind in _FEW and 0 < (measure.denominator or measure.value or 0) < fewest_shown:
        return replace(measure, value=None, numerator=None, denominator=None, note=f"Not shown: fewer than {fewest_shown}.")
    if kind in _FEW or kind in _HEADLINES:
        return measure
    return replace(measure, value=None, numerator=None, denominator=None, parts=(), note=_INSIDE)


def _public_breakdown(measure: Measure, fewest_shown: int) -> Measure:
    parts = suppressed([part.count or 0 for part in measure.parts], fewest_shown)
    shown = tuple(Part(old.label, count, words) for old, (count, words) in zip(measure.parts, parts, strict=True))
    return replace(measure, parts=shown, note=_note(shown, fewest_shown) or measure.note)


def _note(parts: Sequence[Part], fewest_shown: int) -> str:
    hidden = {part.hidden for part in parts if part.count is None}
    if not hidden:
        return ""
    if all(part.count is None for part in parts):
        return "This breakdown is not shown: so few that single cases could be recognised."
    if _NOT_SHOWN in hidden:
        return (f"“Not shown” is a number under {fewest_shown}, or a larger one without which the smaller could be worked out.")
    return f"Numbers from 1 to {fewest_shown - 1} are shown as “fewer than {fewest_shown}”."


def suppressed(counts: Sequence[int], fewest_shown: int = FEWEST_SHOWN) -> list[tuple[int | None, str]]:
    """What may be shown of COUNTS, whose total everybody knows: the count, or None and the words in its place.

    Each hidden count keeps at least two possible values, even for a reader who knows this function. (One label alone cannot be hidden.)
    """
    small = {at for at, count in enumerate(counts) if 0 < count < fewest_shown}
    everything = set(range(len(counts)))
    if _forced(counts, fewest_shown):
        return _hide(counts, everything, _NOT_SHOWN)
    if not small or _vague(counts, small, fewest_shown):
        return _hide(counts, small, f"fewer than {fewest_shown}")
    large = [count for count in counts if count >= fewest_shown]
    if not large:
        return _hide(counts, everything, _NOT_SHOWN)
    # All that are as small as the smallest: choosing one of them by its place would tell something.
    return _hide(counts, small | {at for at in everything if counts[at] == min(large)}, _NOT_SHOWN)


def _forced(counts: Sequence[int], fewest_shown: int) -> bool:
    """Totals for which hiding a whole table would say that all its counts are alike; such a table is hidden whatever is in it."""
    total = sum(counts)
    return total > 0 and total in (len(counts), len(counts) * (fewest_shown - 1))


def _vague(counts: Sequence[int], small: set[int], fewest_shown: int) -> bool:
    """Whether the sum of the small counts leaves each of them open: not all 1, not all as large as a hidden one can be."""
    hidden = sum(counts[at] for at in small)
    return len(small) < hidden < len(small) * (fewest_shown - 1) and len(small) > 1


def _hide(counts: Sequence[int], hidden: set[int], words: str) -> list[tuple[int | None, str]]:
    return [(None, words) if at in hidden else (count, "") for at, count in enumerate(counts)]
