"""Rows of sign-ins. Every question names the token's hash or the account; a sign-in that has ended is never found."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, update

from breachdesk.store.people import ACCOUNTS
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import SessionRow
from breachdesk.store.tables_signing_in import SecondFactorRow

SESSIONS, FACTORS = table_of(SessionRow), table_of(SecondFactorRow)
_LIVE = SESSIONS.c.ended_at.is_(None)


_BY_EMAIL = select(ACCOUNTS.c.id, ACCOUNTS.c.password_hash).where(ACCOUNTS.c.email == bindparam("address"), ACCOUNTS.c.active)


def account_by_email(session: Session, email: str) -> Any:
    """(id, password hash) of an active account, or None."""
    return session.first(_BY_EMAIL, {"address": email})


def account_by_id(session: Session, account_id: int) -> Any:
    """(id, name, email, password hash) of an active account, or None."""
    return session.first(select(ACCOUNTS.c.id, ACCOUNTS.c.name, ACCOUNTS.c.email, ACCOUNTS.c.password_hash)
                         .where(ACCOUNTS.c.id == account_id, ACCOUNTS.c.active))


def begin_session(session: Session, token_hash: str, account_id: int, at: datetime, *, way: str, device: str, halfway: bool) -> None:
    session.execute(SESSIONS.insert().values(token_hash=token_hash, account_id=account_id, created_at=at, last_seen_at=at,
                                             confirmed_at=None if halfway else at, way=way, device=device, halfway=halfway))


_LIVE_SESSION = (
    select(SESSIONS.c.account_id, SESSIONS.c.created_at, SESSIONS.c.last_seen_at, SESSIONS.c.confirmed_at, SESSIONS.c.way,
           FACTORS.c.confirmed_at.is_not(None).label("second_factor"))
    .select_from(SESSIONS).outerjoin(FACTORS, FACTORS.c.account_id == SESSIONS.c.account_id)
    .where(SESSIONS.c.token_hash == bindparam("token_hash"), _LIVE, SESSIONS.c.halfway == bindparam("halfway")))


def live_session(session: Session, token_hash: str, *, halfway: bool = False) -> Any:
    """(account id, created, last seen and confirmed at, way, whether there is a second factor) of a sign-in, or None when it has ended."""
    return session.first(_LIVE_SESSION, {"token_hash": token_hash, "halfway": halfway})


def touch_session(session: Session, token_hash: str, at: datetime) -> None:
    session.execute(update(SESSIONS).where(SESSIONS.c.token_hash == token_hash).values(last_seen_at=at))


def confirm_session(session: Session, token_hash: str, new_hash: str, at: datetime) -> bool:
    """The person proved again who they are: the sign-in goes on under a new token. False when it has ended."""
    changed = session.execute(update(SESSIONS).where(SESSIONS.c.token_hash == token_hash, _LIVE)
                              .values(token_hash=new_hash, confirmed_at=at, last_seen_at=at, halfway=False))
    return bool(changed.rowcount)


def end_session(session: Session, token_hash: str, at: datetime, why: str) -> bool:
    """End a sign-in; False when it had ended before."""
    return bool(_end(session, SESSIONS.c.token_hash == token_hash, at, why))


def end_sessions(session: Session, account_id: int, at: datetime, why: str, *, but: str = "", only: str = "") -> int:
    """End the sign-ins of an account, but for the one with a certain hash, or only the one whose hash begins so; how many."""
    which = (SESSIONS.c.account_id == account_id) & (SESSIONS.c.token_hash != but)
    return _end(session, which & SESSIONS.c.token_hash.startswith(only, autoescape=True) if only else which, at, why)


def _end(session: Session, which: ColumnElement[bool], at: datetime, why: str) -> int:
    return int(session.execute(update(SESSIONS).where(which, _LIVE).values(ended_at=at, why=why)).rowcount)


def sessions_of(session: Session, account_id: int) -> Sequence[Any]:
    """The sign-ins of an account that have not ended, the latest used first."""
    return session.all(select(SESSIONS).where(SESSIONS.c.account_id == account_id, _LIVE, SESSIONS.c.halfway.is_(False))
                       .order_by(SESSIONS.c.last_seen_at.desc(), SESSIONS.c.token_hash))


def set_password(session: Session, account_id: int, password_hash: str) -> None:
    session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(password_hash=password_hash))


def set_email(session: Session, account_id: int, email: str) -> None:
    session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(email=email))
