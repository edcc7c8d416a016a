"""Who acts: a frozen picture of a person (or the clock) at the moment they came in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who can act. `roles` holds (scheme id, role); `organisations` the ids of those they belong to today; `belonged`
    (organisation id, last day) of those that they have left: it gives nothing, and excludes from the cases of those days."""

    account_id: int
    name: str
    email: str = ""
    roles: frozenset[tuple[int, str]] = field(default=frozenset())
    organisations: frozenset[int] = field(default=frozenset())
    belonged: frozenset[tuple[int, date]] = field(default=frozenset())

    def holds(self, role: str, scheme_id: int) -> bool:
        return (scheme_id, role) in self.roles


NOBODY = Actor(account_id=0, name="Somebody who is not signed in")
THE_CLOCK = Actor(account_id=-1, name="The clock")
THE_OPERATOR = Actor(account_id=-2, name="The operator, by command line")
