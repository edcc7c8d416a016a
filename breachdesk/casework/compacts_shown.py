"""A Compact as its page shows it: its editions, whom it binds, and what goes on around it, with what the desk can count of that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.desk import Desk
from breachdesk.casework.figures import year_figures
from breachdesk.casework.schemes_shown import EDITION_STATUS, OWED, SchemeShown, all_shown
from breachdesk.casework.wordings_shown import spans
from breachdesk.clock import local_day
from breachdesk.compacts.editions import Compact, Edition
from breachdesk.compacts.lives import Life, SuccessMeasure
from breachdesk.errors import NotFound, Refused
from breachdesk.statistics.figures import Figures
from breachdesk.statistics.years import year_of
from breachdesk.store.session import Session

BY_HAND = "Entered by hand"
COUNTED_HERE = "Counted by the desk"


@dataclass(frozen=True, slots=True)
class EditionShown:
    """An edition in words. `wording` says how many commitments there are, or why there is none; `follows` what it takes from elsewhere."""

    label: str
    dated: str
    status: str
    comment: str
    wording: str
    follows: str
    operated: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasureShown:
    """A success measure: how it is known, and what is known."""

    text: str
    how: str
    says: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CompactShown:
    """All that the page of a Compact says."""

    compact: Compact
    schemes: tuple[SchemeShown, ...]
    editions: tuple[EditionShown, ...]
    measures: tuple[MeasureShown, ...]
    sectors: tuple[tuple[str, str], ...]

    def sector(self, name: str) -> str:
        return {**OWED, "other": "Other", **self.compact.vocabulary}[name]


def compact_shown(session: Session, desk: Desk, slug: str) -> CompactShown:
    """A Compact that the desk holds. Raises NotFound."""
    held = all_held(session)
    if slug not in held:
        raise NotFound("There is no such Compact on this desk. Those there are, are on the page Commitments.")
    compact = held[slug].compact
    schemes = tuple(one for one in all_shown(session, desk) if one.compact.slug == slug)
    today = local_day(desk.now(session))
    measures = tuple(_measure(session, desk, one, compact.life, schemes, today) for one in compact.life.success_measures)
    sectors = tuple((OWED[name], compact.vocabulary[name]) for name in ("statutory", "voluntary"))
    return CompactShown(compact, schemes, tuple(_edition(one, schemes) for one in reversed(compact.editions)), measures, sectors)


def _edition(edition: Edition, schemes: Sequence[SchemeShown]) -> EditionShown:
    ours = ". The text prints no numbers: those are given by this desk" if edition.numbers_are_ours else ""
    wording = f"{len(edition.commitments)} commitments, word for word{ours}." if edition.commitments else (
        f"Not here. {edition.no_wording} No case can be taken until its register is imported.")
    operated = tuple(f"{one.title}: {span}" for one in schemes if (span := spans(one.scheme.operates, edition.label)))
    return EditionShown(edition.label, edition.dated, EDITION_STATUS[edition.status], edition.comment, wording, _follows(edition), operated)


def _follows(edition: Edition) -> str:
    if edition.follows is None:
        return ""
    name = f"{edition.follows.title}, edition {edition.follows.edition}"
    if taken := sum(bool(one.taken_from) for one in edition.commitments):
        return f"Follows {name}: {taken} of its commitments are from there. A local one stands in the place of the core's with its number."
    return f"Follows {name}, whose wording is not on this desk."


def _measure(session: Session, desk: Desk, measure: SuccessMeasure, life: Life, schemes: Sequence[SchemeShown],
             today: date) -> MeasureShown:
    by_hand = tuple(f"{on}: {says} (entered by hand)" for on, says in measure.entered)
    if measure.counted == "signatories":
        return MeasureShown(measure.text, COUNTED_HERE, (_signed(life, today), *by_hand))
    if measure.counted == "reviews":
        return MeasureShown(measure.text, COUNTED_HERE, (_reviewed(life), *by_hand))
    if measure.counted == "disputes":
        return MeasureShown(measure.text, COUNTED_HERE, (*_disputes(session, desk, schemes, today), *by_hand))
    return MeasureShown(measure.text, BY_HAND, by_hand or ("Nothing has been entered yet.",))


def _signed(life: Life, today: date) -> str:
    now = [one for one in life.signatories if one.ends is None or one.ends.last >= today]
    if not now:
        return "No organisation is recorded as having signed."
    sectors = {sector: sum(one.sector == sector for one in now) for sector in ("statutory", "voluntary", "other")}
    return f"{len(now)} recorded: " + ", ".join(f"{count} {sector}" for sector, count in sectors.items() if count) + "."


def _reviewed(life: Life) -> str:
    held = [one for one in life.reviews if one.kind == "review" and one.state == "held"]
    days = [one.dated for one in held if one.dated]
    if not held:
        return "No annual review is recorded as held."
    return f"{len(held)} held" + (f", the last of them: {max(days, key=lambda when: when.last)}." if days else ".")


def _disputes(session: Session, desk: Desk, schemes: Sequence[SchemeShown], today: date) -> tuple[str, ...]:
    """What anybody may know of this year and the last: the public edition of the figures, scheme by scheme."""
    found = []
    for one in schemes:
        this = year_of(today, one.scheme.year_starts)
        for year in (this, year_of(this.eve, one.scheme.year_starts)):
            try:
                found.append(f"{one.title}, {year.label}: {_counted(year_figures(session, desk, one.slug, year.label, public=True))}")
            except Refused as refused:
                found.append(f"{one.title}, {year.label}: not published. {refused}")
    return tuple(found) or ("No scheme of this desk works by this Compact.",)


def _counted(figures: Figures) -> str:
    received, closed = (figures.measure(wanted).value for wanted in ("A2", "A5"))
    median = figures.measure("D1.median").value
    return f"{received} received, {closed} closed" + (f"; half of them in {median} working days or fewer." if median is not None else ".")
