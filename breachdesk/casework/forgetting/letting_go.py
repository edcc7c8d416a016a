"""How words and files of a case go: for an erasure, or because their time is over; within a transaction, with the entry that says so.

The log's own entries stay. Files are marked here and removed afterwards, by `leftovers`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.case_notes import note_in_case
from breachdesk.events import Facts
from breachdesk.store import erasing, rooms
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session
from breachdesk.workflow.wording import counted

GROUNDS: Mapping[str, str] = {
    "asked": "The person asked for it", "ended": "The time for keeping it has ended", "ordered": "A court or the Information Commissioner "
    "ordered it", "mistake": "It was entered by mistake", "consent": "Consent was withdrawn"}
# What an entry of the case's log says of it, to everybody in the case.
TOLD: Mapping[str, str] = {"erasure:done": "Personal information was erased",
                           "disposal:done": "What the desk need not keep any longer was deleted",
                           "erasure:repeated": "What had been erased before was erased again, after a backup was restored"}
TITLE_GONE = "The title was erased"
Keys = tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class Going:
    """What goes of one case: words by entry and name, files by the names under which they are stored, its title, or all of it."""

    words: Keys = ()
    files: tuple[str, ...] = ()
    title: bool = False


def everything(session: Session, read: CaseRead) -> Going:
    """All words and files of a case."""
    words = tuple((row.seq, row.name) for row in erasing.words_of(session, [read.head.id]))
    return Going(words, stored(session, read.head.id), title=True)


def stored(session: Session, case_id: int) -> tuple[str, ...]:
    """The files of a case that are still there, each once."""
    return tuple(sorted({row.stored for row in erasing.files_there(session, case_id=case_id)}))


def let_go(session: Session, read: CaseRead, going: Going, event: str, doer: Doer, now: datetime, facts: Facts) -> None:
    """Let it go, and say so in the case's log. READ must have been taken to be changed. Raises StaleCase."""
    case_id = read.head.id
    erasing.erase_words(session, case_id, going.words)
    if going.title or any(name == "title" for _, name in going.words):
        erasing.title_gone(session, case_id, TITLE_GONE)
    if going.files:
        erasing.files_gone(session, going.files, now)
    said = sorted({seq for seq, name in going.words if name == rooms.WORDS})
    if said:
        rooms.words_gone(session, case_id, said, now)
    note_in_case(session, read, event, doer, {**facts, "details": _listed(going.words), "files": list(going.files)}, now)


def _listed(words: Sequence[tuple[int, str]]) -> list[list[object]]:
    return [[seq, name] for seq, name in words]


def why_gone(facts: Any) -> tuple[tuple[str, str], ...]:
    """What the log says of it beside who and when, as pages show it."""
    ground = GROUNDS.get(facts.get("ground", ""), "The time for keeping it was over")
    words, files = len(facts["details"]), len(facts["files"])
    what = " and ".join(counted(number, one) for number, one in ((words, "text"), (files, "file")) if number)
    return (("Why", ground), ("What", what or "nothing that was still there"))
