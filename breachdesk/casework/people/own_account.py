"""What people do with their own account: choose a password, sign in by a mailed link, confirm an address."""

from __future__ import annotations

from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.people import accounts as accounts_made
from breachdesk.casework.signing_in import sessions
from breachdesk.casework.signing_in.account_told import NEW_ADDRESS, NEW_PASSWORD, tell_owner
from breachdesk.casework.signing_in.mailed_links import ADDRESS, PURPOSES, MailedLink, ask_for_link, use_link
from breachdesk.casework.signing_in.passwords import hash_password, matches, require_good_password
from breachdesk.casework.signing_in.sessions import Place, Presence
from breachdesk.casework.signing_in.tries import forget_tries, require_try
from breachdesk.errors import Invalid
from breachdesk.store import accounts, mailed_links
from breachdesk.store import sessions as rows
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session


def sign_in_by_link(desk: Desk, link: MailedLink, place: Place) -> str | None:
    """Use a link to sign in: a new sign-in's token, or None when somebody was faster."""
    def work(session: Session) -> str | None:
        return sessions.begin(session, desk, link.account_id, "link", place) if use_link(session, desk, link) else None
    return desk.database.transact(work)


def choose_password(desk: Desk, link: MailedLink, password: str) -> bool:
    """Use a link to choose a password: it ends every sign-in of the account. False when somebody was faster. Raises Invalid."""
    require_good_password(desk, password, link.name, link.email)
    kept = hash_password(password)

    def work(session: Session) -> bool:
        if not use_link(session, desk, link):
            return False
        _keep_password(session, desk, link.account_id, kept)
        return True
    return desk.database.transact(work)


def _keep_password(session: Session, desk: Desk, account_id: int, password_hash: str, *, but: str = "") -> None:
    rows.set_password(session, account_id, password_hash)
    # An invitation that still lies in a mailbox would let whoever finds it choose another.
    mailed_links.finish_all(session, account_id, desk.wall(), tuple(PURPOSES))
    sessions.end_sessions_of(session, account_id, "password changed", but=but)
    record_for_desk(session, "account:password_changed", desk.now(session), Doer(account_id, "account"), {"account": account_id})
    tell_owner(session, desk, account_id, NEW_PASSWORD)


def has_password(session: Session, present: Presence) -> bool:
    """Whether the person has ever chosen a password; without one they sign in by mail."""
    row = rows.account_by_id(session, present.actor.account_id)
    return bool(row and row.password_hash)


def change_password(desk: Desk, present: Presence, old: str, new: str, place: Place) -> None:
    """Another password for somebody who knows the old one; every other sign-in ends. Raises Invalid or TooManyTries."""
    actor = present.actor

    def tried(session: Session) -> Any:
        require_try(session, desk, "password", account=actor.email, address=place.address)
        return rows.account_by_id(session, actor.account_id)
    row = desk.database.transact(tried)
    if not matches(row.password_hash if row else "", old):
        raise Invalid({"old": "This is not your password."})
    require_good_password(desk, new, actor.name, actor.email)
    kept = hash_password(new)

    def work(session: Session) -> None:
        forget_tries(session, desk, "password", account=actor.email, address=place.address)
        _keep_password(session, desk, actor.account_id, kept, but=present.token)
    desk.database.transact(work)


def end_sign_in(desk: Desk, present: Presence, key: str) -> bool:
    """End one of the person's own sign-ins, by its key on their page; False when there is none like it."""
    if len(key) != sessions.KEY_LENGTH:
        return False
    return bool(desk.database.transact(lambda session: rows.end_sessions(
        session, present.actor.account_id, desk.wall(), "ended on “My account”", only=key)))


def end_others(desk: Desk, present: Presence) -> None:
    """End every sign-in of the person but the one they use now."""
    desk.database.transact(lambda session: sessions.end_sessions_of(
        session, present.actor.account_id, "ended on “My account”", but=present.token))


def ask_for_address(desk: Desk, present: Presence, address: str, place: Place) -> None:
    """Send a link to an address that somebody wants to have from now on. Raises Invalid or TooManyTries."""
    wanted = address.strip().casefold()
    if not accounts_made.is_address(wanted):
        raise Invalid({"email": f"“{address[:80]}” is not one email address, like name@organisation.example."})

    def work(session: Session) -> None:
        require_try(session, desk, "link", account=present.actor.email, address=place.address)
        ask_for_link(session, desk, present.actor.account_id, ADDRESS, address=wanted)
    desk.database.transact(work)


def confirm_address(desk: Desk, link: MailedLink) -> bool:
    """Use a link to take its address for the account's own. False when somebody was faster, or has that address by now."""
    def work(session: Session) -> bool:
        if accounts.account_exists(session, link.address) or not use_link(session, desk, link):
            return False
        rows.set_email(session, link.account_id, link.address)
        mailed_links.finish_all(session, link.account_id, desk.wall(), tuple(PURPOSES))
        sessions.end_sessions_of(session, link.account_id, "address changed")
        record_for_desk(session, "account:address_changed", desk.now(session), Doer(link.account_id, "account"),
                        {"account": link.account_id})
        tell_owner(session, desk, link.account_id, NEW_ADDRESS, address=link.email)
        return True
    return desk.database.transact(work)
