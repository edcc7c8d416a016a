"""What the log itself says of backups that were restored: which part of it was lost then, so that nobody takes that for tampering."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.audit.checkpoint import Checkpoint, read_verifier
from breachdesk.clock import local_day
from breachdesk.errors import LogBroken
from breachdesk.store import audit_log
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date

RESTORED = "desk:restored"


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was restored: when, when it was made, how many entries were sealed in it, and what the log was called until then."""

    on: date
    made_on: date
    entries: int
    before: str


def _restores(session: Session) -> list[Restored]:
    """The backups that were restored here, the first one first."""
    found = []
    for body in audit_log.desk_entries_called(session, RESTORED):
        content: Any = read_body(body)
        facts = content["facts"]
        found.append(Restored(local_day(datetime.fromisoformat(content["at"])), local_day(datetime.fromisoformat(facts["made_at"])),
                              facts["entries"], read_verifier(facts["old_key"]).name if facts["old_key"] else ""))
    return found


def lost_with(session: Session, checkpoint: Checkpoint) -> Restored | None:
    """The restore by which entries that a checkpoint speaks of were lost, if there was one."""
    return next((one for one in _restores(session) if one.before == checkpoint.origin and checkpoint.size > one.entries), None)


def require_not_lost(session: Session, checkpoint: Checkpoint) -> None:
    """Raise LogBroken when the log says that a part of what a checkpoint speaks of was lost: then the two cannot be compared."""
    if one := lost_with(session, checkpoint):
        raise LogBroken(f"The checkpoint speaks of {checkpoint.size:,} entries of a log that ended with entry {one.entries:,}: on "
                        f"{said_date(one.on)} a backup of {said_date(one.made_on)} was restored, as the log says itself, and what came "
                        "between is "
                        f"lost. Compare with a checkpoint of at most {one.entries:,} entries, or with one that was signed since.")
