"""`breachdesk audit replay`: do the tables say what the log says?"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click

from breachdesk.casework.replaying import how_many, replay
from breachdesk.cli.output import json_option, show, the_desk


@click.command("replay")
@click.argument("reference", default="")
@json_option
@click.pass_context
def replay_command(ctx: click.Context, reference: str, as_json: bool) -> None:
    """Fold every case, or one, from its entries alone, and compare it with the tables.

    Exit 1, and each field with both values, when a row is not what the entries say: somebody changed it beside the log.
    """
    with the_desk() as desk, counted("Cases", how_many(desk) if not reference else 1) as seen:
        found = replay(desk, reference.strip().upper(), seen)
    wrong = len({one.reference for one in found.differences})
    cases = f"{found.cases:,} case{'s' * (found.cases != 1)}"
    lines = [f"{one.reference}: {one.says}" for one in found.differences]
    lines.append(f"{wrong} of {cases} differ from the log." if wrong else
                 f"The tables say what the log says: {found.entries:,} entries of {cases}, folded in {found.seconds:.2f} seconds.")
    if found.told_less:
        lines.append(f"{found.told_less:,} began before the log said all that their rows are made of; of these less could be compared.")
    show(as_json, {"same": not found.differences, "cases": found.cases, "entries": found.entries, "told_less": found.told_less,
                   "seconds": found.seconds, "differences": [
                       {"case": one.reference, "field": one.field, "row": one.row, "said": one.said, "found": one.found}
                       for one in found.differences]}, lines)
    if found.differences:
        ctx.exit(1)


@contextmanager
def counted(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Tell a person on standard error how far a long work is; programs and files are told nothing."""
    if not sys.stderr.isatty():
        yield lambda done: None
        return
    with click.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield lambda done: bar.update(done - bar.pos)
