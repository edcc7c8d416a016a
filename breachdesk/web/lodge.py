"""Making a complaint: a few short pages, saved as one goes, checked before it is sent. The questions are the procedure's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.drafts import Draft, begin_draft, delete_draft, drafts_waiting, read_draft, save_answers
from breachdesk.casework.file_kinds import TAKEN
from breachdesk.casework.lodging_with_files import FILES, lodge_with_files
from breachdesk.casework.masking import gives_away
from breachdesk.casework.open_case import Lodging, lodging_form
from breachdesk.errors import Invalid, NotPermitted, Refused
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.gate.uploads import sent_files, takes_a_file
from breachdesk.identity import NOBODY, Actor
from breachdesk.permissions import Permission, may
from breachdesk.store.schemes import SchemeHead, all_schemes, commitments_on
from breachdesk.store.session import Session
from breachdesk.web.choosing import Choosing, choosing
from breachdesk.web.forms import answers_shown, fields_for, sent_answers, summary, typed_days
from breachdesk.workflow.answers import read_answers
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.identity_modes import CONTACT, OPEN, mode_chosen, with_identity_asked

pages = Blueprint("lodge", __name__)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of the complaint: its heading and its questions."""

    number: int
    title: str
    asks: tuple[Ask, ...]

    @property
    def chooses(self) -> Ask | None:
        """The question for commitments, which is shown by theme and can be searched."""
        return next((ask for ask in self.asks if ask.type == "commitments"), None)


def _sheets_of(asks: Sequence[Ask]) -> list[Sheet]:
    """The questions in pages: one that names a page begins it."""
    groups: list[tuple[str, list[Ask]]] = []
    for ask in asks:
        if ask.page or not groups:
            groups.append((ask.page or "About the complaint", []))
        groups[-1][1].append(ask)
    return [Sheet(number, title, tuple(found)) for number, (title, found) in enumerate(groups, 1)]


@pages.get("/complain")
@needs(Permission.READ_PUBLIC_PAGES)
def start() -> str:
    """What a complaint is. It may come with a commitment that somebody was reading, which is then ticked in the complaint."""
    actor = the_actor()
    with reading() as session:
        codes = _codes(session)
        schemes = [one for one, known in codes if known]
        wanted = request.args.get("commitment", "")
        chosen = wanted if any(wanted in known for _, known in codes) else ""
        count = max((_count(session, one, actor) for one in schemes), default=0)
    return render_template("lodge/start.html", schemes=schemes, wordless=[one for one, known in codes if not known],
                           stranger=actor == NOBODY, may_begin=may(actor, Permission.LODGE), chosen=chosen, count=count,
                           enters=any(actor.holds("coordinator", one.id) for one in schemes))


def _codes(session: Session) -> list[tuple[SchemeHead, set[str]]]:
    """Each scheme with the numbers of the commitments that it has; with none, nobody can complain under it."""
    return [(one, {row.code for row in commitments_on(session, one.id, None)}) for one in all_schemes(session)]


def _count(session: Session, scheme: SchemeHead, actor: Actor) -> int:
    """How many pages the complaint has for somebody; for a stranger, as many as for those who complain."""
    role = "coordinator" if actor.holds("coordinator", scheme.id) else "complainant"
    asks = the_desk().procedure(session, the_desk().scheme(session, scheme.slug).procedure_digest).opening.asks
    return len(_sheets_of([ask for ask in with_identity_asked(asks) if ask.asked_of(frozenset({role}))]))


@pages.post("/complain")
@needs(Permission.LODGE)
def begin() -> Response:
    with reading() as session:
        known = [scheme.slug for scheme, codes in _codes(session) if codes]
    chosen = request.form.get("scheme", known[0] if len(known) == 1 else "")
    wanted = request.form.get("commitment", "")
    if not chosen:
        flash("Choose under which scheme you complain.", "news")
        return redirect(url_for("lodge.start", commitment=wanted or None))
    with reading() as session:
        lodging = lodging_form(session, the_desk(), the_actor(), chosen)
    return redirect(url_for("lodge.sheet", draft=_begun(lodging, wanted), number=1), code=303)


