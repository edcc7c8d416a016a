"""Schemes as rows, kept whole. Compacts are in `compacts`, procedures in `procedures`, calendars in `calendars`."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, or_, select, update

from breachdesk.compacts.editions import Operated
from breachdesk.compacts.schemes import Scheme
from breachdesk.store.session import Session
from breachdesk.store.tables import CaseRow, table_of
from breachdesk.store.tables_desk import CommitmentRow, EditionRow, OperatedRow, SchemeRow

SCHEMES, EDITIONS, COMMITMENTS, OPERATED, CASES = map(
    table_of, (SchemeRow, EditionRow, CommitmentRow, OperatedRow, CaseRow))


@dataclass(frozen=True, slots=True)
class SchemeHead:
    """A scheme as the desk runs it. `procedure_digest` is what its new cases begin under (`Desk.scheme` knows which day it is);
    `file_text` is the scheme file, for what only pages need (the named contacts)."""

    id: int
    slug: str
    title: str
    compact_id: int
    procedure_digest: str
    calendar_id: int
    reference_prefix: str
    controller: str
    year_starts: int
    file_text: str
    single_officer: bool
    calendars: str
    controller_contact: str | None
    vocabulary: str
    reviews: str
    keep_files_months: int
    keep_record_years: int
    disposes_by_itself: bool
    disposal_looked_on: date | None


_SCHEME = select(*(SCHEMES.c[name] for name in SchemeHead.__slots__))
_ALL = _SCHEME.order_by(SCHEMES.c.title)
_BY_ID = _SCHEME.where(SCHEMES.c.id == bindparam("scheme_id"))
_BY_SLUG = _SCHEME.where(SCHEMES.c.slug == bindparam("name"))


def all_schemes(session: Session) -> list[SchemeHead]:
    return [SchemeHead(*row) for row in session.all(_ALL)]


def scheme_by_id(session: Session, scheme_id: int) -> SchemeHead | None:
    row = session.first(_BY_ID, {"scheme_id": scheme_id})
    return SchemeHead(*row) if row else None


def scheme_by_slug(session: Session, slug: str) -> SchemeHead | None:
    row = session.first(_BY_SLUG, {"name": slug})
    return SchemeHead(*row) if row else None


def add_scheme(session: Session, scheme: Scheme, compact_id: int, procedure_digest: str, calendar_id: int, text: str) -> int:
    """Store a scheme and which editions it operates when; its id."""
    scheme_id = session.add(
        SchemeRow, slug=scheme.slug, title=scheme.title, compact_id=compact_id, procedure_digest=procedure_digest, calendar_id=calendar_id,
        reference_prefix=scheme.reference_prefix, controller=scheme.controller, year_starts=scheme.year_starts, file_text=text,
        single_officer=scheme.single_officer, reviews=scheme.reviews)
    for one in scheme.operates:
        edition_id = session.value(select(EDITIONS.c.id).where(EDITIONS.c.compact_id == compact_id, EDITIONS.c.label == one.edition_label))
        session.add(OperatedRow, scheme_id=scheme_id, edition_id=edition_id, from_on=one.from_on, to_on=one.to_on)
    return scheme_id


def settle(session: Session, scheme_id: int, **columns: str | int | bool | date) -> None:
    """Change what a scheme has settled for itself: columns of its row."""
    session.execute(update(SCHEMES).where(SCHEMES.c.id == scheme_id).values(**columns))


def cases_begun(session: Session, scheme_id: int) -> bool:
    """Whether a case of the scheme was ever begun."""
    return session.value(select(CASES.c.id).where(CASES.c.scheme_id == scheme_id).limit(1)) is not None


def bind_calendars(session: Session, scheme_id: int, bound: Mapping[str, int]) -> None:
    """Which calendar a scheme has for which role in its procedures, beside its own."""
    settle(session, scheme_id, calendars=json.dumps(dict(bound), sort_keys=True))


def use_calendar(session: Session, scheme_id: int, calendar_id: int) -> None:
    """Which calendar a scheme counts in from now on."""
    session.execute(update(SCHEMES).where(SCHEMES.c.id == scheme_id).values(calendar_id=calendar_id))


_OPERATED = (select(EDITIONS.c.label, OPERATED.c.from_on, OPERATED.c.to_on).join(EDITIONS, EDITIONS.c.id == OPERATED.c.edition_id)
             .where(OPERATED.c.scheme_id == bindparam("scheme_id")).order_by(OPERATED.c.from_on))


def operated(session: Session, scheme_id: int) -> tuple[Operated, ...]:
    """Which editions a scheme operates, and when."""
    return tuple(Operated(row[0], row[1], row[2]) for row in session.all(_OPERATED, {"scheme_id": scheme_id}))


def begin_edition(session: Session, scheme_id: int, edition_id: int, from_on: date) -> None:
    """Let a scheme operate an edition from a day; whatever it operated until then ends the day before."""
    session.execute(update(OPERATED).where(OPERATED.c.scheme_id == scheme_id, or_(OPERATED.c.to_on.is_(None), OPERATED.c.to_on >= from_on))
                    .values(to_on=from_on - timedelta(days=1)))
    session.add(OperatedRow, scheme_id=scheme_id, edition_id=edition_id, from_on=from_on, to_on=None)


def cited_on_or_after(session: Session, scheme_id: int, day: date) -> str:
    """A case of the scheme whose event was on the day or later, by its reference; empty when there is none."""
    return str(session.value(select(func.min(CASES.c.reference)).where(CASES.c.scheme_id == scheme_id, CASES.c.event_on >= day)) or "")


@cache
def _commitments(*, of_a_day: bool) -> Select[Any]:
    query = (select(COMMITMENTS.c.id, COMMITMENTS.c.code, COMMITMENTS.c.theme, COMMITMENTS.c.section, COMMITMENTS.c.owed_by,
                    COMMITMENTS.c.wording, EDITIONS.c.label, COMMITMENTS.c.measure)
             .join(EDITIONS, EDITIONS.c.id == COMMITMENTS.c.edition_id).join(OPERATED, OPERATED.c.edition_id == EDITIONS.c.id)
             .where(OPERATED.c.scheme_id == bindparam("scheme_id")).order_by(COMMITMENTS.c.id))
    day: Any = bindparam("day")
    return query.where(OPERATED.c.from_on <= day, or_(OPERATED.c.to_on.is_(None), OPERATED.c.to_on >= day)) if of_a_day else query


def commitments_on(session: Session, scheme_id: int, day: date | None) -> Sequence[Any]:
    """(id, code, theme, section, owed_by, wording, edition label, measure) of the commitments operated on a day; of all days for None."""
    return session.all(_commitments(of_a_day=day is not None), {"scheme_id": scheme_id, "day": day})
