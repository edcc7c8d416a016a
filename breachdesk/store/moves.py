"""Cases moved from one version of a procedure to another: which are to go, the rows that change with each, and how they change back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, case, func, literal_column, select, update

from breachdesk.audit.chain import read_body
from breachdesk.store.audit_log import MIGRATED
from breachdesk.store.cases import CASES, PAUSES, TIMERS, CaseHead
from breachdesk.store.columns import as_bytes
from breachdesk.store.prepared import Change, Prepared
from breachdesk.store.session import Session
from breachdesk.store.tables import EntryRow, NoticeRow, table_of
from breachdesk.store.tables_desk import MoveRow
from breachdesk.timekeeping.limits import Limit

MOVES, ENTRIES, NOTICES = map(table_of, (MoveRow, EntryRow, NoticeRow))
_VALUES = ("procedure_digest", "status", "stage", "stage_visit", "reached_panel", "respondents_told", "has_ledger", "last_seq", "last_hash")
_UPDATE = Prepared(update(CASES).where(CASES.c.id == bindparam("case_id"), CASES.c.version == bindparam("seen_version"))
                   .values({**{name: bindparam(name) for name in _VALUES}, "version": CASES.c.version + literal_column("1")}))
_OPEN = (TIMERS.c.case_id == bindparam("of_case")) & TIMERS.c.ended_at.is_(None)
_END = Prepared(update(TIMERS).where(_OPEN, TIMERS.c.kind == bindparam("of_kind"), TIMERS.c.subject == bindparam("of_subject"))
                .values(ended_at=bindparam("at"), ending=bindparam("how")))
_LENGTH = Prepared(update(TIMERS).where(_OPEN, TIMERS.c.kind == bindparam("of_kind"), TIMERS.c.subject == bindparam("of_subject"),
                                        TIMERS.c.rung == literal_column("0")).values(lasts=bindparam("length")))
_NEXT_DUE = Prepared(update(CASES).where(CASES.c.id == bindparam("case_id")).values(
    next_due_on=select(func.min(TIMERS.c.due_on)).where(_OPEN, TIMERS.c.rung == literal_column("0"), TIMERS.c.kind != bindparam("whole"))
    .scalar_subquery()))


@dataclass(frozen=True, slots=True)
class Move:
    """One carrying out of a plan."""

    id: int
    plan_digest: str
    plan_text: str
    from_digest: str
    to_digest: str
    begun_at: datetime
    finished_at: datetime | None
    reverted_at: datetime | None


_MOVE = tuple(MOVES.c[name] for name in Move.__slots__)


def all_moves(session: Session) -> list[Move]:
    """Every move, the newest first."""
    return [Move(*row) for row in session.all(select(*_MOVE).order_by(MOVES.c.id.desc()))]


def move_by_id(session: Session, move_id: int) -> Move | None:
    row = session.first(select(*_MOVE).where(MOVES.c.id == move_id))
    return Move(*row) if row else None


def begin_move(session: Session, plan_digest: str, plan_text: str, from_digest: str, to_digest: str, by: int, at: datetime) -> int:
    """A new move; its number."""
    return session.add(MoveRow, plan_digest=plan_digest, plan_text=plan_text, from_digest=from_digest, to_digest=to_digest, begun_by=by,
                       begun_at=at)


def note_move(session: Session, move_id: int, **values: Any) -> None:
    """Keep that a move was finished or reverted."""
    session.execute(update(MOVES).where(MOVES.c.id == move_id).values(**values))


def _going(digest: str, scheme_ids: Collection[int]) -> Any:
    return CASES.c.closed_on.is_(None) & (CASES.c.procedure_digest == digest) & CASES.c.scheme_id.in_(scheme_ids)


def how_many_open(session: Session, digest: str, scheme_ids: Collection[int]) -> int:
    """How many open cases of these schemes are under a version."""
    return int(session.value(select(func.count()).select_from(CASES).where(_going(digest, scheme_ids))))


def open_cases(session: Session, digest: str, scheme_ids: Collection[int], after: int, most: int) -> list[tuple[int, str]]:
    """(id, reference) of the next open cases under a version, by id: a list that is read bit by bit."""
    rows = session.all(select(CASES.c.id, CASES.c.reference).where(_going(digest, scheme_ids), CASES.c.id > after)
                       .order_by(CASES.c.id).limit(most))
    return [(row[0], row[1]) for row in rows]


def entries_of_move(session: Session, move_id: int, after: int, most: int) -> tuple[list[tuple[int, int, Any]], int | None]:
    """(case, number of its entry, facts) of what a move did, bit by bit; and after which entry to go on, None at the end."""
    rows = session.all(select(ENTRIES.c.id, ENTRIES.c.subject, ENTRIES.c.seq, ENTRIES.c.body)
                       .where(ENTRIES.c.event == MIGRATED, ENTRIES.c.id > after).order_by(ENTRIES.c.id).limit(most))
    read: list[tuple[int, int, Any]] = [(row[1], row[2], read_body(as_bytes(row[3]))["facts"]) for row in rows]
    return [one for one in read if one[2]["move"] == move_id], rows[-1][0] if len(rows) == most else None


def case_moved(head: CaseHead, **values: Any) -> Change:
    """The conditional update of the case's row: it touches no row when somebody else was first."""
    return _UPDATE, {"case_id": head.id, "seen_version": head.version, **values}


