"""What a case must keep at every moment, whatever was done to it: its log whole, its days right, and a way on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.carrying_out import WHOLE
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.store import audit_log
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.timekeeping.ledger import due_on
from breachdesk.workflow.clocks import calendar_for, ledger_of
from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Procedure
from breachdesk.workflow.engine import why_not
from breachdesk.workflow.facts import CaseFacts

_ALWAYS_THERE = (*PARTY_SIDES, "coordinator")


def unsound(session: Session, desk: Desk, reference: str) -> list[str]:
    """Everything that does not hold together in a case, in sentences; nothing when it is sound."""
    read = read_case(session, reference=reference, to_change=False)
    if read is None:
        raise NotFound(f"There is no case {reference}.")
    procedure = desk.procedure(session, read.head.procedure_digest)
    facts = desk.facts(session, read)
    return [*_rows(session, read, procedure), *_days(facts, procedure), *_stuck(session, desk, read, facts, procedure)]


def _rows(session: Session, read: CaseRead, procedure: Procedure) -> Iterator[str]:
    """The case's row against the log, which is what it can be rebuilt from."""
    head = read.head
    said: Any = None
    for _, _, body, _ in audit_log.entries_of(session, head.id):
        content: Any = read_body(body)
        said = content["facts"].get("to") or said
    if head.status != said:
        yield f"the case is at “{head.status}”, but its log ends at “{said}”"
    if head.stage != procedure.statuses[head.status].stage:
        yield f"“{head.status}” belongs to another stage than “{head.stage}”"


def _days(facts: CaseFacts, procedure: Procedure) -> Iterator[str]:
    """Each stored day against a fresh count."""
    for one in facts.running:
        rule = procedure.limits[one.limit]
        fresh = due_on(ledger_of(rule, facts, one.subject, one.started_on), calendar_for(one, rule, facts))
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
