"""`breachdesk compact import`: a register or a Compact's file onto the desk, with a report row by row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.desk import Desk
from breachdesk.casework.importing import Asked, Imported, import_compact, import_register
from breachdesk.casework.procedures.setting_up import shipped_compacts
from breachdesk.cli.files import FILE, example_option, read_text
from breachdesk.cli.output import json_option, show, the_desk
from breachdesk.compacts.editions import STATUSES
from breachdesk.compacts.registers import EXAMPLE
from breachdesk.errors import BadFile
from breachdesk.store.session import Session

_SAYS = {"new": "new", "unchanged": "unchanged", "overrides": "in the place of the core Compact's"}


class _Checked(Exception):
    """Ends the transaction of a check, so that nothing of it is kept."""

    def __init__(self, imported: Imported) -> None:
        super().__init__()
        self.imported = imported


@click.command("import")
@click.argument("file", type=FILE)
@click.option("--compact", metavar="SLUG", help="Which Compact a register (CSV) is for, by its short name: breachdesk compact list.")
@click.option("--edition", metavar="LABEL", help="Which edition a register is; needed unless it has a column for it.")
@click.option("--dated-on", type=click.DateTime(["%Y-%m-%d"]), help="The day that an edition bears, when it is new here.")
@click.option("--status", type=click.Choice(STATUSES), help="How an edition stands, when it is new here or stands otherwise now.")
@click.option("--check", is_flag=True, help="Only look: report everything, and change nothing.")
@example_option(lambda: EXAMPLE)
@json_option
@click.pass_context
def import_file(ctx: click.Context, file: Path, compact: str | None, edition: str | None, dated_on: datetime | None, status: str | None,
                check: bool, as_json: bool) -> None:
    """Import a register (FILE.csv) as the wording of one edition, or a Compact's whole file (FILE.yaml).

    Every row is reported. All of it is taken in, or nothing. An edition that has its wording keeps it: another wording needs another
    label, because a case may cite the first one.
    """
    asked = Asked(compact or "", edition or "", dated_on.date() if dated_on else None, status or "")
    work = _work(file, asked)
    try:
        with the_desk() as desk:
            done = _carried_out(desk, work, check=check)
    except BadFile as error:
        if not as_json:
            lines = [*map(str, error.faults), f"{file}: nothing was imported"]
            click.echo("\n".join(lines), err=True)
        else:
            show(True, {"imported": False, "checked": check, "faults": [
                {"line": one.line, "column": one.column, "message": one.message} for one in error.faults]}, [])
        ctx.exit(1)
    show(as_json, _data(done, check=check), _lines(done, file, check=check))


def _work(file: Path, asked: Asked) -> Callable[[Session, Desk], Imported]:
    """What is to be done, by the kind of file. Raises UsageError when something needed was not said, or something was said in vain."""
    if file.suffix.casefold() in (".yaml", ".yml"):
        if asked != Asked(""):
            raise click.UsageError("A Compact's file (YAML) says all this itself: leave --compact, --edition, --dated-on and --status out.")
        return lambda session, desk: import_compact(session, desk, BY_OPERATOR, read_text(file), str(file))
    if file.suffix.casefold() != ".csv":
        raise click.UsageError("FILE is a register (a name that ends in .csv) or a Compact's file (.yaml).")
    if not asked.compact:
        raise click.UsageError("Say for which Compact this register is, with --compact. See: breachdesk compact list")
    return lambda session, desk: import_register(session, desk, BY_OPERATOR, asked, read_text(file), str(file), shipped_compacts())


def _carried_out(desk: Desk, work: Callable[[Session, Desk], Imported], *, check: bool) -> Imported:
    def within(session: Session) -> Imported:
        done = work(session, desk)
        if check:
            raise _Checked(done)
        return done
    try:
        return desk.database.transact(within)
    except _Checked as seen:
        return seen.imported


def _data(done: Imported, *, check: bool) -> dict[str, Any]:
    return {"imported": done.changed and not check, "checked": check, "compact": done.compact, "title": done.title, "faults": [],
            "rows": [{"edition": one.edition, "line": one.line, "code": one.code, "says": one.says} for one in done.rows]}


def _lines(done: Imported, file: Path, *, check: bool) -> list[str]:
    rows = [f"{file}:{one.line}: {one.code} of edition {one.edition}: {_SAYS[one.says]}" for one in done.rows]
    counts = Counter(_SAYS[one.says] for one in done.rows)
    total = ", ".join(f"{number} {says}" for says, number in counts.items()) or "no commitments"
    end = ("Nothing was imported: this was only a check." if check else "Imported." if done.changed
           else "Nothing had to be imported: the desk has all of it.")
    return [*rows, f"{done.title}: {total}. {end}"]
