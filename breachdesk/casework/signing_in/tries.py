"""How often something may be tried: by one account from one place, by one account at all, from one place at all.

Counted before the try is looked at, in rows that all processes share. A try that is refused is not counted, so a window always ends:
nobody can keep somebody else out for longer than that, and a mailed link lets its owner in meanwhile.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from ipaddress import IPv6Address, ip_address

import structlog

from breachdesk.casework.desk import Desk
from breachdesk.errors import TooManyTries
from breachdesk.store import tries
from breachdesk.store.session import Session

log = structlog.get_logger()
WINDOW = timedelta(minutes=15)
# What is tried → how often within the window: (account from one place, account from anywhere, anybody from one place); 0: not counted.
# A place is an address of the network: an office shares one.
LIMITS: Mapping[str, tuple[int, int, int]] = {
    "password": (5, 20, 60),
    "code": (5, 10, 60),
    "link": (3, 3, 20),
    "passkey": (0, 0, 60),
    "draft": (0, 20, 0),
}


def require_try(session: Session, desk: Desk, what: str, *, account: str = "", address: str = "") -> None:
    """Count a try. Raises TooManyTries, which says how long to wait. ACCOUNT is any name for it, whether or not there is one."""
    together, by_account, by_address = LIMITS[what]
    now = desk.wall()
    wait = timedelta()
    for most, subject in ((together, f"{account} {_place(address)}" if account and address else ""), (by_account, account),
                          (by_address, _place(address))):
        if most and subject:
            count, since = tries.count_try(session, what, _keyed(desk, subject), WINDOW, now)
            wait = max(wait, since + WINDOW - now if count > most else timedelta())
    if wait:
        log.warning("too_many_tries", what=what, place=address)
        raise TooManyTries(wait)


def forget_tries(session: Session, desk: Desk, what: str, *, account: str, address: str) -> None:
    """It was the right person: what they mistyped before does not count any more. Tries from elsewhere still do."""
    tries.forget_tries(session, what, _keyed(desk, f"{account} {_place(address)}"))


def _place(address: str) -> str:
    """Where somebody comes from: an IPv4 address, or the /64 that one subscriber has of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if isinstance(known, IPv6Address):
        return str(known.ipv4_mapped or IPv6Address(int(known) >> 64 << 64))
    return str(known)


def _keyed(desk: Desk, subject: str) -> str:
    """A subject under the desk's key: the table holds nobody's address."""
    return hmac.new(desk.secret.encode(), b"tries " + subject.encode("utf-8", "surrogatepass"), sha256).hexdigest()


def is_first_use(session: Session, desk: Desk, challenge: str) -> bool:
    """Whether a challenge that was handed out is answered for the first time; from then on it is not."""
    return tries.count_try(session, "challenge", _keyed(desk, challenge), WINDOW, desk.wall())[0] == 1
