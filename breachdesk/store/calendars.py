"""Calendar snapshots as rows, kept whole under their digest; the days on which organisations are closed; limits by their calendar."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import bindparam, func, select, update

from breachdesk.store.cases import CASES, PARTIES, TIMERS
from breachdesk.store.columns import as_day
from breachdesk.store.prepared import Change, Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import CalendarRow, ClosedDaysRow
from breachdesk.timekeeping.calendars import Calendar

CALENDARS, CLOSED = table_of(CalendarRow), table_of(ClosedDaysRow)
_COUNTED_IN = Prepared(update(TIMERS).where(TIMERS.c.case_id == bindparam("of_case"), TIMERS.c.kind == bindparam("of_kind"),
                                            TIMERS.c.subject == bindparam("of_subject"), TIMERS.c.ended_at.is_(None))
                       .values(calendar_digest=bindparam("digest")))


def add_calendar(session: Session, calendar: Calendar, at: datetime) -> int:
    """Store a calendar snapshot; its id."""
    if (known := session.value(select(CALENDARS.c.id).where(CALENDARS.c.digest == calendar.digest))) is not None:
        return int(known)
    return session.add(CalendarRow, name=calendar.name, digest=calendar.digest, snapshot=calendar.to_json(), added_at=at)


_TEXT = select(CALENDARS.c.snapshot).where(CALENDARS.c.id == bindparam("calendar_id"))


def calendar_text(session: Session, calendar_id: int) -> str:
    return str(session.value(_TEXT, {"calendar_id": calendar_id}))


def calendar_with_digest(session: Session, digest: str) -> str:
    return str(session.value(select(CALENDARS.c.snapshot).where(CALENDARS.c.digest == digest)))


def closed_days(session: Session, organisation_ids: Collection[int]) -> dict[int, int]:
    """Organisation → the calendar of the days on which it is closed, by id: the newest of each that has one."""
    newest = select(func.max(CLOSED.c.id)).where(CLOSED.c.organisation_id.in_(organisation_ids)).group_by(CLOSED.c.organisation_id)
    rows = session.all(select(CLOSED.c.organisation_id, CLOSED.c.calendar_id).where(CLOSED.c.id.in_(newest)))
    return {row[0]: row[1] for row in rows}


def set_closed_days(session: Session, organisation_id: int, calendar_id: int, at: datetime) -> None:
    """From now on an organisation is closed on the days of another calendar."""
    session.add(ClosedDaysRow, organisation_id=organisation_id, calendar_id=calendar_id, set_at=at)


def open_cases_of_scheme(session: Session, scheme_id: int) -> list[str]:
    """The references of a scheme's open cases, oldest first."""
    return _open(session, CASES.c.scheme_id == scheme_id)


def open_cases_with(session: Session, organisation_id: int) -> list[str]:
    """The references of the open cases in which an organisation is a side, oldest first."""
    return _open(session, CASES.c.id.in_(select(PARTIES.c.case_id).where(PARTIES.c.organisation_id == organisation_id)))


def _open(session: Session, which: object) -> list[str]:
    return [row[0] for row in session.all(select(CASES.c.reference).where(CASES.c.closed_on.is_(None), which).order_by(CASES.c.id))]  # type: ignore[arg-type]


def counted_in(case_id: int, limit: str, subject: int, digest: str) -> Change:
    """A running limit whose day is the same in another calendar is from now on counted in that one."""
    return _COUNTED_IN, {"of_case": case_id, "of_kind": limit, "of_subject": subject, "digest": digest}


def latest_deadline(session: Session, scheme_id: int) -> date | None:
    """The last day on which something of a scheme's open cases is due."""
    found = session.value(select(func.max(TIMERS.c.due_on)).join(CASES, CASES.c.id == TIMERS.c.case_id)
                          .where(CASES.c.scheme_id == scheme_id, CASES.c.closed_on.is_(None), TIMERS.c.ended_at.is_(None)))
    return None if found is None else as_day(found)
