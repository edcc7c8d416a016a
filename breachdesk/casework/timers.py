"""What is due now is done now: the sweep that every process runs, with the clock as its actor.

Whoever claims a timer's row acts in the same transaction, in which several fire one after the other; when one of them fails, they are
done one by one. A timer that is late fires once, marked late; one that fails steps aside for an hour and does not hold up the rest; one
that nobody knows what to do with is parked.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from breachdesk.audit.chain import Doer
from breachdesk.casework.act import Step, act_in
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.desk import Desk
from breachdesk.errors import Refused
from breachdesk.identity import THE_CLOCK
from breachdesk.store import timers
from breachdesk.store.audit_log import next_entry
from breachdesk.store.cases import CaseRead, read_cases
from breachdesk.store.notices import notices_queued
from breachdesk.store.session import Session, is_database_trouble
from breachdesk.store.timers import DueTimer
from breachdesk.workflow.definition import CLOCK, LimitRule, Procedure

log = structlog.get_logger()
FAILED = "failed"
# Enough that a commit's wait for the disk is shared, few enough that a person who acts in one of the cases does not notice.
TOGETHER = 20
_DOER = Doer(THE_CLOCK.account_id, CLOCK)


@dataclass(frozen=True, slots=True)
class Fired:
    """A timer that went off: what it was, and what the clock did (an action's name, "reminded", or "" for nothing)."""

    reference: str
    limit: str
    rung: int
    nominal_at: datetime
    at: datetime
    did: str


def fire_due_timers(desk: Desk, most: int = 10_000, stopping: Callable[[], bool] = lambda: False) -> list[Fired]:
    """Do everything that is due, in the order in which it fell due; what was done. STOPPING ends it after the few in hand."""
    fired: list[Fired] = []
    while len(fired) < most and not stopping() and (done := _fire_several(desk, min(TOGETHER, most - len(fired)))):
        fired += done
    return fired


def fire_next(desk: Desk) -> Fired | None:
    """Do the one thing that has been due longest; None when nothing is due.

    Raises what the database says when it is the database that fails: that is no fault of the timer, which stays due.
    """
    return next(iter(_fire_several(desk, 1)), None)


def _fire_several(desk: Desk, most: int) -> list[Fired]:
    """Do the next few in one transaction. When one of them fails, nothing was done, and each gets a transaction of its own."""
    claimed: list[DueTimer] = []

    def work(session: Session) -> list[Fired]:
        now = desk.now(session)
        claimed[:] = timers.claim_due(session, now, most)
        read = read_cases(session, [one.case_id for one in claimed])
        with session.together():
            return [_fire(session, desk, one, read.get(one.case_id), now) for one in claimed]

    try:
        return desk.database.transact(work)
    except Exception as error:
        if not claimed or is_database_trouble(error):
            raise
        if len(claimed) > 1:
            return [one for _ in claimed for one in _fire_several(desk, 1)]
        log.exception("timer_failed", timer=claimed[0].id)
        return [_step_aside(desk, claimed[0], error)]


def _step_aside(desk: Desk, timer: DueTimer, error: Exception) -> Fired:
    def work(session: Session) -> datetime:
        now = desk.now(session)
        timers.step_aside(session, timer.id, now, f"{type(error).__name__}: {error}")
        return now

    return Fired("", timer.kind, timer.rung, timer.nominal_at, desk.database.transact(work), f"{FAILED}, and is tried again in an hour")


def _fire(session: Session, desk: Desk, timer: DueTimer, case: CaseRead | None, now: datetime) -> Fired:
    if case is None:
        raise LookupError(f"timer {timer.id} belongs to no case")
    procedure = desk.procedure(session, case.head.procedure_digest)
    rule = procedure.limits.get(timer.kind)
    if rule is None or not (timer.rung == 0 or any(rung.offset == timer.rung for rung in rule.rungs)):
        return _park(session, procedure, timer, now)
    did = _remind(session, desk, case, rule, timer, now) if timer.rung else _run_out(session, desk, case, rule, timer, now)
    return Fired(case.head.reference, timer.kind, timer.rung, timer.nominal_at, now, did)


def _park(session: Session, procedure: Procedure, timer: DueTimer, now: datetime) -> Fired:
    """Set a timer aside that the case's procedure knows nothing of: trying it again would not help, and it must not be lost."""
    what = f"reminder {timer.rung:+d} of the limit “{timer.kind}”" if timer.rung else f"limit “{timer.kind}”"
    why = f"“{procedure.title}”, version {procedure.version}, has no {what}."
    log.error("timer_parked", timer=timer.id, why=why)
    timers.park(session, timer, now, why)
    return Fired("", timer.kind, timer.rung, timer.nominal_at, now, f"{timers.PARKED}: {why}")


def _remind(session: Session, desk: Desk, case: CaseRead, rule: LimitRule, timer: DueTimer, now: datetime) -> str:
    tells = next(rung.tells for rung in rule.rungs if rung.offset == timer.rung)
    days = {one.limit: one.due_on.isoformat() for one in case.running if one.due_on}
    days |= {timer.kind: timer.due_on.isoformat()} if timer.due_on else {}
    whose = desk.facts(session, case).whose(rule.each, timer.subject)
    notices = notices_queued(case.head.id, case.head.last_seq + 1, tells, whose.id if whose else 0, days, now)
    note_in_case(session, case, "limit:reminded", _DOER, _told(timer, {"rung": timer.rung}), now, also=notices)
    return "reminded"


def _run_out(session: Session, desk: Desk, case: CaseRead, rule: LimitRule, timer: DueTimer, now: datetime) -> str:
    """The limit is over: note it, then do the first of its actions that can be done."""
    if rule.window:
        timers.close_window(session, timer.id, now)
        case = case.without_limit(timer.kind, timer.subject)
    refusals: list[str] = []
    # A remedy's limit is the remedy's; what the clock does then, it does in the case and not for a party.
    subject = 0 if rule.each == "remedy" else timer.subject
    for name in rule.then:
        noted = next_entry(case.head, "limit:ran_out", now, _DOER, _told(timer, {"then": name, "refused": ""}))
        try:
            act_in(session, desk, THE_CLOCK, Step(name, {}, party=subject), case, noted)
        except Refused as refused:
            refusals += refused.reasons
        else:
            return name
    note_in_case(session, case, "limit:ran_out", _DOER, _told(timer, {"then": "", "refused": " ".join(refusals)}), now)
    if refusals:
        timers.note_refusal(session, timer.id, " ".join(refusals))
    return ""


def _told(timer: DueTimer, more: dict[str, object]) -> dict[str, object]:
    """What the log says of a timer that went off: the day it was due and the moment it was meant for, and MORE."""
    return {"limit": timer.kind, "party": timer.subject, "due_on": timer.due_on.isoformat() if timer.due_on else None,
            "nominal_at": timer.nominal_at.isoformat(), **more}
