"""`breachdesk workflow schema`: the language of procedure files, for editors."""

from __future__ import annotations

import json

import click

from breachdesk.workflow.schema import procedure_schema


@click.command("schema")
def command() -> None:
    """Print the JSON Schema of procedure files, with which an editor completes words and marks mistakes while you write."""
    click.echo(json.dumps(procedure_schema(), indent=1, ensure_ascii=False))
