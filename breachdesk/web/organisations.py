"""Organisations: a list, one with its names over time, its people and its funders, and the forms that change them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework import organisations, people
from breachdesk.casework.desk import Desk
from breachdesk.casework.organisations_shown import OrganisationPage, organisation_lines, organisation_page
from breachdesk.errors import NotFound, Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.identity import Actor
from breachdesk.permissions import Permission
from breachdesk.store.session import Session
from breachdesk.web.desk_forms import Answer, Raw, Sheet, carried_out, offered_now, shown
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Ask

pages = Blueprint("organisations", __name__)
LONGEST_SEARCH = 200


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
    words = request.args.get("words", "")[:LONGEST_SEARCH]
    with reading() as session:
        lines = organisation_lines(session, the_desk(), the_actor(), words)
    return render_template("organisations/list.html", lines=lines, words=words, may_add=_may_change())


def _may_change() -> bool:
    return any(role == "coordinator" for _, role in the_actor().roles)


@pages.get("/organisations/add")
@needs(Permission.CHANGE_ORGANISATIONS)
def adding() -> str:
    return shown(_new(), Offered())


@pages.post("/organisations/add")
@needs(Permission.CHANGE_ORGANISATIONS)
def add() -> Answer:
    return carried_out(_new(), Offered(),
                       lambda session, desk, raw: organisations.enter_organisation(session, desk, the_actor(), raw), "Added.")


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


@pages.get("/organisations/<place>/<any(change, rename, link, funding):what>")
@needs(Permission.CHANGE_ORGANISATIONS)
def changing(place: str, what: str) -> str:
    one = _one(place)
    known = {ask.name: getattr(one, ask.name) for ask in organisations.CHANGE} if what == "change" else None
    return shown(_sheet(one, what), _others(place), known)


@pages.post("/organisations/<place>/<any(change, rename, link, funding):what>")
@needs(Permission.CHANGE_ORGANISATIONS)
def change(place: str, what: str) -> Answer:
    chosen = CHANGES[what]
    return carried_out(_sheet(_one(place), what), _others(place),
                       lambda session, desk, raw: chosen.work(session, desk, the_actor(), place, raw), chosen.done)


def _sheet(one: OrganisationPage, what: str) -> Sheet:
    chosen = CHANGES[what]
    return Sheet(chosen.heading, one.name, url_for("organisations.page", place=one.slug), chosen.button, chosen.asks, chosen.says)


def _others(place: str) -> Offered:
    return offered_now(lambda session: organisations.others(session, place))


@pages.get("/organisations/<place>/funding/<int:funding>/end")
@needs(Permission.CHANGE_ORGANISATIONS)
def ending_funding(place: str, funding: int) -> str:
    return shown(_funding_end(place, funding), Offered())


@pages.post("/organisations/<place>/funding/<int:funding>/end")
@needs(Permission.CHANGE_ORGANISATIONS)
def end_funding(place: str, funding: int) -> Answer:
    return carried_out(_funding_end(place, funding), Offered(),
                       lambda session, desk, raw: organisations.end_funding(session, desk, the_actor(), place, funding, raw), "Saved.")


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


@pages.get("/organisations/<place>/invite")
@needs(Permission.LOOK_AFTER_MEMBERS)
def inviting(place: str) -> str:
    return shown(_invitation(place), Offered())


@pages.post("/organisations/<place>/invite")
@needs(Permission.LOOK_AFTER_MEMBERS)
def invite(place: str) -> Answer:
    return carried_out(_invitation(place), Offered(), lambda session, desk, raw: people.invite(session, desk, the_actor(), raw, into=place),
                       "The invitation is on its way. The link in it works for seven days.")


def _invitation(place: str) -> Sheet:
    one = _one(place)
    return Sheet("Invite somebody", one.name, url_for("organisations.page", place=place), "Send the invitation",
                 people.INVITATION_BY_ADMINISTRATOR,
                 (f"They get a mail with a link. From then on they read the cases of {one.name} and act in them.",))


@pages.get("/organisations/<place>/members/<int:membership>/end")
@needs(Permission.LOOK_AFTER_MEMBERS)
def ending_membership(place: str, membership: int) -> str:
    return shown(_membership_end(place, membership), Offered())


@pages.post("/organisations/<place>/members/<int:membership>/end")
@needs(Permission.LOOK_AFTER_MEMBERS)
def end_membership(place: str, membership: int) -> Answer:
    return carried_out(_membership_end(place, membership), Offered(),
                       lambda session, desk, raw: people.end_membership(session, desk, the_actor(), place, membership, raw),
                       "Saved. Whoever it is about is signed out everywhere.")


def _membership_end(place: str, membership: int) -> Sheet:
    one = _one(place)
    found = next((line for line in one.members if line.id == membership), None)
    if found is None:
        raise NotFound(f"{one.name} has no such membership.")
    return Sheet(f"End that {found.name} belongs to {one.name}", one.name, url_for("organisations.page", place=place), "End it", people.END,
                 ("They are signed out everywhere at once, and no longer read or answer for it after their last day. "
                  "Their interest in its cases is remembered.",), warns=True)
