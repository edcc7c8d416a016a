"""A case's entries as those who study processes read them: who did what when, and on which things. Pure; `xes` and `ocel` write it.

No words and no names: people and organisations are their numbers, cases their references, everything else the names of the procedure.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_NOBODY = {-1: "clock", -2: "operator"}
# Facts of an entry that are single words, numbers or days, and mean something to somebody who was not there.
_TOLD = ("from", "to", "stage", "outcome", "ended_in", "handling_days", "elapsed_days", "channel", "received_on", "event_on", "limit",
         "rung", "due_on", "nominal_at", "then", "episode", "kind", "nature", "old_procedure", "new_procedure", "plan_digest")


@dataclass(frozen=True, slots=True)
class Happened:
    """One entry."""

    seq: int
    event: str
    at: datetime
    actor: int
    role: str
    party: int
    facts: Any

    @property
    def activity(self) -> str:
        """What was done: the step by its name in the procedure, anything else by its event."""
        action = self.facts.get("action")
        return str(action) if action else self.event

    @property
    def resource(self) -> str:
        """Who did it, by number."""
        return _NOBODY.get(self.actor, str(self.actor))

    @property
    def moment(self) -> str:
        return self.at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def told(self) -> Iterator[tuple[str, str | int]]:
        """The facts that are single words, numbers or days."""
        for name in _TOLD:
            value = self.facts.get(name)
            if value not in (None, "") and isinstance(value, str | int):
                yield name, value


@dataclass(frozen=True, slots=True)
class Trace:
    """One case, and what happened in it."""

    reference: str
    scheme: str
    entries: tuple[Happened, ...]

    @property
    def opening(self) -> Any:
        """The facts of the first entry."""
        return self.entries[0].facts if self.entries else {}
