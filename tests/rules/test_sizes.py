"""The tail is what differs between good code and the rest: no function of 50 lines, no module over 300, no test module over 400."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from rules.code_read import PACKAGE, ROOT, trees

# A migration is written once, from the tables, and never edited: its one function lists them all.
MODULES = [path for path in sorted((ROOT / "breachdesk").rglob("*.py")) if "migrations/versions" not in path.as_posix()
           and "node_modules" not in path.parts]
TESTS = sorted((ROOT / "tests").rglob("*.py"))


def length(path: Path) -> int:
    return len(path.read_text("utf-8").splitlines())


def functions(tree: ast.Module):
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_module_and_its_functions_are_short_and_say_their_place(path):
    assert length(path) <= 300, "a module at its limit is a design question: what two things is it?"
    tree = trees()[path.relative_to(PACKAGE).as_posix()]
    assert [name for name, lines in functions(tree) if lines >= 50] == []
    assert not tree.body or ast.get_docstring(tree), "begin with a docstring: the module's place in the way of data"


def test_test_modules_are_short():
    assert [(path.name, length(path)) for path in TESTS if length(path) > 400] == []


def test_no_module_is_a_drawer_of_odds_and_ends():
    names = {path.stem for path in MODULES} | {path.parent.name for path in MODULES}

    assert not names & {"utils", "core", "common", "helpers", "models", "misc"}
