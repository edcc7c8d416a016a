"""Setting up the second step of signing in, renewing its recovery codes, removing it. `one_time_codes` checks the codes."""

from __future__ import annotations

from dataclasses import dataclass

import pyotp

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.account_told import NEW_CODES, PASSKEY_GONE, SECOND_STEP_ADDED, SECOND_STEP_GONE, tell_owner
from breachdesk.casework.signing_in.one_time_codes import app_shows, deciphered, enciphered, new_recovery_codes
from breachdesk.casework.signing_in.sessions import Presence, end_sessions_of
from breachdesk.errors import Invalid, Refused
from breachdesk.store import second_factors as rows
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

_WRONG = "That code is not right. Codes change every 30 seconds: take the one that the app shows now."


@dataclass(frozen=True, slots=True)
class Setup:
    """What an app needs to know, while the second step is being set up."""

    secret: str
    address: str

    @property
    def in_groups(self) -> str:
        return " ".join(self.secret[start:start + 4] for start in range(0, len(self.secret), 4))


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """Where somebody's second step stands: nothing yet, being set up, or in use."""

    setup: Setup | None
    in_use: bool
    codes_left: int


def second_factor(session: Session, desk: Desk, present: Presence) -> SecondFactor:
    account_id = present.actor.account_id
    row = rows.factor_of(session, account_id)
    if row is None or row.confirmed_at:
        return SecondFactor(None, row is not None, rows.recovery_codes_left(session, account_id) if row else 0)
    secret = deciphered(desk, row.secret)
    return SecondFactor(Setup(secret, pyotp.TOTP(secret).provisioning_uri(name=present.actor.email, issuer_name="Breachdesk")),
                        in_use=False, codes_left=0)


def begin_setup(desk: Desk, present: Presence) -> None:
    """Make a secret for an app. It counts once a code from the app was right. Raises Refused when there is an app in use."""
    kept = enciphered(desk, pyotp.random_base32())

    def work(session: Session) -> None:
        if rows.is_in_use(session, present.actor.account_id):
            raise Refused("You have set the second step up already. To use another app, remove it first.")
        rows.put_factor(session, present.actor.account_id, kept, desk.wall())
    desk.database.transact(work)


def finish_setup(desk: Desk, present: Presence, code: str) -> list[str]:
    """The app shows the right code, so it is in use from now on; the recovery codes, which are shown only now. Raises Invalid or Refused.

    Every other sign-in of the account ends: it was made without the second step.
    """
    account_id = present.actor.account_id

    def work(session: Session) -> list[str]:
        row = rows.factor_of(session, account_id)
        if row is None or row.confirmed_at:
            raise Refused("There is nothing to confirm. Begin with setting the second step up.")
        if not app_shows(session, desk, account_id, deciphered(desk, row.secret), code):
            raise Invalid({"code": _WRONG})
        rows.confirm_factor(session, account_id, desk.wall())
        end_sessions_of(session, account_id, "second step set up", but=present.token)
        _record(session, desk, account_id, "account:second_factor_set_up", Doer(account_id, "account"))
        tell_owner(session, desk, account_id, SECOND_STEP_ADDED)
        return new_recovery_codes(session, desk, account_id)
    return desk.database.transact(work)


def renew_recovery_codes(desk: Desk, present: Presence) -> list[str]:
    """New recovery codes; the old ones are worth nothing any more. Raises Refused without a second step."""
    def work(session: Session) -> list[str]:
        if not rows.is_in_use(session, present.actor.account_id):
            raise Refused("Recovery codes belong to the second step. Set it up first.")
        tell_owner(session, desk, present.actor.account_id, NEW_CODES)
        return new_recovery_codes(session, desk, present.actor.account_id)
    return desk.database.transact(work)


def remove(desk: Desk, present: Presence) -> None:
    """Take the second step away, by the person; every other sign-in ends."""
    account_id = present.actor.account_id

    def work(session: Session) -> None:
        if rows.forget_factor(session, account_id):
            end_sessions_of(session, account_id, "second step removed", but=present.token)
            _record(session, desk, account_id, "account:second_factor_removed", Doer(account_id, "account"))
            tell_owner(session, desk, account_id, SECOND_STEP_GONE)
    desk.database.transact(work)


def reset(session: Session, desk: Desk, doer: Doer, account_id: int) -> bool:
    """Take the second step and the passkeys away from somebody who has lost their device; every sign-in ends. False when there was none."""
    app, passkeys = rows.forget_factor(session, account_id), rows.forget_passkeys(session, account_id)
    if not app and not passkeys:
        return False
    end_sessions_of(session, account_id, "second step reset by the operator")
    _record(session, desk, account_id, "account:second_factor_removed", doer)
    if app:
        tell_owner(session, desk, account_id, SECOND_STEP_GONE)
    if passkeys:
        tell_owner(session, desk, account_id, PASSKEY_GONE)
    return True


def _record(session: Session, desk: Desk, account_id: int, event: str, doer: Doer) -> None:
    record_for_desk(session, event, desk.now(session), doer, {"account": account_id})
