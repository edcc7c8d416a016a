"""What goes when: the list of what is due in a scheme's closed cases, what holds a case back, and what has gone."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from breachdesk.casework.forgetting.holds import ASKS, holdable, holds_shown, lift_hold, set_hold
from breachdesk.casework.forgetting.retention import disposal_log, due_as_seen, look, schemes_of
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import Answer, needs
from breachdesk.permissions import Permission
from breachdesk.web.desk_forms import FORM, Sheet, answered
from breachdesk.workflow.answers import Offered
from breachdesk.workflow.wording import counted

pages = Blueprint("retention", __name__)


@pages.get("/retention")
@needs(Permission.RETAIN)
def page() -> str:
    desk, actor = the_desk(), the_actor()
    with reading() as session:
        found = [(scheme, *due_as_seen(session, desk, actor, scheme)) for scheme in schemes_of(session, actor)]
        holds, gone = holds_shown(session, desk, actor), disposal_log(session, actor)
    return render_template("retention/page.html", schemes=found, holds=holds, gone=gone)


@pages.post("/retention/<slug>/looked")
@needs(Permission.RETAIN, fresh=True)
def looked(slug: str) -> Response:
    """A coordinator has looked at the list, and lets go what stands on it."""
    desk, actor = the_desk(), the_actor()
    number = desk.database.transact(lambda session: look(session, desk, actor, slug))
    flash(f"Noted. At the next run, within a day, {counted(number, 'thing goes', 'things go')}; what is held stays." if number
          else "Noted. Nothing is due that is not held.", "done")
    return redirect(url_for("retention.page"), code=303)


@pages.route("/cases/<reference>/hold", methods=FORM)
@needs(Permission.RETAIN)
def hold(reference: str) -> Answer:
    return answered(_sheet(reference), Offered(), lambda session, desk, actor, raw: set_hold(session, desk, actor, reference, raw),
                    "Nothing of the case goes until you lift this.")


@pages.post("/cases/<reference>/hold/<int:number>/lift")
@needs(Permission.RETAIN, fresh=True)
def lift(reference: str, number: int) -> Response:
    desk, actor = the_desk(), the_actor()
    desk.database.transact(lambda session: lift_hold(session, desk, actor, reference, number))
    flash(f"{reference} is not held any more. What is due of it goes by the rule.", "done")
    return redirect(url_for("retention.page"), code=303)


def _sheet(reference: str) -> Sheet:
    with reading() as session:
        called = holdable(session, the_actor(), reference)
    return Sheet("Keep everything of this case", called, url_for("retention.page"), "Hold it back", ASKS,
                 ("While it is held, nothing of the case goes: neither by the rule nor because somebody asks.",))
