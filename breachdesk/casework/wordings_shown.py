"""A commitment through the editions: what was in force when, and where that differs from what is in force today. In words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.schemes_shown import EDITION_STATUS, SchemeShown
from breachdesk.compacts.editions import Commitment, Edition, Operated, operated_on
from breachdesk.store import schemes
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date


@dataclass(frozen=True, slots=True)
class WordingShown:
    """A commitment in one edition. `here`: it is the one being read; `today`: it is in force; `same`: it reads like the one being read."""

    label: str
    dated: str
    status: str
    operated: str
    text: str
    here: bool
    today: bool
    same: bool


@dataclass(frozen=True, slots=True)
class Otherwise:
    """How a wording that was in force once stands to today's: a sentence, and today's wording where there is another one."""

    says: str
    wording: str = ""


def wordings_shown(shown: SchemeShown, edition: Edition, commitment: Commitment) -> tuple[WordingShown, ...]:
    """A commitment in every edition that has its number, the latest first."""
    today = shown.edition.label if shown.edition else ""
    return tuple(WordingShown(one.label, one.dated, EDITION_STATUS[one.status], spans(shown.scheme.operates, one.label), other.text,
                              one.label == edition.label, one.label == today, other.text == commitment.text)
                 for one, other in reversed(shown.compact.wordings(commitment.code)))


def spans(operated: Sequence[Operated], label: str) -> str:
    """From when to when a scheme worked by an edition; empty when it never did."""
    return "; ".join(f"from {said_date(one.from_on)}" + (f" to {said_date(one.to_on)}" if one.to_on else "")
                     for one in operated if one.edition_label == label)


def against_today(shown: SchemeShown, edition: Edition, commitment: Commitment) -> Otherwise | None:
    """How a commitment stands to the edition in force today; None when it is of that edition."""
    if shown.edition is None:
        return Otherwise(f"{shown.title} works by no edition today.")
    if shown.edition.label == edition.label:
        return None
    now = next((one.text for one in shown.edition.commitments if one.code == commitment.code), None)
    return _otherwise(shown.edition.label, shown.operated_from(shown.edition.label), commitment.code, commitment.text, now)


def allegations_against_today(session: Session, scheme_id: int, rows: Sequence[Any], today: date) -> dict[str, Otherwise]:
    """For the allegations of a case: number → how its wording stands to today's, where another edition is in force by now."""
    now = operated_on(schemes.operated(session, scheme_id), today)
    earlier = [row for row in rows if now is None or row.label != now.edition_label]
    if not earlier:
        return {}
    if now is None:
        return {row.code: Otherwise("No edition of the Compact is in force here today.") for row in earlier}
    current = {row.code: row.wording for row in schemes.commitments_on(session, scheme_id, today)}
    return {row.code: _otherwise(now.edition_label, now.from_on, row.code, row.wording, current.get(row.code)) for row in earlier}


def editions_of(session: Session, scheme_id: int) -> Mapping[str, Edition]:
    """The editions of a scheme's Compact, by label."""
    head = schemes.scheme_by_id(session, scheme_id)
    return {edition.label: edition for held in all_held(session).values() if head and held.id == head.compact_id
            for edition in held.compact.editions}


def _otherwise(label: str, since: date | None, code: str, then: str, now: str | None) -> Otherwise:
    edition = f"edition {label}, in force" + (f" since {said_date(since)}" if since else " today")
    if now is None:
        return Otherwise(f"Today there is no commitment {code}: {edition}, does not have it.")
    if now == then:
        return Otherwise(f"The wording is the same today: {edition}.")
    return Otherwise(f"Today the wording is another one: {edition}. What happened before is held against the wording of its day.", now)
