"""Versions of a procedure at the command line: compared, taken in as drafts, published by two people, used from a day, locked as files.

Part of the group `workflow`.
"""

from __future__ import annotations

from datetime import date, datetime
from itertools import groupby
from pathlib import Path
from typing import Any

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.procedures import publishing
from breachdesk.casework.procedures.published_files import lock_file
from breachdesk.casework.procedures.publishing import Version
from breachdesk.casework.procedures.setting_up import shipped_procedure
from breachdesk.cli.files import FILE, read_text
from breachdesk.cli.output import json_option, long_day, show, table, the_actor, the_desk, the_scheme
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, Refused
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.differences import as_data, differences
from breachdesk.workflow.differences_told import PARTS, told
from breachdesk.workflow.loading import load_procedure

LONG = 110
as_option = click.option("--as", "email", required=True, metavar="EMAIL", help="Who does it: the address of a coordinator or operator.")


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@json_option
def diff(old: str, new: str, as_json: bool) -> None:
    """What differs between two versions, in words for a committee.

    OLD and NEW are files, names like compact-dispute.v1 of what comes with Breachdesk, or of what this desk holds.
    """
    before, after = _procedure_named(old), _procedure_named(new)
    data = {"from": _head(before), "to": _head(after), "differences": [as_data(one) for one in differences(before, after)],
            "in_words": [{"part": one.part, "name": one.name, "title": one.title, "says": one.says} for one in told(before, after)]}
    show(as_json, data, _lines_of(before, after))


def _procedure_named(name: str) -> Procedure:
    """A procedure from a file, from this desk, or from what comes with the product. Raises BadProcedure or Refused."""
    file = Path(name)
    if file.is_file():
        return load_procedure(read_text(file), name)
    try:
        with the_desk() as desk, desk.database.read() as session:
            called, _, version = name.rpartition(".v")
            return desk.procedure(session, publishing.version_named(session, called, version).digest)
    except NotFound as missing:
        try:
            return shipped_procedure(name)[0]
        except Refused as refusal:
            raise NotFound(f"{refusal} {missing}") from None


def _head(procedure: Procedure) -> dict[str, str]:
    return {"procedure": procedure.name, "version": procedure.version, "digest": procedure.digest}


def _lines_of(old: Procedure, new: Procedure) -> list[str]:
    """The differences as lines for people."""
    lines = [f"{new.title}: from {old.name}, version {old.version}, to {new.name}, version {new.version}"]
    found = told(old, new)
    if not found:
        same = old.digest == new.digest
        return [*lines, "", "The two are the same file." if same else "Nothing that holds differs: only remarks, spaces or the version."]
    for part, things in groupby(found, key=lambda one: one.part):
        lines += ["", PARTS.get(part, part)]
        for one in things:
            together = f"  {one.title}: {'; '.join(one.says)}"
            lines += [together] if len(together) <= LONG else [f"  {one.title}:", *(f"    - {said}" for said in one.says)]
    return lines


@click.command()
@click.argument("file", type=FILE, metavar="FILE")
@json_option
def add(file: Path, as_json: bool) -> None:
    """Check a procedure file and take it into this desk as a draft. Nothing goes by it until two people have published it."""
    written = read_text(file)
    with the_desk() as desk:
        made = desk.database.transact(lambda session: publishing.add_draft(session, desk, BY_OPERATOR, written, str(file)))
    show(as_json, {**_head(made), "state": "draft"}, [
        f"{made.title} ({made.name}, version {made.version}) is here as a draft.",
        f"To propose it for publication: breachdesk workflow publish {made.name} {made.version} --as EMAIL"])


@click.command("list")
@json_option
def list_them(as_json: bool) -> None:
    """Every version that this desk holds: draft or published, by whom, and which scheme uses it from when."""
    with the_desk() as desk, desk.database.read() as session:
        found = publishing.versions(session)
    rows = [(one.head.name, one.head.version, _state(one), ", ".join(_used(*use) for use in one.used), one.open_cases) for one in found]
    lines = table(("Procedure", "Version", "State", "Used by", "Open cases"), rows) if rows else ["This desk holds no procedure yet."]
    show(as_json, [_version_data(one) for one in found], lines)


def _state(one: Version) -> str:
    if one.head.published:
        if not one.published_by:
            return "published with Breachdesk"
        return f"published by {one.published_by}{', alone' if one.head.alone else f', proposed by {one.proposed_by}'}"
    return f"draft, proposed by {one.proposed_by}" if one.proposed_by else "draft"


def _used(slug: str, day: date | None) -> str:
    return f"{slug} from {long_day(day)}" if day else slug


def _version_data(one: Version) -> dict[str, Any]:
    return {"procedure": one.head.name, "version": one.head.version, "digest": one.head.digest, "state": one.head.state,
            "proposed_by": one.proposed_by or None, "published_by": one.published_by or None, "alone": one.head.alone,
            "used": [{"scheme": slug, "from": day} for slug, day in one.used], "open_cases": one.open_cases}


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("version", metavar="VERSION")
@as_option
@json_option
def publish(name: str, version: str, email: str, as_json: bool) -> None:
    """Propose a draft for publication; somebody else publishes it with the same command. From then on it cannot be changed."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor = the_actor(session, desk, email)
        head = desk.database.transact(lambda session: publishing.publish(session, desk, actor, name, version))
    alone = ", by one person alone: the log says so" if head.alone else ""
    said = (f"Version {version} of {name} is published{alone}. To use it: breachdesk workflow use {name} {version} --from DAY --as EMAIL"
            if head.published else
            f"Version {version} of {name} is proposed. Another coordinator or operator publishes it with the same command.")
    show(as_json, {"procedure": name, "version": version, "digest": head.digest, "state": head.state, "proposed": True}, [said])


@click.command()
@click.argument("name", metavar="NAME")
@click.argument("version", metavar="VERSION")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="From which day; today, when it is left out.")
@click.option("--scheme", metavar="SCHEME", help="The scheme's short name; may be left out when there is only one.")
@as_option
@json_option
def use(name: str, version: str, first: datetime | None, scheme: str | None, email: str, as_json: bool) -> None:
    """Let a scheme's new cases begin under a published version from a day on. Cases that have begun stay with theirs."""
    with the_desk() as desk:
        with desk.database.read() as session:
            actor, slug = the_actor(session, desk, email), the_scheme(session, scheme)
            day = first.date() if first else local_day(desk.now(session))
        desk.database.transact(lambda session: publishing.use_from(session, desk, actor, slug, name, version, day))
    show(as_json, {"scheme": slug, "procedure": name, "version": version, "from": day},
         [f"From {long_day(day)} new cases of {slug} begin under version {version} of {name}. Those that have begun stay with theirs."])


@click.command()
@click.argument("file", type=FILE, metavar="FILE")
@json_option
def lock(file: Path, as_json: bool) -> None:
    """Put a procedure file on the list of published ones beside it (published.lock): from then on it is not to be edited."""
    locked = lock_file(file)
    show(as_json, _head(locked), [f"{file.name} is locked as version {locked.version} of {locked.name}. What is new goes elsewhere."])


COMMANDS = (diff, add, list_them, publish, use, lock)
