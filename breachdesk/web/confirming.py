"""Confirm that it is you: before a step that reaches far, somebody proves it again, and goes on where they were."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.errors import TooManyTries
from breachdesk.gate import sessions
from breachdesk.gate.addresses import ours
from breachdesk.gate.current import the_presence
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("confirming", __name__)
_WRONG = "The password is not right. Try again."
_WRONG_OR_CODE = "The password or the code is not right. A code works once: take the newest."


@pages.get("/confirm")
@needs(Permission.OWN_ACCOUNT)
def form() -> str:
    return _form("", ours(request.args.get("next", "")))


@pages.post("/confirm")
@needs(Permission.OWN_ACCOUNT)
def enter() -> str | Response | tuple[str, int]:
    after = ours(request.form.get("next", ""))
    try:
        if sessions.confirm(request.form.get("password", ""), request.form.get("code", "")[:40]):
            return redirect(after or url_for("home.page"))
    except TooManyTries as error:
        return _form(str(error), after), 429
    present = the_presence()
    return _form(_WRONG_OR_CODE if present and present.second_factor else _WRONG, after), 422


def _form(error: str, after: str) -> str:
    return render_template("confirming/form.html", error=error, next=after, me=the_presence())
