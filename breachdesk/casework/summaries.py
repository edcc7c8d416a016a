"""Disputes as a steering group meets them where its scheme has narrowed reviews to summaries: nothing that says whose a dispute is.

The cases themselves do not exist for its members (`store.visibility`); this is the one way round, and it holds no reference, no name,
no day. Words that people wrote are shown when the coordinator released them for the public, or when they are what was learned, and
only as long as they name nobody whom the desk knows.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.desk import Desk
from breachdesk.casework.schemes_shown import sector_words
from breachdesk.compacts.schemes import SUMMARIES
from breachdesk.identity import Actor
from breachdesk.store import log_reading, reading, schemes, summarising
from breachdesk.store.session import Session
from breachdesk.store.visibility import PUBLIC, SHARED, STEERING_GROUP, summarised_for

ROLE = "steering_group"
RELEASED = "publish_summary"
MOST = 100
WITHHELD = "Held back here, because it names somebody. The coordinator can word it anew."
_SUMMARY, _LEARNING = "summary", "learning"


@dataclass(frozen=True, slots=True)
class Summary:
    """A dispute that reached the panel, without anything that says whose. No `outcome`: it has not ended."""

    scheme: str
    complained: str
    complained_about: str
    themes: tuple[str, ...]
    stage: str
    outcome: str
    working_days: int | None
    text: str
    learning: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Way:
    """How one scheme, whose steering group somebody is in, lets it review: one of `compacts.schemes.REVIEWS`."""

    title: str
    reviews: str


def ways_of(session: Session, actor: Actor) -> list[Way]:
    """How the schemes in whose steering group somebody is let them review, by title."""
    return [Way(one.title, one.reviews) for one in schemes.all_schemes(session) if actor.holds(ROLE, one.id)]


def summaries_for(session: Session, desk: Desk, actor: Actor) -> list[Summary]:
    """The disputes of which somebody meets a summary, in an order that says nothing of when they came."""
    heads = {one.id: one for one in schemes.all_schemes(session) if actor.holds(ROLE, one.id) and one.reviews == SUMMARIES}
    if not heads:
        return []
    rows = reading.case_rows(session, summarised_for(actor), open_only=None, escalated=True, most=MOST)[:MOST]
    ids = [row.id for row in rows]
    sides, themes = summarising.sides_of(session, ids), summarising.themes_of_cases(session, ids)
    took, texts, learned = _days_taken(session, ids), _released(session, ids), _learned(session, ids)
    known = _Names(summarising.everybodys_names(session))
    found = []
    for row in rows:
        procedure, words = desk.procedure(session, row.procedure_digest), sector_words(session, heads[row.scheme_id])
        closed, where = took.get(row.id, (None, "")) if row.closed_on else (None, "")
        found.append(Summary(
            heads[row.scheme_id].title, _sectors(sides, row.id, "complainant", words), _sectors(sides, row.id, "respondent", words),
            tuple(dict.fromkeys(one.theme for one in themes if one.case_id == row.id)), procedure.stages[where or row.stage],
            procedure.outcomes.get(row.outcome or "", ""), closed, known.kept_back(texts.get(row.id, "")),
            tuple(known.kept_back(one) for one in learned.get(row.id, ()))))
    return sorted(found, key=lambda one: (one.scheme, one.outcome == "", one.themes, one.working_days or 0))


def _sectors(sides: Sequence[Any], case_id: int, side: str, words: Mapping[str, str]) -> str:
    return ", ".join(dict.fromkeys(words.get(one.sector, one.sector) for one in sides if one.case_id == case_id and one.side == side))


def _days_taken(session: Session, ids: Sequence[int]) -> dict[int, tuple[int | None, str]]:
    """How many working days each case took, and in which stage it ended, at its last end."""
    found = {}
    for case_id, body in log_reading.steps_of(session, ids, "case:closed"):
        content: Any = read_body(body)
        found[case_id] = content["facts"]["handling_days"], content["facts"]["ended_in"]
    return found


def _released(session: Session, ids: Sequence[int]) -> dict[int, str]:
    """The text of each case that was released for the public last; a text that was only shown to the sides is not among them."""
    released: dict[int, int] = {}
    for case_id, body in log_reading.steps_of(session, ids, "case:acted"):
        content: Any = read_body(body)
        if content["facts"]["action"] == RELEASED:
            released[case_id] = content["seq"]
    words = summarising.words_called(session, ids, (_SUMMARY,), (SHARED, PUBLIC))
    return {row.subject: row.value for row in words if released.get(row.subject) == row.seq}


def _learned(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in summarising.words_called(session, ids, (_LEARNING,), (STEERING_GROUP,)):
        found.setdefault(row.subject, []).append(row.value)
    return found


class _Names:
    """Everybody whom the desk knows, and whether a text names one of them."""

    def __init__(self, names: Collection[str]) -> None:
        wanted = sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True)
        self._any = re.compile(rf"\b(?:{'|'.join(map(re.escape, wanted))})\b", re.IGNORECASE) if wanted else re.compile("(?!)")

    def kept_back(self, text: str) -> str:
        """The text, or that it is held back. A case's reference gives as much away as a name."""
        return WITHHELD if self._any.search(text) or re.search(r"\b[A-Z]{2,6}-[0-9]{4}-[0-9]+\b", text) else text
