"""The only module that knows `transitions`. It holds the graph of a procedure and answers where an action leads.

One flat machine per procedure, built once. Cases are never registered with it: a throw-away token carries the status.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from itertools import product

from transitions import EventData, Machine

from breachdesk.workflow.definition import Procedure


class _Token:
    """Carries a status through the machine. Real cases never meet it."""

    __slots__ = ("state",)

    def __init__(self, state: str) -> None:
        self.state = state


def _settled(event: EventData) -> bool:
    return bool(event.kwargs["settled"])


def _turned(event: EventData) -> bool:
    """Whether this is the way that the case's facts chose; for the usual target nothing has to speak for it."""
    return event.transition is not None and event.kwargs["turn"] == event.transition.dest


@lru_cache(maxsize=64)
def _machine(procedure: Procedure) -> Machine:
    machine = Machine(model=None, states=list(procedure.statuses), initial=next(iter(procedure.statuses)),
                      auto_transitions=False, send_event=True)
    for action in procedure.actions.values():
        for source in action.sources:
            waits: list[str | Callable[..., bool | None]] = [_settled] if action.moves_when else []
            for turn, _ in action.target_if:
                machine.add_transition(action.name, source, turn, conditions=[*waits, _turned])
            machine.add_transition(action.name, source, action.target or source, conditions=waits)
            if action.moves_when:
                machine.add_transition(action.name, source, source)
    return machine


@lru_cache(maxsize=64)
def _roads(procedure: Procedure) -> Mapping[tuple[str, str, bool, str], str]:
    """Every answer that the machine can give, asked once: a step costs a look here and not a run of the machine."""
    roads: dict[tuple[str, str, bool, str], str] = {}
    for action, event in _machine(procedure).events.items():
        turns = ("", *(status for status, _ in procedure.actions[action].target_if))
        for status, settled, turn in product(event.transitions, (True, False), turns):
            token = _Token(status)
            event.trigger(token, settled=settled, turn=turn)
            roads[status, action, settled, turn] = token.state
    return roads


def move(procedure: Procedure, status: str, action: str, *, settled: bool, turn: str = "") -> str | None:
    """The status that ACTION leads to, or None when the procedure has no such step from STATUS.

    SETTLED answers the action's `moves when`: without it the case stays where it is. TURN is the one of its `to if` that the
    case's facts chose, "" for the usual way.
    """
    return _roads(procedure).get((status, action, settled, turn))
