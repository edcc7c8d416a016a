"""`breachdesk workflow`: checks what areas agree on as files, and shows a procedure in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from breachdesk.casework.setting_up import letters, shipped_compacts, shipped_procedure
from breachdesk.cli import versions
from breachdesk.cli.files import FILE, example_option, read_text
from breachdesk.cli.output import json_option, show, table
from breachdesk.cli.rehearsals import test
from breachdesk.compacts.loading import load_compact, load_scheme
from breachdesk.errors import BadFile, Fault
from breachdesk.resources import text
from breachdesk.strict_yaml import Reading
from breachdesk.workflow.definition import Action, LimitRule, Procedure, Status
from breachdesk.workflow.loading import load_checked, load_procedure

SHIPPED = "compact-dispute.v1"


@click.group()
def command() -> None:
    """Procedure files: check them, show them in words, rehearse them; compare, publish and use their versions."""


for one in (*versions.COMMANDS, test):
    command.add_command(one)


@command.command()
@click.argument("files", nargs=-1, required=True, type=FILE, metavar="FILE...")
@example_option(lambda: text("workflows", "procedures", f"{SHIPPED}.yaml"))
@json_option
@click.pass_context
def check(ctx: click.Context, files: tuple[Path, ...], as_json: bool) -> None:
    """Check procedure files (and files of Compacts and schemes); exit 1 when a fault was found.

    Every fault is printed with its place, as FILE:LINE:COLUMN: message. A procedure is also walked through: whether a case can
    get stuck, with every pause and whoever may not act, and how long it takes when nobody but the clock ever acts.
    """
    found = [(file, *_checked(file)) for file in files]
    data = [{"file": str(file), "says": says,
             "faults": [{"line": one.line, "column": one.column, "message": one.message} for one in faults]}
            for file, says, faults in found]
    show(as_json, data, [line for file, says, faults in found for line in ([str(one) for one in faults] or [f"{file}: {says}"])])
    if any(faults for _, _, faults in found):
        ctx.exit(1)


def _checked(file: Path) -> tuple[str, tuple[Fault, ...]]:
    """What a file holds, or everything that is wrong with it."""
    try:
        return _held(read_text(file), str(file)), ()
    except BadFile as error:
        return "", error.faults


def _held(written: str, file: str) -> str:
    root = Reading(file).root(written)
    names = root.value if root and isinstance(root.value, dict) else {}
    if "editions" in names:
        compact = load_compact(written, file)
        return f"a Compact without faults: {', '.join(f'{_counted(len(one.commitments))} in {one.label}' for one in compact.editions)}."
    if "operates" in names:
        scheme = load_scheme(written, file, [compact for compact, _ in shipped_compacts().values()])
        return f"a scheme without faults: {scheme.title}."
    procedure, checked = load_checked(written, file, letters())
    return (f"a procedure without faults: {len(procedure.statuses)} statuses, {len(procedure.actions)} actions, "
            f"{len(procedure.limits)} limits, {len(procedure.notices)} messages; {checked.places} places looked at. "
            f"If nobody but the clock ever acts, a case ends within {checked.alone.days} working days.")


def _counted(commitments: int) -> str:
    return f"{commitments} commitments" if commitments else "no wording"


@command.command("show")
@click.argument("name", metavar="NAME|FILE")
@json_option
def show_one(name: str, as_json: bool) -> None:
    """A procedure in words: where a case can be, what can be done there and by whom, and what the clock does when.

    NAME is one that comes with Breachdesk, like compact-dispute.v1.
    """
    file = Path(name)
    procedure = load_procedure(read_text(file), name) if file.is_file() else shipped_procedure(name)[0]
    show(as_json, _data(procedure), _lines(procedure))


def _data(procedure: Procedure) -> dict[str, Any]:
    return {"procedure": procedure.name, "version": procedure.version, "title": procedure.title, "digest": procedure.digest,
            "statuses": [{"status": one.name, "title": one.title, "stage": one.stage, "waits_for": one.waits_for}
                         for one in procedure.statuses.values()],
            "actions": [{"action": one.name, "title": one.title, "by": one.by, "from": one.sources, "to": one.target or one.opens,
                         "outcome": one.outcome or None} for one in procedure.actions.values()],
            "limits": [{"limit": one.name, "title": one.title, "lasts": str(one.lasts), "while": sorted(one.statuses),
                        "then": one.then, "source": one.source} for one in procedure.limits.values()]}


def _lines(procedure: Procedure) -> list[str]:
    return [f"{procedure.title} ({procedure.name}, version {procedure.version})", procedure.source, "",
            *table(("Where a case can be", "Stage", "Waits for"), [_status(procedure, one) for one in procedure.statuses.values()]), "",
            *table(("What can be done", "By", "Leads to", "Name"), [_action(procedure, one) for one in procedure.actions.values()]), "",
            *table(("What must happen in time", "Lasts", "After it, by itself", "Taken from"),
                   [_limit(procedure, one) for one in procedure.limits.values()])]


def _status(procedure: Procedure, one: Status) -> tuple[str, ...]:
    return one.title, procedure.stages[one.stage], ", ".join(procedure.roles[role] for role in one.waits_for)


def _action(procedure: Procedure, one: Action) -> tuple[str, ...]:
    target = one.target or one.opens
    leads = procedure.statuses[target].title if target else "(the case stays where it is)"
    return one.title, ", ".join(procedure.roles[role] for role in one.by), leads, one.name


def _limit(procedure: Procedure, one: LimitRule) -> tuple[str, ...]:
    return one.title, str(one.lasts), " or ".join(procedure.actions[name].title for name in one.then), one.source
