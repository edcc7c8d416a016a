"""The clock of a practice desk: see what will fall due by a day, move to it, read what the clock did. A real desk has no such page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flask import Blueprint, render_template, request

from breachdesk.audit.chain import Doer
from breachdesk.casework.practice import clock_shown
from breachdesk.casework.practice.desk_clock import moment_after, move_clock
from breachdesk.clock import LOCAL, local_day
from breachdesk.errors import BreachdeskError, NotFound, Refused
from breachdesk.gate.current import reading, the_actor, the_desk, today
from breachdesk.gate.needs import needs
from breachdesk.permissions import Permission
from breachdesk.workflow.answers import date_text

pages = Blueprint("practice", __name__)
CHOICES = ("1", "5", "10", "20")
MOST_DAYS = 500
Answer = str | tuple[str, int]


@dataclass(frozen=True, slots=True)
class Wish:
    """How far somebody wants to move: what they chose and typed, the moment it comes to, and what is wrong with it."""

    by: str
    number: str
    day: tuple[str, str, str]
    moment: datetime | None = None
    error: str = ""
    wrong_field: str = ""

    @property
    def on(self) -> date | None:
        return local_day(self.moment) if self.moment else None


def _require_practice() -> None:
    if not the_desk().practice:
        raise NotFound("This is a real desk: its clock is the real one, and nobody can move it.")


@pages.get("/practice/clock")
@needs(Permission.MOVE_CLOCK)
def clock() -> Answer:
    """Today on this desk, and, once a day was chosen, what will fall due by then."""
    _require_practice()
    return _clock(_wish(request.args) if request.args else Wish("", "", ("", "", "")))


def _clock(wish: Wish) -> Answer:
    due: list[clock_shown.Due] = []
    if wish.moment:
        with reading() as session:
            due = clock_shown.will_fall_due(session, the_desk(), the_actor(), wish.moment)
    page = render_template("practice/clock.html", wish=wish, choices=CHOICES, due=due, most=clock_shown.MOST)
    return (page, 422) if wish.error else page


@pages.post("/practice/clock")
@needs(Permission.MOVE_CLOCK)
def move() -> Answer:
    """Move there, and say what the clock did on the way."""
    _require_practice()
    before = today()
    try:
        to = datetime.fromisoformat(request.form.get("to", ""))
    except ValueError:
        raise NotFound("The page did not say to which day. Go back, and choose it again.") from None
    actor = the_actor()
    fired = move_clock(the_desk(), to.replace(tzinfo=to.tzinfo or LOCAL), Doer(actor.account_id, "account"))
    with reading() as session:
        told, others = clock_shown.told(session, the_desk(), actor, fired)
    return render_template("practice/moved.html", before=before, told=told, others=others)


def _wish(given: Mapping[str, str]) -> Wish:
    """What was chosen: a date, one of the spans, or another number of working days."""
    by, number = given.get("by", ""), given.get("number", "").strip()
    day = (given.get("day-day", "").strip(), given.get("day-month", "").strip(), given.get("day-year", "").strip())
    field = {"date": "day-day", "other": "number"}.get(by, "by")
    try:
        return Wish(by, number, day, _moment(by, number, day))
    except (BreachdeskError, ValueError) as fault:
        return Wish(by, number, day, error=str(fault), wrong_field=field)


def _moment(by: str, number: str, day: tuple[str, str, str]) -> datetime:
    if by == "date":
        return _on(day)
    days = number if by == "other" else by
    if by != "other" and by not in CHOICES:
        raise Refused("Choose how far to move.")
    if not (days.isascii() and days.isdigit() and 0 < len(days) <= 4 and 0 < int(days) <= MOST_DAYS):
        raise Refused(f"Give a whole number of working days, from 1 to {MOST_DAYS}.")
    return moment_after(the_desk(), f"{int(days)} working days")


def _on(day: tuple[str, str, str]) -> datetime:
    """Nine in the morning of a day that is later than today, and less than about two years away."""
    try:
        year, month, number = (int(piece[:5]) for piece in date_text(*day).split("-"))
        on = date(year, month, number)
    except ValueError:
        raise Refused("Give a date, for example 27 3 2026.") from None
    now = today()
    if on <= now:
        raise Refused("Give a day after today. The clock moves only forward.")
    if (on - now).days > 730:
        raise Refused("Give a day within the next two years, so that you can see what happens.")
    return datetime(on.year, on.month, on.day, 9, tzinfo=LOCAL)

