"""Logs written by hand: each maker gives one entry with the facts that `events` declares for it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest

from breachdesk.events import EVENTS, require_facts
from breachdesk.statistics.histories import LoggedEvent

Item = tuple[str, int, str | None]


@dataclass
class Log:
    """Entries in the order in which they are written."""

    entries: list[LoggedEvent] = field(default_factory=list)

    def opened(self, case: int, received: str, *, on: str = "", channel: str = "web", allegations: list[list[int]] | None = None,
               parties: list[dict[str, Any]] | None = None, effects: dict[str, Any] | None = None,
               started: list[Item] | None = None) -> Log:
        return self._write(case, "case:opened", on or received, _step("lodge", "intake", started or [], []) | {
            "reference": f"BD-{case:04}", "scheme": 1, "procedure": 1, "received_on": received, "event_on": received, "channel": channel,
            "parties": parties or [], "allegations": allegations or [], "effects": effects or {}})

    def acted(self, case: int, on: str, *, stage: str = "direct", started: list[Item] | None = None,
              ended: list[tuple[str, int, str | None, str]] | None = None) -> Log:
        return self._write(case, "case:acted", on, _step("act", stage, started or [], ended or []))

    def told(self, case: int, on: str, *, party: int = 0, answers: dict[str, Any] | None = None, **effects: Any) -> Log:
        """A step that did something to what the case holds."""
        return self._write(case, "case:acted", on, _step("act", "direct", [], []) | {"party": party, "answers": answers or {},
                                                                                     "effects": effects})

    def closed(self, case: int, on: str, outcome: str = "resolved_full", *, ended_in: str = "direct", handling: int = 10,
               elapsed: int = 12, ended: list[tuple[str, int, str | None, str]] | None = None) -> Log:
        return self._write(case, "case:closed", on, _step("close", "ended", [], ended or []) | {
            "outcome": outcome, "ended_in": ended_in, "handling_days": handling, "elapsed_days": elapsed})

    def reopened(self, case: int, on: str, *, stage: str = "direct") -> Log:
        return self._write(case, "case:reopened", on, _step("reopen", stage, [], []) | {"episode": 2})

    def ran_out(self, case: int, on: str, limit: str, party: int, due_on: str, then: str = "") -> Log:
        return self._write(case, "limit:ran_out", on, {"limit": limit, "party": party, "due_on": due_on, "nominal_at": "", "then": then,
                                                       "refused": ""})

    def _write(self, case: int, event: str, on: str, facts: dict[str, Any]) -> Log:
        # What an event carries and no figure reads is empty here.
        whole = dict.fromkeys(EVENTS[event]) | facts
        require_facts(event, whole)
        self.entries.append(LoggedEvent(case, event, date.fromisoformat(on), whole))
        return self


def _step(action: str, stage: str, started: list[Item], ended: list[tuple[str, int, str | None, str]]) -> dict[str, Any]:
    names = ("limit", "party", "due_on", "ending")
    return {"action": action, "from": "", "to": "", "stage": stage, "party": 0, "answers": {}, "effects": {},
            "limits": {"started": [dict(zip(names, one, strict=False)) for one in started],
                       "ended": [dict(zip(names, one, strict=True)) for one in ended]}}


@pytest.fixture
def log() -> Log:
    return Log()


@pytest.fixture(scope="session")
def empty_log() -> Callable[[], Log]:
    """For tests that hypothesis runs many times: each run writes a log of its own."""
    return Log
