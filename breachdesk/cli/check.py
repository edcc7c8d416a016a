"""`breachdesk check`: is this desk well? Each thing on a line, and exit 1 when one is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import click

from breachdesk.bootstrap import open_desk
from breachdesk.casework.desk import Desk
from breachdesk.casework.health import Checked, database_kind, health_of
from breachdesk.casework.notices import in_trouble
from breachdesk.casework.passing_on import not_passed_on
from breachdesk.casework.procedures.setting_up import shipped_compacts, shipped_procedure
from breachdesk.casework.signing_in import mailed_links
from breachdesk.cli.faults import said
from breachdesk.cli.files import read_text
from breachdesk.cli.output import json_option, show
from breachdesk.compacts.loading import load_scheme
from breachdesk.resources import folder, text
from breachdesk.settings import Settings, read_settings
from breachdesk.store import reading, rooms
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_moment


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
    """Say whether this desk is well: settings, database, files, timers, daily check, messages.

    Exit 1 when something is wrong.
    """
    found = _findings()
    data = {"well": all(one.well for one in found), "findings": [{"name": one.name, "well": one.well, "says": one.says} for one in found]}
    lines = [f"{'well ' if one.well else 'WRONG'}  {one.name}: {line}" for one in found for line in one.says.splitlines()]
    show(as_json, data, lines)
    if not all(one.well for one in found):
        ctx.exit(1)


def _findings() -> list[Finding]:
    """Everything that can be looked at; what comes after a missing desk cannot."""
    found = [_looked_at("files", _files)]
    settings: list[Settings] = []
    found.append(_looked_at("settings", lambda: _settings(settings)))
    if not settings:
        return found
    desks: list[Desk] = []
    found.append(_looked_at("database", lambda: _database(settings[0], desks)))
    for desk in desks:
        with desk.database.read() as session:
            found += [*_running(session, desk), _messages(session, desk), _uploads(session, desk),
                      _interests(session, desk)]
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
    kind = "practice" if desk.practice else "real"
    return f"{database_kind(desk)}; the tables are current; a {kind} desk with {counts['open']} open of {counts['cases']} cases"


def _running(session: Session, desk: Desk) -> list[Finding]:
    """Timers, processes, jobs and calendars: everything that raises an alarm on the operator's page; messages are listed one by one."""
    health = health_of(session, desk)
    alarms = [one.says for one in health.alarms if one.about not in ("messages", "cases", "replay")]
    timers = f"{health.timers.waiting:,} wait, {health.timers.due:,} are due now"
    return [Finding("timers", not alarms, "\n".join(alarms) or timers), _checked("daily check", health.checked),
            _checked("daily replay", health.replayed)]


def _checked(name: str, checked: Checked | None) -> Finding:
    faults = [f"{reference}: {says}" for reference, says in checked.faults] if checked else []
    said = f"{checked.cases:,} cases, on {said_moment(checked.at)}" if checked else "not done yet"
    return Finding(name, not faults, "\n".join(faults) or said)


def _uploads(session: Session, desk: Desk) -> Finding:
    """Files that people added and nobody can fetch, because the scanner could not tell."""
    waiting, tried = rooms.files_waiting(session)
    if not desk.files.scanner and waiting:
        return Finding("uploads", False, f"{waiting:,} are held back until they are scanned, and BREACHDESK_SCANNER is not set")
    if tried:
        return Finding("uploads", False, f"{tried:,} are held back because the scanner could not tell: does `{desk.files.scanner}` work?")
    said = f"{waiting:,} wait for the scanner" if desk.files.scanner else "not scanned: BREACHDESK_SCANNER is not set"
    return Finding("uploads", True, said)


def _messages(session: Session, desk: Desk) -> Finding:
    found, links = in_trouble(session, desk), mailed_links.in_trouble(session)
    lines = [f"{one.reference}, {one.name}{f' to {one.person}' if one.person else ''}: {one.trouble}" for one in found]
    lines += links
    return Finding("messages", not lines, "\n".join(lines) or "none in trouble")


def _interests(session: Session, desk: Desk) -> Finding:
    """Cases whose coordinator has an interest in them and has not passed them on. Only their references: the operator reads no case."""
    found = list(not_passed_on(session, desk))
    lines = [f"{one.reference}: {one.coordinator} has an interest in it and has not passed it to a stand-in"
             f"{'; another coordinator can act in it' if one.another_coordinates else ''}" for one in found]
    return Finding("interests", all(one.another_coordinates for one in found), "\n".join(lines) or "no case waits to be passed on")
