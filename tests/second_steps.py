"""The authenticator app of the tests: the same for everybody who needs one."""

from __future__ import annotations

from datetime import timedelta

import pyotp

from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.one_time_codes import enciphered
from breachdesk.casework.signing_in.sessions import NEED_SECOND_FACTOR
from breachdesk.clock import local_day
from breachdesk.store import people, second_factors

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def made_ready_for_codes(desk: Desk, email: str) -> None:
    """Somebody who needs the second step has it, with an app that has shown no code yet; anybody else stays as they are."""
    if desk.practice:
        return
    with desk.database.begin() as session:
        actor = people.actor_by_email(session, email, local_day(desk.now(session)))
        if actor and any(role in NEED_SECOND_FACTOR for _, role in actor.roles):
            second_factors.put_factor(session, actor.account_id, enciphered(desk, SECRET), desk.wall(), confirmed_at=desk.wall())


def code_now(desk: Desk, **later: float) -> str:
    """What the app shows now, or so much later."""
    return pyotp.TOTP(SECRET).at(desk.wall() + timedelta(**later))
