"""What the clock did and a step started, in words and as data. Several commands say it."""

from __future__ import annotations

from collections.abc import Sequence

from breachdesk.casework.act import Done, case_roles
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.casework.offering import case_words, limit_said
from breachdesk.casework.timers import Fired
from breachdesk.cli.output import long_day
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_moment
from breachdesk.workflow.clocks import ClockChanges
from breachdesk.workflow.wording import say


def fired_data(one: Fired) -> dict[str, object]:
    """A timer that went off, for programs."""
    return {"reference": one.reference, "limit": one.limit, "rung": one.rung, "nominal_at": one.nominal_at, "at": one.at, "did": one.did}


def fired_lines(desk: Desk, fired: Sequence[Fired]) -> list[str]:
    """What the clock did, a line for each thing, in the order in which it fell due."""
    with desk.database.read() as session:
        return [_fired_line(session, desk, one) for one in fired]


def _fired_line(session: Session, desk: Desk, one: Fired) -> str:
    read = read_case(session, reference=one.reference, to_change=False) if one.reference else None
    if read is None:
        return f"{said_moment(one.nominal_at)}: {one.limit}: {one.did}"
    procedure = desk.procedure(session, read.head.procedure_digest)
    words = case_words(desk.facts(session, mask_for(session, THE_OPERATOR, read, frozenset()).case(read)))
    limit = say(procedure.limits[one.limit].title, words)
    action = procedure.actions.get(one.did)
    did = say(action.title, words) if action else "a reminder was sent" if one.rung else "the time is over; nothing follows by itself"
    return f"{said_moment(one.nominal_at)}  {one.reference}  {limit}: {did}"


def done_data(session: Session, desk: Desk, done: Done) -> dict[str, object]:
    """A step that was taken: where the case is now, and which limits it started and ended."""
    read = read_case(session, reference=done.reference, to_change=False)
    status = read.head.status if read else ""
    procedure = desk.procedure(session, read.head.procedure_digest) if read else None
    clocks = done.decision.clocks if done.decision else ClockChanges()
    return {"reference": done.reference, "seq": done.seq, "status": status,
            "status_title": procedure.statuses[status].title if procedure else "",
            "started": [{"limit": one.limit, "party": one.subject or None, "due_on": one.due_on} for one in clocks.started],
            "ended": [{"limit": one.limit, "party": one.subject or None, "ending": one.ending} for one in clocks.ended],
            "tells": list(done.decision.action.tells) if done.decision else []}


def done_lines(session: Session, desk: Desk, actor: Actor, done: Done) -> list[str]:
    """The same in words, with the names that whoever did it may know."""
    read = read_case(session, reference=done.reference, to_change=False)
    if read is None:
        return [done.reference]
    read = mask_for(session, actor, read, case_roles(actor, read)).case(read)
    procedure = desk.procedure(session, read.head.procedure_digest)
    facts = desk.facts(session, read)
    words = case_words(facts)
    days = {one.limit: long_day(one.due_on) or "(paused)" for one in facts.running}
    lines = [f"{done.reference}: {procedure.statuses[facts.status].title} (entry {done.seq} of its log)",
             say(procedure.statuses[facts.status].says, {**words, **days})]
    for one in done.decision.clocks.started if done.decision else ():
        title = limit_said(procedure.limits[one.limit], facts, one.subject, words)
        lines.append(f"Started: {title}, by {long_day(one.due_on)}" if one.due_on else f"Standing still: {title}")
    return lines
