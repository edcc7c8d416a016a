"""The figures as rows and as JSON. The names here are a promise to those who read them by program: add to them, never change them."""

from __future__ import annotations

from typing import Any

from breachdesk.statistics.figures import Figures, Measure, Part

COLUMNS = ("year", "edition", "data_as_at", "id", "title", "unit", "part", "value", "numerator", "denominator", "note", "definition")


def as_rows(figures: Figures) -> list[dict[str, Any]]:
    """One row for each measure, and one below it for each of its parts, with COLUMNS as keys. None is an empty cell.

    A part whose count is hidden has no value; its note says what stands in its place.
    """
    head = {"year": figures.year.label, "edition": figures.edition, "data_as_at": _data_as_at(figures)}
    rows: list[dict[str, Any]] = []
    for measure in figures.measures:
        rows.append(head | _row(measure))
        rows.extend(head | _part_row(measure, part) for part in measure.parts)
    return rows


def as_json(figures: Figures) -> dict[str, Any]:
    """The figures as what `json.dumps` takes. A hidden count is null, and `hidden` says what stands in its place."""
    return {
        "year": figures.year.label,
        "first_day": figures.year.first.isoformat(),
        "last_day": figures.year.last.isoformat(),
        "edition": figures.edition,
        "data_as_at": _data_as_at(figures),
        "balance_fault": figures.balance_fault,
        "measures": [_as_object(measure) for measure in figures.measures],
    }


def _data_as_at(figures: Figures) -> str | None:
    return figures.data_as_at.isoformat() if figures.data_as_at else None


def _row(measure: Measure) -> dict[str, Any]:
    return {"id": measure.id, "title": measure.title, "unit": measure.unit, "part": "", "value": measure.value,
            "numerator": measure.numerator, "denominator": measure.denominator, "note": measure.note, "definition": measure.definition}


def _part_row(measure: Measure, part: Part) -> dict[str, Any]:
    return _row(measure) | {"part": part.label, "value": part.count, "note": part.hidden}


def _as_object(measure: Measure) -> dict[str, Any]:
    return {"id": measure.id, "title": measure.title, "unit": measure.unit, "definition": measure.definition, "value": measure.value,
            "numerator": measure.numerator, "denominator": measure.denominator, "note": measure.note,
            "parts": [{"label": part.label, "count": part.count, "hidden": part.hidden} for part in measure.parts]}
