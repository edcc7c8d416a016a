"""An entry in a case's log about what is no step of its procedure: it moves nothing, and nobody's page is out of date because of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from breachdesk.audit.chain import Detail, Doer
from breachdesk.events import Facts
from breachdesk.store import cases
from breachdesk.store.audit_log import entry_changes, next_entry
from breachdesk.store.cases import CaseRead
from breachdesk.store.prepared import Change
from breachdesk.store.session import Session


def note_in_case(session: Session, read: CaseRead, event: str, doer: Doer, facts: Facts, now: datetime,
                 details: Sequence[Detail] = (), *, key: str | None = None, also: Sequence[Change] = ()) -> int:
    """Write the entry and what ALSO changes with it; its number. READ must have been taken to be changed. KEY: the request that asked.

    Raises StaleCase when somebody was first.
    """
    head = read.head
    entry = next_entry(head, event, now, doer, facts, details)
    session.change(cases.log_moved(head, entry.seq, entry.hash), *entry_changes(entry, details, key), *also)
    return entry.seq
