"""The only module that asks what time it is. Everything else is handed the answer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")


def wall_time() -> datetime:
    """Now, in UTC: for sign-in, tokens and sending."""
    return datetime.now(UTC)


def local_day(moment: datetime) -> date:
    """The date on a wall calendar in the scheme's area at that moment."""
    return moment.astimezone(LOCAL).date()


def end_of(day: date) -> datetime:
    """The moment, in UTC, at which a local day is over: the next local midnight."""
    return datetime.combine(day + timedelta(days=1), time.min, LOCAL).astimezone(UTC)


def start_of(day: date) -> datetime:
    """The local midnight, in UTC, with which a day begins."""
    return datetime.combine(day, time.min, LOCAL).astimezone(UTC)
