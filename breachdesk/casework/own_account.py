"""What people do with their own account: choose a password, sign in by a mailed link, confirm an address."""

from __future__ import annotations

from breachdesk.audit.chain import Doer
from breachdesk.casework import sessions
from breachdesk.casework.desk import Desk
from breachdesk.casework.mailed_links import MailedLink, use_link
from breachdesk.casework.passwords import hash_password, require_good_password
from breachdesk.casework.sessions import Place
from breachdesk.store import accounts
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
    sessions.end_sessions_of(session, account_id, "password changed", but=but)
    record_for_desk(session, "account:password_changed", desk.now(session), Doer(account_id, "account"), {"account": account_id})


def confirm_address(desk: Desk, link: MailedLink) -> bool:
    """Use a link to take its address for the account's own. False when somebody was faster, or has that address by now."""
    def work(session: Session) -> bool:
        if accounts.account_exists(session, link.address) or not use_link(session, desk, link):
            return False
        rows.set_email(session, link.account_id, link.address)
        sessions.end_sessions_of(session, link.account_id, "address changed")
        record_for_desk(session, "account:address_changed", desk.now(session), Doer(link.account_id, "account"),
                        {"account": link.account_id})
        return True
    return desk.database.transact(work)
