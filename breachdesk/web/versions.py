"""What a version of a procedure changes, in words for a committee; and publishing it, which takes two people."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.procedures.changes_shown import changes_shown
from breachdesk.casework.procedures.publishing import publish
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission

pages = Blueprint("versions", __name__)


@pages.get("/procedures/<procedure>/<version>/changes")
@needs(Permission.READ_PUBLIC_PAGES)
def changes(procedure: str, version: str) -> str:
    with reading() as session:
        shown = changes_shown(session, the_desk(), the_actor(), procedure, version, request.args.get("from", ""))
    return render_template("procedures/changes.html", shown=shown)


@pages.post("/procedures/<procedure>/<version>/changes")
@needs(Permission.CHANGE_PROCEDURES)
def publish_it(procedure: str, version: str) -> Response:
    """Propose the version, or publish what somebody else proposed."""
    desk, actor = the_desk(), the_actor()
    head = desk.database.transact(lambda session: publish(session, desk, actor, procedure, version))
    flash(f"Version {version} is published. It cannot be changed any more." if head.published else
          f"You have proposed version {version}. Another coordinator or operator publishes it on this page.", "done")
    return redirect(url_for("versions.changes", procedure=procedure, version=version), code=303)
