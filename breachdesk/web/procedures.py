"""Procedures, drawn and in words: the one that a scheme goes by, every version that the desk holds, and each as a file to take away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Response, render_template

from breachdesk.casework.procedures.procedures_shown import drawn, procedure_named, procedure_of_scheme, procedure_shown, procedures_listed
from breachdesk.errors import NotFound
from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.web.front import asked_scheme
from breachdesk.workflow.drawing.bpmn import bpmn_of
from breachdesk.workflow.drawing.mermaid import mermaid_of
from breachdesk.workflow.drawing.picture import Picture
from breachdesk.workflow.drawing.svg import svg_file

pages = Blueprint("procedures", __name__)


@dataclass(frozen=True, slots=True)
class Form:
    """A form in which the picture can be taken away."""

    write: Callable[[Picture], str]
    kind: str
    ending: str


FORMS = {"svg": Form(svg_file, "image/svg+xml", "svg"), "mermaid": Form(mermaid_of, "text/plain", "mmd"),
         "bpmn": Form(bpmn_of, "application/xml", "bpmn")}


@pages.get("/procedure")
@needs(Permission.READ_PUBLIC_PAGES)
def of_scheme() -> str:
    shown = asked_scheme()
    with reading() as session:
        procedure = procedure_of_scheme(session, the_desk(), shown.slug)
    return render_template("procedures/page.html", shown=shown, procedure=procedure_shown(procedure), draft=False)


@pages.get("/procedures")
@needs(Permission.READ_PUBLIC_PAGES)
def listed() -> str:
    with reading() as session:
        return render_template("procedures/listed.html", lines=procedures_listed(session, the_desk(), the_actor()))


@pages.get("/procedures/<procedure>/<version>")
@needs(Permission.READ_PUBLIC_PAGES)
def page(procedure: str, version: str) -> str:
    with reading() as session:
        found, draft = procedure_named(session, the_desk(), the_actor(), procedure, version)
    return render_template("procedures/page.html", shown=None, procedure=procedure_shown(found), draft=draft)


@pages.get("/procedures/<procedure>/<version>/picture.<form>")
@needs(Permission.READ_PUBLIC_PAGES)
def picture(procedure: str, version: str, form: str) -> Response:
    """The picture as a file. Its name holds nothing that a header could misread."""
    if form not in FORMS:
        raise NotFound(f"The picture is to be had as {', '.join(FORMS)}, and not as {form[:20]}.")
    with reading() as session:
        found, _ = procedure_named(session, the_desk(), the_actor(), procedure, version)
    chosen = FORMS[form]
    return Response(chosen.write(drawn(found)), content_type=f"{chosen.kind}; charset=utf-8",
                    headers={"Content-Disposition": f'attachment; filename="procedure.{chosen.ending}"'})
