"""Passwords: kept as argon2 hashes, never in words. One check costs the same whether or not there is anything to check against."""

from __future__ import annotations

import secrets
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.common_passwords import is_common
from breachdesk.errors import Invalid

SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    """A hash to check when there is none, so that it takes as long as when there is."""
    return _hasher().hash(secrets.token_urlsafe())


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def matches(password_hash: str, password: str) -> bool:
    """Whether the password is the one. Without a hash, or with a password that is too long to be one, it takes the same and is not."""
    checkable = bool(password_hash) and len(password) <= LONGEST_PASSWORD
    try:
        return _hasher().verify(password_hash if checkable else _nobodys_hash(), password[:LONGEST_PASSWORD]) and checkable
    except (VerificationError, InvalidHashError, UnicodeError):
        return False


def require_good_password(desk: Desk, password: str, *own: str) -> None:
    """Raise Invalid, in words, unless the password can be kept. OWN is what stands in its holder's name and address.

    Length, and that it is not one of those that are tried first; nothing about which characters (NIST SP 800-63B).
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        said = (f"A password has from {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters; this one has {len(password)}. "
                "Three or four words will do.")
    elif not password.isprintable():
        said = "A password is made of characters that can be typed: letters, digits, signs and blanks."
    elif is_common(password, own, desk.common_passwords):
        said = ("This password is easy to guess: it is known from a leak, or made of words that are tried first, of your own name, or of a "
                "pattern of keys. "
                "Three or four words that have nothing to do with each other are good.")
    else:
        return
    raise Invalid({"password": said})
