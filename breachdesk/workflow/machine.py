"""The only module that knows `transitions`. It holds the graph of a procedure and answers where an action leads.

One flat machine per procedure, built once. Cases are never registered with it: a throw-away token carries the status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from transitions import EventData, Machine

from breachdesk.workflow.definition import Procedure


class _Token:
    """Carries a status through the machine. Real cases never meet it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


@dataclass(frozen=True, slots=True)
class _File:
    """A procedure by its file's digest: one that was read twice is found again without comparing the two word for word."""

    digest: str
    procedure: Procedure = field(compare=False)


def _settled(event: EventData) -> bool:
    return bool(event.kwargs["settled"])


@lru_cache(maxsize=64)
def _machine(file: _File) -> Machine:
    procedure = file.procedure
    machine = Machine(model=None, states=list(procedure.statuses), initial=next(iter(procedure.statuses)),
                      auto_transitions=False, send_event=True)
    for action in procedure.actions.values():
        for source in action.sources:
            target = action.target or source
            waits: dict[str, Any] = {"conditions": _settled} if action.moves_when else {}
            machine.add_transition(action.name, source, target, **waits)
            if action.moves_when:
                machine.add_transition(action.name, source, source)
    return machine


@lru_cache(maxsize=64)
def _roads(file: _File) -> Mapping[tuple[str, str, bool], str]:
    """Every answer that the machine can give, asked once: a step costs a look here and not a run of the machine."""
    roads: dict[tuple[str, str, bool], str] = {}
    for action, event in _machine(file).events.items():
        for status in event.transitions:
            for settled in (True, False):
                token = _Token(status)
                event.trigger(token, settled=settled)
                roads[status, action, settled] = token.state
    return roads


def move(procedure: Procedure, status: str, action: str, *, settled: bool) -> str | None:
    """The status that ACTION leads to, or None when the procedure has no such step from STATUS.

    SETTLED answers the action's `moves when`: without it the case stays where it is.
    """
    return _roads(_File(procedure.digest, procedure)).get((status, action, settled))


def steps_from(procedure: Procedure, status: str) -> tuple[str, ...]:
    """The names of the actions that lead somewhere from STATUS."""
    return tuple(_machine(_File(procedure.digest, procedure)).get_triggers(status))
