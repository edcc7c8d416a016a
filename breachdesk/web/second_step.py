"""The second step of signing in: giving the code, setting the step up, renewing its recovery codes, removing it."""

from __future__ import annotations

import segno
from flask import Blueprint, redirect, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from breachdesk.casework.signing_in import second_factors
from breachdesk.errors import Invalid, SignInNeeded, TooManyTries
from breachdesk.gate import sessions
from breachdesk.gate.addresses import ours
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.web.account import back_to_account, me

pages = Blueprint("second_step", __name__)
_WRONG = "That code is not right. Take the one that the app shows now; each works once. Or give one of your recovery codes."


@pages.get("/sign-in/code")
@needs(Permission.SIGN_IN)
def code() -> Answer:
    if not sessions.waits_for_code():
        return _too_late()
    return _code("", ours(request.args.get("next", "")))


@pages.post("/sign-in/code")
@needs(Permission.SIGN_IN)
def give_code() -> Answer:
    after = ours(request.form.get("next", ""))
    try:
        entered = sessions.take_second_step(request.form.get("code", "")[:40])
    except TooManyTries as error:
        return _code(str(error), after), 429
    except SignInNeeded:
        return _too_late()
    return redirect(after or url_for("home.page")) if entered else (_code(_WRONG, after), 422)


def _code(error: str, after: str) -> str:
    return render_template("sign_in/code.html", error=error, next=after)


def _too_late() -> Answer:
    return render_template("sign_in/too_late.html"), 410


@pages.get("/account/second-step")
@needs(Permission.OWN_ACCOUNT)
def page() -> str:
    return _page("")


@pages.post("/account/second-step")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def begin() -> Response:
    second_factors.begin_setup(the_desk(), me())
    return redirect(url_for("second_step.page"), code=303)


@pages.post("/account/second-step/finish")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def finish() -> Answer:
    """The recovery codes are in this answer and nowhere else."""
    try:
        codes = second_factors.finish_setup(the_desk(), me(), request.form.get("code", "")[:40])
    except Invalid as faults:
        return _page(faults.fields["code"]), 422
    return render_template("account/recovery_codes.html", codes=codes, first=True)


@pages.post("/account/second-step/recovery-codes")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def renew() -> Answer:
    return render_template("account/recovery_codes.html", codes=second_factors.renew_recovery_codes(the_desk(), me()), first=False)


@pages.post("/account/second-step/remove")
@needs(Permission.OWN_ACCOUNT, fresh=True)
def remove() -> Answer:
    second_factors.remove(the_desk(), me())
    return back_to_account("The second step is removed. From now on the first is enough.")


def _page(error: str) -> str:
    with reading() as session:
        second = second_factors.second_factor(session, the_desk(), me())
    return render_template("account/second_step.html", me=me(), second=second, error=error,
                           picture=_picture(second.setup.address) if second.setup else "")


def _picture(address: str) -> Markup:
    """The address as a QR code, drawn in the page itself: our policy lets no picture in from elsewhere, and needs no style."""
    drawn = segno.make(address, error="m").svg_inline(scale=5, border=4, svgclass="desk-qr", lineclass=None, light="#fff", omitsize=True)
    return Markup(drawn)  # noqa: S704  Made of squares, not of anybody's words.
