"""Whether an edition still says what it said: a wording that a case may cite is never changed under its label."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from breachdesk.compacts.editions import Commitment

_FIELDS = {"text": "the wording", "owed_by": "who owes it", "theme": "the theme", "section": "the section", "measure": "the measure"}


@dataclass(frozen=True, slots=True)
class Compared:
    """A commitment against the one held under its number: `says` is new, unchanged or overrides; `fault` is why it cannot be taken in."""

    code: str
    says: str
    fault: str = ""


def compared(label: str, new: Iterable[Commitment], held: Iterable[Commitment], cited: Collection[str]) -> tuple[Compared, ...]:
    """Hold the commitments of an edition against those that the desk has of it, and which of them cases CITE.

    An edition takes its wording once. Until then it may have what it takes from a core Compact, and override what no case cites.
    """
    known = {one.code: one for one in held}
    closed = any(not one.taken_from for one in known.values())
    return tuple(_compared(label, one, known.get(one.code), closed, cited) for one in new)


def missing(new: Iterable[Commitment], held: Iterable[Commitment]) -> tuple[str, ...]:
    """The numbers that an edition has of its own on this desk and that are not among the new ones."""
    given = {one.code for one in new}
    return tuple(one.code for one in held if not one.taken_from and one.code not in given)


def _compared(label: str, new: Commitment, held: Commitment | None, closed: bool, cited: Collection[str]) -> Compared:
    if held is None:
        return Compared(new.code, "new", f"edition {label} of this desk has no {new.code}, and a case may cite it as it is: "
                                         "give this wording an edition of its own" if closed else "")
    other = [words for name, words in _FIELDS.items() if getattr(new, name) != getattr(held, name)]
    if not other:
        return Compared(new.code, "unchanged")
    if not closed and new.code not in cited:
        return Compared(new.code, "overrides")
    why = "a case cites it" if new.code in cited else "a case may cite it"
    return Compared(new.code, "other", f"{new.code} is otherwise in edition {label} of this desk ({', '.join(other)}), and {why}: "
                                       "give this wording an edition of its own")
