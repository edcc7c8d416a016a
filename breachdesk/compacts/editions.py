"""What a Compact says: its editions and their commitments, as values that `loading` makes and everybody else reads.

A case cites a commitment of the edition that its scheme operated on the day of the event; `operated_on` finds that edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from breachdesk.compacts.everyday import meaning
from breachdesk.compacts.lives import NO_LIFE, Code, Life
from breachdesk.errors import NotFound
from breachdesk.timekeeping.said import said_date

SECTORS = ("statutory", "voluntary")
OWED_BY = (*SECTORS, "jointly")
STATUSES = ("draft", "consultation", "adopted", "superseded")

_SMALL_WORDS = frozenset([
    "a", "an", "and", "are", "as", "at", "be", "been", "by", "did", "do", "does", "for", "from", "had", "has", "have", "he", "her",
    "his", "i", "if", "in", "is", "it", "its", "me", "my", "no", "not", "of", "on", "or", "our", "out", "she", "so", "that", "the",
    "their", "them", "they", "this", "to", "us", "was", "we", "were", "what", "when", "which", "who", "will", "with", "you", "your",
])
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6",
    "seven": "7", "eight": "8", "nine": "9", "ten": "10", "eleven": "11", "twelve": "12",
}


@dataclass(frozen=True, slots=True)
class Measure:
    """What a commitment's number can be held against: at least (or at most) AMOUNT, as “3 months”, OF something."""

    at_least: bool
    amount: str
    of: str

    def __str__(self) -> str:
        return f"{'at least' if self.at_least else 'at most'} {self.amount} of {self.of}"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One numbered undertaking, word for word. Codes are as printed: they are never computed, and gaps are legitimate.

    `taken_from` names the core Compact whose wording it is, when the edition follows one.
    """

    code: str
    theme: str
    section: str
    owed_by: str
    text: str
    measure: Measure | None = None
    taken_from: str = ""


@dataclass(frozen=True, slots=True)
class Principle:
    """One principle that the partners share."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Follows:
    """The edition of a core Compact whose commitments hold, but for those that the local edition has under the same number."""

    compact: str
    edition: str
    title: str


@dataclass(frozen=True, slots=True)
class Edition:
    """One dated text of a Compact.

    Where its wording is not at hand, `no_wording` says why; then it has no commitments, and no case can cite it. `numbers_are_ours`:
    the text prints none, this desk gave them. `dated_as` is what the text says of its date, when that is less than a day.
    """

    label: str
    dated_on: date
    status: str
    comment: str
    principles: tuple[Principle, ...]
    commitments: tuple[Commitment, ...]
    remedy_text: str = ""
    no_wording: str = ""
    numbers_are_ours: bool = False
    dated_as: str = ""
    follows: Follows | None = None

    def commitment(self, code: str) -> Commitment:
        """The commitment with that number. Raises NotFound."""
        for commitment in self.commitments:
            if commitment.code == code:
                return commitment
        raise NotFound(f"There is no commitment {code} in edition {self.label}.")

    @property
    def dated(self) -> str:
        """Its date as people read it: the day, or what the text says of it."""
        return self.dated_as or said_date(self.dated_on)

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes, in the order in which the Compact takes them up."""
        return tuple(dict.fromkeys(commitment.theme for commitment in self.commitments))

    def search(self, words: str) -> tuple[Commitment, ...]:
        """The commitments in which all of WORDS occur, the best first; small words such as “our” are passed over."""
        sought = frozenset(_sought(words))
        return self._ranked(sought, least=len(sought))

    def nearest(self, words: str) -> tuple[Commitment, ...]:
        """The commitments in which any of WORDS occurs, most of them first: for when `search` finds nothing."""
        return self._ranked(frozenset(_sought(words)), least=1)

    def _ranked(self, sought: frozenset[str], least: int) -> tuple[Commitment, ...]:
        if not sought:
            return ()
        ranks = ((_rank(commitment, sought), commitment) for commitment in self.commitments)
        found = [(rank, commitment) for rank, commitment in ranks if rank[0] >= least]
        return tuple(commitment for _, commitment in sorted(found, key=lambda pair: pair[0], reverse=True))


@dataclass(frozen=True, slots=True)
class Compact:
    """An agreement between organisations, in all its editions. `vocabulary` has its own names for the sectors.

    `supersedes` names what it takes the place of; its codes of practice are documents of their own; `life` is what goes on around it.
    """

    slug: str
    title: str
    vocabulary: Mapping[str, str]
    editions: tuple[Edition, ...]
    about: str = ""
    supersedes: tuple[str, ...] = ()
    codes: tuple[Code, ...] = ()
    life: Life = NO_LIFE

    def edition(self, label: str) -> Edition:
        """The edition with that label. Raises NotFound."""
        for edition in self.editions:
            if edition.label == label:
                return edition
        raise NotFound(f"There is no edition {label} of {self.title}.")

    def wordings(self, code: str) -> tuple[tuple[Edition, Commitment], ...]:
        """A commitment through the editions that have its number, the earliest first."""
        dated = sorted(self.editions, key=lambda edition: edition.dated_on)
        return tuple((edition, one) for edition in dated for one in edition.commitments if one.code == code)


@dataclass(frozen=True, slots=True)
class Operated:
    """An edition and the days on which a scheme operates it: the first and, when it has one, the last."""

    edition_label: str
    from_on: date
    to_on: date | None = None

    def covers(self, day: date) -> bool:
        return self.from_on <= day and (self.to_on is None or day <= self.to_on)


def operated_on(operated: Iterable[Operated], day: date) -> Operated | None:
    """The edition that was operated on DAY. None on the days between two editions and before the first."""
    return next((one for one in operated if one.covers(day)), None)


def _sought(words: str) -> list[str]:
    return [_stem(word) for word in _words(words) if word not in _SMALL_WORDS]


def _words(text: str) -> list[str]:
    """The words of a text; a commitment's number (13.2) is one word, an apostrophe's s is none."""
    return re.findall(r"[0-9]+(?:\.[0-9]+)+|\w+", re.sub(r"['’]s?\b", "", text.casefold()))


def _stem(word: str) -> str:
    """The word without its plural ending, small numbers as digits, and everyday words as formal ones: “cut” is “ending”."""
    return meaning(_NUMBERS.get(word) or _singular(word))


def _singular(word: str) -> str:
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies"):
        return word[:-3] + "y"
    return word[:-2] if word.endswith(("sses", "xes", "ches", "shes")) else word.removesuffix("s")


def _rank(commitment: Commitment, sought: frozenset[str]) -> tuple[int, int]:
    """How many of the words occur anywhere, then how often they stand in the wording itself."""
    wording = [_stem(word) for word in _words(commitment.text)]
    around = {_stem(word) for word in _words(f"{commitment.code} {commitment.section} {commitment.theme}")}
    return len(sought & (around | set(wording))), sum(word in sought for word in wording)
