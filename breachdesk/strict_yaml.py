"""Text → values with positions, or every fault. Procedure, Compact and scheme files are read through here.

YAML guesses: `no` becomes false, `1.10` becomes 1.1, `010` becomes 8. Nothing is guessed here. Every scalar is
text until a reader asks for something else, and text that YAML would have taken for something else must be quoted.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any

import yaml

from breachdesk.errors import Fault

_GUESSED = {"tag:yaml.org,2002:bool": "yes or no", "tag:yaml.org,2002:int": "a number",
            "tag:yaml.org,2002:float": "a number", "tag:yaml.org,2002:null": "nothing",
            "tag:yaml.org,2002:timestamp": "a date"}
_IMPLIED = {*_GUESSED, *(f"tag:yaml.org,2002:{kind}" for kind in ("str", "seq", "map", "value", "merge"))}
_DEEPEST = 50


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands: `value` is text, a tuple of nodes, or a dict from text to node."""

    value: str | tuple[Node, ...] | dict[str, Node]
    line: int
    column: int
    guess: str = ""
    keys: dict[str, Node] = field(default_factory=dict)


class Reading:
    """One file being read: asks for what it expects and remembers everything that is wrong.

    A reader never raises for the file's sake: it notes a fault and returns something harmless, so that one run finds all.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []

    def fault(self, node: Node, message: str) -> None:
        self.faults.append(Fault(self.file, node.line, node.column, message))

    def root(self, text: str) -> Node | None:
        """The whole file as a node; None (and a fault) when it is not YAML at all."""
        try:
            if not self._surveyed(text):
                return None
            composed = yaml.compose(text, Loader=yaml.CSafeLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
            self.faults.append(Fault(self.file, line, column, f"this is not YAML: {error.problem or error.context}"))
            return None
        except (yaml.YAMLError, ValueError) as error:
            self.faults.append(Fault(self.file, 1, 1, f"this is not YAML: {(str(error).splitlines() or ['it cannot be read'])[0]}"))
            return None
        if composed is None:
            self.faults.append(Fault(self.file, 1, 1, "the file is empty"))
            return None
        return self._convert(composed)

    def _surveyed(self, text: str) -> bool:
        """Walk through the file without building anything; False when it must not be built.

        Only here does an alias still have a place of its own. And libyaml builds by recursion in C: a file of brackets
        alone would end the whole process, not raise.
        """
        depth, whole = 0, True
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                self.fault(_place_of(event.start_mark), "aliases (*) are not used here: write the value out")
                whole = False
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                self.fault(_place_of(event.start_mark), f"this stands inside more than {_DEEPEST} others: write it flatter")
                return False
        return whole

    def _convert(self, raw: yaml.Node) -> Node:
        line, column = raw.start_mark.line + 1, raw.start_mark.column + 1
        if isinstance(raw, yaml.ScalarNode):
            guess = _GUESSED.get(raw.tag, "") if _is_plain(raw) else ""
            node = Node(raw.value, line, column, guess)
        elif isinstance(raw, yaml.SequenceNode):
            node = Node(tuple(self._convert(item) for item in raw.value), line, column)
        else:
            node = self._mapping(raw, line, column)
        if raw.tag not in _IMPLIED:
            self.fault(node, f"tags ({raw.tag}) are not used here: leave it out")
        return node

    def _mapping(self, raw: yaml.Node, line: int, column: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Node] = {}
        for key, value in raw.value:
            place = _place_of(key.start_mark)
            if not isinstance(key, yaml.ScalarNode) or (_is_plain(key) and key.tag in _GUESSED):
                self.fault(place, "a name must be text: put it in quotes")
            if not isinstance(key, yaml.ScalarNode):
                continue
            if key.value == "<<":
                self.fault(place, "merging (<<) is not used here: write the entries out")
                continue
            if key.value in entries:
                self.fault(place, f"“{key.value}” stands here twice; it is first on line {keys[key.value].line}")
                continue
            entries[key.value] = self._convert(value)
            keys[key.value] = Node(key.value, place.line, place.column)
        return Node(entries, line, column, keys=keys)

    def entries(self, node: Node, *, required: Collection[str] = (), optional: Collection[str] | None = ()) -> dict[str, Node]:
        """The entries of a mapping. OPTIONAL None means: any name may stand here."""
        if not isinstance(node.value, dict):
            self.fault(node, "names with values are expected here (name: value)")
            return {}
        if optional is not None:
            known = [*required, *optional]
            for name, key in node.keys.items():
                if name not in known:
                    self.fault(key, f"“{name}” is not known here{did_you_mean(name, known)}")
        for name in required:
            if name not in node.value:
                self.fault(node, f"“{name}” is missing")
        return {name: value for name, value in node.value.items() if optional is None or name in required or name in optional}

    def items(self, node: Node) -> tuple[Node, ...]:
        """The items of a list."""
        if isinstance(node.value, tuple):
            return node.value
        self.fault(node, "a list is expected here ([one, two], or lines that begin with -)")
        return ()

    def text(self, node: Node, *, among: Collection[str] | None = None, what: str = "text") -> str:
        """Text that is not empty; with AMONG, one of those."""
        if not isinstance(node.value, str):
            self.fault(node, f"{what} is expected here")
            return ""
        if not node.value.strip():
            self.fault(node, f"{what} is expected here, and this is empty")
            return ""
        if node.guess:
            self.fault(node, f"YAML takes {node.value} for {node.guess}: put it in quotes")
            return ""
        if among is not None and node.value not in among:
            self.fault(node, f"“{node.value}” is not known here{did_you_mean(node.value, among)}")
            return ""
        return node.value

    def texts(self, node: Node, *, among: Collection[str] | None = None, what: str = "text") -> tuple[str, ...]:
        """A list of texts; one text alone counts as a list of one."""
        if isinstance(node.value, str):
            return (self.text(node, among=among, what=what),)
        found = tuple(self.text(item, among=among, what=what) for item in self.items(node))
        for item, again in self._repeated(node):
            self.fault(item, f"“{again}” stands here twice")
        return found

    def _repeated(self, node: Node) -> Iterator[tuple[Node, str]]:
        met: set[str] = set()
        for item in self.items(node):
            if isinstance(item.value, str):
                if item.value in met:
                    yield item, item.value
                met.add(item.value)

    def whole(self, node: Node, *, least: int = 0) -> int:
        """A whole number, written in digits without a leading nought."""
        if isinstance(node.value, str) and re.fullmatch(r"0|[1-9][0-9]{0,8}", node.value) and int(node.value) >= least:
            return int(node.value)
        self.fault(node, f"a whole number of at least {least} is expected here")
        return least

    def flag(self, node: Node) -> bool:
        """`true` or `false`, and no other way to say it."""
        if node.value in ("true", "false"):
            return node.value == "true"
        self.fault(node, "true or false is expected here")
        return False

    def day(self, node: Node) -> date:
        """A date as 2016-12-08."""
        if isinstance(node.value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", node.value):
            try:
                return date.fromisoformat(node.value)
            except ValueError:
                pass
        self.fault(node, "a date like 2016-12-08 is expected here")
        return date.min


def _place_of(mark: Any) -> Node:
    return Node("", mark.line + 1, mark.column + 1) if mark else Node("", 1, 1)


def _is_plain(scalar: yaml.ScalarNode) -> bool:
    return not scalar.style     # The C loader says '' where the Python one says None.


def did_you_mean(name: str, known: Collection[str]) -> str:
    """An ending for a sentence about an unknown name: what was probably meant, or what there is."""
    if close := get_close_matches(name, list(known), n=1):
        return f"; did you mean “{close[0]}”?"
    return f"; known are: {', '.join(sorted(known))}" if 0 < len(known) <= 12 else ""
