"""The Compacts of a desk, put together: each one's file, the registers imported for its editions, and what they take from core Compacts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

from breachdesk.compacts.editions import Commitment, Compact, Edition
from breachdesk.compacts.following import whole
from breachdesk.compacts.loading import load_compact
from breachdesk.compacts.registers import read_register
from breachdesk.store import compacts
from breachdesk.store.compacts import EditionHead
from breachdesk.store.session import Session


@dataclass(frozen=True, slots=True)
class Held:
    """A Compact that the desk holds, its file, and which row each of its editions is."""

    id: int
    compact: Compact
    file_text: str
    rows: Mapping[str, EditionHead]

    def edition(self, label: str) -> Edition | None:
        return next((one for one in self.compact.editions if one.label == label), None)


def all_held(session: Session) -> dict[str, Held]:
    """Every Compact of the desk by its slug, with all the wording that is known of it."""
    rows: dict[int, dict[str, EditionHead]] = {}
    for row in compacts.all_editions(session):
        rows.setdefault(row.compact_id, {})[row.label] = row
    heads = compacts.all_compacts(session)
    plain = {head.slug: _put_together(head.file_text, head.slug, tuple(_key(row) for row in rows.get(head.id, {}).values()))
             for head in heads}
    return {head.slug: Held(head.id, whole(plain[head.slug], plain), head.file_text, rows.get(head.id, {})) for head in heads}


_Key = tuple[str, date, str, str | None]


def _key(row: EditionHead) -> _Key:
    return row.label, row.dated_on, row.status, row.register_text


@lru_cache(maxsize=32)
def _put_together(text: str, slug: str, rows: tuple[_Key, ...]) -> Compact:
    """The file's editions, the wording of those that were imported, and the editions that only a register has."""
    compact = load_compact(text, f"{slug}.yaml")
    editions = {edition.label: edition for edition in compact.editions}
    for label, dated_on, status, register_text in rows:
        edition = replace(editions.get(label) or Edition(label, dated_on, status, "", (), ()), status=status)
        if register_text is not None and not edition.commitments:
            edition = replace(edition, commitments=_imported(register_text), no_wording="")
        editions[label] = edition
    return replace(compact, editions=tuple(sorted(editions.values(), key=lambda edition: edition.dated_on)))


def _imported(register_text: str) -> tuple[Commitment, ...]:
    return read_register(register_text, "the register").commitments
