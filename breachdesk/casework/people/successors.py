"""Organisations whose place another one has taken: no form offers them any more, and whoever belongs to one is told where to go on."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date

from breachdesk.store import organisations as rows
from breachdesk.store import people
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.wording import listed


@dataclass(frozen=True, slots=True)
class TakenOver:
    """An organisation, the day on which its place was taken, and those that stand in it today."""

    name: str
    since: date
    successors: tuple[str, ...]

    @property
    def said(self) -> str:
        """What happened, and what to do, in two sentences."""
        return (f"Another organisation took the place of {self.name} on {said_date(self.since)}, and no new complaint is made for it. "
                f"To go on, ask the coordinator to let you belong to {listed(self.successors)}.")


def taken_over(session: Session, organisation_ids: Collection[int], today: date) -> list[TakenOver]:
    """Those of the organisations whose place another one has taken, where somebody belongs to none of their successors; by name."""
    found = []
    standing = {one[0] for one in people.organisations(session, sorted(organisation_ids), standing_on=today)}
    for number, _, name, _ in people.organisations(session, sorted(organisation_ids)):
        heirs = {} if number in standing else dict(_heirs(session, number, today, {number}))
        if heirs and not set(heirs) & standing:
            since = min(one.from_on for one in rows.successors(session, number))
            found.append(TakenOver(name, since, tuple(sorted(heirs.values()))))
    return found


def _heirs(session: Session, number: int, today: date, seen: set[int]) -> Iterator[tuple[int, str]]:
    """The (id, name) of those that stand in its place today, at however many removes."""
    for one in (one for one in rows.successors(session, number) if one.from_on < today and one.other_id not in seen):
        later = list(_heirs(session, one.other_id, today, seen | {one.other_id}))
        yield from later or [(one.other_id, one.name)]
