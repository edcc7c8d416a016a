"""What must hold whatever happened, read from the log and from the rows apart from each other.

No timer is lost or fired twice, no entry is missing, no message is lost, what people wrote is bound to what was done, and each case
is sound. Nothing here is shared with what writes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.notice_texts import NEW_CALENDAR
from breachdesk.casework.soundness import unsound
from breachdesk.errors import LogBroken
from breachdesk.store.audit_log import entries_of
from breachdesk.store.cases import CASES
from breachdesk.store.columns import as_day
from breachdesk.store.session import Session
from breachdesk.store.tables import NoticeRow, TimerRow, table_of
from breachdesk.workflow.definition import Procedure

TIMERS, NOTICES = table_of(TimerRow), table_of(NoticeRow)


def broken(desk: Desk, *, swept: bool = False) -> list[str]:
    """Everything that does not hold, in sentences; nothing when all is well. Once SWEPT, nothing may be due any more."""
    found: list[str] = []
    try:
        verify(desk)
    except LogBroken as fault:
        found.append(str(fault))
    found += [f"{one.reference}: {one.says}" for one in replay(desk).differences]
    with desk.database.read() as session:
        for row in session.all(CASES.select().order_by(CASES.c.id)):
            found += [f"{row.reference}: {one}" for one in _of_case(session, desk, row) if swept or "should have fired at" not in one]
    return found


def _of_case(session: Session, desk: Desk, row: Any) -> Iterator[str]:
    procedure = desk.procedure(session, row.procedure_digest)
    entries: list[tuple[int, str, Any]] = [(seq, event, read_body(body)["facts"]) for seq, event, body, _ in entries_of(session, row.id)]
    timers = session.all(TIMERS.select().where(TIMERS.c.case_id == row.id))
    if [seq for seq, _, _ in entries] != list(range(1, row.last_seq + 1)):
        yield "the log has a gap, or ends elsewhere than the case says"
    yield from unsound(session, desk, row.reference)
    limits = [one for one in timers if one.rung == 0]
    yield from _differ("limits set", _limits_said(entries), Counter((one.kind, one.subject, one.generation) for one in limits))
    yield from _differ("limits that ran out",
                       Counter((one["limit"], one["party"], one["due_on"]) for one in _facts(entries, "limit:ran_out")),
                       Counter((one.kind, one.subject, _text(one.due_on)) for one in limits if one.due_on and one.fires_at is None))
    yield from _differ("reminders sent",
                       Counter((one["limit"], one["party"], one["rung"], one["due_on"]) for one in _facts(entries, "limit:reminded")),
                       Counter((one.kind, one.subject, one.rung, _text(one.due_on)) for one in timers if one.ending == "fired"))
    yield from _differ("messages", _messages_said(entries, procedure), Counter(
        (one.seq, one.name) for one in session.all(NOTICES.select().where(NOTICES.c.case_id == row.id))))


def _differ(what: str, said: Counter[Any], there: Counter[Any]) -> Iterator[str]:
    if said != there:
        yield f"{what}: the log says {dict(said - there)} more, the rows {dict(there - said)} more"


def _facts(entries: list[tuple[int, str, Any]], event: str) -> list[Any]:
    return [facts for _, name, facts in entries if name == event]


def _limits_said(entries: list[tuple[int, str, Any]]) -> Counter[Any]:
    return Counter((one["limit"], one["party"], seq) for seq, _, facts in entries for one in facts.get("limits", {}).get("started", ()))


def _messages_said(entries: list[tuple[int, str, Any]], procedure: Procedure) -> Counter[Any]:
    said: Counter[Any] = Counter()
    for seq, event, facts in entries:
        if event == "limit:reminded":
            rung = next(one for one in procedure.limits[facts["limit"]].rungs if one.offset == facts["rung"])
            said.update((seq, name) for name in rung.tells)
        elif event == "case:recounted":
            # One message about all of a case's new days; the target for the whole is nobody's.
            moved = [one for one in facts["rules"] if one["new_due"] != one["old_due"] and one["limit"] != "handling"]
            said.update([(seq, NEW_CALENDAR)][:len(moved)])
        elif event.startswith("case:"):
            said.update((seq, name) for name in procedure.actions[facts["action"]].tells)
    return said


def _text(day: Any) -> str:
    return as_day(day).isoformat()
