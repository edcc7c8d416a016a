"""What goes on around a Compact beside its disputes: who signed, who champions it, codes of practice, consultations, reviews.

Values that `loading_lives` makes from the Compact's file, the only place where they stand; one page shows them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from breachdesk.timekeeping.said import said_date

TWELVE_WEEKS = 12
CODE_STATUSES = ("national", "planned", "draft", "consultation", "in force", "replaced")
STATES = ("planned", "held", "not held")
KINDS = ("review", "meeting")
# What the desk can count for a success measure; any other is entered by hand, in the file.
COUNTED = ("signatories", "disputes", "reviews")


@dataclass(frozen=True, slots=True)
class When:
    """A date as its source gives it: a day, a month or a year. `first` and `last` are the days that it can mean."""

    first: date
    last: date

    def __str__(self) -> str:
        if self.first == self.last:
            return said_date(self.first)
        return self.first.strftime("%B %Y" if self.first.month == self.last.month else "%Y")


@dataclass(frozen=True, slots=True)
class Signatory:
    """An organisation that signed, or that stands beside those who did: `note` says which."""

    organisation: str
    sector: str
    begins: When | None = None
    ends: When | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Champion:
    """A post in an organisation that speaks for the Compact. A post, not a person."""

    organisation: str
    post: str


@dataclass(frozen=True, slots=True)
class Code:
    """A code of practice: a document of its own, which is named here and not quoted."""

    title: str
    status: str
    dated: When | None = None
    where: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Consultation:
    """A consultation on a draft. `lasts` is what the source says of its length when it does not give both dates."""

    title: str
    state: str
    begins: When | None = None
    ends: When | None = None
    lasts: str = ""
    note: str = ""

    @property
    def weeks(self) -> tuple[int, int] | None:
        """How many full weeks it lasted, at least and at most, as far as the dates say."""
        if self.begins and self.ends:
            return _weeks(self.begins.last, self.ends.first), _weeks(self.begins.first, self.ends.last)
        if found := re.fullmatch(r"([0-9]+) (week|month)s?", self.lasts):
            number = int(found[1])
            # Three months have 89 days at least, and 92 at most.
            return (number, number) if found[2] == "week" else ((30 * number - 1) // 7, 31 * number // 7)
        return None

    @property
    def twelve_weeks(self) -> str:
        """How it stands to the twelve weeks that the national Compact asks for."""
        if self.weeks is None:
            return "The source does not say how long."
        least, most = self.weeks
        span = f"{least} weeks" if least == most else f"Between {least} and {most} weeks, as far as the dates say"
        if least >= TWELVE_WEEKS:
            return f"{span}: twelve or more."
        return f"{span}: fewer than twelve." if most < TWELVE_WEEKS else f"{span}: twelve or not cannot be told."


@dataclass(frozen=True, slots=True)
class Review:
    """An annual review or a meeting: whether it was held, and what it recommended."""

    kind: str
    title: str
    state: str
    dated: When | None = None
    recommended: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class SuccessMeasure:
    """By what a Compact wants to be measured. `counted` names what the desk counts for it; without, it is entered by hand."""

    text: str
    counted: str = ""
    entered: tuple[tuple[When, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Life:
    """All of it. `rhythm` says in a sentence how often the steering group meets and reviews."""

    rhythm: str = ""
    signatories: tuple[Signatory, ...] = ()
    champions: tuple[Champion, ...] = ()
    consultations: tuple[Consultation, ...] = ()
    reviews: tuple[Review, ...] = ()
    success_measures: tuple[SuccessMeasure, ...] = ()


NO_LIFE = Life()


def _weeks(first: date, last: date) -> int:
    """Full weeks from the first day to the last, both counted; never less than none."""
    return max(((last - first).days + 1) // 7, 0)
