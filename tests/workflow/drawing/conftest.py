"""Procedures to draw: the one that comes with the product, one that is much larger, and one whose titles mean harm."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest

from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.definition import Action, LimitRule, Procedure, Status

HOSTILE = ('</title><script>alert("1")</script>', 'end"]; click s1 "javascript:alert(1)" --> %% <b>&amp;</b> #quot;',
           "x\x00\x0b\x1b\ud800y ]]> \u202e",
           "`**bold**`\n|[curly]| $(x) 'single' <![CDATA[", "Ñandú 🙂 " + "W" * 300)


def large(procedure: Procedure) -> Procedure:
    """Eighteen statuses and more than ninety steps: on to each of the next, some back, some by the clock, some from everywhere."""
    stages = list(procedure.stages)
    statuses = {f"s{n}": Status(f"s{n}", f"Status number {n} with a title of some length", stages[min(4, n // 4)], "ended", "",
                                ("coordinator",)) for n in range(18)}
    waiting = [name for name, one in statuses.items() if not one.final]
    actions = {"open": Action("open", "Begin", ("complainant",), opens="s0")}
    for n, step in product(range(16), range(4)):
        target = f"s{min(17, n + step + 1)}" if step < 3 else f"s{max(0, n - 3)}"
        actions[f"a{n}_{step}"] = Action(f"a{n}_{step}", f"Step {step} out of status {n}, in several words", ("complainant", "respondent"),
                                         (f"s{n}",), target, outcome="withdrawn" if statuses[target].final else "")
    for n in range(16):
        actions[f"c{n}"] = Action(f"c{n}", f"What the clock does in status {n}", ("clock",), (f"s{n}",), f"s{n + 1}")
    for n in range(10):
        actions[f"any{n}"] = Action(f"any{n}", f"Possible at any time, number {n}", ("coordinator",), tuple(waiting), "s17",
                                    outcome="withdrawn")
        actions[f"stay{n}"] = Action(f"stay{n}", f"Changes nothing, number {n}", ("coordinator",), (f"s{n}", f"s{n + 1}"))
    limits = {f"l{n}": LimitRule(f"l{n}", f"Limit {n}", frozenset({f"s{n}"}), WorkingDays(n + 1), "", then=(f"c{n}",)) for n in range(16)}
    return replace(procedure, statuses=statuses, actions=actions, limits=limits)


def hostile(procedure: Procedure, title: str) -> Procedure:
    """The same procedure with one title everywhere."""
    return replace(
        procedure, title=title, stages=dict.fromkeys(procedure.stages, title), outcomes=dict.fromkeys(procedure.outcomes, title),
        roles=dict.fromkeys(procedure.roles, title),
        statuses={name: replace(one, title=title) for name, one in procedure.statuses.items()},
        actions={name: replace(one, title=title) for name, one in procedure.actions.items()},
        limits={name: replace(one, title=title) for name, one in procedure.limits.items()})


@pytest.fixture(params=["shipped", "large"])
def any_procedure(request: pytest.FixtureRequest, procedure: Procedure) -> Procedure:
    return large(procedure) if request.param == "large" else procedure


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def hostile_procedure(request: pytest.FixtureRequest, procedure: Procedure) -> Procedure:
    return hostile(procedure, request.param)
