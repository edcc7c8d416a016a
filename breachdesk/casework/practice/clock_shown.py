"""What a practice desk's clock will do and has done, in words, for somebody who may see only their own cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from breachdesk.casework.desk import Desk
from breachdesk.casework.timers import Fired
from breachdesk.clock import local_day
from breachdesk.identity import Actor
from breachdesk.store import reading, timers
from breachdesk.store.columns import as_moment
from breachdesk.store.session import Session
from breachdesk.store.visibility import visible_to
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.wording import listed, say

MOST = 200


@dataclass(frozen=True, slots=True)
class Due:
    """Something that the clock will do when its moment comes, unless somebody acts before."""

    reference: str
    when: str
    says: str


@dataclass(frozen=True, slots=True)
class Told:
    """Something that the clock did."""

    reference: str
    when: str
    says: str


def will_fall_due(session: Session, desk: Desk, actor: Actor, until: datetime) -> list[Due]:
    """What fires by a moment in the cases that somebody sees, soonest first; at most MOST."""
    cases = _Cases(session, desk, actor)
    found = []
    due = timers.timers_due(session, until, visible_to(actor), MOST)
    for row in sorted(due, key=lambda row: _order(as_moment(row.fires_at), row.rung)):
        limit = cases.limit(row.reference, row.kind)
        found.append(Due(row.reference, _when(as_moment(row.fires_at), row.rung), f"{'Reminder' if row.rung else 'Time is up'}: {limit}"))
    return found


def told(session: Session, desk: Desk, actor: Actor, fired: Iterable[Fired]) -> tuple[list[Told], int]:
    """What the clock did, in order, and how many things it did in cases that this person does not see."""
    cases = _Cases(session, desk, actor)
    found, others = [], 0
    for one in sorted(fired, key=lambda one: _order(one.nominal_at, one.rung)):
        if not cases.sees(one.reference):
            others += 1
            continue
        limit = cases.limit(one.reference, one.limit)
        found.append(Told(one.reference, _when(one.nominal_at, one.rung), _did(one, limit, cases.action(one.reference, one.did))))
    return found, others


def _order(at: datetime, rung: int) -> tuple[datetime, bool]:
    """One midnight is the end of a day and the morning of the next: what ends with the old day comes first."""
    return at, bool(rung)


def _when(at: datetime, rung: int) -> str:
    """A reminder comes in the morning; a limit is over when its day is, which the clock knows as the midnight after."""
    return said_day(local_day(at)) if rung else f"End of {said_day(local_day(at - timedelta(seconds=1)))}"


def _did(one: Fired, limit: str, action: str) -> str:
    if one.did == "reminded":
        return f"Sent a reminder: {limit}."
    if action:
        return f"Time was up: {limit}. The clock took this step: {action}."
    return f"Time was up: {limit}." if not one.did else f"Time was up: {limit}. This {one.did}."


class _Cases:
    """The cases that are named, looked up once each; it lives for one call."""

    def __init__(self, session: Session, desk: Desk, actor: Actor) -> None:
        self.session, self.desk, self.seen = session, desk, visible_to(actor)
        self.known: dict[str, tuple[Any, dict[str, str]] | None] = {}

    def _case(self, reference: str) -> tuple[Any, dict[str, str]] | None:
        if reference not in self.known:
            row = reading.case_row(self.session, self.seen, reference)
            self.known[reference] = (self.desk.procedure(self.session, row.procedure_digest), self._words(row)) if row else None
        return self.known[reference]

    def _words(self, row: Any) -> dict[str, str]:
        parties = reading.parties_of(self.session, [row.id])
        sides = {side: listed([one.name for one in parties if one.side == side]) for side in ("complainant", "respondent")}
        return {**sides, "reference": row.reference}

    def sees(self, reference: str) -> bool:
        return self._case(reference) is not None

    def limit(self, reference: str, kind: str) -> str:
        case = self._case(reference)
        return say(case[0].limits[kind].title, case[1]) if case and kind in case[0].limits else kind

    def action(self, reference: str, name: str) -> str:
        case = self._case(reference)
        return say(case[0].actions[name].title, case[1]) if case and name in case[0].actions else ""
