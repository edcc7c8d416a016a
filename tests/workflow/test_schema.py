"""The JSON Schema for editors says what the loader says, and is shipped as it is made."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from breachdesk.errors import BadProcedure
from breachdesk.workflow import language
from breachdesk.workflow.language import Several, Shape
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.schema import procedure_schema

ROOT = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "broken"
SHAPES = {name: shape for name, shape in vars(language).items() if isinstance(shape, Shape)}


@pytest.fixture(scope="module")
def schema() -> Draft202012Validator:
    return Draft202012Validator(procedure_schema())


def complaints(schema: Draft202012Validator, text: str) -> list[str]:
    return [error.message for error in schema.iter_errors(yaml.load(text, Loader=yaml.CSafeLoader))]


def shapes_in(kind: object) -> Iterator[Shape]:
    if isinstance(kind, Several):
        yield from shapes_in(kind.shape)
    if isinstance(kind, Shape):
        yield kind
        for inner in (*kind.required.values(), *kind.optional.values()):
            yield from shapes_in(inner)


def properties_in(value: object) -> Iterator[set[str]]:
    if isinstance(value, dict):
        if isinstance(value.get("properties"), dict):
            yield set(value["properties"])
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from properties_in(inner)


def test_the_shipped_file_is_the_schema() -> None:
    shipped = json.loads((ROOT / "docs" / "procedure.schema.json").read_text("utf-8"))

    Draft202012Validator.check_schema(shipped)
    assert shipped == procedure_schema(), "renew it: breachdesk workflow schema > docs/procedure.schema.json"


def test_the_schema_is_a_schema(schema: Draft202012Validator) -> None:
    Draft202012Validator.check_schema(schema.schema)


def test_sound_files_are_sound_for_the_schema_too(schema: Draft202012Validator, procedure_text: str) -> None:
    assert complaints(schema, procedure_text) == []
    assert complaints(schema, (FOLDER / "sound.yaml").read_text("utf-8")) == []


@pytest.mark.parametrize("name", ["word-part", "word-status-entry", "word-action-entry", "word-question-entry", "word-limit-entry",
                                  "word-notice-entry", "word-type", "word-guard", "word-expression", "word-moves-when", "word-side",
                                  "word-audience", "word-remedy-state", "word-link-kind", "yaml-number", "yaml-yes", "yaml-date",
                                  "yaml-nothing", "yaml-list-for-text", "yaml-text-for-names", "yaml-parts-missing", "yaml-list",
                                  "fit-length", "fit-length-nought", "fit-reminder", "fit-reminder-weeks", "fit-when-two", "fit-flag",
                                  "fit-whole-number", "fit-stops-without-because", "fit-stops-without-name", "fit-status-twice",
                                  "fit-appoints-without-from"])
def test_a_word_out_of_place_is_one_for_the_schema_too(schema: Draft202012Validator, name: str) -> None:
    assert complaints(schema, (FOLDER / f"{name}.yaml").read_text("utf-8")) != []


def test_every_shape_of_the_language_belongs_to_a_procedure() -> None:
    inside = list(shapes_in(language.PROCEDURE))

    assert [name for name, shape in SHAPES.items() if shape not in inside] == []


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_each_word_that_the_loader_knows_stands_in_the_schema(shape: Shape) -> None:
    assert {*shape.required, *shape.optional} in list(properties_in(procedure_schema()))


def test_the_loader_reads_by_the_same_tables() -> None:
    text = (FOLDER / "sound.yaml").read_text("utf-8")
    for where in ("  forward: {title: Send", "  help: {title: The", "  closed: {title: Closed", "  asked: {to: [res"):
        with pytest.raises(BadProcedure, match="“colour” is not known here"):
            load_procedure(text.replace(where, where.replace("{", "{colour: red, ")), "p.yaml")
