"""The calendars of working days: what is a holiday, and changing that with everything it would do shown first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, request, url_for

from breachdesk.audit.chain import Doer
from breachdesk.casework.calendars import published_days
from breachdesk.casework.calendars_held import (
    OWN,
    HeldCalendar,
    calendars_in_trouble,
    closed_days_count,
    closed_days_of,
    may_change_closed_days,
    newer_days,
    scheme_calendar,
    scheme_calendars,
)
from breachdesk.casework.changing_calendars import as_seen_by, change_calendar, look_ahead
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.store import people, schemes
from breachdesk.store.session import Session
from breachdesk.timekeeping.calendar_changes import edited, taken_in
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.said import said_day
from breachdesk.web.forms import Field, fields_for, sent_answers, summary, typed_days
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask

pages = Blueprint("calendars", __name__)
ADD, REMOVE, NEWER, PUBLISHED = "add", "remove", "newer", "published"
WHY = Ask("why", "Why does it change?", "text", hint="For example, where the holiday was announced. Both sides of each case are told this.")
ASKS = {
    ADD: (Ask("day", "Which day?", "date"), Ask("title", "What is it called?", "line", hint="For example, King's birthday")),
    REMOVE: (Ask("gone", "Which day is no holiday any more?", "choice"),),
    NEWER: (),
    PUBLISHED: (Ask("list", "The list", "text", hint="The whole of the file bank-holidays.json, as GOV.UK publishes it."),),
}
BUTTONS = {ADD: "Show what this would change", REMOVE: "Show what this would change", NEWER: "Show what is newer",
           PUBLISHED: "Show what this list would change"}


@dataclass(frozen=True, slots=True)
class Place:
    """Which calendar a page is about: a scheme's, by role, or the closed days of an organisation."""

    scheme: str = ""
    role: str = OWN
    organisation: str = ""

    def held(self, session: Session) -> HeldCalendar:
        """The calendar. Raises NotFound also where it is not this person's to change."""
        desk, actor = the_desk(), the_actor()
        held = (closed_days_of(session, desk, self.organisation) if self.organisation
                else scheme_calendar(session, desk, self.scheme, self.role))
        if not (may_change_closed_days(session, actor, held.organisation[0]) if held.organisation
                else held.scheme is not None and actor.holds("coordinator", held.scheme.id)):
            raise NotFound("There is no such calendar that you can change. A coordinator changes those of the scheme and of the "
                           "organisations that take part in it, and an organisation the days on which it is closed.")
        return held

    def address(self, endpoint: str) -> str:
        """The address of a page about this calendar."""
        if self.organisation:
            return url_for(f"calendars.closed_{endpoint}", organisation=self.organisation)
        return url_for(f"calendars.{endpoint}", scheme=self.scheme, role=self.role)

    @property
    def kinds(self) -> tuple[str, ...]:
        return (ADD, REMOVE) if self.organisation else (ADD, REMOVE, NEWER, PUBLISHED)


@pages.get("/calendars")
@needs(Permission.CHANGE_CALENDARS)
def listed() -> str:
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        own = [one for one in schemes.all_schemes(session) if actor.holds("coordinator", one.id)]
        held = [one for scheme in own for one in scheme_calendars(session, desk, scheme)]
        counted = any(closed_days_count(session, desk, one) for one in own)
        closed = [closed_days_of(session, desk, slug) for place, slug, *_ in people.organisations(session)
                  if may_change_closed_days(session, actor, place)] if counted else []
        trouble = calendars_in_trouble(session, desk)
        today = local_day(desk.now(session))
    coming = {one.where: [(day, title) for day, title in one.calendar.holidays.items() if day >= today][:4] for one in (*held, *closed)}
    return render_template("calendars/listed.html", held=held, closed=closed, coming=coming, trouble=trouble)


@pages.get("/calendars/<scheme>/<role>")
@needs(Permission.CHANGE_CALENDARS)
def page(scheme: str, role: str) -> Answer:
    return _page(Place(scheme, role), "", {})


@pages.post("/calendars/<scheme>/<role>/check")
@needs(Permission.CHANGE_CALENDARS)
def check(scheme: str, role: str) -> Answer:
    return _check(Place(scheme, role), {})


@pages.post("/calendars/<scheme>/<role>")
@needs(Permission.CHANGE_CALENDARS)
def change(scheme: str, role: str) -> Answer:
    return _change(Place(scheme, role))


@pages.get("/closed-days/<organisation>")
@needs(Permission.SAY_CLOSED_DAYS)
def closed_page(organisation: str) -> Answer:
    return _page(Place(organisation=organisation), "", {})


@pages.post("/closed-days/<organisation>/check")
@needs(Permission.SAY_CLOSED_DAYS)
def closed_check(organisation: str) -> Answer:
    return _check(Place(organisation=organisation), {})


@pages.post("/closed-days/<organisation>")
@needs(Permission.SAY_CLOSED_DAYS)
def closed_change(organisation: str) -> Answer:
    return _change(Place(organisation=organisation))


