"""Confirm that it is you: before a step that reaches far, somebody proves it again, and goes on where they were."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.signing_in.passkeys import can_be_used, own_passkeys
from breachdesk.errors import TooManyTries
from breachdesk.gate import sessions
from breachdesk.gate.addresses import ours
from breachdesk.gate.current import reading, the_desk, the_presence
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("confirming", __name__)
_WRONG = "The password is not right. Try again."
_WRONG_OR_CODE = "The password or the code is not right. A code works once: take the newest."


@pages.get("/confirm")
@needs(Permission.OWN_ACCOUNT)
def form() -> str:
    return confirm_form("", ours(request.args.get("next", "")))


@pages.post("/confirm")
@needs(Permission.OWN_ACCOUNT)
def enter() -> str | Response | tuple[str, int]:
    after = ours(request.form.get("next", ""))
    try:
        if sessions.confirm(request.form.get("password", ""), request.form.get("code", "")[:40]):
            return redirect(after or url_for("home.page"))
    except TooManyTries as error:
        return confirm_form(str(error), after), 429
    present = the_presence()
    return confirm_form(_WRONG_OR_CODE if present and present.second_factor else _WRONG, after), 422


def confirm_form(error: str, after: str) -> str:
    """The page with every way to confirm that this person has."""
    present = the_presence()
    with reading() as session:
        has_passkey = present is not None and can_be_used(the_desk()) and bool(own_passkeys(session, present))
    return render_template("confirming/form.html", error=error, next=after, me=present, has_passkey=has_passkey)
