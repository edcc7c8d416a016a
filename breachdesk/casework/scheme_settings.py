"""Changing what a scheme settles for itself: small forms, each of which saves on its own. `scheme_checklist` says what is missing.

Only a coordinator or operator of the scheme does this, and each change stands in the desk's log, without the words that were written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from breachdesk.audit.chain import Doer
from breachdesk.casework.calendars import NAMES
from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.desk import Desk
from breachdesk.casework.people import scheme_people
from breachdesk.casework.people.accounts import SECTORS, add_organisation
from breachdesk.casework.procedures.publishing import OFFICERS, allow_single_officer, use_from, versions
from breachdesk.casework.procedures.setting_up import add_calendar, operate_edition
from breachdesk.casework.schemes_shown import sector_words, settled
from breachdesk.clock import local_day
from breachdesk.compacts.schemes import FIGURES, PAPERS, SUMMARIES
from breachdesk.errors import Invalid, NotFound, Refused
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.store import people, schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Answers
from breachdesk.workflow.wording import counted

MOST_LINES = 500
_EMAIL = r"[^@\s,;<>\"()\\]+@[^@\s,;<>\"()\\]+\.[^@\s,;<>\"()\\.]+"
_REVIEWS = {PAPERS: "The shared papers of each dispute that reached the panel", SUMMARIES: "An anonymised summary of each, and no more",
            FIGURES: "Figures only"}
_ALONE = {"no": "It takes two people", "yes": "One person may do it alone, and the log says so each time"}
_DISPOSES = {"no": "Once a coordinator has looked at the list of what is due", "yes": "By itself, on the day after"}


@dataclass(frozen=True, slots=True)
class Form:
    """A small form of a part of the checklist, with what holds today. `settles` carries it out; `closed`: why it cannot be used now."""

    name: str
    part: str
    button: str
    settles: Callable[[_Change], str]
    asks: tuple[Ask, ...]
    offered: Offered
    today: Mapping[str, object]
    closed: str = ""


@dataclass(frozen=True, slots=True)
class _Change:
    """A form that was sent."""

    session: Session
    desk: Desk
    actor: Actor
    doer: Doer
    scheme: SchemeHead
    answers: Answers

    def text(self, name: str) -> str:
        return str(self.answers.get(name, "")).strip()

    def day(self, name: str) -> date:
        found = self.answers[name]
        if not isinstance(found, date):
            raise Invalid({name: "Enter a date"})
        return found

    def settle(self, what: str, to: str = "", **columns: str | int) -> None:
        """Write what was settled. TO stands in the log, so it is never something that somebody wrote."""
        schemes.settle(self.session, self.scheme.id, **columns)
        record_for_desk(self.session, "scheme:settled", self.desk.now(self.session), self.doer,
                        {"scheme": self.scheme.slug, "what": what, "to": to})


def office_in(actor: Actor, scheme: SchemeHead) -> str:
    """As what somebody sets this scheme up. Raises NotFound: to everybody else there is no such page."""
    if actor == THE_OPERATOR:
        return "operator"
    held = next((role for role in OFFICERS if actor.holds(role, scheme.id)), "")
    if not held:
        raise NotFound("There is no scheme here that you set up. Its coordinator and its operator do.")
    return held


def forms(session: Session, desk: Desk, scheme: SchemeHead) -> dict[str, Form]:
    """Every form of the page, by name."""
    return {one.name: one for one in (
        *_partner_forms(), *_people_forms(session, scheme), _controller_form(scheme),
        _compact_form(session, scheme), _calendar_form(session, desk, scheme),
        _procedure_form(session), _words_form(session, scheme),
        _choice_form("reviews", _set_reviews, "reviews", "What do its members meet of a dispute?", _REVIEWS, scheme.reviews),
        _retention_form(scheme),
        _choice_form("single-officer", _set_single_officer, "single_officer", "What otherwise takes two people", _ALONE,
                     "yes" if scheme.single_officer else "no"))}


def settle(desk: Desk, actor: Actor, slug: str, name: str, raw: Mapping[str, object]) -> str:
    """Save one form; what has changed, in a sentence. Raises NotFound, Invalid (by question) or Refused, and then nothing has changed."""
    return desk.database.transact(lambda session: _settle(session, desk, actor, slug, name, raw))


def _settle(session: Session, desk: Desk, actor: Actor, slug: str, name: str, raw: Mapping[str, object]) -> str:
    scheme = desk.scheme(session, slug)
    doer = Doer(actor.account_id, office_in(actor, scheme))
    form = forms(session, desk, scheme).get(name)
    if form is None:
        raise NotFound("There is nothing of that name to settle. Go back to the list.")
    if form.closed:
        raise Refused(form.closed)
    answers = read_answers(form.asks, raw, form.offered, local_day(desk.now(session)))
    return form.settles(_Change(session, desk, actor, doer, scheme, answers))


def _choice_form(name: str, settles: Callable[[_Change], str], ask: str, label: str, choices: Mapping[str, str], today: str) -> Form:
    return Form(name, name, "Save", settles, (Ask(ask, label, "choice", choices=choices),), Offered(), {ask: today})


def _partner_forms() -> tuple[Form, Form]:
    sectors = Ask("partner_sector", "Sector", "choice", choices={name: name.capitalize() for name in SECTORS})
    hint = f"One organisation a line: its name, a comma, and its sector, like: Riverside Carers, voluntary. Sectors: {', '.join(SECTORS)}."
    listing = Ask("partner_list", "Or paste a list", "text", hint=hint, seen_by="")
    return (Form("partner", "partners", "Add the organisation", _add_partner,
                 (Ask("partner_name", "Name of the organisation", "line", seen_by=""), sectors), Offered(), {}),
            Form("partners", "partners", "Add them all", _add_partners, (listing,), Offered(), {}))


def _people_forms(session: Session, scheme: SchemeHead) -> tuple[Form, ...]:
    return tuple(Form(name, part, "Give the role", partial(_give_role, form=name), *scheme_people.asked(session, scheme, name), {})
                 for name, part in (("friend", "roster"), ("role", "roles")))


def _give_role(change: _Change, form: str) -> str:
    return scheme_people.give_role(change.session, change.desk, change.actor, change.scheme, form, change.answers)


def _add_partner(change: _Change) -> str:
    name = change.text("partner_name")
    try:
        add_organisation(change.session, change.desk, change.doer, name, change.text("partner_sector"))
    except Invalid as wrong:
        raise Invalid({"partner_name": str(wrong)}) from None
    except Refused as known:
        raise Invalid({"partner_name": str(known)}) from None
    return f"{name} is added."


def _add_partners(change: _Change) -> str:
    """All of a list, or none of it: what is here already is passed over, so that a list can be sent again."""
    here = {name.casefold() for _, _, name, _ in people.organisations(change.session)}
    lines = [(number, line.strip()) for number, line in enumerate(change.text("partner_list").split("\n"), 1) if line.strip()]
    if len(lines) > MOST_LINES:
        raise Invalid({"partner_list": f"The list has {len(lines)} lines. Send at most {MOST_LINES} at a time."})
    faults, added = [], 0
    for number, line in lines:
        name, _, sector = (piece.strip() for piece in re.sub(r"[\t;]", ",", line).rpartition(","))
        if name.casefold() in here:
            continue
        try:
            if sector.casefold() not in SECTORS:
                raise Refused(f"“{line[:60]}” does not end with a sector: a comma, and then {' or '.join(SECTORS)}.")
            add_organisation(change.session, change.desk, change.doer, name, sector.casefold())
            here.add(name.casefold())
            added += 1
        except (Invalid, Refused) as wrong:
            faults.append(f"Line {number}: {wrong}")
    if faults:
        raise Invalid({"partner_list": " ".join(faults[:5])})
    passed = len(lines) - added
    return f"{counted(added, 'organisation is', 'organisations are').capitalize()} added." + (
        f" {counted(passed, 'was', 'were').capitalize()} here already." if passed else "")


def _controller_form(scheme: SchemeHead) -> Form:
    written = settled(scheme)
    asks = (Ask("controller", "Which organisation is the data controller?", "line", seen_by="",
                hint="Usually the organisation that hosts the coordinator. The privacy page names it."),
            Ask("controller_contact", "Email address for questions about personal information", "line", seen_by=""))
    return Form("controller", "controller", "Save", _set_controller, asks, Offered(),
                {"controller": written.controller, "controller_contact": written.controller_contact})


def _set_controller(change: _Change) -> str:
    contact = change.text("controller_contact")
    if not re.fullmatch(_EMAIL, contact):
        raise Invalid({"controller_contact": "Give one email address, like data@organisation.example"})
    change.settle("controller", controller=change.text("controller"), controller_contact=contact)
    return f"{change.text('controller')} is the data controller."


def _calendar_form(session: Session, desk: Desk, scheme: SchemeHead) -> Form:
    closed = ("The days of the cases that have begun were counted in this calendar, so it stays." if schemes.cases_begun(session, scheme.id)
              else "")
    return Form("calendar", "calendar", "Save", _set_calendar, (Ask("calendar", "Which calendar?", "choice", choices=NAMES),), Offered(),
                {"calendar": desk.calendar(session, scheme.calendar_id).name}, closed)


def _set_calendar(change: _Change) -> str:
    name = change.text("calendar")
    change.settle("calendar", name, calendar_id=add_calendar(change.session, change.desk, change.doer, name))
    return f"Working days are counted as in {NAMES[name]}, from this year's snapshot on."


def _compact_form(session: Session, scheme: SchemeHead) -> Form:
    compact = next(one for one in all_held(session).values() if one.id == scheme.compact_id).compact
    labels = {one.label: f"{one.label}, dated {one.dated_on.year}" for one in compact.editions}
    return Form("compact", "compact", "Save", _set_edition, (
        Ask("edition", "Work by another edition", "choice", choices=labels),
        Ask("edition_from", "From which day?", "date", hint="The edition before it ends on the day before.")), Offered(), {})


def _set_edition(change: _Change) -> str:
    label, from_on = change.text("edition"), change.day("edition_from")
    operate_edition(change.session, change.desk, change.doer, change.scheme.slug, label, from_on)
    return f"The scheme works by edition {label} from {said_date(from_on)}."


def _procedure_form(session: Session) -> Form:
    published = {f"{one.head.name} {one.head.version}": f"{one.head.name}, version {one.head.version}"
                 for one in versions(session) if one.head.published}
    return Form("procedure", "procedure", "Save", _set_procedure, (
        Ask("procedure", "Let new cases begin under", "choice", choices=published),
        Ask("procedure_from", "From which day?", "date", hint="Today or a day to come.")), Offered(), {})


def _set_procedure(change: _Change) -> str:
    name, _, version = change.text("procedure").rpartition(" ")
    from_on = change.day("procedure_from")
    use_from(change.session, change.desk, change.actor, change.scheme.slug, name, version, from_on)
    return f"New cases begin under version {version} from {said_date(from_on)}."


def _words_form(session: Session, scheme: SchemeHead) -> Form:
    today = sector_words(session, scheme)
    asks = tuple(Ask(f"word_{name}", f"What do you call the {name} sector?", "line", seen_by="") for name in SECTORS[:2])
    return Form("words", "words", "Save", _set_words, asks, Offered(), {f"word_{name}": today[name] for name in SECTORS[:2]})


def _set_words(change: _Change) -> str:
    said = json.loads(change.scheme.vocabulary) | {name: change.text(f"word_{name}") for name in SECTORS[:2]}
    change.settle("words", vocabulary=json.dumps(said, sort_keys=True, ensure_ascii=False))
    return "Pages, letters and figures use these words from now on."


def _set_reviews(change: _Change) -> str:
    change.settle("reviews", change.text("reviews"), reviews=change.text("reviews"))
    return f"The steering group meets: {_REVIEWS[change.text('reviews')].lower()}."


def _retention_form(scheme: SchemeHead) -> Form:
    asks = (Ask("keep_files_months", "For how many months after its last step are a closed case's files kept?", "number",
                least=1, most=120),
            Ask("keep_record_years", "After how many years does every word of a closed case go?", "number", least=1, most=30),
            Ask("disposes_by_itself", "When does it go?", "choice", choices=_DISPOSES))
    return Form("retention", "retention", "Save", _set_retention, asks, Offered(),
                {"keep_files_months": scheme.keep_files_months, "keep_record_years": scheme.keep_record_years,
                 "disposes_by_itself": "yes" if scheme.disposes_by_itself else "no"})


def _set_retention(change: _Change) -> str:
    months, years = int(change.text("keep_files_months")), int(change.text("keep_record_years"))
    change.settle("retention", keep_files_months=months, keep_record_years=years,
                  disposes_by_itself=change.text("disposes_by_itself") == "yes")
    return f"Files of closed cases are kept for {counted(months, 'month')}, their words for {counted(years, 'year')}."


def _set_single_officer(change: _Change) -> str:
    allowed = change.text("single_officer") == "yes"
    allow_single_officer(change.session, change.desk, change.doer, change.scheme.slug, allowed)
    return f"One person may {'now' if allowed else 'no longer'} do alone what otherwise takes two."
