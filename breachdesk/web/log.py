"""The desk's own log, newest first, and the question whether the whole record is as it was written."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from breachdesk.casework.log.auditing import Verified, verify
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.log.record_state import state_of_record
from breachdesk.errors import LogBroken, NotFound
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("log", __name__)


@pages.get("/log")
@needs(Permission.READ_LOG)
def page() -> str:
    return _page(request.args.get("before", ""))


@pages.post("/log")
@needs(Permission.READ_LOG)
def check() -> str:
    """Check the whole record now. It is asked for by a button, because on a large desk it takes a while."""
    try:
        return _page("", verified=verify(the_desk()))
    except LogBroken as fault:
        return _page("", fault=str(fault))


def _page(before: str, verified: Verified | None = None, fault: str = "") -> str:
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise NotFound("The log has no such page. Go back to its beginning.")
    with reading() as session:
        lines, further = desk_log(session, int(before) if before else None)
        state = state_of_record(session, the_desk())
    return render_template("log/page.html", lines=lines, further=further, state=state, verified=verified, fault=fault, first=not before)
