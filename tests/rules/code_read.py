"""The whole code of the product, read once: what the rules about code look at."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TypeVar

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "breachdesk"
Kind = TypeVar("Kind", bound=ast.AST)


@cache
def trees() -> Mapping[str, ast.Module]:
    """Each module, as `casework/act.py`, with its syntax tree."""
    return {path.relative_to(PACKAGE).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
            if "node_modules" not in path.parts}


@cache
def _by_kind() -> Mapping[type[ast.AST], list[tuple[str, ast.AST]]]:
    found: defaultdict[type[ast.AST], list[tuple[str, ast.AST]]] = defaultdict(list)
    for place, tree in trees().items():
        for node in ast.walk(tree):
            found[type(node)].append((place, node))
    return found


def nodes(kind: type[Kind]) -> Iterator[tuple[str, Kind]]:
    """Everything of a kind that stands in the code, with its module."""
    for place, node in _by_kind()[kind]:
        if isinstance(node, kind):
            yield place, node
