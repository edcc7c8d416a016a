"""`breachdesk audit replay`, `conformance` and `export`: the log against the tables, against the procedure, and for others to read."""

from __future__ import annotations

from typing import TextIO

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.log.conforming import CaseDeviation, conformance
from breachdesk.casework.log.exporting import FORMATS, export, note_export
from breachdesk.casework.log.replaying import how_many, replay
from breachdesk.cli.output import bar, json_option, show, the_desk
from breachdesk.workflow.wording import numbered


@click.command("replay")
@click.argument("reference", default="")
@json_option
@click.pass_context
def replay_command(ctx: click.Context, reference: str, as_json: bool) -> None:
    """Fold every case, or one, from its entries alone, and compare it with the tables.

    Exit 1, and each field with both values, when a row is not what the entries say: somebody changed it beside the log.
    """
    with the_desk() as desk, bar("Cases", 0) as move:
        total = how_many(desk) if not reference else 1
        found = replay(desk, reference.strip().upper(), lambda done: move(done, total))
    wrong = len({one.reference for one in found.differences})
    cases = numbered(found.cases, "case", "cases")
    lines = [f"{one.reference}: {one.says}" for one in found.differences]
    lines.append(f"{wrong} of {cases} differ{'s' * (wrong == 1)} from the log." if wrong else
                 f"The tables say what the log says: {numbered(found.entries, 'entry', 'entries')} of {cases}, folded in "
                 f"{found.seconds:.2f} seconds.")
    if found.told_less:
        lines.append(f"{found.told_less:,} began before the log said all that their rows are made of; of these less could be compared.")
    show(as_json, {"same": not found.differences, "cases": found.cases, "entries": found.entries, "told_less": found.told_less,
                   "seconds": found.seconds, "differences": [
                       {"case": one.reference, "field": one.field, "row": one.row, "said": one.said, "found": one.found}
                       for one in found.differences]}, lines)
    if found.differences:
        ctx.exit(1)


@click.command("conformance")
@click.argument("reference", default="")
@json_option
@click.pass_context
def conformance_command(ctx: click.Context, reference: str, as_json: bool) -> None:
    """Hold the entries of every case, or one, against the procedure that it stood under.

    Fitness is 1.0 when the procedure allows every entry. Exit 1, and each entry that it does not allow, when it is less.
    """
    with the_desk() as desk, bar("Cases", 0) as move:
        total = how_many(desk) if not reference else 1
        found = conformance(desk, reference.strip().upper(), lambda done: move(done, total))
    show(as_json, {"fitness": found.fitness, "cases": found.cases, "entries": found.entries, "deviations": [
        {"case": one.reference, "entry": one.deviation.seq, "says": one.deviation.says, "allowed": list(one.deviation.allowed)}
        for one in found.deviations]}, [
        *map(_told, found.deviations),
        f"Fitness {found.fitness:.4f}: of {numbered(found.entries, 'entry', 'entries')} in {numbered(found.cases, 'case', 'cases')} that a "
        "procedure has a say in, "
        f"{found.deviating or 'none'} {'is' if found.deviating == 1 else 'are'} not as it allows."])
    if found.deviations:
        ctx.exit(1)


def _told(one: CaseDeviation) -> str:
    allowed = ", ".join(name or "nobody" for name in one.deviation.allowed) or "nothing of the kind"
    return f"{one.reference}, entry {one.deviation.seq}: {one.deviation.says}. Allowed: {allowed}"


@click.command("export")
@click.option("--format", "form", type=click.Choice(FORMATS), default="jsonl", show_default=True,
              help="jsonl: word for word, for `audit verify --export`. xes, ocel: cases for tools that mine processes, without names.")
@click.option("--case", "reference", default="", metavar="REF", help="This case alone.")
@click.option("--scheme", default="", metavar="SLUG", help="The cases of this scheme alone.")
@click.argument("file", type=click.File("w", encoding="utf-8", atomic=True))
def export_command(form: str, reference: str, scheme: str, file: TextIO) -> None:
    """Write the log to FILE (- for standard output). No words that people wrote are in it.

    Only the whole log, as jsonl, can be checked against a checkpoint: a part has gaps.
    """
    if reference and scheme:
        raise click.UsageError("--case and --scheme exclude each other: a case belongs to one scheme.")
    with the_desk() as desk, bar("Entries" if form == "jsonl" else "Cases", 0) as move:
        done = export(desk, form, reference=reference.strip().upper(), scheme=scheme,
                      seen=lambda number: move(number, done.entries if form == "jsonl" else done.cases))
        file.writelines(done.text)
        note_export(desk, BY_OPERATOR, form, reference.strip().upper() or scheme)
    click.echo(f"{numbered(done.entries, 'entry', 'entries')} of {numbered(done.cases, 'case', 'cases')} written as {form}.", err=True)
