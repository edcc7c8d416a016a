"""What a case holds beside its parties and allegations: remedies, declared interests, representatives, links; and the concern log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from breachdesk.store.tables import moment, refers_to


class RemedyRow(SQLModel, table=True):
    """Something that was agreed. Its words are those of the entry `added_seq`; the evidence those of `settled_seq`."""

    __tablename__ = "remedies"
    __table_args__: ClassVar[Any] = (UniqueConstraint("case_id", "number"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    number: int
    kind: str
    owner_id: int = refers_to("parties.id")
    due_on: date | None = None
    state: str
    added_seq: int
    settled_seq: int | None = None


class InterestRow(SQLModel, table=True):
    """Somebody has an interest in a case: they are excluded from it, and can no longer be named in it.

    They have `declared` it, or left because an `objection` to them was agreed to; entry `seq` says so.
    """

    __tablename__ = "interests"
    case_id: int = refers_to("cases.id", primary_key=True)
    account_id: int = refers_to("accounts.id", primary_key=True)
    seq: int
    because: str = Field(default="declared", sa_column_kwargs={"server_default": "declared"})


class DeclarationRow(SQLModel, table=True):
    """What somebody has said about their own interests in a case: `none`, or of which kind. The words are those of the entry `seq`."""

    __tablename__ = "declarations"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    account_id: int = refers_to("accounts.id")
    declared_on: date
    nature: str
    seq: int


class BrokenGlassRow(SQLModel, table=True):
    """An hour in which somebody who is not part of a case reads its shared papers in an emergency. Entry `seq` says who and when."""

    __tablename__ = "broken_glass"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    account_id: int = refers_to("accounts.id")
    from_at: datetime = moment()
    until_at: datetime = moment()
    seq: int


class RepresentationRow(SQLModel, table=True):
    """An organisation that acts for a party, and the day on which the party agreed to that."""

    __tablename__ = "representations"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    party_id: int = refers_to("parties.id")
    organisation_id: int = refers_to("organisations.id")
    consent_on: date
    ended_at: datetime | None = moment(nullable=True)


class LinkRow(SQLModel, table=True):
    """Two cases that belong together, and how. Both show it."""

    __tablename__ = "case_links"
    __table_args__: ClassVar[Any] = (UniqueConstraint("case_id", "other_id", "kind"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    other_id: int = refers_to("cases.id")
    kind: str


class ConcernRow(SQLModel, table=True):
    """A commitment that may not have been kept, without a dispute. Its words are those of the desk's entry `seq`.

    `case_id` is set when a complaint has come of it. It is never counted as a case.
    """

    __tablename__ = "concerns"
    id: int | None = Field(default=None, primary_key=True)
    scheme_id: int = refers_to("schemes.id")
    about_id: int | None = refers_to("organisations.id", nullable=True)
    commitment_id: int | None = refers_to("commitments.id", nullable=True)
    noted_on: date
    by_account_id: int = refers_to("accounts.id")
    seq: int = Field(unique=True)
    case_id: int | None = refers_to("cases.id", nullable=True)
