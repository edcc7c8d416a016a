"""What the desk remembers beside the cases: people, organisations, schemes, Compacts, procedures, calendars and saved forms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar

from sqlalchemy import Boolean, CheckConstraint, Column, String, Text, UniqueConstraint, false
from sqlmodel import Field, SQLModel

from breachdesk.store.tables import long_text, moment, refers_to


class DeskRow(SQLModel, table=True):
    """The one row about the desk itself: whether it is for practice, its offset from wall time, the head of its own log.

    Since `messages_held_at` no message goes out: a backup was restored, and nobody has said yet that what waits is to be sent.
    """

    __tablename__ = "desk"
    __table_args__: ClassVar[Any] = (CheckConstraint("id = 1", name="one_row"),
                                     CheckConstraint("practice OR offset_seconds = 0", name="only_practice_moves"))
    id: int = Field(default=1, primary_key=True)
    practice: bool = False
    created_at: datetime = moment()
    offset_seconds: float = 0
    last_seq: int = 0
    last_hash: str = ""
    messages_held_at: datetime | None = moment(nullable=True)


class AccountRow(SQLModel, table=True):
    """A person who can sign in. One account for all their roles. `terms_version` is that of the terms of use they accepted last."""

    __tablename__ = "accounts"
    id: int | None = Field(default=None, primary_key=True)
    email: str = Field(unique=True)
    name: str
    password_hash: str
    active: bool = True
    created_at: datetime = moment()
    terms_version: str = Field(default="", sa_column_kwargs={"server_default": ""})
    terms_accepted_at: datetime | None = moment(nullable=True)


class SessionRow(SQLModel, table=True):
    """One sign-in. The cookie holds a token whose SHA-256 stands here; ended here is ended at once, and `why` says how.

    `halfway`: the password was right, the code of the second factor is still to come. `confirmed_at` is when the person last proved
    who they are; `way` how (password, link, passkey, provider), `device` on what, in the browser's own words made short.
    """

    __tablename__ = "sessions"
    token_hash: str = Field(primary_key=True)
    account_id: int = refers_to("accounts.id")
    created_at: datetime = moment()
    last_seen_at: datetime = moment()
    confirmed_at: datetime | None = moment(nullable=True)
    halfway: bool = Field(default=False, sa_column=Column(Boolean, nullable=False, server_default=false()))
    way: str = Field(default="password", sa_column=Column(String, nullable=False, server_default="password"))
    device: str = Field(default="", sa_column=Column(String, nullable=False, server_default=""))
    ended_at: datetime | None = moment(nullable=True)
    why: str | None = None


class OrganisationRow(SQLModel, table=True):
    """A body that signs a Compact or works under one. `name` is today's; former ones are in `organisation_names`."""

    __tablename__ = "organisations"
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    sector: str
    kind: str = ""
    area: str = ""
    signatory_from: date | None = None
    signatory_to: date | None = None


class MembershipRow(SQLModel, table=True):
    """Who belongs to which organisation, when and how: `identity.MEMBERSHIPS` says what each kind may."""

    __tablename__ = "memberships"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = refers_to("accounts.id")
    organisation_id: int = refers_to("organisations.id")
    from_on: date
    to_on: date | None = None
    kind: str = Field(default="member", sa_column_kwargs={"server_default": "member"})


class RoleRow(SQLModel, table=True):
    """A role in a scheme, one of `identity.SCHEME_ROLES`. `to_on` is the last day of a term; a critical friend's and a panel member's
    row may have more about it in `roster`."""

    __tablename__ = "roles"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = refers_to("accounts.id")
    scheme_id: int = refers_to("schemes.id")
    role: str
    sector: str = ""
    area: str = ""
    from_on: date
    to_on: date | None = None


class SchemeRow(SQLModel, table=True):
    """One area's running of a procedure under a Compact. `procedure_digest` is what it was set up with; `ProcedureUseRow` has what
    came after it. `single_officer`: one person may do what otherwise takes two, and each time is logged. `calendars` are further ones
    by their role in a procedure, as JSON (role → id). `controller_contact` (none: as in its file) and `vocabulary` (JSON, beside the
    file's) were settled on the scheme's page. `reviews`: what of a dispute the steering group meets, one of `REVIEWS`.
    `keep_…`: how long a closed case's files and words stay; then they go by themselves, or what was due when a coordinator last looked."""

    __tablename__ = "schemes"
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    title: str
    compact_id: int = refers_to("compacts.id")
    procedure_digest: str = Field(foreign_key="procedures.digest")
    calendar_id: int = refers_to("calendars.id")
    reference_prefix: str = Field(unique=True)
    controller: str
    year_starts: int = 4
    file_text: str = long_text()
    single_officer: bool = False
    calendars: str = Field(default="{}", sa_column=Column(Text, nullable=False, server_default="{}"))
    controller_contact: str | None = None
    vocabulary: str = Field(default="{}", sa_column=Column(Text, nullable=False, server_default="{}"))
    reviews: str = Field(default="papers", sa_column_kwargs={"server_default": "papers"})
    keep_files_months: int = Field(default=12, sa_column_kwargs={"server_default": "12"})
    keep_record_years: int = Field(default=6, sa_column_kwargs={"server_default": "6"})
    disposes_by_itself: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    disposal_looked_on: date | None = None


