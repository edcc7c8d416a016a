"""People and their sign-ins: accounts made by an operator, passwords as argon2 hashes, sign-ins as rows that can be ended."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from hashlib import sha256

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, Refused
from breachdesk.identity import Actor
from breachdesk.store import accounts, people
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

SCHEME_ROLES = ("coordinator", "critical_friend", "panel_member", "steering_group", "stand_in", "operator")
SECTORS = ("statutory", "voluntary", "other")
SHORTEST_PASSWORD, LONGEST_PASSWORD = 12, 200
LONGEST_SIGN_IN = timedelta(hours=12)


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _dummy_hash() -> str:
    """A hash to check when nobody has that address, so that it takes as long as when somebody has."""
    return _hasher().hash(secrets.token_urlsafe())


@dataclass(frozen=True, slots=True)
class NewAccount:
    """Somebody who is to have an account. `password` empty: one is made and handed back once."""

    email: str
    name: str
    organisations: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    scheme: str = ""
    sector: str = ""
    area: str = ""
    password: str = ""


def add_account(desk: Desk, doer: Doer, new: NewAccount) -> str:
    """Make an account; its password. Raises Invalid, by field."""
    password = new.password or secrets.token_urlsafe(12)
    password_hash = _hasher().hash(password)
    desk.database.transact(lambda session: add_account_within(session, desk, doer, new, password_hash))
    return password


def hash_password(password: str) -> str:
    return _hasher().hash(password)


def add_account_within(session: Session, desk: Desk, doer: Doer, new: NewAccount, password_hash: str) -> int:
    """The same, inside a transaction and with the password hashed already; the account's id."""
    email = new.email.strip().casefold()
    if faults := _faults(session, new, email):
        raise Invalid(faults)
    now = desk.now(session)
    account_id = accounts.insert_account(session, email, new.name.strip(), password_hash, desk.wall())
    places = [accounts.organisation_id(session, slug) or 0 for slug in new.organisations]
    for place in places:
        accounts.insert_membership(session, account_id, place, local_day(now))
    for role in new.roles:
        scheme = desk.scheme(session, new.scheme)
        accounts.insert_role(session, account_id, scheme.id, role, local_day(now), sector=new.sector, area=new.area)
    record_for_desk(session, "account:added", now, doer, {"account": account_id, "roles": list(new.roles), "organisations": places})
    return account_id


def _faults(session: Session, new: NewAccount, email: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not re.fullmatch(r"[^@\s,;<>\"()\\]+@[^@\s,;<>\"()\\]+\.[^@\s,;<>\"()\\.]+", email) or len(email) > 254:
        faults["email"] = f"“{new.email[:80]}” is not one email address, like name@organisation.example."
    elif accounts.account_exists(session, email):
        faults["email"] = f"There is an account for {email} already."
    if not new.name.strip() or not new.name.isprintable() or len(new.name) > 200:
        faults["name"] = "Give a name of at most 200 characters, on one line."
    if new.password and not SHORTEST_PASSWORD <= len(new.password) <= LONGEST_PASSWORD:
        faults["password"] = f"A password has from {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters."
    for slug in new.organisations:
        if accounts.organisation_id(session, slug) is None:
            faults["organisation"] = f"There is no organisation “{slug}”. Add it first: breachdesk organisation add."
    for role in new.roles:
        if role not in SCHEME_ROLES:
            faults["role"] = f"There is no role “{role}”. Roles are: {', '.join(SCHEME_ROLES)}."
    if new.roles and not new.scheme:
        faults["scheme"] = "A role is held in a scheme. Say in which."
    return faults


def add_organisation(session: Session, desk: Desk, doer: Doer, name: str, sector: str, *, kind: str = "", area: str = "") -> str:
    """Add an organisation; its short name, for files and commands. Raises Invalid or Refused."""
    if sector not in SECTORS:
        raise Invalid({"sector": f"There is no sector “{sector}”. Sectors are: {', '.join(SECTORS)}."})
    slug = re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60]
    if not slug or not name.isprintable() or len(name) > 200:
        raise Invalid({"name": "Give the organisation's name in letters, at most 200 characters, on one line."})
    if accounts.organisation_id(session, slug) is not None:
        raise Refused(f"There is an organisation called “{slug}” already.")
    added = accounts.insert_organisation(session, slug, name.strip(), sector, kind, area)
    record_for_desk(session, "organisation:added", desk.now(session), doer, {"organisation": added, "sector": sector})
    return slug


def sign_in(desk: Desk, email: str, password: str) -> str | None:
    """A new session's token, or None: unknown address, wrong password and deactivated account look and take the same."""
    def work(session: Session) -> str | None:
        row = accounts.sign_in_row(session, email.strip().casefold()[:254])
        if not _matches(row.password_hash if row else _dummy_hash(), password[:LONGEST_PASSWORD]) or row is None:
            return None
        token = secrets.token_urlsafe(32)
        accounts.begin_session(session, _hash(token), row.id, desk.wall())
        record_for_desk(session, "session:began", desk.now(session), Doer(row.id, "account"), {"account": row.id})
        return token
    return desk.database.transact(work)


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _hasher().verify(password_hash, password)
    except (VerificationError, InvalidHashError, UnicodeError):
        return False


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


def signed_in(desk: Desk, token: str, idle: timedelta) -> Actor | None:
    """Who holds this token, as they are today; None when the sign-in ended, was idle too long or is too old."""
    with desk.database.read() as session:
        row = accounts.live_session(session, _hash(token))
        now = desk.wall()
        if row is None or now - row.last_seen_at > idle or now - row.created_at > LONGEST_SIGN_IN:
            return None
        actor = people.actor_by_id(session, row.account_id, local_day(desk.now(session)))
    if actor and now - row.last_seen_at > timedelta(minutes=1):
        with desk.database.begin() as session:
            accounts.touch_session(session, _hash(token), now)
    return actor


def sign_out(desk: Desk, token: str) -> None:
    """End a sign-in at once: a copy of its cookie is worth nothing from now on."""
    def work(session: Session) -> None:
        row = accounts.live_session(session, _hash(token))
        if row and accounts.end_session(session, _hash(token), desk.wall()):
            record_for_desk(session, "session:ended", desk.now(session), Doer(row.account_id, "account"), {"account": row.account_id})
    desk.database.transact(work)


@dataclass(frozen=True, slots=True)
class AccountLine:
    """An account in a list."""

    email: str
    name: str
    active: bool
    roles: tuple[str, ...]
    organisations: tuple[str, ...]


def list_accounts(session: Session) -> Sequence[AccountLine]:
    """Every account with its hats, by name."""
    roles, places = accounts.all_roles(session), accounts.all_memberships(session)
    return [AccountLine(row.email, row.name, bool(row.active), tuple(one.role for one in roles if one.account_id == row.id),
                        tuple(one.name for one in places if one.account_id == row.id)) for row in accounts.all_accounts(session)]
