"""Questions for lists and pages: rows already joined, always through `visible_to`, by keyset and with capped counts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

from breachdesk.identity import Actor
from breachdesk.store import people
from breachdesk.store.cases import APPOINTMENTS, CASES, ORGANISATIONS, PARTIES, PAUSES, SCHEMES, TIMERS
from breachdesk.store.holdings import ALLEGATIONS
from breachdesk.store.prepared import Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import DUE_OR_NEVER, table_of
from breachdesk.store.tables_desk import CommitmentRow, EditionRow

COMMITMENTS, EDITIONS = table_of(CommitmentRow), table_of(EditionRow)
PAGE = 25
COUNTED_TO = 1_000


# A question that hangs on who asks is built once for each of those who asked last.
_for_the_last_readers = lru_cache(maxsize=32)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page of a list begins: after the case with this day and id."""

    day: date
    case_id: int


_LINE = (CASES.c.id, CASES.c.reference, CASES.c.title, CASES.c.status, CASES.c.stage, CASES.c.procedure_digest, CASES.c.scheme_id,
         SCHEMES.c.calendar_id, CASES.c.next_due_on, CASES.c.outcome, CASES.c.received_on, CASES.c.closed_on, CASES.c.reached_panel)


@_for_the_last_readers
def _cases(seen: ColumnElement[bool], *, open_only: bool | None, escalated: bool, goes_on: bool, most: int) -> Select[Any]:
    query = select(*_LINE).join(SCHEMES, SCHEMES.c.id == CASES.c.scheme_id).where(seen)
    if escalated:
        query = query.where(CASES.c.reached_panel)
    if open_only is None:
        order: Any = CASES.c.received_on
        query = query.where(_beyond(order, goes_on, newest_first=True)).order_by(order.desc(), CASES.c.id.desc())
    elif open_only:
        order = DUE_OR_NEVER
        query = query.where(CASES.c.closed_on.is_(None), _beyond(order, goes_on, newest_first=False)).order_by(order, CASES.c.id)
    else:
        order = CASES.c.closed_on
        query = query.where(CASES.c.closed_on.is_not(None), _beyond(order, goes_on, newest_first=True))
        query = query.order_by(order.desc(), CASES.c.id.desc())
    return query.limit(most + 1)


def _beyond(order: Any, goes_on: bool, *, newest_first: bool) -> ColumnElement[bool]:
    if not goes_on:
        return CASES.c.id > 0
    day: Any = bindparam("day")
    case_id: Any = bindparam("case_id")
    # The day stands by itself, too: from there an index is read on.
    if newest_first:
        return and_(order <= day, or_(order < day, CASES.c.id < case_id))
    return and_(order >= day, or_(order > day, CASES.c.id > case_id))


def case_rows(session: Session, seen: ColumnElement[bool], *, open_only: bool | None, after: Place | None = None,
              escalated: bool = False, most: int = PAGE) -> Sequence[Any]:
    """Cases that the reader may see: open ones by what is due next, closed ones newest first."""
    question = _cases(seen, open_only=open_only, escalated=escalated, goes_on=after is not None, most=most)
    return session.all(question, {"day": after.day, "case_id": after.case_id} if after else {})


@_for_the_last_readers
def _count(seen: ColumnElement[bool], *, open_only: bool) -> Select[Any]:
    state = CASES.c.closed_on.is_(None) if open_only else CASES.c.closed_on.is_not(None)
    some = select(CASES.c.id).where(seen, state).limit(COUNTED_TO + 1).subquery()
    return select(func.count()).select_from(some)


def counted(session: Session, seen: ColumnElement[bool], *, open_only: bool) -> int:
    """How many cases there are, counted no further than COUNTED_TO + 1."""
    return int(session.value(_count(seen, open_only=open_only)) or 0)


_NAMED_IN = select(APPOINTMENTS.c.case_id, APPOINTMENTS.c.role).where(
    APPOINTMENTS.c.case_id.in_(bindparam("case_ids")), APPOINTMENTS.c.account_id == bindparam("account"), APPOINTMENTS.c.ended_at.is_(None))


