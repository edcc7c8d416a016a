"""What the desk remembers of its log as a whole: each entry's place in one tree, the tree's tiles, what was signed, and where it went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from breachdesk.store.tables import long_text, moment


class PlaceRow(SQLModel, table=True):
    """An entry's place in the tree, for good: counted from 0 without a gap, in the order in which entries were sealed."""

    __tablename__ = "places"
    place: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    entry_id: int = Field(unique=True)


class TileRow(SQLModel, table=True):
    """Up to 256 hashes of the tree, 32 bytes each (`audit.merkle`). They can all be computed again from the entries."""

    __tablename__ = "tiles"
    level: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    hashes: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class SealingRow(SQLModel, table=True):
    """The one row that whoever seals holds meanwhile: how many entries have their place."""

    __tablename__ = "sealing"
    id: int = Field(primary_key=True)
    size: int = 0


class CheckpointRow(SQLModel, table=True):
    """What was signed when the tree had so many leaves. The first of a size is kept."""

    __tablename__ = "checkpoints"
    size: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    note: str = long_text()
    sealed_at: datetime = moment()


class LogKeyRow(SQLModel, table=True):
    """The public half of a key that signs, or has signed, checkpoints."""

    __tablename__ = "log_keys"
    id: int | None = Field(default=None, primary_key=True)
    verifier: str = Field(unique=True)
    from_at: datetime = moment()
    until_at: datetime | None = moment(nullable=True)


class CheckpointReaderRow(SQLModel, table=True):
    """Somebody who is sent a checkpoint once a day and keeps it: best of all one in each sector."""

    __tablename__ = "checkpoint_readers"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    address: str = Field(unique=True)
    sector: str
    added_at: datetime = moment()


class CheckpointCopyRow(SQLModel, table=True):
    """The newest checkpoint that each outside place has: a file kept elsewhere, a reader's letter box, a witness."""

    __tablename__ = "checkpoint_copies"
    kept_by: str = Field(primary_key=True)
    size: int = 0
    left_at: datetime | None = moment(nullable=True)
    tried_at: datetime = moment()
    trouble: str | None = None
