"""Links that come by mail: an invitation, signing in, a new password, a new address. Asked for in a request, made when the mail is sent.

The request only writes a row, for a known address and for an unknown one alike. The sweep that sends notices makes the token, keeps its
SHA-256, and sends it. Opening a link changes nothing, since programs open links to look at them; the button on its page uses it, once.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import structlog

from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.account_told import TELLINGS
from breachdesk.casework.signing_in.kept_forms import LASTS
from breachdesk.casework.signing_in.sessions import hashed
from breachdesk.clock import LOCAL
from breachdesk.errors import DeliveryFailed
from breachdesk.links import forgotten_password, mailed_link
from breachdesk.mail.mailer import Message
from breachdesk.mail.rendering import rendered
from breachdesk.store import kept_forms, mailed_links, sessions, tries
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date

log = structlog.get_logger()
INVITATION, SIGN_IN, PASSWORD, ADDRESS = "invitation", "sign_in", "password", "address"
# What lets somebody in lasts as long as it takes to look into a mailbox. An invitation goes to somebody who does not wait for it, often on
# another day, and to an account in which nothing is yet.
SHORT, LONG = timedelta(minutes=10), timedelta(days=7)
# A request that could not be sent for this long is dropped: nobody waits for it any more.
WAITS = timedelta(days=1)
KEPT = timedelta(days=30)
MOST_AT_ONCE = 100
FAILURES_IN_A_ROW = 3


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a link is for: how long it works, its mail's subject, and what the mail says before and after the link."""

    lasts: timedelta
    subject: str
    says: str
    otherwise: str


PURPOSES: Mapping[str, Purpose] = {
    INVITATION: Purpose(LONG, "Your account at {desk}", "An account was made for you at {desk}. Choose a password for it here:",
                        "If you did not expect this, you need not do anything."),
    SIGN_IN: Purpose(SHORT, "Sign in to {desk}", "Here you can sign in, without a password:",
                     "If it was not you who asked for this, you need not do anything: nobody can sign in without this mail."),
    PASSWORD: Purpose(SHORT, "A new password for {desk}", "Here you can choose a new password:",
                      "If it was not you who asked for this, you need not do anything: your password stays as it is."),
    ADDRESS: Purpose(SHORT, "Confirm your address for {desk}",
                     "Somebody asked {desk} to write to you at this address from now on. Confirm it here:",
                     "If it was not you who asked for this, you need not do anything: nothing changes."),
}


def ask_for_link(session: Session, desk: Desk, account_id: int, purpose: str, *, address: str = "") -> None:
    """Let a link be mailed to an account, within a minute or so. ADDRESS is where to, when that is not the account's own."""
    mailed_links.insert_link(session, account_id, _known(purpose), address or None, desk.wall())


def ask_for_link_by_email(session: Session, desk: Desk, email: str, purpose: str) -> None:
    """The same for whoever has that address, if anybody active does. It does the same work either way."""
    row = sessions.account_by_email(session, email.strip().casefold()[:254])
    mailed_links.insert_link(session, row.id if row else None, _known(purpose), None, desk.wall())


def _known(purpose: str) -> str:
    if purpose not in PURPOSES:
        raise ValueError(f"there is no link for “{purpose}”")
    return purpose


def send_waiting_links(desk: Desk) -> tuple[int, int]:
    """Send the links that wait; how many went out, and how often in a row the newest tries failed. Only for the one process that sends."""
    with desk.database.read() as session:
        waiting = list(mailed_links.unsent(session, MOST_AT_ONCE))
    newest = {_meant(row): row.id for row in waiting}
    sent = failed = 0
    for row in waiting:
        if row.id != newest[_meant(row)] or not row.active or desk.wall() - row.asked_at > _patience(row.purpose):
            desk.database.transact(lambda session, row=row: mailed_links.finish(session, row.id, desk.wall()))  # type: ignore[misc]
        elif failed < FAILURES_IN_A_ROW:
            done = _send(desk, row)
            sent, failed = (sent + 1, 0) if done else (sent, failed + 1)
    return sent, failed


def _meant(row: Any) -> tuple[object, ...]:
    """Of several mails to one address for one purpose only the newest goes out."""
    return row.account_id, row.purpose, row.address


def _patience(purpose: str) -> timedelta:
    """How long a mail may wait to be sent; what was changed in an account is worth telling as long as the row is there."""
    return KEPT if purpose in TELLINGS else max(WAITS, PURPOSES[purpose].lasts)


