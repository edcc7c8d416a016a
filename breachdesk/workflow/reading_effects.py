"""What an action does beside moving the case, read from the file: its `appoints`, `decides`, `remedy` … Part of `loading`."""

from __future__ import annotations

from collections.abc import Mapping

from breachdesk.strict_yaml import Node, Reading
from breachdesk.workflow.effects import (
    LINK_KINDS,
    NOTHING,
    REMEDY_STATES,
    AddsRemedy,
    Appoints,
    Decides,
    Effects,
    Links,
    Releases,
    Represents,
    SettlesRemedy,
)
from breachdesk.workflow.language import (
    ADDS_REMEDY,
    APPOINTS,
    DECIDES,
    LINKS,
    RELEASES,
    REPRESENTED_BY,
    SETTLES_REMEDY,
    Shape,
)


def read_effects(reading: Reading, entries: Mapping[str, Node]) -> Effects:
    """Everything that an action's entries say about its effects; NOTHING itself where they say none."""
    found = Effects(
        appoints=_appoints(reading, entries.get("appoints")), releases=_releases(reading, entries.get("releases")),
        declares_interest="declares interest" in entries and reading.flag(entries["declares interest"]),
        decides=_decides(reading, entries.get("decides")), position=_text(reading, entries, "position"),
        adds_remedy=_adds_remedy(reading, entries.get("adds remedy")),
        settles_remedy=_settles_remedy(reading, entries.get("settles remedy")),
        links=_links(reading, entries.get("links")), splits=_text(reading, entries, "splits"),
        represents=_represents(reading, entries.get("represented by")), succeeded_by=_text(reading, entries, "succeeded by"),
        leaves="leaves" in entries and reading.flag(entries["leaves"]))
    return NOTHING if found == NOTHING else found


def _text(reading: Reading, entries: Mapping[str, Node], name: str, among: tuple[str, ...] | None = None) -> str:
    return reading.text(entries[name], among=among) if name in entries else ""


def _whole(reading: Reading, node: Node | None, shape: Shape) -> dict[str, Node]:
    """The entries of one effect; empty when it is not there or something is missing (which is noted)."""
    inner = shape.read(reading, node) if node else {}
    return inner if all(name in inner for name in shape.required) else {}


def _appoints(reading: Reading, node: Node | None) -> Appoints | None:
    inner = _whole(reading, node, APPOINTS)
    return Appoints(reading.text(inner["role"]), reading.texts(inner["from"]), _text(reading, inner, "chair")) if inner else None


def _releases(reading: Reading, node: Node | None) -> Releases | None:
    inner = _whole(reading, node, RELEASES)
    return Releases(reading.text(inner["role"]), _text(reading, inner, "who")) if inner else None


def _decides(reading: Reading, node: Node | None) -> Decides | None:
    inner = _whole(reading, node, DECIDES)
    admissible = _text(reading, inner, "as", ("admissible", "inadmissible")) == "admissible"
    return Decides(admissible, _text(reading, inner, "but")) if inner else None


def _adds_remedy(reading: Reading, node: Node | None) -> AddsRemedy | None:
    inner = _whole(reading, node, ADDS_REMEDY)
    return AddsRemedy(*(reading.text(inner[name]) for name in ADDS_REMEDY.required)) if inner else None


def _settles_remedy(reading: Reading, node: Node | None) -> SettlesRemedy | None:
    inner = _whole(reading, node, SETTLES_REMEDY)
    return SettlesRemedy(reading.text(inner["which"]), reading.text(inner["as"], among=tuple(REMEDY_STATES))) if inner else None


def _links(reading: Reading, node: Node | None) -> Links | None:
    inner = _whole(reading, node, LINKS)
    return Links(reading.text(inner["to"]), reading.text(inner["as"], among=tuple(LINK_KINDS))) if inner else None


def _represents(reading: Reading, node: Node | None) -> Represents | None:
    inner = _whole(reading, node, REPRESENTED_BY)
    return Represents(reading.text(inner["organisation"]), reading.text(inner["since"])) if inner else None
