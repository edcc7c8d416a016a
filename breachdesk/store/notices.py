"""The outbox: notices are queued in the transaction of what they tell of, and sent afterwards, at least once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, insert, literal_column, or_, select, update

from breachdesk.store.prepared import Change, PreparedInsert
from breachdesk.store.session import Session
from breachdesk.store.tables import CaseRow, DeliveryRow, NoticeRow, table_of
from breachdesk.store.tables_desk import AccountRow

NOTICES, DELIVERIES, CASES, ACCOUNTS = map(table_of, (NoticeRow, DeliveryRow, CaseRow, AccountRow))
# How long whoever took a notice may take to send it to everybody.
LEASE = timedelta(minutes=5)
_AS_JSON = json.JSONEncoder(separators=(",", ":")).encode
_QUEUE = PreparedInsert(NOTICES, "case_id", "seq", "name", "subject", "days", "queued_at", tries=literal_column("0"))


def notices_queued(case_id: int, seq: int, names: Sequence[str], subject: int, days: Mapping[str, str],
                   at: datetime) -> list[Change]:
    """The rows of the notices that a step sends. DAYS are the due days that hold after it, by limit, as ISO text."""
    known = _AS_JSON(dict(days))
    return [(_QUEUE, {"case_id": case_id, "seq": seq, "name": name, "subject": subject, "days": known, "queued_at": at}) for name in names]


# Notices, each with what is asked of its case to write it.
WITH_CASE = (select(NOTICES, CASES.c.reference, CASES.c.procedure_digest, CASES.c.scheme_id)
             .join(CASES, CASES.c.id == NOTICES.c.case_id).order_by(NOTICES.c.id))
_WAITING = WITH_CASE.where(NOTICES.c.sent_at.is_(None), NOTICES.c.tries < 10).limit(bindparam("most"))
_QUEUED_AFTER = WITH_CASE.where(NOTICES.c.id > bindparam("after"))


def waiting(session: Session, limit: int) -> Sequence[Any]:
    """The oldest notices that wait to be sent."""
    return session.all(_WAITING, {"most": limit})


def take(session: Session, notice_id: int, now: datetime) -> bool:
    """Take a notice in hand for a while, so that no two nodes send it. False: another has it, or it was sent meanwhile.

    A moment further ahead than any lease was written before somebody set the machine's clock back.
    """
    free = or_(NOTICES.c.taken_until.is_(None), NOTICES.c.taken_until <= now, NOTICES.c.taken_until > now + LEASE)
    return session.execute(update(NOTICES).where(NOTICES.c.id == notice_id, NOTICES.c.sent_at.is_(None), free)
                           .values(taken_until=now + LEASE)).rowcount == 1


def queued_after(session: Session, notice_id: int) -> Sequence[Any]:
    """The notices that were queued after one, sent or not, the oldest first; as `waiting` gives them."""
    return session.all(_QUEUED_AFTER, {"after": notice_id})


def delivered(session: Session, notice_id: int) -> set[int]:
    """The accounts that already have the message."""
    rows = session.all(select(DELIVERIES.c.account_id).where(DELIVERIES.c.notice_id == notice_id, DELIVERIES.c.sent_at.is_not(None)))
    return {row[0] for row in rows}


def note_delivery(session: Session, notice_id: int, account_id: int, message_id: str, sent_at: datetime | None,
                  trouble: str | None) -> None:
    """Keep what became of one message to one person."""
    same = (DELIVERIES.c.notice_id == notice_id) & (DELIVERIES.c.account_id == account_id)
    values = {"message_id": message_id, "sent_at": sent_at, "trouble": trouble}
    if session.execute(update(DELIVERIES).where(same).values(**values)).rowcount == 0:
        session.execute(insert(DELIVERIES).values(notice_id=notice_id, account_id=account_id, **values))


def mark_sent(session: Session, notice_id: int, at: datetime | None, trouble: str | None) -> None:
    """The notice is done with; or, without a moment, it was tried and stays."""
    session.execute(update(NOTICES).where(NOTICES.c.id == notice_id).values(sent_at=at, trouble=trouble, tries=NOTICES.c.tries + 1,
                                                                            taken_until=None))


def held(session: Session) -> Sequence[Any]:
    """(reference, name, queued_at) of what waits to be sent, the oldest first."""
    return session.all(select(CASES.c.reference, NOTICES.c.name, NOTICES.c.queued_at).join(CASES, CASES.c.id == NOTICES.c.case_id)
                       .where(NOTICES.c.sent_at.is_(None)).order_by(NOTICES.c.id))


def drop_waiting(session: Session, at: datetime, why: str) -> None:
    """Take what waits as done with, saying why it was not sent."""
    session.execute(update(NOTICES).where(NOTICES.c.sent_at.is_(None)).values(sent_at=at, trouble=why, taken_until=None))


def counts(session: Session) -> tuple[int, int]:
    """How many messages of open cases wait, and how many are in trouble: tried in vain, without anybody to go to, or not arrived."""
    ongoing = CASES.c.closed_on.is_(None)
    waiting, tried = session.first(select(func.count(), func.count(NOTICES.c.trouble)).select_from(NOTICES)
                                   .join(CASES, CASES.c.id == NOTICES.c.case_id).where(NOTICES.c.sent_at.is_(None), ongoing))
    refused = session.value(select(func.count()).select_from(DELIVERIES).join(NOTICES, NOTICES.c.id == DELIVERIES.c.notice_id)
                            .join(CASES, CASES.c.id == NOTICES.c.case_id)
                            .where(DELIVERIES.c.trouble.is_not(None), NOTICES.c.sent_at.is_not(None), ongoing))
    return int(waiting), int(tried) + int(refused or 0)


_OF_CASE = (select(NOTICES.c.name, NOTICES.c.seq, NOTICES.c.days, NOTICES.c.queued_at, ACCOUNTS.c.name.label("person"),
                   DELIVERIES.c.sent_at, DELIVERIES.c.trouble, NOTICES.c.trouble.label("notice_trouble"))
            .select_from(NOTICES).outerjoin(DELIVERIES, DELIVERIES.c.notice_id == NOTICES.c.id)
            .outerjoin(ACCOUNTS, ACCOUNTS.c.id == DELIVERIES.c.account_id)
            .where(NOTICES.c.case_id == bindparam("case_id")).order_by(NOTICES.c.id.desc(), DELIVERIES.c.id))


def of_case(session: Session, case_id: int) -> Sequence[Any]:
    """(name, seq, days, queued_at, person, sent_at, trouble) of a case's messages, newest first."""
    return session.all(_OF_CASE, {"case_id": case_id})
