"""What was erased since a backup was made is erased again when it is restored, or by an export of the newer log afterwards.

Both say it in the same way (`erasures_kept.Erased`). What is done again stands in the log here, as `erasure:repeated`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import IO

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.erasure_done import account_gone
from breachdesk.casework.forgetting.erasure_found import sought, words_for
from breachdesk.casework.forgetting.erasures_kept import AGAIN, EVENTS, Erased, erased_in_export
from breachdesk.casework.forgetting.leftovers import clear_leftovers, copies_naming, leave_over
from breachdesk.casework.forgetting.letting_go import Going, everything, let_go
from breachdesk.store import erasing
from breachdesk.store.audit_log import DESK_SUBJECT, record_for_desk
from breachdesk.store.cases import read_case
from breachdesk.store.erasing import ERASED
from breachdesk.store.roles import account_row, role_rows
from breachdesk.store.session import Session


def erase_exported(desk: Desk, doer: Doer, file: IO[str]) -> int:
    """Erase what the exported log in FILE lists, as far as it is still here; how many entries that took. Raises Refused."""
    listed = erased_in_export(file)
    done = desk.database.transact(lambda session: erase_again(session, desk, listed, doer, desk.now(session)))
    clear_leftovers(desk)
    return done


def erase_again(session: Session, desk: Desk, kept: Iterable[Erased], doer: Doer, now: datetime) -> int:
    """Erase what is there again although it had been erased; how many erasures had to be repeated. The log says each."""
    known, done = erasing.hashes_called(session, EVENTS), 0
    for one in kept:
        if one.entry not in known and _is_of_this_log(session, one):
            again = _desk_again if one.subject == DESK_SUBJECT else _case_again
            done += again(session, desk, one, doer, now)
    return done


def _is_of_this_log(session: Session, one: Erased) -> bool:
    """Whether the case with that number is the same one: it began with the same entry."""
    return bool(one.first) and erasing.hashes_of(session, one.subject, {1}).get(1) == one.first


def _words_there(session: Session, one: Erased) -> tuple[tuple[int, str], ...]:
    """The texts that are there again: each belongs to the very entry that it was erased from."""
    hashes = erasing.hashes_of(session, one.subject, {seq for seq, _, _ in one.details})
    there = {(row.seq, row.name) for row in erasing.words_of(session, [one.subject])}
    return tuple((seq, name) for seq, name, entry in one.details if (seq, name) in there and hashes.get(seq) == entry)


def _case_again(session: Session, desk: Desk, one: Erased, doer: Doer, now: datetime) -> bool:
    read = read_case(session, case_id=one.subject)
    if read is None:
        return False
    held = {row.stored for row in erasing.files_there(session, case_id=one.subject)}
    going = everything(session, read) if one.whole else Going(_words_there(session, one), tuple(sorted(held & set(one.files))))
    if not (going.words or going.files):
        return False
    copies: list[str] = []
    if one.whole:
        erasing.drafts_of_case(session, read.head.reference)
        copies = copies_naming(desk, sought([read.head.reference.casefold()]))
    leave_over(session, desk, going.files, copies)
    let_go(session, read, going, AGAIN, doer, now, {"of": one.entry, "ground": one.ground, "account": 0, "whole": one.whole})
    return True


def _desk_again(session: Session, desk: Desk, one: Erased, doer: Doer, now: datetime) -> bool:
    words, row = _words_there(session, one), account_row(session, account_id=one.account) if one.account else None
    if row is not None and (row.email.endswith(f"@{ERASED}") or one.since not in ("", erasing.made_at(session, one.account))):
        row = None
    if not words and row is None:
        return False
    erasing.erase_words(session, DESK_SUBJECT, words)
    names = words_for(row, role_rows(session, account_id=row.id)) if row else ()
    if row is not None:
        account_gone(session, row, names, now)
    leave_over(session, desk, (), copies_naming(desk, sought(names)) if names else ())
    record_for_desk(session, AGAIN, now, doer, {"of": one.entry, "ground": one.ground, "account": one.account, "whole": False,
                                                "details": [list(word) for word in words], "files": []})
    return True