def _begun(lodging: Lodging, wanted: str) -> str:
    """A new complaint's id, with the wanted commitment ticked. One that was begun and says nothing else is taken up again."""
    desk, actor = the_desk(), the_actor()
    ask = next((ask for ask in lodging.asks if ask.type == "commitments"), None)
    if ask is None or wanted not in lodging.offered.for_ask(ask):
        return begin_draft(desk, actor, lodging.scheme.slug)
    ticked: dict[str, object] = {ask.name: [wanted]}
    with reading() as session:
        known = [read_draft(session, actor, line.id) for line in drafts_waiting(session, actor)]
    again = next((draft.id for draft in known if (draft.scheme, draft.answers) == (lodging.scheme.slug, ticked)), "")
    return again or save_answers(desk, actor, begin_draft(desk, actor, lodging.scheme.slug), (ask.name,), ticked).id


def _draft_and_form(draft_id: UUID) -> tuple[Draft, Lodging, list[Sheet]]:
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        draft = read_draft(session, actor, str(draft_id))
        lodging = lodging_form(session, desk, actor, draft.scheme)
    return draft, lodging, _sheets_of(lodging.asks)


def _sent(draft: Draft) -> Response:
    return redirect(url_for("action.done", reference=draft.reference, seq=1), code=303)


@pages.get("/complain/<uuid:draft>/<int:number>")
@needs(Permission.LODGE)
def sheet(draft: UUID, number: int) -> Answer:
    saved, lodging, sheets = _draft_and_form(draft)
    if saved.reference:
        return _sent(saved)
    if not 1 <= number <= len(sheets):
        return redirect(url_for("lodge.check", draft=draft))
    errors = _faults(lodging, sheets[number - 1], saved.answers) if request.args.get("faults") else {}
    return _sheet_page(saved, lodging, sheets, number, saved.answers, errors)


@pages.post("/complain/<uuid:draft>/<int:number>")
@needs(Permission.LODGE)
def save(draft: UUID, number: int) -> Answer:
    """Keep what was typed, whatever it is; go on only when it can be right."""
    saved, lodging, sheets = _draft_and_form(draft)
    if saved.reference:
        return _sent(saved)
    if not 1 <= number <= len(sheets):
        return redirect(url_for("lodge.check", draft=draft), code=303)
    here = sheets[number - 1]
    typed = sent_answers(request.form, here.asks)
    saved = save_answers(the_desk(), the_actor(), saved.id, tuple(ask.name for ask in here.asks), typed)
    if "suggest" in request.form:
        return _sheet_page(saved, lodging, sheets, number, saved.answers, {})
    if "later" in request.form:
        flash("Your complaint is saved. Nothing has been sent.", "done")
        return redirect(url_for("home.page"), code=303)
    if errors := _faults(lodging, here, saved.answers):
        return _sheet_page(saved, lodging, sheets, number, saved.answers, errors), 422
    onward = "lodge.check" if number == len(sheets) or "to_check" in request.form else "lodge.sheet"
    return redirect(url_for(onward, draft=draft, number=number + 1 if onward == "lodge.sheet" else None), code=303)


def _faults(lodging: Lodging, here: Sheet, answers: Mapping[str, object]) -> dict[str, str]:
    """What is wrong on one page, given what was said on those before it."""
    try:
        read_answers(lodging.asks, _asked(lodging, answers), lodging.offered, lodging.today)
    except Invalid as wrong:
        here_asked = {ask.name for ask in here.asks}
        return {name: fault for name, fault in wrong.fields.items() if name in here_asked}
    return {}


def _asked(lodging: Lodging, answers: Mapping[str, object]) -> dict[str, object]:
    """What is asked of this person today: a draft may hold answers from when they had another role."""
    return {ask.name: answers[ask.name] for ask in lodging.asks if ask.name in answers}


def _sheet_page(draft: Draft, lodging: Lodging, sheets: Sequence[Sheet], number: int, answers: Mapping[str, object],
                errors: Mapping[str, str], *, unsent: bool = False) -> str:
    """One page with its questions. UNSENT: the complaint was sent and could not be; after this page comes the check again."""
    here = sheets[number - 1]
    typed = typed_days(request.form, here.asks) if request.method == "POST" else None
    fields = fields_for(here.asks, {**lodging.suggested(answers), **answers}, lodging.offered, errors, typed)
    chooser: Choosing | None = None
    if here.chooses:
        with reading() as session:
            chooser = choosing(session, lodging, here.chooses.name, answers, request.form.get("words", "")[:200],
                               asked="suggest" in request.form)
    return render_template("lodge/sheet.html", draft=draft, sheet=here, count=len(sheets), fields=fields, errors=summary(fields, errors),
                           chooser=chooser, to_check="yes" if unsent else request.values.get("to_check", ""), unsent=unsent)


