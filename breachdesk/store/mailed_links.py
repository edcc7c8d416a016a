"""Rows of mailed links: asked for, sent, used once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from breachdesk.store.people import ACCOUNTS
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_signing_in import MailedLinkRow

LINKS = table_of(MailedLinkRow)


def insert_link(session: Session, account_id: int | None, purpose: str, address: str | None, at: datetime) -> int:
    return session.add(MailedLinkRow, account_id=account_id, purpose=purpose, address=address, asked_at=at, tries=0)


def unsent(session: Session, limit: int) -> Sequence[Any]:
    """What waits to be sent, the oldest first: the link's row, and the account's name, address and whether it is active."""
    return session.all(select(LINKS, ACCOUNTS.c.name, ACCOUNTS.c.email, ACCOUNTS.c.active)
                       .select_from(LINKS).outerjoin(ACCOUNTS, ACCOUNTS.c.id == LINKS.c.account_id)
                       .where(LINKS.c.sent_at.is_(None), LINKS.c.done_at.is_(None)).order_by(LINKS.c.id).limit(limit))


def give_token(session: Session, link_id: int, token_hash: str, expires_at: datetime) -> None:
    session.execute(update(LINKS).where(LINKS.c.id == link_id)
                    .values(token_hash=token_hash, expires_at=expires_at, tries=LINKS.c.tries + 1))


def mark_sent(session: Session, link_id: int, at: datetime | None, trouble: str | None) -> None:
    """The link is out; or, without a moment, it was tried and waits for another try."""
    session.execute(update(LINKS).where(LINKS.c.id == link_id).values(sent_at=at, trouble=trouble))


def finish(session: Session, link_id: int, at: datetime) -> bool:
    """The link is done with; False when it was before: whoever updates the row has used it."""
    return bool(session.execute(update(LINKS).where(LINKS.c.id == link_id, LINKS.c.done_at.is_(None)).values(done_at=at)).rowcount)


def finish_all(session: Session, account_id: int, at: datetime, purposes: Sequence[str]) -> None:
    """An account's links for some purposes are done with."""
    session.execute(update(LINKS).where(LINKS.c.account_id == account_id, LINKS.c.done_at.is_(None), LINKS.c.purpose.in_(purposes))
                    .values(done_at=at))


def by_token(session: Session, token_hash: str, now: datetime) -> Any:
    """The link that can be used now, with the account's name and address; None when unknown, used, too old, or not of an active account."""
    return session.first(select(LINKS.c.id, LINKS.c.account_id, LINKS.c.purpose, LINKS.c.address, ACCOUNTS.c.name, ACCOUNTS.c.email)
                         .join(ACCOUNTS, ACCOUNTS.c.id == LINKS.c.account_id)
                         .where(LINKS.c.token_hash == token_hash, LINKS.c.done_at.is_(None), LINKS.c.expires_at > now, ACCOUNTS.c.active))


def forget_before(session: Session, moment: datetime) -> None:
    """Throw away links that were asked for before a moment: they say who forgot a password when, and nobody needs that."""
    session.execute(delete(LINKS).where(LINKS.c.asked_at < moment))


def in_trouble(session: Session) -> Sequence[Any]:
    """(purpose, person, trouble) of links that could not be sent yet."""
    return session.all(select(LINKS.c.purpose, ACCOUNTS.c.name, LINKS.c.trouble).join(ACCOUNTS, ACCOUNTS.c.id == LINKS.c.account_id)
                       .where(LINKS.c.sent_at.is_(None), LINKS.c.done_at.is_(None), LINKS.c.trouble.is_not(None)).order_by(LINKS.c.id))
