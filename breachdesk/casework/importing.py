"""Importing: a register (CSV) as the wording of one edition, or a whole Compact's file (YAML). All of it or nothing.

A wording that a case may cite is never changed under its label: another wording is another edition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from breachdesk.audit.chain import Doer
from breachdesk.casework.compacts_held import Held, all_held
from breachdesk.casework.desk import Desk
from breachdesk.casework.taking_in import adopt, digest_of, record_edition, spread
from breachdesk.compacts.comparing import compared, missing
from breachdesk.compacts.editions import Commitment, Compact, Edition
from breachdesk.compacts.loading import load_compact
from breachdesk.compacts.places import places_in
from breachdesk.compacts.registers import Register, read_register
from breachdesk.errors import BadCompact, Fault, NotFound
from breachdesk.store import compacts
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session
from breachdesk.strict_yaml import did_you_mean

Shipped = Mapping[str, tuple[Compact, str]]
_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Asked:
    """What was said beside a register: for which Compact and edition it is, and what the file itself may leave out."""

    compact: str
    edition: str = ""
    dated_on: date | None = None
    status: str = ""


@dataclass(frozen=True, slots=True)
class ImportedRow:
    """A commitment that was looked at and where it stands; `says` is new, unchanged, or overrides (the core Compact's)."""

    edition: str
    line: int
    code: str
    says: str


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import came to. `changed` is false when the desk had all of it already."""

    compact: str
    title: str
    rows: tuple[ImportedRow, ...]
    changed: bool


class _Faults:
    """What is wrong with one file against what the desk holds."""

    def __init__(self, file: str) -> None:
        self._file = file
        self.found: list[Fault] = []

    def add(self, message: str, place: _Place = (1, 1)) -> None:
        self.found.append(Fault(self._file, *place, message))

    def compare(self, session: Session, held: Held, label: str, new: Collection[Commitment], places: Mapping[str, _Place],
                top: _Place = (1, 1)) -> tuple[ImportedRow, ...]:
        """The commitments of an edition against those that the desk has of it, each where it stands."""
        known, row = held.edition(label), held.rows.get(label)
        before = known.commitments if known else ()
        looked_at = compared(label, new, before, compacts.cited_codes(session, row.id) if row else ())
        for one in looked_at:
            if one.fault:
                self.add(one.fault, places[one.code])
        for code in missing(new, before):
            self.add(f"edition {label} of this desk has {code} too, which is missing here: an edition keeps all it has", top)
        return tuple(ImportedRow(label, places[one.code][0], one.code, one.says) for one in looked_at)

    def end(self) -> None:
        """Raise BadCompact when there is any."""
        if self.found:
            raise BadCompact(self.found)


def import_register(session: Session, desk: Desk, doer: Doer, asked: Asked, text: str, file: str, shipped: Shipped) -> Imported:
    """Take in a register as the wording of one edition of a Compact that the desk holds or that is SHIPPED.

    Raises BadCompact with every fault and its row, or NotFound for the Compact.
    """
    register, faults = read_register(text, file), _Faults(file)
    held = _held_or_adopted(session, desk, doer, asked.compact, shipped)
    edition = _about(asked, register, held, faults)
    places = {one.commitment.code: (one.line, 1) for one in register.rows}
    rows = faults.compare(session, held, edition.label, register.commitments, places)
    faults.end()
    known, row = held.edition(edition.label), held.rows.get(edition.label)
    other = any(one.says != "unchanged" for one in rows)
    if not other and known and known.status == edition.status:
        return Imported(held.compact.slug, held.compact.title, rows, False)
    if row is None:
        compacts.add_edition(session, held.id, edition.label, edition.dated_on, edition.status, text)
    else:
        compacts.change_edition(session, row.id, edition.status, text if other else row.register_text)
    spread(session)
    record_edition(session, desk, doer, held.compact.slug, edition.label, edition.dated_on, edition.status, text)
    return Imported(held.compact.slug, held.compact.title, rows, True)


def import_compact(session: Session, desk: Desk, doer: Doer, text: str, file: str) -> Imported:
    """Take in a Compact's file: a new Compact, or one that is there, with further editions and what is new around it.

    Raises BadCompact with every fault, in the file or against what the desk holds.
    """
    compact, places = load_compact(text, file), places_in(text)
    held, faults = all_held(session).get(compact.slug), _Faults(file)
    if held is None:
        adopt(session, desk, doer, compact, text)
        return Imported(compact.slug, compact.title, tuple(
            ImportedRow(edition.label, places[edition.label, one.code][0], one.code, "new")
            for edition in compact.editions for one in edition.commitments), True)
    rows: list[ImportedRow] = []
    for edition in compact.editions:
        top = places[edition.label, ""]
        own = {code: place for (label, code), place in places.items() if label == edition.label}
        _require_the_same_edition(edition, held, faults, top)
        rows += faults.compare(session, held, edition.label, edition.commitments, own, top) if edition.commitments else ()
    for label in _dropped(compact, held):
        faults.add(f"edition {label}, which this desk holds, is missing: editions are added and never taken away")
    faults.end()
    if changed := text != held.file_text:
        _change(session, desk, doer, compact, held, text)
    return Imported(compact.slug, compact.title, tuple(rows), changed)


def _change(session: Session, desk: Desk, doer: Doer, compact: Compact, held: Held, text: str) -> None:
    compacts.change_compact(session, held.id, compact.title, text)
    for edition in compact.editions:
        if (row := held.rows.get(edition.label)) is None:
            compacts.add_edition(session, held.id, edition.label, edition.dated_on, edition.status)
        else:
            compacts.change_edition(session, row.id, edition.status, row.register_text)
        known = held.edition(edition.label)
        if known is None or known.status != edition.status or (edition.commitments and not known.commitments):
            record_edition(session, desk, doer, compact.slug, edition.label, edition.dated_on, edition.status, text)
    spread(session)
    record_for_desk(session, "compact:changed", desk.now(session), doer, {"compact": compact.slug, "file_digest": digest_of(text)})


def _held_or_adopted(session: Session, desk: Desk, doer: Doer, slug: str, shipped: Shipped) -> Held:
    held = all_held(session)
    if slug not in held:
        if slug not in shipped:
            raise NotFound(f"There is no Compact “{slug[:60]}”{did_you_mean(slug, {*held, *shipped})}. "
                           "A Compact that is new here begins with its file: breachdesk compact import FILE.yaml")
        adopt(session, desk, doer, *shipped[slug])
        held = all_held(session)
    return held[slug]


def _about(asked: Asked, register: Register, held: Held, faults: _Faults) -> Edition:
    """The edition that a register is for, without its wording: as the register says, as was said beside it, or as the desk has it."""
    for name, written, said in (("edition", register.edition, asked.edition), ("dated-on", register.dated_on, asked.dated_on),
                                ("status", register.status, asked.status)):
        if written and said and written != said:
            faults.add(f"the register says {written}, and --{name} says {said}")
    label = register.edition or asked.edition
    known = held.edition(label)
    dated_on = register.dated_on or asked.dated_on or (known.dated_on if known else None)
    status = register.status or asked.status or (known.status if known else "")
    if not label:
        labels = ", ".join(edition.label for edition in held.compact.editions)
        faults.add(f"of which edition? Say it in a column “edition” or with --edition; {held.compact.title} has: {labels}")
    elif dated_on is None or not status:
        faults.add(f"edition {label} is new here: say its date and status, in columns “dated_on” and “status”, "
                   "or with --dated-on and --status")
    elif known and dated_on != known.dated_on:
        faults.add(f"edition {label} of this desk is dated {known.dated_on}, not {dated_on}: give another text another label")
    return Edition(label, dated_on or date.min, status, "", (), ())


def _require_the_same_edition(edition: Edition, held: Held, faults: _Faults, place: _Place) -> None:
    known = held.edition(edition.label)
    if known and known.dated_on != edition.dated_on:
        faults.add(f"edition {edition.label} of this desk is dated {known.dated_on}, not {edition.dated_on}: "
                   "give another text another label", place)
    if known and known.follows != edition.follows:
        faults.add(f"edition {edition.label} follows another core Compact than on this desk: give it another label", place)


def _dropped(compact: Compact, held: Held) -> Iterable[str]:
    """Editions that the desk has from the Compact's file and that its new one lacks; what was imported on its own may be left out."""
    given = {edition.label for edition in compact.editions}
    return [label for label, row in held.rows.items() if label not in given and row.register_text is None]