def link_to_hand_over(desk: Desk, account_id: int, purpose: str) -> str:
    """A link to give to somebody in another way than by mail: its address, which is known only now."""
    token = secrets.token_urlsafe(32)

    def work(session: Session) -> None:
        now = desk.wall()
        link_id = mailed_links.insert_link(session, account_id, _known(purpose), None, now)
        mailed_links.give_token(session, link_id, hashed(token), now + PURPOSES[purpose].lasts)
        mailed_links.mark_sent(session, link_id, now, None)
    desk.database.transact(work)
    return mailed_link(desk.base_url, token)


def _send(desk: Desk, row: Any) -> bool:
    """Send one mail, and mark what became of it."""
    message = _telling(desk, row) if row.purpose in TELLINGS else _message(desk, row, _new_token(desk, row))
    failure: DeliveryFailed | None = None
    try:
        desk.mailer.send(message)
    except DeliveryFailed as error:
        failure = error
    except Exception:
        log.exception("link_not_sent", link=row.id)
        failure = DeliveryFailed("The message could not be handed over.", permanent=False)
    # What is refused for good is done with, and its trouble stays; anything else is tried again.
    given_up = failure is not None and failure.permanent
    desk.database.transact(lambda session: mailed_links.mark_sent(
        session, row.id, desk.wall() if failure is None or given_up else None, str(failure)[:500] if failure else None))
    return failure is None or given_up


def _new_token(desk: Desk, row: Any) -> str:
    """Make a link's token and keep its hash. A crash before it is sent makes another at the next try, and the first is worth nothing."""
    token = secrets.token_urlsafe(32)
    expires_at = desk.wall() + PURPOSES[row.purpose].lasts
    desk.database.transact(lambda session: mailed_links.give_token(session, row.id, hashed(token), expires_at))
    return token


def _telling(desk: Desk, row: Any) -> Message:
    """What was changed in an account, to its owner."""
    telling, host = TELLINGS[row.purpose], _host(desk)
    words = {"desk": f"Breachdesk ({host})", "forgotten": forgotten_password(desk.base_url)}
    local = row.asked_at.astimezone(LOCAL)
    says = rendered("told.txt", name=row.name, says=telling.says.format(**words), otherwise=telling.otherwise.format(**words),
                                        when=f"{said_date(local.date())} at {local:%H:%M}", practice=desk.practice)
    return Message(row.name, row.address or row.email, telling.subject.format(**words), says, f"<told-{row.id}@{host}>")


def _host(desk: Desk) -> str:
    return urlsplit(desk.base_url).hostname or "localhost"


def _message(desk: Desk, row: Any, token: str) -> Message:
    purpose, host = PURPOSES[row.purpose], _host(desk)
    words = {"desk": f"Breachdesk ({host})"}
    says = rendered("link.txt",
        name=row.name, says=purpose.says.format(**words), otherwise=purpose.otherwise, lasts=_said_span(purpose.lasts),
        link=mailed_link(desk.base_url, token), practice=desk.practice)
    return Message(row.name, row.address or row.email, purpose.subject.format(**words), says, f"<link-{row.id}.{row.tries + 1}@{host}>")


def _said_span(span: timedelta) -> str:
    """A span in words: “30 minutes”, “7 days”."""
    return f"{span.days} days" if span.days else f"{span.seconds // 60} minutes"


@dataclass(frozen=True, slots=True)
class MailedLink:
    """A link that can be used now, and whose it is."""

    id: int
    account_id: int
    purpose: str
    address: str
    name: str
    email: str


def link_of(session: Session, desk: Desk, token: str) -> MailedLink | None:
    """The link that a token opens; None when it is unknown, used, too old, or its account is not active. Looking changes nothing."""
    row = mailed_links.by_token(session, hashed(token), desk.wall())
    return MailedLink(row.id, row.account_id, row.purpose, row.address or "", row.name, row.email) if row else None


def use_link(session: Session, desk: Desk, link: MailedLink) -> bool:
    """Use a link up. False when somebody was faster: then nothing may follow from it."""
    return mailed_links.finish(session, link.id, desk.wall())


def forget_old(desk: Desk) -> None:
    """Throw away what is long over: links, how often something was tried, forms that nobody came back to."""
    def work(session: Session) -> None:
        mailed_links.forget_before(session, desk.wall() - KEPT)
        tries.forget_before(session, desk.wall() - timedelta(days=1))
        kept_forms.forget_before(session, desk.wall() - LASTS)
    desk.database.transact(work)


def in_trouble(session: Session) -> Sequence[str]:
    """The mails that could not be sent yet, in words."""
    return [f"a mail ({row.purpose.replace('_', ' ')}) to {row.name}: {row.trouble}" for row in mailed_links.in_trouble(session)]
