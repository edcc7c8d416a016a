"""The calendars that a desk counts by: each scheme's own, those for roles in its procedure, and the days on which organisations are closed.

`changing_calendars` puts another one in a calendar's place.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta

from breachdesk.casework.calendars import NAMES, snapshot
from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.setting_up import YEARS_AHEAD
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, Refused
from breachdesk.identity import Actor
from breachdesk.store import calendars, organisations, people, schemes
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.timekeeping.calendar_changes import SCHEME
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.said import said_date

OWN = "own"
# With less of the calendar left, a long limit might soon not fit into it any more.
ENOUGH_AHEAD = timedelta(days=550)


@dataclass(frozen=True, slots=True)
class HeldCalendar:
    """A calendar in use: a scheme's own, one that it has for a role in its procedure, or the days on which an organisation is closed.

    `calendar_id` is 0 for an organisation that has said nothing yet.
    """

    calendar: Calendar
    calendar_id: int
    scheme: SchemeHead | None = None
    role: str = OWN
    organisation: tuple[int, str, str] | None = None

    @property
    def where(self) -> str:
        """Whose calendar it is, for the log."""
        return f"{self.scheme.slug}/{self.role}" if self.scheme else f"closed/{self.organisation[1] if self.organisation else ''}"


def scheme_calendars(session: Session, desk: Desk, scheme: SchemeHead) -> list[HeldCalendar]:
    """A scheme's own calendar, and those it has for roles in its procedure."""
    bound: dict[str, int] = {OWN: scheme.calendar_id, **json.loads(scheme.calendars)}
    return [HeldCalendar(desk.calendar(session, calendar_id), calendar_id, scheme, role) for role, calendar_id in bound.items()]


def scheme_calendar(session: Session, desk: Desk, slug: str, role: str = OWN) -> HeldCalendar:
    """One of a scheme's calendars. Raises NotFound, naming those there are."""
    found = scheme_calendars(session, desk, desk.scheme(session, slug))
    for one in found:
        if one.role == role:
            return one
    raise NotFound(f"The scheme “{slug}” has no calendar “{role[:40]}”. It has: {', '.join(one.role for one in found)}.")


def closed_days_of(session: Session, desk: Desk, slug: str) -> HeldCalendar:
    """The days on which an organisation is closed. Raises NotFound for an organisation that is not there."""
    found = next((one for one in people.organisations(session) if one[1] == slug), None)
    if found is None:
        raise NotFound(f"There is no organisation “{slug[:60]}”.")
    known = calendars.closed_days(session, [found[0]]).get(found[0])
    year = local_day(desk.now(session)).year
    calendar = desk.calendar(session, known) if known else Calendar(
        f"closed-{slug}", found[2], date(year - 1, 1, 1), date(year + YEARS_AHEAD, 12, 31), date(year + YEARS_AHEAD, 12, 31), {})
    return HeldCalendar(calendar, known or 0, organisation=(found[0], found[1], found[2]))


def may_change_closed_days(session: Session, actor: Actor, organisation_id: int) -> bool:
    """Whether the days on which an organisation is closed are somebody's to change: a member's own; a coordinator's where it takes part
    in a scheme of theirs, or as yet in none."""
    theirs = {scheme for scheme, role in actor.roles if role == "coordinator"}
    taking_part = organisations.schemes_of(session, organisation_id) if theirs else set()
    return organisation_id in actor.organisations or bool(theirs and (not taking_part or theirs & taking_part))


def closed_days_count(session: Session, desk: Desk, scheme: SchemeHead) -> bool:
    """Whether new cases of a scheme count the days on which organisations are closed."""
    return desk.procedure(session, desk.scheme(session, scheme.slug).procedure_digest).days_off != SCHEME


def newer_days(session: Session, desk: Desk, held: HeldCalendar) -> Calendar:
    """The calendar with every bank holiday that this version of the product knows, and as far ahead as a new scheme's. Nothing goes."""
    now = held.calendar
    if now.name not in NAMES:
        raise Refused(f"“{now.title}” is no list of bank holidays: its days are entered by hand.")
    known = snapshot(now.name, now.first.year, max(now.last.year, local_day(desk.now(session)).year + YEARS_AHEAD))
    return Calendar(now.name, now.title, now.first, known.last, max(now.provisional_after, known.provisional_after),
                    {**known.holidays, **now.holidays})


def calendars_in_trouble(session: Session, desk: Desk) -> list[str]:
    """A sentence for each calendar that ends too soon, or whose published days end before the latest open deadline."""
    today, found = local_day(desk.now(session)), []
    for scheme in schemes.all_schemes(session):
        latest = calendars.latest_deadline(session, scheme.id)
        for held in scheme_calendars(session, desk, scheme):
            one = held.calendar
            if one.last - today < ENOUGH_AHEAD:
                found.append(f"{scheme.title}: the calendar “{one.title}” ends on {said_date(one.last)}. Take newer bank holidays in.")
            elif latest and latest > one.provisional_after:
                found.append(f"{scheme.title}: a deadline is on {said_date(latest)}, and the bank holidays of “{one.title}” are published "
                             f"up to {said_date(one.provisional_after)} only. Take newer ones in when they are published.")
    return found
