"""Mails to whoever an account belongs to, once something about how they sign in was changed: what, and what to do if it was not them.

Each is a row among the mailed links, without a link, written in the transaction of the change; `mailed_links` sends it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from breachdesk.casework.desk import Desk
from breachdesk.store import mailed_links
from breachdesk.store.session import Session

NEW_PASSWORD, NEW_ADDRESS = "new_password", "new_address"
SECOND_STEP_ADDED, SECOND_STEP_GONE, NEW_CODES = "second_step_added", "second_step_gone", "new_recovery_codes"
PASSKEY_ADDED, PASSKEY_GONE = "passkey_added", "passkey_gone"
_IF_NOT_YOU = ("If it was not you, somebody else can use your account. Choose a new password at once: that signs everybody out. Then look "
               "under “My account” at the second step and the passkeys, and tell the coordinator.\n\n  {forgotten}")


@dataclass(frozen=True, slots=True)
class Telling:
    """What a mail says has happened, and what to do if its reader did not do it."""

    subject: str
    says: str
    otherwise: str = _IF_NOT_YOU


TELLINGS: Mapping[str, Telling] = {
    NEW_PASSWORD: Telling("Your password for {desk} was changed", "A new password was chosen for your account at {desk}."),
    NEW_ADDRESS: Telling(
        "Your address for {desk} was changed", "Your account at {desk} has another address from now on. Mail goes there, and you sign in "
        "with it; this is the last message to this one.", "If it was not you, somebody else has your account, and a new password would go "
        "to them. Tell the coordinator at once: they can switch the account off."),
    SECOND_STEP_ADDED: Telling("A second step of signing in to {desk} was set up",
                               "Signing in to your account at {desk} takes a code from an authenticator app from now on."),
    SECOND_STEP_GONE: Telling("The second step of signing in to {desk} was removed",
                              "Signing in to your account at {desk} takes no code any more, until a second step is set up anew."),
    NEW_CODES: Telling("New recovery codes for {desk}", "New recovery codes were made for your account at {desk}. The old ones are worth "
                       "nothing any more."),
    PASSKEY_ADDED: Telling("A passkey for {desk} was added", "Your account at {desk} has a further passkey, which signs in "
                           "without a password."),
    PASSKEY_GONE: Telling("A passkey for {desk} was removed", "A passkey of your account at {desk} was removed."),
}


def tell_owner(session: Session, desk: Desk, account_id: int, what: str, *, address: str = "") -> None:
    """Let the account's owner be told WHAT was changed, by a mail to ADDRESS when that is not the account's own any more."""
    if what not in TELLINGS:
        raise ValueError(f"there is nothing to tell about “{what}”")
    mailed_links.insert_link(session, account_id, what, address or None, desk.wall())