def named_in(session: Session, actor: Actor, case_ids: Sequence[int]) -> Sequence[Any]:
    """(case id, role) of the cases of a list in which somebody is critical friend or panel member."""
    return session.all(_NAMED_IN, {"case_ids": case_ids, "account": actor.account_id})


def bare_rows(session: Session, condition: ColumnElement[bool]) -> Sequence[Any]:
    """(id, reference, received_on, scheme_id) of cases for which a condition on `cases` holds: all that whoever asks may know of them."""
    return session.all(select(CASES.c.id, CASES.c.reference, CASES.c.received_on, CASES.c.scheme_id).where(condition).order_by(CASES.c.id))


def with_somebody_serving(session: Session, references: Collection[str]) -> list[str]:
    """Those of the cases in which somebody serves who was named to a role."""
    return [row[0] for row in session.all(select(CASES.c.reference).join(APPOINTMENTS, APPOINTMENTS.c.case_id == CASES.c.id)
                                          .where(CASES.c.reference.in_(references), APPOINTMENTS.c.ended_at.is_(None)).distinct())]


def standing_in(session: Session, day: date, case_id: int = 0) -> list[Actor]:
    """Those who stand in for the coordinator in an open case, as they are on a day; or in one case alone."""
    of = (APPOINTMENTS.c.case_id == case_id) if case_id else CASES.c.closed_on.is_(None)
    found = session.all(select(APPOINTMENTS.c.account_id).join(CASES, CASES.c.id == APPOINTMENTS.c.case_id)
                        .where(APPOINTMENTS.c.role == "stand_in", APPOINTMENTS.c.ended_at.is_(None), of).distinct())
    return [actor for row in found if (actor := people.actor_by_id(session, row[0], day))]


@_for_the_last_readers
def _those(condition: ColumnElement[bool]) -> Select[Any]:
    return select(CASES.c.id).where(CASES.c.id.in_(bindparam("case_ids")), condition)


def those_of(session: Session, case_ids: Sequence[int], condition: ColumnElement[bool]) -> set[int]:
    """The cases of a list for which a condition on `cases` holds."""
    return {row[0] for row in session.all(_those(condition), {"case_ids": case_ids})}


_LIMITS = (select(TIMERS.c.case_id, TIMERS.c.kind, TIMERS.c.due_on, (TIMERS.c.ending == "ran_out").label("ran_out"))
           .where(TIMERS.c.case_id.in_(bindparam("case_ids")), TIMERS.c.ended_at.is_(None), TIMERS.c.rung == 0))


def limits_of(session: Session, case_ids: Sequence[int]) -> Sequence[Any]:
    """(case id, limit, due day, whether it has run out) of the limits that run in a list of cases."""
    return session.all(_LIMITS, {"case_ids": case_ids})


_PAUSED = select(PAUSES.c.case_id, PAUSES.c.kind).where(PAUSES.c.case_id.in_(bindparam("case_ids")), PAUSES.c.to_on.is_(None))


def pauses_open(session: Session, case_ids: Sequence[int]) -> Sequence[Any]:
    """(case id, name) of the pauses that hold the cases of a list now."""
    return session.all(_PAUSED, {"case_ids": case_ids})


_SIDES = (select(PARTIES.c.case_id, PARTIES.c.id, PARTIES.c.side, PARTIES.c.organisation_id, PARTIES.c.identity, ORGANISATIONS.c.name)
          .join(ORGANISATIONS, ORGANISATIONS.c.id == PARTIES.c.organisation_id)
          .where(PARTIES.c.case_id.in_(bindparam("case_ids")), PARTIES.c.left_on.is_(None)).order_by(PARTIES.c.id))


def parties_of(session: Session, case_ids: Sequence[int]) -> Sequence[Any]:
    """(case id, id, side, organisation id, identity, name) of those that are in the cases of a list and have not left."""
    return session.all(_SIDES, {"case_ids": case_ids})


@_for_the_last_readers
def _case(seen: ColumnElement[bool]) -> Select[Any]:
    return (select(CASES, SCHEMES.c.calendar_id).join(SCHEMES, SCHEMES.c.id == CASES.c.scheme_id)
            .where(CASES.c.reference == bindparam("called"), seen))


