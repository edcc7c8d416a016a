"""What a case must keep at every moment, whatever was done to it: its log whole, its days and timers right, and a way on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.carrying_out import WHOLE
from breachdesk.casework.desk import Desk
from breachdesk.clock import end_of, local_day
from breachdesk.errors import NotFound
from breachdesk.store import audit_log, timers
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.store.timers import OpenTimer
from breachdesk.timekeeping.ledger import due_on
from breachdesk.workflow.clocks import calendar_for, ledger_of, rule_of
from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Procedure
from breachdesk.workflow.engine import why_not
from breachdesk.workflow.facts import CaseFacts

# How long after its moment a timer has not fired, and how often it failed, before it is a fault of its own and not a desk that is behind.
STUCK = timedelta(hours=1)
OFTEN = 3
_ALWAYS_THERE = (*PARTY_SIDES, "coordinator")


def unsound(session: Session, desk: Desk, reference: str) -> list[str]:
    """Everything that does not hold together in a case, in sentences; nothing when it is sound."""
    read = read_case(session, reference=reference, to_change=False)
    if read is None:
        raise NotFound(f"There is no case {reference}.")
    procedure = desk.procedure(session, read.head.procedure_digest)
    rows = timers.open_timers(session, read.head.id)
    known = replace(read, running=tuple(one for one in read.running if one.limit in procedure.limits))
    facts = desk.facts(session, known)
    log = audit_log.entries_of(session, read.head.id)
    # A limit whose day was agreed on, and over already when it began to run again, is due only since then.
    set_at = {seq: datetime.fromisoformat(str(read_body(body)["at"])) for seq, _, body, _ in log}
    return [*_rows(log, read, procedure), *_timer_faults(rows, facts, procedure, desk.now(session), set_at),
            *_days(facts, procedure, moved=any(event in audit_log.CHANGES_OF_VERSION for _, event, _, _ in log)),
            *_stuck(session, desk, known, facts, procedure)]


def _rows(log: Sequence[tuple[int, str, bytes, str]], read: CaseRead, procedure: Procedure) -> Iterator[str]:
    """The case's row against the log, which is what it can be rebuilt from."""
    head = read.head
    said: Any = None
    for _, _, body, _ in log:
        content: Any = read_body(body)
        said = content["facts"].get("to") or said
    if head.status != said:
        yield f"the case is at “{head.status}”, but its log ends at “{said}”"
    if head.stage != procedure.statuses[head.status].stage:
        yield f"“{head.status}” belongs to another stage than “{head.stage}”"


def _timer_faults(rows: Sequence[OpenTimer], facts: CaseFacts, procedure: Procedure, now: datetime,
                 set_at: Mapping[int, datetime]) -> Iterator[str]:
    """Timers that nobody would miss until it is too late: stuck, orphaned, doubled, or set to another moment than their day's.

    SET_AT has the moments of the log's entries, by number.
    """
    limits = Counter((one.kind, one.subject) for one in rows if one.rung == 0)
    runs = {(one.kind, one.subject, one.generation) for one in rows if one.rung == 0}
    for one in rows:
        name = f"the reminder {one.rung:+d} of “{one.kind}”" if one.rung else f"“{one.kind}”"
        rule = procedure.limits.get(one.kind)
        if rule is None:
            yield f"{name} runs, and its procedure has no such limit"
        elif facts.status not in rule.statuses:
            yield f"{name} runs, and at “{facts.status}” there is no such limit"
        elif rule.each and facts.whose(rule.each, one.subject) is None:
            yield f"{name} runs for number {one.subject}, which is not in the case"
        if one.rung and (one.kind, one.subject, one.generation) not in runs:
            yield f"{name} is left over from a limit that has ended"
        if one.tries >= OFTEN:
            yield f"{name} has failed {one.tries} times: {one.trouble}"
        yield from (f"{name} {what}" for what in _moment_faults(one, now, set_at))
    yield from (f"“{kind}” runs {many} times for the same" for (kind, _), many in limits.items() if many > 1)


def _moment_faults(one: OpenTimer, now: datetime, set_at: Mapping[int, datetime]) -> Iterator[str]:
    if one.fires_at is None:
        if one.rung or (one.due_on and not one.ran_out):
            yield "has no moment at which it fires"
    elif max(one.fires_at, set_at.get(one.generation, one.fires_at)) < now - STUCK:
        yield f"should have fired at {one.fires_at:%Y-%m-%d %H:%M} UTC"
    elif not one.rung and (one.due_on is None or (one.nominal_at or one.fires_at) != end_of(one.due_on)):
        yield f"fires at {one.fires_at:%Y-%m-%d %H:%M} UTC, which is not the end of {one.due_on}"


def _days(facts: CaseFacts, procedure: Procedure, *, moved: bool) -> Iterator[str]:
    """Each stored day against a fresh count. A case that was moved to another version keeps a day that is later than the new count."""
    for one in facts.running:
        rule = rule_of(procedure, one)
        fresh = due_on(ledger_of(rule, facts, one.subject, one.started_on), calendar_for(one, rule, facts))
        if moved and fresh and one.due_on and fresh < one.due_on:
            continue
        if fresh != one.due_on:
            yield f"“{one.limit}” is due on {one.due_on}, but counting anew gives {fresh}"


def _stuck(session: Session, desk: Desk, read: CaseRead, facts: CaseFacts, procedure: Procedure) -> Iterator[str]:
    """A case that is not over goes on by itself, or somebody can do something about it."""
    status = procedure.statuses[read.head.status]
    today = local_day(desk.now(session))
    by_itself = any(one.due_on and one.due_on >= today and procedure.limits[one.limit].then for one in facts.running)
    if status.final or by_itself:
        return
    there = {role for role in procedure.roles if role in _ALWAYS_THERE or facts.serving(role)} - {CLOCK}
    if not any(there.intersection(action.by) and not why_not(procedure, facts, action, 0, today)
               for action in procedure.actions_from(status.name)):
        yield f"at “{status.name}” no limit runs that moves the case on, and nobody can do anything"
    elif not any(one.limit != WHOLE for one in facts.running):
        yield f"at “{status.name}” no limit runs at all, so nobody is reminded"
