"""Where each edition and each commitment stands in a Compact's file that has been read without a fault."""

from __future__ import annotations

from collections.abc import Iterator

from breachdesk.strict_yaml import Node, Reading


def places_in(text: str) -> dict[tuple[str, str], tuple[int, int]]:
    """(edition's label, number) → line and column; with an empty number, of the edition itself."""
    root = Reading("").root(text)
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for edition in _items(_under(root, "editions")):
        label = _under(edition, "label")
        name = str(label.value) if label else ""
        found[name, ""] = edition.line, edition.column
        themes = _under(edition, "commitments")
        found |= {(name, str(key.value)): (key.line, key.column) for key in _lowest(themes)} if themes else {}
    return found


def _under(node: Node | None, name: str) -> Node | None:
    return node.value.get(name) if node and isinstance(node.value, dict) else None


def _items(node: Node | None) -> tuple[Node, ...]:
    return node.value if node and isinstance(node.value, tuple) else ()


def _lowest(node: Node) -> Iterator[Node]:
    """The keys that hold text: commitments stand lowest in themes, sections and sectors."""
    if isinstance(node.value, dict):
        for name, value in node.value.items():
            if isinstance(value.value, dict):
                yield from _lowest(value)
            else:
                yield node.keys[name]
