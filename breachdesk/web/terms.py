"""The terms of use: open to everybody, and accepted once by whoever signs in, before anything else."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.people.terms import VERSION, accept_terms, must_accept
from breachdesk.errors import StaleCase
from breachdesk.gate.current import the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("terms", __name__)


@pages.get("/terms")
@needs(Permission.READ_TERMS)
def page() -> str:
    return render_template("terms/page.html", version=VERSION, must=must_accept(the_desk(), the_actor()),
                           accepted=the_actor().terms == VERSION)


@pages.post("/terms")
@needs(Permission.READ_TERMS)
def accept() -> Response:
    if request.form.get("version") != VERSION:
        raise StaleCase("The terms have changed while you were reading them. Read them again.")
    accept_terms(the_desk(), the_actor())
    return redirect(url_for("home.page"), code=303)