def _page(place: Place, kind: str, wrong: dict[str, str]) -> Answer:
    """The calendar by years, and a small form for each way to change it."""
    with reading() as session:
        held = place.held(session)
        today = local_day(the_desk().now(session))
    offered = _offered(held, today)
    forms = {one: _fields(ASKS[one], offered, wrong if one == kind else {}, filled=one == kind) for one in place.kinds}
    years = [(year, list(days), year > held.calendar.provisional_after.year)
             for year, days in groupby(held.calendar.holidays.items(), lambda one: one[0].year) if year >= today.year - 1]
    shown = render_template("calendars/one.html", held=held, years=years, forms=forms, buttons=BUTTONS, place=place,
                            errors=summary(forms[kind], wrong) if kind in forms else [], last=held.calendar.provisional_after)
    return (shown, 422) if wrong else shown


def _fields(asks: tuple[Ask, ...], offered: Offered, wrong: dict[str, str], *, filled: bool) -> list[Field]:
    """The questions, which are about no case: who reads the answers is said in their hints."""
    raw, days = (sent_answers(request.form, asks), typed_days(request.form, asks)) if filled else ({}, {})
    return [replace(one, readers="") for one in fields_for(asks, raw, offered, wrong, days)]


def _offered(held: HeldCalendar, today: date) -> Offered:
    """The holidays that can still be taken out."""
    return Offered(by_ask={"gone": {day.isoformat(): f"{said_day(day)}: {title}" for day, title in held.calendar.holidays.items()
                                   if day >= today}})


def _edit(held: HeldCalendar, session: Session, kind: str) -> Callable[[Calendar], Calendar]:
    """What the form asks for. Raises Invalid, by question."""
    desk = the_desk()
    today = local_day(desk.now(session))
    if kind == NEWER:
        return lambda _: newer_days(session, desk, held)
    answers = read_answers(ASKS[kind], sent_answers(request.form, ASKS[kind]), _offered(held, today), today)
    if kind == REMOVE:
        gone = date.fromisoformat(str(answers["gone"]))
        return lambda calendar: edited(calendar, {}, {gone})
    if kind == PUBLISHED:
        return lambda calendar: taken_in(calendar, published_days(str(answers["list"]), calendar.name))
    day = answers["day"]
    return lambda calendar: edited(calendar, {day: str(answers["title"])} if isinstance(day, date) else {}, ())


def _careful(kind: str, edit: Callable[[Calendar], Calendar]) -> Callable[[Calendar], Calendar]:
    """The edit, with what cannot be meant said beside its question."""
    def careful(calendar: Calendar) -> Calendar:
        try:
            return edit(calendar)
        except ValueError as error:
            raise Invalid({ASKS[kind][0].name if ASKS[kind] else "why": str(error)}) from error
    return careful


def _kind(place: Place) -> str:
    """How the calendar is to change. Whose it is not is told first that it is not there, whatever they sent."""
    with reading() as session:
        place.held(session)
    kind = request.form.get("kind", "")
    if kind not in place.kinds:
        raise Invalid({"kind": "Say how the calendar is to change: go back to it, and choose one of the ways there."})
    return kind


def _check(place: Place, wrong: dict[str, str]) -> Answer:
    """What the change would do to every open case, and the question why."""
    kind = ""
    try:
        with reading() as session:
            held, kind = place.held(session), _kind(place)
            new = _careful(kind, _edit(held, session, kind))(held.calendar)
            found = as_seen_by(session, the_actor(), look_ahead(session, the_desk(), held, new))
    except Invalid as error:
        if not kind:
            raise
        return _page(place, kind, dict(error.fields))
    fields = _fields((WHY,), Offered(), wrong, filled=True)
    sent = [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf_token", "why", "seen")]
    shown = render_template("calendars/check.html", held=held, found=found, fields=fields, sent=sent, place=place,
                            seen=held.calendar.digest, errors=summary(fields, wrong), same=new.digest == held.calendar.digest)
    return (shown, 422) if wrong else shown


def _change(place: Place) -> Answer:
    desk, actor, kind = the_desk(), the_actor(), ""

    def find(session: Session) -> HeldCalendar:
        return place.held(session)
    try:
        with reading() as session:
            held, kind = find(session), _kind(place)
            new = _careful(kind, _edit(held, session, kind))(held.calendar)
        role = "coordinator" if any(one == "coordinator" for _, one in actor.roles) else "member"
        done = change_calendar(desk, Doer(actor.account_id, role), find, lambda _: new, request.form.get("why", ""),
                               request.form.get("seen", ""))
    except Invalid as error:
        if not kind:
            raise
        return _check(place, dict(error.fields)) if "why" in error.fields else _page(place, kind, dict(error.fields))
    with reading() as session:
        done = as_seen_by(session, actor, done)
    moved = f"{done.moved} deadline{'s' * (done.moved != 1)} got a later day, and both sides are told."
    flash(f"The calendar is changed. {moved if done.moved else 'No deadline moves.'}", "done")
    return redirect(place.address("page"), code=303)
