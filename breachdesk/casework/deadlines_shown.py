"""A case's time as its page shows it: what runs and until when, what is only shown, and what stands still. Part of `case_page`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from breachdesk.casework.case_views import DeadlineView, PauseView, ShownLimit, StepView
from breachdesk.timekeeping.elapsed import working_days_between
from breachdesk.timekeeping.ledger import Ledger, due_on, explain, standing
from breachdesk.timekeeping.limits import CalendarDays, WorkingDays
from breachdesk.workflow.clocks import calendar_for, calendar_of, counted_from, ledger_of, rule_of
from breachdesk.workflow.definition import LimitRule, Procedure
from breachdesk.workflow.engine import why_not
from breachdesk.workflow.facts import CaseFacts, Running
from breachdesk.workflow.wording import listed, say


def deadlines_of(procedure: Procedure, facts: CaseFacts, timeline: Sequence[StepView], words: Mapping[str, str],
                 today: date) -> tuple[DeadlineView, ...]:
    """Every limit that runs, what is due first before the rest."""
    acted = _acted(timeline)
    ordered = sorted(facts.running, key=lambda running: (running.due_on is None, running.due_on or date.max))
    return tuple(_deadline(procedure, facts, one, acted.get((one.limit, one.subject), ""), words, today) for one in ordered)


def _deadline(procedure: Procedure, facts: CaseFacts, one: Running, acted: str, words: Mapping[str, str], today: date) -> DeadlineView:
    rule = rule_of(procedure, one)
    ledger, calendar = ledger_of(rule, facts, one.subject, one.started_on), calendar_for(one, rule, facts)
    stands = standing(ledger, calendar, today)
    party = facts.whose(rule.each, one.subject)
    named = {**words, **({party.side: party.name} if party else {})}
    # A limit that only begins later (an answer, after its acknowledgement) has all the days until then too.
    left = stands.left if stands.paused or one.due_on is None else working_days_between(today, one.due_on, calendar)
    follows = [name for name in rule.then if not why_not(procedure, facts, procedure.actions[name], one.subject, today)]
    after = " ".join(say(procedure.actions[name].title, named) for name in follows[:1])
    first = due_on(replace(ledger, extensions=()), calendar) if ledger.extensions else None
    # Months are told in a sentence: a table of every day of a year explains nothing.
    days = explain(ledger, calendar) if isinstance(ledger.limit, WorkingDays | CalendarDays) else ()
    return DeadlineView(one.limit, say(rule.title, named), party.name if party else "", one.started_on, one.due_on, left, stands.paused,
                        stands.overdue, _length(rule), rule.source, "" if stands.overdue else after, acted, days, first,
                        isinstance(rule.lasts, WorkingDays) and not rule.due_on,
                        one.due_on is not None and one.due_on > calendar.provisional_after and not rule.due_on, rule.met_by)


def _length(rule: LimitRule) -> str:
    return f"the day that was agreed on, otherwise {rule.lasts}" if rule.due_on else str(rule.lasts)


def _acted(timeline: Sequence[StepView]) -> dict[tuple[str, int], str]:
    """What the clock did when a limit ran out: the entry after the one that says so."""
    by_seq = {step.seq: step for step in timeline}
    return {(step.limit, step.party): by_seq[step.seq + 1].title for step in timeline
            if step.event == "limit:ran_out" and step.then and step.seq + 1 in by_seq}


def only_shown(procedure: Procedure, facts: CaseFacts, words: Mapping[str, str], today: date) -> tuple[ShownLimit, ...]:
    """The limits that the procedure shows where the case is now and that nobody here manages."""
    found = []
    for rule in procedure.limits.values():
        begins = counted_from(rule, facts) if rule.only_shown and facts.status in rule.statuses else None
        due = due_on(Ledger(begins, rule.lasts), calendar_of(rule, facts)) if begins else None
        if begins and due:
            found.append(ShownLimit(say(rule.title, words), begins, due, str(rule.lasts), rule.source, due < today))
    return tuple(found)


def pauses_of(procedure: Procedure, facts: CaseFacts) -> tuple[PauseView, ...]:
    """What people agreed to hold, and who ends it. What only a status holds still is no pause of the case."""
    return tuple(PauseView(one.pause.reason, one.pause.from_on, one.review_on, _ended_by(procedure, facts.status, one.name))
                 for one in facts.open_pauses if is_pause(procedure, one.name))


def is_pause(procedure: Procedure, name: str) -> bool:
    """Whether a pause of that name makes the case one that is paused."""
    return name not in procedure.statuses


def _ended_by(procedure: Procedure, status: str, name: str) -> str:
    """Who can end the pause, and by which step."""
    ways = [action for action in procedure.actions_from(status) if name in action.resumes and not action.by_clock_only]
    return " or ".join(f"{listed([procedure.roles[role] for role in action.by])} (“{action.title}”)" for action in ways)


def seen_plainly(procedure: Procedure, status: str, paused: bool, mine: bool) -> str:
    """The plain state that somebody sees: paused and waiting for them come before where the case is."""
    stands = procedure.statuses[status]
    plain = "paused" if paused and not stands.final else "waiting_for_you" if mine and not stands.final else stands.seen_as
    return procedure.seen_as.get(plain) or procedure.seen_as[stands.seen_as]
