"""`breachdesk statistics`: a year's figures, from the log."""

from __future__ import annotations

import json

import click

from breachdesk.casework.figures import as_csv, year_figures
from breachdesk.casework.log.figures_kept import kept_figures
from breachdesk.cli.output import the_desk, the_scheme
from breachdesk.errors import Invalid
from breachdesk.statistics.tables import as_json


@click.command()
@click.option("--scheme", metavar="SCHEME", help="The scheme's short name; may be left out when there is only one.")
@click.option("--year", default="", metavar="YEAR",
              help="Which year, as 2025-26 (or 2025, where years begin in January); without it, this one.")
@click.option("--format", "form", type=click.Choice(["json", "csv"]), default="json", show_default=True,
              help="For programs or spreadsheets.")
@click.option("--json", "plain_json", is_flag=True, help="The same as --format json.")
@click.option("--public", is_flag=True, help="The edition that anybody may read: small numbers in breakdowns are not shown.")
@click.option("--kept", default="", metavar="MONTH", help="As they stood when they were kept in a month (2026-10), as JSON.")
def command(scheme: str | None, year: str, form: str, plain_json: bool, public: bool, kept: str) -> None:
    """A year's figures, counted from the log."""
    if kept and (year or public or form == "csv"):
        raise click.UsageError("What was kept is one edition of one year, as JSON: give --kept without --year, --public and --format csv.")
    with the_desk() as desk, desk.database.read() as session:
        if kept:
            click.echo(json.dumps(kept_figures(session, the_scheme(session, scheme), kept), ensure_ascii=False, indent=2))
            return
        try:
            figures = year_figures(session, desk, the_scheme(session, scheme), year, public=public)
        except Invalid as error:
            raise click.BadParameter(str(error), param_hint="--year") from None
    if form == "csv" and not plain_json:
        click.echo(as_csv(figures), nl=False)
    else:
        click.echo(json.dumps(as_json(figures), ensure_ascii=False, indent=2))
