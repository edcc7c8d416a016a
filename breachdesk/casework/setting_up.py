"""A new desk, its Compacts, procedures, calendars and schemes: from files to rows, each step in the desk's own log."""

from __future__ import annotations

from hashlib import sha256

from breachdesk.audit.chain import Doer
from breachdesk.casework.calendars import NAMES, snapshot
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.compacts.editions import Compact
from breachdesk.compacts.loading import load_compact, load_scheme
from breachdesk.compacts.schemes import Scheme
from breachdesk.errors import BadScheme, Fault, Refused
from breachdesk.resources import folder
from breachdesk.store import schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.loading import load_procedure

YEARS_BACK, YEARS_AHEAD = 8, 12


def shipped_compacts() -> dict[str, tuple[Compact, str]]:
    """The Compacts that come with the product: slug → the Compact and its file's text."""
    found: dict[str, tuple[Compact, str]] = {}
    for path in sorted(folder("workflows").joinpath("compacts").glob("*.yaml")):
        text = path.read_text("utf-8")
        compact = load_compact(text, f"workflows/compacts/{path.name}")
        found[compact.slug] = compact, text
    return found


def shipped_procedure(name: str) -> tuple[Procedure, str]:
    """A procedure that comes with the product, by its file's name without ending (“compact-dispute.v1”)."""
    path = folder("workflows") / "procedures" / f"{name}.yaml"
    if not path.is_file():
        known = sorted(one.stem for one in path.parent.glob("*.yaml"))
        raise Refused(f"There is no procedure “{name}”. There is: {', '.join(known)}.")
    text = path.read_text("utf-8")
    return load_procedure(text, f"workflows/procedures/{path.name}"), text


def create_scheme(session: Session, desk: Desk, doer: Doer, text: str, file: str) -> Scheme:
    """Set a scheme up from its file, with the Compact, procedure and calendar that it names.

    Raises BadScheme with every fault, or Refused when there is such a scheme already.
    """
    compacts = {compact.slug: (compact, source) for compact, source in _known_compacts(session)}
    scheme = load_scheme(text, file, [compact for compact, _ in compacts.values()])
    if scheme.calendar not in NAMES:
        raise BadScheme([Fault(file, 1, 1, f"there is no calendar “{scheme.calendar}”; known are: {', '.join(sorted(NAMES))}")])
    if any(one.slug == scheme.slug or one.reference_prefix == scheme.reference_prefix for one in schemes.all_schemes(session)):
        raise Refused(f"There is a scheme “{scheme.slug}”, or one that begins its references with {scheme.reference_prefix}, already.")
    compact_id = _adopt(session, desk, doer, *compacts[scheme.compact])
    digest = _add_procedure(session, desk, doer, scheme.procedure)
    calendar_id = _add_calendar(session, desk, doer, scheme.calendar)
    schemes.add_scheme(session, scheme, compact_id, digest, calendar_id, text)
    record_for_desk(session, "scheme:created", desk.now(session), doer, {
        "scheme": scheme.slug, "file_digest": sha256(text.encode()).hexdigest(), "procedure_digest": digest})
    return scheme


def _known_compacts(session: Session) -> list[tuple[Compact, str]]:
    """What comes with the product and what this desk holds already; the desk's own text counts."""
    known = shipped_compacts()
    for slug, text in schemes.compact_texts(session):
        known[slug] = load_compact(text, f"{slug}.yaml"), text
    return list(known.values())


def _adopt(session: Session, desk: Desk, doer: Doer, compact: Compact, text: str) -> int:
    held = {slug for slug, _ in schemes.compact_texts(session)}
    compact_id = schemes.add_compact(session, compact, text)
    if compact.slug not in held:
        record_for_desk(session, "compact:adopted", desk.now(session), doer, {
            "compact": compact.slug, "file_digest": sha256(text.encode()).hexdigest()})
    return compact_id


def _add_procedure(session: Session, desk: Desk, doer: Doer, name: str) -> str:
    procedure, text = shipped_procedure(name)
    if schemes.add_procedure(session, procedure.digest, procedure.name, procedure.version, text, desk.now(session)):
        record_for_desk(session, "procedure:added", desk.now(session), doer, {
            "procedure": procedure.name, "version": procedure.version, "digest": procedure.digest})
    return procedure.digest


def _add_calendar(session: Session, desk: Desk, doer: Doer, name: str) -> int:
    year = local_day(desk.now(session)).year
    calendar = snapshot(name, year - YEARS_BACK, year + YEARS_AHEAD)
    calendar_id = schemes.add_calendar(session, calendar, desk.now(session))
    record_for_desk(session, "calendar:added", desk.now(session), doer, {
        "calendar": name, "digest": calendar.digest, "first": calendar.first.isoformat(), "last": calendar.last.isoformat()})
    return calendar_id
