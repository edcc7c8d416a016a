"""A changed calendar: looked at first, then applied to every open case as one batch, and the parties are told their new days.

What a change does to a case is decided in `workflow.recounting`: nothing becomes earlier than it was promised.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from breachdesk.audit.chain import Doer
from breachdesk.casework.calendars_held import OWN, HeldCalendar
from breachdesk.casework.carrying_out import WHOLE, limit_facts
from breachdesk.casework.desk import Desk
from breachdesk.casework.notice_texts import NEW_CALENDAR
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, Refused
from breachdesk.identity import Actor
from breachdesk.store import calendars, moves, reading, schemes
from breachdesk.store.audit_log import RECOUNTED, entry_changes, next_entry, record_for_desk, salted
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.notices import notices_queued
from breachdesk.store.prepared import Change
from breachdesk.store.session import Session
from breachdesk.store.timers import timer_changes
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.calendars import Calendar, CalendarEnds
from breachdesk.workflow.recounting import MOVED, Recount, Recounted, recount
from breachdesk.workflow.wording import say


@dataclass(frozen=True, slots=True)
class CaseRecounted:
    """One open case, and what becomes of its limits. `titles`: what each is called, with nobody's name in it."""

    reference: str
    limits: tuple[Recounted, ...]
    titles: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CalendarChange:
    """What a change adds and takes out, and every open case in which a day changes or is kept."""

    added: dict[date, str]
    removed: dict[date, str]
    cases: tuple[CaseRecounted, ...]

    @property
    def moved(self) -> int:
        """How many deadlines get a later day."""
        return sum(one.how == MOVED for case in self.cases for one in case.limits)


def look_ahead(session: Session, desk: Desk, held: HeldCalendar, new: Calendar) -> CalendarChange:
    """What a change would do; nothing is changed. Raises Invalid when a running limit would not fit into the new calendar."""
    today = local_day(desk.now(session))
    trial = _with(desk, held, new)
    found = [_told(session, trial, case, again) for case, again in _recounted(session, trial, held, today) if again.limits]
    return _change(held, new, found)


def as_seen_by(session: Session, actor: Actor, change: CalendarChange) -> CalendarChange:
    """The change as somebody may know of it: an organisation does not learn here of a complaint about it of which it was not told."""
    seen = {row.reference for row in reading.bare_rows(session, visible_to(actor))}
    return replace(change, cases=tuple(one for one in change.cases if one.reference in seen))


def _told(session: Session, desk: Desk, case: CaseRead, again: Recount) -> CaseRecounted:
    procedure = desk.procedure(session, case.head.procedure_digest)
    return CaseRecounted(case.head.reference, again.limits, {
        one.limit: say(procedure.limits[one.limit].title, procedure.roles) for one in again.limits})


def change_calendar(desk: Desk, doer: Doer, find: Callable[[Session], HeldCalendar], edit: Callable[[Calendar], Calendar], why: str,
                    seen: str = "") -> CalendarChange:
    """Put another calendar in a calendar's place, and count every open case in it again: all of it, or none of it.

    SEEN is the digest of the calendar that was looked at. Raises Refused when it was changed since, or when nothing changes; Invalid.
    """
    if not why.strip() or len(why) > 2000:
        raise Invalid({"why": "Say why the calendar changes, in at most 2,000 characters. The parties are told."})

    def work(session: Session) -> CalendarChange:
        held = find(session)
        if seen and held.calendar.digest != seen:
            raise Refused("Somebody else has changed this calendar since you looked. Nothing of yours was done: look at it again.")
        new = edit(held.calendar)
        if new.digest == held.calendar.digest:
            raise Refused("Nothing changes: the calendar has these very days already.")
        return _carry_out(session, desk, doer, held, new, why.strip())
    return desk.database.transact(work)


