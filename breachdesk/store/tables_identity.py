"""Names that are kept back, who asked to show them, and letters to those whom no mail reaches. The names themselves are not here."""

from __future__ import annotations

from datetime import date, datetime

from sqlmodel import Field, SQLModel

from breachdesk.store.tables import moment, refers_to


class UnmaskingRow(SQLModel, table=True):
    """Somebody asked that a party's name be shown to everybody in the case; a second person agrees, or does not.

    The reason is among the words of the entry `asked_seq`. `agreed` is empty until it is decided.
    """

    __tablename__ = "unmaskings"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    party_id: int = refers_to("parties.id")
    asked_by: int = refers_to("accounts.id")
    asked_at: datetime = moment()
    asked_seq: int
    decided_by: int | None = refers_to("accounts.id", nullable=True)
    decided_at: datetime | None = moment(nullable=True)
    agreed: bool | None = None


class PostingRow(SQLModel, table=True):
    """A message that went to a party as a letter, and the entry that says so."""

    __tablename__ = "postings"
    notice_id: int = refers_to("notices.id", primary_key=True)
    party_id: int = refers_to("parties.id", primary_key=True)
    posted_on: date
    posted_by: int = refers_to("accounts.id")
    seq: int
