"""The table of commands, and the group that loads a command's module only when it is used: `breachdesk --help` loads none."""

from __future__ import annotations

import errno
from importlib import import_module
from typing import Any

import click

from breachdesk.cli.faults import said

# Command → its module in this package, and what it is for.
COMMANDS: dict[str, tuple[str, str]] = {
    "desk": ("desk", "Make a desk; move the clock of a practice desk."),
    "scheme": ("schemes", "Schemes: who runs the procedure where."),
    "compact": ("compacts", "Compacts: what was promised, word for word."),
    "workflow": ("workflows", "Procedure files: check them, show them in words."),
    "case": ("cases", "Lodge a complaint, take a step, look at a case."),
    "deadline": ("deadline", "When does a limit end, and why? For one or for a whole file; needs no desk."),
    "calendar": ("calendars", "Which days are worked; a changed calendar is looked at first."),
    "concern": ("concerns", "Concerns without a case: note one, list them."),
    "timers": ("timers", "What falls due, and doing it now."),
    "audit": ("audit", "Check that the record is whole."),
    "statistics": ("statistics", "A year's figures, from the log."),
    "retention": ("retention", "What is deleted when its time is over, and what is held back."),
    "person": ("person", "What the desk holds about one person: put it together, erase it."),
    "account": ("accounts", "People who can sign in."),
    "organisation": ("organisations", "Organisations that sign a Compact or work under one."),
    "serve": ("serve", "Serve the pages, and do what falls due."),
    "scheduler": ("scheduler", "Do what falls due, without serving pages."),
    "backup": ("backup", "Everything the desk holds in one file, while it is served."),
    "restore": ("restore", "A desk from a backup, compared with what is known outside."),
    "messages": ("messages", "Messages that are held back since a backup was restored."),
    "check": ("check", "Say whether this desk is well: settings, database, files, timers, messages."),
    "demo": ("demo", "Open a practice desk with invented cases, to look around in."),
}


class LazyGroup(click.Group):
    """The commands of the table. Every error ends here, in words."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"breachdesk.cli.{COMMANDS[cmd_name][0]}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, purpose) for name, (_, purpose) in COMMANDS.items()])

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            # Whoever reads the output has closed it (… | head): click ends quietly.
            if ctx.params.get("trace") or getattr(error, "errno", None) == errno.EPIPE:
                raise
            for line in said(error):
                click.echo(line, err=True)
            ctx.exit(1)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="breachdesk", message="Breachdesk %(version)s")
@click.option("--trace", is_flag=True, help="Show where in the program an error came from.")
def breachdesk(trace: bool) -> None:
    """Breachdesk runs the dispute procedure of local Compacts.

    The desk is the one that BREACHDESK_DATA_DIR names (a folder; without it, var). Begin with: breachdesk desk create --practice
    """
