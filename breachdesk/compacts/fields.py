"""The fields of a Compact's or a scheme's file, read with their places: what `loading` and `loading_lives` are made of."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date

from breachdesk.compacts.lives import When
from breachdesk.strict_yaml import Node, Reading

AMOUNT = (r"[1-9][0-9]* (working )?(day|week|month|year)s?", "an amount like 3 months")
SLUG = (r"[a-z0-9]+(-[a-z0-9]+)*", "a short name in small letters, digits and hyphens")


class Fields:
    """The fields of one mapping, each asked for by name; a missing one was noted once and reads as nothing."""

    def __init__(self, reading: Reading, node: Node, required: Collection[str], optional: Collection[str] = ()) -> None:
        self._reading = reading
        self._entries = reading.entries(node, required=required, optional=optional)

    def node(self, name: str) -> Node | None:
        return self._entries.get(name)

    def text(self, name: str, among: Collection[str] | None = None) -> str:
        node = self.node(name)
        return self._reading.text(node, among=among) if node else ""

    def formed(self, name: str, form: tuple[str, str]) -> str:
        node = self.node(name)
        return formed(self._reading, node, form) if node else ""

    def day(self, name: str) -> date | None:
        node = self.node(name)
        return self._reading.day(node) if node else None

    def when(self, name: str) -> When | None:
        """A day, a month or a year."""
        node = self.node(name)
        return when(self._reading, node) if node else None

    def flag(self, name: str) -> bool:
        node = self.node(name)
        return self._reading.flag(node) if node else False

    def texts(self, name: str) -> tuple[str, ...]:
        """The texts of a list that must have at least one; none when the list itself is not there."""
        return tuple(self._reading.text(item) for item in self.items(name))

    def items(self, name: str) -> tuple[Node, ...]:
        """The items of a list that must have at least one."""
        node = self.node(name)
        items = self._reading.items(node) if node else ()
        if node and node.value == ():
            self._reading.fault(node, f"“{name}” needs at least one item")
        return items


def formed(reading: Reading, node: Node, form: tuple[str, str]) -> str:
    """Text of a certain form: a pattern, and what it is in words."""
    pattern, what = form
    text = reading.text(node)
    if text and not re.fullmatch(pattern, text):
        reading.fault(node, f"“{text}” does not do here: {what} is expected")
    return text


def named(reading: Reading, node: Node, what: str) -> Iterator[tuple[Node, Node]]:
    """The names of a mapping whose names are the file's own, each with its value."""
    entries = reading.entries(node, optional=None)
    if node.value == {}:
        reading.fault(node, f"{what} are expected here, and there are none")
    for name, value in entries.items():
        if not name.strip():
            reading.fault(node.keys[name], "this name is empty")
        yield node.keys[name], value


def repeated(reading: Reading, nodes: Collection[Node], where: str) -> None:
    """Note a fault for each text that stands twice."""
    first: dict[str, Node] = {}
    for node in nodes:
        if isinstance(node.value, str) and first.setdefault(node.value, node) is not node:
            reading.fault(node, f"“{node.value}” stands twice in {where}; it is first on line {first[node.value].line}")


def when(reading: Reading, node: Node) -> When | None:
    """A day, a month or a year, as 2005-06-14, 2005-06 or 2005."""
    found = re.fullmatch(r"([12][0-9]{3})(?:-([0-9]{2}))?(?:-([0-9]{2}))?", node.value) if isinstance(node.value, str) else None
    if found:
        year, month, day = (int(piece) if piece else 0 for piece in found.groups())
        try:
            last_month = month or 12
            return When(date(year, month or 1, day or 1), date(year, last_month, day or monthrange(year, last_month)[1]))
        except ValueError:
            pass
    reading.fault(node, "a date is expected here: a day like 2005-06-14, a month like 2005-06, or a year like 2005")
    return None
