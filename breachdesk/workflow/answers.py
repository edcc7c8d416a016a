"""What somebody typed → answers of the right kind, or what is wrong with each field. Forms, JSON files and the API share it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date

from breachdesk.errors import Invalid
from breachdesk.strict_yaml import did_you_mean
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Answer, Answers

# Control characters and halves of pairs; a line break and a tab are words' own.
_UNSTORABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
LONGEST_LINE = 200
LONGEST_TEXT = 20_000
# Besides the usual one, what other programs (mail among them) take for the end of a line.
_LINE_ENDS = "\n\u2028\u2029"
# Questions answered with some of what is offered, and with one of it.
SEVERAL = ("organisations", "commitments", "people", "allegations")
ONE_OF = ("choice", "yes or no", "organisation", "person", "party", "remedy", "limit")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")


@dataclass(frozen=True, slots=True)
class Against:
    """What is known for and against somebody who could be named, in sentences; whether it `bars` them."""

    bars: bool
    says: str


@dataclass(frozen=True, slots=True)
class Offered:
    """What can be chosen here: the values (with what people read) for each type of question that names things."""

    organisations: Mapping[str, str] = field(default_factory=dict)
    commitments: Mapping[str, str] = field(default_factory=dict)
    people: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by_ask: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    against: Mapping[str, Against] = field(default_factory=dict)

    def for_ask(self, ask: Ask) -> Mapping[str, str]:
        if ask.name in self.by_ask:
            return self.by_ask[ask.name]
        if ask.type in ("organisation", "organisations"):
            return self.organisations
        if ask.type == "commitments":
            return self.commitments
        if ask.type in ("person", "people"):
            return self.people.get(ask.holding, {})
        return {"yes": "Yes", "no": "No"} if ask.type == "yes or no" else ask.choices


class _Wrong(Exception):
    """What is wrong with one field, in words."""


def read_answers(asks: Collection[Ask], raw: Mapping[str, object], offered: Offered, today: date) -> Answers:
    """Every question's answer.

    Raises Invalid with a sentence for each field that is missing, unknown or cannot be right.
    """
    known = [ask.name for ask in asks]
    wrong = {name: f"There is no question called “{shown(name)}” here{did_you_mean(name, known)}" for name in raw if name not in known}
    answers: dict[str, Answer] = {}
    for ask in asks:
        if not applies(ask, {**raw, **answers}):
            continue
        try:
            answer = _read(ask, raw.get(ask.name), offered.for_ask(ask))
            if answer is not None:
                _check_dates(ask, answer, answers, today)
                answers[ask.name] = answer
        except _Wrong as fault:
            wrong[ask.name] = str(fault)
    if wrong:
        raise Invalid(wrong)
    return answers


def applies(ask: Ask, answers: Mapping[str, object]) -> bool:
    """Whether the question is asked at all, given what was answered before it."""
    if ask.when is None:
        return True
    given = answers.get(ask.when[0])
    return (("yes" if given else "no") if isinstance(given, bool) else given) == ask.when[1]


def shown(text: object) -> str:
    """A name from outside, short and harmless enough for a sentence."""
    return "".join(letter if letter.isprintable() else "?" for letter in str(text)[:40])


def _read(ask: Ask, value: object, choices: Mapping[str, str]) -> Answer | None:
    if value is None or value in ("", [], ()) or (isinstance(value, str) and not value.strip()):
        if ask.required:
            raise _Wrong(_missing(ask))
        return None
    if ask.type in _READERS:
        return _READERS[ask.type](ask, value)
    if ask.type in ("line", "text"):
        return _words(ask, value)
    if ask.type in SEVERAL:
        return _several(ask, value, choices)
    return _case(value, choices) if ask.type == "case" else _one(ask, value, choices)


def _missing(ask: Ask) -> str:
    name = ask.label
    if ask.type in (*SEVERAL, *ONE_OF):
        return f"Choose an answer to “{name}”"
    if ask.type == "confirmation":
        return f"Tick the box to confirm: {name}"
    return f"Enter {'a date for' if ask.type == 'date' else 'an answer to'} “{name}”"


def _words(ask: Ask, value: object) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"“{ask.label}” is answered in words")
    text = value.replace("\r\n", "\n").replace("\r", "\n")
    longest = LONGEST_LINE if ask.type == "line" else LONGEST_TEXT
    if len(text) > longest:
        raise _Wrong(f"“{ask.label}” is {len(text):,} characters long; the longest it can be is {longest:,}")
    if ask.type == "line" and any(end in text for end in _LINE_ENDS):
        raise _Wrong(f"“{ask.label}” must be on one line")
    if _UNSTORABLE.search(text):
        raise _Wrong(f"“{ask.label}” has a character that cannot be stored. Type it again instead of pasting it")
    return text


def _date(ask: Ask, value: object) -> date:
    if type(value) is date:
        value = value.isoformat()
    text = value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}", text):
        raise _Wrong(_not_a_date(ask, text))
    year, month, day = (int(piece) for piece in text.split("-"))
    try:
        found = date(year, month, day)
    except ValueError:
        raise _Wrong(f"“{ask.label}” must be a real date: there is no {day}/{month}/{year}") from None
    if not 1990 <= year <= 2100:
        raise _Wrong(f"“{ask.label}” must be between 1990 and 2100")
    return found


def _not_a_date(ask: Ask, text: str) -> str:
    """What is missing, when a date is; otherwise what one looks like."""
    pieces = text.split("-")
    missing = [name for name, piece in zip(("year", "month", "day"), pieces, strict=False) if not piece] if len(pieces) == 3 else []
    if missing:
        return f"“{ask.label}” must include a {' and a '.join(reversed(missing))}"
    if len(pieces) == 3 and pieces[0].isdigit() and len(pieces[0]) != 4:
        return f"“{ask.label}” must have a year with four digits, like 2026"
    return f"“{ask.label}” must be a date like 27 3 2026 (or 2026-03-27)"


def date_text(day: str, month: str, year: str) -> str:
    """The three boxes of a date as one text, for `read_answers`; a month may be written as a word."""
    pieces = [piece.strip() for piece in (day, month, year)]
    if not any(pieces):
        return ""
    word = pieces[1].casefold()
    for number, name in enumerate(_MONTHS, 1):
        if len(word) >= 3 and name.startswith(word):
            pieces[1] = str(number)
    return f"{pieces[2]}-{pieces[1]}-{pieces[0]}"


def _check_dates(ask: Ask, answer: Answer, answers: Answers, today: date) -> None:
    if not isinstance(answer, date):
        return
    if ask.not_after == "today" and answer > today:
        raise _Wrong(f"“{ask.label}” must be today or in the past")
    earlier = answers.get(ask.not_before) if ask.not_before else None
    if isinstance(earlier, date) and answer < earlier:
        raise _Wrong(f"“{ask.label}” cannot be before {said_date(earlier)}")


def _number(ask: Ask, value: object) -> int:
    text = str(value) if type(value) is int and 0 <= value < 10**9 else value.strip() if isinstance(value, str) else ""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise _Wrong(f"“{ask.label}” must be a whole number in digits")
    number = int(text)
    if number < ask.least or (ask.most and number > ask.most):
        raise _Wrong(f"“{ask.label}” must be between {ask.least} and {ask.most}")
    return number


def _yes_or_no(ask: Ask, value: object) -> str:
    if value is True or value == "yes":
        return "yes"
    if value is False or value == "no":
        return "no"
    raise _Wrong(f"“{ask.label}” is answered with yes or no")


def _confirmation(ask: Ask, value: object) -> bool:
    if value is True or value == "yes":
        return True
    raise _Wrong(_missing(ask))


def _one(ask: Ask, value: object, choices: Mapping[str, str]) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"“{ask.label}” is answered with a choice, written as text")
    if value in choices:
        return value
    if ask.type == "limit" and len(found := [one for one in choices if one.partition("/")[0] == value]) == 1:
        # A limit that runs for one organisation only need not say for which.
        return found[0]
    raise _Wrong(f"“{shown(value)}” cannot be chosen for “{ask.label}”{did_you_mean(shown(value), choices)}")


def _case(value: object, choices: Mapping[str, str]) -> str:
    """Another case, by its reference. One that is not there and one that is not theirs to see are the same to whoever asks."""
    reference = value.strip().upper() if isinstance(value, str) else ""
    if reference in choices:
        return reference
    raise _Wrong(f"There is no case {shown(reference) or 'of that name'} that you can see. Check its reference")


def _several(ask: Ask, value: object, choices: Mapping[str, str]) -> tuple[str, ...]:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or len(items) > 50:
        raise _Wrong(f"“{ask.label}” is answered with a list of choices, fifty at most")
    return tuple(dict.fromkeys(_one(ask, item, choices) for item in items))


_READERS: Mapping[str, Callable[[Ask, object], Answer]] = {
    "date": _date, "number": _number, "yes or no": _yes_or_no, "confirmation": _confirmation}
