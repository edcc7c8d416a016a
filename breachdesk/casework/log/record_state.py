"""How the record stands, in a line for a coordinator and in alarms for an operator: checked each day, sealed each minute, kept outside."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from breachdesk.casework.desk import Desk
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.checkpoint_copies import Outer, copies_in_trouble, outer
from breachdesk.errors import LogBroken
from breachdesk.store import running, sealed
from breachdesk.store.session import Session

CHECK = "record"
LATE = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class RecordState:
    """The record at a moment of wall time. `waiting_since`: when the oldest entry was written that is not sealed yet; `fault`: what the
    last check found, in words, or ""; `outer`: how far it is kept outside."""

    entries: int
    sealed_at: datetime | None
    waiting_since: datetime | None
    checked_at: datetime | None
    fault: str
    outer: Outer
    troubles: tuple[str, ...]
    now: datetime

    @property
    def line(self) -> str:
        """All that a coordinator needs to know."""
        if self.fault:
            return f"The record is not whole. {self.fault} Change nothing, and tell whoever runs the desk."
        if self.sealed_at is None:
            return "The record has not been sealed yet; that happens within a minute while the desk is served."
        whole = "The record is whole" if self.checked_at else "The record has not been checked yet today"
        return f"{whole}, sealed {ago(self.now - self.sealed_at)}."

    @property
    def alarms(self) -> tuple[str, ...]:
        """What an operator has to do something about."""
        found = [f"The record is not whole. {self.fault}"] if self.fault else []
        if self.waiting_since and self.now - self.waiting_since > LATE:
            found.append(f"Entries of the log have waited {ago(self.now - self.waiting_since, since=True)} to be sealed. Read the log of "
                         "the process that serves, or seal by hand: breachdesk audit seal")
        return (*found, *self.troubles)


def check_record(desk: Desk) -> dict[str, object]:
    """Check the whole record: a job of each day. A fault is what it found, and no reason to try again."""
    try:
        return {"fault": "", **asdict(verify(desk))}
    except LogBroken as error:
        return {"fault": str(error)}


def state_of_record(session: Session, desk: Desk) -> RecordState:
    """How the record stands now."""
    last, checked = sealed.last_checkpoint(session), running.latest_done(session, CHECK)
    found: Any = json.loads(checked.result) if checked else {"fault": ""}
    size = last.size if last else 0
    # Entries are written in the desk's own time, and a practice desk's may run ahead.
    waiting, shift = sealed.oldest_waiting(session, size), desk.now(session) - desk.wall()
    return RecordState(size, last.sealed_at if last else None, waiting - shift if waiting else None, checked.done_at if checked else None,
                       found["fault"], outer(session), tuple(copies_in_trouble(session)), desk.wall())


def ago(span: timedelta, *, since: bool = False) -> str:
    """How long ago something was: “40 seconds ago”; without “ago” for how long it has lasted."""
    seconds = max(0, int(span.total_seconds()))
    for size, one in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= 2 * size or size == 1:
            number = seconds // size
            return f"{number:,} {one}{'' if number == 1 else 's'}{'' if since else ' ago'}"
    raise AssertionError
