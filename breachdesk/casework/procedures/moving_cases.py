"""Open cases moved from one version of a procedure to another by a plan: looked at first, then done case by case, and taken back.

Each case goes in a transaction of its own, with an entry in its log: a move can be stopped and gone on with. What the plan does to a
case is decided in `workflow.moving`. `moving_back` takes a move back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from breachdesk.audit.chain import Doer
from breachdesk.casework.carrying_out import WHOLE, limit_facts
from breachdesk.casework.desk import Desk
from breachdesk.casework.notice_texts import NEW_DAYS
from breachdesk.casework.procedures.publishing import OFFICERS, office, require_for_scheme, version_named
from breachdesk.clock import local_day
from breachdesk.errors import BreachdeskError, NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, require
from breachdesk.store import cases, moves, schemes
from breachdesk.store.audit_log import MIGRATED, entry_changes, next_entry, record_for_desk, salted
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.notices import notices_queued
from breachdesk.store.prepared import Change
from breachdesk.store.session import Session
from breachdesk.store.timers import timer_changes
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.engine import known_to_respondents
from breachdesk.workflow.facts import CaseFacts
from breachdesk.workflow.move_plans import MovePlan, read_plan
from breachdesk.workflow.moving import CaseMove, move_of

AT_A_TIME = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """One case and what the plan does to it; `refused` says why it cannot go."""

    reference: str
    move: CaseMove | None
    next_before: date | None
    next_after: date | None
    refused: str = ""


def finder(desk: Desk, session: Session) -> Callable[[str], Procedure | None]:
    """The versions that this desk holds, by names like “compact-dispute.v1”."""
    def find(name: str) -> Procedure | None:
        called, _, version = name.rpartition(".v")
        try:
            return desk.procedure(session, version_named(session, called, version).digest)
        except NotFound:
            return None
    return find


def plan_of(desk: Desk, text: str, file: str) -> MovePlan:
    """A plan from its file. Raises BadFile with every fault."""
    with desk.database.read() as session:
        return read_plan(text, file, finder(desk, session))


def own_schemes(session: Session, actor: Actor | None) -> tuple[int, ...]:
    """The schemes whose cases somebody moves: those in which they are an officer; all of them for who works at the machine itself."""
    return tuple(one.id for one in schemes.all_schemes(session) if actor is None or any(actor.holds(role, one.id) for role in OFFICERS))


def how_many(desk: Desk, plan: MovePlan, scheme_ids: tuple[int, ...]) -> int:
    """How many open cases there are to move."""
    with desk.database.read() as session:
        return moves.how_many_open(session, plan.old.digest, scheme_ids)


def look_ahead(desk: Desk, plan: MovePlan, scheme_ids: tuple[int, ...]) -> Iterator[Planned]:
    """What the plan would do, case by case; nothing is changed, and never more than a few cases are held at once."""
    after = 0
    while True:
        with desk.database.read() as session:
            today = local_day(desk.now(session))
            found = moves.open_cases(session, plan.old.digest, scheme_ids, after, AT_A_TIME)
            planned = [_planned(desk, session, plan, reference, today) for _, reference in found]
        yield from planned
        if len(found) < AT_A_TIME:
            return
        after = found[-1][0]


def _due_before(case: CaseRead) -> date | None:
    return min((one.due_on for one in case.running if one.due_on and one.limit != WHOLE), default=None)


def _planned(desk: Desk, session: Session, plan: MovePlan, reference: str, today: date) -> Planned:
    case = read_case(session, reference=reference, to_change=False)
    if case is None:
        raise NotFound(f"There is no case {reference}.")
    before = _due_before(case)
    try:
        move = move_of(plan, _facts(desk, session, case), today)
    except BreachdeskError as error:
        return Planned(reference, None, before, None, str(error))
    return Planned(reference, move, before, _next(move))


def _facts(desk: Desk, session: Session, case: CaseRead) -> CaseFacts:
    return desk.facts(session, case)


def _next(move: CaseMove) -> date | None:
    return min((due for limit, _, due in move.clocks.standing if due and limit != WHOLE), default=None)


def move_cases(desk: Desk, actor: Actor, plan: MovePlan) -> Iterator[Planned]:
    """Carry the plan out, case by case. Stopped and begun again with the same plan, it goes on where it was.

    Raises NotPermitted, or Refused for a version that these cases may not go by.
    """
    move_id, scheme_ids = desk.database.transact(lambda session: _begin(session, desk, actor, plan))
    after, moved, refused = 0, 0, 0
    while True:
        with desk.database.read() as session:
            found = moves.open_cases(session, plan.old.digest, scheme_ids, after, AT_A_TIME)
        for case_id, reference in found:
            if done := _moved(desk, actor, plan, move_id, case_id, reference):
                moved, refused = moved + (not done.refused), refused + bool(done.refused)
                yield done
        if len(found) < AT_A_TIME:
            break
        after = found[-1][0]
    desk.database.transact(lambda session: _finish(session, desk, actor, move_id, moved, refused))


def _begin(session: Session, desk: Desk, actor: Actor, plan: MovePlan) -> tuple[int, tuple[int, ...]]:
    require(actor, Permission.CHANGE_PROCEDURES)
    scheme_ids = own_schemes(session, actor)
    head = version_named(session, plan.new.name, plan.new.version)
    for one in schemes.all_schemes(session):
        if one.id in scheme_ids:
            require_for_scheme(head, one)
    begun = next((one.id for one in moves.all_moves(session)
                  if one.plan_digest == plan.digest and one.finished_at is None and one.reverted_at is None), None)
    if begun is None:
        now = desk.now(session)
        begun = moves.begin_move(session, plan.digest, plan.text, plan.old.digest, plan.new.digest, actor.account_id, now)
        record_for_desk(session, "move:began", now, Doer(actor.account_id, office(actor)), {
            "move": begun, "plan_digest": plan.digest, "from": plan.old.digest, "to": plan.new.digest})
    return begun, scheme_ids


def _finish(session: Session, desk: Desk, actor: Actor, move_id: int, moved: int, refused: int) -> None:
    now = desk.now(session)
    moves.note_move(session, move_id, finished_at=now)
    record_for_desk(session, "move:ended", now, Doer(actor.account_id, office(actor)), {
        "move": move_id, "moved": moved, "refused": refused})


def _moved(desk: Desk, actor: Actor, plan: MovePlan, move_id: int, case_id: int, reference: str) -> Planned | None:
    """One case, in a transaction of its own; None when it ended, or was moved, since it was listed."""
    def work(session: Session) -> Planned | None:
        case = read_case(session, case_id=case_id)
        if case is None or case.head.closed_on or case.head.procedure_digest != plan.old.digest:
            return None
        now = desk.now(session)
        facts = _facts(desk, session, case)
        move = move_of(plan, facts, local_day(now))
        _carry_out(session, case, facts, plan, move, move_id, Doer(actor.account_id, office(actor)), now)
        return Planned(reference, move, _due_before(case), _next(move))
    try:
        return desk.database.transact(work)
    except BreachdeskError as error:
        return Planned(reference, None, None, None, str(error))


def _carry_out(session: Session, case: CaseRead, facts: CaseFacts, plan: MovePlan, move: CaseMove, move_id: int, doer: Doer,
               now: datetime) -> None:
    """Write what the move does to one case, with its entry; all of it or none of it."""
    head, seq = case.head, case.head.last_seq + 1
    reason = salted("reason", "shared", plan.reason)
    said = _entry_facts(case, plan, move, move_id)
    entry = next_entry(head, MIGRATED, now, doer, said, (reason,), batch=f"move:{move_id}")
    changes: list[Change] = [moves.case_moved(
        head, procedure_digest=plan.new.digest, status=move.target, stage=move.stage,
        stage_visit=head.stage_visit + (move.left != move.stage), reached_panel=head.reached_panel or move.stage == "panel",
        respondents_told=head.respondents_told or known_to_respondents(plan.new, move.stage),
        has_ledger=head.has_ledger or bool(move.pauses), last_seq=seq, last_hash=entry.hash)]
    changes += entry_changes(entry, (reason,))
    changes += [moves.limit_left(head.id, one.limit, one.subject, now, seq) for one in move.clocks.ended]
    changes += timer_changes(head.id, seq, (), move.clocks.started, now)
    changes += [moves.length_kept(head.id, *one) for one in move.lengths]
    changes += [cases.resumed(one.id, one.ended_on(local_day(now))) for one in facts.pauses if one.id in move.resumes]
    changes += [cases.paused(head.id, one, doer.account) for one in move.pauses]
    changes += [moves.next_due_noted(head.id, WHOLE)]
    if days := _new_days(move):
        changes += notices_queued(head.id, seq, (NEW_DAYS,), 0, days, now)
    session.change(*changes)


def _entry_facts(case: CaseRead, plan: MovePlan, move: CaseMove, move_id: int) -> dict[str, object]:
    before = {(one.limit, one.subject): str(one.lasts) if one.lasts else None for one in case.running}
    return {"move": move_id, "plan_digest": plan.digest, "old_procedure": plan.old.digest, "new_procedure": plan.new.digest,
            "from": move.source, "to": move.target, "stage": move.stage, "limits": limit_facts(move.clocks),
            "rules": [{"limit": one.limit, "party": one.subject, "rule": one.rule, "old_due": _text(one.old_due),
                       "new_due": _text(one.new_due)} for one in move.limits],
            "lengths": [{"limit": limit, "party": subject, "before": before[limit, subject], "after": str(length)}
                        for limit, subject, length in move.lengths],
            "resumed": list(move.resumes), "opened": [one.name for one in move.pauses]}


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _new_days(move: CaseMove) -> dict[str, str]:
    """The new days that both sides have to be told, by “limit/subject”."""
    return {f"{one.limit}/{one.subject}": one.new_due.isoformat() for one in move.limits
            if one.later and one.new_due and one.limit != WHOLE}


def move_numbered(session: Session, move_id: int) -> moves.Move:
    """A move by its number. Raises NotFound, naming those there are."""
    if found := moves.move_by_id(session, move_id):
        return found
    known = ", ".join(str(one.id) for one in moves.all_moves(session))
    raise NotFound(f"There is no move {move_id} on this desk. There is: {known or 'none yet'}.")


def plan_again(desk: Desk, session: Session, move: moves.Move) -> MovePlan:
    """The plan of a move, as it was carried out."""
    return read_plan(move.plan_text, f"the plan of move {move.id}", finder(desk, session))


