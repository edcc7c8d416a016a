"""People: accounts made by an operator, and what they are in which scheme and organisation. `sessions` lets them in."""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.passwords import hash_password, require_good_password
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, Refused
from breachdesk.identity import SCHEME_ROLES
from breachdesk.store import accounts
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

SECTORS = ("statutory", "voluntary", "other")
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
    if new.password:
        require_good_password(desk, new.password, new.name, new.email)
    password = new.password or secrets.token_urlsafe(12)
    password_hash = hash_password(password)
    desk.database.transact(lambda session: add_account_within(session, desk, doer, new, password_hash))
    return password


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


def is_address(email: str) -> bool:
    """Whether this is one address that mail can go to."""
    return len(email) <= 254 and bool(re.fullmatch(r"[^@\s,;<>\"()\\]+@[^@\s,;<>\"()\\]+\.[^@\s,;<>\"()\\.]+", email))


def _faults(session: Session, new: NewAccount, email: str) -> dict[str, str]:
    faults: dict[str, str] = {}
    if not is_address(email):
        faults["email"] = f"“{new.email[:80]}” is not one email address, like name@organisation.example."
    elif accounts.account_exists(session, email):
        faults["email"] = f"There is an account for {email} already."
    if not new.name.strip() or not new.name.isprintable() or len(new.name) > 200:
        faults["name"] = "Give a name of at most 200 characters, on one line."
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
