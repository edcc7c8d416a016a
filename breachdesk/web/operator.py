"""The operator's page: is the desk well? It names no case."""

from __future__ import annotations

from flask import Blueprint, render_template

from breachdesk.casework.health import health_of, in_words
from breachdesk.gate.current import reading, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("operator", __name__)


@pages.get("/operator")
@needs(Permission.READ_HEALTH)
def page() -> str:
    with reading() as session:
        health = health_of(session, the_desk())
    return render_template("operator/page.html", health=health, behind=in_words(health.behind))
