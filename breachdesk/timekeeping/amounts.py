"""Amounts of time as people write them (“one month”, “12 weeks”), and how far one falls short of another. Pure."""

from __future__ import annotations

import re

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WRITTEN = re.compile(rf"\b([0-9]{{1,4}}|{'|'.join(_NUMBERS)})\s+(working day|day|week|month|year)s?\b")
_NONE = re.compile(r"\b(no|none|nothing)\b")
# Calendar months and years by their average length: enough to say how many weeks are missing.
_DAYS = {"working day": 7 / 5, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}


def amount_in(words: str) -> str:
    """The first amount of time in the words, as “3 months”; “0 days” when they say that there was none; "" when there is no amount."""
    text = words.casefold()
    if found := _WRITTEN.search(text):
        number = int(found[1]) if found[1].isdecimal() else _NUMBERS.index(found[1]) + 1
        return f"{number} {found[2]}{'' if number == 1 else 's'}"
    return "0 days" if _NONE.search(text) else ""


def weeks_short(required: str, happened: str) -> float:
    """How many weeks are missing; 0 when none are."""
    return max(_days(required) - _days(happened), 0.0) / 7


def _days(amount: str) -> float:
    number, _, unit = amount.partition(" ")
    return int(number) * _DAYS[unit.removesuffix("s")]
