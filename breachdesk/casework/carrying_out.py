"""A decision → rows: the case's status (if nobody else was first), its log entry, its timers, its notices. Part of `act`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from types import MappingProxyType

from breachdesk.audit.chain import Detail, Doer, Entry
from breachdesk.casework.carrying_out_effects import changes_of, declared_when_named, effect_facts, limits_told, needs_holdings
from breachdesk.casework.desk import Desk
from breachdesk.casework.linking import link_changes, split_off
from breachdesk.clock import local_day
from breachdesk.errors import Refused
from breachdesk.store import audit_log, cases, holdings
from breachdesk.store.audit_log import entry_changes, next_entry, salted
from breachdesk.store.cases import CaseRead
from breachdesk.store.notices import notices_queued
from breachdesk.store.prepared import Change
from breachdesk.store.session import Session
from breachdesk.store.timers import timer_changes
from breachdesk.store.visibility import SHARED, is_within
from breachdesk.timekeeping.elapsed import handling_days, working_days_between
from breachdesk.workflow.clocks import ClockChanges
from breachdesk.workflow.definition import AUDIENCES, Ask, Procedure
from breachdesk.workflow.engine import Decision, known_to_respondents, reaches_the_group
from breachdesk.workflow.facts import Answer, Answers, Candidate, CaseFacts

# The target that covers the whole procedure; its pauses are the days that do not count as handling.
WHOLE = "handling"
# The step that marks an entry as wrong and says what is right.
CORRECTION = "correct"


def carry_out(session: Session, desk: Desk, case: CaseRead, procedure: Procedure, facts: CaseFacts, decision: Decision,
              asks: tuple[Ask, ...], answers: Answers, doer: Doer, now: datetime, key: str | None, noted: Entry | None = None) -> int:
    """Write everything that follows from a decision, after what was NOTED ahead of it; the number of its log entry.

    Raises StaleCase when somebody was first.
    """
    head, today, seq = case.head, local_day(now), (noted.seq if noted else case.head.last_seq) + 1
    event, more = _turning(case, facts, decision, today)
    details, tells = _as_open_as_what_it_corrects(session, head.id, decision, answers, bound_details(asks, answers))
    part = split_off(session, case, procedure, facts, decision.does.split, doer, now, f"{head.id}:{seq}") if decision.does.split else ""
    entry = next_entry(head, event, now, doer,
                       {**step_facts(decision, asks, answers, facts.candidates, part, time_facts(decision, facts)), **more}, details, noted)
    stage_visit = head.stage_visit + decision.stage_changed
    changes = [cases.case_changed(
        head, status=decision.target, stage=decision.stage, stage_visit=stage_visit,
        reached_panel=head.reached_panel or reaches_the_group(procedure, decision.target),
        respondents_told=head.respondents_told or known_to_respondents(procedure, decision.stage),
        has_ledger=head.has_ledger or bool(decision.pauses) or decision.extension is not None,
        has_holdings=head.has_holdings or needs_holdings(decision.does),
        next_due_on=next_due(procedure, decision.clocks),
        outcome=decision.outcome if decision.closed else None if decision.reopened else head.outcome,
        closed_on=today if decision.closed else None if decision.reopened else head.closed_on,
        episode=head.episode + decision.reopened, reopened_on=today if decision.reopened else head.reopened_on,
        last_seq=seq, last_hash=entry.hash)]
    changes += [*(entry_changes(noted, ()) if noted else ()), *entry_changes(entry, details, key)]
    desk.keep_calendar(session, facts, procedure)
    changes += timer_changes(head.id, seq, decision.clocks.ended, decision.clocks.started, now)
    changes += notices_queued(head.id, seq, tells, _told_of(decision), known_days(decision.clocks), now)
    changes += _ledger_changes(head.id, facts, decision, doer, today)
    changes += _people_changes(head.id, facts, decision, stage_visit, seq, now)
    changes += changes_of(head.id, decision.does, seq, now)
    changes += declared_when_named(head.id, decision.does, asks, answers, seq, today)
    if decision.does.linked:
        changes += link_changes(session, head.id, head.reference, decision.does.linked, doer, now, f"{head.id}:{seq}")
    if decision.closed:
        changes.append(holdings.allegations_ended(head.id, decision.outcome))
    if decision.reopened and head.outcome:
        changes.append(holdings.allegations_reopened(head.id, head.outcome))
    session.change(*changes)
    return seq


def _turning(case: CaseRead, facts: CaseFacts, decision: Decision, today: date) -> tuple[str, dict[str, object]]:
    """The event that the step is in the log, and what such an entry carries beside the step."""
    if decision.closed:
        return "case:closed", _closing(facts, decision, case.head.stage, case.head.reopened_on or facts.received_on, today)
    return ("case:reopened", {"episode": case.head.episode + 1}) if decision.reopened else ("case:acted", {})


def _told_of(decision: Decision) -> int:
    """The party that a notice to `subject` goes to: the one that the step is for, or that owes the remedy which it is about."""
    remedy = decision.does.added or decision.does.settled
    return decision.subject or (remedy.owner if remedy else 0)


def bound_details(asks: tuple[Ask, ...], answers: Answers) -> tuple[Detail, ...]:
    """What people wrote, each with a salt of its own."""
    return tuple(salted(ask.name, ask.seen_by, str(answers[ask.name]))
                 for ask in asks if ask.personal and ask.name in answers)


def _as_open_as_what_it_corrects(session: Session, case_id: int, decision: Decision, answers: Answers,
                                 details: tuple[Detail, ...]) -> tuple[tuple[Detail, ...], tuple[str, ...]]:
    """The words, and whom the step tells: a correction of what only some may read is read by no others, and nobody else is told.

    Raises Refused for what was said in a room, which nobody corrects from outside.
    """
    wrong, tells = answers.get("entry"), decision.action.tells
    if decision.action.name != CORRECTION or not isinstance(wrong, int):
        return details, tells
    parent = audit_log.compartment_of_entry(session, case_id, wrong)
    if parent not in AUDIENCES:
        raise Refused(f"Entry {wrong} is no step of this case, so it cannot be corrected by one.")
    if parent == SHARED:
        return details, tells
    return tuple(one if is_within(one.audience, parent) else replace(one, audience=parent) for one in details), ()


def step_facts(decision: Decision, asks: tuple[Ask, ...], answers: Answers, candidates: Mapping[str, Candidate],
               part: str = "", times: Mapping[str, object] = MappingProxyType({})) -> dict[str, object]:
    """The facts of a step for the log; none of them holds words that somebody wrote."""
    plain = {ask.name: _plain(answers[ask.name], candidates) for ask in asks if ask.name in answers and not ask.personal}
    return {"action": decision.action.name, "from": decision.source, "to": decision.target, "stage": decision.stage,
            "party": decision.subject, "answers": plain, "limits": limit_facts(decision.clocks),
            "effects": {**effect_facts(decision.does, part), **times}}


def _plain(answer: Answer, candidates: Mapping[str, Candidate]) -> object:
    """An answer as the log keeps it: days as text, people as account numbers."""
    if isinstance(answer, date):
        return answer.isoformat()
    if isinstance(answer, tuple):
        return [_plain(one, candidates) for one in answer]
    return candidates[answer].account_id if isinstance(answer, str) and answer in candidates else answer


def limit_facts(clocks: ClockChanges) -> dict[str, object]:
    """Which limits ended and began, as the log keeps it."""
    return {"ended": [{"limit": one.limit, "party": one.subject, "due_on": _text(one.due_on), "ending": one.ending}
                      for one in clocks.ended],
            "started": limits_told(clocks.started)}


def time_facts(decision: Decision, facts: CaseFacts) -> dict[str, object]:
    """What a step did to the case's ledger, as the log keeps it, only what there is: pauses that began or ended, more time."""
    told: dict[str, object] = {
        "paused": [{"pause": one.name, "limits": list(one.limits), "review_on": _text(one.review_on)} for one in decision.pauses],
        "resumed": [one.name for one in facts.pauses if one.id in decision.resumes],
        "extended": [decision.extension.limit, decision.extension.subject, decision.extension.extension.by.n] if decision.extension else []}
    return {name: fact for name, fact in told.items() if fact}


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def known_days(clocks: ClockChanges) -> dict[str, str]:
    """The due day of each limit that runs, as text: what a notice about this step may name. The latest, where several parties have one."""
    days: dict[str, str] = {}
    for limit, _, due in clocks.standing:
        if due:
            days[limit] = max(days.get(limit, ""), due.isoformat())
    return days


