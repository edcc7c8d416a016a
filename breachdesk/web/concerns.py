"""The concern log: noting what is no dispute, and reading what one may."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.concerns import ASKS, concern_form, concerns_seen, note_concern
from breachdesk.casework.schemes_shown import all_shown
from breachdesk.errors import Invalid
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.web.forms import fields_for, sent_answers, summary
from breachdesk.workflow.definition import Ask

pages = Blueprint("concerns", __name__)
SCHEME = "scheme"


@pages.get("/concerns")
@needs(Permission.NOTE_CONCERNS)
def page() -> str:
    return _page({})


@pages.post("/concerns")
@needs(Permission.NOTE_CONCERNS)
def note() -> Response | tuple[str, int]:
    asks = _asks()
    sent = sent_answers(request.form, asks)
    slug = str(sent.pop(SCHEME, "")) or next(iter(asks[0].choices), "")
    if slug not in asks[0].choices:
        return _page({SCHEME: "Choose under which scheme the concern is noted"}), 422
    try:
        number = note_concern(the_desk(), the_actor(), slug, sent)
    except Invalid as wrong:
        return _page(wrong.fields), 422
    flash(f"Noted, as number {number}. Nobody was told, and no case has begun.", "done")
    return redirect(url_for("concerns.page"), code=303)


def _asks() -> tuple[Ask, ...]:
    """The questions; under which scheme comes first, and is asked only where there are several."""
    with reading() as session:
        known = {one.slug: one.title for one in all_shown(session, the_desk())}
    return (Ask(SCHEME, "Under which scheme?", "choice", choices=known), *ASKS)


def _page(errors: Mapping[str, str]) -> str:
    asks = _asks()
    shown = asks if len(asks[0].choices) > 1 else asks[1:]
    with reading() as session:
        lines = concerns_seen(session, the_actor())
        offered = concern_form(session, the_desk(), next(iter(asks[0].choices)))
    fields = fields_for(shown, sent_answers(request.form, shown), offered, errors)
    coordinates = any(role == "coordinator" for _, role in the_actor().roles)
    return render_template("concerns/page.html", lines=lines, fields=fields, errors=summary(fields, errors), coordinates=coordinates)
