"""A local edition that follows a core Compact: the core's commitments hold, but for those that it has under the same number itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from breachdesk.compacts.editions import Commitment, Compact, Edition


def whole(compact: Compact, known: Mapping[str, Compact]) -> Compact:
    """The Compact with what its editions take from core Compacts, as far as the wording of those is among the KNOWN (slug → Compact)."""
    return replace(compact, editions=tuple(_whole(edition, known, frozenset()) for edition in compact.editions))


def _core_of(edition: Edition, known: Mapping[str, Compact]) -> Edition | None:
    """The core edition that it follows; None when there is none, or none that is known."""
    core = known.get(edition.follows.compact) if edition.follows else None
    return next((one for one in core.editions if edition.follows and one.label == edition.follows.edition), None) if core else None


def _whole(edition: Edition, known: Mapping[str, Compact], met: frozenset[tuple[str, str]]) -> Edition:
    follows, core = edition.follows, _core_of(edition, known)
    if follows is None or core is None or (follows.compact, follows.edition) in met:
        return edition
    # A core may follow another one in its turn; one that comes back to itself ends there.
    taken = _whole(core, known, met | {(follows.compact, follows.edition)}).commitments
    own = {one.code: one for one in edition.commitments}
    name = f"{follows.title}, edition {core.label}"
    held = tuple(own.get(one.code) or _taken(one, name) for one in taken)
    further = tuple(one for one in edition.commitments if one.code not in {other.code for other in taken})
    return replace(edition, commitments=(*held, *further))


def _taken(one: Commitment, name: str) -> Commitment:
    return one if one.taken_from else replace(one, taken_from=name)
