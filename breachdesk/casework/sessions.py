"""Sign-ins: begun, confirmed again, ended. Each is a row; the cookie holds a token of which the row keeps the SHA-256.

A password is checked outside any transaction, since that is slow on purpose: tries are counted before, what follows is written after.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.passwords import matches
from breachdesk.casework.trying import forget_tries, require_try
from breachdesk.clock import local_day, wall_time
from breachdesk.identity import Actor
from breachdesk.store import mailed_links, people, sessions
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

LONGEST_SIGN_IN = timedelta(hours=12)
# How long somebody is taken to be still the one who proved it, for steps that reach far.
FRESH = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody tries from: the address in the network, and the browser in few words."""

    address: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody who has signed in: who, under which token, and when they last proved it."""

    token: str
    actor: Actor
    created_at: datetime
    confirmed_at: datetime
    way: str
    second_factor: bool

    def is_fresh(self, now: datetime) -> bool:
        return now - self.confirmed_at <= FRESH


def hashed(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def sign_in(desk: Desk, email: str, password: str, place: Place | None = None) -> str | None:
    """A new sign-in's token, or None: unknown address, wrong password and deactivated account look and take the same.

    Raises TooManyTries.
    """
    place, email = place or Place(), email.strip().casefold()[:254]
    row = desk.database.transact(lambda session: _tried(session, desk, email, place))
    if not matches(row.password_hash if row else "", password):
        return None

    def work(session: Session) -> str:
        forget_tries(session, desk, "password", account=email, address=place.address)
        return begin(session, desk, row.id, "password", place)
    return desk.database.transact(work)


def _tried(session: Session, desk: Desk, email: str, place: Place) -> Any:
    require_try(session, desk, "password", account=email, address=place.address)
    return sessions.account_by_email(session, email)


def begin(session: Session, desk: Desk, account_id: int, way: str, place: Place) -> str:
    """Begin a sign-in of somebody who has proved who they are; its token."""
    token = secrets.token_urlsafe(32)
    sessions.begin_session(session, hashed(token), account_id, desk.wall(), way=way, device=place.device, halfway=False)
    record_for_desk(session, "session:began", desk.now(session), Doer(account_id, "account"), {"account": account_id})
    return token


def presence(desk: Desk, token: str, idle: timedelta) -> Presence | None:
    """Who holds this token, as they are today; None when the sign-in ended, was idle too long or is too old."""
    with desk.database.read() as session:
        row = sessions.live_session(session, hashed(token))
        now = desk.wall()
        if row is None or now - row.last_seen_at > idle or now - row.created_at > LONGEST_SIGN_IN:
            return None
        actor = people.actor_by_id(session, row.account_id, local_day(desk.now(session)))
    if actor is None:
        return None
    if now - row.last_seen_at > timedelta(minutes=1):
        desk.database.transact(lambda session: sessions.touch_session(session, hashed(token), now))
    return Presence(token, actor, row.created_at, row.confirmed_at or row.created_at, row.way, bool(row.second_factor))


def sign_out(desk: Desk, token: str) -> None:
    """End a sign-in at once: a copy of its cookie is worth nothing from now on."""
    def work(session: Session) -> None:
        row = sessions.live_session(session, hashed(token))
        if row and sessions.end_session(session, hashed(token), desk.wall(), "signed out"):
            record_for_desk(session, "session:ended", desk.now(session), Doer(row.account_id, "account"), {"account": row.account_id})
    desk.database.transact(work)


def end_sessions_of(session: Session, account_id: int, why: str, *, but: str = "") -> int:
    """End every sign-in of an account at once, and every link that was mailed to it; how many sign-ins.

    For whoever changes what somebody may do: a role, a membership, the password, the account itself. WHY is kept beside each, in few
    words (“role changed”). BUT is the token of a sign-in that goes on: the person's own, when they do it themselves.
    """
    now = wall_time()
    mailed_links.finish_all(session, account_id, now, ("sign_in", "password"))
    return sessions.end_sessions(session, account_id, now, why, but=hashed(but) if but else "")


def confirm(desk: Desk, present: Presence, password: str, place: Place) -> str | None:
    """Prove again who one is; the sign-in's new token, or None when the password is wrong. Raises TooManyTries."""
    def tried(session: Session) -> Any:
        require_try(session, desk, "password", account=present.actor.email, address=place.address)
        return sessions.account_by_id(session, present.actor.account_id)
    row = desk.database.transact(tried)
    if not matches(row.password_hash if row else "", password):
        return None
    return desk.database.transact(lambda session: confirmed(session, desk, present.token))


def confirmed(session: Session, desk: Desk, token: str) -> str | None:
    """The sign-in goes on under a new token, as just confirmed; None when it ended meanwhile."""
    new = secrets.token_urlsafe(32)
    return new if sessions.confirm_session(session, hashed(token), hashed(new), desk.wall()) else None


@dataclass(frozen=True, slots=True)
class SignInShown:
    """One of one's own sign-ins, on a page."""

    key: str
    device: str
    way: str
    since: datetime
    last_seen_at: datetime
    here: bool


def own_sign_ins(session: Session, desk: Desk, present: Presence, idle: timedelta) -> Sequence[SignInShown]:
    """Where the person is signed in now, the latest used first."""
    now = desk.wall()
    return [SignInShown(row.token_hash[:16], row.device, row.way, row.created_at, row.last_seen_at, row.token_hash == hashed(present.token))
            for row in sessions.sessions_of(session, present.actor.account_id)
            if now - row.last_seen_at <= idle and now - row.created_at <= LONGEST_SIGN_IN]
