"""`breachdesk demo`: a practice desk with three years of invented cases, made in a few seconds and served."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import click

from breachdesk.bootstrap import BY_OPERATOR, create_desk, open_desk
from breachdesk.casework.desk import Desk
from breachdesk.casework.practice.desk_clock import advance
from breachdesk.casework.practice.example_cases import first_day, play
from breachdesk.casework.practice.practice_history import put_history
from breachdesk.casework.practice.practice_people import PASSWORD, SignIn, set_up_practice, sign_ins
from breachdesk.casework.schemes_shown import all_shown
from breachdesk.cli.output import table
from breachdesk.cli.serve import serve_desk
from breachdesk.clock import LOCAL, local_day, wall_time
from breachdesk.errors import NotFound, Refused
from breachdesk.settings import Settings, read_settings


@click.command()
@click.option("--fresh", is_flag=True, help="Throw the practice desk away and make a new one.")
@click.option("--no-serve", is_flag=True, help="Only make it; serve it later with BREACHDESK_DATA_DIR set to its folder.")
def command(fresh: bool, no_serve: bool) -> None:
    """Make a practice desk with three years of cases, print a sign-in for each role, and serve it."""
    given = read_settings()
    settings = given if given.data_dir != "var" else replace(given, data_dir="var/practice")
    if settings.database_url:
        raise click.UsageError("The practice desk lives in a file of its own. Take BREACHDESK_DATABASE_URL away, and try again.")
    _make(settings, fresh=fresh)
    for line in _welcome(settings):
        click.echo(line)
    if no_serve:
        click.echo(f"To serve it: BREACHDESK_DATA_DIR={settings.data_dir} breachdesk serve")
    else:
        serve_desk(settings)


def _make(settings: Settings, *, fresh: bool) -> None:
    """A practice desk that is filled to the last step: one that was interrupted halfway is not taken for one."""
    whole = settings.data_path / "filled"
    desk = _existing(settings)
    if desk is not None:
        desk.database.close()
        if not desk.practice:
            raise Refused(f"There is a real desk in {settings.data_dir}. Set BREACHDESK_DATA_DIR to another folder for the practice desk.")
        if whole.exists() and not fresh:
            click.echo("Here is your practice desk, as you left it. (To begin anew: breachdesk demo --fresh)")
            return
        shutil.rmtree(settings.data_path)
    _fill(settings, whole)


def _existing(settings: Settings) -> Desk | None:
    try:
        return open_desk(settings)
    except NotFound:
        return None


def _fill(settings: Settings, whole: Path) -> None:
    now = wall_time()
    begin = first_day(local_day(now))
    desk = create_desk(settings, practice=True, start=datetime(begin.year, begin.month, begin.day, 9, tzinfo=LOCAL))
    set_up_practice(desk, BY_OPERATOR)
    with click.progressbar(length=1000, label="Three years of invented cases") as bar:
        play(desk, local_day(now), lambda done, of: bar.update(done * 1000 // of - bar.pos))
        advance(desk, now)
    put_history(desk, BY_OPERATOR)
    desk.database.close()
    whole.touch()


def _welcome(settings: Settings) -> list[str]:
    """One sign-in for each role, in the order in which somebody would want to look."""
    desk = open_desk(settings)
    with desk.database.read() as session:
        people = sign_ins(all_shown(session, desk)[0].scheme)
    desk.database.close()
    firsts: dict[str, SignIn] = {}
    for one in people:
        firsts.setdefault(one.what, one)
    rows = [(one.email, one.name, what) for what, one in firsts.items()]
    return ["", *table(("Sign in as", "Name", "Who is"), rows), "", f"The password is the same for all: {PASSWORD}",
            f"Open {settings.base_url}", ""]