def next_due(procedure: Procedure, clocks: ClockChanges) -> date | None:
    """The next day on which somebody is to have done something: what lists are sorted by. The target for the whole is nobody's."""
    return min((due for limit, _, due in clocks.standing if due and limit != WHOLE and procedure.limits[limit].is_somebodys), default=None)


def _closing(facts: CaseFacts, decision: Decision, stage: str, begun: date, today: date) -> dict[str, object]:
    """What is known for good once a case is closed: durations are stored now, in the calendar of now. Those of a reopened case count
    from the day on which it was reopened: its first episode stands in the entry that closed it."""
    held = [(one.pause.from_on, one.pause.to_on or one.ended_on(today)) for one in facts.pauses if WHOLE in one.limits]
    return {"outcome": decision.outcome, "ended_in": stage,
            "calendar_digest": facts.calendar.digest, "handling_days": handling_days(begun, today, facts.calendar, held),
            "elapsed_days": working_days_between(begun, today, facts.calendar)}


def _ledger_changes(case_id: int, facts: CaseFacts, decision: Decision, doer: Doer, today: date) -> list[Change]:
    changes = [cases.resumed(one.id, one.ended_on(today)) for one in facts.pauses if one.id in decision.resumes]
    changes += [cases.paused(case_id, pause, doer.account) for pause in decision.pauses]
    if decision.extension:
        changes.append(cases.extended(case_id, decision.extension, doer.account))
    given = {(one.limit, one.subject) for one in facts.extensions}
    changes += [cases.extensions_over(case_id, one.limit, one.subject) for one in decision.clocks.ended
                if one.ending != "replaced" and (one.limit, one.subject) in given]
    return changes


def _people_changes(case_id: int, facts: CaseFacts, decision: Decision, stage_visit: int, seq: int, now: datetime) -> list[Change]:
    changes: list[Change] = []
    if decision.subject and (party := facts.party(decision.subject)):
        changes.append(cases.step_taken(party.id, party.taken | {decision.action.name}, stage_visit))
    changes += [cases.released(case_id, one, now) for one in decision.does.released]
    return changes + [cases.appointed(case_id, one, seq, now) for one in decision.does.appointed]
