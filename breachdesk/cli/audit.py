"""`breachdesk audit`: is the record whole?"""

from __future__ import annotations

from dataclasses import asdict

import click

from breachdesk.casework.auditing import verify as verify_log
from breachdesk.cli.output import json_option, show, the_desk


@click.group()
def command() -> None:
    """Check that the record is whole."""


@command.command()
@json_option
def verify(as_json: bool) -> None:
    """Walk every chain of the log and hold the words that are kept apart against it.

    Exit 1, and the first bad entry, when an entry or words were changed, moved, added or removed. Words that are gone were erased;
    they are counted and are no fault.
    """
    with the_desk() as desk:
        found = verify_log(desk)
    show(as_json, {"whole": True, **asdict(found)}, [
        f"The record is whole: {found.entries} entries in {found.chains} chains, checked in {found.seconds:.2f} seconds.",
        f"{found.details} texts are as they were written; {found.erased} have been erased."])
