"""The page on which a coordinator confirms what an anonymised summary of a case says, after the case has ended."""

from __future__ import annotations

from flask import Blueprint, url_for

from breachdesk.casework.summary_confirmed import ASKS, ToConfirm, confirm_summary, to_confirm
from breachdesk.gate.current import reading, the_actor
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.web.desk_forms import Answer, Sheet, carried_out, shown
from breachdesk.workflow.answers import Offered

pages = Blueprint("summary", __name__)


@pages.get("/cases/<reference>/summary")
@needs(Permission.ACT)
def form(reference: str) -> str:
    found = _found(reference)
    return shown(_sheet(found), Offered(), found.filled)


@pages.post("/cases/<reference>/summary")
@needs(Permission.ACT)
def confirm(reference: str) -> Answer:
    return carried_out(_sheet(_found(reference)), Offered(),
                       lambda session, desk, raw: confirm_summary(session, desk, the_actor(), reference, raw),
                       "Confirmed. The summary says this from now on.")


def _found(reference: str) -> ToConfirm:
    with reading() as session:
        return to_confirm(session, the_actor(), reference)


def _sheet(found: ToConfirm) -> Sheet:
    learned = [f"Recorded as learned: {words}" for words in found.learned] or ["Nothing was recorded as learned."]
    says = ("The steering group of this scheme meets disputes as anonymised summaries. This one leaves out what was learned until you or "
            "another coordinator have confirmed how it says it.", *learned)
    return Sheet("What the anonymised summary says", found.reference, url_for("case.page", reference=found.reference),
                 "Confirm what it says", ASKS, says)
