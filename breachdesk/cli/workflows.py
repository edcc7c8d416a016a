"""`breachdesk workflow`: checks what areas agree on as files, and shows a procedure in words or drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click

from breachdesk.casework.procedures.procedure_files import sound_procedure
from breachdesk.casework.procedures.setting_up import shipped_compacts, shipped_procedure
from breachdesk.cli import moving, versions, workflow_schema
from breachdesk.cli.files import FILE, example_option, read_text
from breachdesk.cli.output import json_option, show, table
from breachdesk.cli.rehearsals import test
from breachdesk.compacts.loading import load_compact, load_scheme
from breachdesk.errors import BadFile, Fault
from breachdesk.resources import text
from breachdesk.strict_yaml import Reading
from breachdesk.workflow.definition import LimitRule, Procedure
from breachdesk.workflow.drawing.bpmn import bpmn_of
from breachdesk.workflow.drawing.mermaid import mermaid_of
from breachdesk.workflow.drawing.picture import Picture, Place, picture_of, table_of
from breachdesk.workflow.drawing.svg import svg_file
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.model_checks import Checked

SHIPPED = "compact-dispute.v1"
_DRAWN: Mapping[str, Callable[[Picture], str]] = {"svg": svg_file, "mermaid": mermaid_of, "bpmn": bpmn_of}


@click.group()
def command() -> None:
    """Procedure files: check them, show them in words, rehearse them; compare, publish and use their versions."""


for one in (*versions.COMMANDS, *moving.COMMANDS, test, workflow_schema.command):
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
    data = [{"file": str(file), "says": held.says, **held.figures,
             "faults": [{"line": one.line, "column": one.column, "message": one.message} for one in faults]}
            for file, held, faults in found]
    show(as_json, data, [line for file, held, faults in found for line in ([str(one) for one in faults] or [f"{file}: {held.says}"])])
    if any(faults for _, _, faults in found):
        ctx.exit(1)


@dataclass(frozen=True, slots=True)
class _Held:
    """What a file holds: in a sentence, and for programs."""

    says: str = ""
    figures: dict[str, Any] = field(default_factory=dict)


def _checked(file: Path) -> tuple[_Held, tuple[Fault, ...]]:
    """What a file holds, or everything that is wrong with it."""
    try:
        return _held(read_text(file), str(file)), ()
    except BadFile as error:
        return _Held(), error.faults


def _held(written: str, file: str) -> _Held:
    root = Reading(file).root(written)
    names = root.value if root and isinstance(root.value, dict) else {}
    if "editions" in names:
        editions = [f"{_counted(len(one.commitments))} in {one.label}" for one in load_compact(written, file).editions]
        return _Held(f"a Compact without faults: {', '.join(editions)}.")
    if "operates" in names:
        scheme = load_scheme(written, file, [compact for compact, _ in shipped_compacts().values()])
        return _Held(f"a scheme without faults: {scheme.title}.")
    return _sound(*sound_procedure(written, file))


def _sound(procedure: Procedure, checked: Checked) -> _Held:
    says = (f"a procedure without faults: {len(procedure.statuses)} statuses, {len(procedure.actions)} actions, "
            f"{len(procedure.limits)} limits, {len(procedure.notices)} messages; {checked.places} places looked at. "
            f"If nobody but the clock ever acts, a case ends within {checked.alone.days} working days.")
    steps = [{"working_day": day, "action": action, "status": status} for day, action, status in checked.alone.steps]
    return _Held(says, {"places": checked.places, "ends_within_working_days": checked.alone.days, "when_only_the_clock_acts": steps})


def _counted(commitments: int) -> str:
    return f"{commitments} commitments" if commitments else "no wording"


@command.command("show")
@click.argument("name", metavar="NAME|FILE")
@click.option("--format", "form", type=click.Choice(["table", *_DRAWN]), default="table", show_default=True,
              help="In words; or drawn, as a picture for pages and walls, or as text that other programs draw.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write it to FILE instead of printing it.")
@json_option
def show_one(name: str, form: str, output: Path | None, as_json: bool) -> None:
    """A procedure in words: where a case can be, what can be done there and by whom, and what the clock does when.

    NAME is one that comes with Breachdesk, like compact-dispute.v1. Every format shows the same statuses and steps.
    """
    file = Path(name)
    procedure = load_procedure(read_text(file), name) if file.is_file() else shipped_procedure(name)[0]
    if as_json or (form == "table" and output is None):
        show(as_json, _data(procedure), _lines(procedure))
        return
    text = "\n".join(_lines(procedure)) + "\n" if form == "table" else _DRAWN[form](picture_of(procedure))
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
        click.echo(f"Written to {output}.")


def _data(procedure: Procedure) -> dict[str, Any]:
    return {"procedure": procedure.name, "version": procedure.version, "title": procedure.title, "digest": procedure.digest,
            "statuses": [{"status": one.name, "title": one.title, "stage": one.stage, "waits_for": one.waits_for}
                         for one in procedure.statuses.values()],
            "actions": [{"action": one.name, "title": one.title, "by": one.by, "from": one.sources, "to": one.targets or one.opens,
                         "outcome": one.outcome or None} for one in procedure.actions.values()],
            "edges": [{"from": one.source or None, "to": one.target, "by_clock": one.by_clock, "actions": [step.name for step in one.steps]}
                      for one in picture_of(procedure).edges],
            "limits": [{"limit": one.name, "title": one.title, "lasts": str(one.lasts), "while": sorted(one.statuses),
                        "then": one.then, "source": one.source} for one in procedure.limits.values()]}


def _lines(procedure: Procedure) -> list[str]:
    picture = picture_of(procedure)
    return [f"{procedure.title} ({procedure.name}, version {procedure.version})", procedure.source, "",
            *table(("Where a case can be", "Stage", "Waits for"),
                   [_status(one, lane.title) for lane in picture.lanes for one in lane.places]), "",
            *table(("What can be done", "By", "From", "Leads to", "When", "Ends as"),
                   [(one.step, one.who, one.source, one.target, one.when, one.outcome) for one in table_of(picture)]), "",
            *table(("What must happen in time", "Lasts", "After it, by itself", "Taken from"),
                   [_limit(procedure, one) for one in procedure.limits.values()])]


def _status(one: Place, stage: str) -> tuple[str, ...]:
    return f"{one.number}. {one.title}", stage, one.who


def _limit(procedure: Procedure, one: LimitRule) -> tuple[str, ...]:
    return one.title, str(one.lasts), " or ".join(procedure.actions[name].title for name in one.then), one.source
