"""A form made from the procedure's questions: what was sent → raw answers, and raw answers → fields to show.

The same questions are checked in one place, `workflow.answers`, whether they come from a form, a file or a program.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from werkzeug.datastructures import MultiDict

from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.answers import ONE_OF, SEVERAL, Against, Offered, applies, date_text
from breachdesk.workflow.definition import Ask

LONGEST_KEY, LONGEST_SEARCH = 64, 200
DAY_BOXES = ("day", "month", "year")
Day = tuple[str, str, str]
# Who reads what is written: said beside each field in which people write in their own words.
READERS = {"shared": "Everybody in this case reads this.", "coordinator": "Only the coordinator reads this.",
           "steering_group": "Only the steering group and the coordinator read this."}
# A hint that says itself who reads the answer; then it is not said again.
_SAID_ALREADY = re.compile("(Everybody in this case|Only the coordinator) (reads|sees) this")


@dataclass(frozen=True, slots=True)
class Field:
    """A question as it stands on a page: with what was answered so far, what is wrong with it, and who reads the answer.

    `only_when` is set when it is asked only after a certain answer to another question of the same page. `against`: what is known of
    the people who can be named.
    """

    ask: Ask
    name: str
    label: str
    hint: str
    value: str
    values: tuple[str, ...]
    choices: Mapping[str, str]
    error: str
    day: Day
    readers: str
    only_when: str
    against: Mapping[str, Against]

    @property
    def first_id(self) -> str:
        """The element that an error message leads to."""
        return f"{self.name}-day" if self.ask.type == "date" else self.name


@dataclass(frozen=True, slots=True)
class Shown:
    """An answer as people check it before they send it."""

    name: str
    label: str
    text: str


def sent_answers(form: MultiDict[str, str], asks: Collection[Ask]) -> dict[str, object]:
    """What was sent, one entry for each question; what is not a question is left out (the form's own fields)."""
    found: dict[str, object] = {}
    for ask in asks:
        if ask.type == "date":
            found[ask.name] = date_text(*_boxes(form, ask))
        elif ask.type in SEVERAL:
            found[ask.name] = form.getlist(ask.name)
        else:
            found[ask.name] = form.get(ask.name, "")
    return {name: value for name, value in found.items() if value not in ("", [])}


def sent_again(form: MultiDict[str, str], asks: Collection[Ask]) -> list[tuple[str, str]]:
    """What was sent, as pairs for hidden fields: a page that only shows it hands it on exactly."""
    names = [f"{ask.name}-{box}" for ask in asks if ask.type == "date" for box in DAY_BOXES]
    names += [ask.name for ask in asks if ask.type != "date"]
    return [(name, value) for name in names for value in form.getlist(name) if value]


def typed_days(form: MultiDict[str, str], asks: Collection[Ask]) -> dict[str, Day]:
    """The boxes of each date as they were typed, so that a date that cannot be right is shown again as it was."""
    return {ask.name: _boxes(form, ask) for ask in asks if ask.type == "date"}


def _boxes(form: MultiDict[str, str], ask: Ask) -> Day:
    day, month, year = (form.get(f"{ask.name}-{box}", "") for box in DAY_BOXES)
    return day, month, year


def fields_for(asks: Sequence[Ask], raw: Mapping[str, object], offered: Offered, errors: Mapping[str, str],
               typed: Mapping[str, Day] | None = None) -> list[Field]:
    """The questions as fields, filled with what was answered before."""
    here = {ask.name: ask for ask in asks}
    return [_field(ask, raw.get(ask.name), offered, errors.get(ask.name, ""), (typed or {}).get(ask.name), here) for ask in asks]


def _field(ask: Ask, raw: object, offered: Offered, error: str, typed: Day | None, here: Mapping[str, Ask]) -> Field:
    text = raw.isoformat() if isinstance(raw, date) else "" if raw is None else str(raw)
    values = tuple(str(one) for one in raw) if isinstance(raw, list | tuple) else (text,) if text else ()
    label = ask.label if ask.required or ask.type == "confirmation" else f"{ask.label} (optional)"
    readers = READERS.get(ask.seen_by, "") if ask.personal and not _SAID_ALREADY.search(ask.hint) else ""
    return Field(ask, ask.name, label, ask.hint, text, values, offered.for_ask(ask), error, typed or _day(ask, text), readers,
                 _only_when(ask, here, offered), offered.against if ask.holding else {})


def _day(ask: Ask, text: str) -> Day:
    pieces = text.split("-") if ask.type == "date" else []
    return (pieces[2], pieces[1], pieces[0]) if len(pieces) == 3 else ("", "", "")


def _only_when(ask: Ask, here: Mapping[str, Ask], offered: Offered) -> str:
    """“If yes”: for a question that is asked only after that answer, on a page where both stand."""
    if ask.when is None or ask.when[0] not in here:
        return ""
    answer = offered.for_ask(here[ask.when[0]]).get(ask.when[1], ask.when[1])
    return f"If you answered “{answer}” to “{here[ask.when[0]].label}”"


def answers_shown(asks: Sequence[Ask], raw: Mapping[str, object], offered: Offered) -> list[Shown]:
    """The answers in words, question by question; one that was left out says so."""
    return [Shown(ask.name, ask.label, _said(ask, raw.get(ask.name), offered) or "Not answered") for ask in asks if applies(ask, raw)]


def _said(ask: Ask, raw: object, offered: Offered) -> str:
    if ask.type == "date":
        try:
            year, month, day = (int(piece) for piece in str(raw).split("-"))
            return said_day(date(year, month, day))
        except ValueError:
            return str(raw or "")
    if ask.type in SEVERAL:
        chosen = [raw] if isinstance(raw, str) else raw if isinstance(raw, list | tuple) else []
        return "\n".join(offered.for_ask(ask).get(str(one), str(one)) for one in chosen)
    if ask.type == "confirmation":
        return "Confirmed" if raw else ""
    text = "" if raw is None else str(raw)
    return offered.for_ask(ask).get(text, text) if ask.type in ONE_OF else text


def summary(fields: Sequence[Field], others: Mapping[str, str]) -> list[dict[str, str]]:
    """The list of what is wrong, each leading to its field; faults of no field come last."""
    listed = [{"text": field.error, "href": f"#{field.first_id}"} for field in fields if field.error]
    known = {field.name for field in fields}
    return listed + [{"text": text} for name, text in others.items() if name not in known]


def whole_number(text: str) -> int:
    """The number that was sent in a field of the form's own, or in an address; 0 for anything else."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def form_key() -> str:
    """Marks one form from its first page to its last, so that the same form sent twice is carried out once."""
    sent = request.form.get("key", "")
    return sent if 0 < len(sent) <= LONGEST_KEY and sent.isascii() and sent.isprintable() else secrets.token_urlsafe(16)


def words_sought() -> str:
    """What somebody looks for in a list."""
    return request.args.get("words", "")[:LONGEST_SEARCH]


def choices_of(field: Field) -> list[dict[str, object]]:
    """A field's choices as the GOV.UK components want them. Nothing is chosen that was not chosen by a person."""
    return [{"value": value, "text": text, "checked": value in field.values, "selected": value in field.values, **_known(field, value)}
            for value, text in field.choices.items()]


def _known(field: Field, value: str) -> dict[str, object]:
    """What is said beside somebody who could be named; whoever is barred cannot be chosen."""
    known = field.against.get(value)
    return {"hint": {"text": known.says}, "disabled": known.bars} if known else {}
