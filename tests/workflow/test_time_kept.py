"""Pauses by name, limits that steps start, agreed days, other calendars, turnings and reopening: on a small procedure made for this."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from breachdesk.errors import Refused
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.elapsed import working_days_between
from breachdesk.timekeeping.ledger import due_on, explain
from breachdesk.workflow.clocks import ledger_of
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.engine import why_not
from breachdesk.workflow.facts import Remedy
from breachdesk.workflow.loading import load_procedure

MONDAY = date(2026, 3, 2)
SMALL = """
procedure: small
version: "1"
title: A small one
source: Made for these tests
stages: {intake: In, direct: Direct, ended: Ended}
roles: {complainant: who complains, respondent: who answers, coordinator: the coordinator, clock: the clock}
seen as: {open: Open, ended: Ended}
outcomes: {settled: Settled, lapsed: Lapsed}
statuses:
  received: {title: Received, stage: intake, seen as: open, says: Here., waits for: [coordinator]}
  waiting: {title: Waiting, stage: intake, seen as: open, says: Waiting., stops: {limits: [answer, handling], because: waiting}}
  working: {title: Working, stage: direct, seen as: open, says: Going on., waits for: [respondent]}
  checking: {title: Checking, stage: ended, seen as: ended, says: Being carried out.}
  closed: {title: Closed, stage: ended, seen as: ended, says: Over.}
actions:
  lodge: {title: Lodge, opens: received, by: [complainant], asks: {event_on: {label: When did it happen?, type: date}}}
  begin: {title: Begin, from: received, to: working, by: [coordinator]}
  ask: {title: Ask, from: received, to: waiting, by: [coordinator]}
  supply: {title: Supply, from: waiting, to: received, by: [complainant]}
  hold:
    title: Hold
    from: [received, waiting, working]
    by: [coordinator]
    stops: {as: hold, limits: all, because: both sides asked for it, until: review_on}
    asks: {review_on: {label: When is it reviewed?, type: date, optional: true}}
  go_on: {title: Go on, from: [received, waiting, working, checking], by: [coordinator], resumes: [hold]}
  rest:
    title: Rest
    from: [received, waiting, working]
    by: [complainant]
    stops: {as: rest, limits: [answer], because: a rest}
  rested: {title: Rested, from: [received, waiting, working], by: [complainant], resumes: [rest]}
  more:
    title: Give more time
    from: [received, waiting, working]
    by: [coordinator]
    extends: {limit: which, by: days}
    asks:
      which: {label: For what?, type: limit}
      days: {label: How many?, type: number, least: 1, most: 30}
  tell: {title: Tell, from: working, by: [coordinator]}
  tell_by_clock: {title: The clock tells, from: working, by: [clock]}
  request:
    title: Request
    from: working
    by: [respondent]
    asks: {asked_on: {label: When?, type: date, optional: true}, by_day: {label: By when?, type: date, optional: true}}
  finish: {title: Finish, from: working, to: closed, to if: {checking: a-remedy-is-open}, outcome: settled, by: [coordinator]}
  done: {title: Done, from: checking, to: closed, by: [coordinator]}
  lapse: {title: Lapse, from: [received, waiting, working], to: closed, outcome: lapsed, by: [clock]}
  open_again: {title: Open it again, from: [checking, closed], to: working, by: [coordinator]}
