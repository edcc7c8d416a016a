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

import structlog

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.one_time_codes import code_is_right
from breachdesk.casework.signing_in.passwords import matches
from breachdesk.casework.signing_in.tries import forget_tries, require_try
from breachdesk.clock import local_day, wall_time
from breachdesk.errors import SignInNeeded
from breachdesk.identity import Actor
from breachdesk.store import mailed_links, people, sessions
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.second_factors import is_in_use
from breachdesk.store.session import Session

log = structlog.get_logger()
LONGEST_SIGN_IN = timedelta(hours=12)
# How long the second step may take after the first.
LONGEST_HALFWAY = timedelta(minutes=10)
# Whoever holds one of these in any scheme needs a second step on a real desk.
NEED_SECOND_FACTOR = frozenset({"coordinator", "operator"})
PASSKEY = "passkey"
# A sign-in is named on its owner's page by the beginning of its hash.
KEY_LENGTH = 16
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
    must_set_up: bool = False

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
        log.warning("sign_in_refused", step="password", account=row.id if row else 0, place=place.address)
        return None

    def work(session: Session) -> str:
        forget_tries(session, desk, "password", account=email, address=place.address)
        return begin(session, desk, row.id, "password", place)
    return desk.database.transact(work)


def _tried(session: Session, desk: Desk, email: str, place: Place) -> Any:
    require_try(session, desk, "password", account=email, address=place.address)
    return sessions.account_by_email(session, email)


def begin(session: Session, desk: Desk, account_id: int, way: str, place: Place) -> str:
    """Begin a sign-in of somebody who has proved who they are; its token.

    With a second step it is halfway until that was taken. A passkey is both steps in one: something held, and a finger, face or PIN.
    """
    token, now = secrets.token_urlsafe(32), desk.wall()
    halfway = way != PASSKEY and is_in_use(session, account_id)
    sessions.begin_session(session, hashed(token), account_id, now, way=way, device=place.device, halfway=halfway)
    if not halfway:
        _note_began(session, desk, account_id)
    return token


def _note_began(session: Session, desk: Desk, account_id: int) -> None:
    record_for_desk(session, "session:began", desk.now(session), Doer(account_id, "account"), {"account": account_id})


def waits_for_second_step(desk: Desk, token: str) -> bool:
    """Whether this is a sign-in whose second step is still to come."""
    with desk.database.read() as session:
        return _halfway(session, desk, token) is not None


def _halfway(session: Session, desk: Desk, token: str) -> Any:
    row = sessions.live_session(session, hashed(token), halfway=True)
    return row if row and desk.wall() - row.created_at <= LONGEST_HALFWAY else None


def take_second_step(desk: Desk, token: str, code: str, place: Place) -> str | None:
    """Finish a sign-in with a code: a new token, or None when the code is wrong. Raises TooManyTries, or SignInNeeded when it is late."""
    def tried(session: Session) -> int:
        row = _halfway(session, desk, token)
        if row is None:
            raise SignInNeeded
        require_try(session, desk, "code", account=str(row.account_id), address=place.address)
        return int(row.account_id)
    account_id = desk.database.transact(tried)

    def work(session: Session) -> str | None:
        if not code_is_right(session, desk, account_id, code) or not (new := confirmed(session, desk, token)):
            return None
        forget_tries(session, desk, "code", account=str(account_id), address=place.address)
        _note_began(session, desk, account_id)
        return new
    if (new := desk.database.transact(work)) is None:
        log.warning("sign_in_refused", step="code", account=account_id, place=place.address)
    return new


def presence(desk: Desk, token: str) -> Presence | None:
    """Who holds this token, as they are today; None when the sign-in ended, was idle too long or is too old."""
    with desk.database.read() as session:
        row = sessions.live_session(session, hashed(token))
        now = desk.wall()
        if row is None or now - row.last_seen_at > desk.idle or now - row.created_at > LONGEST_SIGN_IN:
            return None
        actor = people.actor_by_id(session, row.account_id, local_day(desk.now(session)))
    if actor is None:
        return None
    if now - row.last_seen_at > timedelta(minutes=1):
        desk.database.transact(lambda session: sessions.touch_session(session, hashed(token), now))
    must_set_up = not desk.practice and not row.second_factor and any(role in NEED_SECOND_FACTOR for _, role in actor.roles)
    return Presence(token, actor, row.created_at, row.confirmed_at or row.created_at, row.way, bool(row.second_factor), must_set_up)


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


def confirm(desk: Desk, present: Presence, password: str, code: str, place: Place) -> str | None:
    """Prove again who one is, in as many steps as signing in takes; the sign-in's new token, or None. Raises TooManyTries."""
    account_id = present.actor.account_id

    def tried(session: Session) -> Any:
        require_try(session, desk, "password", account=present.actor.email, address=place.address)
        return sessions.account_by_id(session, account_id)
    row = desk.database.transact(tried)
    if not matches(row.password_hash if row else "", password):
        return None

    def work(session: Session) -> str | None:
        if present.second_factor and not code_is_right(session, desk, account_id, code):
            return None
        forget_tries(session, desk, "password", account=present.actor.email, address=place.address)
        return confirmed(session, desk, present.token)
    return desk.database.transact(work)


def confirmed(session: Session, desk: Desk, token: str) -> str | None:
    """The sign-in goes on under a new token, whole and as just confirmed; None when it ended meanwhile."""
    new = secrets.token_urlsafe(32)
    return new if sessions.confirm_session(session, hashed(token), hashed(new), desk.wall()) else None


@dataclass(frozen=True, slots=True)
class SignInShown:
    """A sign-in, for the person whose it is."""

    key: str
    device: str
    way: str
    since: datetime
    last_seen_at: datetime
    here: bool


def live_sign_ins(session: Session, desk: Desk, account_id: int, *, here: str = "") -> Sequence[SignInShown]:
    """Where somebody is signed in now, the latest used first. HERE is the token of the sign-in that asks."""
    now, own = desk.wall(), hashed(here)
    return [SignInShown(row.token_hash[:KEY_LENGTH], row.device, row.way, row.created_at, row.last_seen_at, row.token_hash == own)
            for row in sessions.sessions_of(session, account_id)
            if now - row.last_seen_at <= desk.idle and now - row.created_at <= LONGEST_SIGN_IN]