@pages.get("/complain/<uuid:draft>")
@needs(Permission.LODGE)
def go_on(draft: UUID) -> Response:
    """Take up a saved complaint where it was left: nobody is told off for what they had no time to write."""
    saved, lodging, sheets = _draft_and_form(draft)
    if saved.reference:
        return _sent(saved)
    left = _first_faulty(lodging, sheets, saved.answers)
    return redirect(url_for("lodge.sheet", draft=draft, number=left.number) if left else url_for("lodge.check", draft=draft), code=303)


@pages.get("/complain/<uuid:draft>/check")
@needs(Permission.LODGE)
def check(draft: UUID) -> Answer:
    """Everything on one page; or the first page on which something is missing or cannot be right."""
    saved, lodging, sheets = _draft_and_form(draft)
    if saved.reference:
        return _sent(saved)
    if faulty := _first_faulty(lodging, sheets, saved.answers):
        return _to_fault(draft, faulty, saved.answers)
    return _check_page(saved, lodging, sheets, ())


def _first_faulty(lodging: Lodging, sheets: Sequence[Sheet], answers: Mapping[str, object]) -> Sheet | None:
    return next((one for one in sheets if _faults(lodging, one, answers)), None)


def _to_fault(draft: UUID, faulty: Sheet, answers: Mapping[str, object]) -> Response:
    """A page that was never filled in is not told off; one that was shows what is wrong with it."""
    touched = "yes" if any(ask.name in answers for ask in faulty.asks) else None
    return redirect(url_for("lodge.sheet", draft=draft, number=faulty.number, faults=touched), code=303)


def _check_page(draft: Draft, lodging: Lodging, sheets: Sequence[Sheet], reasons: Sequence[str]) -> str:
    parts = [(one, answers_shown(one.asks, draft.answers, lodging.offered)) for one in sheets]
    change = {ask.name: url_for("lodge.sheet", draft=draft.id, number=one.number, to_check="yes") for one in sheets for ask in one.asks}
    return render_template("lodge/check.html", draft=draft, lodging=lodging, parts=parts, change=change, unnamed=_unnamed(draft),
                           telling=_telling(lodging, draft), taken=TAKEN, megabytes=the_desk().files.megabytes,
                           reasons=[{"text": why} for why in reasons])


def _unnamed(draft: Draft) -> bool:
    return mode_chosen(draft.answers) != OPEN


def _telling(lodging: Lodging, draft: Draft) -> list[str]:
    """The questions in whose answers the name stands that is to be kept back."""
    if not _unnamed(draft):
        return []
    typed = {ask.name: draft.answers.get(ask.name) for ask in lodging.asks
             if ask.personal and ask.seen_by == "shared" and ask.name != CONTACT}
    with reading() as session:
        found = gives_away(session, str(draft.answers.get("complainant", "")), typed)
    return [ask.label for ask in lodging.asks if ask.name in found]


@pages.post("/complain/<uuid:draft>/check")
@needs(Permission.LODGE)
@takes_a_file
def send(draft: UUID) -> Answer:
    """Make a case of it. Sent twice, it is one case, and both are led to the same confirmation."""
    saved, lodging, sheets = _draft_and_form(draft)
    if saved.reference:
        return _sent(saved)
    try:
        done = lodge_with_files(the_desk(), the_actor(), saved.scheme, _asked(lodging, saved.answers), sent_files(FILES), saved.id)
    except Invalid as wrong:
        faulty = next((one for one in sheets if any(ask.name in wrong.fields for ask in one.asks)), None)
        return _sheet_page(saved, lodging, sheets, faulty.number, saved.answers, wrong.fields, unsent=True) if faulty else _check_page(
            saved, lodging, sheets, list(wrong.fields.values())), 422
    except (Refused, NotPermitted) as refusal:
        reasons = refusal.reasons if isinstance(refusal, Refused) else (str(refusal),)
        return _check_page(saved, lodging, sheets, reasons), 422
    return redirect(url_for("action.done", reference=done.reference, seq=1), code=303)


@pages.get("/complain/<uuid:draft>/delete")
@needs(Permission.LODGE)
def deleting(draft: UUID) -> Answer:
    saved, _, _ = _draft_and_form(draft)
    return _sent(saved) if saved.reference else render_template("lodge/deleting.html", draft=saved)


@pages.post("/complain/<uuid:draft>/delete")
@needs(Permission.LODGE)
def delete(draft: UUID) -> Response:
    delete_draft(the_desk(), the_actor(), str(draft))
    flash("The complaint you had begun is deleted. Nobody else has seen it.", "done")
    return redirect(url_for("home.page"), code=303)