limits:
  answer: {title: The answer, while: [received, waiting, working], lasts: 10 working days, source: Here, met by: [finish],
           may be extended: {at most: 10 working days, times: 2}}
  second: {title: The one after it, while: [received, waiting, working], lasts: 5 working days, source: Here, after: answer}
  handling: {title: The whole, while: [received, waiting, working], lasts: 60 working days, source: Here, then: [lapse]}
  long_stop: {title: The longest, while: [received, waiting, working], lasts: 12 months, source: Here, then: [lapse]}
  review: {title: A review, while: [received, waiting, working], lasts: 20 working days, source: Here, started by: [hold]}
  update: {title: An update, while: [working], lasts: 20 working days, source: Here, started by: [begin, tell, tell_by_clock],
           met by: [tell], then: [tell_by_clock]}
  tried: {title: Tried before, while: [working], lasts: 5 working days, source: Here, only if: [direct-resolution-was-tried]}
  information: {title: What was asked, while: [working], lasts: 20 working days, source: Here, started by: [request],
                counts from: asked_on, calendar: foi}
  data: {title: Data, while: [working], lasts: 30 days, source: Here, started by: [request], counts from: asked_on}
  agreed: {title: As agreed, while: [working], lasts: 3 months, source: Here, started by: [request], due on: by_day,
           may be extended: {at most: 5 working days}}
  court: {title: A court's own, while: [received, waiting, working], lasts: 3 months, source: Here, counts from: event_on, only shown: true}
  repair: {title: What was agreed, while: [checking, closed], each: remedy, due on: by_day, lasts: 3 months, source: Here}
notices: {}
"""


@pytest.fixture(scope="session")
def small() -> Procedure:
    return load_procedure(SMALL, "small.yaml")


@pytest.fixture(scope="session")
def begin(new_case: Callable[..., Any], small: Procedure, calendar: Calendar) -> Callable[..., Any]:
    """A case of the small procedure, just lodged."""
    before = new_case()
    holidays = {**calendar.holidays, date(2026, 3, 17): "St Patrick's Day"}
    foi = Calendar("foi", "FOI", calendar.first, calendar.last, calendar.last, holidays)

    def begun(*steps: str, **facts: Any) -> Any:
        blank = replace(before.facts, status="", sequence=0, running=(), calendars={"foi": foi}, **facts)
        walk = type(before)(small, blank, MONDAY)
        for step in ("lodge", *steps):
            walk.do(step)
        return walk

    return begun


def test_everything_stands_still_while_both_sides_hold_it_but_the_day_of_review(begin: Any) -> None:
    walk = begin()
    walk.pass_days(3)

    decision = walk.do("hold", {"review_on": date(2026, 4, 1)})

    assert [(one.name, one.review_on, one.pause.reason) for one in decision.pauses] == [
        ("hold", date(2026, 4, 1), "both sides asked for it")]
    assert {one.limit for one in walk.facts.running if one.due_on} == {"review"}
    assert walk.days_left("review") == 20


def test_what_was_held_has_the_days_that_it_had_left_when_it_goes_on(begin: Any) -> None:
    walk = begin()
    left = walk.days_left("answer"), walk.days_left("handling")
    walk.do("hold")
    walk.pass_days(17)

    walk.do("go_on")

    # The day on which it goes on counts already.
    assert (walk.days_left("answer"), walk.days_left("handling")) == (left[0] - 1, left[1] - 1)


def test_a_limit_that_begins_during_a_pause_stands_still_too(begin: Any) -> None:
    walk = begin("hold", "begin")

    assert (walk.due("update"), walk.due("review")) == (None, walk.due("review"))
    assert walk.facts.limit("update") is not None


def test_a_clock_that_was_set_back_ends_no_pause_before_it_began(begin: Any) -> None:
    walk = begin()
    walk.pass_days(3)
    due = walk.due("answer")
    walk.do("hold", {"review_on": date(2026, 4, 1)})
    walk.today -= timedelta(days=2)

    walk.do("go_on")

    assert walk.due("answer") == due


@pytest.mark.parametrize(("steps", "action", "said"), [
    ((), "go_on", "There is no pause of this kind now, so there is none to end."),
    (("rest",), "go_on", "There is no pause of this kind now, so there is none to end."),
    (("hold",), "hold", "This pause has begun already, on 2 March 2026: both sides asked for it."),
    (("hold", "go_on"), "go_on", "There is no pause of this kind now, so there is none to end."),
])
def test_a_pause_begins_once_and_ends_once(begin: Any, steps: tuple[str, ...], action: str, said: str) -> None:
    walk = begin(*steps)

    assert walk.refusal(action) == said
    assert said in why_not(walk.procedure, walk.facts, walk.procedure.actions[action], 0, walk.today)


def test_leaving_the_status_ends_its_own_pause_and_not_the_one_that_was_agreed_on(begin: Any) -> None:
    walk = begin("ask", "hold")

    walk.do("supply")

    assert [one.name for one in walk.facts.open_pauses] == ["hold"]
    assert walk.due("answer") is None


def test_the_end_of_the_case_ends_every_pause(begin: Any) -> None:
    walk = begin("begin", "hold", "rest")

    assert len(walk.do("finish").resumes) == 2
    assert walk.facts.open_pauses == ()


def test_the_limit_after_a_held_one_begins_when_that_one_is_over(begin: Any) -> None:
    walk = begin()
    walk.pass_days(2)
    walk.do("hold")
    walk.pass_days(11)

    walk.do("go_on")

    due = walk.due("answer")
    assert due is not None
    assert walk.due("second") == walk.facts.calendar.shifted(due, 5)


STEPS = st.lists(st.tuples(st.sampled_from(["hold", "go_on", "rest", "rested", "ask", "supply"]), st.integers(0, 6)), max_size=14)


@settings(max_examples=80, deadline=None)
@given(steps=STEPS)
def test_pausing_in_any_order_never_makes_a_due_day_earlier_and_overlapping_pauses_count_once(
        begin: Any, steps: list[tuple[str, int]]) -> None:
    walk = begin()
    latest = {(one.limit, one.subject): one.due_on for one in walk.facts.running}
    held: set[date] = set()
    for action, days in steps:
        with suppress(Refused):
            walk.do(action)
        for one in walk.facts.running:
            before = latest.get((one.limit, one.subject))
            assert one.due_on is None or before is None or one.due_on >= before, one
            latest[one.limit, one.subject] = one.due_on or before
        stands_still = walk.due("answer") is None
        until = walk.facts.calendar.shifted(walk.today, days)
        held |= {walk.today + timedelta(days=n) for n in range((until - walk.today).days)} if stands_still else set()
        walk.today = until
    for action in ("go_on", "rested", "supply"):
        with suppress(Refused):
            walk.do(action)
    taken = sum(walk.facts.calendar.is_working(day) for day in held if day > MONDAY)
    still = walk.facts.limit("answer")
    assert still is not None
    assert working_days_between(MONDAY, still.due_on, walk.facts.calendar) == 10 + taken


def test_a_step_starts_its_limit_anew_each_time_it_is_taken(begin: Any) -> None:
    walk = begin("begin")
    first = walk.facts.limit("update")
    walk.pass_days(8)

    decision = walk.do("tell")

    assert [(one.limit, one.ending) for one in decision.clocks.ended] == [("update", "met")]
    assert walk.days_left("update") == 20
    assert walk.facts.limit("update").generation > first.generation


def test_the_clock_goes_on_telling_while_nobody_else_does(begin: Any) -> None:
    walk = begin("begin", "tell_by_clock", "tell_by_clock")

    assert walk.days_left("update") == 20
    assert [one.limit for one in walk.facts.running].count("update") == 1


def test_a_limit_with_a_condition_runs_only_where_it_holds(begin: Any) -> None:
    assert "tried" not in begin("begin").limits()
    assert "tried" in begin("begin", tried_directly=True).limits()


def test_a_limit_that_is_only_shown_never_runs(begin: Any) -> None:
    assert "court" not in begin("begin").limits()


def test_a_limit_counts_from_the_day_that_was_answered_in_the_calendar_of_its_role(begin: Any) -> None:
    walk = begin("begin")
    walk.pass_days(4)

    walk.do("request", {"asked_on": MONDAY})

    # Twenty days from the second of March, of which the seventeenth, Good Friday's weekend and Easter Monday are not worked.
    assert walk.due("information") == date(2026, 3, 31)
    assert walk.facts.limit("information").started_on == MONDAY


@pytest.mark.parametrize(("asked", "due", "why"), [
    (date(2026, 3, 2), date(2026, 4, 1), ""),
    (date(2026, 3, 5), date(2026, 4, 7), "Easter Monday"),      # The thirtieth day is a Saturday; Monday is a holiday.
])
def test_days_of_any_kind_that_end_where_nobody_works_end_on_the_next_working_day(begin: Any, asked: date, due: date, why: str) -> None:
    walk = begin("begin")

    walk.do("request", {"asked_on": asked})

    assert walk.due("data") == due
    running = walk.facts.limit("data")
    days = explain(ledger_of(walk.procedure.limits["data"], walk.facts, 0, running.started_on), walk.facts.calendar)
    assert [day.number for day in days if day.counted][-1] == 30
    assert days[-1].on == due
    assert not why or why in {day.why for day in days}


def test_a_day_that_was_agreed_on_holds_and_no_pause_moves_it(begin: Any) -> None:
    walk = begin("begin")
    walk.do("request", {"by_day": date(2026, 5, 14)})

    walk.do("hold")
    walk.pass_days(9)
    walk.do("go_on")

    assert walk.due("agreed") == date(2026, 5, 14)
    walk.do("more", {"which": "agreed/0", "days": 2})
    assert walk.due("agreed") == date(2026, 5, 18)


def test_without_an_agreed_day_it_is_the_usual_one(begin: Any) -> None:
    walk = begin("begin")

    walk.do("request")

    assert walk.due("agreed") == date(2026, 6, 2)


APOLOGY, REPAIR = Remedy(1, "apology", 2, date(2026, 4, 9)), Remedy(2, "other", 2, None)


@pytest.mark.parametrize(("remedies", "target"), [((), "closed"), ((APOLOGY,), "checking"), ((replace(APOLOGY, state="done"),), "closed")])
def test_the_case_turns_where_its_facts_lead_and_closes_either_way(begin: Any, remedies: Any, target: str) -> None:
    decision = begin("begin", remedies=remedies).do("finish")

    assert (decision.target, decision.closed, decision.outcome) == (target, True, "settled")


def test_each_remedy_has_a_limit_of_its_own_until_the_day_agreed_on(begin: Any) -> None:
    walk = begin("begin", "finish", remedies=(APOLOGY, REPAIR, replace(APOLOGY, number=3, state="waived")))

    assert {(one.limit, one.subject): one.due_on for one in walk.facts.running} == {
        ("repair", 1): date(2026, 4, 9), ("repair", 2): date(2026, 6, 2)}


def test_going_from_one_end_to_another_neither_closes_nor_reopens(begin: Any) -> None:
    decision = begin("begin", "finish", remedies=(APOLOGY,)).do("done")

    assert (decision.moved, decision.closed, decision.reopened, decision.outcome) == (True, False, False, "")


def test_a_reopened_case_runs_its_limits_again_from_the_day_on_which_it_is_reopened(begin: Any) -> None:
    walk = begin("begin")
    walk.do("more", {"which": "answer/0", "days": 10})
    walk.pass_days(4)
    walk.do("finish")
    walk.pass_days(30)

    decision = walk.do("open_again")

    assert (decision.reopened, decision.closed, decision.stage_changed) == (True, False, True)
    # The time that was given to its first run is not given again.
    assert (walk.days_left("answer"), walk.days_left("handling")) == (10, 60)
    walk.do("more", {"which": "answer/0", "days": 10})
    assert walk.days_left("answer") == 20


@settings(max_examples=40, deadline=None)
@given(steps=st.lists(st.sampled_from(["begin", "ask", "supply", "hold", "go_on", "rest", "rested", "finish", "open_again", "tell"]),
                      max_size=20))
def test_whatever_was_done_the_stored_day_is_the_one_that_the_ledger_gives(begin: Any, steps: list[str]) -> None:
    walk = begin()
    for step in steps:
        try:
            walk.do(step)
        except Refused:
            continue
        walk.pass_days(2)
        for one in walk.facts.running:
            rule = walk.procedure.limits[one.limit]
            assert one.due_on == due_on(ledger_of(rule, walk.facts, one.subject, one.started_on), walk.facts.calendar), one
            assert walk.facts.status in rule.statuses
