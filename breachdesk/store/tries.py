"""Counting tries in a window of time, in the database, so that every serving process counts together."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import case, delete
from sqlalchemy.dialects import postgresql, sqlite

from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_signing_in import TriesRow

TRIES = table_of(TriesRow)


def count_try(session: Session, what: str, subject: str, within: timedelta, now: datetime) -> tuple[int, datetime]:
    """Count one more; how many there are in the window, and when it began. A window that is over begins anew."""
    insert = postgresql.insert if session.connection.dialect.name == "postgresql" else sqlite.insert
    over = TRIES.c.since <= now - within
    added = insert(TRIES).values(what=what, subject=subject, since=now, count=1)
    counted = added.on_conflict_do_update(
        index_elements=[TRIES.c.what, TRIES.c.subject],
        set_={"count": case((over, 1), else_=TRIES.c.count + 1), "since": case((over, now), else_=TRIES.c.since)})
    row = session.first(counted.returning(TRIES.c.count, TRIES.c.since))
    return row.count, row.since


def forget_tries(session: Session, what: str, subject: str) -> None:
    session.execute(delete(TRIES).where(TRIES.c.what == what, TRIES.c.subject == subject))


def forget_before(session: Session, moment: datetime) -> None:
    """Throw away windows that began before a moment."""
    session.execute(delete(TRIES).where(TRIES.c.since < moment))
