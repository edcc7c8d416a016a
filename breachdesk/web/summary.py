"""The page on which a coordinator confirms what an anonymised summary of a case says, after the case has ended."""

from __future__ import annotations

from flask import Blueprint, url_for

from breachdesk.casework.summary_confirmed import ASKS, ToConfirm, confirm_summary, to_confirm
from breachdesk.gate.current import reading, the_actor
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.web.desk_forms import FORM, Sheet, answered
from breachdesk.workflow.answers import Offered

pages = Blueprint("summary", __name__)


@pages.route("/cases/<reference>/summary", methods=FORM)
@needs(Permission.ACT)
def confirm(reference: str) -> Answer:
    with reading() as session:
        found = to_confirm(session, the_actor(), reference)
    return answered(_sheet(found), Offered(), lambda session, desk, actor, raw: confirm_summary(session, desk, actor, reference, raw),
                    "Confirmed. The summary says this from now on.", known=found.filled)


def _sheet(found: ToConfirm) -> Sheet:
    learned = [f"Recorded as learned: {words}" for words in found.learned] or ["Nothing was recorded as learned."]
    says = ("The steering group of this scheme meets disputes as anonymised summaries. This one leaves out what was learned until you or "
            "another coordinator have confirmed how it says it.", *learned)
    return Sheet("What the anonymised summary says", found.reference, url_for("case.page", reference=found.reference),
                 "Confirm what it says", ASKS, says)
