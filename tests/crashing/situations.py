"""Cases about to be changed in each way in which a case changes: the work that is then interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest
from conftest import SCHEME, Cast, StoppedClock, lodge, tell
from crashing.children import Work

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.calendars_held import scheme_calendar
from breachdesk.casework.changing_calendars import change_calendar
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.sealing import seal
from breachdesk.casework.timers import fire_due_timers
from breachdesk.timekeeping.calendar_changes import edited
from breachdesk.timekeeping.calendars import Calendar

WORDS = "As we understand it, the notice was shorter than what was promised. " * 100


@dataclass(frozen=True, slots=True)
class Situation:
    """What is to be done, and at what time it is."""

    now: datetime
    work: Work


def _step(actor: str, action: str, **answers: object) -> Work:
    return lambda desk: act(desk, getattr(Cast(desk), actor), "DD-2026-0001", Step(action, answers))


def _acting(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    return _step("olive", "acknowledge", understanding=WORDS)


def _firing(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    """In each of two cases a reminder, and two limits that run out, of which one moves the case on: those of both fire together."""
    tell(desk, cast.ruth, "DD-2026-0001")
    tell(desk, cast.ruth, lodge(desk, cast.ruth, title="Another"))
    clock.to(date(2026, 3, 24))
    return fire_due_timers


def _pausing(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    return _step("olive", "ask_for_information", missing=WORDS)


def _resuming(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    clock.to(date(2026, 3, 4))
    _pausing(desk, cast, clock)(desk)
    clock.to(date(2026, 3, 11))
    return _step("ruth", "supply_information", information=WORDS)


def _extending(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    tell(desk, cast.ruth, "DD-2026-0001")
    return _step("olive", "give_more_time", which="respond", days=5, reason=WORDS)


def _recomputing(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    """The respondent acknowledges early: the limit that begins with that is counted anew."""
    tell(desk, cast.ruth, "DD-2026-0001")
    clock.to(date(2026, 3, 3))
    return _step("omar", "acknowledge_notice", who_answers="The head of grants")


def _changing_the_calendar(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    """A bank holiday is announced: the limits of every open case are counted anew, in one batch."""
    tell(desk, cast.ruth, "DD-2026-0001")
    lodge(desk, cast.ruth, title="Another")
    jubilee = date(2026, 3, 10)

    def announced(calendar: Calendar) -> Calendar:
        return calendar if jubilee in calendar.holidays else edited(calendar, {jubilee: "Jubilee Day"}, ())
    return lambda desk: change_calendar(desk, BY_OPERATOR, lambda session: scheme_calendar(session, desk, SCHEME), announced, "Announced.")


def _sealing(desk: Desk, cast: Cast, clock: StoppedClock) -> Work:
    """Entries wait for their place in the tree, which was signed before."""
    seal(desk)
    tell(desk, cast.ruth, "DD-2026-0001")
    return seal


SITUATIONS = {"act": _acting, "fire": _firing, "pause": _pausing, "resume": _resuming, "extend": _extending, "recompute": _recomputing,
              "calendar": _changing_the_calendar, "seal": _sealing}

# For tests that take minutes: every situation, interrupted everywhere. `make test` takes some, here and there.
SOAKED = [pytest.param(name, 1, marks=pytest.mark.soak, id=f"{name}, everywhere") for name in SITUATIONS]


def situation(name: str, desk: Desk, cast: Cast, clock: StoppedClock) -> Situation:
    """One case that was lodged, brought to where the work can be done."""
    lodge(desk, cast.ruth)
    work = SITUATIONS[name](desk, cast, clock)
    return Situation(clock.now, work)
