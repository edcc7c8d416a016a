"""The architecture is a failing test: layers, the pure core, the one commit, an answer for every error."""

from __future__ import annotations

import ast
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rules.code_read import nodes, trees
from rules.mapped import LIST, PICTURE, drawn, floors, listed, modules

from breachdesk import errors
from breachdesk.gate.answers import NEVER_ANSWERED, STATUS
from breachdesk.permissions import MAY, Permission

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "breachdesk"
PURE = ["permissions.py", "events.py", "identity.py", "errors.py", "workflow", "audit", "statistics", "compacts", "timekeeping"]


def paths(*names: str) -> list[Path]:
    found: list[Path] = []
    for name in names:
        place = PACKAGE / name
        found += [place] if place.is_file() else sorted(place.rglob("*.py"))
    return found


def test_each_layer_imports_only_what_stands_below_it():
    told = subprocess.run([sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()", "--no-cache"],
                          cwd=ROOT, capture_output=True, text=True, check=False)

    assert told.returncode == 0, told.stdout[-3000:]


def test_the_architecture_is_told_as_it_is():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    parts, files = sum(floors(), []), [name for name in modules() if not (PACKAGE / name.replace(".", "/")).is_dir()]
    layers = re.search(r"`(__main__ > [^`]+)`", text)
    named = {name.removeprefix("breachdesk/") for name in re.findall(r"`([a-z_/.]+[a-z_/])`", text)
             if name.endswith(".py") or name.removeprefix("breachdesk/").replace("/", ".").split(".")[0] in parts}
    told = {name: name.removesuffix(".py").rstrip("/").replace("/", ".") for name in named}

    assert layers is not None
    assert [[part for part in floor.split("|") if part != "api"] for floor in layers[1].split() if floor != ">"] == floors()
    assert [one for one, name in told.items() if name not in parts and not any(
        file == name or file.endswith(f".{name}") or name.startswith(f"{file}.") for file in files)] == [], "this is no longer there"


def test_documents_name_no_file_that_is_gone():
    there = [path.as_posix() for folder in ("breachdesk", "tests") for path in (ROOT / folder).rglob("*.py")]
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]
    named = {(path.name, name) for path in documents for name in re.findall(r"[a-z_/]+\.py\b", path.read_text("utf-8"))}

    assert [(page, name) for page, name in sorted(named) if not any(one.endswith(f"/{name.lstrip('/')}") for one in there)] == []


def test_every_module_stands_in_the_list_and_on_the_map_with_its_place():
    bricks, parts = re.compile(r">([a-z_.]+) \d+</text>"), re.compile(r">([a-z_]+)(?:: \d+ modules| \d+<)")
    picture, fresh = PICTURE.read_text("utf-8"), drawn()

    assert LIST.read_text("utf-8") == listed(), "renew it: .venv/bin/python tests/rules/mapped.py"
    assert sorted(bricks.findall(fresh)) == sorted(name.partition(".")[2] or name for name in modules())
    assert {part for floor in floors() for part in floor} <= set(parts.findall(picture)), "draw it anew: make map"


@pytest.mark.parametrize("path", paths(*PURE), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_the_pure_core_opens_no_file(path):
    names = {node.id for node in ast.walk(trees()[path.relative_to(PACKAGE).as_posix()]) if isinstance(node, ast.Name)}

    assert not names & {"open", "Path", "print", "input"}


def asking_for(*names: str) -> list[tuple[str, str]]:
    """Where in the code something of these names is asked of something else, and of what."""
    return [(place, ast.unparse(node.value)) for place, node in nodes(ast.Attribute) if node.attr in names]


def test_only_the_clock_asks_what_time_it_is():
    assert {place for place, whose in asking_for("now", "today", "utcnow") if whose in ("datetime", "date")} == {"clock.py"}


def test_only_the_session_commits():
    assert {place for place, _ in asking_for("commit", "rollback")} <= {"store/session.py"}


def test_what_reads_and_then_writes_is_repeated_as_a_whole_when_two_cannot_be_kept_apart():
    # `transact` repeats it; `begin` does not. A new desk has no second one yet, and migrations wait for each other.
    assert {place for place, whose in asking_for("begin") if whose.endswith("database")} == {"bootstrap.py", "store/migrating.py"}


def every_error() -> set[type]:
    def below(kind: type) -> set[type]:
        return {kind} | {one for child in kind.__subclasses__() for one in below(child)}
    return below(errors.BreachdeskError) - {errors.BreachdeskError}


def test_every_error_has_an_answer_and_words_of_its_own():
    assert every_error() == set(STATUS) | NEVER_ANSWERED
    for error in every_error():
        assert inspect.getdoc(error), f"{error.__name__}: the docstring is what people read"
        assert error.code != errors.BreachdeskError.code, f"{error.__name__} needs a code"


def test_every_permission_says_who():
    assert set(MAY) == set(Permission)
    assert all(MAY.values())


def test_nothing_in_the_repository_names_a_registry_or_a_place_on_somebodys_machine():
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    if not listed:
        pytest.skip("not a git checkout")
    bad = ("pypi." + "org", "pythonhosted." + "org", "registry.npmjs." + "org", "/ho" + "me/", "/wo" + "rk/")
    found = [(name, one) for name in listed if (ROOT / name).is_file() and not name.endswith((".png", ".svg"))
             for one in bad if one in (ROOT / name).read_text("utf-8", errors="ignore")]

    assert found == []
