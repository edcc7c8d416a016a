"""`breachdesk calendar`: which days are worked, and changing that with everything it would do shown first."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.calendars import published_days
from breachdesk.casework.calendars_held import OWN, HeldCalendar, closed_days_of, newer_days, scheme_calendar
from breachdesk.casework.changing_calendars import CalendarChange, change_calendar, look_ahead
from breachdesk.casework.desk import Desk
from breachdesk.cli.files import FILE, read_text
from breachdesk.cli.output import json_option, long_day, show, table, the_desk
from breachdesk.errors import Refused
from breachdesk.store.session import Session
from breachdesk.timekeeping.calendar_changes import edited, taken_in
from breachdesk.timekeeping.calendars import Calendar

DAY = click.DateTime(["%Y-%m-%d"])
Find = Callable[[Desk, Session], HeldCalendar]


@click.group()
def command() -> None:
    """Which days are worked. WHOSE is a scheme, or with --closed an organisation and the days on which it is closed."""


def _of_one(work: Any) -> Any:
    """The argument and options that say which calendar is meant."""
    for option in (json_option,
                   click.option("--closed", is_flag=True, help="WHOSE is an organisation: the days on which it is closed."),
                   click.option("--role", default=OWN, show_default=True, metavar="ROLE", help="Which of the scheme's, like foi."),
                   click.argument("whose")):
        work = option(work)
    return work


def _changing(work: Any) -> Any:
    for option in (click.option("--dry-run", is_flag=True, help="Only say what would change."),
                   click.option("--why", default="", metavar="TEXT", help="Why it changes; both sides of each case are told.")):
        work = option(work)
    return _of_one(work)


def _finder(whose: str, role: str, closed: bool) -> Find:
    return (lambda desk, session: closed_days_of(session, desk, whose)) if closed else (
        lambda desk, session: scheme_calendar(session, desk, whose, role))


@command.command("show")
@_of_one
def show_it(whose: str, role: str, closed: bool, as_json: bool) -> None:
    """Every holiday of a calendar, and from which day on they are only reckoned."""
    with the_desk() as desk, desk.database.read() as session:
        one = _finder(whose, role, closed)(desk, session).calendar
    days = [{"day": day, "title": title, "provisional": day > one.provisional_after} for day, title in one.holidays.items()]
    data = {"name": one.name, "title": one.title, "first": one.first, "last": one.last, "provisional_after": one.provisional_after,
            "digest": one.digest, "holidays": days}
    rows = [(long_day(day), title, "not published yet" if day > one.provisional_after else "") for day, title in one.holidays.items()]
    show(as_json, data, [f"{one.title}, {long_day(one.first)} to {long_day(one.last)}; published up to {long_day(one.provisional_after)}.",
                         "", *table(("Day", "Holiday", ""), rows)])


@command.command("add-day")
@_changing
@click.argument("day", type=DAY)
@click.argument("title")
def add_day(whose: str, role: str, closed: bool, as_json: bool, why: str, dry_run: bool, day: datetime, title: str) -> None:
    """Add a day on which nobody works."""
    _change(_finder(whose, role, closed), lambda one: edited(one, {day.date(): title}, ()), why, dry_run, as_json)


@command.command("remove-day")
@_changing
@click.argument("day", type=DAY)
def remove_day(whose: str, role: str, closed: bool, as_json: bool, why: str, dry_run: bool, day: datetime) -> None:
    """Take a day out, which is worked on again."""
    _change(_finder(whose, role, closed), lambda one: edited(one, {}, {day.date()}), why, dry_run, as_json)


@command.command("import")
@_changing
@click.argument("file", type=FILE)
def take_in(whose: str, role: str, closed: bool, as_json: bool, why: str, dry_run: bool, file: Path) -> None:
    """Take in the list that GOV.UK publishes (bank-holidays.json). An empty or shorter list is refused."""
    written = read_text(file)
    _change(_finder(whose, role, closed), lambda one: taken_in(one, published_days(written, one.name)), why, dry_run, as_json)


@command.command()
@_changing
def newer(whose: str, role: str, closed: bool, as_json: bool, why: str, dry_run: bool) -> None:
    """Take in the bank holidays that this version of the product knows, and reach further ahead. Nothing goes."""
    find = _finder(whose, role, closed)
    with the_desk() as desk, desk.database.read() as session:
        known = newer_days(session, desk, find(desk, session))
    _change(find, lambda _: known, why or "Newer bank holidays.", dry_run, as_json)


def _change(find: Find, edit: Callable[[Calendar], Calendar], why: str, dry_run: bool, as_json: bool) -> None:
    def careful(calendar: Calendar) -> Calendar:
        try:
            return edit(calendar)
        except ValueError as error:
            raise Refused(str(error)) from error
    with the_desk() as desk:
        if dry_run:
            with desk.database.read() as session:
                held = find(desk, session)
                found = look_ahead(session, desk, held, careful(held.calendar))
        else:
            found = change_calendar(desk, BY_OPERATOR, lambda session: find(desk, session), careful, why)
    show(as_json, _data(found, dry_run), _lines(found, dry_run))


def _data(found: CalendarChange, dry_run: bool) -> dict[str, object]:
    limits = [{"reference": case.reference, "limit": one.limit, "party": one.subject, "how": one.how, "old_due": one.old_due,
               "new_due": one.new_due} for case in found.cases for one in case.limits]
    return {"changed": not dry_run, "added": _days(found.added), "removed": _days(found.removed), "moved": found.moved, "limits": limits}


def _days(days: dict[date, str]) -> list[dict[str, object]]:
    return [{"day": day, "title": title} for day, title in days.items()]


def _lines(found: CalendarChange, dry_run: bool) -> list[str]:
    lines = [f"{'+' if days is found.added else '-'} {long_day(day)}: {title}" for days in (found.added, found.removed)
             for day, title in days.items()]
    rows = [(case.reference, case.titles[one.limit], long_day(one.old_due),
             long_day(one.new_due) if one.how == "moved" else f"stays; it would have become {long_day(one.new_due)}")
            for case in found.cases for one in case.limits]
    lines += ["", *table(("Case", "Limit", "Now", "Then"), rows)] if rows else []
    moved = f"{found.moved} deadline{'s' * (found.moved != 1)}"
    told = f"{moved} moved, and both sides are told." if found.moved else "no deadline moves."
    return [*lines, "", f"{moved} would move. Nothing has been changed." if dry_run else f"The calendar is changed; {told}"]
