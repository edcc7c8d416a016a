"""What holds a case back from being erased or disposed of, as rows: requests for information, and proceedings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update

from breachdesk.store.cases import CASES
from breachdesk.store.people import ACCOUNTS
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_forgetting import HoldRow
from breachdesk.store.tables_held import LinkRow, RemedyRow
from breachdesk.store.unmaskings import UNMASKINGS

HOLDS, REMEDIES, LINKS = map(table_of, (HoldRow, RemedyRow, LinkRow))


def set_hold(session: Session, case_id: int, kind: str, by: int, at: datetime, review_on: date, seq: int) -> None:
    session.add(HoldRow, case_id=case_id, kind=kind, set_by=by, set_at=at, review_on=review_on, seq=seq)


def lift(session: Session, hold_id: int, by: int, at: datetime) -> bool:
    """False when it was lifted before."""
    return session.execute(update(HOLDS).where(HOLDS.c.id == hold_id, HOLDS.c.lifted_at.is_(None))
                           .values(lifted_by=by, lifted_at=at)).rowcount == 1


def holds_on(session: Session, case_id: int | None = None) -> Sequence[Any]:
    """The holds that are on, with the case's reference and who set each: of one case, or all, by the day of review."""
    query = (select(HOLDS, CASES.c.reference, CASES.c.scheme_id, ACCOUNTS.c.name.label("by")).join(CASES, CASES.c.id == HOLDS.c.case_id)
             .join(ACCOUNTS, ACCOUNTS.c.id == HOLDS.c.set_by).where(HOLDS.c.lifted_at.is_(None)).order_by(HOLDS.c.review_on, HOLDS.c.id))
    return session.all(query if case_id is None else query.where(HOLDS.c.case_id == case_id))


def remedies_open(session: Session, case_id: int) -> bool:
    """Whether something that was agreed is not settled."""
    waiting = select(REMEDIES.c.id).where(REMEDIES.c.case_id == case_id, REMEDIES.c.state.in_(("open", "reported"))).limit(1)
    return session.value(waiting) is not None


def asked_to_show_a_name(session: Session, case_id: int) -> bool:
    waiting = select(UNMASKINGS.c.id).where(UNMASKINGS.c.case_id == case_id, UNMASKINGS.c.decided_at.is_(None)).limit(1)
    return session.value(waiting) is not None


def linked_case_open(session: Session, case_id: int) -> bool:
    """Whether a case goes on that is linked with this one."""
    others = (select(LINKS.c.other_id).where(LINKS.c.case_id == case_id), select(LINKS.c.case_id).where(LINKS.c.other_id == case_id))
    going_on = select(CASES.c.id).where(CASES.c.closed_on.is_(None), or_(*(CASES.c.id.in_(one) for one in others))).limit(1)
    return session.value(going_on) is not None
