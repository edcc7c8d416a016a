"""What holds on every road that a case can take, whoever does whatever in whatever order."""

from __future__ import annotations

import copy
from datetime import date
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from breachdesk.errors import Refused
from breachdesk.timekeeping.ledger import due_on
from breachdesk.workflow.clocks import calendar_of, ledger_of

ANSWERS: dict[str, Any] = {
    "critical_friend": st.sampled_from(["kim", "lee", "from_b"]),
    "members": st.lists(st.sampled_from(["kim", "lee", "mo", "nat", "oz", "from_a"]), max_size=6).map(tuple),
    "chair": st.sampled_from(["kim", "lee", "mo", "nobody"]),
    "contacted_on": st.dates(date(2026, 2, 1), date(2026, 3, 20)),
    "days": st.integers(-1, 12),
    "entry": st.integers(1, 40),
    "complainant_view": st.sampled_from(["satisfied", "partly", "not_satisfied"]),
    "respondent_view": st.sampled_from(["satisfied", "partly", "not_satisfied"]),
    "remedy": st.just("An apology"), "remedy_kind": st.just("apology"), "remedy_owner": st.sampled_from(["1", "2", "99"]),
    "which": st.sampled_from(["1", "2", "respond/2", "critical_friend_stage/0"]), "consent": st.just(True),
    "not_admitted": st.sampled_from([("21",), ("21", "22")]), "not_admitted_because": st.just("not_owed"),
    "parted": st.sampled_from([("21",), ("21", "22")]), "because": st.sampled_from(["agreed", "court"]), "both_agree": st.just(True),
    "review_on": st.dates(date(2026, 3, 2), date(2026, 6, 1)), "member": st.sampled_from(["lee", "mo", "kim"]),
    "goes_on_at": st.sampled_from(["direct", "check", "critical_friend", "panel"]), "why_late": st.just("We only learned of it now."),
    "foi_received_on": st.dates(date(2026, 3, 1), date(2026, 3, 20)), "dp_received_on": st.dates(date(2026, 3, 1), date(2026, 3, 20)),
    "lead_case": st.just("BD-2026-0002"), "other_case": st.just("BD-2026-0002"),
}
# What a case needs to end when only the clock acts: limits of 10, 15, 5, 20, 10 and 45 working days, and up to one day between two
# of them and after the last, because a limit is over at the end of its day. From a Monday on, one of those days is a Saturday.
LONGEST_FROM_A_MONDAY = 110
# A suspension, the complainant's time and two replacements hold it up for 50 more at most; more time that was given, for 80.
LONGEST_EVER = 111 + 50 + 80


def some_steps(data: Any, walk: Any, most: int) -> None:
    """Up to MOST steps by anybody, allowed or not, with days passing and limits running out in between."""
    for _ in range(data.draw(st.integers(0, most), label="steps")):
        if walk.procedure.statuses[walk.facts.status].final and data.draw(st.booleans(), label="stop"):
            return
        kind = data.draw(st.sampled_from(["allowed", "allowed", "allowed", "any", "clock", "days"]), label="kind")
        if kind == "clock" and any(one.due_on for one in walk.facts.running):
            walk.fire()
        elif kind == "days":
            pass_some_days(data, walk)
        else:
            one_step(data, walk, kind)
        everything_holds(walk)


def pass_some_days(data: Any, walk: Any) -> None:
    """Days go by; the clock does what falls due in them, as the sweep would."""
    until = walk.facts.calendar.shifted(walk.today, data.draw(st.integers(1, 30), label="days"))
    while any(one.due_on and one.due_on < until for one in walk.facts.running):
        walk.fire()
        everything_holds(walk)
    walk.today = max(walk.today, until)


