"""Text → Procedure, or everything that is wrong with it. The file's own language is described in docs/workflow-files.md."""

from __future__ import annotations

from collections.abc import Collection
from hashlib import sha256

from breachdesk.errors import BadProcedure
from breachdesk.strict_yaml import Node, Reading
from breachdesk.timekeeping.calendar_changes import DAYS_OFF, SCHEME
from breachdesk.timekeeping.limits import Limit, WorkingDays, parse_limit
from breachdesk.workflow.checking import cross_check, place_of
from breachdesk.workflow.definition import Extendable, LimitRule, Notice, Procedure, Rung, Status
from breachdesk.workflow.guards import CASE_GUARDS
from breachdesk.workflow.language import EXTENDABLE, LIMIT, NOTICE, PROCEDURE, REMIND, STATUS
from breachdesk.workflow.model_checks import Checked, check_model
from breachdesk.workflow.reading_actions import read_actions, read_stops

_TEXTS = ("procedure", "version", "title", "source")
_LABELS = ("stages", "roles", "seen as", "outcomes")


def load_procedure(text: str, file: str) -> Procedure:
    """Read a procedure file. Raises BadProcedure with every fault: file, line, column and what is wrong."""
    return _read(text, file)[2]


def load_checked(text: str, file: str, letters: Collection[str]) -> tuple[Procedure, Checked]:
    """Read a procedure file and walk through all that can become of a case: for files that come into a desk, or are being written.

    LETTERS are the names of the letters that there are. Raises BadProcedure with every fault, as `load_procedure` does.
    """
    reading, top, procedure = _read(text, file)
    checked = check_model(procedure, letters)
    for part, name, message in checked.findings:
        reading.fault(place_of(top[part], name), f"{name}: {message}")
    if reading.faults:
        raise BadProcedure(reading.faults)
    return procedure, checked


def _read(text: str, file: str) -> tuple[Reading, dict[str, Node], Procedure]:
    reading = Reading(file)
    root = reading.root(text)
    top = PROCEDURE.read(reading, root) if root else {}
    if any(name not in top for name in PROCEDURE.required):
        raise BadProcedure(reading.faults)
    procedure = _procedure(reading, top, sha256(text.encode()).hexdigest())
    cross_check(reading, top, procedure)
    if reading.faults:
        raise BadProcedure(reading.faults)
    return reading, top, procedure


def _procedure(reading: Reading, top: dict[str, Node], digest: str) -> Procedure:
    name, version, title, source = (reading.text(top[entry]) for entry in _TEXTS)
    stages, roles, seen_as, outcomes = (_labels(reading, top[entry]) for entry in _LABELS)
    return Procedure(
        name, version, title, source, digest, stages, roles, seen_as, outcomes,
        statuses={one: _status(reading, one, node) for one, node in _named(reading, top["statuses"])},
        actions=read_actions(reading, top["actions"]),
        limits={one: _limit(reading, one, node) for one, node in _named(reading, top["limits"])},
        notices={one: _notice(reading, one, node) for one, node in _named(reading, top["notices"])},
        days_off=reading.text(top["days off"], among=DAYS_OFF) if "days off" in top else SCHEME)


def _named(reading: Reading, node: Node) -> list[tuple[str, Node]]:
    return list(reading.entries(node, optional=None).items())


def _labels(reading: Reading, node: Node) -> dict[str, str]:
    return {name: reading.text(value) for name, value in _named(reading, node)}


def _status(reading: Reading, name: str, node: Node) -> Status:
    entries = STATUS.read(reading, node)
    return Status(name, _text(reading, entries, "title"), _text(reading, entries, "stage"), _text(reading, entries, "seen as"),
                  _text(reading, entries, "says"), waits_for=_texts(reading, entries, "waits for"),
                  stops=read_stops(reading, entries["stops"], name) if "stops" in entries else None)


def _limit(reading: Reading, name: str, node: Node) -> LimitRule:
    entries = LIMIT.read(reading, node)
    if "while" in entries and entries["while"].value == ():
        reading.fault(entries["while"], f"“{name}” runs nowhere: name at least one status")
    rungs = tuple(_rung(reading, item) for item in reading.items(entries["remind"])) if "remind" in entries else ()
    return LimitRule(
        name, _text(reading, entries, "title"), frozenset(_texts(reading, entries, "while")),
        _length(reading, entries["lasts"]) if "lasts" in entries else WorkingDays(1),
        _text(reading, entries, "source"), each=_text(reading, entries, "each"), after=_text(reading, entries, "after"),
        rungs=rungs, met_by=_texts(reading, entries, "met by"), then=_texts(reading, entries, "then"),
        guards=_texts(reading, entries, "only if", tuple(CASE_GUARDS)), started_by=_texts(reading, entries, "started by"),
        extendable=_extendable(reading, entries["may be extended"]) if "may be extended" in entries else None,
        due_on=_text(reading, entries, "due on"), counts_from=_text(reading, entries, "counts from"),
        calendar=_text(reading, entries, "calendar"), only_shown="only shown" in entries and reading.flag(entries["only shown"]),
        window="window" in entries and reading.flag(entries["window"]))


def _extendable(reading: Reading, node: Node) -> Extendable | None:
    entries = EXTENDABLE.read(reading, node)
    if "at most" not in entries:
        return None
    most = _length(reading, entries["at most"])
    if not isinstance(most, WorkingDays):
        reading.fault(entries["at most"], "more time is given in working days, like “10 working days”")
        return None
    return Extendable(most, reading.whole(entries["times"]) if "times" in entries else 1,
                      "consent" in entries and reading.flag(entries["consent"]))


def _text(reading: Reading, entries: dict[str, Node], name: str) -> str:
    return reading.text(entries[name]) if name in entries else ""


def _texts(reading: Reading, entries: dict[str, Node], name: str, among: tuple[str, ...] | None = None) -> tuple[str, ...]:
    return reading.texts(entries[name], among=among) if name in entries else ()


def _length(reading: Reading, node: Node) -> Limit:
    try:
        return parse_limit(reading.text(node))
    except ValueError as error:
        reading.fault(node, str(error))
        return WorkingDays(1)


def _rung(reading: Reading, node: Node) -> Rung:
    entries = REMIND.read(reading, node)
    if "when" not in entries:
        return Rung(0, ())
    written = reading.text(entries["when"])
    length, _, side = written.rpartition(" ")
    try:
        days = parse_limit(length)
    except ValueError:
        days = None
    if side not in ("before", "after") or not isinstance(days, WorkingDays):
        reading.fault(entries["when"], f"“{written}” is not a reminder: write “5 working days before” or “1 working day after”")
        return Rung(0, ())
    return Rung(-days.n if side == "before" else days.n, _texts(reading, entries, "tells"))


def _notice(reading: Reading, name: str, node: Node) -> Notice:
    entries = NOTICE.read(reading, node)
    return Notice(name, _texts(reading, entries, "to"), _text(reading, entries, "subject"), _text(reading, entries, "says"))
