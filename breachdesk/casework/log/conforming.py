"""Did every case go as its procedure says? The log × the versions of the procedure that each case stood under."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from breachdesk.casework.desk import Desk
from breachdesk.casework.log.replaying import cases_at_a_time, said_in
from breachdesk.store import replayed
from breachdesk.workflow.conforming import Conformance, Deviation


@dataclass(frozen=True, slots=True)
class CaseDeviation:
    """A deviation, and the case in whose log it is."""

    reference: str
    deviation: Deviation


@dataclass(frozen=True, slots=True)
class Conformed:
    """How the log conforms: `fitness` is the part of the entries that the procedure allows, 1.0 when it allows them all."""

    cases: int
    entries: int
    deviating: int
    deviations: tuple[CaseDeviation, ...]

    @property
    def fitness(self) -> float:
        return 1.0 - self.deviating / self.entries if self.entries else 1.0


def conformance(desk: Desk, reference: str = "", seen: Callable[[int], object] = lambda cases: None) -> Conformed:
    """Hold each case's entries, or those of the one of that REFERENCE, against its procedure. SEEN is told how many cases are done.

    Raises NotFound for a reference that no case has.
    """
    cases, entries, deviating, found = 0, 0, 0, list[CaseDeviation]()
    for session, batch in cases_at_a_time(desk, reference):
        log = replayed.entries_of_cases(session, [number for number, _ in batch])
        for number, name in batch:
            case = Conformance(partial(desk.procedure, session))
            for one in log[number]:
                try:
                    case.take(said_in(one))
                except (KeyError, TypeError, ValueError) as error:
                    case.deviations.append(Deviation(one.seq, f"it says what no entry says: {type(error).__name__}: {error}"))
            entries, deviating = entries + case.entries, deviating + case.deviating
            found += [CaseDeviation(name, each) for each in case.deviations]
        cases += len(batch)
        seen(cases)
    return Conformed(cases, entries, deviating, tuple(found))
