"""A calendar that changes: a day is added or taken out, a newer list is taken in, or organisations are closed on days of their own.

Every change makes another snapshot; the old one goes on explaining the dates that were counted in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import date

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.said import said_date

# Whose days off count when the organisations in a case are closed on different days: nobody's but the scheme's calendar, those of
# the organisation complained about, those of either side, or only days on which both are closed.
SCHEME, RESPONDENT, EITHER, BOTH = DAYS_OFF = ("scheme", "respondent", "either", "both")
Closed = Mapping[date, str]


def edited(calendar: Calendar, added: Closed, removed: Collection[date]) -> Calendar:
    """The calendar with some days more and some fewer. Raises ValueError, in a sentence, for a day that cannot be meant."""
    for day in removed:
        if day not in calendar.holidays:
            raise ValueError(f"{said_date(day)} is not a holiday in the calendar “{calendar.title}”, so it cannot be taken out.")
    for day in added:
        if day in calendar.holidays and day not in removed:
            raise ValueError(f"{said_date(day)} is a holiday already: {calendar.holidays[day]}.")
        if day.weekday() >= 5:
            raise ValueError(f"{said_date(day)} is a {day:%A}, on which nobody works anyway: add the day that is given instead of it.")
    kept = {day: title for day, title in calendar.holidays.items() if day not in removed}
    return replace(calendar, holidays={**kept, **added})


def taken_in(calendar: Calendar, published: Closed) -> Calendar:
    """The calendar with a newly published list, which counts for all the years that it covers.

    Raises ValueError for a list that is empty, that covers less than is known already, or that has fewer days: it may be half a file.
    """
    if not published:
        raise ValueError("The list has no days at all: nothing is changed. Fetch it again.")
    first, last = max(date(min(published).year, 1, 1), calendar.first), date(max(published).year, 12, 31)
    if last < calendar.provisional_after:
        raise ValueError(f"The list ends with {last.year}, and this desk knows the days up to {said_date(calendar.provisional_after)} "
                         "already: nothing is changed. Fetch a newer list.")
    known = {day for day in calendar.holidays if first <= day <= min(last, calendar.provisional_after)}
    same_years = {day for day in published if first <= day <= calendar.provisional_after}
    if len(same_years) < len(known):
        lost = ", ".join(said_date(day) for day in sorted(known - same_years))
        raise ValueError(f"The list has fewer days than this desk knows for the same years; these would go: {lost}. Nothing is changed. "
                         "If one of them is no holiday any more, take it out by hand first.")
    kept = {day: title for day, title in calendar.holidays.items() if not first <= day <= last}
    days = {day: title for day, title in published.items() if day >= first and day.weekday() < 5}
    return replace(calendar, last=max(last, calendar.last), provisional_after=last, holidays=kept | days)


def closed_for_a_case(calendar: Calendar, rule: str, complainants: Sequence[Calendar], respondents: Sequence[Calendar]) -> Calendar:
    """The calendar that a case counts in: the scheme's, and the days on which its organisations are closed, by the procedure's rule.

    Each organisation's days are a calendar of their own. With several respondents a day is off when any of them is closed: each has all
    its days to answer.
    """
    days = {RESPONDENT: lambda: _any(respondents), EITHER: lambda: _any([*complainants, *respondents]),
            BOTH: lambda: _all([*complainants, *respondents])}.get(rule, dict)()
    more = {day: title for day, title in days.items()
            if calendar.first <= day <= calendar.last and day not in calendar.holidays and day.weekday() < 5}
    return replace(calendar, holidays={**calendar.holidays, **more}) if more else calendar


def _any(closures: Sequence[Calendar]) -> dict[date, str]:
    return {day: f"{one.title} is closed: {title}" for one in reversed(closures) for day, title in one.holidays.items()}


def _all(closures: Sequence[Calendar]) -> dict[date, str]:
    shared = set.intersection(*(set(one.holidays) for one in closures)) if closures else set()
    return {day: f"both sides are closed: {closures[-1].holidays[day]}" for day in shared}
