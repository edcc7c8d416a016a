"""People: who is on this desk and as what, one person, and the forms by which somebody in office changes that. And the roster."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.people import absences, members
from breachdesk.casework.people.people_shown import PersonPage, RoleView, people_found, person_page, rosters
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import OFFICES, Permission
from breachdesk.web.desk_forms import FORM, Sheet, answered, offered_now
from breachdesk.web.forms import words_sought
from breachdesk.workflow.answers import Offered

pages = Blueprint("people", __name__)


@pages.get("/people")
@needs(Permission.SEE_PEOPLE)
def listed() -> str:
    words = words_sought()
    with reading() as session:
        lines, more = people_found(session, the_desk(), words)
    return render_template("people/list.html", lines=lines, more=more, words=words)


@pages.get("/roster")
@needs(Permission.SEE_ROSTER)
def roster() -> str:
    with reading() as session:
        found = rosters(session, the_desk(), the_actor())
    return render_template("people/roster.html", rosters=found, may_change=any(role in OFFICES for _, role in the_actor().roles))


@pages.route("/people/invite", methods=FORM)
@needs(Permission.CHANGE_PEOPLE, fresh=True)
def invite() -> Answer:
    return answered(_invitation(), _offered(),
                    lambda session, desk, actor, raw: members.invite(session, desk, actor, raw),
                    "The invitation is on its way. The link in it works for seven days.")


def _invitation() -> Sheet:
    return Sheet("Invite somebody", "People", url_for("people.listed"), "Send the invitation", members.INVITATION_BY_OFFICE,
                 ("They get a mail with a link. What they may do beside belonging to an organisation is set on their page afterwards.",))


@pages.get("/people/<int:person>")
@needs(Permission.SEE_PEOPLE)
def page(person: int) -> str:
    return render_template("people/page.html", one=_one(person))


def _one(person: int) -> PersonPage:
    with reading() as session:
        return person_page(session, the_desk(), the_actor(), person)


@dataclass(frozen=True, slots=True)
class _Adding:
    """Something that somebody can be given."""

    heading: str
    button: str
    says: str


_ADDING = {
    "membership": _Adding("Let somebody belong to an organisation", "Save", "They are signed out everywhere at once, and read what is "
                          "theirs when they sign in again. Whoever belongs to an organisation takes no other part in its cases."),
    "role": _Adding("Give somebody a role", "Give them this role", "They are signed out everywhere at once, and have the role when they "
                    "sign in again. It is entered in the desk's log.")}


@pages.route("/people/<int:person>/<any(membership, role):what>", methods=FORM)
@needs(Permission.CHANGE_PEOPLE, fresh=True)
def add(person: int, what: str) -> Answer:
    give = members.begin_role if what == "role" else members.begin_membership
    return answered(_add_sheet(person, what), _offered(),
                    lambda session, desk, actor, raw: give(session, desk, actor, person, raw), "Saved.")


def _add_sheet(person: int, what: str) -> Sheet:
    one, adding = _one(person), _ADDING[what]
    return Sheet(adding.heading, one.name, url_for("people.page", person=person), adding.button,
                 members.ROLE if what == "role" else members.MEMBERSHIP, (adding.says,))


@pages.route("/people/<int:person>/roles/<int:role>/end", methods=FORM)
@needs(Permission.CHANGE_PEOPLE, fresh=True)
def end_role(person: int, role: int) -> Answer:
    return answered(_role_end(person, role), Offered(),
                    lambda session, desk, actor, raw: members.end_role(session, desk, actor, role, raw),
                    "Saved. They are signed out everywhere.")


def _role(one: PersonPage, role: int) -> RoleView:
    found = next((each for each in one.roles if each.id == role), None)
    if found is None:
        raise NotFound(f"{one.name} has no such role.")
    return found


def _role_end(person: int, role: int) -> Sheet:
    one = _one(person)
    found = _role(one, role)
    open_work = f"They serve in {found.load} open cases; that goes on until they are released there." if found.load else ""
    return Sheet(f"End that {one.name} is {found.role.replace('_', ' ')}", one.name, url_for("people.page", person=person), "End the role",
                 members.END, tuple(filter(None, ("They are signed out everywhere at once.", open_work))), warns=True)


@pages.route("/people/<int:person>/roles/<int:role>/roster", methods=FORM)
@needs(Permission.CHANGE_PEOPLE, fresh=True)
def change_roster(person: int, role: int) -> Answer:
    one = _one(person)
    found = _role(one, role)
    known = {name: getattr(found, name) for name in ("sector", "area", "to_on", "training", "availability", "post", "telephone", "email")}
    return answered(_roster_sheet(one, found), Offered(),
                    lambda session, desk, actor, raw: members.change_roster(session, desk, actor, role, raw), "Saved.",
                    known={**known, "published": "yes" if found.published else "no"})


def _roster_sheet(one: PersonPage, found: RoleView) -> Sheet:
    if not found.on_roster:
        raise NotFound("Only critical friends and panel members stand on the roster.")
    return Sheet("What the roster says", one.name, url_for("people.page", person=one.id), "Save", members.ROSTER,
                 ("Coordinators, operators and the steering group read the roster. The public page shows a critical friend's name, post, "
                  "telephone and email address, and only with their consent.",))


@pages.route("/people/<int:person>/absence", methods=FORM)
@needs(Permission.NOTE_ABSENCES)
def go_away(person: int) -> Answer:
    return answered(_absence_sheet(person), _absence_offered(person),
                    lambda session, desk, actor, raw: absences.note_absence(session, desk, actor, person, raw),
                    "Saved. It stands on the home page of both.")


@pages.post("/people/<int:person>/absence/<int:absence>/end")
@needs(Permission.NOTE_ABSENCES)
def come_back(person: int, absence: int) -> Response:
    _may_note(person)
    desk, actor = the_desk(), the_actor()
    desk.database.transact(lambda session: absences.end_absence(session, desk, actor, person, absence))
    flash("Saved. Nobody covers any more.", "done")
    return redirect(_back(person), code=303)


def _may_note(person: int) -> bool:
    """Whether it is about somebody else. Raises NotFound where a stranger asks about another person."""
    in_office = any(role in OFFICES for _, role in the_actor().roles)
    if person != the_actor().account_id and not in_office:
        raise NotFound
    return person != the_actor().account_id


def _back(person: int) -> str:
    return url_for("people.page", person=person) if person != the_actor().account_id else url_for("home.page")


def _offered() -> Offered:
    return offered_now(lambda session: members.offered(session, local_day(the_desk().now(session))))


def _absence_offered(person: int) -> Offered:
    return offered_now(lambda session: absences.absence_form(session, the_desk(), person))


def _absence_sheet(person: int) -> Sheet:
    about = _one(person).name if _may_note(person) else "Your absence"
    return Sheet("Who covers, and when?", about, _back(person), "Let them cover", absences.ABSENCE,
                 ("Whoever covers sees and does on those days what the role allows, and its messages go to them.",
                  "A critical friend who was named in a case stays named there: the case's own steps replace somebody."))


@pages.get("/people/<int:person>/<any(deactivate, reactivate):what>")
@needs(Permission.CHANGE_PEOPLE, fresh=True)
def switching(person: int, what: str) -> str:
    return render_template("people/switch.html", one=_one(person), on=what == "reactivate")


@pages.post("/people/<int:person>/<any(deactivate, reactivate):what>")
@needs(Permission.CHANGE_PEOPLE, fresh=True)
def switch(person: int, what: str) -> Response:
    desk, actor, on = the_desk(), the_actor(), what == "reactivate"
    desk.database.transact(lambda session: members.switch_account(session, desk, actor, person, on=on))
    flash("They can sign in again." if on else "They are signed out everywhere, and cannot sign in any more.", "done")
    return redirect(url_for("people.page", person=person), code=303)


@pages.post("/people/<int:person>/invite-again")
@needs(Permission.CHANGE_PEOPLE, fresh=True)
def invite_again(person: int) -> Response:
    desk, actor = the_desk(), the_actor()
    desk.database.transact(lambda session: members.invite_again(session, desk, actor, person))
    flash("Another link is on its way. It works for seven days.", "done")
    return redirect(url_for("people.page", person=person), code=303)
