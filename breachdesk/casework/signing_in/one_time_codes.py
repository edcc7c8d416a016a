"""Codes that work once: those that an authenticator app shows (TOTP, RFC 6238), and recovery codes for the day on which it is lost.

The app's secret is kept enciphered under the desk's key, recovery codes as hashes under it. Whoever has the database alone has neither.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from hashlib import sha256

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from breachdesk.casework.desk import Desk
from breachdesk.errors import Refused
from breachdesk.store import second_factors as rows
from breachdesk.store.session import Session

STEP_SECONDS = 30
RECOVERY_CODES, RECOVERY_CODE_LENGTH = 10, 10
# Without letters and digits that look like each other.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_KEY_CHANGED = ("The desk's key is not the one under which your app's secret was kept. The operator can let you set the second step up "
                "anew: breachdesk account reset-second-factor")


def enciphered(desk: Desk, secret: str) -> str:
    """A secret as it is kept."""
    return _box(desk).encrypt(secret.encode()).decode()


def deciphered(desk: Desk, kept: str) -> str:
    """A secret that was kept. Raises Refused when the desk has another key by now."""
    try:
        return _box(desk).decrypt(kept.encode()).decode()
    except InvalidToken:
        raise Refused(_KEY_CHANGED) from None


def _box(desk: Desk) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"breachdesk second factor").derive(desk.secret.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def code_is_right(session: Session, desk: Desk, account_id: int, code: str) -> bool:
    """Use a code of the app that is in use, or a recovery code. A code that was used once is wrong from then on."""
    typed = "".join(code.split()).replace("-", "").casefold()
    row = rows.factor_of(session, account_id)
    if row is None or not row.confirmed_at:
        return False
    if len(typed) == RECOVERY_CODE_LENGTH:
        return rows.use_recovery_code(session, account_id, _hashed(desk, typed), desk.wall())
    return app_shows(session, desk, account_id, deciphered(desk, row.secret), typed)


def app_shows(session: Session, desk: Desk, account_id: int, secret: str, code: str) -> bool:
    """Whether the app shows this code now, or did or will within half a minute: telephones' clocks are not all right. It is used up."""
    app, typed = pyotp.TOTP(secret, interval=STEP_SECONDS), "".join(code.split())
    now = int(desk.wall().timestamp()) // STEP_SECONDS
    return typed.isascii() and any(hmac.compare_digest(app.generate_otp(step), typed) and rows.use_step(session, account_id, step)
                                   for step in (now, now - 1, now + 1))


def new_recovery_codes(session: Session, desk: Desk, account_id: int) -> list[str]:
    """Recovery codes in place of those there were, as their holder writes them down."""
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(RECOVERY_CODE_LENGTH)) for _ in range(RECOVERY_CODES)]
    rows.put_recovery_codes(session, account_id, [_hashed(desk, code) for code in codes])
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def _hashed(desk: Desk, code: str) -> str:
    return hmac.new(desk.secret.encode(), b"recovery code " + code.encode("utf-8", "surrogatepass"), sha256).hexdigest()
