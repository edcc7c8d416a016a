"""Who asked that a name be shown, and what became of it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from breachdesk.store.cases import PARTIES
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_identity import UnmaskingRow

UNMASKINGS = table_of(UnmaskingRow)


def asked(session: Session, case_id: int, party_id: int, by: int, at: datetime, seq: int) -> None:
    session.execute(insert(UNMASKINGS).values(case_id=case_id, party_id=party_id, asked_by=by, asked_at=at, asked_seq=seq))


def waiting(session: Session, party_id: int) -> Any:
    """What was asked about a party and is not decided yet: (id, asked_by, asked_at, asked_seq), or None."""
    return session.first(select(UNMASKINGS.c.id, UNMASKINGS.c.asked_by, UNMASKINGS.c.asked_at, UNMASKINGS.c.asked_seq)
                         .where(UNMASKINGS.c.party_id == party_id, UNMASKINGS.c.decided_at.is_(None)).order_by(UNMASKINGS.c.id.desc()))


def decided(session: Session, party_id: int, by: int, at: datetime, agreed: bool) -> None:
    """What was asked about a party is over."""
    session.execute(update(UNMASKINGS).where(UNMASKINGS.c.party_id == party_id, UNMASKINGS.c.decided_at.is_(None))
                    .values(decided_by=by, decided_at=at, agreed=agreed))


def name_shown(session: Session, party_id: int, mode: str) -> bool:
    """From now on a party's name is shown as MODE says. False when it was so already."""
    return session.execute(update(PARTIES).where(PARTIES.c.id == party_id, PARTIES.c.identity != mode).values(identity=mode)).rowcount == 1
