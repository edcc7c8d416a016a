"""A critical friend's own notes go 20 working days after the case has closed: their words and salts are erased, and an entry says so."""

from __future__ import annotations

from breachdesk.audit.chain import Doer
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.identity import THE_CLOCK
from breachdesk.store import rooms
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.workflow.definition import CLOCK

KEPT_WORKING_DAYS = 20


def let_notes_go(desk: Desk) -> int:
    """Erase what is due, case by case; how many notes went. A case that is reopened before keeps its notes."""
    with desk.database.read() as session:
        cases_due = sorted(_due(session, desk))
    return sum(desk.database.transact(lambda session, one=case_id: _let_go(session, desk, one)) for case_id in cases_due)  # type: ignore[misc]


def _due(session: Session, desk: Desk) -> dict[int, list[int]]:
    """Case → its notes whose time is over."""
    today = local_day(desk.now(session))
    found: dict[int, list[int]] = {}
    for row in rooms.notes_of_closed_cases(session, today):
        if desk.calendar(session, row.calendar_id).working_day_after(row.closed_on, KEPT_WORKING_DAYS) < today:
            found.setdefault(row.case_id, []).append(row.seq)
    return found


def _let_go(session: Session, desk: Desk, case_id: int) -> int:
    case = read_case(session, case_id=case_id)
    notes = _due(session, desk).get(case_id, [])
    if case is None or not notes:
        return 0
    now = desk.now(session)
    note_in_case(session, case, "note:gone", Doer(THE_CLOCK.account_id, CLOCK), {"notes": notes}, now)
    rooms.notes_gone(session, case_id, notes, now)
    return len(notes)
