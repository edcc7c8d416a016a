"""How days and moments are said: the one way of pages, letters, mails, the log in words and the command line."""

from __future__ import annotations

from datetime import date, datetime

from breachdesk.clock import LOCAL


def said_day(day: date) -> str:
    """A day as people plan with it: “Thursday 26 November 2026”."""
    return f"{day:%A} {said_date(day)}"


def said_date(day: date) -> str:
    """A day that is over, or within a longer sentence: “26 November 2026”."""
    return f"{day.day} {day:%B} {day.year}"


def said_moment(moment: datetime) -> str:
    """A moment on the scheme's wall clock: “Thursday 26 November 2026, 09:05”."""
    local = moment.astimezone(LOCAL)
    return f"{said_day(local.date())}, {local:%H:%M}"
