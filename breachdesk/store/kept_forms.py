"""Rows of forms that wait until somebody has confirmed who they are: one for each account."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select

from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_signing_in import KeptFormRow

FORMS = table_of(KeptFormRow)


def put_form(session: Session, account_id: int, key_hash: str, sealed: str, at: datetime) -> None:
    """Keep a form in place of any that the account has."""
    session.execute(delete(FORMS).where(FORMS.c.account_id == account_id))
    session.add(KeptFormRow, account_id=account_id, key_hash=key_hash, sealed=sealed, kept_at=at)


def form_of(session: Session, account_id: int, key_hash: str, since: datetime) -> str:
    """The account's form under that key, if it was kept since then; empty otherwise."""
    return str(session.value(select(FORMS.c.sealed).where(FORMS.c.account_id == account_id, FORMS.c.key_hash == key_hash,
                                                         FORMS.c.kept_at > since)) or "")


def forget_before(session: Session, moment: datetime) -> None:
    session.execute(delete(FORMS).where(FORMS.c.kept_at < moment))
