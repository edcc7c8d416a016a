"""`breachdesk retention`: what goes when, doing it now, and what is held back. References and days; nobody's words."""

from __future__ import annotations

from pathlib import Path

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.forgetting.erasing_again import erase_exported
from breachdesk.casework.forgetting.holds import KINDS
from breachdesk.casework.forgetting.retention import Due, dispose, due
from breachdesk.cli.files import FILE
from breachdesk.cli.output import json_option, long_day, show, table, the_desk
from breachdesk.store import holds
from breachdesk.store.schemes import all_schemes

_WHAT = {"files": "files", "record": "every word and file"}


@click.group()
def command() -> None:
    """What is deleted when its time is over, and what is held back."""


@command.command()
@json_option
def preview(as_json: bool) -> None:
    """What is due in closed cases: what goes at the next run, what waits until a coordinator has looked, what is held and why."""
    with the_desk() as desk, desk.database.read() as session:
        found = [(scheme.slug, one) for scheme in all_schemes(session) for one in due(session, desk, scheme)]
    rows = [(one.reference, slug, _WHAT[one.what], long_day(one.due_on), _says(one)) for slug, one in found]
    show(as_json, [{"reference": one.reference, "scheme": slug, "what": one.what, "due_on": one.due_on, "held": one.held,
                    "next_run": one.next_run and not one.held} for slug, one in found],
         table(("Case", "Scheme", "What", "Due since", "What happens"), rows) if rows else ["Nothing is due."])


def _says(one: Due) -> str:
    if one.held:
        return f"held: {' '.join(one.held)}"
    return "goes at the next run" if one.next_run else "waits until a coordinator has looked"


@command.command()
@json_option
def run(as_json: bool) -> None:
    """Let go what is due, was looked at (or goes by itself) and is not held. The desk does so by itself once a day."""
    with the_desk() as desk:
        done = dispose(desk)
    show(as_json, done, [f"Files went of {done['files']} cases, every word of {done['record']}; {done['held']} are held back."])


@command.command()
@click.argument("file", type=FILE, metavar="EXPORT")
@json_option
def repeat(file: Path, as_json: bool) -> None:
    """After an older backup was restored: erase again what the log of the newer desk says was erased since.

    EXPORT is that log: breachdesk audit export --format jsonl EXPORT. Whoever erases keeps the newest export away from the machine.
    """
    with the_desk() as desk, file.open(encoding="utf-8") as lines:
        gone = erase_exported(desk, BY_OPERATOR, lines)
    show(as_json, {"repeated": gone}, [f"{gone} erasures of the newer log were carried out again; each stands in the log here, too."])


@command.command("holds")
@json_option
def list_holds(as_json: bool) -> None:
    """The cases of which nothing goes, since when, and when that is to be looked at again."""
    with the_desk() as desk, desk.database.read() as session:
        found = holds.holds_on(session)
    rows = [(one.reference, KINDS[one.kind], one.by, long_day(one.review_on)) for one in found]
    show(as_json, [{"reference": one.reference, "kind": one.kind, "by": one.by, "review_on": one.review_on} for one in found],
         table(("Case", "Why", "Held by", "Look again on"), rows) if rows else ["No case is held back by anybody."])
