"""Disputes as a steering group meets them where its scheme has narrowed reviews to summaries: nothing that says whose a dispute is.

The cases themselves do not exist for its members (`store.visibility`); this is the one way round, and it holds no reference, no name,
no day. Words that people wrote are shown when the coordinator released them for the public, or has confirmed that they can stand in a
summary (`summary_confirmed`), and only as long as they name nobody whom the desk knows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.desk import Desk
from breachdesk.casework.names_known import known_names
from breachdesk.casework.schemes_shown import sector_words
from breachdesk.casework.summary_confirmed import ALL, THEMES, Confirmed, confirmed_in, learned_in, waits_to_be_confirmed
from breachdesk.compacts.schemes import SUMMARIES
from breachdesk.identity import Actor
from breachdesk.store import log_reading, reading, schemes, summarising
from breachdesk.store.session import Session
from breachdesk.store.visibility import PUBLIC, SHARED, summarised_for

ROLE = "steering_group"
RELEASED = "publish_summary"
MOST = 100
WITHHELD = "Held back here, because it names somebody. The coordinator can word it anew."
_SUMMARY = "summary"


@dataclass(frozen=True, slots=True)
class Summary:
    """A dispute that reached the panel, without anything that says whose. No `outcome`: it has not ended. `waits`: something was learned
    that the coordinator has not confirmed for a summary yet. `year`: that in which it ended, where the coordinator lets nothing else stand.
    """

    scheme: str
    complained: str
    complained_about: str
    themes: tuple[str, ...]
    stage: str
    outcome: str
    working_days: int | None
    text: str
    learned: str
    waits: bool = False
    year: int | None = None


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
    took, texts = _days_taken(session, ids), _released(session, ids)
    learned, confirmed = learned_in(session, ids), confirmed_in(session, ids)
    known = known_names(session)

    def kept_back(text: str) -> str:
        return WITHHELD if known.stand_in(text) else text
    found = []
    for row in rows:
        procedure, words = desk.procedure(session, row.procedure_digest), sector_words(session, heads[row.scheme_id])
        closed, where = took.get(row.id, (None, "")) if row.closed_on else (None, "")
        said = confirmed.get(row.id) if row.closed_on else None
        found.append(_narrowed(row, said, Summary(
            heads[row.scheme_id].title, _sectors(sides, row.id, "complainant", words), _sectors(sides, row.id, "respondent", words),
            tuple(dict.fromkeys(one.theme for one in themes if one.case_id == row.id)), procedure.stages[where or row.stage],
            procedure.outcomes.get(row.outcome or "", ""), closed, kept_back(texts.get(row.id, "")), kept_back(said.words if said else ""),
            waits_to_be_confirmed(learned.get(row.id, ()), said))))
    return sorted(found, key=lambda one: (one.scheme, one.outcome == "", one.themes, one.working_days or 0))


def _narrowed(row: Any, said: Confirmed | None, whole: Summary) -> Summary:
    """The summary with as much as the coordinator lets stand in it."""
    if said is None or said.shows == ALL:
        return whole
    less = replace(whole, complained="", complained_about="", working_days=None)
    return less if said.shows == THEMES else replace(less, themes=(), stage="", outcome="", year=row.closed_on.year)


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
