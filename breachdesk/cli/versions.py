"""`breachdesk workflow diff`: versions of a procedure beside each other, in words and as JSON. Part of the group `workflow`."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click

from breachdesk.casework.setting_up import shipped_procedure
from breachdesk.cli.files import read_text
from breachdesk.cli.output import json_option, show
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.differences import as_data, differences
from breachdesk.workflow.differences_told import PARTS, told
from breachdesk.workflow.loading import load_procedure

LONG = 110


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@json_option
def diff(old: str, new: str, as_json: bool) -> None:
    """What differs between two versions, in words for a committee. OLD and NEW are files, or names like compact-dispute.v1."""
    before, after = procedure_named(old), procedure_named(new)
    data = {"from": _head(before), "to": _head(after), "differences": [as_data(one) for one in differences(before, after)],
            "in_words": [{"part": one.part, "name": one.name, "title": one.title, "says": one.says} for one in told(before, after)]}
    show(as_json, data, lines_of(before, after))


def procedure_named(name: str) -> Procedure:
    """A procedure from a file, or one that comes with the product. Raises BadProcedure or Refused."""
    file = Path(name)
    return load_procedure(read_text(file), name) if file.is_file() else shipped_procedure(name)[0]


def _head(procedure: Procedure) -> dict[str, str]:
    return {"procedure": procedure.name, "version": procedure.version, "digest": procedure.digest}


def lines_of(old: Procedure, new: Procedure) -> list[str]:
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
