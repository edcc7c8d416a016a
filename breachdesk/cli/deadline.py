"""`breachdesk deadline`: the day on which a limit ends, and why; one, or a whole file of them. It needs no desk."""

from __future__ import annotations

import csv
import sys
from datetime import datetime
from typing import IO

import click

from breachdesk.casework.calendars import NAMES
from breachdesk.casework.deadlines import Reckoned, in_words, reckon, reckon_rows
from breachdesk.cli.output import days_table, json_option, show
from breachdesk.errors import Refused
from breachdesk.timekeeping.limits import CalendarDays, Limit, Months, Weeks, WorkingDays
from breachdesk.timekeeping.said import said_date

MOST_FAULTS = 50


@click.command()
@click.option("--calendar", "name", type=click.Choice(list(NAMES)), default="england-and-wales", show_default=True,
              help="Whose holidays are not counted.")
@click.option("--from", "start", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="The day of receipt, as 2026-12-18. It is day 0.")
@click.option("--working-days", type=click.IntRange(1, 9999), metavar="N", help="How many working days.")
@click.option("--days", type=click.IntRange(1, 9999), metavar="N", help="How many days of any kind.")
@click.option("--weeks", type=click.IntRange(1, 999), metavar="N", help="How many weeks.")
@click.option("--months", type=click.IntRange(1, 999), metavar="N", help="How many months.")
@click.option("--explain", is_flag=True, help="Show every day, and why it was counted or not.")
@click.option("--batch", type=click.File("r", encoding="utf-8-sig"), metavar="FILE",
              help="CSV with the columns calendar,from,working_days (- for standard input); printed again with the column due.")
@json_option
def command(name: str, start: datetime | None, working_days: int | None, days: int | None, weeks: int | None, months: int | None,
            explain: bool, batch: IO[str] | None, as_json: bool) -> None:
    """When does a limit end?

    breachdesk deadline --from 2026-12-18 --working-days 10 --explain
    """
    if batch is not None:
        _batch(batch)
        return
    given: list[Limit] = [kind(n) for kind, n in ((WorkingDays, working_days), (CalendarDays, days), (Weeks, weeks), (Months, months)) if n]
    if start is None or len(given) != 1:
        raise click.UsageError("Say from which day, as --from 2026-12-18, and for how long: "
                               "one of --working-days, --days, --weeks and --months.")
    found = reckon(name, start.date(), given[0])
    show(as_json, _data(found, explain), _lines(found, explain))


def _data(found: Reckoned, explain: bool) -> dict[str, object]:
    days = [{"day": one.on, "counted": one.counted, "number": one.number, "why": one.why} for one in found.days]
    return {"calendar": found.calendar.name, "calendar_digest": found.calendar.digest, "from": found.start, "limit": str(found.limit),
            "due": found.due_on, "provisional_after": found.provisional, **({"days": days} if explain else {})}


def _lines(found: Reckoned, explain: bool) -> list[str]:
    lines = [in_words(found)]
    if found.provisional:
        lines.append(f"Holidays after {said_date(found.provisional)} are reckoned by rule and not published yet, so the day may still "
                     "move.")
    if explain:
        lines += ["", *days_table(found.days, "a working day")]
    return lines


def _batch(lines: IO[str]) -> None:
    wrong = 0

    def fault(line: int, column: str, words: str) -> None:
        nonlocal wrong
        wrong += 1
        if wrong <= MOST_FAULTS:
            click.echo(f"line {line}, {column}: {words}", err=True)
    try:
        csv.writer(sys.stdout, lineterminator="\n").writerows(reckon_rows(lines, fault))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"This is no CSV file in UTF-8: {error}. Save it again as “CSV UTF-8”.") from None
    if wrong:
        click.echo(f"{wrong} line{'s' * (wrong != 1)} could not be reckoned; the due day is left empty there.", err=True)
        sys.exit(1)
