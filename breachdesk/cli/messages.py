"""`breachdesk messages`: what is held back since a backup was restored, and letting it go."""

from __future__ import annotations

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.backups.messages_held import release_messages
from breachdesk.cli.output import json_option, show, table, the_desk
from breachdesk.store import desk_row, notices
from breachdesk.timekeeping.said import said_moment


@click.group()
def command() -> None:
    """Messages that are held back since a backup was restored."""


@command.command()
@json_option
def held(as_json: bool) -> None:
    """List what waits to be sent, by case and kind. Some of it may have been sent after the backup was made."""
    with the_desk() as desk, desk.database.read() as session:
        since, rows = desk_row.messages_held_at(session), notices.held(session)
    data = {"held_since": since, "messages": [{"case": row.reference, "name": row.name, "queued_at": row.queued_at} for row in rows]}
    lines = [f"No message goes out since {said_moment(since)}." if since else "No messages are held back.",
             *table(("Case", "Message", "Waits since"), [(row.reference, row.name, said_moment(row.queued_at)) for row in rows])]
    show(as_json, data, lines if rows else [lines[0], "None waits."])


@command.command()
@click.option("--drop", is_flag=True, help="Those that wait now are never sent: only what comes from now on.")
@json_option
def release(drop: bool, as_json: bool) -> None:
    """Let messages go out again, after you have looked at what waits."""
    with the_desk() as desk:
        waiting = release_messages(desk, BY_OPERATOR, drop=drop)
    becomes = "are never sent" if drop else "go out within a minute while the desk is served"
    show(as_json, {"waiting": waiting, "dropped": drop}, [f"Messages go out again. {waiting:,} waited: they {becomes}."])
