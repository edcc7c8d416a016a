"""Parties whom no mail reaches, since nobody with an account acts for them, and the messages that go to them by post."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, insert, or_, select

from breachdesk.identity import ACTS_FOR
from breachdesk.store.cases import CASES, PARTIES, CaseRead
from breachdesk.store.holdings import REPRESENTATIONS
from breachdesk.store.notices import DELIVERIES, NOTICES, WITH_CASE
from breachdesk.store.people import ACCOUNTS, MEMBERSHIPS, holds_on
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_identity import PostingRow

POSTINGS = table_of(PostingRow)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message of a case, and a party in it whom no mail reaches. Whether it is meant for that party, the procedure says."""

    notice: Any
    party_id: int


def with_paper_marked(session: Session, read: CaseRead, day: date) -> CaseRead:
    """The case with its parties marked that are to be written to by post."""
    places = {place for one in read.parties for place in (one.organisation_id, one.represented_by) if place}
    known = {row[0] for row in session.all(_REACHED_AMONG, {"places": places, "day": day})}
    return replace(read, parties=tuple(replace(one, on_paper=known.isdisjoint((one.organisation_id, one.represented_by)))
                                       for one in read.parties))


def _reached(day: Any) -> Select[tuple[int]]:
    """The organisations for which somebody with an account acts on a day."""
    return select(MEMBERSHIPS.c.organisation_id).join(ACCOUNTS, ACCOUNTS.c.id == MEMBERSHIPS.c.account_id).where(
        MEMBERSHIPS.c.kind.in_(ACTS_FOR), ACCOUNTS.c.active, holds_on(MEMBERSHIPS, day))


_REACHED_AMONG = _reached(bindparam("day")).where(MEMBERSHIPS.c.organisation_id.in_(bindparam("places"))).distinct()


def waiting_for_post(session: Session, seen: ColumnElement[bool], day: date, case_id: int | None = None) -> list[Waiting]:
    """The messages of cases that the reader may see that could be for a party on paper, and were neither mailed nor posted to it."""
    reached = _reached(day)
    acted_for = select(REPRESENTATIONS.c.party_id).where(REPRESENTATIONS.c.ended_at.is_(None),
                                                         REPRESENTATIONS.c.organisation_id.in_(reached))
    members = select(MEMBERSHIPS.c.account_id).where(MEMBERSHIPS.c.organisation_id == PARTIES.c.organisation_id)
    mailed = exists(select(DELIVERIES.c.id).where(DELIVERIES.c.notice_id == NOTICES.c.id, DELIVERIES.c.sent_at.is_not(None),
                                                  DELIVERIES.c.account_id.in_(members)))
    query = (WITH_CASE.add_columns(PARTIES.c.id.label("party_id")).join(PARTIES, PARTIES.c.case_id == CASES.c.id)
             .outerjoin(POSTINGS, and_(POSTINGS.c.notice_id == NOTICES.c.id, POSTINGS.c.party_id == PARTIES.c.id))
             .where(seen, PARTIES.c.left_on.is_(None), PARTIES.c.organisation_id.not_in(reached), PARTIES.c.id.not_in(acted_for),
                    POSTINGS.c.notice_id.is_(None), ~mailed, or_(PARTIES.c.side == "complainant", CASES.c.respondents_told)))
    if case_id is not None:
        query = query.where(CASES.c.id == case_id)
    return [Waiting(row, row.party_id) for row in session.all(query)]


_OF_ENTRY = WITH_CASE.where(NOTICES.c.case_id == bindparam("of_case"), NOTICES.c.seq == bindparam("number"))


def notices_of_entry(session: Session, case_id: int, seq: int) -> Sequence[Any]:
    """The messages that one entry of a case sent, as `store.notices.waiting` gives them."""
    return session.all(_OF_ENTRY, {"of_case": case_id, "number": seq})


def posted_of_case(session: Session, case_id: int) -> Mapping[tuple[int, int], date]:
    """(message, party) → the day on which it was posted."""
    rows = session.all(select(POSTINGS.c.notice_id, POSTINGS.c.party_id, POSTINGS.c.posted_on)
                       .join(NOTICES, NOTICES.c.id == POSTINGS.c.notice_id).where(NOTICES.c.case_id == case_id))
    return {(row[0], row[1]): row[2] for row in rows}


def posted(session: Session, notice_id: int, party_id: int, on: date, by: int, seq: int) -> None:
    session.execute(insert(POSTINGS).values(notice_id=notice_id, party_id=party_id, posted_on=on, posted_by=by, seq=seq))
