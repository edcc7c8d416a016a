"""The panel builder: the possible panels of a case, and for everybody in the pool why not. Choosing one fills the step's form."""

from __future__ import annotations

from flask import Blueprint, render_template

from breachdesk.casework.panel_building import panel_page
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.web.forms import form_key

pages = Blueprint("panel", __name__)


@pages.get("/cases/<reference>/panel")
@needs(Permission.ACT)
def page(reference: str) -> str:
    with reading() as session:
        found = panel_page(session, the_desk(), the_actor(), reference)
    return render_template("panel/page.html", found=found, key=form_key())
