"""The daily check: is every case as it must be? A few cases at a time, so that neither memory nor a reader's lock grows with the desk."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from breachdesk.casework.desk import Desk
from breachdesk.casework.soundness import unsound
from breachdesk.store import timers
from breachdesk.store.session import Session

AT_A_TIME = 50
# Enough to see what is wrong; a desk on which more is wrong has one cause for all of it.
KEPT = 200


@dataclass(frozen=True, slots=True)
class Faulty:
    """A case, and one thing that is wrong with it."""

    reference: str
    says: str


def check_every_case(desk: Desk) -> Mapping[str, object]:
    """Look at every case that is open or has a timer that is; what was found, as it is kept.

    A case that somebody changed while it was being read is looked at again before it is called faulty.
    """
    began = desk.wall()
    checked, suspects, after = 0, [], 0
    while True:
        with desk.database.read() as session:
            found = timers.cases_to_check(session, after, AT_A_TIME)
            suspects += [reference for _, reference in found if _faults(session, desk, reference)]
        checked += len(found)
        if len(found) < AT_A_TIME:
            break
        after = found[-1][0]
    faulty = list(_surely(desk, suspects))
    return {"cases": checked, "faulty": len({one.reference for one in faulty}), "seconds": round((desk.wall() - began).total_seconds(), 1),
            "faults": [[one.reference, one.says] for one in faulty[:KEPT]]}


def _surely(desk: Desk, references: Iterable[str]) -> Iterable[Faulty]:
    for reference in references:
        with desk.database.read() as session:
            yield from (Faulty(reference, says) for says in _faults(session, desk, reference))


def _faults(session: Session, desk: Desk, reference: str) -> list[str]:
    try:
        return unsound(session, desk, reference)
    except Exception as error:
        return [f"it cannot be read: {type(error).__name__}: {error}"]
