"""Filling the words in braces: the procedure file's sentences, with this case's names and days; and how numbers and lists are said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from breachdesk.workflow.definition import Ask

# Whatever stands in braces is meant to be filled in: a slip such as {Respondent} is a fault, not text for people.
_WORD = re.compile(r"\{([^{}]+)\}")
_SENTENCE_END = re.compile(r"(?<=[.!?]) +(?=[A-Z“{])")
# How the words begin that stand for a name which the reader does not see; within a sentence they begin with a small letter.
UNNAMED = "The organisation that "
# What stands for the words in braces where no case is meant.
_ANY_CASE = {"complainant": "the complaining organisation", "respondent": "the other organisation", "reference": "the case"}

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def words_in(text: str) -> tuple[str, ...]:
    """The names that stand in braces in a text."""
    return tuple(_WORD.findall(text))


def fill(text: str, words: Mapping[str, str]) -> str:
    """The text with every word filled in. Raises KeyError, with the name, when one is missing: nothing half-filled is sent."""
    return _WORD.sub(lambda found: _in_place(words[found[1]], text[:found.start()]), text)


def _in_place(word: str, before: str) -> str:
    within = word.startswith(UNNAMED) and before.rstrip("“ ") and before.rstrip("“ ")[-1] not in ".!?:"
    return f"{word[0].lower()}{word[1:]}" if within else word


def say(text: str, words: Mapping[str, str]) -> str:
    """The text for a page: a sentence about something that is not there (a limit that does not run) is left out."""
    sentences = _SENTENCE_END.split(text)
    return " ".join(fill(sentence, words) for sentence in sentences if set(words_in(sentence)) <= words.keys())


def say_of_any(text: str, days: Mapping[str, str] = MappingProxyType({})) -> str:
    """A sentence about any case at all; it begins with a capital even where an organisation's name would stand."""
    said = say(text, {**_ANY_CASE, **days})
    for words in _ANY_CASE.values():
        said = said.replace(f". {words}", f". {words[0].upper()}{words[1:]}")
    return said[:1].upper() + said[1:]


def filled_ask(ask: Ask, words: Mapping[str, str]) -> Ask:
    """The question in this case's words."""
    if "{" not in ask.label + ask.hint + "".join(ask.choices.values()):
        return ask
    choices = {name: say(label, words) for name, label in ask.choices.items()}
    return replace(ask, label=say(ask.label, words), hint=say(ask.hint, words), choices=choices)


def in_words(number: int) -> str:
    """Numbers in words up to nine."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def counted(number: int, one: str, many: str = "") -> str:
    """“one case”, “12 cases”."""
    return f"{in_words(number)} {one if number == 1 else many or one + 's'}"


def numbered(number: int, one: str, many: str) -> str:
    """“1 case”, “1,200 cases”: where it is about how many there are, and not about a sentence."""
    return f"{number:,} {one if number == 1 else many}"


def listed(names: tuple[str, ...] | list[str]) -> str:
    """“A”, “A and B”, “A, B and C”."""
    return " and ".join((", ".join(names[:-1]), names[-1])) if len(names) > 1 else "".join(names)


def fill_known(text: str, words: Mapping[str, str]) -> str:
    """A subject line for a page: a day that is not known (any more, or yet) is left open."""
    return fill(text, {name: words.get(name, "…") for name in words_in(text)})
