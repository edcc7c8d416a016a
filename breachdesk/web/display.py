"""How things read: days with their weekday, numbers in words up to nine, what a limit has left."""

from __future__ import annotations

from datetime import date, datetime

from flask import Flask

from breachdesk.clock import LOCAL
from breachdesk.identity import MEMBERSHIPS, role_words
from breachdesk.timekeeping.said import said_date, said_day
from breachdesk.web.forms import choices_of
from breachdesk.workflow.wording import counted, in_words


def left(days: int | None, late: bool = False) -> str:
    """What a limit has left: “three working days left”, “due today”, “two working days late”; LATE on a weekend, “no working day since”."""
    if days is None:
        return ""
    if days == 0:
        return "no working day since" if late else "due today"
    return f"{counted(abs(days), 'working day')} {'left' if days > 0 else 'late'}"


def moment(at: datetime) -> str:
    """“Thursday 26 November 2026, 9:05am”."""
    local = at.astimezone(LOCAL)
    return f"{said_day(local.date())}, {local.strftime('%-I:%M%p').lower()}"


def day(on: date | None) -> str:
    return said_day(on) if on else ""


def short_day(on: date | None) -> str:
    return said_date(on) if on else ""


def set_up_display(app: Flask) -> None:
    app.jinja_env.globals["choices_of"] = choices_of
    app.jinja_env.filters.update(in_words=in_words, counted=counted, left=left, moment=moment, day=day, short_day=short_day,
                                 role_words=role_words, membership_words=MEMBERSHIPS.__getitem__)
