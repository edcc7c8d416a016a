"""Entries of the log get their place in one tree, and what the tree is then is signed: every minute, and when a process ends.

Nothing of it stands in the way of a change: entries wait, unsealed, until the next sealing. One process seals at a time.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import structlog

from breachdesk.audit.chain import Doer, leaf_of
from breachdesk.audit.checkpoint import Checkpoint, checkpoints_in, read_checkpoint, require_signed, sign
from breachdesk.audit.merkle import Tree, grown
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.log_keys import FILE, make_key, public_keys, signers
from breachdesk.errors import BadCheckpoint, BreachdeskError, LogBroken
from breachdesk.identity import THE_CLOCK
from breachdesk.store import sealed
from breachdesk.store.session import Session
from breachdesk.workflow.definition import CLOCK

log = structlog.get_logger()
AT_ONCE = 20_000
# Beside the database: not outside, but enough to notice that an older database was put in its place.
KEPT = "checkpoints.txt"
BY_CLOCK = Doer(THE_CLOCK.account_id, CLOCK)
_TAIL = 4_096


@dataclass(frozen=True, slots=True)
class Sealed:
    """How many entries have their place, how many of them were given it just now, and what was signed about them all."""

    entries: int
    new: int
    checkpoint: Checkpoint


def seal(desk: Desk) -> Sealed | None:
    """Give every entry that waits its place, and sign the tree; None when nothing waited, or another process is sealing.

    What is added meanwhile waits for the next time: on a desk where somebody always writes, this would never end. Raises LogBroken, and
    signs nothing, when the tree is not the one that was signed before.
    """
    _require_key(desk)
    done = None
    while found := desk.database.transact(lambda session: _seal(session, desk)):
        done = found
        _keep(desk, found.checkpoint)
        if found.new < AT_ONCE:
            break
    return done


def seal_quietly(desk: Desk) -> None:
    """Seal what waits; what stands in the way is logged, and stands on the operator's page."""
    try:
        seal(desk)
    except (BreachdeskError, OSError) as error:
        # Their words name the remedy: where in the code it came out helps nobody who reads the log.
        log.error("not_sealed", error=str(error))


def tree_of(session: Session, size: int) -> Tree:
    return Tree(size, lambda level, number: sealed.tile(session, level, number))


def _require_key(desk: Desk) -> None:
    """A desk of before there were keys gets its first one."""
    with desk.database.read() as session:
        known = sealed.keys(session)
    if not known and not (desk.data_path / FILE).exists():
        desk.database.transact(lambda session: make_key(session, desk, BY_CLOCK) and None)


def _seal(session: Session, desk: Desk) -> Sealed | None:
    size = sealed.claim(session)
    waiting = sealed.waiting(session, AT_ONCE) if size is not None else []
    if size is None or not waiting:
        return None
    last = sealed.last_checkpoint(session)
    _require_same(session, desk, size, last)
    keys = signers(session, desk, last.sealed_at if last else None)
    leaves = [leaf_of(one.prev_hash, one.body) for _, one in waiting]
    tiles = grown(size, lambda level, number: sealed.tile(session, level, number), leaves)
    sealed.put_tiles(session, tiles)
    sealed.add_places(session, size, [number for number, _ in waiting])
    new = size + len(waiting)
    checkpoint = sign(keys[0].name, new, tree_of(session, new).root(), keys)
    sealed.add_checkpoint(session, new, checkpoint.note, desk.wall())
    return Sealed(new, len(waiting), checkpoint)


def _require_same(session: Session, desk: Desk, size: int, last: object) -> None:
    """Raise LogBroken unless the tree is still the one that was signed last, by the database's own word and by that of the file."""
    keys = [key for key, *_ in public_keys(session)]
    own = read_checkpoint(last.note) if last else None  # type: ignore[attr-defined]
    if own is not None and own.size != size:
        raise LogBroken(f"{size:,} entries of the log have their place, but {own.size:,} were signed for: one of the two was changed.")
    for said in (own, last_in(kept_file(desk))):
        # A log that goes on after a restore has another name, and says itself that what was signed of the one before holds no longer.
        if said is None or (said is not own and said.origin != keys[0].name):
            continue
        try:
            require_signed(said, keys)
        except BadCheckpoint as error:
            raise LogBroken(f"Nothing more is signed. {error}") from error
        if said.size > size:
            raise LogBroken(f"The log was signed with {said.size:,} entries, and here are {size:,}: this database is older than what was "
                            "signed. If it was restored from a backup, say so: breachdesk restore")
        require_root(tree_of(session, size), said)


def require_root(tree: Tree, said: Checkpoint) -> None:
    """Raise LogBroken unless the tree had the root that was signed when it had so many leaves."""
    try:
        root = tree.root(said.size)
    except ValueError as error:
        raise LogBroken(f"The tree of the log is not whole: {error}.") from error
    if root != said.root:
        raise LogBroken(f"The first {said.size:,} entries of the log are not those that were signed: at least one was changed, moved, "
                        "added or removed since.")


def kept_file(desk: Desk) -> Path:
    return desk.data_path / KEPT


def _keep(desk: Desk, checkpoint: Checkpoint) -> None:
    """Add what was signed to the file beside the database."""
    with kept_file(desk).open("a", encoding="utf-8") as file:
        file.write(f"{checkpoint.note}\n")


def last_in(path: Path) -> Checkpoint | None:
    """The last checkpoint in a file that is only added to, if there is one. A line that was cut off by a crash is passed over."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _TAIL))
        parts = file.read().decode("utf-8", "replace").split("\n\n")
    for at in range(len(parts) - 2, -1, -1):
        try:
            return checkpoints_in(f"{parts[at].strip()}\n\n{parts[at + 1].strip()}\n")[-1]
        except (BadCheckpoint, IndexError):
            continue
    return None
