"""After a restore no message goes out until an operator has looked at what waits: some of it was sent before, and is not known to be."""

from __future__ import annotations

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.errors import Refused
from breachdesk.store import desk_row, notices
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session

DROPPED = "not sent: it waited when a backup was restored, and an operator said that it is not to go out"


def release_messages(desk: Desk, doer: Doer, *, drop: bool) -> int:
    """Let messages go out again; with DROP, those that wait now never do. How many waited. Raises Refused when none are held back."""
    def work(session: Session) -> int:
        if desk_row.messages_held_at(session) is None:
            raise Refused("No messages are held back: they go out as they come.")
        waiting = len(notices.held(session))
        if drop:
            notices.drop_waiting(session, desk.wall(), DROPPED)
        desk_row.hold_messages(session, None)
        record_for_desk(session, "messages:released", desk.now(session), doer, {"waiting": waiting, "dropped": drop})
        return waiting
    return desk.database.transact(work)
