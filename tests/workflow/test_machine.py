"""The graph that the library answers for is the graph that the file describes."""

from __future__ import annotations

import itertools

import pytest

from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.machine import move


def test_the_machine_agrees_with_the_definition_about_every_step(procedure: Procedure) -> None:
    for action, status, settled in itertools.product(procedure.actions.values(), procedure.statuses, (True, False)):
        waits = action.moves_when and not settled
        expected = None if status not in action.sources else status if waits or not action.target else action.target

        assert move(procedure, status, action.name, settled=settled) == expected, (action.name, status, settled)


@pytest.mark.parametrize(("status", "action"), [("closed", "respond"), ("nowhere", "respond"), ("received", "fly"), ("received", "lodge"),
                                                ("received", "to_closed")])
def test_what_is_no_step_leads_nowhere(procedure: Procedure, status: str, action: str) -> None:
    assert move(procedure, status, action, settled=True) is None


def test_asking_twice_gives_the_same_answer_because_no_case_is_kept(procedure: Procedure) -> None:
    first = move(procedure, "direct_open", "respond", settled=True)

    assert (first, move(procedure, "direct_open", "respond", settled=True)) == ("awaiting_referral_cf", "awaiting_referral_cf")
