"""Showing a name that was kept back: the organisation itself may at any time; otherwise one asks, saying why, and another agrees.

It cannot be taken back. The organisation is told before, with a working day to answer, and after.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.act import case_roles
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.cases_met import met
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.casework.notice_texts import NAME_MAY_BE_SHOWN, NAME_SHOWN, NAME_STAYS_BACK, NAME_TO_DECIDE
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, NotPermitted, Refused, StaleCase
from breachdesk.identity import Actor
from breachdesk.permissions import STAND_IN
from breachdesk.store import audit_log, people, schemes, unmaskings
from breachdesk.store.audit_log import salted
from breachdesk.store.cases import CaseRead
from breachdesk.store.notices import notices_queued
from breachdesk.store.session import Session
from breachdesk.store.visibility import STEERING_GROUP
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Party
from breachdesk.workflow.identity_modes import OPEN

REASON = Ask("reason", "Why must the name be shown?", "text", seen_by=STEERING_GROUP,
             hint="The organisation reads this too, and so does whoever decides. For example: what was agreed cannot be carried out "
                  "without it.")
OWN, ASKING, AGREEING, REFUSING = "own", "ask", "agree", "refuse"
_DECIDING = frozenset({"coordinator", STEERING_GROUP})


@dataclass(frozen=True, slots=True)
class Asked:
    """That a name be shown was asked for: by whom, why, and from which day on it can be decided."""

    by: str
    on: date
    why: str
    decide_from: date


@dataclass(frozen=True, slots=True)
class Unnamed:
    """A party whose name is kept back, as one reader knows it, and what that reader can do about it (`ways`). `alone`: the scheme lets
    one person both ask and agree. `why_not` says why somebody who could decide cannot."""

    party: int
    name: str
    mine: bool
    asked: Asked | None
    ways: tuple[str, ...]
    alone: bool
    why_not: str


def unnamed_in(session: Session, desk: Desk, actor: Actor, reference: str) -> tuple[Unnamed, ...]:
    """The parties of a case whose name is kept back. Raises NotFound, or NotPermitted for those who have no say in it."""
    read = _seen(session, actor, reference, to_change=False)
    roles = case_roles(actor, read)
    known = {one.id: one for one in mask_for(session, actor, read, roles).case(read).parties}
    return tuple(_shown(session, desk, actor, read, roles, one, known[one.id].name) for one in _kept_back(read))


def _seen(session: Session, actor: Actor, reference: str, *, to_change: bool) -> CaseRead:
    read, roles = met(session, actor, reference, to_change=to_change)
    if roles.isdisjoint(("complainant", *_DECIDING)):
        raise NotPermitted("Whether a name is shown is for the organisation itself, the coordinator and the steering group.")
    require_declared(session, actor, read, roles)
    return read


def _kept_back(read: CaseRead) -> tuple[Party, ...]:
    return tuple(one for one in read.parties if one.identity != OPEN)


def _shown(session: Session, desk: Desk, actor: Actor, read: CaseRead, roles: frozenset[str], party: Party, name: str) -> Unnamed:
    scheme = schemes.scheme_by_id(session, read.head.scheme_id)
    alone, mine = bool(scheme and scheme.single_officer), party.organisation_id in actor.organisations
    row = unmaskings.waiting(session, party.id)
    asked = _asked(session, desk, read, row) if row else None
    ways = [OWN] if mine else [ASKING] if not asked and "coordinator" in roles else []
    why_not = ""
    if asked and not mine:
        why_not = _why_not_decided(actor, row.asked_by, alone, asked.decide_from, local_day(desk.now(session)))
        ways = [] if why_not else [AGREEING, REFUSING]
    return Unnamed(party.id, name, mine, asked, tuple(ways), alone, why_not)


def _asked(session: Session, desk: Desk, read: CaseRead, row: Any) -> Asked:
    by, at, seq = row.asked_by, row.asked_at, row.asked_seq
    words = {name: value for name, _, value in audit_log.details_of_entry(session, read.head.id, seq)}
    on = local_day(at)
    return Asked(people.names_of(session, [by]).get(by, ""), on, words.get(REASON.name, ""),
                 desk.calendar(session, read.head.calendar_id).working_day_after(on, 1))


def _why_not_decided(actor: Actor, asked_by: int, alone: bool, decide_from: date, today: date) -> str:
    if actor.account_id == asked_by and not alone:
        return "You asked for it yourself, so somebody else decides: another coordinator, a stand-in or a member of the steering group."
    if today < decide_from:
        return f"The organisation was told, and has until then to say something. It can be decided from {said_date(decide_from)} on."
    return ""


def show_own_name(desk: Desk, actor: Actor, reference: str, party_id: int) -> None:
    """The organisation shows its name. Raises NotFound or NotPermitted."""
    def work(session: Session, read: CaseRead, party: Party, now: datetime) -> None:
        _show(session, read, party, Doer(actor.account_id, party.side, party.id), now, asked_by=0, alone=False)
    _do(desk, actor, reference, party_id, OWN, work)


def ask_to_show(desk: Desk, actor: Actor, reference: str, party_id: int, reason: object) -> None:
    """Ask that a name be shown; the organisation is told at once. Raises NotFound, NotPermitted or Invalid."""
    def work(session: Session, read: CaseRead, party: Party, now: datetime) -> None:
        today = local_day(now)
        words = read_answers((REASON,), {REASON.name: reason}, Offered(), today)
        detail = salted(REASON.name, REASON.seen_by, str(words[REASON.name]))
        seq = note_in_case(session, read, "identity:unmask_asked", _officer(actor, read), {"party": party.id}, now, (detail,))
        unmaskings.asked(session, read.head.id, party.id, actor.account_id, now, seq)
        days = {"decide_from": desk.calendar(session, read.head.calendar_id).working_day_after(today, 1).isoformat()}
        session.run(*notices_queued(read.head.id, seq, (NAME_MAY_BE_SHOWN, NAME_TO_DECIDE), party.id, days, now))
    _do(desk, actor, reference, party_id, ASKING, work)


def decide_to_show(desk: Desk, actor: Actor, reference: str, party_id: int, *, agree: bool) -> None:
    """Agree that a name be shown, or not. Raises NotFound, NotPermitted, or Refused with the reason why it cannot be decided now."""
    def work(session: Session, read: CaseRead, party: Party, now: datetime) -> None:
        asked_by = unmaskings.waiting(session, party.id).asked_by
        doer = _officer(actor, read)
        if agree:
            _show(session, read, party, doer, now, asked_by=asked_by, alone=asked_by == actor.account_id)
            return
        unmaskings.decided(session, party.id, actor.account_id, now, False)
        seq = note_in_case(session, read, "identity:unmask_refused", doer, {"party": party.id, "asked_by": asked_by}, now)
        session.run(*notices_queued(read.head.id, seq, (NAME_STAYS_BACK,), party.id, {}, now))
    _do(desk, actor, reference, party_id, AGREEING if agree else REFUSING, work)


Work = Callable[[Session, CaseRead, Party, datetime], None]


def _do(desk: Desk, actor: Actor, reference: str, party_id: int, way: str, work: Work) -> None:
    """One way to deal with a name, when it is open to this person now; everything in one transaction."""
    def within(session: Session) -> None:
        read = _seen(session, actor, reference, to_change=True)
        party = next((one for one in _kept_back(read) if one.id == party_id), None)
        if party is None:
            raise NotFound("No such name is kept back in this case any more.")
        one = _shown(session, desk, actor, read, case_roles(actor, read), party, party.name)
        if way not in one.ways:
            raise Refused(one.why_not) if one.why_not else NotPermitted("This is for somebody else to do, or it has been done already.")
        work(session, read, party, desk.now(session))
    desk.database.transact(within)


def _officer(actor: Actor, read: CaseRead) -> Doer:
    roles = case_roles(actor, read)
    role = STAND_IN if STAND_IN in roles else "coordinator" if "coordinator" in roles else STEERING_GROUP
    return Doer(actor.account_id, role)


def _show(session: Session, read: CaseRead, party: Party, doer: Doer, now: datetime, *, asked_by: int, alone: bool) -> None:
    if not unmaskings.name_shown(session, party.id, OPEN):
        raise StaleCase
    unmaskings.decided(session, party.id, doer.account, now, True)
    seq = note_in_case(session, read, "identity:unmasked", doer, {"party": party.id, "asked_by": asked_by, "single_officer": alone}, now)
    session.run(*notices_queued(read.head.id, seq, (NAME_SHOWN,), party.id, {}, now))

