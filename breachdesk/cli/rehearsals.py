"""`breachdesk workflow test`: plays rehearsals of a procedure with a stopped clock, and says where one went another way than its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from breachdesk.bootstrap import create_desk
from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.setting_up import shipped_procedures, shipped_rehearsals
from breachdesk.casework.rehearsals.rehearsal_desks import Desks
from breachdesk.casework.rehearsals.rehearsal_log import Covered, coverage
from breachdesk.casework.rehearsals.rehearsing import Astray, Rehearsed, rehearse
from breachdesk.cli.files import FILE, example_option, read_text
from breachdesk.cli.output import json_option, long_day, show, table
from breachdesk.errors import BadFile, Fault
from breachdesk.resources import text
from breachdesk.settings import Settings
from breachdesk.workflow.rehearsing import load_rehearsal

_EXAMPLE = "the-council-never-answers.yaml"


@dataclass(frozen=True, slots=True)
class _Result:
    """One file: how the rehearsal went, or everything that is wrong with the file."""

    file: str
    rehearsed: Rehearsed | None
    faults: tuple[Fault, ...] = ()

    @property
    def passed(self) -> bool:
        return self.rehearsed is not None and not self.rehearsed.astray


@click.command()
@click.argument("files", nargs=-1, type=FILE, metavar="[FILE]...")
@click.option("--coverage", "covering", is_flag=True, help="List each step and each thing the clock does, with who plays it.")
@example_option(lambda: text("workflows", "rehearsals", _EXAMPLE))
@json_option
@click.pass_context
def test(ctx: click.Context, files: tuple[Path, ...], covering: bool, as_json: bool) -> None:
    """Play rehearsals (without FILE: those that come with Breachdesk); exit 1 when one goes another way than its story.

    Each is played on a practice desk of its own, through the same steps as a real case, with a clock that moves only with the story.
    """
    results = _played([str(file) for file in files] or [str(file) for file in shipped_rehearsals()])
    covered = _covered(results) if covering else []
    show(as_json, {"rehearsals": [_data(one) for one in results], "coverage": [_covered_data(one) for one in covered]} if covering
         else [_data(one) for one in results], [*_lines(results), *_coverage_lines(covered)])
    if not all(one.passed for one in results):
        ctx.exit(1)


def _played(files: Sequence[str]) -> list[_Result]:
    procedures = shipped_procedures()
    with Desks(_practice_desk) as desks:
        found = []
        for file in files:
            try:
                found.append(_Result(file, rehearse(desks, load_rehearsal(read_text(Path(file)), file, procedures))))
            except BadFile as error:
                found.append(_Result(file, None, error.faults))
        return found


def _practice_desk(place: Path, start: datetime) -> Desk:
    return create_desk(Settings(data_dir=str(place)), practice=True, start=start, wall=lambda: start)


def _lines(results: Sequence[_Result]) -> list[str]:
    failed = sum(not one.passed for one in results)
    return [line for one in results for line in _result_lines(one)] + [
        f"{len(results)} rehearsal{'s' * (len(results) != 1)}: {f'{failed} did not go as told' if failed else 'all as told'}."]


def _result_lines(one: _Result) -> list[str]:
    if one.rehearsed is None:
        return [str(fault) for fault in one.faults]
    played = one.rehearsed
    days = (played.ended_on - played.rehearsal.begins).days
    return [f"{'as told' if one.passed else 'ASTRAY '}  {played.rehearsal.title} ({days} days)",
            *(f"         {one.file}:{astray.line}: {long_day(astray.on)}: expected {astray.expected}; {astray.happened.rstrip('.')}."
              for astray in played.astray)]


def _data(one: _Result) -> dict[str, Any]:
    played = one.rehearsed
    return {"file": one.file, "title": played.rehearsal.title if played else None, "passed": one.passed,
            "procedure": played.rehearsal.procedure if played else None,
            "began_on": played.rehearsal.begins if played else None, "ended_on": played.ended_on if played else None,
            "astray": [_astray_data(astray) for astray in (played.astray if played else ())],
            "faults": [{"line": fault.line, "column": fault.column, "message": fault.message} for fault in one.faults]}


def _astray_data(one: Astray) -> dict[str, Any]:
    return {"line": one.line, "on": one.on, "expected": one.expected, "happened": one.happened}


def _covered(results: Sequence[_Result]) -> list[Covered]:
    """The coverage of each procedure that was played."""
    played = [one.rehearsed for one in results if one.rehearsed]
    names = dict.fromkeys(one.rehearsal.procedure for one in played)
    known = shipped_procedures()
    return [covered for name in names
            for covered in coverage(known[name], [(one.rehearsal.title, one.played) for one in played if one.rehearsal.procedure == name])]


def _covered_data(one: Covered) -> dict[str, Any]:
    kind, *names = one.played
    return {"kind": kind, "names": names, "title": one.said, "rehearsals": one.rehearsals}


def _coverage_lines(covered: Sequence[Covered]) -> list[str]:
    if not covered:
        return []
    missing = sum(not one.rehearsals for one in covered)
    rows = [(one.said, " ".join(one.played[1:]), ", ".join(one.rehearsals) or "(by none)") for one in covered]
    return ["", *table(("Step, or what the clock does at a limit", "Name", "Played by"), rows), "",
            f"{len(covered) - missing} of {len(covered)} are played."]
