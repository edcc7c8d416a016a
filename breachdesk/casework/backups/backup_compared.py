"""Is a backup older than what is known outside of it? By what was signed of the log: in the file beside the database, in the one that is
kept elsewhere, and in what somebody hands in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from breachdesk.audit.checkpoint import Checkpoint, Verifier, read_checkpoint, require_signed
from breachdesk.casework.log.sealing import last_in
from breachdesk.errors import BadCheckpoint, Refused
from breachdesk.timekeeping.said import said_moment


@dataclass(frozen=True, slots=True)
class Known:
    """The newest checkpoint of a place outside the backup; `at`: the file was written last then, so what was signed is not younger."""

    checkpoint: Checkpoint
    where: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """How many entries are sealed in a backup, how many the newest checkpoint outside speaks of (0: there is none), how many are lost
    (None: nobody can say), all of that in sentences, and the checkpoints that the restored log has to agree with."""

    entries: int
    known: int
    lost: int | None
    says: tuple[str, ...]
    agreeing: tuple[Checkpoint, ...]

    def require_accepted(self, accept_loss: bool) -> None:
        """Raise Refused, saying what is lost, unless nothing is or somebody owns up to it."""
        if self.lost != 0 and not accept_loss:
            raise Refused(*self.says, "Nothing was written. Look for a newer backup; to restore this one all the same: --accept-loss")


def last_known(path: Path, where: str) -> list[Known]:
    """The newest checkpoint of a file, if there is one."""
    found = last_in(path)
    return [Known(found, where, datetime.fromtimestamp(path.stat().st_mtime, UTC))] if found else []


def compare(made_at: str, note: str, keys: Sequence[Verifier], known: Sequence[Known]) -> Compared:
    """Compare a backup, by when it was made, its own last checkpoint and the keys it knows, with what is KNOWN outside."""
    made = datetime.fromisoformat(made_at)
    entries = read_checkpoint(note).size if note else 0
    names = {key.name for key in keys}
    says = [f"The backup was made on {said_moment(made)}; {entries:,} entries of its log are sealed."]
    strange = [one for one in known if one.checkpoint.origin not in names]
    ours = [one for one in known if one not in strange]
    newest = max(ours, key=lambda one: one.checkpoint.size, default=None)
    size = newest.checkpoint.size if newest else 0
    if newest and size > entries:
        says.append(f"{newest.where} knows of {size:,}. The last {size - entries:,}, written between {said_moment(made)} and "
                    f"{said_moment(newest.at)}, are not in the backup: what was done then would be lost.")
    says += [f"{one.where} knows of a log called “{one.checkpoint.origin[:80]}”, which the backup does not: another backup was "
             f"restored since, or it is of another desk. What was done between {said_moment(made)} and {said_moment(one.at)} would be lost."
             for one in strange]
    if not known:
        says.append("Nothing outside the backup says how far the log went on after that: there is no checkpoints.txt in the data folder, "
                    "and no checkpoint was given (--checkpoint FILE --key KEY). What was done since would be lost.")
    lost = None if strange or not known else max(0, size - entries)
    return Compared(entries, max((one.checkpoint.size for one in known), default=0), lost, tuple(says), tuple(
        one.checkpoint for one in ours if one.checkpoint.size <= entries and _is_signed(one.checkpoint, keys)))


def _is_signed(checkpoint: Checkpoint, keys: Sequence[Verifier]) -> bool:
    """Whether it is signed by a key that the backup knows; one that was changed since is not."""
    try:
        require_signed(checkpoint, keys)
    except BadCheckpoint:
        return False
    return True
