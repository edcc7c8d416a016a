"""`breachdesk desk`: making a desk, and moving the clock of one that is for practice."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import date, datetime, time

import click

from breachdesk.bootstrap import BY_OPERATOR, create_desk
from breachdesk.casework.practice.desk_clock import moment_after, move_clock
from breachdesk.casework.practice.practice_people import PASSWORD, SignIn, set_up_practice
from breachdesk.cli.output import json_option, show, table, the_desk
from breachdesk.cli.telling import fired_data, fired_lines
from breachdesk.clock import LOCAL
from breachdesk.errors import NotPermitted
from breachdesk.settings import read_settings
from breachdesk.timekeeping.said import said_moment

NEXT = """\
The desk is made. What comes next:
  1. Write down who runs the procedure:   breachdesk scheme create --example > scheme.yaml
     fill it in, then:                    breachdesk scheme create --file scheme.yaml
  2. Add the organisations:               breachdesk organisation add --name … --sector …
  3. Add a coordinator and the others:    breachdesk account add --email … --name … --role coordinator
  4. See that all is well:                breachdesk check
  5. Serve the pages:                     breachdesk serve"""
NINE = time(9)


class Moment(click.ParamType[datetime]):
    """A day, or a day and a time, on a wall clock in the scheme's area; a day alone means nine in the morning."""

    name = "moment"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        written = str(value).strip()
        day, _, hour = written.replace("T", " ").partition(" ")
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2})?", f"{day} {hour}".strip(), re.ASCII):
            self.fail(_no_moment(written), param, ctx)
        try:
            return datetime.combine(date.fromisoformat(day), time.fromisoformat(hour) if hour else NINE, LOCAL)
        except ValueError:
            self.fail(_no_moment(written), param, ctx)


def _no_moment(written: str) -> str:
    return f"“{written[:40]}” is not a moment; write 2026-03-27 or “2026-03-27 14:30”."


@click.group()
def command() -> None:
    """Make a desk; move the clock of a practice desk."""


@command.command()
@click.option("--practice", is_flag=True, help="A desk to learn on: invented people and organisations, and a clock that can be moved. "
              "It never becomes a real one.")
@click.option("--start", type=Moment(), metavar="DATE", help="With --practice: the day on which its time begins. Without it, today.")
@json_option
def create(practice: bool, start: datetime | None, as_json: bool) -> None:
    """Make a new desk, where BREACHDESK_DATA_DIR or BREACHDESK_DATABASE_URL says."""
    if start and not practice:
        raise click.UsageError("Only a practice desk can begin on another day: add --practice, or leave --start out.")
    settings = read_settings()
    desk = create_desk(settings, practice=practice, start=start)
    try:
        people = set_up_practice(desk, BY_OPERATOR) if practice else ()
    finally:
        desk.database.close()
    data = {"practice": practice, "data_dir": str(desk.data_path), "password": PASSWORD if practice else None,
            "sign_ins": [asdict(one) for one in people]}
    show(as_json, data, _practice_lines(people, settings.base_url) if practice else NEXT.splitlines())


def _practice_lines(people: tuple[SignIn, ...], base_url: str) -> list[str]:
    rows = [(one.email, one.name, one.organisation, one.role.replace("_", " ") or "member") for one in people]
    return ["The practice desk is made. Everybody on it is invented. Sign in as any of them:", "",
            *table(("Email", "Name", "Organisation", "Role"), rows), "",
            f"The password is the same for all: {PASSWORD}", f"Serve the pages (at {base_url}): breachdesk serve"]


@command.command()
@click.option("--to", type=Moment(), metavar="MOMENT", help="To a day (nine in the morning) or a moment, like “2026-03-27 14:30”.")
@click.option("--forward", metavar="SPAN", help="By a span, like “15 working days”, “3 days”, “12 weeks” or “3 months”.")
@json_option
def clock(to: datetime | None, forward: str | None, as_json: bool) -> None:
    """Move a practice desk's clock forward, doing on the way what falls due, in order."""
    if (to is None) == (forward is None):
        raise click.UsageError("Say either --to a moment, or --forward by a span.")
    with the_desk() as desk:
        if not desk.practice:
            raise NotPermitted("Only the clock of a practice desk can be moved. This is a real desk.")
        try:
            moment = to or moment_after(desk, forward or "")
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--forward") from None
        fired = move_clock(desk, moment, BY_OPERATOR)
        lines = fired_lines(desk, fired) or ["Nothing fell due on the way."]
    show(as_json, {"now": moment, "fired": [fired_data(one) for one in fired]}, [*lines, f"It is now {said_moment(moment)}."])
