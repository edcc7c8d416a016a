"""What is said beside the steps of a case: messages in rooms, the files that came with them, and to whom a room was opened."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, ForeignKeyConstraint
from sqlmodel import Field, SQLModel

from breachdesk.store.tables import moment, refers_to


class MessageRow(SQLModel, table=True):
    """Something said in a room, or a note. Its words are those of the case's entry `seq`, which is its number, too.

    `belongs_to` is the entry that it was added to; `released_from` the message that somebody let out of its room with this one.
    """

    __tablename__ = "messages"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("belongs_to IS NULL OR belongs_to < seq", name="belongs_to_something_earlier"),
        CheckConstraint("released_from IS NULL OR compartment IN ('shared', 'panel')", name="released_to_many"))
    case_id: int = refers_to("cases.id", primary_key=True)
    seq: int = Field(primary_key=True)
    compartment: str
    account_id: int = refers_to("accounts.id")
    role: str
    party_id: int | None = refers_to("parties.id", nullable=True)
    at: datetime = moment()
    belongs_to: int | None = None
    released_from: int | None = None
    gone_at: datetime | None = moment(nullable=True)


class FileRow(SQLModel, table=True):
    """A file that came with a message, and lies where that lies: it has no compartment of its own.

    `stored` is its name in the desk's folder; `state` is waiting, clean, not_scanned, infected. Once it is `gone_at`, only that there was
    one is left.
    """

    __tablename__ = "files"
    __table_args__: ClassVar[Any] = (
        ForeignKeyConstraint(["case_id", "seq"], ["messages.case_id", "messages.seq"], ondelete="RESTRICT"),
        CheckConstraint("state IN ('waiting', 'clean', 'not_scanned', 'infected')", name="state_is_known"))
    case_id: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    stored: str = Field(index=True)
    sha256: str
    kind: str
    size: int
    side: str
    state: str
    tries: int = 0
    scan_after: datetime | None = moment(nullable=True)
    gone_at: datetime | None = moment(nullable=True)


class RoomOpeningRow(SQLModel, table=True):
    """A party lets a critical friend, named later, read what was said in its room before."""

    __tablename__ = "room_openings"
    party_id: int = refers_to("parties.id", primary_key=True)
    account_id: int = refers_to("accounts.id", primary_key=True)
    seq: int
