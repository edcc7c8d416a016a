"""Opening the shared papers of a case in an emergency, for an hour: it asks why, is logged, and tells both sides at once.

Never rooms, notes, or what is the coordinator's or the panel's. Whoever is excluded from the case cannot do it either.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from breachdesk.audit.chain import Doer
from breachdesk.casework.act import case_roles
from breachdesk.casework.case_views import StepView
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.casework.notice_texts import GLASS_BROKEN
from breachdesk.casework.offering import case_words
from breachdesk.casework.timeline import Reader, timeline_of
from breachdesk.errors import Invalid, NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, is_excluded, require
from breachdesk.store import cases, declarations
from breachdesk.store.audit_log import entry_changes, next_entry, salted
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.notices import notices_queued
from breachdesk.store.session import Session
from breachdesk.store.visibility import PUBLIC, SHARED

AN_HOUR = timedelta(hours=1)
SHORTEST_REASON, LONGEST_REASON = 20, 2_000


@dataclass(frozen=True, slots=True)
class Papers:
    """The shared papers of a case while they are open: its sides, and what has happened in the words that everybody in it reads."""

    reference: str
    complainant: str
    respondent: str
    until: datetime
    story: tuple[StepView, ...]


def break_glass(desk: Desk, actor: Actor, reference: str, why: str) -> str:
    """Open a case's shared papers for an hour; its reference. Raises NotPermitted, NotFound, or Invalid by field."""
    require(actor, Permission.BREAK_GLASS)
    why = why.strip()
    if not SHORTEST_REASON <= len(why) <= LONGEST_REASON:
        raise Invalid({"why": f"Say in {SHORTEST_REASON} to {LONGEST_REASON:,} characters what the emergency is"})
    return desk.database.transact(lambda session: _break(session, desk, actor, reference.strip().upper(), why))


def _break(session: Session, desk: Desk, actor: Actor, reference: str, why: str) -> str:
    case = _case(session, actor, reference, to_change=True)
    # Whoever is named in the case has a door of their own: they declare, and the papers open.
    require_declared(session, actor, case, case_roles(actor, case))
    head, now = case.head, desk.now(session)
    until, role = now + AN_HOUR, "coordinator" if any(held == "coordinator" for _, held in actor.roles) else "operator"
    detail = salted("why", SHARED, why)
    entry = next_entry(head, "access:broken_glass", now, Doer(actor.account_id, role),
                       {"until": until.isoformat()}, (detail,))
    changes = [cases.log_moved(head, entry.seq, entry.hash), *entry_changes(entry, (detail,)),
               *notices_queued(head.id, entry.seq, (GLASS_BROKEN,), 0, {}, now),
               declarations.glass_broken(head.id, actor.account_id, now, until, entry.seq)]
    session.change(*changes)
    return head.reference


def _case(session: Session, actor: Actor, reference: str, *, to_change: bool) -> CaseRead:
    case = read_case(session, reference=reference[:40], to_change=to_change)
    if case is None or is_excluded(actor, case.parties, received_on=case.head.received_on, interested=case.holdings.interested,
                                   acted_for_a_side=case.holdings.acted_for_a_side):
        raise NotFound(f"There is no case {reference[:40]} whose papers you could open.")
    return case


def opened_papers(session: Session, desk: Desk, actor: Actor, reference: str) -> Papers:
    """The shared papers, while somebody who has broken the glass may read them. Raises NotFound before and afterwards."""
    case = _case(session, actor, reference, to_change=False)
    until = declarations.glass_open_until(session, case.head.id, actor.account_id, desk.now(session))
    if until is None:
        raise NotFound(f"The papers of {reference[:40]} are not open to you, or no longer.")
    mask = mask_for(session, actor, case, frozenset())
    facts = desk.facts(session, mask.case(case))
    words = case_words(facts)
    reader = Reader(actor.account_id, (PUBLIC, SHARED), frozenset(), mask)
    story = timeline_of(session, partial(desk.procedure, session), facts, case.head.id, reader, words)
    return Papers(case.head.reference, words["complainant"], words["respondent"], until, story)
