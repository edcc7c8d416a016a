"""Opening the papers of a case in an emergency: the form that asks why, and the papers for an hour."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.breaking_glass import break_glass, opened_papers
from breachdesk.errors import Invalid, NotFound
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.kept_forms import typed_before
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("breaking_glass", __name__)


@pages.get("/break-glass")
@needs(Permission.BREAK_GLASS, fresh=True)
def form() -> str:
    return _page({})


@pages.post("/break-glass")
@needs(Permission.BREAK_GLASS, fresh=True)
def open_papers() -> Response | tuple[str, int]:
    try:
        reference = break_glass(the_desk(), the_actor(), request.form.get("reference", ""), request.form.get("why", ""))
    except Invalid as wrong:
        return _page(wrong.fields), 422
    except NotFound as missing:
        return _page({"reference": str(missing)}), 422
    return redirect(url_for("breaking_glass.papers", reference=reference), code=303)


@pages.get("/break-glass/<reference>")
@needs(Permission.BREAK_GLASS)
def papers(reference: str) -> str:
    with reading() as session:
        found = opened_papers(session, the_desk(), the_actor(), reference)
    return render_template("breaking_glass/papers.html", found=found)


def _page(wrong: Mapping[str, str]) -> str:
    typed = typed_before(request.path) or request.form
    return render_template("breaking_glass/form.html", wrong=wrong, reference=typed.get("reference", ""),
                           why=typed.get("why", ""), errors=[{"text": text, "href": f"#{name}"} for name, text in wrong.items()])
