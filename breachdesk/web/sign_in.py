"""Signing in and out, and asking for a link by mail: to sign in with, or to choose a new password."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.signing_in.mailed_links import PASSWORD, SIGN_IN, ask_for_link_by_email
from breachdesk.casework.signing_in.passkeys import can_be_used
from breachdesk.casework.signing_in.tries import require_try
from breachdesk.errors import TooManyTries
from breachdesk.gate import sessions
from breachdesk.gate.addresses import ours
from breachdesk.gate.current import the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.identity import NOBODY
from breachdesk.permissions import Permission
from breachdesk.store.session import Session

pages = Blueprint("sign_in", __name__)
_WRONG = "The email address or the password is not right. Check both, and try again."
_NO_ADDRESS = "Give an email address, like name@organisation.example."
_TOO_OFTEN = "{error} Or sign in with a link by mail, below: that still works."
_LINKS = {"link": SIGN_IN, "password": PASSWORD}


@pages.get("/sign-in")
@needs(Permission.SIGN_IN)
def form() -> Answer:
    if the_actor() != NOBODY:
        return redirect(url_for("home.page"))
    return sign_in_form("", "", ours(request.args.get("next", "")))


@pages.post("/sign-in")
@needs(Permission.SIGN_IN)
def enter() -> Answer:
    email, password, after = (request.form.get(name, "") for name in ("email", "password", "next"))
    try:
        if entered := sessions.begin(email, password, ours(after)):
            return cast(Response, entered)
    except TooManyTries as error:
        return sign_in_form(email, _TOO_OFTEN.format(error=error), ours(after)), 429
    return sign_in_form(email, _WRONG, ours(after)), 422


def sign_in_form(email: str, error: str, after: str) -> str:
    """The page with every way to sign in that this desk has."""
    desk = the_desk()
    return render_template("sign_in/form.html", email=email, error=error, next=after, passkeys=can_be_used(desk), provider=desk.provider)


@pages.get("/sign-in/<any(link, password):what>")
@needs(Permission.SIGN_IN)
def ask(what: str) -> Answer:
    """Ask for a link by mail. Whoever was on the way somewhere goes there when the link is opened in the same browser."""
    if after := ours(request.args.get("next", "")):
        sessions.keep_way(after)
    return render_template("sign_in/ask.html", what=what, email=request.args.get("email", "")[:254], error="")


@pages.post("/sign-in/<any(link, password):what>")
@needs(Permission.SIGN_IN)
def asked(what: str) -> Answer:
    """The same answer for an address that somebody has and one that nobody has; whether a mail goes out is settled when mail is sent."""
    email = request.form.get("email", "").strip()[:254]
    if "@" not in email:
        return render_template("sign_in/ask.html", what=what, email=email, error=_NO_ADDRESS), 422

    def work(session: Session) -> None:
        require_try(session, the_desk(), "link", account=email.casefold(), address=sessions.place().address)
        ask_for_link_by_email(session, the_desk(), email, _LINKS[what])
    try:
        the_desk().database.transact(work)
    except TooManyTries as error:
        return render_template("sign_in/ask.html", what=what, email=email, error=str(error)), 429
    return render_template("sign_in/asked.html", what=what, email=email)


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
