"""What the desk remembers about cases: the tables, and why each is there. Remedies, links and the like are in `tables_held`,
people and schemes in `tables_desk`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar, cast

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    literal_column,
    text,
)
from sqlmodel import Field, SQLModel

from breachdesk.store.columns import Moment

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s", "fk": "fk_%(table_name)s_%(column_0_N_name)s", "pk": "pk_%(table_name)s"}
METADATA: MetaData = SQLModel.metadata
# What ends at a midnight comes before what is sent in the morning that it begins.
AFTER_LIMITS = text("(rung <> 0)")
# A case for which nothing is due comes after all that have a day. SQLite uses an index over an expression only where a question has it
# word for word, with no bound value in it: so the list writes this one.
DUE_OR_NEVER = literal_column("coalesce(next_due_on, '9999-12-31')", Date)
# Timers that failed, or that this version of the product knows nothing to do with.
TROUBLED = text("tries > 0 OR ending = 'parked'")


def moment(*, nullable: bool = False) -> Any:
    """A column that holds a moment."""
    return Field(sa_column=Column(Moment(), nullable=nullable), default=None)


def refers_to(target: str, *, nullable: bool = False, primary_key: bool = False) -> Any:
    """A column that points at another table, with an index; nothing is deleted by way of it."""
    return Field(sa_column=Column(Integer, ForeignKey(target, ondelete="RESTRICT"), nullable=nullable, primary_key=primary_key,
                                  index=not primary_key), default=None)


def table_of(row: Any) -> Table:
    """The table behind a row class: what Core statements are made of."""
    return cast(Table, row.__table__)


def long_text(*, nullable: bool = False) -> Any:
    return Field(sa_column=Column(Text, nullable=nullable), default=None)


class CaseRow(SQLModel, table=True):
    """One dispute, one reference for life. `version` is what an actor saw; `last_seq` and `last_hash` are the head of its log."""

    __tablename__ = "cases"
    __table_args__: ClassVar[Any] = (
        CheckConstraint("(stage = 'ended') = (closed_on IS NOT NULL)", name="ended_has_a_day"),
        # Lists of open, of closed and of all cases, in the very order in which they are shown: a page is read, and nothing is sorted.
        Index("ix_cases_open_by_due", DUE_OR_NEVER, "id", sqlite_where=text("closed_on IS NULL"),
              postgresql_where=text("closed_on IS NULL")),
        Index("ix_cases_closed", "closed_on", "id", sqlite_where=text("closed_on IS NOT NULL"),
              postgresql_where=text("closed_on IS NOT NULL")),
        Index("ix_cases_received", "received_on", "id"))
    id: int | None = Field(default=None, primary_key=True)
    scheme_id: int = refers_to("schemes.id")
    reference: str = Field(unique=True)
    procedure_digest: str = Field(foreign_key="procedures.digest")
    title: str = long_text()
    status: str
    stage: str
    stage_visit: int = 1
    version: int = 1
    episode: int = 1
    channel: str
    received_on: date
    entered_at: datetime = moment()
    event_on: date
    tried_directly: bool = False
    reached_panel: bool = False
    respondents_told: bool = False
    has_ledger: bool = False
    has_holdings: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    next_due_on: date | None = None
    outcome: str | None = None
    closed_on: date | None = None
    reopened_on: date | None = None
    last_seq: int = 0
    last_hash: str = ""


class PartyRow(SQLModel, table=True):
    """An organisation in a case. `taken`: the steps it has taken in the stage's visit `taken_visit`, separated by blanks.

    One that has left is only remembered. `identity`: who sees its name (`workflow.facts.Party`).
    """

    __tablename__ = "parties"
    __table_args__: ClassVar[Any] = (UniqueConstraint("case_id", "organisation_id"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    organisation_id: int = refers_to("organisations.id")
    side: str
    is_lead: bool = False
    taken: str = ""
    taken_visit: int = 0
    left_on: date | None = None
    identity: str = Field(default="open", sa_column_kwargs={"server_default": "open"})


class AllegationRow(SQLModel, table=True):
    """Case × respondent × commitment, in the wording that the scheme operated on the day of the event.

    `decided_seq` is the entry that says why it is admissible or not; `required` and `happened` are spans, like “3 months”.
    """

    __tablename__ = "allegations"
    __table_args__: ClassVar[Any] = (UniqueConstraint("case_id", "party_id", "commitment_id"),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    party_id: int = refers_to("parties.id")
    commitment_id: int = refers_to("commitments.id")
    ending: str | None = None
    admissible: bool | None = None
    decided_seq: int | None = None
    position: str | None = None
    required: str | None = None
    happened: str | None = None


class AppointmentRow(SQLModel, table=True):
    """A person's role in one case: critical friend, panel member or stand-in for the coordinator. `seq` is the entry that named them."""

    __tablename__ = "appointments"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    account_id: int = refers_to("accounts.id")
    role: str
    chair: bool = False
    seq: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    from_at: datetime = moment()
    ended_at: datetime | None = moment(nullable=True)


