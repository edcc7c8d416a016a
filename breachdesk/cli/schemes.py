"""`breachdesk scheme`: who runs the procedure where, by which edition, calendar and procedure, and who can help."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.publishing import allow_single_officer
from breachdesk.casework.procedures.setting_up import create_scheme, operate_edition
from breachdesk.casework.scheme_checklist import Checklist, checklist
from breachdesk.casework.schemes_shown import settled
from breachdesk.cli.files import FILE, example_option, read_text
from breachdesk.cli.output import json_option, long_day, show, table, the_desk
from breachdesk.compacts.schemes import MONTHS
from breachdesk.resources import text
from breachdesk.store import schemes
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session


@click.group()
def command() -> None:
    """Schemes: who runs the procedure where."""


@command.command()
@click.option("--file", "file", type=FILE, required=True, metavar="FILE", help="The scheme file (YAML).")
@example_option(lambda: text("workflows", "schemes", "derby-and-derbyshire.yaml"))
@json_option
def create(file: Path, as_json: bool) -> None:
    """Set a scheme up from its file, with the Compact, the procedure and the calendar that it names."""
    written = read_text(file)
    with the_desk() as desk:
        scheme = desk.database.transact(lambda session: create_scheme(session, desk, BY_OPERATOR, written, str(file)))
    show(as_json, {"slug": scheme.slug, "title": scheme.title},
         [f"The scheme “{scheme.title}” ({scheme.slug}) is set up. Its references begin with {scheme.reference_prefix}."])


@command.command()
@click.argument("slug")
@click.argument("edition")
@click.option("--from", "from_on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="The first day on which the edition counts.")
@json_option
def operate(slug: str, edition: str, from_on: datetime, as_json: bool) -> None:
    """Let a scheme work by another edition of its Compact from a day on; the one before ends on the day before.

    Refused when a case already cites the wording that would no longer have counted on the day of its event.
    """
    with the_desk() as desk:
        desk.database.transact(lambda session: operate_edition(session, desk, BY_OPERATOR, slug, edition, from_on.date()))
    show(as_json, {"slug": slug, "edition": edition, "from": from_on.date()},
         [f"The scheme {slug} works by edition {edition} from {long_day(from_on.date())}."])


@command.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """Every scheme of this desk."""
    with the_desk() as desk, desk.database.read() as session:
        found = schemes.all_schemes(session)
    rows = [(one.slug, one.title, one.reference_prefix, one.controller) for one in found]
    lines = table(("Scheme", "Title", "References", "Data controller"), rows) if rows else ["This desk has no scheme yet."]
    show(as_json, [dict(zip(("slug", "title", "reference_prefix", "controller"), row, strict=True)) for row in rows], lines)


@command.command("show")
@click.argument("slug")
@json_option
def show_one(slug: str, as_json: bool) -> None:
    """One scheme: the editions it operates, its procedure and calendar, the data controller and the critical friends; and what is needed
    before its first case. Exits with 1 while something of that is missing."""
    with the_desk() as desk, desk.database.read() as session:
        head = desk.scheme(session, slug)
        data, found = _scheme_data(session, desk, head), checklist(session, desk, head)
    parts = [{"part": part.name, "title": part.title, "needed": part.needed, "done": part.done, "says": part.says, "missing": part.missing,
              "why": part.why} for part in found.parts]
    show(as_json, {**data, "set_up": {"complete": not found.left, "parts": parts}}, [*_lines(data), "", *_checklist_lines(found)])
    if found.left:
        raise SystemExit(1)


@command.command("single-officer")
@click.argument("slug")
@click.option("--on/--off", "allowed", required=True, help="Allow it, or allow it no longer.")
@json_option
def single_officer(slug: str, allowed: bool, as_json: bool) -> None:
    """Let one person do in a scheme what otherwise takes two, such as publishing a procedure. Each use of it is logged."""
    with the_desk() as desk:
        desk.database.transact(lambda session: allow_single_officer(session, desk, BY_OPERATOR, slug, allowed))
    show(as_json, {"slug": slug, "single_officer": allowed},
         [f"In {slug} one person may {'now' if allowed else 'no longer'} do what otherwise takes two."])


def _scheme_data(session: Session, desk: Desk, head: SchemeHead) -> dict[str, Any]:
    """A scheme for programs."""
    procedure = desk.procedure(session, head.procedure_digest)
    calendar = desk.calendar(session, head.calendar_id)
    written = settled(head)
    return {
        "slug": head.slug, "title": head.title, "areas": written.areas, "compact": written.compact,
        "operates": [{"edition": one.edition_label, "from": one.from_on, "to": one.to_on} for one in schemes.operated(session, head.id)],
        "procedure": {"name": procedure.name, "version": procedure.version, "title": procedure.title, "digest": procedure.digest},
        "calendar": {"name": calendar.name, "title": calendar.title, "first": calendar.first, "last": calendar.last,
                     "digest": calendar.digest},
        "controller": head.controller, "controller_contact": written.controller_contact, "reference_prefix": head.reference_prefix,
        "single_officer": head.single_officer, "reviews": written.reviews, "year_starts": MONTHS[head.year_starts - 1],
        "procedure_borrowed_from": written.procedure_borrowed_from or None,
        "critical_friends": [{"sector": one.sector, "area": one.area, "name": one.name, "post": one.post, "organisation": one.organisation,
                              "email": one.email, "telephone": one.telephone} for one in written.critical_friends]}


def _checklist_lines(found: Checklist) -> list[str]:
    rows = [("done" if part.done else "MISSING", part.title, "; ".join(part.missing) or part.says[0]) for part in found.needed]
    choices = [f"{part.title}: {' '.join(part.says)}" for part in found.parts if not part.needed]
    return [found.says, *table(("", "", ""), rows)[1:], "", *choices]


def _lines(data: dict[str, Any]) -> list[str]:
    procedure, calendar = data["procedure"], data["calendar"]
    operates = [(one["edition"], long_day(one["from"]), long_day(one["to"]) or "(still operated)") for one in data["operates"]]
    friends = [(one["sector"], one["area"], one["name"], one["organisation"], one["email"], one["telephone"])
               for one in data["critical_friends"]]
    borrowed = data["procedure_borrowed_from"]
    controller = f"{data['controller']} ({data['controller_contact']})" if data["controller"] else "not named yet"
    return [f"{data['title']} ({data['slug']}), for {' and '.join(data['areas'])}", "",
            f"Procedure:       {procedure['title']} ({procedure['name']}, version {procedure['version']})",
            *([f"                 borrowed from {borrowed}"] if borrowed else []),
            f"Calendar:        {calendar['title']}, {calendar['first']} to {calendar['last']}",
            f"Data controller: {controller}",
            f"References:      {data['reference_prefix']}-…; the year starts in {data['year_starts']}", "",
            *table(("Edition", "From", "To"), operates), "",
            "Critical friends:", *table(("Sector", "Area", "Name", "Organisation", "Email", "Telephone"), friends)]
