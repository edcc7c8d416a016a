"""`breachdesk check`: is this desk well? Each thing on a line, and exit 1 when one is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from breachdesk.bootstrap import open_desk
from breachdesk.casework import mailed_links
from breachdesk.casework.desk import Desk
from breachdesk.casework.notices import in_trouble
from breachdesk.casework.setting_up import shipped_compacts, shipped_procedure
from breachdesk.cli.faults import said
from breachdesk.cli.files import read_text
from breachdesk.cli.output import json_option, show
from breachdesk.compacts.loading import load_scheme
from breachdesk.resources import folder, text
from breachdesk.settings import Settings, read_settings
from breachdesk.store import reading
from breachdesk.store.session import journal_mode


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at. `says` may have several lines."""

    name: str
    well: bool
    says: str


@click.command()
@json_option
@click.pass_context
def command(ctx: click.Context, as_json: bool) -> None:
    """Say whether this desk is well: settings, database, files, timers, messages.

    Exit 1 when something is wrong.
    """
    found = findings()
    data = {"well": all(one.well for one in found), "findings": [{"name": one.name, "well": one.well, "says": one.says} for one in found]}
    lines = [f"{'well ' if one.well else 'WRONG'}  {one.name}: {line}" for one in found for line in one.says.splitlines()]
    show(as_json, data, lines)
    if not all(one.well for one in found):
        ctx.exit(1)


def findings() -> list[Finding]:
    """Everything that can be looked at; what comes after a missing desk cannot."""
    found = [_looked_at("files", _files)]
    settings: list[Settings] = []
    found.append(_looked_at("settings", lambda: _settings(settings)))
    if not settings:
        return found
    desks: list[Desk] = []
    found.append(_looked_at("database", lambda: _database(settings[0], desks)))
    for desk in desks:
        found += [_timers(desk), _messages(desk)]
        desk.database.close()
    return found


def _looked_at(name: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(name, True, look())
    except Exception as error:
        return Finding(name, False, "\n".join(said(error)))


def _files() -> str:
    """Every file that the product brings along can be read."""
    compacts = [compact for compact, _ in shipped_compacts().values()]
    procedures = [shipped_procedure(file.stem)[0] for file in sorted((folder("workflows") / "procedures").glob("*.yaml"))]
    schemes = [load_scheme(read_text(file), file.name, compacts) for file in sorted((folder("workflows") / "schemes").glob("*.yaml"))]
    text("templates", "mail", "notice.txt")
    return (f"{len(procedures)} procedure{'s'[:len(procedures) != 1]}, {len(compacts)} Compact{'s'[:len(compacts) != 1]}, "
            f"{len(schemes)} scheme{'s'[:len(schemes) != 1]}, 0 faults")


def _settings(keep: list[Settings]) -> str:
    settings = read_settings()
    keep.append(settings)
    mail = "by SMTP" if settings.smtp_url else f"into the folder {settings.data_path / 'outbox'} (BREACHDESK_SMTP_URL is not set)"
    return f"the desk is in {settings.data_path}, its pages at {settings.base_url}; messages go {mail}"


def _database(settings: Settings, keep: list[Desk]) -> str:
    desk = open_desk(settings)
    keep.append(desk)
    with desk.database.read() as session:
        counts = reading.state_counts(session)
    mode = "PostgreSQL" if desk.database.is_postgres else f"SQLite, journal mode {journal_mode()}"
    kind = "practice" if desk.practice else "real"
    return f"{mode}; the tables are current; a {kind} desk with {counts['open']} open of {counts['cases']} cases"


def _timers(desk: Desk) -> Finding:
    with desk.database.read() as session:
        count = reading.state_counts(session)["timers_in_trouble"]
    says = f"{count} failed and are tried again: breachdesk timers due" if count else "none in trouble"
    return Finding("timers", not count, says)


def _messages(desk: Desk) -> Finding:
    with desk.database.read() as session:
        found = in_trouble(session, desk)
        links = mailed_links.in_trouble(session)
    lines = [f"{one.reference}, {one.name}{f' to {one.person}' if one.person else ''}: {one.trouble}" for one in found]
    lines += links
    return Finding("messages", not lines, "\n".join(lines) or "none in trouble")
