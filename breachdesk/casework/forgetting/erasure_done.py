"""An erasure carried out, within the transaction of the decision: `erasing` says whether it may be, this what then goes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from itertools import groupby
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.erasure_found import Found, WhatGoes, sought, words_for
from breachdesk.casework.forgetting.leftovers import copies_naming, leave_over
from breachdesk.casework.forgetting.letting_go import Going, everything, let_go
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.store import audit_log, erasing
from breachdesk.store.audit_log import DESK_SUBJECT, record_for_desk
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.erasing import ERASED
from breachdesk.store.roles import account_row, role_rows
from breachdesk.store.session import Session

DONE = "erasure:done"


def case_erased(session: Session, desk: Desk, read: CaseRead, doer: Doer, now: datetime, facts: Mapping[str, object]) -> None:
    """All words and files of a case, its title, the form that it came from, and copies of mail about it."""
    going = everything(session, read)
    drafts = erasing.drafts_of_case(session, read.head.reference)
    leave_over(session, desk, going.files, copies_naming(desk, sought([read.head.reference.casefold()])))
    let_go(session, read, going, DONE, doer, now, {**facts, "rows": {"drafts": drafts} if drafts else {}})
    record_for_desk(session, DONE, now, doer, {**facts, "details": [], "files": [], "rows": {"words": len(going.words),
                                                                                              "files": len(going.files)}})


def person_erased(session: Session, desk: Desk, row: Any, goes: WhatGoes, ticked: Collection[str], doer: Doer, now: datetime,
                  facts: Mapping[str, object]) -> None:
    """What goes in any case and what was ticked: each case's part with an entry in its own log, then the account, and the desk's entry."""
    account = account_row(session, account_id=row.account_id)
    words = _names(session, account, row)
    chosen = [one for one in goes.listed if one.must or one.key in ticked]
    files = {one.stored for one in chosen if one.stored}
    leave_over(session, desk, files, copies_naming(desk, sought(words)))
    own: list[Found] = []
    for subject, found in groupby(sorted(chosen, key=lambda one: (one.subject, one.seq, one.name)), key=lambda one: one.subject):
        if subject == DESK_SUBJECT:
            own = list(found)
        else:
            _from_case(session, subject, list(found), doer, now, facts)
    erasing.erase_words(session, DESK_SUBJECT, [(one.seq, one.name) for one in own])
    counts = {**account_gone(session, account, words, now), "words": sum(bool(one.name) for one in chosen), "files": len(files)}
    record_for_desk(session, DONE, now, doer, {**facts, "details": [[one.seq, one.name] for one in own], "files": [], "rows": counts})


def _names(session: Session, account: Any, row: Any) -> tuple[str, ...]:
    also = audit_log.details_of_entry(session, DESK_SUBJECT, row.asked_seq)
    return words_for(account, role_rows(session, account_id=account.id), ", ".join(value for _, _, value in also))


def _from_case(session: Session, case_id: int, found: list[Found], doer: Doer, now: datetime, facts: Mapping[str, object]) -> None:
    read = read_case(session, case_id=case_id)
    if read is None:
        raise NotFound("A case in which something was to be erased is not there any more.")
    going = Going(tuple((one.seq, one.name) for one in found if one.name), tuple(sorted({one.stored for one in found if one.stored})))
    let_go(session, read, going, DONE, doer, now, {**facts, "rows": {}})


def account_gone(session: Session, account: Any, words: Collection[str], now: datetime) -> dict[str, int]:
    """Put neutral words in place of an account, and delete what is held about it; how many rows of each kind. WORDS name the person."""
    counts = erasing.forget_account(session, account.id)
    erasing.end_roles_and_memberships(session, account.id, local_day(now))
    erasing.blank_trouble(session, [word for word in words if "@" in word])
    erasing.blank_account(session, account.id, f"Erased person {account.id}", f"erased-{account.id}@{ERASED}")
    return counts
