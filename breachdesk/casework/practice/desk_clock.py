"""The clock of a practice desk: moved forward by its users, doing on the way everything that falls due, in order."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.notes_gone import let_notes_go
from breachdesk.casework.timers import Fired, fire_due_timers
from breachdesk.clock import LOCAL, local_day
from breachdesk.errors import NotPermitted, Refused
from breachdesk.store import desk_row, schemes, timers
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.session import Session
from breachdesk.timekeeping.ledger import Ledger, due_on
from breachdesk.timekeeping.limits import parse_limit
from breachdesk.timekeeping.said import said_moment

LONGEST = timedelta(days=800)


def move_clock(desk: Desk, to: datetime, doer: Doer, seen: Callable[[Fired], None] = lambda _: None) -> list[Fired]:
    """Move a practice desk's time forward; what the clock did on the way.

    Raises NotPermitted on a real desk, Refused when the moment lies in the past or too far ahead.
    """
    if not desk.practice:
        raise NotPermitted("Only the clock of a practice desk can be moved. This is a real desk.")
    with desk.database.read() as session:
        begin = desk.now(session)
    if to <= begin:
        raise Refused(f"It is already {said_moment(begin)} here. The clock moves only forward.")
    if to - begin > LONGEST:
        raise Refused("At most two years at a time, so that you can see what happens.")
    fired = advance(desk, to, seen)
    desk.database.transact(lambda session: record_for_desk(
        session, "desk:clock_moved", desk.now(session), doer, {"from": begin.isoformat(), "to": to.isoformat()}))
    return fired


def advance(desk: Desk, to: datetime, seen: Callable[[Fired], None] = lambda _: None) -> list[Fired]:
    """Let a practice desk's time pass, and do each thing at its own moment on the way."""
    fired: list[Fired] = []
    while (moment := _next_moment(desk)) and moment <= to:
        desk.database.transact(lambda session, at=moment: _set(session, desk, at))  # type: ignore[misc]
        done = fire_due_timers(desk)
        for one in done:
            seen(one)
        fired += done
        if not done:
            break
    desk.database.transact(lambda session: _set(session, desk, to))
    let_notes_go(desk)
    return fired


def _next_moment(desk: Desk) -> datetime | None:
    with desk.database.read() as session:
        return timers.next_moment(session)


def _set(session: Session, desk: Desk, moment: datetime) -> None:
    """Put desk time to a moment, unless it is already later (a timer that had been due for a while)."""
    if moment > desk.now(session):
        desk_row.set_offset(session, moment - desk.wall())


def moment_after(desk: Desk, span: str) -> datetime:
    """The moment that lies a limit (“15 working days”) after now, at nine in the morning of that day.

    Raises ValueError, in a sentence, for what is no span of time.
    """
    limit = parse_limit(span)

    def work(session: Session) -> datetime:
        known = schemes.all_schemes(session)
        if not known:
            raise Refused("A working day needs a calendar, and this desk has no scheme yet.")
        today = local_day(desk.now(session))
        day = due_on(Ledger(today, limit), desk.calendar(session, known[0].calendar_id))
        return datetime(day.year, day.month, day.day, 9, tzinfo=LOCAL) if day else desk.now(session)

    return desk.database.transact(work)