def limit_left(case_id: int, limit: str, subject: int, at: datetime, seq: int) -> Change:
    """A running limit that the entry SEQ ended, so marked that the very rows can be found again."""
    return _END, {"of_case": case_id, "of_kind": limit, "of_subject": subject, "at": at, "how": _mark(seq)}


def length_kept(case_id: int, limit: str, subject: int, lasts: Limit | str | None) -> Change:
    """The length that a running limit was promised."""
    return _LENGTH, {"of_case": case_id, "of_kind": limit, "of_subject": subject, "length": str(lasts) if lasts else None}


def next_due_noted(case_id: int, whole: str) -> Change:
    """The next day on which something is due, from the timers as they are now; WHOLE is the target that is nobody's deadline."""
    return _NEXT_DUE, {"case_id": case_id, "of_case": case_id, "whole": whole}


def _mark(seq: int) -> str:
    return f"moved by {seq}"


def take_back_timers(session: Session, case_id: int, seq: int, keep: Sequence[tuple[str, int]], at: datetime) -> None:
    """End the timers that the entry SEQ set and let those run again that it ended, but for the limits to KEEP as they are now."""
    kept = [(TIMERS.c.kind == limit) & (TIMERS.c.subject == subject) for limit, subject in keep]
    others = [~one for one in kept]
    of_case = TIMERS.c.case_id == case_id
    session.execute(update(TIMERS).where(of_case, TIMERS.c.generation == seq, TIMERS.c.ended_at.is_(None), *others)
                    .values(ended_at=at, ending="moved back"))
    ran_out = TIMERS.c.fires_at.is_(None) & TIMERS.c.due_on.is_not(None)
    session.execute(update(TIMERS).where(of_case, TIMERS.c.ending == _mark(seq), *others)
                    .values(ended_at=None, ending=case((ran_out, "ran_out"), else_=None)))


def take_back_pauses(session: Session, case_id: int, resumed: Sequence[int], opened: Sequence[str]) -> None:
    """Let the pauses go on that a move ended; those that it opened, and that are open still, took no day."""
    session.execute(update(PAUSES).where(PAUSES.c.id.in_(resumed)).values(to_on=None))
    session.execute(update(PAUSES).where(PAUSES.c.case_id == case_id, PAUSES.c.kind.in_(opened), PAUSES.c.to_on.is_(None))
                    .values(to_on=PAUSES.c.from_on))


def was_told(session: Session, case_id: int, seq: int) -> bool:
    """Whether a message about an entry went out."""
    of_entry = (NOTICES.c.case_id == case_id) & (NOTICES.c.seq == seq)
    told = session.value(select(func.count()).select_from(NOTICES).where(of_entry, NOTICES.c.sent_at.is_not(None)))
    return bool(told)


def take_back_notices(session: Session, case_id: int, seq: int, at: datetime) -> None:
    """Send nothing more about an entry that no longer holds."""
    session.execute(update(NOTICES).where(NOTICES.c.case_id == case_id, NOTICES.c.seq == seq, NOTICES.c.sent_at.is_(None))
                    .values(sent_at=at, trouble="taken back before it was sent"))
