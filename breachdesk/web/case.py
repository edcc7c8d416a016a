"""A case: where it stands, what happens next and by when, why a thing cannot be done; and the list of cases."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request

from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import ActionView, CasePage, StageView
from breachdesk.casework.panel_building import names_a_panel
from breachdesk.casework.rooms_shown import files_beside_steps, rooms_of
from breachdesk.casework.summary_confirmed import summary_of
from breachdesk.casework.way_shown import way_shown
from breachdesk.clock import local_day
from breachdesk.errors import NotPermitted
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.store.reading import COUNTED_TO, Place, counted
from breachdesk.store.schemes import scheme_by_id
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.said import said_date

pages = Blueprint("case", __name__)
_TRACK = {"done": "done", "now": "now", "ahead": "to come", "skipped": "left out"}
REMINDED = "limit:reminded"


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage on the track, in words."""

    title: str
    state: str
    when: str


@pages.get("/cases")
@needs(Permission.READ_CASES)
def listed() -> str:
    desk, actor = the_desk(), the_actor()
    show_open = request.args.get("show") != "closed"
    with reading() as session:
        lines, further = list_cases(session, desk, actor, open_only=show_open, after=_read_place(request.args.get("after", "")))
        counts = {state: counted(session, visible_to(actor), open_only=state == "open") for state in ("open", "closed")}
    said = {state: f"more than {COUNTED_TO:,}" if number > COUNTED_TO else f"{number:,}" for state, number in counts.items()}
    return render_template("case/listed.html", lines=lines, show="open" if show_open else "closed", counts=said,
                           further=f"{further.day.isoformat()}.{further.case_id}" if further else "", first=not request.args.get("after"))


def _read_place(text: str) -> Place | None:
    """Where a page of a list begins, from its address; an address that says nothing of use means the first page."""
    day, _, case_id = text.partition(".")
    try:
        return Place(date.fromisoformat(day), int(case_id)) if 0 < len(case_id) < 12 else None
    except ValueError:
        return None


@pages.get("/cases/<reference>")
@needs(Permission.READ_CASES)
def page(reference: str) -> str:
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        case = case_page(session, desk, actor, reference, asking=())
        summary = summary_of(session, actor, reference) if case.closed_on and "coordinator" in case.roles else None
        rooms, files = rooms_of(session, desk, actor, reference), files_beside_steps(session, desk, actor, reference)
    likely = _likely_action(case)
    return render_template(
        "case/page.html", case=case, track=_track_of(case), likely=likely,
        others=[one for one in case.actions if one.allowed and one != likely and not one.rare],
        rare=[one for one in case.actions if one.allowed and one.rare],
        closed=_closed(case),
        by_clock=[one for one in case.actions if one.by_clock], everything=bool(request.args.get("everything")),
        way=way_shown(case), has_letter=has_letter(case), named=named_roles(case), moved_on=_moved_on(case),
        rooms=rooms, files=files, summary=summary,
        panel_to_name=any(one.allowed and names_a_panel(one, case.procedure.actions) for one in case.actions),
        story=[one for one in case.timeline if one.event != REMINDED], reminders=[one for one in case.timeline if one.event == REMINDED])


def _closed(case: CasePage) -> list[ActionView]:
    """What cannot be done now: first what is the reader's own to do at another time, then what is for others."""
    return sorted((one for one in case.actions if not one.allowed and not one.by_clock), key=lambda one: case.roles.isdisjoint(one.may))


def _moved_on(case: CasePage) -> date:
    """The day on which the case came to where it is. A limit that began later says from which day it is counted."""
    steps = [one for one in reversed(case.timeline) if one.event.startswith("case:")]
    came = [step for before, step in zip([None, *steps], steps, strict=False) if before is None or step.status != before.status]
    return local_day(came[-1].at)


def named_roles(case: CasePage) -> dict[str, str]:
    """What the procedure calls the two sides → the organisations' names, which people know better."""
    roles = case.procedure.roles
    return {roles["complainant"]: case.complainant, roles["respondent"]: case.respondent}


def _likely_action(case: CasePage) -> ActionView | None:
    """The step for the green button: only when the case waits for the reader, so that nobody is urged to stop or correct one."""
    return case.most_likely if case.mine else None


_TENSE = {"done": "from", "now": "since", "skipped": "from", "ahead": "from"}


def _track_of(case: CasePage) -> list[Stage]:
    """The stages, each with its state in words and, when it has begun, since or from when."""
    return [Stage(one.title, _state(case, one), f"{_TENSE[one.state]} {said_date(one.began_on)}" if one.began_on else "")
            for one in case.track]


def _state(case: CasePage, stage: StageView) -> str:
    return "paused" if stage.state == "now" and case.paused_because else _TRACK[stage.state]


def has_letter(case: CasePage) -> bool:
    """The letter to start from is for those who complain, and for the coordinator who helps them, while the case is open."""
    return bool(case.roles.intersection(("complainant", "coordinator"))) and case.closed_on is None


@pages.get("/cases/<reference>/letter")
@needs(Permission.READ_CASES)
def letter(reference: str) -> str:
    case, text = letter_to_start_from(reference)
    if not has_letter(case):
        raise NotPermitted("The letter is for the organisation that complains and for the coordinator, while the case is open.")
    return render_template("case/letter.html", case=case, letter=text)


def letter_to_start_from(reference: str) -> tuple[CasePage, str]:
    """The case, and a letter about it to the person who is believed to have broken the commitment."""
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        case = case_page(session, desk, actor, reference, asking=())
        scheme = scheme_by_id(session, case.scheme_id)
    wordings = {one.commitment: one for one in case.allegations}
    return case, render_template("letters/direct-contact.txt", case=case, opening=case.opening, commitments=list(wordings.values()),
                                 compact=scheme.title if scheme else "Compact").strip()
