"""A plan for moving cases says what becomes of every status that is gone and of every limit that may run, or names what it leaves out."""

from __future__ import annotations

import pytest
from two_versions import FIRST, SECOND

from breachdesk.errors import BadFile
from breachdesk.workflow.loading import load_procedure
from breachdesk.workflow.move_plans import example_plan, limits_to_settle, read_plan

OLD, NEW = load_procedure(FIRST, "1.yaml"), load_procedure(SECOND, "2.yaml")
PLAN = """\
from: short-road.v1
to: short-road.v2
reason: The steering group agreed.
statuses:
  thinking: replied
limits:
  forward: keep the date
  answer: restart
  window: drop
  statement: keep the date
  whole: keep the remaining days
"""


def plan(text):
    return read_plan(text, "plan.yaml", {"short-road.v1": OLD, "short-road.v2": NEW}.get)


def faults(text):
    with pytest.raises(BadFile) as caught:
        plan(text)
    return [str(fault).removeprefix("plan.yaml:") for fault in caught.value.faults]


def test_a_whole_plan_is_read():
    found = plan(PLAN)

    assert (found.old, found.new, found.reason) == (OLD, NEW, "The steering group agreed.")
    assert [found.status_after(status) for status in OLD.statuses] == ["received", "asked", "replied", "panel", "closed"]
    assert found.limits == {"forward": "keep the date", "answer": "restart", "window": "drop", "statement": "keep the date",
                            "whole": "keep the remaining days"}


@pytest.mark.parametrize(("written", "instead", "expected"), [
    ("  thinking: replied\n", "  thinking: closed\n", ["5:13: “closed” is an end: a move closes no case"]),
    ("  thinking: replied\n", "  thinking: repleid\n", ["5:13: “repleid” is not known here; did you mean “replied”?"]),
    ("  thinking: replied\n", "  thinkign: replied\n",
     ["5:3: say under “statuses” where cases at “thinking” go: in version 2 no open case can be there",
      "5:3: version 1 has no status “thinkign”; did you mean “thinking”?"]),
    ("statuses:\n  thinking: replied\n", "",
     ["1:1: say under “statuses” where cases at “thinking” go: in version 2 no open case can be there"]),
    ("  window: drop\n", "", ["7:3: say under “limits” what becomes of “window”: keep the date, keep the remaining days, restart, drop"]),
    ("window: drop", "window: restart", ["9:11: “window” does not run any more in version 2: it can only be dropped"]),
    ("answer: restart", "answer: keep",
     ["8:11: “keep” is not known here; known are: drop, keep the date, keep the remaining days, restart"]),
    ("  answer: restart\n", "  answer: restart\n  anwser: restart\n", ["9:3: version 1 has no limit “anwser”; did you mean “answer”?"]),
    ("to: short-road.v2", "to: short-road.v3", ["2:5: there is no “short-road.v3” here; a version is named like compact-dispute.v1"]),
    ("reason: The steering group agreed.\n", "", ["1:1: “reason” is missing"]),
    ("reason: The steering group agreed.", "reason: ''", ["3:9: text is expected here, and this is empty"]),
    ("from:", "form:", ["1:1: “form” is not known here; did you mean “from”?", "1:1: “from” is missing"]),
])
def test_every_fault_of_a_plan_is_named_with_its_place(written, instead, expected):
    assert faults(PLAN.replace(written, instead, 1)) == expected


def test_a_move_to_the_same_version_is_no_move():
    assert "2:5: this is the version that the cases are under already" in faults(PLAN.replace("to: short-road.v2", "to: short-road.v1"))


def test_a_limit_that_is_for_somebody_else_now_cannot_keep_its_date():
    other = load_procedure(SECOND.replace("    each: respondent\n    source", "    source"), "2.yaml")

    with pytest.raises(BadFile, match="“answer” runs for somebody else, or is counted otherwise, in version 2: restart or drop it"):
        read_plan(PLAN.replace("answer: restart", "answer: keep the date"), "plan.yaml", {"short-road.v1": OLD, "short-road.v2": other}.get)


def test_the_example_is_a_plan_once_the_statuses_that_are_gone_are_filled_in():
    example = example_plan(OLD, NEW, "short-road.v1", "short-road.v2")

    assert faults(example) == ["7:12: text is expected here, and this is empty"]
    found = plan(example.replace("thinking:", "thinking: replied"))
    assert tuple(found.limits) == limits_to_settle(OLD)
    assert found.limits == {**dict.fromkeys(limits_to_settle(OLD), "keep the date"), "window": "drop"}
