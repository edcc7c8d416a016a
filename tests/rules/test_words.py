"""One word for each idea, the same in code and on the page: those that the field avoids stand in no template, message, error or name."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from rules.code_read import trees

ROOT = Path(__file__).parents[2]
# The word that is avoided, as it begins, and the one that is ours.
AVOIDED = {
    "ticket": "case", "incident": "case", "victim": "the organisation that complains", "plaintiff": "the organisation that complains",
    "claimant": "the organisation that complains", "submitter": "the organisation that complains",
    "offender": "the organisation complained about", "breacher": "the organisation complained about",
    "perpetrator": "the organisation complained about", "accused": "the organisation complained about",
    "defendant": "the organisation complained about", "tribunal": "panel", "judge": "panel member", "judgment": "statement",
    "verdict": "statement", "determination": "statement", "ruling": "statement", "appeal": "challenge, or review of the process",
    "eligib": "admissible", "clause": "commitment", "stage 0": "direct resolution"}
OURS = re.compile(rf"\b({'|'.join(AVOIDED)})", re.IGNORECASE)
# Bodies that are none of ours, and their own ways.
OTHERS = ("court or tribunal", "or its appeal", "until an appeal has ended")


def templates() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "templates").rglob("*")):
        if path.is_file():
            yield path.relative_to(ROOT).as_posix(), re.sub(r"\{#.*?#\}", "", path.read_text("utf-8"), flags=re.DOTALL)


def procedures() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "workflows").rglob("*/*.yaml")):
        if path.parent.name != "compacts":       # What others wrote stays word for word.
            yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def papers() -> Iterator[tuple[str, str]]:
    for path in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))):
        yield path.relative_to(ROOT).as_posix(), path.read_text("utf-8")


def code() -> Iterator[tuple[str, str]]:
    """What a module says and the names that it gives: strings with a blank in them, but no docstring; functions, classes, arguments."""
    for place, tree in trees().items():
        said = []
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " in node.value:
                said.append(node.value)
            elif isinstance(node, ast.FunctionDef | ast.ClassDef):
                said.append(node.name.replace("_", " "))
            elif isinstance(node, ast.arg):
                said.append(node.arg.replace("_", " "))
        yield f"breachdesk/{place}", "\n".join(said)


def avoided(text: str) -> list[str]:
    plain = text
    for one in OTHERS:
        plain = plain.replace(one, "")
    return [" ".join(plain[max(0, one.start() - 40):one.end() + 20].split()) for one in OURS.finditer(plain)]


@pytest.mark.parametrize("texts", [templates, procedures, papers, code])
def test_only_the_fields_words_are_used(texts) -> None:
    found = {name: said for name, text in texts() if (said := avoided(text))}

    assert found == {}, "say it in the field's own word: see AVOIDED"


def test_a_word_that_is_avoided_would_be_found() -> None:
    assert len(avoided("A Tribunal's ruling: it is not eligible.")) == 3
    assert avoided("A court or tribunal looks into it already.") == []
