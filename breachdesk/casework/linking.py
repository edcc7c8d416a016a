"""Cases that belong together: the link in both logs, and the part of a case that goes on as one of its own. Part of `carrying_out`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from breachdesk.audit.chain import GENESIS, Doer, read_body, write_entry
from breachdesk.casework.carrying_out_effects import limits_told
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound
from breachdesk.store import audit_log, cases, holdings, opening, schemes
from breachdesk.store.audit_log import salted
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.columns import as_bytes
from breachdesk.store.prepared import Change
from breachdesk.store.session import Session
from breachdesk.store.timers import timer_changes
from breachdesk.workflow.clocks import Started
from breachdesk.workflow.definition import PARTY_SIDES, Procedure
from breachdesk.workflow.facts import CaseFacts, Link, Party
from breachdesk.workflow.splitting import limits_of_part, start_of_stage


def require_counter(session: Session, link: Link, parties: Sequence[Party]) -> None:
    """A complaint that answers another turns it round. Raises Invalid when its sides are not those of the other case."""
    other = read_case(session, reference=link.reference)
    theirs = {side: {party.organisation_id for party in other.parties if party.side == side} if other else set() for side in PARTY_SIDES}
    ours = {side: {party.organisation_id for party in parties if party.side == side} for side in PARTY_SIDES}
    if not (ours["complainant"] & theirs["respondent"] and ours["respondent"] & theirs["complainant"]):
        raise Invalid({"counter_to": f"{link.reference} is not a complaint of this organisation about yours. Check the reference, or leave "
                                     "it open."})


def link_changes(session: Session, case_id: int, reference: str, link: Link, doer: Doer, now: datetime, batch: str) -> list[Change]:
    """The rows of a link, and the entry about it in the other case's log. Raises NotFound."""
    other = read_case(session, reference=link.reference)
    if other is None:
        raise NotFound(f"There is no case {link.reference} that you can see.")
    head = other.head
    facts = {"case": reference, "kind": link.kind}
    entry = audit_log.next_entry(head, "link:made", now, Doer(doer.account, doer.role), facts, batch=batch)
    return [cases.linked_from(head, entry.seq, entry.hash), *audit_log.entry_changes(entry, ()),
            holdings.linked(case_id, head.id, link.kind)]


def split_off(session: Session, case: CaseRead, procedure: Procedure, facts: CaseFacts, chosen: tuple[int, ...], doer: Doer,
              now: datetime, batch: str) -> str:
    """Make a case of its own of some allegations; its reference.

    It has the same parties (of those complained about, only whom it concerns), words and days of receipt and event, and begins where
    the stage begins at which the case stands. Its log begins with the words of the complaint, under salts of their own.
    """
    scheme = schemes.scheme_by_id(session, case.head.scheme_id)
    if scheme is None:
        raise LookupError(f"{case.head.reference} belongs to no scheme")
    today, moved = local_day(now), [one for one in facts.allegations if one.id in chosen]
    reference = opening.next_reference(session, scheme.id, scheme.reference_prefix, today.year)
    target = start_of_stage(procedure, facts.status)
    case_id = opening.insert_part(session, case.head, reference, target, now)
    concerned = [party for party in facts.on("party") if party.side == "complainant" or any(one.party == party.id for one in moved)]
    parties = opening.insert_parties(session, case_id, concerned)
    known = {old.id: new for old, new in zip(concerned, parties, strict=True)}
    represented = [one for old, new in known.items() for one in opening.copy_representation(session, case_id, old, new.id)]
    allegations = tuple(replace(one, party=known[one.party].id) for one in moved)
    copied = opening.copy_allegations(session, case_id, allegations)
    # What a log of its own does not say, because it happened in the other case.
    carried = {"reached_panel": case.head.reached_panel, "respondents_told": case.head.respondents_told, "allegations": copied,
               "represented": represented, "identities": [[one.id, one.identity] for one in parties]}
    part = CaseFacts(reference, target, facts.received_on, 0, parties, facts.calendar, allegations=allegations,
                     tried_directly=facts.tried_directly, reached_panel=facts.reached_panel, event_on=facts.event_on)
    _begin_log(session, case, case_id, part, limits_of_part(procedure, part, today), carried, doer, now, batch)
    return reference


def _begin_log(session: Session, case: CaseRead, case_id: int, part: CaseFacts, started: tuple[Started, ...],
               carried: dict[str, Any], doer: Doer, now: datetime, batch: str) -> None:
    """The new case's first entry: that of the case it was part of, with what is different."""
    parent: Any = read_body(as_bytes(audit_log.entries_of(session, case.head.id)[0][2]))["facts"]
    own = {"reference": part.reference, "to": part.status, "stage": case.head.stage,
           "procedure": case.head.procedure_digest[:12], "procedure_digest": case.head.procedure_digest,
           "limits": {"ended": [], "started": limits_told(started)},
           "calendar_digest": part.calendar.digest, "effects": {"linked": [case.head.reference, "split"], "carried": carried},
           "answers": {name: answer for name, answer in parent["answers"].items() if name != "commitments"},
           "parties": [{"party": one.id, "organisation": one.organisation_id, "side": one.side} for one in part.parties],
           "allegations": [[one.party, one.commitment, row[0]]
                           for one, row in zip(part.allegations, carried["allegations"], strict=True)]}
    details = [salted(name, audience, value)
               for name, audience, value in audit_log.details_of_entry(session, case.head.id, 1)]
    entry = write_entry(case_id, 1, GENESIS, "case:opened", now, Doer(doer.account, doer.role), parent | own, details,
                        procedure=case.head.procedure_digest, batch=batch)
    next_due = min((one.due_on for one in started if one.due_on), default=None)
    session.run(*audit_log.entry_changes(entry, details), *timer_changes(case_id, 1, (), started, now),
                opening.head_set(case_id, entry.seq, entry.hash, True), holdings.linked(case.head.id, case_id, "split"))
    opening.set_next_due(session, case_id, next_due)
