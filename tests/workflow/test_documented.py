"""What a procedure file can say stands in docs/workflow-files.md, word by word."""

from __future__ import annotations

from pathlib import Path

import pytest

from breachdesk.workflow import language
from breachdesk.workflow.definition import ANSWER_TYPES
from breachdesk.workflow.guards import GUARDS, MOVES_WHEN
from breachdesk.workflow.language import Shape

ROOT = Path(__file__).parents[2]
DOCS = (ROOT / "docs" / "workflow-files.md").read_text("utf-8")
SHAPES = {name: shape for name, shape in vars(language).items() if isinstance(shape, Shape)}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_every_word_of_the_language_is_explained(shape: Shape) -> None:
    assert [word for word in (*shape.required, *shape.optional) if f"`{word}`" not in DOCS] == []


@pytest.mark.parametrize("names", [GUARDS, MOVES_WHEN, ANSWER_TYPES], ids=["guards", "moves when", "types of questions"])
def test_every_name_that_a_file_can_choose_from_is_explained(names: tuple[str, ...]) -> None:
    assert [name for name in names if f"`{name}`" not in DOCS] == [], "say in docs/workflow-files.md what each of them means"


def test_every_broken_file_that_the_docs_name_is_there() -> None:
    named = {word for row in DOCS.splitlines() if row.startswith("| ") for word in row.split("`") if word.startswith("stuck-")}

    assert {name for name in named if not (Path(__file__).parent / "broken" / f"{name}.faults").is_file()} == set()
    assert len(named) >= 15
