"""The page on which somebody declares an interest in a case, or that they have none; it comes before the case's papers."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.declaring import NATURES, NONE, ToDeclare, declare, to_declare
from breachdesk.errors import Invalid
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("declare", __name__)


@pages.get("/cases/<reference>/declare")
@needs(Permission.ACT)
def form(reference: str) -> str:
    return _page(_found(reference), {})


@pages.post("/cases/<reference>/declare")
@needs(Permission.ACT)
def send(reference: str) -> Response | tuple[str, int]:
    found, nature = _found(reference), request.form.get("nature", "")
    try:
        declare(the_desk(), the_actor(), reference, nature, request.form.get("why", ""))
    except Invalid as wrong:
        return _page(found, wrong.fields), 422
    if nature == NONE:
        return redirect(url_for("case.page", reference=reference), code=303)
    flash(f"You have declared an interest in {reference} and are no longer part of it. Thank you.", "done")
    return redirect(url_for("home.page"), code=303)


def _found(reference: str) -> ToDeclare:
    with reading() as session:
        return to_declare(session, the_desk(), the_actor(), reference)


def _page(found: ToDeclare, errors: Mapping[str, str]) -> str:
    natures = [{"value": name, "text": said, "checked": request.form.get("nature") == name} for name, (said, _) in NATURES.items()]
    return render_template("declare/page.html", found=found, natures=natures, wrong=errors, why=request.form.get("why", ""),
                           errors=[{"text": text, "href": f"#{name}"} for name, text in errors.items()])
