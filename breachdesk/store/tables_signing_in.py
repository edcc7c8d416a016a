"""What the desk remembers so that people can prove who they are: second factors, passkeys, mailed links, and how often something was tried.

Nothing here is a secret as it stands: tokens and codes are kept as hashes, the secret of an authenticator app and forms that wait are
encrypted.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, LargeBinary
from sqlmodel import Field, SQLModel

from breachdesk.store.tables import long_text, moment, refers_to


class SecondFactorRow(SQLModel, table=True):
    """An authenticator app. `confirmed_at` is empty until its first code was right; `last_step` is that of the newest code used."""

    __tablename__ = "second_factors"
    account_id: int = refers_to("accounts.id", primary_key=True)
    secret: str = long_text()
    last_step: int = 0
    added_at: datetime = moment()
    confirmed_at: datetime | None = moment(nullable=True)


class RecoveryCodeRow(SQLModel, table=True):
    """A code for the day on which the app is lost. It works once."""

    __tablename__ = "recovery_codes"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = refers_to("accounts.id")
    code_hash: str
    used_at: datetime | None = moment(nullable=True)


class PasskeyRow(SQLModel, table=True):
    """A passkey: the public half of a key that the person's own device holds."""

    __tablename__ = "passkeys"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int = refers_to("accounts.id")
    credential_id: str = Field(unique=True)
    public_key: bytes = Field(sa_column=Column(LargeBinary, nullable=False), default=b"")
    sign_count: int = 0
    name: str
    created_at: datetime = moment()
    last_used_at: datetime | None = moment(nullable=True)


class MailedLinkRow(SQLModel, table=True):
    """A link that was asked for, sent and used once. The token is made when the mail is sent; its SHA-256 stands here.

    Without an account nobody has the address that was given: the row is there so that asking takes the same, and nothing is sent.
    `address` is where the mail goes when that is not the account's own: an address that is to be confirmed.
    """

    __tablename__ = "mailed_links"
    id: int | None = Field(default=None, primary_key=True)
    account_id: int | None = refers_to("accounts.id", nullable=True)
    purpose: str
    address: str | None = None
    asked_at: datetime = moment()
    tries: int = 0
    trouble: str | None = None
    token_hash: str | None = Field(default=None, unique=True)
    sent_at: datetime | None = moment(nullable=True)
    expires_at: datetime | None = moment(nullable=True)
    done_at: datetime | None = moment(nullable=True)


class TriesRow(SQLModel, table=True):
    """How often something was tried by one account or from one address since a moment. `subject` is a keyed hash: no addresses here."""

    __tablename__ = "tries"
    what: str = Field(primary_key=True)
    subject: str = Field(primary_key=True)
    since: datetime = moment()
    count: int = 0


class KeptFormRow(SQLModel, table=True):
    """A form that somebody sent when they had to confirm first who they are: encrypted, one for each account, for a quarter of an hour."""

    __tablename__ = "kept_forms"
    account_id: int = refers_to("accounts.id", primary_key=True)
    key_hash: str
    sealed: str = long_text()
    kept_at: datetime = moment()
