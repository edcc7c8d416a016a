"""What the desk remembers about forgetting: erasures that were asked for, what holds a case back, and what is still to be cleared away."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from breachdesk.store.tables import moment, refers_to


class ErasureRow(SQLModel, table=True):
    """Somebody asked that a person, or a case's words, be erased; a second person agrees, or does not.

    What was added in words is bound to the desk's entry `asked_seq`. `agreed` is empty until it is decided.
    """

    __tablename__ = "erasures"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = refers_to("accounts.id", nullable=True)
    case_id: int | None = refers_to("cases.id", nullable=True)
    ground: str
    asked_by: int = refers_to("accounts.id")
    asked_at: datetime = moment()
    asked_seq: int
    decided_by: int | None = refers_to("accounts.id", nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    agreed: bool | None = None


class HoldRow(SQLModel, table=True):
    """Nothing of a case goes, because of a request for information or of proceedings. The reason is among the words of the entry `seq`."""

    __tablename__ = "holds"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    kind: str
    set_by: int = refers_to("accounts.id")
    set_at: datetime = moment()
    review_on: date
    seq: int
    lifted_by: int | None = refers_to("accounts.id", nullable=True)
    lifted_at: datetime | None = moment(nullable=True)


class LeftoverRow(SQLModel, table=True):
    """What an erasure leaves to be cleared away after its transaction: a file in the desk's folder, or the database file's free pages."""

    __tablename__ = "leftovers"
    path: str = Field(primary_key=True)
    since: datetime = moment()
