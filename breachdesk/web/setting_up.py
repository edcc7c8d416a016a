"""Setting a scheme up: one page as a list of what is needed, what is there, and a small form for each, which saves on its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from breachdesk.casework.scheme_checklist import Part, checklist
from breachdesk.casework.scheme_settings import Form, forms, office_in, settle
from breachdesk.casework.trying_mail import try_mail
from breachdesk.errors import Invalid, Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.kept_forms import typed_before
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission, may
from breachdesk.web.forms import Field, fields_for, sent_answers, summary, typed_days

pages = Blueprint("setting_up", __name__)
MAIL = "mail"


@dataclass(frozen=True, slots=True)
class FormShown:
    """A form with its fields as they were sent, or as things stand today. `wrong`: what is wrong with it, and of no field."""

    form: Form
    fields: list[Field]
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part of the list with its forms; `open` when one of them was just sent, or something needed is missing."""

    part: Part
    forms: list[FormShown]
    open: bool


@pages.get("/scheme/<slug>/set-up")
@needs(Permission.SET_UP)
def page(slug: str) -> str:
    return _page(slug, "", {})


@pages.post("/scheme/<slug>/set-up/<part>")
@needs(Permission.SET_UP)
def save(slug: str, part: str) -> Response | tuple[str, int]:
    return _save(slug, part)


def _save(slug: str, name: str) -> Response | tuple[str, int]:
    """Save one form. What cannot be right comes back as it was typed, and nothing else on the page is lost."""
    desk, actor = the_desk(), the_actor()
    part = name
    try:
        if name == MAIL:
            said = try_mail(desk, actor, slug)
        else:
            form = _form(slug, name)
            part = form.part if form else name
            said = settle(desk, actor, slug, name, sent_answers(request.form, form.asks if form else ()))
    except Invalid as wrong:
        return _page(slug, name, wrong.fields), 422
    except Refused as refused:
        return _page(slug, name, {"": str(refused)}), 409
    flash(said, "done")
    return redirect(url_for("setting_up.page", slug=slug, _anchor=f"part-{part}"), code=303)


@pages.post("/scheme/<slug>/set-up/reviews")
@needs(Permission.SET_UP, fresh=True)
def save_reviews(slug: str) -> Response | tuple[str, int]:
    """Save what may open cases to more people."""
    return _save(slug, "reviews")


@pages.post("/scheme/<slug>/set-up/friend")
@needs(Permission.SET_UP, fresh=True)
def save_friend(slug: str) -> Response | tuple[str, int]:
    """Make somebody a critical friend."""
    return _save(slug, "friend")


@pages.post("/scheme/<slug>/set-up/role")
@needs(Permission.SET_UP, fresh=True)
def save_role(slug: str) -> Response | tuple[str, int]:
    """Give somebody another role in the scheme."""
    return _save(slug, "role")


@pages.post("/scheme/<slug>/set-up/single-officer")
@needs(Permission.SET_UP, fresh=True)
def save_single_officer(slug: str) -> Response | tuple[str, int]:
    """Save whether one person may do what otherwise takes two."""
    return _save(slug, "single-officer")


def _form(slug: str, name: str) -> Form | None:
    with reading() as session:
        scheme = the_desk().scheme(session, slug)
        office_in(the_actor(), scheme)
        return forms(session, the_desk(), scheme).get(name)


def _page(slug: str, sent: str, errors: Mapping[str, str]) -> str:
    """The page; SENT is the form that came back, with what is wrong with it, or that was kept while somebody confirmed who they are."""
    with reading() as session:
        scheme = the_desk().scheme(session, slug)
        office_in(the_actor(), scheme)
        found, known = checklist(session, the_desk(), scheme), forms(session, the_desk(), scheme)
    before = {name: typed_before(url_for("setting_up.save", slug=slug, part=name)) for name in known} if not sent else {}
    sent = sent or next((name for name, typed in before.items() if typed), "")
    shown = {name: _shown(form, errors, before.get(name) or request.form) if name == sent else _as_today(form)
             for name, form in known.items()}
    parts = [PartShown(part, [one for one in shown.values() if one.form.part == part.name],
                       part.name == (known[sent].part if sent in known else sent)) for part in found.parts]
    listed = summary(shown[sent].fields, errors) if sent in shown else [{"text": text} for text in errors.values()]
    return render_template("setting_up/page.html", found=found, parts=parts, errors=listed, sent=sent,
                           may_change_calendars=may(the_actor(), Permission.CHANGE_CALENDARS),
                           may_retain=may(the_actor(), Permission.RETAIN))


def _as_today(form: Form) -> FormShown:
    return FormShown(form, fields_for(form.asks, form.today, form.offered, {}))


def _shown(form: Form, errors: Mapping[str, str], typed: MultiDict[str, str]) -> FormShown:
    fields = fields_for(form.asks, sent_answers(typed, form.asks), form.offered, errors, typed_days(typed, form.asks))
    return FormShown(form, fields, errors.get("", ""))