def one_step(data: Any, walk: Any, kind: str) -> None:
    among = walk.procedure.actions_from(walk.facts.status) if kind == "allowed" else tuple(walk.procedure.actions.values())
    action = data.draw(st.sampled_from([one.name for one in among]), label="action")
    answers = {name: data.draw(values, label=name) for name, values in ANSWERS.items()
               if name in {ask.name for ask in walk.procedure.actions[action].asks} and data.draw(st.integers(0, 9)) > 0}
    if "contacted_on" in answers:
        answers["contacted_on"] = min(answers["contacted_on"], walk.today)
    before = walk.facts
    decision, reasons = None, ()
    try:
        decision = walk.do(action, answers, data.draw(st.sampled_from([0, 1, 2, 3, 99]), label="party"))
    except Refused as refusal:
        reasons = refusal.reasons
    if decision is None:
        assert reasons, "a refusal says why"
        assert all(reason.endswith(".") for reason in reasons)
        assert walk.facts == before
        return
    assert decision.target in walk.procedure.statuses
    assert decision.source == before.status
    assert decision.target in (*decision.action.targets, before.status)
    assert bool(decision.outcome) == decision.closed


def everything_holds(walk: Any) -> None:
    facts, status = walk.facts, walk.procedure.statuses[walk.facts.status]
    names = [(one.limit, one.subject) for one in facts.running]
    assert len(set(names)) == len(names), "no limit runs twice for one party"
    for one in facts.running:
        rule = walk.procedure.limits[one.limit]
        assert facts.status in rule.statuses, f"{one.limit} runs in {facts.status}"
        assert one.subject in subjects_of(rule.each, facts)
        assert one.due_on == due_on(ledger_of(rule, facts, one.subject, one.started_on), calendar_of(rule, facts))
        assert facts.received_on <= one.started_on or rule.counts_from
    held = status.stops.limits if status.stops else ()
    assert all(one.due_on is None for one in facts.running if one.limit in held)
    names = [one.name for one in facts.open_pauses]
    assert len(set(names)) == len(names), "no pause is open twice"
    assert (status.name in names) == bool(status.stops)
    if status.final:
        assert not names, "no pause outlives the case"
        assert facts.outcome
        assert "handling" not in {one.limit for one in facts.running}


def subjects_of(each: str, facts: Any) -> set[int]:
    """Whom or what a limit can be for: what is settled, and whoever has left, has no limits."""
    if each == "remedy":
        return {remedy.number for remedy in facts.remedies if remedy.open}
    return {party.id for party in facts.on(each)} if each else {0}


@given(st.data())
def test_any_steps_in_any_order_are_refused_or_lead_on_and_the_clock_still_ends_the_case(new_case: Any, data: Any) -> None:
    walk = new_case(respondents=data.draw(st.integers(1, 2)), complainants=data.draw(st.integers(1, 2)), tried=data.draw(st.booleans()))

    some_steps(data, walk, 25)
    days = days_until_closed(walk)

    everything_holds(walk)
    assert days <= LONGEST_EVER, f"left alone, the case took {days} working days more"


def test_left_alone_from_anywhere_every_case_ends_within_so_many_working_days(new_case: Any, capsys: Any) -> None:
    waiting = [name for name, one in new_case().procedure.statuses.items() if not one.final]
    walks = {status: new_case(at=status) for status in waiting}
    walks |= {"two respondents": new_case(respondents=2), "tried before": new_case(tried=True)}
    took = {name: days_until_closed(walk) for name, walk in walks.items()}

    with capsys.disabled():
        print(f"\nleft alone, a case ends within {max(took.values())} working days")
    assert max(took.values()) == LONGEST_FROM_A_MONDAY


def days_until_closed(walk: Any) -> int:
    """Working days until the clock alone has ended the case."""
    days = walk.facts.calendar.working_days_through
    left_alone = days(walk.today)
    walk.fire_until(*(name for name, one in walk.procedure.statuses.items() if one.final))
    return days(walk.today) - left_alone


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_deciding_changes_nothing_that_it_was_given(new_case: Any, data: Any) -> None:
    walk = new_case(respondents=2)
    some_steps(data, walk, 6)
    before = copy.copy(walk.facts)

    for action in walk.procedure.actions_from(walk.facts.status):
        trial = copy.copy(walk)
        try:
            trial.do(action.name, {}, 2)
        except Refused:
            continue

    assert walk.facts == before
