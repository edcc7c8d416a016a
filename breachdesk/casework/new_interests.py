"""People who serve in open cases and whom the desk's data has come to bar since: a party joined, or a membership changed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from breachdesk.casework.desk import Desk
from breachdesk.casework.naming import stakes_read
from breachdesk.clock import local_day
from breachdesk.store import backgrounds, people, reading
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.workflow.interests import interests_of


@dataclass(frozen=True, slots=True)
class Bound:
    """Somebody who serves in a case, and what binds them to it."""

    reference: str
    name: str
    says: str


def newly_bound(session: Session, desk: Desk, references: Collection[str]) -> list[Bound]:
    """Those who serve in these cases and are barred from them by now."""
    day, found = local_day(desk.now(session)), []
    for reference in reading.with_somebody_serving(session, references):
        case = read_case(session, reference=reference, to_change=False)
        if case is None:
            continue
        serving = {one.account_id: one.role for one in case.appointments if not one.ended}
        sides = [party.organisation_id for party in case.parties]
        known = backgrounds.with_backgrounds(session, people.candidates_among(session, list(serving), day), case.head.id, sides,
                                             case.head.scheme_id, "", day)
        stakes = stakes_read(case)
        found += [Bound(reference, one.name, interest.says) for one in known.values()
                  for interest in interests_of(one, stakes, serving[one.account_id]) if interest.bars]
    return found
