"""Passkeys on pages: kept and removed under “My account”, signed in with, confirmed with. They work only in browsers that run scripts."""

from __future__ import annotations

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.signing_in import passkeys
from breachdesk.errors import Invalid, TooManyTries
from breachdesk.gate import sessions
from breachdesk.gate.addresses import ours
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.web.account import back_to_account, me
from breachdesk.web.confirming import confirm_form
from breachdesk.web.sign_in import sign_in_form

pages = Blueprint("passkeys", __name__)
_NOT_PROVED = "That passkey did not let you in. Try it again, or sign in another way."


@pages.get("/account/passkeys")
@needs(Permission.OWN_ACCOUNT)
def page() -> str:
    return _page("")


def _page(error: str) -> str:
    with reading() as session:
        return render_template("account/passkeys.html", me=me(), found=passkeys.own_passkeys(session, me()), error=error,
                               usable=passkeys.can_be_used(the_desk()))


@pages.post("/account/passkeys/options")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def options() -> Any:
    return _asked(passkeys.ask_to_register(the_desk(), me()), "register")


@pages.post("/account/passkeys")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def add() -> Answer:
    try:
        passkeys.register(the_desk(), me(), sessions.take_challenge("register"), request.form.get("credential", ""),
                          request.form.get("name", ""))
    except Invalid as faults:
        return _page(str(faults)), 422
    flash("The passkey is kept. You can sign in with it from now on.", "done")
    return redirect(url_for("passkeys.page"), code=303)


@pages.post("/account/passkeys/<int:number>/remove")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def remove(number: int) -> Answer:
    gone = passkeys.forget(the_desk(), me(), number)
    says = "The passkey is removed, and you are signed out everywhere but here."
    return back_to_account(says if gone else "That passkey was gone already.")


@pages.post("/sign-in/passkey/options")
@needs(Permission.SIGN_IN)
def proof_options() -> Any:
    return _asked(passkeys.ask_to_prove(the_desk()), "prove")


@pages.post("/sign-in/passkey")
@needs(Permission.SIGN_IN)
def enter() -> Answer:
    after = ours(request.form.get("next", ""))
    try:
        token = passkeys.sign_in(the_desk(), sessions.take_challenge("prove"), request.form.get("credential", ""), sessions.place())
    except TooManyTries as error:
        return sign_in_form("", str(error), after), 429
    entered: Response | None = sessions.enter(token, after) if token else None
    return entered or (sign_in_form("", _NOT_PROVED, after), 422)


@pages.post("/confirm/passkey")
@needs(Permission.OWN_ACCOUNT)
def confirm() -> Answer:
    after = ours(request.form.get("next", ""))
    try:
        confirmed = sessions.confirm_with_passkey(request.form.get("credential", ""))
    except TooManyTries as error:
        return confirm_form(str(error), after), 429
    if not confirmed:
        return confirm_form("That was not a passkey of yours. Try again.", after), 422
    return redirect(after or url_for("home.page"))


def _asked(challenge: passkeys.Challenge, purpose: str) -> Any:
    """What the browser hands to the device. The challenge is kept in its signed cookie until the answer comes."""
    sessions.keep_challenge(purpose, challenge.challenge)
    return json.loads(challenge.options)
