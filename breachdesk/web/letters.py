"""The letters of one entry of a case, for printing, and the note that one was posted. For whoever coordinates."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for

from breachdesk.casework.letters import POSTED_ON, letters_of, note_posted
from breachdesk.errors import Invalid
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.web.forms import fields_for, sent_answers, summary, typed_days
from breachdesk.web.record import picture
from breachdesk.workflow.answers import Offered

pages = Blueprint("letters", __name__)


@pages.get("/cases/<reference>/letters/<int:seq>")
@needs(Permission.READ_CASES)
def page(reference: str, seq: int) -> str:
    return _page(reference, seq, {})


@pages.post("/cases/<reference>/letters/<int:seq>")
@needs(Permission.ACT)
def posted(reference: str, seq: int) -> Answer:
    """Note the day on which the letters were posted."""
    day = sent_answers(request.form, (POSTED_ON,)).get(POSTED_ON.name, "")
    try:
        note_posted(the_desk(), the_actor(), reference, seq, day)
    except Invalid as wrong:
        return _page(reference, seq, wrong.fields), 422
    flash("Noted. It stands in the log of the case.", "done")
    return redirect(url_for("letters.page", reference=reference, seq=seq), code=303)


def _page(reference: str, seq: int, errors: dict[str, str]) -> str:
    with reading() as session:
        found = letters_of(session, the_desk(), the_actor(), reference, seq)
    typed = typed_days(request.form, (POSTED_ON,)) if request.method == "POST" else None
    fields = fields_for((POSTED_ON,), {} if errors else {POSTED_ON.name: found.on}, Offered(), errors, typed)
    return render_template("letters/page.html", found=found, picture=picture(found.receipt) if found.receipt else "", field=fields[0],
                           errors=summary(fields, errors))
