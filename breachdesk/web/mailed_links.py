"""The pages that mailed links open. Opening one changes nothing; its one button uses the link, once."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.people import own_account
from breachdesk.casework.signing_in.mailed_links import ADDRESS, SIGN_IN, MailedLink, link_of
from breachdesk.errors import Invalid
from breachdesk.gate import sessions
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission

pages = Blueprint("mailed_links", __name__)


@pages.get("/link/<token>")
@needs(Permission.SIGN_IN)
def look(token: str) -> Answer:
    with reading() as session:
        link = link_of(session, the_desk(), token)
    return _page(link, token) if link else _ended()


@pages.post("/link/<token>")
@needs(Permission.SIGN_IN)
def use(token: str) -> Answer:
    """Do what the link is for. What is wrong with a password is said without using the link up."""
    with reading() as session:
        link = link_of(session, the_desk(), token)
    if link is None:
        return _ended()
    if link.purpose == SIGN_IN:
        begun = own_account.sign_in_by_link(the_desk(), link, sessions.place())
        return (begun and sessions.enter(begun, sessions.take_way())) or _ended()
    if link.purpose == ADDRESS:
        return _done("From now on you sign in with your new address, and mail goes there.") \
            if own_account.confirm_address(the_desk(), link) else _ended()
    try:
        done = own_account.choose_password(the_desk(), link, request.form.get("password", ""))
    except Invalid as faults:
        return _page(link, token, faults.fields["password"]), 422
    return _done("Your password is kept. Sign in with it now.") if done else _ended()


def _page(link: MailedLink, token: str, error: str = "") -> str:
    return render_template("mailed_links/page.html", link=link, token=token, error=error)


def _ended() -> Answer:
    return render_template("mailed_links/ended.html"), 410


def _done(says: str) -> Response:
    flash(says, "done")
    return redirect(url_for("sign_in.form"))