def case_row(session: Session, seen: ColumnElement[bool], reference: str) -> Any:
    """The case's own columns, when the reader may see it."""
    return session.first(_case(seen), {"called": reference})


def ids_seen(session: Session, seen: ColumnElement[bool]) -> set[int]:
    """The cases that the reader may see."""
    return {row[0] for row in session.all(select(CASES.c.id).where(seen))}


_ALLEGATIONS = (
    select(COMMITMENTS.c.code, COMMITMENTS.c.theme, COMMITMENTS.c.section, COMMITMENTS.c.wording, COMMITMENTS.c.owed_by,
           EDITIONS.c.label, EDITIONS.c.dated_on, EDITIONS.c.status, ALLEGATIONS.c.ending,
           ALLEGATIONS.c.id, ALLEGATIONS.c.admissible, ALLEGATIONS.c.decided_seq, ALLEGATIONS.c.position, ALLEGATIONS.c.required,
           ALLEGATIONS.c.happened, ORGANISATIONS.c.name, ORGANISATIONS.c.sector)
    .select_from(ALLEGATIONS).join(COMMITMENTS, COMMITMENTS.c.id == ALLEGATIONS.c.commitment_id)
    .join(EDITIONS, EDITIONS.c.id == COMMITMENTS.c.edition_id).join(PARTIES, PARTIES.c.id == ALLEGATIONS.c.party_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == PARTIES.c.organisation_id)
    .where(ALLEGATIONS.c.case_id == bindparam("case_id")).order_by(ALLEGATIONS.c.id))


def allegations_of(session: Session, case_id: int) -> Sequence[Any]:
    """A case's allegations with the wording, and the respondent's name and sector."""
    return session.all(_ALLEGATIONS, {"case_id": case_id})


_NAMED = Prepared(
    select(ALLEGATIONS.c.id, COMMITMENTS.c.code, ORGANISATIONS.c.name).select_from(ALLEGATIONS)
    .join(COMMITMENTS, COMMITMENTS.c.id == ALLEGATIONS.c.commitment_id).join(PARTIES, PARTIES.c.id == ALLEGATIONS.c.party_id)
    .join(ORGANISATIONS, ORGANISATIONS.c.id == PARTIES.c.organisation_id)
    .where(ALLEGATIONS.c.case_id == bindparam("case_id")).order_by(ALLEGATIONS.c.id))


def allegations_named(session: Session, case_id: int) -> Sequence[Any]:
    """(id, number of the commitment, name of the respondent) of a case's allegations: all that a question about them needs."""
    return session.ask((_NAMED, {"case_id": case_id}))[0]


def themes_of(session: Session, scheme_id: int) -> dict[int, str]:
    """Commitment id → theme, of every commitment that a case of the scheme names."""
    rows = session.all(select(COMMITMENTS.c.id, COMMITMENTS.c.theme).join(ALLEGATIONS, ALLEGATIONS.c.commitment_id == COMMITMENTS.c.id)
                       .join(CASES, CASES.c.id == ALLEGATIONS.c.case_id).where(CASES.c.scheme_id == scheme_id).distinct())
    return {row[0]: row[1] for row in rows}


def codes_of(session: Session, scheme_id: int) -> dict[int, str]:
    """Commitment id → its number as printed, of every commitment that a case of the scheme names."""
    rows = session.all(select(COMMITMENTS.c.id, COMMITMENTS.c.code).join(ALLEGATIONS, ALLEGATIONS.c.commitment_id == COMMITMENTS.c.id)
                       .join(CASES, CASES.c.id == ALLEGATIONS.c.case_id).where(CASES.c.scheme_id == scheme_id).distinct())
    return {row[0]: row[1] for row in rows}


def state_counts(session: Session) -> dict[str, int]:
    """How many cases there are, and how many of them are open: what the operator sees, with no case named."""
    row = session.first(select(func.count(), func.sum(case((CASES.c.closed_on.is_(None), 1), else_=0))).select_from(CASES))
    return {"cases": int(row[0] or 0), "open": int(row[1] or 0)}