class CompactRow(SQLModel, table=True):
    """A Compact, code or covenant."""

    __tablename__ = "compacts"
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    title: str
    file_text: str = long_text()


class EditionRow(SQLModel, table=True):
    """One dated text of a Compact. `register_text` is the register it was imported from; empty when it stands in the Compact's file."""

    __tablename__ = "editions"
    __table_args__: ClassVar[Any] = (UniqueConstraint("compact_id", "label"),)
    id: int | None = Field(default=None, primary_key=True)
    compact_id: int = refers_to("compacts.id")
    label: str
    dated_on: date
    status: str
    register_text: str | None = long_text(nullable=True)


class CommitmentRow(SQLModel, table=True):
    """One numbered undertaking in one edition, word for word."""

    __tablename__ = "commitments"
    __table_args__: ClassVar[Any] = (UniqueConstraint("edition_id", "code"),)
    id: int | None = Field(default=None, primary_key=True)
    edition_id: int = refers_to("editions.id")
    code: str
    theme: str
    section: str
    owed_by: str
    wording: str = long_text()
    measure: str = ""


class OperatedRow(SQLModel, table=True):
    """Which edition a scheme operates, from which day."""

    __tablename__ = "operated_editions"
    id: int | None = Field(default=None, primary_key=True)
    scheme_id: int = refers_to("schemes.id")
    edition_id: int = refers_to("editions.id")
    from_on: date
    to_on: date | None = None


class ProcedureRow(SQLModel, table=True):
    """A procedure file, kept whole: a case stays with the text it began under.

    `state` is draft or published; a draft is in use nowhere and can be replaced, a published file never changes. Two people publish it.
    """

    __tablename__ = "procedures"
    digest: str = Field(primary_key=True)
    name: str
    version: str
    file_text: str = long_text()
    added_at: datetime = moment()
    state: str = "published"
    proposed_by: int | None = None
    proposed_at: datetime | None = moment(nullable=True)
    published_by: int | None = None
    published_at: datetime | None = moment(nullable=True)


class ProcedureUseRow(SQLModel, table=True):
    """Under which version a scheme's new cases begin from a day on, where that is another than it was set up with."""

    __tablename__ = "procedures_used"
    id: int | None = Field(default=None, primary_key=True)
    scheme_id: int = refers_to("schemes.id")
    procedure_digest: str = Field(foreign_key="procedures.digest")
    from_on: date


class MoveRow(SQLModel, table=True):
    """Open cases moved from one version of a procedure to another, by a plan that is kept word for word."""

    __tablename__ = "moves"
    id: int | None = Field(default=None, primary_key=True)
    plan_digest: str
    plan_text: str = long_text()
    from_digest: str = Field(foreign_key="procedures.digest")
    to_digest: str = Field(foreign_key="procedures.digest")
    begun_by: int
    begun_at: datetime = moment()
    finished_at: datetime | None = moment(nullable=True)
    reverted_by: int | None = None
    reverted_at: datetime | None = moment(nullable=True)


class CalendarRow(SQLModel, table=True):
    """A snapshot of a calendar, kept whole under its digest."""

    __tablename__ = "calendars"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    digest: str = Field(unique=True)
    snapshot: str = long_text()
    added_at: datetime = moment()


class ClosedDaysRow(SQLModel, table=True):
    """On which days an organisation is closed, as a calendar of its own; the newest row of each counts."""

    __tablename__ = "closed_days"
    id: int | None = Field(default=None, primary_key=True)
    organisation_id: int = refers_to("organisations.id")
    calendar_id: int = refers_to("calendars.id")
    set_at: datetime = moment()


class DraftRow(SQLModel, table=True):
    """A complaint that is being written: a saved form, not a case. `reference` is set once it was sent."""

    __tablename__ = "drafts"
    id: str = Field(primary_key=True)
    account_id: int = refers_to("accounts.id")
    scheme_id: int = refers_to("schemes.id")
    answers: str = long_text()
    updated_at: datetime = moment()
    reference: str | None = None
