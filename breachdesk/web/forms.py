"""A form made from the procedure's questions: what was sent → raw answers, and raw answers → fields to show.

The same questions are checked in one place, `workflow.answers`, whether they come from a form, a file or a program.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from werkzeug.datastructures import MultiDict

from breachdesk.workflow.answers import Offered, date_text
from breachdesk.workflow.definition import Ask

SEVERAL = ("organisations", "commitments", "people")


@dataclass(frozen=True, slots=True)
class Field:
    """A question as it stands on a page: with what was answered so far, and what is wrong with it."""

    ask: Ask
    name: str
    label: str
    hint: str
    value: str
    values: tuple[str, ...]
    choices: Mapping[str, str]
    error: str
    day: tuple[str, str, str]

    @property
    def first_id(self) -> str:
        """The element that an error message leads to."""
        return f"{self.name}-day" if self.ask.type == "date" else self.name


def sent_answers(form: MultiDict[str, str], asks: Collection[Ask]) -> dict[str, object]:
    """What was sent, one entry for each question; what is not a question is left out (the form's own fields)."""
    found: dict[str, object] = {}
    for ask in asks:
        if ask.type == "date":
            pieces = [form.get(f"{ask.name}-{piece}", "") for piece in ("day", "month", "year")]
            found[ask.name] = date_text(*pieces)
        elif ask.type in SEVERAL:
            found[ask.name] = form.getlist(ask.name)
        else:
            found[ask.name] = form.get(ask.name, "")
    return {name: value for name, value in found.items() if value not in ("", [])}


def fields_for(asks: Sequence[Ask], raw: Mapping[str, object], offered: Offered, errors: Mapping[str, str]) -> list[Field]:
    """The questions as fields, filled with what was answered before."""
    return [_field(ask, raw.get(ask.name), offered.for_ask(ask), errors.get(ask.name, "")) for ask in asks]


def _field(ask: Ask, raw: object, choices: Mapping[str, str], error: str) -> Field:
    text = raw.isoformat() if isinstance(raw, date) else "" if raw is None else str(raw)
    values = tuple(str(one) for one in raw) if isinstance(raw, list | tuple) else (text,) if text else ()
    pieces = text.split("-") if ask.type == "date" else []
    day = (pieces[2], pieces[1], pieces[0]) if len(pieces) == 3 else ("", "", "")
    label = ask.label if ask.required or ask.type == "confirmation" else f"{ask.label} (optional)"
    return Field(ask, ask.name, label, ask.hint, text, values, choices, error, day)


def summary(fields: Sequence[Field], others: Mapping[str, str]) -> list[dict[str, str]]:
    """The list of what is wrong, each leading to its field; faults of no field come last."""
    listed = [{"text": field.error, "href": f"#{field.first_id}"} for field in fields if field.error]
    known = {field.name for field in fields}
    return listed + [{"text": text} for name, text in others.items() if name not in known]


def new_key() -> str:
    """Marks one form, so that the same form sent twice is carried out once."""
    return secrets.token_urlsafe(16)


def choices_of(field: Field) -> list[dict[str, object]]:
    """A field's choices as the GOV.UK components want them. Nothing is chosen that was not chosen by a person."""
    return [{"value": value, "text": text, "checked": value in field.values, "selected": value in field.values}
            for value, text in field.choices.items()]
