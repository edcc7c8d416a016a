"""A page with one form about the desk itself: its questions, what was wrong with the answers, a button that names the effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from breachdesk.casework.desk import Desk
from breachdesk.errors import Invalid
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.kept_forms import typed_before
from breachdesk.store.session import Session
from breachdesk.web.forms import fields_for, sent_answers, summary, typed_days
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Ask

Raw = Mapping[str, object]
Answer = str | Response | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A form as a page shows it. `says` stands above the questions; `warns`: the button does what cannot simply be taken back.
    `closed`: why it cannot be done now; then there is no form."""

    heading: str
    about: str
    back: str
    button: str
    asks: Sequence[Ask] = ()
    says: Sequence[str] = ()
    warns: bool = False
    closed: Sequence[str] = ()


def shown(sheet: Sheet, offered: Offered, raw: Raw | None = None) -> str:
    """The form, filled with what is known already, or with what was typed before somebody had to confirm who they are."""
    typed = typed_before(request.path)
    return _page(sheet, offered, sent_answers(typed, sheet.asks) if typed else raw or {}, {}, typed)


def carried_out(sheet: Sheet, offered: Offered, work: Callable[[Session, Desk, Raw], object], done: str, after: str = "") -> Answer:
    """Do what was sent, and go on to AFTER (or back); or the form again, with what is wrong at each field."""
    desk, raw = the_desk(), sent_answers(request.form, sheet.asks)
    try:
        desk.database.transact(lambda session: work(session, desk, raw))
    except Invalid as wrong:
        return _page(sheet, offered, raw, wrong.fields, request.form), 422
    flash(done, "done")
    return redirect(after or sheet.back, code=303)


def _page(sheet: Sheet, offered: Offered, raw: Raw, errors: Mapping[str, str], typed: MultiDict[str, str]) -> str:
    """The form with RAW answers; TYPED are the boxes as they were sent, if they were."""
    fields = fields_for(sheet.asks, raw, offered, errors, typed_days(typed, sheet.asks) if typed else None)
    return render_template("desk_form.html", sheet=sheet, fields=fields, errors=summary(fields, errors))


def offered_now(ask: Callable[[Session], Offered]) -> Offered:
    """What the questions can be answered with, read for the page."""
    with reading() as session:
        return ask(session)
