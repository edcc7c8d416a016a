"""Signing in and out."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.gate import sessions
from breachdesk.gate.current import the_actor
from breachdesk.gate.needs import needs
from breachdesk.identity import NOBODY
from breachdesk.permissions import Permission

pages = Blueprint("sign_in", __name__)
_WRONG = "The email address or the password is not right. Check both, and try again."


@pages.get("/sign-in")
@needs(Permission.SIGN_IN)
def form() -> str | Response:
    if the_actor() != NOBODY:
        return redirect(url_for("home.page"))
    return render_template("sign_in/form.html", email="", error="", next=_safe(request.args.get("next", "")))


@pages.post("/sign-in")
@needs(Permission.SIGN_IN)
def enter() -> str | Response | tuple[str, int]:
    email, password, after = (request.form.get(name, "") for name in ("email", "password", "next"))
    if not sessions.begin(email, password):
        return render_template("sign_in/form.html", email=email, error=_WRONG, next=_safe(after)), 422
    return redirect(_safe(after) or url_for("home.page"))


@pages.get("/sign-out")
@needs(Permission.SIGN_IN)
def leaving() -> str:
    return render_template("sign_in/leaving.html")


@pages.post("/sign-out")
@needs(Permission.SIGN_IN)
def leave() -> Response:
    sessions.end()
    flash("You have signed out.", "done")
    return redirect(url_for("front.page"))


def _safe(address: str) -> str:
    """An address of ours to go on to, or nothing: never another site's."""
    parts = urlsplit(address.replace("\\", "/"))
    ours = address.startswith("/") and not address.startswith("//") and not parts.netloc and not parts.scheme
    return address if ours and address.isprintable() else ""
