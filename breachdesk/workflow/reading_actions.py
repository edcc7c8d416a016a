"""The actions of a procedure file and their questions. Part of `loading`."""

from __future__ import annotations

from breachdesk.strict_yaml import Node, Reading
from breachdesk.workflow.definition import ANSWER_TYPES, AUDIENCES, GROUPS, PARTY_SIDES, Action, Ask, Extends, Stops
from breachdesk.workflow.guards import GUARDS, MOVES_WHEN
from breachdesk.workflow.language import ACTION, ACTION_STOPS, ASK, EXTENDS, STATUS_STOPS
from breachdesk.workflow.reading_effects import read_effects


def read_actions(reading: Reading, node: Node) -> dict[str, Action]:
    """Every action of the file, in its order."""
    return {name: _action(reading, name, one) for name, one in reading.entries(node, optional=None).items()}


def _action(reading: Reading, name: str, node: Node) -> Action:
    entries = ACTION.read(reading, node)

    def text(entry: str, among: tuple[str, ...] | None = None) -> str:
        return reading.text(entries[entry], among=among) if entry in entries else ""

    def texts(entry: str, among: tuple[str, ...] | None = None) -> tuple[str, ...]:
        return reading.texts(entries[entry], among=among) if entry in entries else ()

    if ("from" in entries) == ("opens" in entries):
        reading.fault(node, f"“{name}” needs either “from” (where it can be taken) or “opens” (the status in which a case begins)")
    if entries.get("from") and not texts("from"):
        reading.fault(entries["from"], f"“{name}” can be taken nowhere: name at least one status")
    return Action(
        name, text("title"), texts("by"), sources=texts("from"), target=text("to"), opens=text("opens"), help=text("help"),
        button=text("button"), letter=text("letter"), each=text("each", (*PARTY_SIDES, "party")),
        moves_when=text("moves when", tuple(MOVES_WHEN)), guards=texts("only if", tuple(GUARDS)), counts_from=text("counts from"),
        outcome=text("outcome"), asks=_asks(reading, entries), tells=texts("tells"),
        target_if=_to_if(reading, entries), stops=read_stops(reading, entries["stops"], "") if "stops" in entries else None,
        resumes=texts("resumes"), extends=_extends(reading, entries), effects=read_effects(reading, entries),
        group=text("group", GROUPS))


def _asks(reading: Reading, entries: dict[str, Node]) -> tuple[Ask, ...]:
    if "asks" not in entries:
        return ()
    return tuple(_ask(reading, name, node) for name, node in reading.entries(entries["asks"], optional=None).items())


def _ask(reading: Reading, name: str, node: Node) -> Ask:
    entries = ASK.read(reading, node)

    def text(entry: str, among: tuple[str, ...] | None = None) -> str:
        return reading.text(entries[entry], among=among) if entry in entries else ""

    if not name.replace("_", "").isalnum() or not name.islower() or not name.isascii():
        reading.fault(node, f"“{name}” must be written in small letters and _")
    if (text("type") == "choice") != ("of" in entries):
        reading.fault(node, f"“{name}”: a choice, and only a choice, says what there is to choose (of: …)")
    choices = {one: reading.text(label) for one, label in reading.entries(entries["of"], optional=None).items()} if "of" in entries else {}
    return Ask(
        name, text("label"), text("type", ANSWER_TYPES), hint=text("hint"),
        required=not ("optional" in entries and reading.flag(entries["optional"])), choices=choices, holding=text("holding"),
        serving=text("serving"), for_each=text("for each", ("allegation",)),
        not_after=text("not after", ("today",)), not_before=text("not before"),
        least=reading.whole(entries["least"]) if "least" in entries else 0,
        most=reading.whole(entries["most"]) if "most" in entries else 0,
        when=_when(reading, entries), by=reading.texts(entries["by"]) if "by" in entries else (),
        seen_by=text("seen by", AUDIENCES) or "shared", page=text("page"))


def _when(reading: Reading, entries: dict[str, Node]) -> tuple[str, str] | None:
    if "when" not in entries:
        return None
    pairs = list(reading.entries(entries["when"], optional=None).items())
    if len(pairs) != 1:
        reading.fault(entries["when"], "“when” names one question and its answer, like {tried: \"yes\"}")
        return None
    return pairs[0][0], reading.text(pairs[0][1])


def _to_if(reading: Reading, entries: dict[str, Node]) -> tuple[tuple[str, str], ...]:
    if "to if" not in entries:
        return ()
    turns = reading.entries(entries["to if"], optional=None)
    return tuple((status, reading.text(guard, among=tuple(GUARDS))) for status, guard in turns.items())


def _extends(reading: Reading, entries: dict[str, Node]) -> Extends | None:
    inner = EXTENDS.read(reading, entries["extends"]) if "extends" in entries else {}
    return Extends(reading.text(inner["limit"]), reading.text(inner["by"])) if len(inner) == 2 else None


def read_stops(reading: Reading, node: Node, name: str) -> Stops:
    """Which limits stand still, under which name: a status's own, or the one that an action gives them."""
    entries = (STATUS_STOPS if name else ACTION_STOPS).read(reading, node)
    everything = "limits" in entries and entries["limits"].value == "all"
    limits = reading.texts(entries["limits"]) if "limits" in entries and not everything else ()
    return Stops(limits, reading.text(entries["because"]) if "because" in entries else "",
                 name or (reading.text(entries["as"]) if "as" in entries else ""),
                 reading.text(entries["until"]) if "until" in entries else "")
