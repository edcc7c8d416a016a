"""`breachdesk timers`: what falls due, and doing it now instead of at the next tick."""

from __future__ import annotations

from datetime import datetime

import click

from breachdesk.casework.timers import fire_due_timers
from breachdesk.cli.output import json_option, long_day, show, table, the_desk
from breachdesk.cli.telling import fired_data, fired_lines
from breachdesk.clock import end_of, local_day
from breachdesk.identity import THE_OPERATOR
from breachdesk.store import timers
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.said import said_moment

MOST = 10_000


@click.group()
def command() -> None:
    """What falls due, and doing it now."""


@command.command()
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE",
              help="Everything up to the end of this day; without it, up to the end of today on this desk.")
@json_option
def due(until: datetime | None, as_json: bool) -> None:
    """What the clock does next, soonest first."""
    with the_desk() as desk, desk.database.read() as session:
        moment = end_of(until.date() if until else local_day(desk.now(session)))
        rows = list(timers.timers_due(session, moment, visible_to(THE_OPERATOR), MOST))
    data = [{"reference": row.reference, "limit": row.kind, "rung": row.rung, "due_on": row.due_on, "fires_at": row.fires_at,
             "tries": row.tries, "trouble": row.trouble} for row in rows]
    shown = [(said_moment(row.fires_at), row.reference, row.kind.replace("_", " "), f"reminder ({row.rung:+d})" if row.rung else "ends",
              long_day(row.due_on), row.trouble or "") for row in rows]
    show(as_json, data, table(("When", "Case", "Limit", "What", "Due on", "Trouble"), shown) if rows else ["Nothing falls due."])


@command.command()
@json_option
def parked(as_json: bool) -> None:
    """Timers of which the procedure of their case knows nothing. They fire no more, and nothing of them is lost."""
    with the_desk() as desk, desk.database.read() as session:
        rows = timers.parked(session)
    data = [{"reference": row.reference, "limit": row.kind, "rung": row.rung, "fires_at": row.fires_at, "why": row.trouble} for row in rows]
    shown = [(row.reference, said_moment(row.fires_at), row.trouble) for row in rows]
    show(as_json, data, table(("Case", "Meant for", "Why"), shown) if rows else ["No timer is parked."])


@command.command()
def release() -> None:
    """Let the parked timers fire again, once a version is installed that knows them."""
    with the_desk() as desk:
        many = desk.database.transact(timers.release_parked)
    show(False, None, [f"{many} released. What is due is done at the next tick: breachdesk timers fire does it now."])


@command.command()
@json_option
@click.pass_context
def fire(ctx: click.Context, as_json: bool) -> None:
    """Do everything that is due now, in the order in which it fell due; exit 1 when something failed."""
    with the_desk() as desk:
        fired = fire_due_timers(desk)
        lines = fired_lines(desk, fired) or ["Nothing was due."]
    show(as_json, [fired_data(one) for one in fired], lines)
    if any(not one.reference for one in fired):
        ctx.exit(1)
