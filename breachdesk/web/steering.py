"""What the steering group reviews: the disputes that reached the panel, each as a story that fits a meeting pack."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, render_template, request

from breachdesk.casework.escalated import REVIEW, escalated_cases, review_of
from breachdesk.casework.summaries import summaries_for, ways_of
from breachdesk.errors import NotFound
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.store.reading import Place

pages = Blueprint("steering", __name__)


@pages.get("/escalated")
@needs(Permission.READ_ESCALATED)
def queue() -> str:
    """The disputes that this member may review, those without a review first."""
    with reading() as session:
        found, further = escalated_cases(session, the_desk(), the_actor(), _place(request.args.get("after", "")))
        ways, summaries = ways_of(session, the_actor()), summaries_for(session, the_desk(), the_actor())
    return render_template("steering/queue.html", ways=ways, summaries=summaries, waiting=[one for one in found if not one.reviewed],
                           done=[one for one in found if one.reviewed], after=f"{further.day}.{further.case_id}" if further else "")


@pages.get("/escalated/<reference>")
@needs(Permission.READ_ESCALATED)
def review(reference: str) -> str:
    """One dispute as a story in a page."""
    with reading() as session:
        found = review_of(session, the_desk(), the_actor(), reference)
    return render_template("steering/review.html", review=found, page=found.page, action=found.page.action(REVIEW))


def _place(text: str) -> Place | None:
    """Where a page of the list begins, from its address. Raises NotFound for an address that was made up."""
    if not text:
        return None
    day, _, number = text.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        raise NotFound("This list has no such page. Go back to its beginning.")
    try:
        return Place(date.fromisoformat(day), int(number))
    except ValueError:
        raise NotFound("This list has no such page. Go back to its beginning.") from None
