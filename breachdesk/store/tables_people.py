"""What the desk remembers about organisations and people over time: former names, who came after whom, who funds whom, the roster,
who is away. `tables_desk` has the people and organisations themselves.
"""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlmodel import Field, SQLModel

from breachdesk.store.tables import long_text, refers_to


class FormerNameRow(SQLModel, table=True):
    """A name that an organisation had until a day. The one before it ended earlier, so names cannot overlap."""

    __tablename__ = "organisation_names"
    __table_args__: ClassVar[Any] = (UniqueConstraint("organisation_id", "until_on"),)
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = refers_to("organisations.id")
    name: str
    until_on: date


class SuccessionRow(SQLModel, table=True):
    """One organisation came after another: a merger has several predecessors, a split several successors."""

    __tablename__ = "successions"
    __table_args__: ClassVar[Any] = (UniqueConstraint("predecessor_id", "successor_id"),
                                     CheckConstraint("predecessor_id != successor_id", name="two_organisations"))
    id: int | None = Field(default=None, primary_key=True)
    predecessor_id: int = refers_to("organisations.id")
    successor_id: int = refers_to("organisations.id")
    from_on: date


class FundingRow(SQLModel, table=True):
    """One organisation funds another, from a day, until a day when that is known."""

    __tablename__ = "funding"
    __table_args__: ClassVar[Any] = (CheckConstraint("funder_id != funded_id", name="two_organisations"),)
    id: int | None = Field(default=None, primary_key=True)
    funder_id: int = refers_to("organisations.id")
    funded_id: int = refers_to("organisations.id")
    from_on: date
    to_on: date | None = None


class RosterRow(SQLModel, table=True):
    """What a scheme's roster says of a role that somebody holds. `published`: the public page names them and how to reach them."""

    __tablename__ = "roster"
    role_id: int = refers_to("roles.id", primary_key=True)
    post: str = ""
    telephone: str = ""
    email: str = ""
    training: str = long_text()
    availability: str = long_text()
    published: bool = False


class AbsenceRow(SQLModel, table=True):
    """Somebody is away from a role of theirs, and who covers. Chains are followed when it is asked who that is on a day."""

    __tablename__ = "absences"
    __table_args__: ClassVar[Any] = (CheckConstraint("account_id != cover_id", name="two_people"),)
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = refers_to("accounts.id")
    scheme_id: int = refers_to("schemes.id")
    role: str
    cover_id: int = refers_to("accounts.id")
    from_on: date
    to_on: date
