"""Erasing a person, or a closed case's words and files: one officer asks, and another looks at what would go, and decides."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.forgetting.erasing import (
    CASE_ASKS,
    PERSON_ASKS,
    ToErase,
    ask_for_case,
    ask_for_person,
    case_to_erase,
    decide,
    one_waiting,
    person_to_erase,
    waiting,
)
from breachdesk.errors import Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.web.desk_forms import FORM, Sheet, answered
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Ask

pages = Blueprint("erasures", __name__)
_ASKED = "It is asked for. Nothing has gone yet: another coordinator or an operator decides, on this page."
_HOW = ("Nothing goes yet. Somebody else looks at what would go and decides; where the scheme lets one officer do both, you do, and "
        "the log says so.", "It cannot be taken back. The log keeps who did what when, by numbers, and that something was erased.")
_PERSON = ("Their name, address, sign-ins, second step, passkeys, links, drafts and what the roster says go. In cases, what they "
           "wrote as a party stays with the case unless it is ticked; what others wrote about them is shown, text by text.")
_CASE = ("Every word and every file of the case goes. What is left is its reference, who the parties were, which steps were taken on which "
         "day, and the figures.")


@pages.get("/erasures")
@needs(Permission.ERASE)
def listed() -> str:
    with reading() as session:
        found = waiting(session, the_desk(), the_actor())
    return render_template("erasures/list.html", waiting=found)


@pages.route("/people/<int:person>/erase", methods=FORM)
@needs(Permission.ERASE, fresh=True)
def ask_person(person: int) -> Answer:
    return answered(_person_sheet(person), Offered(),
                    lambda session, desk, actor, raw: ask_for_person(session, desk, actor, person, raw), _ASKED,
                    url_for("erasures.listed"))


def _person_sheet(person: int) -> Sheet:
    with reading() as session:
        found = person_to_erase(session, the_desk(), the_actor(), person)
    return _sheet("Erase this person", found, PERSON_ASKS, _PERSON, url_for("people.page", person=person))


@pages.route("/cases/<reference>/erase", methods=FORM)
@needs(Permission.ERASE, fresh=True)
def ask_case(reference: str) -> Answer:
    return answered(_case_sheet(reference), Offered(),
                    lambda session, desk, actor, raw: ask_for_case(session, desk, actor, reference, raw), _ASKED,
                    url_for("erasures.listed"))


def _case_sheet(reference: str) -> Sheet:
    with reading() as session:
        found = case_to_erase(session, the_desk(), the_actor(), reference)
    return _sheet("Erase the words and files of this case", found, CASE_ASKS, _CASE, url_for("case.page", reference=reference))


def _sheet(heading: str, found: ToErase, asks: tuple[Ask, ...], what: str, back: str) -> Sheet:
    closed = ("It was asked for before, and waits under “Erasures” for somebody to decide.",) if found.asked else found.in_the_way
    return Sheet(heading, found.about, back, "Ask for it to be erased", asks, (what, *_HOW), warns=True, closed=closed)


@pages.get("/erasures/<int:number>")
@needs(Permission.ERASE, fresh=True)
def one(number: int) -> str:
    return _one(number)


@pages.post("/erasures/<int:number>")
@needs(Permission.ERASE, fresh=True)
def settle(number: int) -> Response | tuple[str, int]:
    """Erase, or do not. Nothing goes before the box is ticked that says that it cannot be taken back."""
    agree = request.form.get("way") == "agree"
    if agree and request.form.get("sure") != "yes":
        return _one(number, {"sure": "Tick the box to say that you know it cannot be taken back"}), 422
    try:
        about = decide(the_desk(), the_actor(), number, agree=agree, ticked=request.form.getlist("goes"))
    except Refused as refusal:
        return _one(number, {"": " ".join(refusal.reasons)}), 409
    flash("It is erased." if agree else f"{about} stays. Whoever asked sees so in the log.", "done")
    return redirect(url_for("erasures.listed"), code=303)


def _one(number: int, errors: dict[str, str] | None = None) -> str:
    with reading() as session:
        found = one_waiting(session, the_desk(), the_actor(), number)
    problems = [{"text": text, "href": f"#{name}"} if name else {"text": text} for name, text in (errors or {}).items()]
    return render_template("erasures/one.html", one=found, errors=errors or {}, problems=problems, ticked=request.form.getlist("goes"))
