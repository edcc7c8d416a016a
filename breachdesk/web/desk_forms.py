"""A page with one form about the desk itself: its questions, what was wrong with the answers, a button that names the effect."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from flask import flash, redirect, render_template, request
from werkzeug.datastructures import MultiDict

from breachdesk.casework.desk import Desk
from breachdesk.errors import Invalid
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.kept_forms import typed_before
from breachdesk.gate.needs import Answer
from breachdesk.identity import Actor
from breachdesk.store.session import Session
from breachdesk.web.forms import fields_for, sent_answers, summary, typed_days
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Ask

Raw = Mapping[str, object]
# The methods of a form's address: one view opens it and carries it out.
FORM = ["GET", "POST"]


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


def answered(sheet: Sheet, offered: Offered, work: Callable[[Session, Desk, Actor, Raw], object], done: str, after: str = "", *,
             known: Raw = MappingProxyType({})) -> Answer:
    """The answer at the address of a form. Opened: the form, filled with what is KNOWN, or with what was typed before somebody had to
    confirm who they are. Sent: what is asked for is done, and goes on to AFTER (or back); or the form again, with what is wrong."""
    if request.method != "POST":
        typed = typed_before(request.path)
        return _page(sheet, offered, sent_answers(typed, sheet.asks) if typed else known, {}, typed)
    desk, actor, raw = the_desk(), the_actor(), sent_answers(request.form, sheet.asks)
    try:
        desk.database.transact(lambda session: work(session, desk, actor, raw))
    except Invalid as wrong:
        return _page(sheet, offered, raw, wrong.fields, request.form), 422
    flash(done, "done")
    return redirect(after or sheet.back, code=303)


def _page(sheet: Sheet, offered: Offered, raw: Raw, errors: Mapping[str, str], typed: MultiDict[str, str]) -> str:
    """The form with RAW answers; TYPED are the boxes as they were sent, if they were. It is in no case, so nobody in one reads it."""
    fields = [replace(one, readers="") if one.ask.seen_by == "shared" else one
              for one in fields_for(sheet.asks, raw, offered, errors, typed_days(typed, sheet.asks) if typed else None)]
    return render_template("desk_form.html", sheet=sheet, fields=fields, errors=summary(fields, errors))


def offered_now(ask: Callable[[Session], Offered]) -> Offered:
    """What the questions can be answered with, read for the page."""
    with reading() as session:
        return ask(session)
