"""The concern log's rows: noted with the desk's own entry that says so, never counted as cases."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import or_, select, update

from breachdesk.store.cases import CASES, ORGANISATIONS, SCHEMES
from breachdesk.store.reading import COMMITMENTS
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import AccountRow
from breachdesk.store.tables_held import ConcernRow

CONCERNS, ACCOUNTS = table_of(ConcernRow), table_of(AccountRow)


def add_concern(session: Session, scheme_id: int, about_id: int | None, commitment_id: int | None, noted_on: date, by_account_id: int,
                seq: int) -> int:
    """Keep a concern; its number."""
    return session.add(ConcernRow, scheme_id=scheme_id, about_id=about_id, commitment_id=commitment_id, noted_on=noted_on,
                       by_account_id=by_account_id, seq=seq)


def concerns_of(session: Session, scheme_ids: Sequence[int], account_id: int) -> Sequence[Any]:
    """Concerns of the schemes that somebody coordinates, and those that they noted themselves, newest first."""
    return session.all(
        select(CONCERNS.c.id, CONCERNS.c.scheme_id, CONCERNS.c.seq, CONCERNS.c.noted_on, SCHEMES.c.title, ACCOUNTS.c.name.label("by"),
               ORGANISATIONS.c.name.label("about"), COMMITMENTS.c.code, CASES.c.reference)
        .select_from(CONCERNS).join(SCHEMES, SCHEMES.c.id == CONCERNS.c.scheme_id).join(ACCOUNTS, ACCOUNTS.c.id == CONCERNS.c.by_account_id)
        .outerjoin(ORGANISATIONS, ORGANISATIONS.c.id == CONCERNS.c.about_id)
        .outerjoin(COMMITMENTS, COMMITMENTS.c.id == CONCERNS.c.commitment_id).outerjoin(CASES, CASES.c.id == CONCERNS.c.case_id)
        .where(or_(CONCERNS.c.scheme_id.in_(scheme_ids), CONCERNS.c.by_account_id == account_id)).order_by(CONCERNS.c.id.desc()))


def led_to(session: Session, number: int, case_id: int) -> None:
    """A complaint has come of a concern."""
    session.execute(update(CONCERNS).where(CONCERNS.c.id == number).values(case_id=case_id))
