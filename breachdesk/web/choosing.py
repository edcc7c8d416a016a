"""Choosing commitments: by theme, or found by everyday words. What was chosen stays in sight, whatever is searched for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from breachdesk.casework.open_case import Lodging
from breachdesk.casework.schemes_shown import sector_words
from breachdesk.compacts.editions import Commitment, Edition
from breachdesk.store.schemes import commitments_on
from breachdesk.store.session import Session

MOST_FOUND = 12
NO_WORDS = "Type a few words, like: cut our grant"


@dataclass(frozen=True, slots=True)
class Group:
    """Commitments that stand together: those chosen, those found, or those of a theme. A theme is folded up until it is wanted."""

    title: str
    commitments: tuple[Commitment, ...]
    open: bool = False


@dataclass(frozen=True, slots=True)
class Choosing:
    """What the page for choosing commitments shows. `note` says what the search did; `owed` has the Compact's words for who owes one."""

    words: str
    note: str
    edition: str
    groups: tuple[Group, ...]
    chosen: tuple[str, ...]
    owed: Mapping[str, str]


def choosing(session: Session, lodging: Lodging, name: str, answers: Mapping[str, object], words: str, *, asked: bool = False) -> Choosing:
    """The commitments that can be chosen in a complaint. NAME is the question; WORDS is what was searched for, ASKED whether it was."""
    edition = _operated(session, lodging, answers)
    raw = answers.get(name, ())
    chosen = tuple(str(one) for one in raw) if isinstance(raw, list | tuple) else (str(raw),)
    known = tuple(one for one in edition.commitments if one.code in chosen)
    found, note = _found(edition, words, asked)
    groups = [Group("What you have chosen", known, open=True)] if known else []
    if words.strip():
        groups.append(Group("What we found", tuple(one for one in found if one not in known), open=True))
    else:
        groups += [Group(theme, tuple(one for one in edition.commitments if one.theme == theme and one not in known))
                   for theme in edition.themes]
    return Choosing(words, note, edition.label, tuple(group for group in groups if group.commitments), chosen,
                    sector_words(session, lodging.scheme))


def _found(edition: Edition, words: str, asked: bool) -> tuple[Sequence[Commitment], str]:
    if not words.strip():
        return (), NO_WORDS if asked else ""
    if exact := edition.search(words):
        return exact[:MOST_FOUND], ""
    near = edition.nearest(words)[:MOST_FOUND]
    return near, ("No commitment has all of these words. These have some of them." if near else
                  "No commitment has any of these words. Try others, or leave the box empty to see all.")


def _operated(session: Session, lodging: Lodging, answers: Mapping[str, object]) -> Edition:
    """The wording that was operated on the day of the event; while that day is not known, today's; else all there is."""
    day = _day(answers.get("event_on")) or lodging.today
    rows = commitments_on(session, lodging.scheme.id, day) or commitments_on(session, lodging.scheme.id, None)
    commitments = tuple(Commitment(row.code, row.theme, row.section, row.owed_by, row.wording) for row in rows)
    return Edition(rows[0].label if rows else "", day, "", "", (), commitments, "")


def _day(raw: object) -> date | None:
    try:
        year, month, day = (int(piece) for piece in str(raw).split("-"))
        return date(year, month, day)
    except ValueError:
        return None
