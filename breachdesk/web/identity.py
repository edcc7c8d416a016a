"""Who may see the name of an organisation that complains unnamed: where that stands, and the steps that show it to everybody."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for

from breachdesk.casework.unmasking import (
    AGREEING,
    ASKING,
    OWN,
    REASON,
    REFUSING,
    ask_to_show,
    decide_to_show,
    show_own_name,
    unnamed_in,
)
from breachdesk.errors import Invalid, Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.kept_forms import typed_before
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission

pages = Blueprint("identity", __name__)
_DONE = {OWN: "Everybody in the case sees your organisation's name now.",
         ASKING: "It is asked for. The organisation is told; somebody else decides.",
         AGREEING: "Everybody in the case sees the name now. Both sides are told.",
         REFUSING: "The name stays kept back. The organisation is told."}


@pages.get("/cases/<reference>/identity")
@needs(Permission.READ_CASES, fresh=True)
def page(reference: str) -> Answer:
    return _page(reference)


@pages.post("/cases/<reference>/identity")
@needs(Permission.ACT, fresh=True)
def change(reference: str) -> Answer:
    """Show a name, ask for that, or decide about it. Nothing is done before the box is ticked that says that it cannot be undone."""
    way, party = request.form.get("way", ""), request.form.get("party", "")
    number = int(party) if party.isascii() and party.isdecimal() and len(party) < 10 else 0
    if way not in _DONE:
        return _page(reference, {"": "Choose what to do about the name."}), 422
    if way in (OWN, AGREEING) and request.form.get("sure") != "yes":
        return _page(reference, {f"sure-{number}": "Tick the box to say that you know it cannot be undone"}), 422
    try:
        _carry_out(way, reference, number)
    except Invalid as wrong:
        return _page(reference, {f"reason-{number}": wrong.fields[REASON.name]}), 422
    except Refused as refusal:
        return _page(reference, {"": " ".join(refusal.reasons)}), 409
    flash(_DONE[way], "done")
    return redirect(url_for("case.page", reference=reference), code=303)


def _carry_out(way: str, reference: str, party: int) -> None:
    desk, actor = the_desk(), the_actor()
    if way == OWN:
        show_own_name(desk, actor, reference, party)
    elif way == ASKING:
        ask_to_show(desk, actor, reference, party, request.form.get("reason", ""))
    else:
        decide_to_show(desk, actor, reference, party, agree=way == AGREEING)


def _page(reference: str, errors: dict[str, str] | None = None) -> str:
    with reading() as session:
        unnamed = unnamed_in(session, the_desk(), the_actor(), reference)
    listed = [{"text": text, "href": f"#{name}"} if name else {"text": text} for name, text in (errors or {}).items()]
    return render_template("identity/page.html", reference=reference.upper(), unnamed=unnamed, errors=errors or {}, listed=listed,
                           ask=REASON, typed=(typed_before(request.path) or request.form).get("reason", ""))