class TimerRow(SQLModel, table=True):
    """What the clock does when. Rung 0 is the limit itself; others are reminders so many working days before or after.

    `fires_at` is empty while the limit is paused; a timer that failed fires later than the `nominal_at` it was meant for. `generation`
    is the log entry that set the timer. `lasts` is the length that this one was promised, where the version of the procedure that
    the case was moved to says another.
    """

    __tablename__ = "timers"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("case_id", "kind", "subject", "generation", "rung"),
        # Many timers fire at one midnight: the index has them in the very order in which they are taken.
        Index("ix_timers_due", "fires_at", AFTER_LIMITS, "id", sqlite_where=text("ended_at IS NULL"),
              postgresql_where=text("ended_at IS NULL")),
        Index("ix_timers_case_open", "case_id", sqlite_where=text("ended_at IS NULL"), postgresql_where=text("ended_at IS NULL")),
        Index("ix_timers_troubled", "id", sqlite_where=TROUBLED, postgresql_where=TROUBLED))
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = Field(foreign_key="cases.id")
    kind: str
    subject: int = 0
    generation: int
    rung: int = 0
    started_on: date
    due_on: date | None = None
    calendar_digest: str
    lasts: str | None = None
    fires_at: datetime | None = moment(nullable=True)
    nominal_at: datetime | None = moment(nullable=True)
    ended_at: datetime | None = moment(nullable=True)
    ending: str | None = None
    tries: int = 0
    trouble: str | None = None


class PauseRow(SQLModel, table=True):
    """Days that some limits of a case disregard: a ledger row, never a status. `limits` are separated by blanks.

    `kind` is the pause's name: the status that holds it open, or what the procedure's action calls it.
    """

    __tablename__ = "pauses"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    kind: str
    limits: str
    from_on: date
    to_on: date | None = None
    because: str
    by_account_id: int
    review_on: date | None = None


class ExtensionRow(SQLModel, table=True):
    """More time for one limit of a case; `over` once the run of the limit that it was given to has ended."""

    __tablename__ = "extensions"
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    kind: str
    subject: int = 0
    working_days: int
    because: str
    by_account_id: int
    over: bool = Field(default=False, sa_column_kwargs={"server_default": false()})


class EntryRow(SQLModel, table=True):
    """One entry of the log. `body` is the very bytes that were hashed; `subject` is a case's id, or 0 for the desk's own chain."""

    __tablename__ = "entries"
    __table_args__: ClassVar[Any] = (
        UniqueConstraint("subject", "seq"), Index("ix_entries_event_id", "event", "id"),
        Index("uq_entries_subject_request_key", "subject", "request_key", unique=True, sqlite_where=text("request_key IS NOT NULL"),
              postgresql_where=text("request_key IS NOT NULL")))
    id: int | None = Field(default=None, primary_key=True)
    subject: int
    seq: int
    event: str
    at: datetime = moment()
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    prev_hash: str
    hash: str
    request_key: str | None = None


class DetailRow(SQLModel, table=True):
    """Words that somebody wrote, kept apart from the log: the entry holds SHA-256(salt ‖ value), so both can go and the log stays whole."""

    __tablename__ = "details"
    subject: int = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    name: str = Field(primary_key=True)
    audience: str
    salt: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    value: str = long_text()


class NoticeRow(SQLModel, table=True):
    """A message that waits to be sent, or was. Written in the transaction of the change it tells of.

    `taken_until`: one sender has it in hand, and until then no other takes it.
    """

    __tablename__ = "notices"
    __table_args__: ClassVar[Any] = (
        Index("ix_notices_waiting", "id", sqlite_where=text("sent_at IS NULL"), postgresql_where=text("sent_at IS NULL")),)
    id: int | None = Field(default=None, primary_key=True)
    case_id: int = refers_to("cases.id")
    seq: int
    name: str
    subject: int = 0
    days: str = "{}"
    queued_at: datetime = moment()
    sent_at: datetime | None = moment(nullable=True)
    taken_until: datetime | None = moment(nullable=True)
    tries: int = 0
    trouble: str | None = None


class DeliveryRow(SQLModel, table=True):
    """One message to one person, sent or refused."""

    __tablename__ = "deliveries"
    __table_args__: ClassVar[Any] = (UniqueConstraint("notice_id", "account_id"),)
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = refers_to("notices.id")
    account_id: int = refers_to("accounts.id")
    message_id: str
    sent_at: datetime | None = moment(nullable=True)
    trouble: str | None = None
