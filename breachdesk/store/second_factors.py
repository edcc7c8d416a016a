"""Rows of second factors: one authenticator app for an account, its recovery codes, its passkeys."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, update

from breachdesk.store.people import ACCOUNTS
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_signing_in import PasskeyRow, RecoveryCodeRow, SecondFactorRow

FACTORS, CODES, PASSKEYS = map(table_of, (SecondFactorRow, RecoveryCodeRow, PasskeyRow))


_FACTOR = (select(FACTORS.c.secret, FACTORS.c.last_step, FACTORS.c.confirmed_at)
           .where(FACTORS.c.account_id == bindparam("account")))


def factor_of(session: Session, account_id: int) -> Any:
    """(secret, last step, confirmed at) of the account's app, or None."""
    return session.first(_FACTOR, {"account": account_id})


_IN_USE = select(FACTORS.c.account_id).where(FACTORS.c.account_id == bindparam("account"), FACTORS.c.confirmed_at.is_not(None))


def is_in_use(session: Session, account_id: int) -> bool:
    """Whether the account signs in by a second step."""
    return session.value(_IN_USE, {"account": account_id}) is not None


def put_factor(session: Session, account_id: int, secret: str, at: datetime, *, confirmed_at: datetime | None = None) -> None:
    """An app in place of the one there was, if any."""
    session.execute(delete(FACTORS).where(FACTORS.c.account_id == account_id))
    session.execute(FACTORS.insert().values(account_id=account_id, secret=secret, last_step=0, added_at=at, confirmed_at=confirmed_at))


def confirm_factor(session: Session, account_id: int, at: datetime) -> None:
    session.execute(update(FACTORS).where(FACTORS.c.account_id == account_id).values(confirmed_at=at))


def use_step(session: Session, account_id: int, step: int) -> bool:
    """Use the code of a step of time; False when it, or a later one, was used before."""
    used = session.execute(update(FACTORS).where(FACTORS.c.account_id == account_id, FACTORS.c.last_step < step).values(last_step=step))
    return bool(used.rowcount)


def forget_factor(session: Session, account_id: int) -> bool:
    """Take the app and its recovery codes away; False when there was none."""
    session.execute(delete(CODES).where(CODES.c.account_id == account_id))
    return bool(session.execute(delete(FACTORS).where(FACTORS.c.account_id == account_id)).rowcount)


def put_recovery_codes(session: Session, account_id: int, hashes: Sequence[str]) -> None:
    """New recovery codes in place of those there were."""
    session.execute(delete(CODES).where(CODES.c.account_id == account_id))
    session.execute(CODES.insert(), [{"account_id": account_id, "code_hash": one} for one in hashes])


def use_recovery_code(session: Session, account_id: int, code_hash: str, at: datetime) -> bool:
    """Use a recovery code; False when there is none like it, or it was used before."""
    same = (CODES.c.account_id == account_id) & (CODES.c.code_hash == code_hash) & CODES.c.used_at.is_(None)
    return bool(session.execute(update(CODES).where(same).values(used_at=at)).rowcount)


def recovery_codes_left(session: Session, account_id: int) -> int:
    return int(session.value(select(func.count()).where(CODES.c.account_id == account_id, CODES.c.used_at.is_(None))))


def insert_passkey(session: Session, account_id: int, credential_id: str, public_key: bytes, sign_count: int, name: str,
                   at: datetime) -> int:
    return session.add(PasskeyRow, account_id=account_id, credential_id=credential_id, public_key=public_key, sign_count=sign_count,
                       name=name, created_at=at)


def passkeys_of(session: Session, account_id: int) -> Sequence[Any]:
    """The account's passkeys, the oldest first."""
    return session.all(select(PASSKEYS).where(PASSKEYS.c.account_id == account_id).order_by(PASSKEYS.c.id))


def passkey(session: Session, credential_id: str) -> Any:
    """The passkey with that id, if its account is active."""
    return session.first(select(PASSKEYS, ACCOUNTS.c.email).join(ACCOUNTS, ACCOUNTS.c.id == PASSKEYS.c.account_id)
                         .where(PASSKEYS.c.credential_id == credential_id, ACCOUNTS.c.active))


def use_passkey(session: Session, passkey_id: int, before: int, sign_count: int, at: datetime) -> bool:
    """Note that a passkey was used; False when somebody else used it meanwhile."""
    used = session.execute(update(PASSKEYS).where(PASSKEYS.c.id == passkey_id, PASSKEYS.c.sign_count == before)
                           .values(sign_count=sign_count, last_used_at=at))
    return bool(used.rowcount)


def forget_passkey(session: Session, account_id: int, passkey_id: int) -> bool:
    gone = session.execute(delete(PASSKEYS).where(PASSKEYS.c.id == passkey_id, PASSKEYS.c.account_id == account_id))
    return bool(gone.rowcount)


def forget_passkeys(session: Session, account_id: int) -> int:
    return int(session.execute(delete(PASSKEYS).where(PASSKEYS.c.account_id == account_id)).rowcount)
