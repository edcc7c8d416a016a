"""A new desk, its Compacts, procedures, calendars and schemes: from files to rows, each step in the desk's own log."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from breachdesk.audit.chain import Doer
from breachdesk.casework.calendars import NAMES, ROLES, snapshot
from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.desk import Desk, read_procedure
from breachdesk.casework.procedures.procedure_files import sound_procedure
from breachdesk.casework.procedures.published_files import require_as_published
from breachdesk.casework.taking_in import adopt
from breachdesk.clock import local_day
from breachdesk.compacts.editions import Compact
from breachdesk.compacts.loading import load_compact, load_scheme
from breachdesk.compacts.schemes import Scheme
from breachdesk.errors import BadScheme, Fault, Refused
from breachdesk.resources import folder
from breachdesk.store import calendars, procedures, schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.workflow.definition import Procedure

YEARS_BACK, YEARS_AHEAD = 8, 12
# The same text is always the same Compact: read once in a process.
_read_compact = lru_cache(maxsize=16)(load_compact)


def shipped_compacts() -> dict[str, tuple[Compact, str]]:
    """The Compacts that come with the product: slug → the Compact and its file's text."""
    found: dict[str, tuple[Compact, str]] = {}
    for path in sorted(folder("workflows").joinpath("compacts").glob("*.yaml")):
        text = path.read_text("utf-8")
        compact = _read_compact(text, f"workflows/compacts/{path.name}")
        found[compact.slug] = compact, text
    return found


def shipped_procedure(name: str) -> tuple[Procedure, str]:
    """A procedure that comes with the product, by its file's name without ending (“compact-dispute.v1”)."""
    path = folder("workflows") / "procedures" / f"{name}.yaml"
    if not path.is_file():
        known = sorted(one.stem for one in path.parent.glob("*.yaml"))
        raise Refused(f"There is no procedure “{name}”. There is: {', '.join(known)}.")
    text = path.read_text("utf-8")
    return read_procedure(text, f"workflows/procedures/{path.name}"), text


def shipped_procedures() -> dict[str, Procedure]:
    """Every procedure that comes with the product, by its file's name without ending."""
    return {path.stem: shipped_procedure(path.stem)[0] for path in sorted((folder("workflows") / "procedures").glob("*.yaml"))}


def shipped_rehearsals() -> list[Path]:
    """The rehearsals that come with the product."""
    return sorted((folder("workflows") / "rehearsals").glob("*.yaml"))


def create_scheme(session: Session, desk: Desk, doer: Doer, text: str, file: str) -> Scheme:
    """Set a scheme up from its file, with the Compact, procedure and calendar that it names.

    Raises BadScheme with every fault, or Refused when there is such a scheme already.
    """
    known = _known_compacts(session)
    scheme = load_scheme(text, file, [compact for compact, _ in known.values()])
    if scheme.calendar not in NAMES:
        raise BadScheme([Fault(file, 1, 1, f"there is no calendar “{scheme.calendar}”; known are: {', '.join(sorted(NAMES))}")])
    if any(one.slug == scheme.slug or one.reference_prefix == scheme.reference_prefix for one in schemes.all_schemes(session)):
        raise Refused(f"There is a scheme “{scheme.slug}”, or one that begins its references with {scheme.reference_prefix}, already.")
    compact_id = _adopt(session, desk, doer, scheme.compact, known)
    digest = _add_procedure(session, desk, doer, scheme.procedure)
    calendar_id = add_calendar(session, desk, doer, scheme.calendar)
    schemes.add_scheme(session, scheme, compact_id, digest, calendar_id, text)
    bind_calendars(session, desk, doer, desk.scheme(session, scheme.slug), digest, scheme.calendars)
    record_for_desk(session, "scheme:created", desk.now(session), doer, {
        "scheme": scheme.slug, "file_digest": sha256(text.encode()).hexdigest(), "procedure_digest": digest})
    return scheme


