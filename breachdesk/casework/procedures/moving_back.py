"""A move of cases taken back: procedure, status and due days as they were, for every case that nobody has touched since.

A later day that people were told stays: they were promised it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.carrying_out import WHOLE
from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.moving_cases import AT_A_TIME, move_numbered, own_schemes, plan_again
from breachdesk.casework.procedures.publishing import office
from breachdesk.errors import BreachdeskError, Refused
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, require
from breachdesk.store import moves
from breachdesk.store.audit_log import REVERTED, entry_changes, next_entry, record_for_desk
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.moves import Move
from breachdesk.store.prepared import Change
from breachdesk.store.session import Session
from breachdesk.workflow.move_plans import MovePlan

_Limit = tuple[str, int]


@dataclass(frozen=True, slots=True)
class TakenBack:
    """One case: back where it was, with the limits whose later day was promised and stays; or `left`, and why."""

    reference: str
    status: str
    kept: tuple[tuple[str, date], ...] = ()
    left: str = ""


def revert_move(desk: Desk, actor: Actor, move_id: int) -> Iterator[TakenBack]:
    """Take a move back, case by case. Stopped and begun again it goes on. Raises NotPermitted, NotFound or Refused."""
    require(actor, Permission.CHANGE_PROCEDURES)
    with desk.database.read() as session:
        move = move_numbered(session, move_id)
        plan, scheme_ids = plan_again(desk, session, move), own_schemes(session, actor)
    if move.reverted_at:
        raise Refused(f"Move {move_id} was taken back already.")
    back, left, after = 0, 0, 0
    while True:
        with desk.database.read() as session:
            found, further = moves.entries_of_move(session, move_id, after, AT_A_TIME)
        for case_id, seq, facts in found:
            if done := _taken_back(desk, actor, plan, (case_id, seq, facts), scheme_ids):
                back, left = back + (not done.left), left + bool(done.left)
                yield done
        if further is None:
            break
        after = further
    desk.database.transact(lambda session: _finish(session, desk, actor, move, back, left))


def _finish(session: Session, desk: Desk, actor: Actor, move: Move, back: int, left: int) -> None:
    now = desk.now(session)
    moves.note_move(session, move.id, reverted_at=now, reverted_by=actor.account_id)
    record_for_desk(session, "move:reverted", now, Doer(actor.account_id, office(actor)), {"move": move.id, "reverted": back, "left": left})


def _taken_back(desk: Desk, actor: Actor, plan: MovePlan, moved: tuple[int, int, Any], scheme_ids: tuple[int, ...]) -> TakenBack | None:
    """One case, in a transaction of its own; None when it was taken back before."""
    case_id, seq, facts = moved

    def work(session: Session) -> TakenBack | None:
        case = read_case(session, case_id=case_id)
        if case is None or case.head.procedure_digest != plan.new.digest:
            return None
        head = case.head
        if why := _why_left(case, seq, scheme_ids):
            return TakenBack(head.reference, head.status, left=why)
        kept = _promised(session, case, seq, facts)
        _carry_out(session, desk, case, plan, (seq, facts), kept, Doer(actor.account_id, office(actor)))
        return TakenBack(head.reference, facts["from"], tuple((limit, day) for (limit, _), day in kept.items()))
    try:
        return desk.database.transact(work)
    except BreachdeskError as error:
        return TakenBack(f"case {case_id}", "", left=str(error))


def _why_left(case: CaseRead, seq: int, scheme_ids: tuple[int, ...]) -> str:
    if case.head.scheme_id not in scheme_ids:
        return "it belongs to a scheme in which you are no coordinator or operator"
    since = case.head.last_seq - seq
    return f"it was touched since: {since} {'entry' if since == 1 else 'entries'} in its log" if since else ""


def _promised(session: Session, case: CaseRead, seq: int, facts: Any) -> dict[_Limit, date]:
    """The limits whose later day people were told."""
    if not moves.was_told(session, case.head.id, seq):
        return {}
    told = {(one["limit"], one["party"]): date.fromisoformat(one["new_due"]) for one in facts["rules"]
            if one["old_due"] and one["new_due"] and one["new_due"] > one["old_due"] and one["limit"] != WHOLE}
    running = {(one.limit, one.subject) for one in case.running}
    return {limit: day for limit, day in told.items() if limit in running}


def _carry_out(session: Session, desk: Desk, case: CaseRead, plan: MovePlan, moved: tuple[int, Any], kept: dict[_Limit, date],
               doer: Doer) -> None:
    head, now, (seq, facts) = case.head, desk.now(session), moved
    stage = plan.old.statuses[facts["from"]].stage
    lengths = _lengths_told(case, plan, kept)
    said = _entry_facts(plan, facts, stage, kept, lengths)
    entry = next_entry(head, REVERTED, now, doer, said, batch=f"move:{said['move']}")
    changes: list[Change] = [moves.case_moved(
        head, procedure_digest=plan.old.digest, status=facts["from"], stage=stage, stage_visit=head.stage_visit - (stage != head.stage),
        reached_panel=head.reached_panel, respondents_told=head.respondents_told, has_ledger=head.has_ledger,
        last_seq=entry.seq, last_hash=entry.hash)]
    session.change(*changes, *entry_changes(entry, ()))
    moves.take_back_timers(session, head.id, seq, list(kept), now)
    moves.take_back_pauses(session, head.id, facts["resumed"], facts["opened"])
    moves.take_back_notices(session, head.id, seq, now)
    session.run(*_lengths(head.id, facts, lengths), moves.next_due_noted(head.id, WHOLE))


def _lengths_told(case: CaseRead, plan: MovePlan, kept: dict[_Limit, date]) -> dict[_Limit, str]:
    """The length that gave each limit the later day that people were told."""
    return {(one.limit, one.subject): str(one.lasts or plan.new.limits[one.limit].lasts)
            for one in case.running if (one.limit, one.subject) in kept}


def _lengths(case_id: int, facts: Any, lengths: dict[_Limit, str]) -> list[Change]:
    """What each limit that stayed was promised before; and one whose later day was told keeps the length that gave it."""
    changes = [moves.length_kept(case_id, one["limit"], one["party"], one["before"]) for one in facts["lengths"]]
    return changes + [moves.length_kept(case_id, limit, subject, length) for (limit, subject), length in lengths.items()]


def _entry_facts(plan: MovePlan, facts: Any, stage: str, kept: dict[_Limit, date], lengths: dict[_Limit, str]) -> dict[str, object]:
    """As the log keeps it: each limit that went over is replaced by what it was before."""
    taken = [one for one in facts["limits"]["ended"] if (one["limit"], one["party"]) not in kept]
    gone = [one for one in facts["limits"]["started"] if (one["limit"], one["party"]) not in kept]
    again = {(one["limit"], one["party"]) for one in taken}
    ended = [{**one, "ending": "replaced" if (one["limit"], one["party"]) in again else "moot"} for one in gone]
    started = [{"limit": one["limit"], "party": one["party"], "due_on": one["due_on"]} for one in taken]
    return {"move": facts["move"], "old_procedure": plan.old.digest, "new_procedure": plan.new.digest, "from": facts["to"],
            "to": facts["from"], "stage": stage, "limits": {"ended": ended, "started": started},
            "kept": [{"limit": limit, "party": subject, "due_on": day.isoformat(), "lasts": lengths[limit, subject]}
                     for (limit, subject), day in kept.items()]}
