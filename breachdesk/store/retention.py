"""What is left in cases that have closed, and since when: what retention asks the tables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, func, or_, select

from breachdesk.store.audit_log import DETAILS, ENTRIES
from breachdesk.store.cases import CASES
from breachdesk.store.rooms import FILES
from breachdesk.store.session import Session

# The steps of a procedure: what was done in a case. Fetching a file or counting days anew is no action in it.
_STEPS = ("case:opened", "case:acted", "case:closed", "case:reopened")


def cases_with_files(session: Session, scheme_id: int) -> Sequence[Any]:
    """(id, reference, last step at) of closed cases that still have files."""
    last = select(func.max(ENTRIES.c.at)).where(ENTRIES.c.subject == CASES.c.id, ENTRIES.c.event.in_(_STEPS)).scalar_subquery()
    there = exists().where(and_(FILES.c.case_id == CASES.c.id, FILES.c.gone_at.is_(None)))
    return session.all(select(CASES.c.id, CASES.c.reference, last.label("last_at"))
                       .where(CASES.c.scheme_id == scheme_id, CASES.c.closed_on.is_not(None), there).order_by(CASES.c.id))


def cases_with_words(session: Session, scheme_id: int, closed_by: date, title_gone: str) -> Sequence[Any]:
    """(id, reference, closed on) of cases that had closed by a day and of which words are left."""
    words = exists().where(DETAILS.c.subject == CASES.c.id)
    return session.all(select(CASES.c.id, CASES.c.reference, CASES.c.closed_on).where(
        CASES.c.scheme_id == scheme_id, CASES.c.closed_on <= closed_by, or_(words, CASES.c.title != title_gone)).order_by(CASES.c.id))


def disposals(session: Session, event: str, most: int) -> Sequence[Any]:
    """(case id, reference, at, body) of the newest entries by which something of a case went because its time was over."""
    return session.all(select(CASES.c.id, CASES.c.reference, ENTRIES.c.at, ENTRIES.c.body).join(CASES, CASES.c.id == ENTRIES.c.subject)
                       .where(ENTRIES.c.event == event).order_by(ENTRIES.c.id.desc()).limit(most))
