"""A Compact on one page: its editions, whom it binds, codes of practice, consultations, reviews, and how it wants to be measured."""

from __future__ import annotations

from flask import Blueprint, render_template

from breachdesk.casework.compacts_shown import compact_shown
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("compacts", __name__)


@pages.get("/compacts/<slug>")
@needs(Permission.READ_PUBLIC_PAGES)
def one(slug: str) -> str:
    with reading() as session:
        shown = compact_shown(session, the_desk(), slug)
    return render_template("compacts/one.html", shown=shown, compact=shown.compact, life=shown.compact.life)
