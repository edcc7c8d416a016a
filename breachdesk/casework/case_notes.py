"""An entry in a case's log about what is no step of its procedure: it moves nothing, and nobody's page is out of date because of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from breachdesk.audit.chain import GENESIS, Detail, Doer, write_entry
from breachdesk.errors import StaleCase
from breachdesk.events import Facts
from breachdesk.store import cases
from breachdesk.store.audit_log import entry_changes
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session


def note_in_case(session: Session, read: CaseRead, event: str, doer: Doer, facts: Facts, now: datetime,
                 details: Sequence[Detail] = ()) -> int:
    """Write the entry; its number. READ must have been taken to be changed. Raises StaleCase when somebody was first."""
    head = read.head
    entry = write_entry(head.id, head.last_seq + 1, head.last_hash or GENESIS, event, now, doer, facts, details)
    if session.run(cases.log_moved(head, entry.seq, entry.hash), *entry_changes(entry, details))[0] != 1:
        raise StaleCase
    return entry.seq
