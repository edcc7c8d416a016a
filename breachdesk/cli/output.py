"""How commands print: tables and sentences for people, JSON for programs. And how they get at the desk."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import Any, TypeVar

import click

from breachdesk.bootstrap import open_desk
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, Refused
from breachdesk.identity import Actor
from breachdesk.settings import read_settings
from breachdesk.store import people, schemes
from breachdesk.store.session import Session
from breachdesk.timekeeping.ledger import Day
from breachdesk.timekeeping.said import said_day

F = TypeVar("F", bound=Callable[..., Any])


def json_option(function: F) -> F:
    """--json, for every command that prints something."""
    return click.option("--json", "as_json", is_flag=True, help="Print JSON, for programs.")(function)


@contextmanager
def the_desk() -> Iterator[Desk]:
    """The desk that the settings name. Raises BadSettings, or NotFound when there is none yet."""
    desk = open_desk(read_settings())
    try:
        yield desk
    finally:
        desk.database.close()


@contextmanager
def bar(label: str, worth: int) -> Iterator[Callable[[int, int], object]]:
    """A bar on standard error while something is done before somebody's eyes that has more than WORTH parts; called with (done, all)."""
    if not sys.stderr.isatty():
        yield lambda done, total: None
        return
    with click.progressbar(length=1, label=label, file=sys.stderr) as shown:
        def move(done: int, total: int) -> None:
            if total >= worth:
                shown.length = total
                shown.update(int(done - shown.pos))
        yield move


def show(as_json: bool, data: object, lines: Iterable[str]) -> None:
    """Print DATA for programs, or LINES for people."""
    if as_json:
        click.echo(json.dumps(data, ensure_ascii=False, indent=2, default=_plain))
        return
    for line in lines:
        click.echo(line)


def _plain(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def table(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines with columns under headings; the last column is not padded."""
    cells = [[str(cell) for cell in row] for row in (headings, *rows)]
    widths = [max(len(row[place]) for row in cells) for place in range(len(headings))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in cells]


def long_day(day: date | None) -> str:
    """A day as people read it: “Thursday 26 November 2026”."""
    return said_day(day) if day else ""


def left_in_words(left: int | None, late: bool) -> str:
    """Working days to a due day, as people say them; LATE on a weekend, none is over yet."""
    if left is None:
        return ""
    days = f"{abs(left)} working day{'' if abs(left) == 1 else 's'}"
    return "over" if late and left == 0 else "today" if left == 0 else f"{days} left" if left > 0 else f"{days} over"


def the_actor(session: Session, desk: Desk, email: str) -> Actor:
    """The person with that address, as they are today. Raises NotFound when there is no active account for it."""
    found = people.actor_by_email(session, email, local_day(desk.now(session)))
    if found is None:
        raise NotFound(f"There is no active account for {email[:80]}. See who there is: breachdesk account list")
    return found


def the_scheme(session: Session, slug: str | None) -> str:
    """The scheme that was named, or the only one there is. Raises Refused when it has to be said."""
    if slug:
        return slug
    known = [one.slug for one in schemes.all_schemes(session)]
    if len(known) == 1:
        return known[0]
    if not known:
        raise Refused("This desk has no scheme yet. Set one up: breachdesk scheme create --file …")
    raise Refused(f"Say which scheme is meant, with --scheme: {', '.join(known)}.")


def days_table(days: Iterable[Day], counted: str) -> list[str]:
    """Every day of a limit: what it was counted as, and why not."""
    return table(["Day", "Counted as", "Why"], [(long_day(one.on), one.number if one.counted else "-", one.why or counted) for one in days])
