"""`breachdesk organisation`: the bodies that sign a Compact or work under one."""

from __future__ import annotations

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.accounts import SECTORS, add_organisation
from breachdesk.cli.output import json_option, show, table, the_desk
from breachdesk.store import people


@click.group()
def command() -> None:
    """Organisations that sign a Compact or work under one."""


@command.command()
@click.option("--name", required=True, metavar="NAME", help="The name as people write it.")
@click.option("--sector", required=True, metavar="SECTOR", help=f"One of: {', '.join(SECTORS)}.")
@click.option("--kind", default="", metavar="KIND", help="What it is, like “district council” or “charity”.")
@click.option("--area", default="", metavar="AREA", help="Where it works.")
@json_option
def add(name: str, sector: str, kind: str, area: str, as_json: bool) -> None:
    """Add an organisation; its short name is made from its name."""
    with the_desk() as desk:
        slug = desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, name, sector, kind=kind, area=area))
    show(as_json, {"slug": slug, "name": name, "sector": sector}, [f"{name} is added. In files and commands it is called {slug}."])


@command.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """Every organisation, with the short name that files and commands use."""
    with the_desk() as desk, desk.database.read() as session:
        found = people.organisations(session)
    rows = [(slug, name, sector) for _, slug, name, sector in found]
    lines = table(("Short name", "Name", "Sector"), rows) if rows else ["There is no organisation yet."]
    show(as_json, [dict(zip(("slug", "name", "sector"), row, strict=True)) for row in rows], lines)