def operate_edition(session: Session, desk: Desk, doer: Doer, slug: str, label: str, from_on: date) -> None:
    """Let a scheme work by an edition of its Compact from a day on; what it worked by until then ends the day before.

    Raises NotFound for an edition that is not there; Refused when the day is not after the last change, or when a case cites another
    wording for an event on or after it.
    """
    scheme = desk.scheme(session, slug)
    compact = next(one for one in all_held(session).values() if one.id == scheme.compact_id)
    compact.compact.edition(label)
    last = max(schemes.operated(session, scheme.id), key=lambda one: one.from_on)
    if last.edition_label == label:
        raise Refused(f"{scheme.title} works by edition {label} already, from {last.from_on}.")
    if from_on <= last.from_on:
        raise Refused(f"{scheme.title} works by edition {last.edition_label} from {last.from_on}. Another can begin only after that day.")
    if late := schemes.cited_on_or_after(session, scheme.id, from_on):
        raise Refused(f"{late} cites edition {last.edition_label} for an event on or after {from_on}. Let edition {label} begin after it.")
    schemes.begin_edition(session, scheme.id, compact.rows[label].id, from_on)
    record_for_desk(session, "scheme:operates", desk.now(session), doer, {"scheme": slug, "edition": label, "from": from_on.isoformat()})


def _known_compacts(session: Session) -> dict[str, tuple[Compact, str]]:
    """What this desk holds, and what comes with the product: slug → the Compact and its file's text. What the desk holds counts."""
    return shipped_compacts() | {slug: (held.compact, held.file_text) for slug, held in all_held(session).items()}


def _adopt(session: Session, desk: Desk, doer: Doer, slug: str, known: Mapping[str, tuple[Compact, str]]) -> int:
    """Take the Compact in, after the core Compacts that its editions follow, as far as they are known."""
    compact, text = known[slug]
    for edition in compact.editions:
        if edition.follows and edition.follows.compact in known and edition.follows.compact not in all_held(session):
            adopt(session, desk, doer, *known[edition.follows.compact])
    return adopt(session, desk, doer, compact, text)


def _add_procedure(session: Session, desk: Desk, doer: Doer, name: str) -> str:
    """Take in a procedure that comes with the product, as one that is published.

    Raises Refused when its file was changed since it was; BadProcedure when a case could get stuck in it.
    """
    require_as_published(folder("workflows") / "procedures", name)
    procedure, text = shipped_procedure(name)
    sound_procedure(text, f"{name}.yaml")
    procedures.drop_draft(session, procedure.digest)
    if procedures.add_procedure(session, procedure, text, desk.now(session), procedures.PUBLISHED):
        record_for_desk(session, "procedure:added", desk.now(session), doer, {
            "procedure": procedure.name, "version": procedure.version, "digest": procedure.digest})
    return procedure.digest


def bind_calendars(session: Session, desk: Desk, doer: Doer, scheme: SchemeHead, digest: str, wanted: Mapping[str, str]) -> None:
    """Give a scheme the further calendars that a procedure counts in, where it has none for their role yet.

    WANTED names them by role where the scheme wants others than this product's. Raises Refused for a role that nobody knows a calendar for.
    """
    needed = {rule.calendar for rule in desk.procedure(session, digest).limits.values() if rule.calendar}
    bound: dict[str, int] = json.loads(scheme.calendars)
    missing = sorted(needed - bound.keys())
    for role in missing:
        name = wanted.get(role) or ROLES.get(role, "")
        if name not in NAMES:
            raise Refused(f"The procedure counts a limit in the calendar “{role}”, and {scheme.title} has none. Name it in the scheme's "
                          f"file: calendars: {{{role}: …}}; known are: {', '.join(sorted(NAMES))}.")
        bound[role] = add_calendar(session, desk, doer, name)
    if missing:
        schemes.bind_calendars(session, scheme.id, bound)


def add_calendar(session: Session, desk: Desk, doer: Doer, name: str) -> int:
    """Take in the working days of a calendar, as they are known today; the snapshot's id."""
    year = local_day(desk.now(session)).year
    calendar = snapshot(name, year - YEARS_BACK, year + YEARS_AHEAD)
    calendar_id = calendars.add_calendar(session, calendar, desk.now(session))
    record_for_desk(session, "calendar:added", desk.now(session), doer, {
        "calendar": name, "digest": calendar.digest, "first": calendar.first.isoformat(), "last": calendar.last.isoformat()})
    return calendar_id
