"""The shipped procedure against a small model of it: whatever anybody tries, in whatever order, both say where the case is.

The model knows four things only: where the case is, who has taken which step in this stage, which pauses are open, and what
was agreed and is still open. What the procedure refuses, forbidden steps among it, must change nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from breachdesk.errors import Refused

PARTIES = {1: "complainant", 8: "complainant", 2: "respondent", 3: "respondent"}
COUNTS = {"every-respondent-has-answered": {"respond", "second_notice_by_clock"}, "every-party-says-it-is-resolved": {"say_resolved"},
          "every-party-accepts": {"accept"}, "every-party-asks-to-return": {"return_to_critical_friend"},
          "every-complainant-has-withdrawn": {"withdraw"}}
WHO = {"every-respondent-has-answered": "respondent", "every-complainant-has-withdrawn": "complainant"}
GOES_ON = {"direct": "direct_open", "check": "screening", "critical_friend": "cf_appointing", "panel": "panel_convening"}
ANSWERS: dict[str, Any] = {
    "critical_friend": "kim", "mode": "mediator", "members": ("lee", "mo", "nat"), "chair": "mo", "deputy": "nat", "member": "lee",
    "complainant_view": "satisfied", "respondent_view": "satisfied", "remedy_kind": "apology", "remedy_owner": "2", "days": 3,
    "which": "1", "consent": True, "because": "court", "reason_code": "not_owed", "lead_case": "BD-2026-0002", "other_case": "BD-2026-0003",
    "parted": ("22",), "stand_in": "lee", "entry": 1, "why_late": "We only learned of it now."}


class Model:
    """What a case comes down to."""

    def __init__(self) -> None:
        self.status = "received"
        self.taken: set[tuple[str, int]] = set()
        self.gone: set[int] = set()
        self.pauses: set[str] = set()
        self.remedies: dict[str, bool] = {}

    def take(self, procedure: Any, action: Any, subject: int, answers: dict[str, Any]) -> None:
        """Carry out a step that was allowed."""
        before, here = procedure.statuses[self.status], self.status
        self._remedies(action, answers)
        target = self._target(action, subject, answers)
        after = procedure.statuses[target]
        if subject:
            self.taken.add((action.name, subject))
        if action.effects.leaves and target == here:
            self.gone.add(subject)
        self._pauses(action, before, after, moves=target != here or not action.moves_when)
        if before.stage != after.stage:
            self.taken = set()
        self.status = target

    def _target(self, action: Any, subject: int, answers: dict[str, Any]) -> str:
        if action.moves_when:
            side = WHO.get(action.moves_when, "party")
            waiting = {one for one, theirs in PARTIES.items() if side in ("party", theirs)} - self.gone - {subject}
            if any(not {(name, one) for name in COUNTS[action.moves_when]} & self.taken for one in waiting):
                return self.status
        for status, guard in action.target_if:
            if self._turns(guard, status, answers):
                return status
        return action.target or self.status

    def _turns(self, guard: str, status: str, answers: dict[str, Any]) -> bool:
        if guard.startswith("it-goes-on"):
            return GOES_ON.get(answers.get("goes_on_at", "")) == status
        still = any(self.remedies.values())
        return {"a-remedy-is-open": still, "no-remedy-is-open": not still, "no-critical-friend-serves": False}[guard]

    def _remedies(self, action: Any, answers: dict[str, Any]) -> None:
        effects = action.effects
        if effects.adds_remedy and answers.get("remedy"):
            self.remedies[str(len(self.remedies) + 1)] = True
        if effects.settles_remedy:
            self.remedies[answers["which"]] = effects.settles_remedy.state not in ("done", "waived")

    def _pauses(self, action: Any, before: Any, after: Any, *, moves: bool) -> None:
        if moves:
            self.pauses -= set(action.resumes)
            self.pauses |= {action.stops.name} if action.stops else set()
        if before.name != after.name:
            self.pauses -= {before.name} if before.stops else set()
            self.pauses |= {after.name} if after.stops else set()
        if after.final:
            self.pauses = set()


class Road(RuleBasedStateMachine):
    """Anybody tries anything; days pass; the clock does what is due."""

    def __init__(self, new_case: Callable[..., Any]) -> None:
        super().__init__()
        self.walk = new_case(respondents=2, complainants=2)
        self.procedure = self.walk.procedure
        self.model = Model()

    @rule(data=st.data())
    def try_any_step(self, data: Any) -> None:
        name = data.draw(st.sampled_from([action.name for action in self.procedure.actions.values()]), label="step")
        self._try(name, data)

    @precondition(lambda self: self.walk.facts.sequence > 12)
    @rule(data=st.data())
    def try_a_step_that_the_file_allows_here(self, data: Any) -> None:
        here = [action.name for action in self.procedure.actions_from(self.walk.facts.status) if "clock" not in action.by]
        self._try(data.draw(st.sampled_from(here), label="step"), data)

    @rule(data=st.data())
    def try_a_step_along_the_road(self, data: Any) -> None:
        """Most steps that are tried blindly end the case or stay: these lead on, so that the far stages are met as well."""
        here = [action.name for action in self.procedure.actions_from(self.walk.facts.status) if "clock" not in action.by
                and {*action.targets} - {self.walk.facts.status, "closed"} or action.name in ("convene", "convene_anew")]
        if here:
            self._try(data.draw(st.sampled_from(here), label="step"), data)

    def _try(self, name: str, data: Any) -> None:
        action, before = self.procedure.actions[name], self.walk.facts
        answers = {ask.name: ANSWERS[ask.name] for ask in action.asks if ask.name in ANSWERS}
        if any(ask.name == "remedy" for ask in action.asks) and data.draw(st.booleans(), label="something to be done"):
            answers["remedy"] = "An apology"
        if any(ask.name == "goes_on_at" for ask in action.asks):
            answers["goes_on_at"] = data.draw(st.sampled_from(sorted(GOES_ON)), label="goes on at")
        subject = data.draw(st.sampled_from(sorted(PARTIES)), label="party") if action.each else 0
        refused = False
        try:
            self.walk.do(name, answers, subject)
        except Refused:
            refused = True
        if refused:
            assert self.walk.facts == before, "what is refused changes nothing"
            return
        assert not action.opens, "a case begins once"
        assert self.model.status in action.sources, "a step is taken only where the file says"
        assert not action.each or PARTIES[subject] == action.each or action.each == "party"
        self.model.take(self.procedure, action, subject, answers)

    @precondition(lambda self: any(one.due_on for one in self.walk.facts.running))
    @rule()
    def the_next_limit_runs_out(self) -> None:
        first = min((one for one in self.walk.facts.running if one.due_on), key=lambda one: (str(one.due_on), one.generation))
        did = self.walk.fire()
        if did:
            action = self.procedure.actions[did]
            self.model.take(self.procedure, action, first.subject if action.each else 0, {})

    @rule(days=st.integers(1, 3))
    def days_pass(self, days: int) -> None:
        # Not past a day on which the clock has something to do; what is overdue already waits for somebody.
        due = [one.due_on for one in self.walk.facts.running if one.due_on and one.due_on > self.walk.today]
        self.walk.today = min(self.walk.today + timedelta(days=days), *due, date.max)

    @invariant()
    def both_say_where_the_case_is(self) -> None:
        facts = self.walk.facts
        assert facts.status == self.model.status
        assert {one.name for one in facts.open_pauses} == self.model.pauses
        assert {str(one.number): one.open for one in facts.remedies} == self.model.remedies
        assert {party.id for party in facts.parties if party.left} == self.model.gone
        assert bool(facts.outcome) == self.procedure.statuses[facts.status].final


@pytest.mark.parametrize("roads", [50, pytest.param(500, marks=pytest.mark.soak)])
def test_the_procedure_and_a_small_model_of_it_agree_whatever_anybody_tries(new_case: Callable[..., Any], roads: int) -> None:
    run_state_machine_as_test(lambda: Road(new_case), settings=settings(max_examples=roads, stateful_step_count=50, deadline=None))
