"""A case as `breachdesk case show` prints it, for people and for programs.

The JSON names are a promise: add to them, never change them.
"""

from __future__ import annotations

import textwrap
from typing import Any

from breachdesk.casework.case_lists import CaseLine
from breachdesk.casework.case_views import ActionView, CasePage, DeadlineView, StepView
from breachdesk.casework.dates_told import why_in_short
from breachdesk.cli.output import days_table, left_in_words, long_day, table
from breachdesk.timekeeping.said import said_moment
from breachdesk.workflow.definition import Ask


def line_data(line: CaseLine) -> dict[str, Any]:
    """A case in a list, for programs."""
    return {"reference": line.reference, "title": line.title, "status": line.status, "status_title": line.status_title,
            "stage_title": line.stage_title, "says": line.says, "complainant": line.complainant, "respondent": line.respondent,
            "next_due_on": line.next_due_on, "working_days_left": line.working_days_left, "waits_for_you": line.mine, "late": line.late,
            "outcome_title": line.outcome or None, "received_on": line.received_on, "closed_on": line.closed_on}


def list_lines(lines: list[CaseLine]) -> list[str]:
    """Cases in a list, for people."""
    rows = [(line.reference, line.outcome or line.status_title, line.complainant, line.respondent,
             long_day(line.closed_on or line.next_due_on), "ended" if line.closed_on else left_in_words(line.working_days_left, line.late))
            for line in lines]
    return table(("Case", "Status", "Complains", "About", "Next due, or ended on", ""), rows) if rows else ["No case."]


def page_data(page: CasePage) -> dict[str, Any]:
    """Everything that the reader sees of a case, for programs. The timeline has the newest entry first."""
    return {
        "reference": page.reference, "title": page.title, "version": page.version, "status": page.status,
        "status_title": page.status_title, "says": page.says, "stage": page.stage, "stage_title": page.stage_title,
        "outcome": page.outcome or None, "outcome_title": page.outcome_title or None, "received_on": page.received_on,
        "event_on": page.event_on, "closed_on": page.closed_on, "paused_because": page.paused_because or None, "today": page.today,
        "paused": page.paused,
        "only_shown": [{"title": one.title, "counted_from": one.counted_from, "due_on": one.due_on, "source": one.source}
                       for one in page.only_shown], "roles": sorted(page.roles), "waits_for": page.waits_for,
        "parties": [{"side": one.side, "name": one.name, "sector": one.sector} for one in page.parties],
        "people": [{"role": one.role, "name": one.name, "chair": one.chair, "ended": one.ended} for one in page.people],
        "allegations": [{"commitment": one.commitment, "wording": one.wording, "respondent": one.respondent, "theme": one.theme,
                         "owed_by": one.owed_by, "edition": one.edition, "ending": one.ending or None, "warning": one.warning or None}
                        for one in page.allegations],
        "deadlines": [_deadline(one) for one in page.deadlines], "timeline": _timeline(page),
        "actions": [_action(one) for one in page.actions]}


def _deadline(one: DeadlineView) -> dict[str, Any]:
    return {"kind": one.kind, "title": one.title, "party": one.party or None, "due_on": one.due_on, "working_days_left": one.left,
            "started_on": one.started_on, "paused": one.paused, "overdue": one.overdue, "lasts": one.lasts, "source": one.source,
            "then": one.next or None, "why": why_in_short(one),
            "days": [{"day": day.on, "counted": day.counted, "number": day.number, "why": day.why} for day in one.days]}


def _timeline(page: CasePage) -> list[dict[str, Any]]:
    """The entries; what the clock noted without moving the case stands in the status that the case had then."""
    names = {status.title: status.name for status in page.procedure.statuses.values()}
    told: list[dict[str, Any]] = []
    status = None
    for step in reversed(page.timeline):
        status = names.get(step.status, status)
        told.append({"seq": step.seq, "at": step.at, "event": step.event, "action": step.action or None, "title": step.title,
                     "actor": step.actor, "role": step.role, "party": step.for_party or None, "status": status,
                     "late_since": step.late_since, "texts": [{"label": label, "text": text} for label, text in step.texts]})
    return told[::-1]


def _action(one: ActionView) -> dict[str, Any]:
    return {"action": one.name, "title": one.title, "allowed": one.allowed, "may": one.may, "why_not": one.why_not, "help": one.help,
            "moves_to": one.moves_to or None, "parties": [party.name for party in one.parties],
            "asks": [_ask(ask, one) for ask in one.asks]}


def _ask(ask: Ask, action: ActionView) -> dict[str, Any]:
    return {"name": ask.name, "type": ask.type, "label": ask.label, "required": ask.required,
            "choices": dict(action.offered.for_ask(ask)), "hint": ask.hint or None,
            "when": {ask.when[0]: ask.when[1]} if ask.when else None}


def page_lines(page: CasePage, explain: bool = False) -> list[str]:
    """A case for people: where it stands, by when what, the commitment, what can be done, what happened. With EXPLAIN every day of why."""
    told = [f"{page.reference}  {page.title}", f"{page.complainant} about {page.respondent}", "",
            page.outcome_title or page.status_title, *_wrapped(page.says)]
    if page.deadlines:
        told += ["", *table(("Deadline", "Due on", ""), [_deadline_row(one) for one in page.deadlines])]
    if explain:
        told += [line for one in page.deadlines for line in _explained(one)]
    for one in page.allegations:
        told += ["", f"Commitment {one.commitment}, owed by: {one.owed_by} (edition {one.edition})", *_wrapped(one.wording)]
        told += _wrapped(one.warning) if one.warning else []
    if page.people:
        told += ["", *table(("Person", "Role"), [(one.name, one.role.replace("_", " ") + (", chair" if one.chair else "")
                                                  + (" (until replaced)" if one.ended else "")) for one in page.people])]
    if page.actions:
        told += ["", "What can be done:", *(line for one in page.actions for line in _action_lines(one))]
    return [*told, "", "What happened, newest first:", *(line for step in page.timeline for line in _step_lines(step))]


def _deadline_row(one: DeadlineView) -> tuple[str, str, str]:
    left = "paused" if one.paused else left_in_words(one.left, one.overdue)
    return f"{one.title}", long_day(one.due_on), left


def _explained(one: DeadlineView) -> list[str]:
    """Why a limit ends on its day: in a sentence, and day by day where days are counted."""
    return ["", f"Why this date? {one.title}", *_wrapped(why_in_short(one)),
            *([f"  {line}" for line in days_table(one.days, "a working day" if one.in_working_days else "every day counts")]
              if len(one.days) > 1 else [])]


def _action_lines(one: ActionView) -> list[str]:
    mark = "may" if one.allowed else "not"
    return [f"  {mark}  {one.name}: {one.title}", *([] if one.allowed else _wrapped(" ".join(one.why_not), "         "))]


def _step_lines(step: StepView) -> list[str]:
    late = f", late: meant for {said_moment(step.late_since)}" if step.late_since else ""
    return [f"  {step.seq}. {said_moment(step.at)}: {step.title} ({step.actor}, {step.role}{late})",
            *(line for label, text in step.texts for line in _wrapped(f"{label}{'' if label.endswith('?') else ':'} {text}", "       "))]


def _wrapped(text: str, indent: str = "  ") -> list[str]:
    return [line for piece in text.splitlines() for line in
            textwrap.wrap(piece, 100, initial_indent=indent, subsequent_indent=indent) or [""]]