def _carry_out(session: Session, desk: Desk, doer: Doer, held: HeldCalendar, new: Calendar, why: str) -> CalendarChange:
    now = desk.now(session)
    _put_in_place(session, held, calendars.add_calendar(session, new, now), desk)
    trial = _with(desk, held, new)
    found = []
    for case, again in _recounted(session, trial, held, local_day(now)):
        session.run(*(calendars.counted_in(case.head.id, *one) for one in again.same))
        if again.same or again.limits or again.clocks.started:
            trial.keep_calendar(session, trial.facts(session, case), trial.procedure(session, case.head.procedure_digest))
        if again.limits or again.clocks.started:
            _write(session, desk, doer, case, again, new, why)
            found.append(_told(session, trial, case, again))
    change = _change(held, new, found)
    record_for_desk(session, "calendar:changed", now, doer, {
        "calendar": held.where, "old_digest": held.calendar.digest, "new_digest": new.digest, "added": _days(change.added),
        "removed": _days(change.removed), "cases": len(found), "moved": change.moved,
        "kept": sum(len(one.limits) for one in found) - change.moved},
        [salted("why", "shared", why)], batch=_batch(new))
    return change


def _batch(new: Calendar) -> str:
    return f"calendar:{new.digest[:16]}"


def _put_in_place(session: Session, held: HeldCalendar, calendar_id: int, desk: Desk) -> None:
    if held.organisation:
        calendars.set_closed_days(session, held.organisation[0], calendar_id, desk.now(session))
    elif held.scheme and held.role == OWN:
        schemes.use_calendar(session, held.scheme.id, calendar_id)
    elif held.scheme:
        schemes.bind_calendars(session, held.scheme.id, {**json.loads(held.scheme.calendars), held.role: calendar_id})


def _with(desk: Desk, held: HeldCalendar, new: Calendar) -> Desk:
    """The desk as it will be. What it remembers stays its own: this change may yet come to nothing."""
    return desk.with_closed_days(held.organisation[0], new) if held.organisation else desk.with_calendar(held.calendar_id, new)


def _recounted(session: Session, trial: Desk, held: HeldCalendar, today: date) -> Iterator[tuple[CaseRead, Recount]]:
    """Each open case that the calendar is about, counted again."""
    references = (calendars.open_cases_with(session, held.organisation[0]) if held.organisation
                  else calendars.open_cases_of_scheme(session, held.scheme.id if held.scheme else 0))
    for reference in references:
        read = read_case(session, reference=reference)
        if read is None:
            raise LookupError(f"{reference} is gone")
        # The case was read with the old calendar's id, in whose place the trial desk has the new one.
        head = read.head
        try:
            yield read, recount(trial.procedure(session, head.procedure_digest), trial.facts(session, read), today)
        except CalendarEnds as error:
            raise Invalid({"day": f"{reference}: {error}"}) from error


def _change(held: HeldCalendar, new: Calendar, found: list[CaseRecounted]) -> CalendarChange:
    old = held.calendar.holidays
    return CalendarChange({day: title for day, title in new.holidays.items() if day not in old},
                          {day: title for day, title in old.items() if day not in new.holidays}, tuple(found))


def _write(session: Session, desk: Desk, doer: Doer, case: CaseRead, again: Recount, new: Calendar, why: str) -> None:
    """One case's entry, timers and messages."""
    head, seq, now = case.head, case.head.last_seq + 1, desk.now(session)
    reason = salted("reason", "shared", why)
    entry = next_entry(head, RECOUNTED, now, Doer(doer.account, doer.role), {
        "calendar": new.digest, "from": head.status, "to": head.status, "stage": head.stage, "limits": limit_facts(again.clocks),
        "rules": [{"limit": one.limit, "party": one.subject, "how": one.how, "old_due": one.old_due.isoformat(),
                   "new_due": one.new_due.isoformat()} for one in again.limits]}, (reason,), batch=_batch(new))
    same: dict[str, object] = {name: getattr(head, name) for name in (
        "procedure_digest", "status", "stage", "stage_visit", "reached_panel", "respondents_told", "has_ledger")}
    changes: list[Change] = [moves.case_moved(head, **same, last_seq=seq, last_hash=entry.hash), *entry_changes(entry, (reason,)),
                             *timer_changes(head.id, seq, again.clocks.ended, again.clocks.started, now),
                             moves.next_due_noted(head.id, WHOLE)]
    told = {f"{one.limit}/{one.subject}": one.new_due.isoformat() for one in again.limits if one.how == MOVED and one.limit != WHOLE}
    if told:
        changes += notices_queued(head.id, seq, (NEW_CALENDAR,), 0, told, now)
    session.change(*changes)


def _days(days: dict[date, str]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
