"""Erasing again, in a desk that was restored from an older backup, what the log of the newer one says was erased since.

The log itself lists it: which words of which entry, which files, which account. So an export of the newer log is all that is needed.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.desk import Desk
from breachdesk.casework.erasure_done import DONE, account_gone
from breachdesk.casework.erasure_found import sought, words_for
from breachdesk.casework.leftovers import clear_leftovers, copies_naming, leave_over
from breachdesk.casework.letting_go import Going, let_go, stored
from breachdesk.casework.retention import DISPOSED, RECORD
from breachdesk.errors import Refused
from breachdesk.store import erasing, rooms
from breachdesk.store.audit_log import DESK_SUBJECT, record_for_desk
from breachdesk.store.cases import read_case
from breachdesk.store.roles import account_row, role_rows
from breachdesk.store.session import Session

NOTES_GONE = "note:gone"


def erased_in(lines: Iterable[str]) -> Iterator[tuple[int, str, Any]]:
    """(subject, event, facts) of everything that an export of the log (JSON lines) says was erased. Raises Refused for what is none."""
    for number, line in enumerate(lines, 1):
        try:
            said = json.loads(line)
            content = json.loads(said["body"]) if "body" in said else {}
        except (ValueError, TypeError):
            raise Refused(f"Line {number} of the file is not a line of an exported log. Export it with: breachdesk audit export --format "
                          "jsonl FILE") from None
        if content.get("event") in (DONE, DISPOSED, NOTES_GONE):
            yield content["subject"], content["event"], content["facts"]


def erase_again(desk: Desk, doer: Doer, file: IO[str]) -> int:
    """Erase what the exported log in FILE lists, as far as it is still here; how many entries that took. Raises Refused."""
    listed = list(erased_in(file))
    done = desk.database.transact(lambda session: sum(_erased(session, desk, doer, *one) for one in listed))
    clear_leftovers(desk)
    return done


def _erased(session: Session, desk: Desk, doer: Doer, subject: int, event: str, facts: Any) -> bool:
    """One entry of the newer log carried out here, with an entry of its own. False when nothing of it is left, or was never here."""
    now = desk.now(session)
    if subject == DESK_SUBJECT:
        return event == DONE and _from_desk(session, desk, doer, facts, now)
    read = read_case(session, case_id=subject)
    if read is None:
        return False
    there = _still_there(session, subject)
    if event == NOTES_GONE:
        notes = sorted({seq for seq, _ in there if seq in facts["notes"]})
        if notes:
            note_in_case(session, read, event, doer, {"notes": notes}, now)
            rooms.notes_gone(session, subject, notes, now)
        return bool(notes)
    words = tuple((seq, name) for seq, name in facts["details"] if (seq, name) in there)
    files = tuple(sorted(set(facts["files"]) & set(stored(session, subject))))
    if not words and not files:
        return False
    whole = facts.get("what") == RECORD or (bool(facts.get("case")) and not facts["account"])
    copies = _of_whole_case(session, desk, read.head.reference) if whole else []
    leave_over(session, desk, files, copies)
    let_go(session, read, Going(words, files, title=whole), event, doer, now, facts)
    return True


def _from_desk(session: Session, desk: Desk, doer: Doer, facts: Any, now: datetime) -> bool:
    there = _still_there(session, DESK_SUBJECT)
    words = [(seq, name) for seq, name in facts["details"] if (seq, name) in there]
    row = account_row(session, account_id=facts["account"]) if facts["account"] else None
    if row is not None and row.email.endswith(f"@{erasing.ERASED}"):
        row = None
    if not words and row is None:
        return False
    erasing.erase_words(session, DESK_SUBJECT, words)
    names = words_for(row, role_rows(session, account_id=row.id)) if row else ()
    rows = account_gone(session, row, names, now) if row else {}
    leave_over(session, desk, (), copies_naming(desk, sought(names)) if names else ())
    record_for_desk(session, DONE, now, doer, {**facts, "details": [[seq, name] for seq, name in words], "rows": rows})
    return True


def _still_there(session: Session, subject: int) -> set[tuple[int, str]]:
    return {(one.seq, one.name) for one in erasing.words_of(session, [subject])}


def _of_whole_case(session: Session, desk: Desk, reference: str) -> list[str]:
    erasing.drafts_of_case(session, reference)
    return copies_naming(desk, sought([reference.casefold()]))
