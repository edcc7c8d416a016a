"""What a copy of everything that is held on somebody asks the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from breachdesk.store.audit_log import ENTRIES
from breachdesk.store.cases import CASES
from breachdesk.store.columns import as_bytes
from breachdesk.store.erasing import DRAFTS
from breachdesk.store.notices import DELIVERIES, NOTICES
from breachdesk.store.session import Session
from breachdesk.store.sessions import SESSIONS


def entries_by(session: Session, account_id: int) -> Sequence[Any]:
    """(subject, seq, event, at, body) of everything that somebody did, in the order of the log. Bodies are canonical bytes."""
    did = f'"actor":{account_id},'.encode()
    found = session.connection.execute(select(ENTRIES.c.subject, ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.at, ENTRIES.c.body)
                                       .order_by(ENTRIES.c.id).execution_options(yield_per=1000))
    return [row for row in found if did in as_bytes(row.body)]


def moment_of(session: Session, subject: int, seq: int) -> datetime:
    """When an entry was written."""
    found: datetime = session.value(select(ENTRIES.c.at).where(ENTRIES.c.subject == subject, ENTRIES.c.seq == seq))
    return found


def procedure_of(session: Session, case_id: int) -> str:
    """The digest of the procedure that a case goes by; "" when it is no case."""
    return str(session.value(select(CASES.c.procedure_digest).where(CASES.c.id == case_id)) or "")


def sign_ins(session: Session, account_id: int) -> Sequence[Any]:
    return session.all(select(SESSIONS.c.created_at, SESSIONS.c.way, SESSIONS.c.device).where(SESSIONS.c.account_id == account_id)
                       .order_by(SESSIONS.c.created_at))


def deliveries(session: Session, account_id: int) -> Sequence[Any]:
    """(notice's name, case id, sent at) of the messages to somebody."""
    return session.all(select(NOTICES.c.name, NOTICES.c.case_id, DELIVERIES.c.sent_at).select_from(DELIVERIES)
                       .join(NOTICES, NOTICES.c.id == DELIVERIES.c.notice_id)
                       .where(DELIVERIES.c.account_id == account_id).order_by(DELIVERIES.c.id))


def drafts(session: Session, account_id: int) -> Sequence[Any]:
    return session.all(select(DRAFTS.c.answers, DRAFTS.c.updated_at).where(DRAFTS.c.account_id == account_id))
