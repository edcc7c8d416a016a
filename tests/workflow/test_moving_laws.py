"""Laws of moving a case, whatever runs in it and whatever the plan says: no promise is broken, no limit is forgotten or set twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from two_versions import FIRST, SECOND

from breachdesk.errors import Refused
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Pause, due_on
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.clocks import ledger_of, rule_of
from breachdesk.workflow.definition import Rung
from breachdesk.workflow.facts import CaseFacts, Party, PauseFact, Running
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.move_plans import DROP, KEEP_DATE, RESTART, RULES, MovePlan
from breachdesk.workflow.moving import CaseMove, move_of

OLD, NEW = load_procedure(FIRST, "1.yaml"), load_procedure(SECOND, "2.yaml")
CALENDAR = Calendar("c", "C", date(2025, 1, 1), date(2028, 12, 31), date(2028, 12, 31), {date(2026, 4, 3): "Good Friday"})
BEGAN = date(2026, 3, 2)
PARTIES = (Party(1, 11, "complainant", "A", "voluntary"), Party(2, 12, "respondent", "B", "statutory"),
           Party(3, 13, "respondent", "C", "other"))


def case_at(status: str, stopped: tuple[bool, ...]) -> CaseFacts:
    """A case of the first version that has come to a status, with its limits and the pause of that status."""
    own = OLD.statuses[status].stops
    pauses = (PauseFact(1, own.limits, Pause(BEGAN, None, own.because), own.name),) if own else ()
    if stopped[0]:
        pauses += (PauseFact(2, ("answer", "statement", "whole"), Pause(date(2026, 3, 3), date(2026, 3, 6), "agreed"), "agreed"),)
    facts = CaseFacts("DD-2026-0001", status, BEGAN, 3, PARTIES, CALENDAR, pauses=pauses)
    running = []
    for rule in OLD.limits.values():
        if status in rule.statuses:
            for subject in [party.id for party in PARTIES if party.side == rule.each] if rule.each else [0]:
                running.append(Running(rule.name, subject, 1, BEGAN, due_on(ledger_of(rule, facts, subject, BEGAN), CALENDAR)))
    return replace(facts, running=tuple(running))


CASES = st.builds(case_at, st.sampled_from([name for name, one in OLD.statuses.items() if not one.final]), st.tuples(st.booleans()))
# The same with a shorter answer, and other reminders for the panel.
OTHER = replace(NEW, limits={**NEW.limits, "answer": replace(NEW.limits["answer"], lasts=WorkingDays(3)),
                             "statement": replace(NEW.limits["statement"], rungs=(Rung(-2, ("state",)),))})
PLANS = st.builds(lambda rules, target, new: MovePlan(OLD, new, {"thinking": target},
                                                 {**dict(zip(OLD.limits, rules, strict=True)), "window": DROP}, "why", "d", ""),
                  st.lists(st.sampled_from(RULES), min_size=len(OLD.limits), max_size=len(OLD.limits)),
                  st.sampled_from(["asked", "replied", "panel"]), st.sampled_from([NEW, OTHER]))
DAYS = st.sampled_from([0, 1, 3, 4, 10, 25, 45, 120]).map(lambda days: BEGAN + timedelta(days=days))


def after(facts: CaseFacts, move: CaseMove, today: date) -> CaseFacts:
    """The case as its rows would say after the move."""
    gone = {(one.limit, one.subject) for one in move.clocks.ended}
    lengths = {(limit, subject): length for limit, subject, length in move.lengths}
    kept = tuple(replace(one, lasts=lengths.get((one.limit, one.subject), one.lasts)) for one in facts.running
                 if (one.limit, one.subject) not in gone)
    new = tuple(Running(one.limit, one.subject, 4, one.started_on, one.due_on, one.lasts) for one in move.clocks.started)
    pauses = tuple(replace(one, pause=replace(one.pause, to_on=today)) if one.id in move.resumes else one for one in facts.pauses)
    return replace(facts, status=move.target, running=kept + new, pauses=pauses + move.pauses)


@given(CASES, PLANS, DAYS)
def test_no_promised_day_becomes_an_earlier_one(facts, plan, today):
    for one in move_of(plan, facts, today).limits:
        assert one.old_due is None or one.new_due is None or one.new_due >= one.old_due, one


@given(CASES, PLANS, DAYS)
def test_every_limit_that_ran_is_settled_once_and_every_one_that_runs_belongs_there(facts, plan, today):
    move = move_of(plan, facts, today)
    ran = {(one.limit, one.subject) for one in facts.running}
    runs = [(limit, subject) for limit, subject, _ in move.clocks.standing]

    assert sorted((one.limit, one.subject) for one in move.limits if (one.limit, one.subject) in ran) == sorted(ran)
    assert len(runs) == len(set(runs))
    assert all(move.target in NEW.limits[limit].statuses for limit, _ in runs)
    assert {(one.limit, one.subject) for one in after(facts, move, today).running} == set(runs)


@given(CASES, PLANS, DAYS)
def test_counted_again_every_day_is_what_the_move_said(facts, plan, today):
    move = move_of(plan, facts, today)
    there = after(facts, move, today)

    for one in there.running:
        over = one.due_on is not None and one.due_on < today
        again = due_on(ledger_of(rule_of(plan.new, one), there, one.subject, one.started_on), CALENDAR)
        assert over or again == one.due_on, one


@given(CASES, PLANS, DAYS)
def test_a_limit_that_ran_out_runs_out_again_only_when_it_is_restarted(facts, plan, today):
    move = move_of(plan, facts, today)
    over = {(one.limit, one.subject) for one in facts.running if one.due_on and one.due_on < today}

    assert {(one.limit, one.subject) for one in move.clocks.started if plan.limits.get(one.limit) != RESTART}.isdisjoint(over)


@given(CASES, DAYS)
def test_what_waits_for_somebody_has_a_limit_after_the_move(facts, today):
    plan = MovePlan(OLD, NEW, {"thinking": "replied"}, {**dict.fromkeys(OLD.limits, KEEP_DATE), "window": DROP}, "why", "d", "")
    move = move_of(plan, facts, today)

    assert any(NEW.limits[limit].then for limit, _, _ in move.clocks.standing), move


def test_a_case_that_is_paused_as_nobody_could_end_is_left():
    plan = MovePlan(OLD, NEW, {"thinking": "replied"}, dict.fromkeys(OLD.limits, RESTART), "why", "d", "")
    facts = case_at("panel", (False,))
    paused = replace(facts, pauses=(PauseFact(7, ("statement",), Pause(BEGAN, None, "an investigation"), "suspension"),))

    with pytest.raises(Refused, match="paused \\(an investigation\\), and in version 2 nobody can end the pause “suspension”"):
        move_of(plan, paused, BEGAN)
