"""The page on which a coordinator with an interest in a case passes it on. It shows nothing of the case but its reference."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.act import Step, act
from breachdesk.casework.passing_on import PassingOn, passing_on
from breachdesk.errors import Invalid, Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.web.forms import fields_for, sent_answers, summary

pages = Blueprint("passing_on", __name__)
BY_ADDRESS = "by_address"


@pages.get("/cases/<reference>/pass-on")
@needs(Permission.ACT)
def form(reference: str) -> str:
    return _page(_found(reference), {})


@pages.post("/cases/<reference>/pass-on")
@needs(Permission.ACT)
def pass_on(reference: str) -> Response | tuple[str, int]:
    found = _found(reference)
    try:
        act(the_desk(), the_actor(), reference, Step(found.action.name, _answers(found)))
    except Invalid as wrong:
        return _page(found, wrong.fields), 422
    except Refused as refusal:
        return _page(found, {f"rule {n}": why for n, why in enumerate(refusal.reasons)}), 422
    flash(f"You have passed on the case {reference}. It is out of your hands from now on.")
    return redirect(url_for("home.page"), code=303)


def _found(reference: str) -> PassingOn:
    with reading() as session:
        return passing_on(session, the_desk(), the_actor(), reference)


def _answers(found: PassingOn) -> dict[str, object]:
    """The answers as they were sent. An address that was typed names the person instead of the list."""
    answers = sent_answers(request.form, found.asks)
    typed = request.form.get(BY_ADDRESS, "").strip()[:254]
    return {**answers, **{ask.name: typed.casefold() for ask in found.asks if ask.holding and typed and found.nobody_free}}


def _page(found: PassingOn, errors: Mapping[str, str]) -> str:
    fields = fields_for(found.asks, sent_answers(request.form, found.asks), found.offered, errors)
    return render_template("passing_on/page.html", found=found, fields=fields, errors=summary(fields, errors),
                           typed=request.form.get(BY_ADDRESS, "")[:254])
