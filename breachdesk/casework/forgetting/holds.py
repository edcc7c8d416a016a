"""What holds a case back from being erased or disposed of: a request for information or proceedings, set by the coordinator with the reason
and a day of review; and what the case itself says: that it goes on, that something agreed is not done yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.act import case_roles
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.cases_met import met
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, NotPermitted
from breachdesk.identity import Actor
from breachdesk.permissions import STAND_IN
from breachdesk.store import audit_log, holds, reading
from breachdesk.store.audit_log import salted
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session
from breachdesk.store.visibility import COORDINATOR, visible_to
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask

KINDS: Mapping[str, str] = {"foi": "A request for information (FOI) is being dealt with, or its appeal",
                            "legal": "There are proceedings, or they are expected"}
ASKS = (
    Ask("kind", "Why must everything stay?", "choice", choices=KINDS),
    Ask("reason", "Which request or which proceedings?", "text", seen_by=COORDINATOR),
    Ask("review_on", "On which day will you look at it again?", "date", not_before="today",
        hint="After a request for information keep the file for at least four months, or until an appeal has ended."))


@dataclass(frozen=True, slots=True)
class HoldShown:
    """A hold that is on, as whoever coordinates the case reads it; `late`: its day of review has come."""

    number: int
    reference: str
    says: str
    reason: str
    by: str
    since: date
    review_on: date
    late: bool


def held_because(session: Session, case_id: int) -> Iterator[str]:
    """Why nothing of a case may go, in words; nothing when it may."""
    for one in holds.holds_on(session, case_id):
        yield f"{KINDS[one.kind][:1].lower()}{KINDS[one.kind][1:]}; to be looked at again on {said_date(one.review_on)}."
    if holds.remedies_open(session, case_id):
        yield "something that was agreed is not done yet."
    if holds.asked_to_show_a_name(session, case_id):
        yield "somebody asked that a name be shown, and it is not decided."
    if holds.linked_case_open(session, case_id):
        yield "a case that belongs to it goes on."


def set_hold(session: Session, desk: Desk, actor: Actor, reference: str, raw: Mapping[str, object]) -> None:
    """Let nothing of a case go until it is lifted. Raises NotFound, NotPermitted or Invalid."""
    read, now = _mine(session, actor, reference, to_change=True), desk.now(session)
    answers = read_answers(ASKS, raw, Offered(), local_day(now))
    review_on = answers["review_on"]
    if not isinstance(review_on, date):
        raise TypeError("review_on is a date")
    kind = str(answers["kind"])
    detail = salted("reason", COORDINATOR, str(answers["reason"]))
    facts = {"case": read.head.reference, "kind": kind, "review_on": review_on.isoformat()}
    seq = note_in_case(session, read, "hold:set", _doer(actor, read), facts, now, (detail,))
    holds.set_hold(session, read.head.id, kind, actor.account_id, now, review_on, seq)


def lift_hold(session: Session, desk: Desk, actor: Actor, reference: str, number: int) -> None:
    """Let a hold go. Raises NotFound (also when it is not on any more) or NotPermitted."""
    read, now = _mine(session, actor, reference, to_change=True), desk.now(session)
    one = next((one for one in holds.holds_on(session, read.head.id) if one.id == number), None)
    if one is None or not holds.lift(session, number, actor.account_id, now):
        raise NotFound(f"There is no such hold on {read.head.reference} any more.")
    note_in_case(session, read, "hold:lifted", _doer(actor, read), {"case": read.head.reference, "kind": one.kind}, now)


def holdable(session: Session, actor: Actor, reference: str) -> str:
    """The reference of a case that somebody can hold back. Raises NotFound or NotPermitted."""
    return _mine(session, actor, reference, to_change=False).head.reference


def holds_shown(session: Session, desk: Desk, actor: Actor, reference: str = "") -> list[HoldShown]:
    """The holds that are on in the cases that somebody coordinates, or in one of them, by the day of review."""
    today = local_day(desk.now(session))
    seen = reading.ids_seen(session, visible_to(actor))
    return [HoldShown(one.id, one.reference, KINDS[one.kind], _reason(session, one), one.by, local_day(one.set_at), one.review_on,
                      one.review_on <= today)
            for one in holds.holds_on(session) if one.case_id in seen and actor.holds("coordinator", one.scheme_id)
            and reference in ("", one.reference)]


def _reason(session: Session, one: Any) -> str:
    return next((value for name, _, value in audit_log.details_of_entry(session, one.case_id, one.seq) if name == "reason"), "")


def _mine(session: Session, actor: Actor, reference: str, *, to_change: bool) -> CaseRead:
    """A case that the actor coordinates, taken to be changed. Raises NotFound or NotPermitted."""
    read, roles = met(session, actor, reference, to_change=to_change)
    if roles.isdisjoint(("coordinator", STAND_IN)):
        raise NotPermitted("Whoever coordinates the case says whether it must stay.")
    return read


def _doer(actor: Actor, read: CaseRead) -> Doer:
    return Doer(actor.account_id, STAND_IN if STAND_IN in case_roles(actor, read) else "coordinator")
