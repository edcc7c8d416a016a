"""The one row about the desk itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from breachdesk.store.prepared import Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import DeskRow

DESK = table_of(DeskRow)
_OFFSET = Prepared(select(DESK.c.offset_seconds))


_DESK = select(DESK)


def read_desk(session: Session) -> Any:
    """The desk's row, or None when this database holds no desk yet."""
    return session.first(_DESK)


def create_desk_row(session: Session, *, practice: bool, at: datetime, offset: timedelta) -> None:
    session.execute(DESK.insert().values(id=1, practice=practice, created_at=at, offset_seconds=offset.total_seconds(), last_seq=0,
                                         last_hash=""))


def messages_held_at(session: Session) -> datetime | None:
    """Since when messages are held back because a backup was restored, if they are."""
    found: datetime | None = session.value(select(DESK.c.messages_held_at))
    return found


def hold_messages(session: Session, at: datetime | None) -> None:
    """Hold messages back from a moment on; or, without one, no longer."""
    session.execute(update(DESK).values(messages_held_at=at))


def offset(session: Session) -> timedelta:
    """How far desk time runs from wall time: read once per transaction, so that every process agrees."""
    [[(seconds,)]] = session.ask((_OFFSET, {}))
    return timedelta(seconds=seconds)


def set_offset(session: Session, by: timedelta) -> None:
    """Move a practice desk's clock; the database itself refuses it on a real one."""
    session.execute(update(DESK).values(offset_seconds=by.total_seconds()))
