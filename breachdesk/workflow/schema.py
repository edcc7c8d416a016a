"""The language of procedure files as a JSON Schema (draft 2020-12), with which an editor helps whoever writes one. From `language`."""

from __future__ import annotations

from typing import Any

from breachdesk.workflow.language import (
    FLAG,
    LABELS,
    LENGTH,
    LIMITS,
    ONE_LABEL,
    PROCEDURE,
    REMINDER,
    TEXT,
    TEXTS,
    WHOLE,
    Kind,
    OneOf,
    Several,
    Shape,
)

Schema = dict[str, Any]
_LENGTH = "[1-9][0-9]{0,3} (working day|day|week|month)s?"
_TEXT: Schema = {"type": "string", "pattern": r"\S"}
_NAMES: Schema = {"type": "object", "additionalProperties": {"$ref": "#/$defs/text"}}
_SIMPLE: dict[str, Schema] = {
    TEXT: _TEXT,
    TEXTS: {"anyOf": [{"$ref": "#/$defs/text"}, {"type": "array", "items": {"$ref": "#/$defs/text"}, "uniqueItems": True}]},
    LIMITS: {"anyOf": [{"const": "all"}, {"$ref": "#/$defs/texts"}]},
    FLAG: {"type": "boolean"},
    WHOLE: {"type": "integer", "minimum": 0, "maximum": 999_999_999},
    LENGTH: {"type": "string", "pattern": f"^{_LENGTH}$", "examples": ["10 working days", "3 months"]},
    REMINDER: {"type": "string", "pattern": "^[1-9][0-9]{0,3} working days? (before|after)$", "examples": ["5 working days before"]},
    LABELS: _NAMES,
    ONE_LABEL: _NAMES | {"minProperties": 1, "maxProperties": 1},
}


def procedure_schema() -> Schema:
    """The schema of a whole procedure file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "A procedure of Breachdesk", **_schema(PROCEDURE),
            "$defs": {_key(name): one for name, one in _SIMPLE.items()}}


def _schema(kind: Kind) -> Schema:
    if isinstance(kind, str):
        return {"$ref": f"#/$defs/{_key(kind)}"}
    if isinstance(kind, OneOf):
        return _one_of(kind)
    if isinstance(kind, Several):
        inner = _schema(kind.shape)
        return {"type": "object", "additionalProperties": inner} if kind.named else {"type": "array", "items": inner}
    return _shape(kind)


def _one_of(kind: OneOf) -> Schema:
    one: Schema = {"enum": list(kind.words)}
    if kind.names:
        return {"type": "object", "additionalProperties": one}
    return {"anyOf": [one, {"type": "array", "items": one, "uniqueItems": True}]} if kind.several else one


def _shape(shape: Shape) -> Schema:
    entries = {**shape.required, **shape.optional}
    return {"type": "object", "properties": {name: _schema(kind) for name, kind in entries.items()},
            "required": list(shape.required), "additionalProperties": False}


def _key(name: str) -> str:
    return name.replace(" ", "-")
