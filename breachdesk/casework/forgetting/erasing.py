"""Erasing a person, or all words and files of a case: one person asks, saying on what ground, and another agrees.

In one transaction words and their salts go, what is held about an account goes or is put in neutral words, and the log says so; what
lies outside the database is cleared away afterwards (`leftovers`). The log's entries stay, and it can still be shown that it is whole.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.cases_met import met
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.erasure_done import case_erased, person_erased
from breachdesk.casework.forgetting.erasure_found import WhatGoes, what_goes
from breachdesk.casework.forgetting.holds import held_because
from breachdesk.casework.forgetting.leftovers import clear_leftovers
from breachdesk.casework.forgetting.letting_go import GROUNDS
from breachdesk.casework.procedures.publishing import OFFICERS, alone_in, office
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, NotPermitted, Refused, StaleCase
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, is_excluded, require
from breachdesk.store import audit_log, erasing, people
from breachdesk.store.audit_log import DESK_SUBJECT, record_for_desk, salted
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.roles import account_row
from breachdesk.store.session import Session
from breachdesk.store.visibility import COORDINATOR
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask

_GROUND = Ask("ground", "On what ground?", "choice", choices=GROUNDS)
ALSO = "also"
PERSON_ASKS = (_GROUND, Ask(ALSO, "Under which other words might they be found?", "line", required=False, seen_by=COORDINATOR,
                            hint="A former name, a telephone number, a nickname; with commas between. These words go with the rest."))
CASE_ASKS = (_GROUND,)


@dataclass(frozen=True, slots=True)
class ToErase:
    """Who or what somebody is about to ask to be erased, why it cannot be now, and the erasure that was asked for already (0: none)."""

    about: str
    in_the_way: tuple[str, ...]
    asked: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """An erasure that was asked for. `about` is who or which case; `why_not` says why this reader cannot decide it."""

    number: int
    about: str
    ground: str
    by: str
    on: date
    why_not: str
    alone: bool
    goes: WhatGoes | None
    in_the_way: tuple[str, ...]


def ask_for_person(session: Session, desk: Desk, actor: Actor, account_id: int, raw: Mapping[str, object]) -> int:
    """Ask that a person be erased; the number of that. Raises NotPermitted, NotFound, Invalid, or Refused with what stands in the way."""
    row = _person(session, actor, account_id)
    answers = read_answers(PERSON_ASKS, raw, Offered(), local_day(desk.now(session)))
    also = str(answers.get(ALSO, ""))
    _require_free(what_goes(session, desk, actor, row, also).in_the_way)
    _require_not_asked(erasing.asked_about(session, account_id=account_id))
    return _ask(session, desk, actor, str(answers["ground"]), account_id=account_id, also=also)


def ask_for_case(session: Session, desk: Desk, actor: Actor, reference: str, raw: Mapping[str, object]) -> int:
    """Ask that all words and files of a case be erased; the number of that. Raises as `ask_for_person` does."""
    read = _case(session, actor, reference, to_change=True)
    answers = read_answers(CASE_ASKS, raw, Offered(), local_day(desk.now(session)))
    _require_free(_case_in_the_way(session, desk, read))
    _require_not_asked(erasing.asked_about(session, case_id=read.head.id))
    return _ask(session, desk, actor, str(answers["ground"]), case=read)


def person_to_erase(session: Session, desk: Desk, actor: Actor, account_id: int) -> ToErase:
    """Whom an officer is about to ask to be erased. Raises NotPermitted or NotFound."""
    row = _person(session, actor, account_id)
    return ToErase(row.name, what_goes(session, desk, actor, row, "").in_the_way, _number(erasing.asked_about(session, account_id=row.id)))


def case_to_erase(session: Session, desk: Desk, actor: Actor, reference: str) -> ToErase:
    """The case whose words its coordinator is about to ask to be erased. Raises NotPermitted or NotFound."""
    read = _case(session, actor, reference, to_change=False)
    asked = erasing.asked_about(session, case_id=read.head.id)
    return ToErase(read.head.reference, _case_in_the_way(session, desk, read), _number(asked))


def _number(row: Any) -> int:
    return row.id if row is not None else 0


def _person(session: Session, actor: Actor, account_id: int) -> Any:
    require(actor, Permission.ERASE)
    row = account_row(session, account_id=account_id)
    if row is None:
        raise NotFound("There is nobody with that number on this desk.")
    return row


def _ask(session: Session, desk: Desk, actor: Actor, ground: str, *, account_id: int = 0, case: CaseRead | None = None,
         also: str = "") -> int:
    now, reference = desk.now(session), case.head.reference if case else ""
    details = [salted(ALSO, COORDINATOR, also)] if also else []
    seq = record_for_desk(session, "erasure:asked", now, Doer(actor.account_id, office(actor)),
                          {"account": account_id, "case": reference, "ground": ground}, details)
    return erasing.asked(session, account_id=account_id or None, case_id=case.head.id if case else None, ground=ground,
                         by=actor.account_id, at=now, seq=seq)


def waiting(session: Session, desk: Desk, actor: Actor) -> list[Waiting]:
    """What was asked for and is not decided, of what this officer may know. Raises NotPermitted."""
    require(actor, Permission.ERASE)
    return [_shown(session, desk, actor, row, None) for row in erasing.waiting(session) if _is_theirs(session, actor, row)]


def one_waiting(session: Session, desk: Desk, actor: Actor, number: int) -> Waiting:
    """One of them, with all that would go. Raises NotPermitted or NotFound."""
    row = _row(session, actor, number)
    goes = _goes(session, desk, actor, row) if row.account_id else None
    return _shown(session, desk, actor, row, goes)


def waiting_about(session: Session, *, account_id: int | None = None, reference: str = "") -> int:
    """The number of what was asked about a person or a case and is not decided. Raises NotFound."""
    case_id = next((number for number, known in erasing.references(session).items() if known == reference), 0)
    row = erasing.asked_about(session, account_id=account_id, case_id=None if account_id else case_id)
    if row is None:
        raise NotFound("Nobody has asked for this. Ask, saying on what ground; then somebody else decides.")
    return int(row.id)


def decide(desk: Desk, actor: Actor, number: int, *, agree: bool, ticked: Collection[str] = ()) -> str:
    """Agree to an erasure, or not; what it was about. TICKED are the keys of what others wrote that goes, too.

    Raises NotPermitted, NotFound, Refused with what stands in the way, or StaleCase.
    """
    about = desk.database.transact(lambda session: _decide(session, desk, actor, number, agree, frozenset(ticked)))
    if agree:
        clear_leftovers(desk)
    return about


def _decide(session: Session, desk: Desk, actor: Actor, number: int, agree: bool, ticked: frozenset[str]) -> str:
    row = _row(session, actor, number)
    if why := _why_not(session, actor, row):
        raise Refused(why)
    now, alone = desk.now(session), row.asked_by == actor.account_id
    if not erasing.decided(session, number, actor.account_id, now, agree):
        raise StaleCase("Somebody else has decided it meanwhile. Look at it again.")
    doer, about = Doer(actor.account_id, office(actor)), _about(session, row)
    read = read_case(session, case_id=row.case_id) if row.case_id else None
    facts = {"account": row.account_id or 0, "case": read.head.reference if read else "", "ground": row.ground, "asked_by": row.asked_by,
             "asked": row.asked_seq}
    if not agree:
        record_for_desk(session, "erasure:refused", now, doer, facts)
    elif read:
        _require_free(_case_in_the_way(session, desk, read))
        case_erased(session, desk, read, doer, now, {**facts, "single_officer": alone})
    else:
        goes = _goes(session, desk, actor, row)
        _require_free(goes.in_the_way)
        person_erased(session, desk, row, goes, ticked, doer, now, {**facts, "single_officer": alone})
    return about


def _goes(session: Session, desk: Desk, actor: Actor, row: Any) -> WhatGoes:
    also = audit_log.details_of_entry(session, DESK_SUBJECT, row.asked_seq)
    return what_goes(session, desk, actor, account_row(session, account_id=row.account_id), ", ".join(value for _, _, value in also),
                     [(row.asked_seq, name) for name, _, _ in also])


def _shown(session: Session, desk: Desk, actor: Actor, row: Any, goes: WhatGoes | None) -> Waiting:
    read = read_case(session, reference=_about(session, row), to_change=False) if row.case_id else None
    in_the_way = goes.in_the_way if goes else _case_in_the_way(session, desk, read) if read else ()
    return Waiting(row.id, _about(session, row), GROUNDS[row.ground], people.names_of(session, [row.asked_by]).get(row.asked_by, ""),
                   local_day(row.asked_at), _why_not(session, actor, row), row.asked_by == actor.account_id, goes, in_the_way)


def _why_not(session: Session, actor: Actor, row: Any) -> str:
    """Why somebody cannot decide; "" when they can."""
    if row.asked_by != actor.account_id or alone_in(session, actor):
        return ""
    return "You asked for it yourself, so somebody else decides: another coordinator, or an operator."


def _row(session: Session, actor: Actor, number: int) -> Any:
    require(actor, Permission.ERASE)
    row = erasing.erasure(session, number)
    if row is None or row.decided_at is not None or not _is_theirs(session, actor, row):
        raise NotFound("There is no such erasure to decide any more.")
    return row


def _is_theirs(session: Session, actor: Actor, row: Any) -> bool:
    """Erasing a person is any officer's to decide; a case's words are its coordinators' and operators', without an interest in it."""
    if row.case_id is None:
        return True
    read = read_case(session, reference=_about(session, row), to_change=False)
    if read is None or is_excluded(actor, read.parties, received_on=read.head.received_on, interested=read.holdings.interested,
                                   acted_for_a_side=read.holdings.acted_for_a_side):
        return False
    return any(actor.holds(role, read.head.scheme_id) for role in OFFICERS)


def _about(session: Session, row: Any) -> str:
    if row.case_id:
        return erasing.references(session)[row.case_id]
    return people.names_of(session, [row.account_id])[row.account_id]


def _case(session: Session, actor: Actor, reference: str, *, to_change: bool) -> CaseRead:
    """A case whose words its coordinator may ask to be erased. Raises NotPermitted or NotFound."""
    require(actor, Permission.ERASE)
    read, roles = met(session, actor, reference, to_change=to_change)
    if "coordinator" not in roles:
        raise NotPermitted("Only the case's coordinator asks that its words be erased.")
    return read


def _case_in_the_way(session: Session, desk: Desk, read: CaseRead) -> tuple[str, ...]:
    head = read.head
    going_on = () if head.closed_on else (f"{head.reference} is open. Wait until it has closed.",)
    return (*going_on, *(f"{head.reference} is held: {why}" for why in held_because(session, head.id)))


def _require_free(in_the_way: Collection[str]) -> None:
    if in_the_way:
        raise Refused(*in_the_way)


def _require_not_asked(row: Any) -> None:
    if row is not None:
        raise Refused("It was asked for before, and waits for somebody to decide. See “Erasures”.")
