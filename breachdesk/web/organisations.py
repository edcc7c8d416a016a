"""Organisations: a list, one with its names over time, its people and its funders, and the forms that change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.desk import Desk
from breachdesk.casework.people import members, organisations
from breachdesk.casework.people.organisations_shown import OrganisationPage, organisation_lines, organisation_page
from breachdesk.errors import NotFound, Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.identity import Actor
from breachdesk.permissions import Permission
from breachdesk.store.session import Session
from breachdesk.web.desk_forms import FORM, Raw, Sheet, answered, offered_now
from breachdesk.web.forms import words_sought
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Ask

pages = Blueprint("organisations", __name__)


@dataclass(frozen=True, slots=True)
class Change:
    """Something that can be changed about an organisation."""

    heading: str
    button: str
    asks: tuple[Ask, ...]
    work: Callable[[Session, Desk, Actor, str, Raw], object]
    done: str
    says: tuple[str, ...] = ()


CHANGES: Mapping[str, Change] = {
    "change": Change("Change what is known of it", "Save", organisations.CHANGE, organisations.change_organisation, "Saved."),
    "rename": Change("Give it another name", "Save the new name", organisations.RENAME, organisations.rename_organisation,
                     "The new name counts from that day on.",
                     ("For an organisation that goes on under another name. If another one took its place, say which came after it.",)),
    "link": Change("Who came before or after it", "Save", organisations.SUCCESSION, organisations.link_organisations, "Saved.",
                   ("In an open case, the coordinator's step that names a successor lets the new organisation go on there.",)),
    "funding": Change("Who funds whom", "Save", organisations.FUNDING, organisations.note_funding, "Saved.",
                      ("Where one side pays a person's organisation, that person's interest is shown before they are named in a case.",))}


@pages.get("/organisations")
@needs(Permission.SEE_ORGANISATIONS)
def listed() -> str:
    words = words_sought()
    with reading() as session:
        lines = organisation_lines(session, the_desk(), the_actor(), words)
    return render_template("organisations/list.html", lines=lines, words=words, may_add=_may_change())


def _may_change() -> bool:
    return any(role == "coordinator" for _, role in the_actor().roles)


@pages.route("/organisations/add", methods=FORM)
@needs(Permission.CHANGE_ORGANISATIONS)
def add() -> Answer:
    return answered(_new(), Offered(),
                    lambda session, desk, actor, raw: organisations.enter_organisation(session, desk, actor, raw), "Added.")


def _new() -> Sheet:
    return Sheet("Add an organisation", "Organisations", url_for("organisations.listed"), "Add it", organisations.NEW,
                 ("It then can complain, be complained about, and have people.",))


@pages.get("/organisations/<place>")
@needs(Permission.SEE_ORGANISATIONS)
def page(place: str) -> str:
    return render_template("organisations/page.html", one=_one(place))


def _one(place: str) -> OrganisationPage:
    with reading() as session:
        return organisation_page(session, the_desk(), the_actor(), place)


@pages.route("/organisations/<place>/<any(change, rename, link, funding):what>", methods=FORM)
@needs(Permission.CHANGE_ORGANISATIONS)
def change(place: str, what: str) -> Answer:
    one, chosen = _one(place), CHANGES[what]
    known = {ask.name: getattr(one, ask.name) for ask in organisations.CHANGE} if what == "change" else {}
    return answered(_sheet(one, chosen), offered_now(lambda session: organisations.others(session, place)),
                    lambda session, desk, actor, raw: chosen.work(session, desk, actor, place, raw), chosen.done, known=known)


def _sheet(one: OrganisationPage, chosen: Change) -> Sheet:
    return Sheet(chosen.heading, one.name, url_for("organisations.page", place=one.slug), chosen.button, chosen.asks, chosen.says)


@pages.route("/organisations/<place>/funding/<int:funding>/end", methods=FORM)
@needs(Permission.CHANGE_ORGANISATIONS)
def end_funding(place: str, funding: int) -> Answer:
    return answered(_funding_end(place, funding), Offered(),
                    lambda session, desk, actor, raw: organisations.end_funding(session, desk, actor, place, funding, raw), "Saved.")


def _funding_end(place: str, funding: int) -> Sheet:
    one = _one(place)
    found = next((line for line in one.funding if line.id == funding), None)
    if found is None:
        raise NotFound("There is no such funding of this organisation.")
    funder, funded = (one.name, found.name) if found.gives else (found.name, one.name)
    return Sheet(f"Until when did {funder} fund {funded}?", one.name, url_for("organisations.page", place=place), "Save the last day",
                 organisations.FUNDING_END)


@pages.post("/organisations/<place>/<any(name, link, funding):what>/<int:number>/take-back")
@needs(Permission.CHANGE_ORGANISATIONS)
def take_back(place: str, what: str, number: int) -> Response:
    """It was a mistake: as if it had never been entered. The log keeps that it was, and that it was taken back."""
    desk, actor = the_desk(), the_actor()

    def work(session: Session) -> None:
        if what == "name":
            # The number says which name the page showed as the latest, so that two who press the button at once take one back.
            if len(organisation_page(session, desk, actor, place).names) != number:
                raise Refused("Somebody else has changed its names. Look at them again.")
            organisations.take_name_back(session, desk, actor, place)
        elif what == "link":
            organisations.unlink_organisations(session, desk, actor, place, number)
        else:
            organisations.take_funding_back(session, desk, actor, place, number)
    desk.database.transact(work)
    flash("Taken back.", "done")
    return redirect(url_for("organisations.page", place=place), code=303)


@pages.route("/organisations/<place>/invite", methods=FORM)
@needs(Permission.LOOK_AFTER_MEMBERS)
def invite(place: str) -> Answer:
    return answered(_invitation(place), Offered(), lambda session, desk, actor, raw: members.invite(session, desk, actor, raw, into=place),
                    "The invitation is on its way. The link in it works for seven days.")


def _invitation(place: str) -> Sheet:
    one = _one(place)
    return Sheet("Invite somebody", one.name, url_for("organisations.page", place=place), "Send the invitation",
                 members.INVITATION_BY_ADMINISTRATOR,
                 (f"They get a mail with a link. From then on they read the cases of {one.name} and act in them.",))


@pages.route("/organisations/<place>/members/<int:membership>/end", methods=FORM)
@needs(Permission.LOOK_AFTER_MEMBERS)
def end_membership(place: str, membership: int) -> Answer:
    return answered(_membership_end(place, membership), Offered(),
                    lambda session, desk, actor, raw: members.end_membership(session, desk, actor, place, membership, raw),
                    "Saved. Whoever it is about is signed out everywhere.")


def _membership_end(place: str, membership: int) -> Sheet:
    one = _one(place)
    found = next((line for line in one.members if line.id == membership), None)
    if found is None:
        raise NotFound(f"{one.name} has no such membership.")
    return Sheet(f"End that {found.name} belongs to {one.name}", one.name, url_for("organisations.page", place=place), "End it",
                 members.END,
                 ("They are signed out everywhere at once, and no longer read or answer for it after their last day. "
                  "Their interest in its cases is remembered.",), warns=True)
