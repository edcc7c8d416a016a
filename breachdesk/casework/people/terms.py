"""The terms of use: which version holds, who has accepted it, and asking once, before anything else.

A practice desk asks nobody: nothing on it is real. The words are in `templates/terms/page.html`; whoever changes what they mean gives
them the next version here, and everybody is asked again.
"""

from __future__ import annotations

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.errors import NotPermitted
from breachdesk.identity import NOBODY, Actor
from breachdesk.store import roles
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

VERSION = "1"


def must_accept(desk: Desk, actor: Actor) -> bool:
    """Whether somebody has to read and accept the terms before they go on."""
    return actor != NOBODY and not desk.practice and actor.terms != VERSION


def accept_terms(desk: Desk, actor: Actor) -> None:
    """Note that somebody accepted the terms as they are now. Raises NotPermitted for somebody who is not signed in."""
    if actor == NOBODY:
        raise NotPermitted("Sign in first: the terms are accepted by somebody, not by nobody.")
    desk.database.transact(lambda session: _accept_terms_within(session, desk, actor.account_id))


def _accept_terms_within(session: Session, desk: Desk, account_id: int) -> None:
    """The same, inside a transaction. Accepting twice is noted once."""
    row = roles.account_row(session, account_id=account_id)
    if row is None or row.terms_version == VERSION:
        return
    roles.note_terms(session, account_id, VERSION, desk.now(session))
    record_for_desk(session, "terms:accepted", desk.now(session), Doer(account_id, "account"), {"account": account_id, "version": VERSION})
