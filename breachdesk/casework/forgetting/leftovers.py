"""What an erasure leaves to be cleared away once its transaction is through: files in the desk's folder, and what the database file still
holds of rows that were deleted. Done at once, and again at each tick until all of it is gone: a desk that was killed meanwhile goes on.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import structlog

from breachdesk.casework.desk import Desk
from breachdesk.casework.file_words import words_in
from breachdesk.casework.files import FOLDER
from breachdesk.casework.forgetting.erasures_kept import FILE, keep_erasures
from breachdesk.store import erasing
from breachdesk.store.session import Session

log = structlog.get_logger()
OUTBOX = "outbox"
# Not a file to remove: the database is to be written anew.
REWRITE = "database"
# Not a file to remove either: what went is to be kept outside the database, for the day on which a backup is restored.
KEEP = FILE
# On PostgreSQL only these are written anew: no other table holds words that an erasure deletes.
TABLES = ("details", "accounts", "cases", "roster", "sessions", "mailed_links", "passkeys", "drafts", "deliveries", "notices",
          "second_factors", "kept_forms")


def leave_over(session: Session, desk: Desk, stored: Collection[str], copies: Collection[str] = ()) -> None:
    """Note in the transaction of an erasure what is to be cleared away after it: files by their stored names, COPIES of mail."""
    files = [*(f"{FOLDER}/{name}" for name in stored), *(f"{OUTBOX}/{name}" for name in copies)]
    erasing.leave_over(session, [REWRITE, KEEP, *files], desk.wall())


def clear_leftovers(desk: Desk) -> int:
    """Clear away what is left over; how many things. What cannot be cleared now stays for the next time."""
    with desk.database.read() as session:
        waiting = erasing.leftovers(session)
    # The files first, so that a database that is busy for long does not hold them up.
    return sum(_cleared(desk, path) for path in sorted(waiting, key=lambda path: path == REWRITE))


def _cleared(desk: Desk, path: str) -> bool:
    try:
        if path == REWRITE:
            desk.database.rewrite(TABLES)
        elif path == KEEP:
            keep_erasures(desk)
        else:
            _within(desk, path).unlink(missing_ok=True)
        desk.database.transact(lambda session: erasing.cleared(session, path))
    except Exception as error:
        log.error("leftover_stays", error=type(error).__name__)
        return False
    return True


def _within(desk: Desk, path: str) -> Path:
    """A file of the desk's own folder. Raises ValueError for anything else, whoever wrote the row."""
    folder, _, name = path.partition("/")
    if folder not in (FOLDER, OUTBOX) or name != Path(name).name or not name.strip("."):
        raise ValueError("only files and copies of mail are cleared away")
    return desk.data_path / folder / name


def copies_naming(desk: Desk, sought: re.Pattern[str]) -> list[str]:
    """The copies of mail in the desk's folder in which something (in small letters) stands: to whom, subject or text."""
    return [path.name for path in sorted((desk.data_path / OUTBOX).glob("*.eml")) if sought.search(_words(path))]


def _words(path: Path) -> str:
    try:
        return words_in("eml", path.read_bytes()).words.casefold()
    except OSError:
        return ""
