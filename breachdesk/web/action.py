"""Taking a step in a case: its questions, what it will do, and what it did. The rules are in `act`; here are only pages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.act import Done, Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import ActionView, CasePage
from breachdesk.casework.desk import Desk
from breachdesk.casework.rooms_shown import files_beside_steps
from breachdesk.casework.steps_told import Foretold, confirmation, foretell
from breachdesk.errors import Invalid, NotFound, Refused, StaleCase
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.identity import Actor
from breachdesk.permissions import Permission
from breachdesk.web.case import has_letter, letter_to_start_from, named_roles
from breachdesk.web.forms import answers_shown, fields_for, form_key, sent_again, sent_answers, summary, typed_days, whole_number
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.definition import Action, Ask

pages = Blueprint("action", __name__)
Way = Callable[[Desk, Actor, str, Step], Foretold | Done]
PARTY = "party"


@dataclass(frozen=True, slots=True)
class Sheet:
    """One step on its way through form, check and sending. `view` is empty when the step does not exist where the case stands now."""

    case: CasePage
    action: Action
    view: ActionView | None

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The questions of the form; for which organisation it is comes first, when there are several."""
        return (*self._which(), *(self.view.asks if self.view else self.action.asks))

    @property
    def offered(self) -> Offered:
        return self.view.offered if self.view else Offered()

    @property
    def title(self) -> str:
        return self.view.title if self.view else self.action.name.replace("_", " ").capitalize()

    def _which(self) -> tuple[Ask, ...]:
        parties = self.view.parties if self.view else ()
        if len(parties) < 2:
            return ()
        return (Ask(PARTY, "For which organisation?", "choice", choices={str(party.id): party.name for party in parties}),)


def _sheet(reference: str, name: str) -> Sheet:
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        case = case_page(session, desk, actor, reference, asking=(name,))
    action = case.procedure.actions.get(name)
    if action is None or action.opens or action.by_clock_only:
        raise NotFound(f"There is no step “{name[:40]}” for people in the case {case.reference}.")
    return Sheet(case, action, case.action(name))


@pages.get("/cases/<reference>/do/<name>")
@needs(Permission.ACT)
def form(reference: str, name: str) -> Answer:
    sheet = _sheet(reference, name)
    if sheet.view is None or not sheet.view.allowed:
        return _closed_page(sheet)
    return _form_page(sheet, {}) if sheet.asks else _attempt(sheet, foretell)


@pages.get("/cases/<reference>/do/<name>/check")
@needs(Permission.ACT)
def check_by_address(reference: str, name: str) -> Response:
    """What somebody typed is not in the address of the check page: whoever opens it by that begins with the form."""
    return redirect(url_for("action.form", reference=reference, name=name))


@pages.post("/cases/<reference>/do/<name>/check")
@needs(Permission.ACT)
def check(reference: str, name: str) -> Answer:
    sheet = _sheet(reference, name)
    if "again" in request.form:
        return _form_page(sheet, {}) if sheet.view and sheet.view.allowed else _closed_page(sheet)
    return _attempt(sheet, foretell)


@pages.post("/cases/<reference>/do/<name>")
@needs(Permission.ACT)
def do(reference: str, name: str) -> Answer:
    return _attempt(_sheet(reference, name), act)


@pages.get("/cases/<reference>/done/<int:seq>")
@needs(Permission.READ_CASES)
def done(reference: str, seq: int) -> str:
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        confirmed = confirmation(session, desk, actor, reference, seq)
        opened = confirmed.step.event == "case:opened"
        files = files_beside_steps(session, desk, actor, reference).get(seq, []) if opened else []
    letter = letter_to_start_from(reference)[1] if opened and has_letter(confirmed.case) else ""
    return render_template("action/done.html", case=confirmed.case, step=confirmed.step, told=confirmed.told, opened=opened,
                           letter=letter, named=named_roles(confirmed.case), files=files)


def _attempt(sheet: Sheet, way: Way) -> Answer:
    """Take the step, or only say what it would do; and a page for each way in which it cannot be done, with nothing typed lost."""
    try:
        result = way(the_desk(), the_actor(), sheet.case.reference, _step(sheet))
    except Invalid as wrong:
        return _form_page(sheet, wrong.fields), 422
    except StaleCase as stale:
        return _stale_page(sheet, str(stale))
    except Refused as refusal:
        return _refused_page(sheet, refusal)
    if isinstance(result, Done):
        return redirect(url_for("action.done", reference=result.reference, seq=result.seq), code=303)
    return _check_page(sheet, result)


def _step(sheet: Sheet) -> Step:
    """The step as it was sent. A form that does not say which version of the case it was made from counts as an old one."""
    answers = {name: value for name, value in sent_answers(request.form, sheet.asks).items() if name != PARTY}
    seen = sheet.case.version if request.method == "GET" else whole_number(request.form.get("seen_version", ""))
    return Step(sheet.action.name, answers, whole_number(request.form.get(PARTY, "")), seen, form_key())


def _own_fields(sheet: Sheet) -> list[tuple[str, str]]:
    """The form's own hidden fields. The version stays the one that the person looked at first, until they are told that it is old."""
    return [("seen_version", request.form.get("seen_version", "") or str(sheet.case.version)), ("key", form_key())]


def _form_page(sheet: Sheet, errors: Mapping[str, str]) -> str:
    fields = fields_for(sheet.asks, sent_answers(request.form, sheet.asks), sheet.offered, errors, typed_days(request.form, sheet.asks))
    letter = letter_to_start_from(sheet.case.reference)[1] if sheet.view and sheet.view.letter and has_letter(sheet.case) else ""
    return render_template("action/form.html", sheet=sheet, fields=fields, errors=summary(fields, errors), hidden_pairs=_own_fields(sheet),
                           letter=letter)


def _check_page(sheet: Sheet, foretold: Foretold) -> str:
    rows = answers_shown(sheet.asks, sent_answers(request.form, sheet.asks), sheet.offered)
    return render_template("action/check.html", sheet=sheet, rows=rows, foretold=foretold,
                           hidden_pairs=_own_fields(sheet) + sent_again(request.form, sheet.asks))


def _closed_page(sheet: Sheet, *reasons: str) -> tuple[str, int]:
    why = reasons or (sheet.view.why_not if sheet.view else (f"The case is at “{sheet.case.status_title}” now.",))
    for_others = sheet.view is not None and not sheet.case.roles.intersection(sheet.view.may)
    return render_template("action/closed.html", sheet=sheet, reasons=why), 403 if for_others else 409


def _refused_page(sheet: Sheet, refusal: Refused) -> Answer:
    """A rule of the procedure stands against it: the form again with the reason, or, where there is no form, the reason alone."""
    if not (sheet.view and sheet.view.allowed and sheet.asks):
        return _closed_page(sheet, *refusal.reasons)
    unsaid = any(ask.name == PARTY for ask in sheet.asks) and not request.form.get(PARTY)
    errors = {PARTY: "Choose for which organisation this is"} if unsaid else {f"rule {n}": why for n, why in enumerate(refusal.reasons)}
    return _form_page(sheet, errors), 422


def _stale_page(sheet: Sheet, what_changed: str) -> tuple[str, int]:
    rows = answers_shown(sheet.asks, sent_answers(request.form, sheet.asks), sheet.offered)
    return render_template("action/stale.html", sheet=sheet, what_changed=what_changed, rows=rows,
                           hidden_pairs=sent_again(request.form, sheet.asks)), 409
