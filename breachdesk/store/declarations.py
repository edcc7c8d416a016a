"""What people have declared about their own interests in a case, and the hours in which papers were opened in an emergency."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, literal, literal_column, select

from breachdesk.store.people import ACCOUNTS
from breachdesk.store.prepared import Change, Prepared, PreparedInsert
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_held import BrokenGlassRow, DeclarationRow

DECLARATIONS, GLASS = table_of(DeclarationRow), table_of(BrokenGlassRow)
_BREAK = PreparedInsert(GLASS, "case_id", "account_id", "from_at", "until_at", "seq")
_DECLARE = PreparedInsert(DECLARATIONS, "case_id", "account_id", "declared_on", "nature", "seq")
# Somebody has told whoever named them that they have no interest, as that one says; every other nature they said themselves.
TOLD = "told"


_HAS_DECLARED = Prepared(select(DECLARATIONS.c.id).where(
    DECLARATIONS.c.case_id == bindparam("case_id"), DECLARATIONS.c.account_id == bindparam("account_id"),
    DECLARATIONS.c.nature != literal(TOLD)).limit(literal_column("1")))


def has_declared(session: Session, account_id: int, case_id: int) -> bool:
    """Whether somebody has said themselves whether they have an interest in a case."""
    [found] = session.ask((_HAS_DECLARED, {"account_id": account_id, "case_id": case_id}))
    return bool(found)


def declared_by(session: Session, account_id: int, case_ids: Collection[int]) -> set[int]:
    """Those of the cases of which somebody has said so."""
    return {row[0] for row in session.all(select(DECLARATIONS.c.case_id).where(
        DECLARATIONS.c.account_id == account_id, DECLARATIONS.c.case_id.in_(case_ids), DECLARATIONS.c.nature != TOLD))}


_DECLARED = (select(DECLARATIONS.c.account_id, ACCOUNTS.c.name, DECLARATIONS.c.declared_on, DECLARATIONS.c.nature)
             .join(ACCOUNTS, ACCOUNTS.c.id == DECLARATIONS.c.account_id)
             .where(DECLARATIONS.c.case_id == bindparam("case_id")).order_by(DECLARATIONS.c.id))


def declarations_of(session: Session, case_id: int) -> Sequence[Any]:
    """(account_id, name, declared_on, nature) of everything that was declared in a case, oldest first."""
    return session.all(_DECLARED, {"case_id": case_id})


def declared(case_id: int, account_id: int, day: date, nature: str, seq: int) -> Change:
    return _DECLARE, {"case_id": case_id, "account_id": account_id, "declared_on": day, "nature": nature, "seq": seq}


def glass_broken(case_id: int, account_id: int, now: datetime, until: datetime, seq: int) -> Change:
    return _BREAK, {"case_id": case_id, "account_id": account_id, "from_at": now, "until_at": until, "seq": seq}


def glass_open_until(session: Session, case_id: int, account_id: int, now: datetime) -> datetime | None:
    """Until when somebody who has broken the glass of a case reads its papers; None when they do not, or no longer."""
    found: datetime | None = session.value(select(func.max(GLASS.c.until_at)).where(
        GLASS.c.case_id == case_id, GLASS.c.account_id == account_id, GLASS.c.from_at <= now, GLASS.c.until_at > now))
    return found
