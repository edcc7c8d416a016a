"""Counting tries in a window of time, in the database, so that every serving process counts together."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Executable, bindparam, case, delete
from sqlalchemy.dialects import postgresql, sqlite

from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_signing_in import TriesRow

TRIES = table_of(TriesRow)


@cache
def _counted(*, on_postgres: bool) -> Executable:
    insert: Any = postgresql.insert if on_postgres else sqlite.insert
    now, over = bindparam("now", type_=TRIES.c.since.type), TRIES.c.since <= bindparam("over_since")
    added = insert(TRIES).values(what=bindparam("of_kind"), subject=bindparam("whose"), since=now, count=1)
    counted = added.on_conflict_do_update(
        index_elements=[TRIES.c.what, TRIES.c.subject],
        set_={"count": case((over, 1), else_=TRIES.c.count + 1), "since": case((over, now), else_=TRIES.c.since)})
    statement: Executable = counted.returning(TRIES.c.count, TRIES.c.since)
    return statement


def count_try(session: Session, what: str, subject: str, within: timedelta, now: datetime) -> tuple[int, datetime]:
    """Count one more; how many there are in the window, and when it began. A window that is over begins anew."""
    row = session.first(_counted(on_postgres=session.is_postgres),
                        {"of_kind": what, "whose": subject, "now": now, "over_since": now - within})
    return row.count, row.since


_FORGET = delete(TRIES).where(TRIES.c.what == bindparam("of_kind"), TRIES.c.subject == bindparam("whose"))


def forget_tries(session: Session, what: str, subject: str) -> None:
    session.execute(_FORGET, {"of_kind": what, "whose": subject})


def forget_before(session: Session, moment: datetime) -> None:
    """Throw away windows that began before a moment."""
    session.execute(delete(TRIES).where(TRIES.c.since < moment))
