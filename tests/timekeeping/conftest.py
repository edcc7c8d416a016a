"""The calendar that these tests count with: written out, so that they do not lean on the package that makes snapshots."""

from __future__ import annotations

from datetime import date

import pytest

from breachdesk.timekeeping.calendars import Calendar

HOLIDAYS = {
    "New Year's Day": ["2026-01-01", "2027-01-01", "2028-01-03"],
    "Good Friday": ["2026-04-03", "2027-03-26", "2028-04-14"],
    "Easter Monday": ["2026-04-06", "2027-03-29", "2028-04-17"],
    "Early May bank holiday": ["2026-05-04", "2027-05-03", "2028-05-01"],
    "Spring bank holiday": ["2026-05-25", "2027-05-31", "2028-05-29"],
    "Summer bank holiday": ["2026-08-31", "2027-08-30", "2028-08-28"],
    "Christmas Day": ["2026-12-25", "2027-12-27", "2028-12-25"],
    "Boxing Day": ["2026-12-28", "2027-12-28", "2028-12-26"],
}


@pytest.fixture(scope="session")
def calendar() -> Calendar:
    holidays = {date.fromisoformat(day): title for title, days in HOLIDAYS.items() for day in days}
    return Calendar("england-and-wales", "England and Wales", date(2026, 1, 1), date(2028, 12, 31), date(2028, 12, 31), holidays)
