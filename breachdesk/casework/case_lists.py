"""Lists of cases as somebody sees them, as frozen values in words: on Home, of all, by their next deadline. Through `visible_to`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.casework.act import case_roles
from breachdesk.casework.carrying_out import WHOLE
from breachdesk.casework.case_views import WORDS_NOT_SHOWN
from breachdesk.casework.deadlines_shown import is_pause, seen_plainly
from breachdesk.casework.declarations_due import declare_by
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import NO_MASK, Mask, mask_for
from breachdesk.clock import local_day
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.permissions import NAMED_OR_REVIEWING, STAND_IN
from breachdesk.store import declarations, reading
from breachdesk.store.cases import read_case
from breachdesk.store.columns import as_day
from breachdesk.store.session import Session
from breachdesk.store.visibility import excluded, visible_to
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.elapsed import working_days_between
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.identity_modes import OPEN
from breachdesk.workflow.wording import listed, say

DECLARE_FIRST = "Say first whether you have an interest"


@dataclass(frozen=True, slots=True)
class CaseLine:
    """A case in a list. `mine` says whether it waits for the reader; `late` whether something in it is overdue; `unnamed` whether
    somebody in it is not named to the reader; `undeclared` that its papers open to the reader when they have declared whether they have an
    interest, which is asked for by `declare_by`."""

    reference: str
    title: str
    status: str
    status_title: str
    stage_title: str
    seen_as: str
    says: str
    complainant: str
    respondent: str
    next_due_on: date | None
    working_days_left: int | None
    mine: bool
    late: bool
    outcome: str
    received_on: date
    closed_on: date | None
    next_due_what: str
    paused: bool
    unnamed: bool = False
    undeclared: bool = False
    declare_by: date | None = None


def list_cases(session: Session, desk: Desk, actor: Actor, *, open_only: bool | None = None, after: reading.Place | None = None,
               escalated: bool = False, most: int = reading.PAGE) -> tuple[list[CaseLine], reading.Place | None]:
    """A page of the cases that somebody may see, and where the next page begins (None at the end)."""
    rows = reading.case_rows(session, visible_to(actor), open_only=open_only, after=after, escalated=escalated, most=most)
    shown, more = rows[:most], len(rows) > most
    lines = _lines(session, desk, actor, shown)
    last = shown[-1] if shown else None
    key = last and (last.closed_on if open_only is False else (last.next_due_on or date(9999, 12, 31)) if open_only else last.received_on)
    return lines, reading.Place(as_day(key), last.id) if more and last and key else None


def _lines(session: Session, desk: Desk, actor: Actor, rows: Sequence[Any]) -> list[CaseLine]:
    """The rows in words; what they need beside themselves is asked for once for the whole list."""
    ids = [row.id for row in rows]
    parties, limits, named = reading.parties_of(session, ids), reading.limits_of(session, ids), reading.named_in(session, actor, ids)
    today, held = local_day(desk.now(session)), reading.pauses_open(session, ids)
    barred = reading.those_of(session, ids, excluded(actor))
    granted = {row.id: _granted(actor, row, named) if row.id not in barred else frozenset() for row in rows}
    undeclared = _undeclared(session, actor, [row for row in rows if row.id not in barred], granted)
    masks = {row.id: mask_of(session, actor, row.reference) for row in rows
             if any(one.case_id == row.id and one.identity != OPEN for one in parties)}
    return [_line(row, desk.procedure(session, row.procedure_digest), desk.calendar(session, row.calendar_id), actor, today,
                  [one for one in parties if one.case_id == row.id], [one for one in limits if one.case_id == row.id],
                  granted[row.id], {one.kind for one in held if one.case_id == row.id}, masks.get(row.id, NO_MASK), row.id in undeclared)
            for row in rows]


def _undeclared(session: Session, actor: Actor, rows: Sequence[Any], granted: Mapping[int, frozenset[str]]) -> set[int]:
    """The cases of a list whose papers are not open to the reader until they have declared their interests."""
    asked = {row.id for row in rows if not actor.holds("coordinator", row.scheme_id)
             and (granted[row.id].intersection(NAMED_OR_REVIEWING) or (actor.holds("steering_group", row.scheme_id) and row.reached_panel))}
    return asked - declarations.declared_by(session, actor.account_id, asked) if asked else set()


def mask_of(session: Session, actor: Actor, reference: str) -> Mask:
    """What somebody is not told of a case in which somebody is unnamed."""
    read = read_case(session, reference=reference, to_change=False)
    return mask_for(session, actor, read, case_roles(actor, read)) if read else NO_MASK


def _granted(actor: Actor, row: Any, named: Sequence[Any]) -> frozenset[str]:
    """The roles that the reader of a list holds in one of its cases, beside being a side in it."""
    roles = {one.role for one in named if one.case_id == row.id}
    if actor.holds("coordinator", row.scheme_id) or STAND_IN in roles:
        roles.add("coordinator")
    return frozenset(roles)


def _line(row: Any, procedure: Procedure, calendar: Calendar, actor: Actor, today: date, parties: Sequence[Any], limits: Sequence[Any],
          granted: frozenset[str], pauses: set[str], mask: Mask, undeclared: bool) -> CaseLine:
    status, paused = procedure.statuses[row.status], any(is_pause(procedure, one) for one in pauses)
    names = {side: listed([mask.parties.get(one.id, one.name) for one in parties if one.side == side])
             for side in ("complainant", "respondent")}
    days = {one.kind: said_day(one.due_on) if one.due_on else "(paused)" for one in limits}
    roles = granted | {one.side for one in parties if one.organisation_id in actor.organisations}
    mine = bool(roles.intersection(status.waits_for))
    late = any(one.ran_out for one in limits) or bool(row.next_due_on and row.next_due_on < today)
    due = [say(procedure.limits[one.kind].title, names) for one in limits
           if one.due_on and one.due_on == row.next_due_on and one.kind != WHOLE and procedure.limits[one.kind].is_somebodys]
    return CaseLine(
        row.reference, WORDS_NOT_SHOWN if actor == THE_OPERATOR else DECLARE_FIRST if undeclared else mask.text(row.title), row.status,
        status.title, procedure.stages[row.stage],
        seen_plainly(procedure, row.status, paused, mine), say(status.says, {**names, **days, "reference": row.reference}),
        names["complainant"], names["respondent"], row.next_due_on,
        working_days_between(today, row.next_due_on, calendar) if row.next_due_on else None, mine, late,
        procedure.outcomes.get(row.outcome or "", ""),
        row.received_on, row.closed_on, due[0] if due else "", paused, bool(mask), undeclared,
        declare_by(granted, ((one.kind, one.due_on) for one in limits), today) if undeclared else None)
