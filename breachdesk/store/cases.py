"""A case's rows: read as frozen facts, changed only together with its log entry. The hot path of `casework.act`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import bindparam, false, literal_column, select, true, update

from breachdesk.store.columns import as_day
from breachdesk.store.holdings import NOTHING, Holdings, allegations_asked, allegations_read, read_holdings
from breachdesk.store.prepared import Change, Prepared, PreparedAbout, PreparedInsert
from breachdesk.store.session import Session
from breachdesk.store.tables import AppointmentRow, CaseRow, ExtensionRow, PartyRow, PauseRow, TimerRow, table_of
from breachdesk.store.tables_desk import OrganisationRow, SchemeRow
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Extension, Pause
from breachdesk.timekeeping.limits import WorkingDays, parse_limit
from breachdesk.workflow.facts import (
    Allegation,
    Appointment,
    Candidate,
    CaseFacts,
    ExtensionFact,
    Organisation,
    Party,
    PauseFact,
    Running,
    Taken,
)

CASES, PARTIES, APPOINTMENTS, TIMERS, PAUSES, EXTENSIONS, ORGANISATIONS, SCHEMES = map(
    table_of, (CaseRow, PartyRow, AppointmentRow, TimerRow, PauseRow, ExtensionRow, OrganisationRow, SchemeRow))


@dataclass(frozen=True, slots=True)
class CaseHead:
    """The case's own row, as the transaction found it (and, on PostgreSQL, locked it)."""

    id: int
    scheme_id: int
    reference: str
    procedure_digest: str
    status: str
    stage: str
    stage_visit: int
    version: int
    received_on: date
    tried_directly: bool
    reached_panel: bool
    respondents_told: bool
    has_ledger: bool
    has_holdings: bool
    last_seq: int
    last_hash: str
    outcome: str | None
    closed_on: date | None
    reopened_on: date | None
    event_on: date
    episode: int
    calendar_id: int
    calendars: str
    reviews: str


_HEAD = ("id", "scheme_id", "reference", "procedure_digest", "status", "stage", "stage_visit", "version", "received_on",
         "tried_directly", "reached_panel", "respondents_told", "has_ledger", "has_holdings", "last_seq", "last_hash", "outcome",
         "closed_on", "reopened_on", "event_on", "episode")
_HEAD_QUESTION = (select(*(CASES.c[name] for name in _HEAD), SCHEMES.c.calendar_id, SCHEMES.c.calendars, SCHEMES.c.reviews)
                  .join(SCHEMES, SCHEMES.c.id == CASES.c.scheme_id))


def _questions(of: Any, *, to_change: bool = True) -> tuple[Any, ...]:
    """What is asked of the cases whose ids are among OF: their own rows, and what hangs on them, with the case's id at the end."""
    head = _HEAD_QUESTION.where(CASES.c.id.in_(of)).order_by(CASES.c.id)
    return (
        head.with_for_update(of=CASES) if to_change else head,
        select(PARTIES.c.id, PARTIES.c.organisation_id, PARTIES.c.side, ORGANISATIONS.c.name, ORGANISATIONS.c.sector, PARTIES.c.taken,
               PARTIES.c.taken_visit, PARTIES.c.is_lead, PARTIES.c.left_on, PARTIES.c.identity, PARTIES.c.case_id)
        .join(ORGANISATIONS, ORGANISATIONS.c.id == PARTIES.c.organisation_id)
        .where(PARTIES.c.case_id.in_(of)).order_by(PARTIES.c.id),
        select(TIMERS.c.kind, TIMERS.c.subject, TIMERS.c.generation, TIMERS.c.started_on, TIMERS.c.due_on, TIMERS.c.lasts,
               TIMERS.c.calendar_digest, TIMERS.c.case_id)
        .where(TIMERS.c.case_id.in_(of), TIMERS.c.ended_at.is_(None), TIMERS.c.rung == literal_column("0"))
        .order_by(TIMERS.c.id),
        select(APPOINTMENTS.c.account_id, APPOINTMENTS.c.role, APPOINTMENTS.c.chair, APPOINTMENTS.c.ended_at, APPOINTMENTS.c.case_id)
        .where(APPOINTMENTS.c.case_id.in_(of)).order_by(APPOINTMENTS.c.id),
        allegations_asked(of))


def _question(which: int, of: Any) -> Any:
    return _questions(of)[which]


# By reference all questions go out together, too, before the case's id is known.
_REFERENCED: Any = [select(CASES.c.id).where(CASES.c.reference == bindparam("reference")).scalar_subquery()]
_ASK_BY_REFERENCE = [Prepared(one) for one in _questions(_REFERENCED)]
_ASK_ONLY_TO_READ = [Prepared(one) for one in _questions(_REFERENCED, to_change=False)]
_ASK_BY_ID = [PreparedAbout(partial(_question, which)) for which in range(len(_ASK_BY_REFERENCE))]
_PAUSES = Prepared(select(PAUSES.c.id, PAUSES.c.limits, PAUSES.c.from_on, PAUSES.c.to_on, PAUSES.c.because, PAUSES.c.kind,
                          PAUSES.c.review_on)
                   .where(PAUSES.c.case_id == bindparam("case_id")).order_by(PAUSES.c.id))
_EXTENSIONS = Prepared(select(EXTENSIONS.c.kind, EXTENSIONS.c.subject, EXTENSIONS.c.working_days, EXTENSIONS.c.because)
                       .where(EXTENSIONS.c.case_id == bindparam("case_id"), EXTENSIONS.c.over.is_(false()))
                       .order_by(EXTENSIONS.c.id))


@dataclass(frozen=True, slots=True)
class CaseRead:
    """A case as the transaction found it; `facts()` needs the calendar and, for naming people, the candidates."""

    head: CaseHead
    parties: tuple[Party, ...]
    running: tuple[Running, ...]
    appointments: tuple[Appointment, ...]
    pauses: tuple[PauseFact, ...]
    extensions: tuple[ExtensionFact, ...]
    allegations: tuple[Allegation, ...]
    holdings: Holdings

    def without_limit(self, limit: str, subject: int) -> CaseRead:
        """The case as it is once a limit of it is over."""
        return replace(self, running=tuple(one for one in self.running if (one.limit, one.subject) != (limit, subject)))

    def facts(self, calendar: Calendar, candidates: Mapping[str, Candidate] | None = None,
              history: Mapping[str, Taken] | None = None, organisations: Mapping[str, Organisation] | None = None,
              calendars: Mapping[str, Calendar] | None = None, snapshots: Mapping[str, Calendar] | None = None) -> CaseFacts:
        """The case as a decision sees it. `Desk.facts` knows the calendars: the scheme's further ones by role, earlier ones by digest."""
        head = self.head
        return CaseFacts(head.reference, head.status, head.received_on, head.last_seq, self.parties, calendar, self.running,
                         self.pauses, self.extensions, self.appointments, candidates or {}, head.tried_directly, head.reached_panel,
                         event_on=head.event_on, calendars=calendars or {}, snapshots=snapshots or {},
                         allegations=self.allegations, remedies=self.holdings.remedies, links=self.holdings.links,
                         interested=self.holdings.interested, objected=self.holdings.objected, organisations=organisations or {},
                         outcome=head.outcome or "", history=history or {})


def read_case(session: Session, *, reference: str = "", case_id: int = 0, to_change: bool = True) -> CaseRead | None:
    """Everything a decision needs of one case, by reference or id; None when there is no such case.

    TO_CHANGE takes the case's row (on PostgreSQL) until the transaction ends; pages read by reference without it.
    """
    if not reference:
        return read_cases(session, [case_id]).get(case_id)
    questions = _ASK_BY_REFERENCE if to_change else _ASK_ONLY_TO_READ
    found = _cases(session, session.ask(*((question, {"reference": reference}) for question in questions)))
    return next(iter(found.values()), None)


def read_cases(session: Session, ids: Sequence[int]) -> dict[int, CaseRead]:
    """The same for several that are to be changed, by id, in a few questions; one that is not there is left out."""
    return _cases(session, session.ask_about(ids, *_ASK_BY_ID)) if ids else {}


def _cases(session: Session, found: Sequence[Sequence[tuple[Any, ...]]]) -> dict[int, CaseRead]:
    heads, *hanging = found
    by_case = [_by_case(rows) for rows in hanging]
    return {row[0]: _case(session, _head(row), *(rows[row[0]] for rows in by_case)) for row in heads}


def _by_case(rows: Sequence[tuple[Any, ...]]) -> Mapping[int, list[tuple[Any, ...]]]:
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in rows:
        found[row[-1]].append(row)
    return found


def _case(session: Session, head: CaseHead, parties: Sequence[tuple[Any, ...]], running: Sequence[tuple[Any, ...]],
          appointments: Sequence[tuple[Any, ...]], allegations: Sequence[tuple[Any, ...]]) -> CaseRead:
    pauses, extensions = session.ask((_PAUSES, {"case_id": head.id}), (_EXTENSIONS, {"case_id": head.id})) if head.has_ledger else ([], [])
    holdings = read_holdings(session, head.id) if head.has_holdings else NOTHING
    return CaseRead(
        head,
        holdings.with_representatives(tuple(
            Party(row[0], row[1], row[2], row[3], row[4], frozenset(row[5].split()) if row[6] == head.stage_visit else frozenset(),
                  bool(row[7]), 0, row[8] is not None, row[9]) for row in parties)),
        tuple(Running(row[0], row[1], row[2], as_day(row[3]), as_day(row[4]) if row[4] else None,
                      parse_limit(row[5]) if row[5] else None, row[6]) for row in running),
        tuple(Appointment(row[0], row[1], bool(row[2]), row[3] is not None) for row in appointments),
        tuple(PauseFact(row[0], tuple(row[1].split()), Pause(as_day(row[2]), as_day(row[3]) if row[3] else None, row[4]), row[5],
                        as_day(row[6]) if row[6] else None)
              for row in pauses),
        tuple(ExtensionFact(row[0], row[1], Extension(WorkingDays(row[2]), row[3])) for row in extensions),
        allegations_read(allegations), holdings)


def _head(row: tuple[Any, ...]) -> CaseHead:
    *texts, received_on, tried, reached_panel, told, has_ledger, has_holdings, last_seq, last_hash, outcome = row[:17]
    closed_on, reopened_on, event_on, *rest = row[17:]
    values: Any = (*texts, as_day(received_on), bool(tried), bool(reached_panel), bool(told), bool(has_ledger), bool(has_holdings),
                   last_seq, last_hash, outcome, as_day(closed_on) if closed_on else None, as_day(reopened_on) if reopened_on else None,
                   as_day(event_on), *rest)
    return CaseHead(*values)


_CHANGED = ("status", "stage", "stage_visit", "reached_panel", "respondents_told", "has_ledger", "has_holdings", "next_due_on", "outcome",
            "closed_on", "reopened_on", "episode", "last_seq", "last_hash")
_UPDATE = Prepared(update(CASES).where(CASES.c.id == bindparam("case_id"), CASES.c.version == bindparam("seen_version"))
                   .values({**{name: bindparam(name) for name in _CHANGED}, "version": CASES.c.version + literal_column("1")}))
_LOG_MOVED = Prepared(update(CASES).where(CASES.c.id == bindparam("case_id"), CASES.c.last_seq == bindparam("seen_seq"))
                      .values(last_seq=bindparam("seq"), last_hash=bindparam("head_hash")))
_LINKED = Prepared(update(CASES).where(CASES.c.id == bindparam("case_id"), CASES.c.last_seq == bindparam("seen_seq"))
                   .values(last_seq=bindparam("seq"), last_hash=bindparam("head_hash"), has_holdings=bindparam("held")))
_TAKE = Prepared(update(PARTIES).where(PARTIES.c.id == bindparam("party_id"))
                 .values(taken=bindparam("steps"), taken_visit=bindparam("visit")))
_APPOINT = PreparedInsert(APPOINTMENTS, "case_id", "account_id", "role", "chair", "seq", "from_at")
_RELEASE = Prepared(update(APPOINTMENTS).where(
    APPOINTMENTS.c.case_id == bindparam("of_case"), APPOINTMENTS.c.role == bindparam("of_role"),
    APPOINTMENTS.c.account_id == bindparam("of_account"), APPOINTMENTS.c.ended_at.is_(None)).values(ended_at=bindparam("at")))
_PAUSE = PreparedInsert(PAUSES, "case_id", "kind", "limits", "from_on", "because", "by_account_id", "review_on")
_RESUME = Prepared(update(PAUSES).where(PAUSES.c.id == bindparam("pause_id")).values(to_on=bindparam("day")))
_EXTEND = PreparedInsert(EXTENSIONS, "case_id", "kind", "subject", "working_days", "because", "by_account_id", over=false())
_END_EXTENSIONS = Prepared(
    update(EXTENSIONS).where(EXTENSIONS.c.case_id == bindparam("of_case"), EXTENSIONS.c.kind == bindparam("of_kind"),
                             EXTENSIONS.c.subject == bindparam("of_subject")).values(over=true()))


def case_changed(head: CaseHead, **values: Any) -> Change:
    """The conditional update of the case's row: it touches no row when somebody else was first."""
    return _UPDATE, {"case_id": head.id, "seen_version": head.version, **values}


def log_moved(head: CaseHead, seq: int, last_hash: str) -> Change:
    """A new head of the case's log, for an entry that changes nothing else: nobody's page is out of date because of it."""
    return _LOG_MOVED, {"case_id": head.id, "seen_seq": head.last_seq, "seq": seq, "head_hash": last_hash}


def linked_from(head: CaseHead, seq: int, last_hash: str) -> Change:
    """The same for a case that holds something from now on: another one was linked with it, or somebody has declared an interest."""
    return _LINKED, {"case_id": head.id, "seen_seq": head.last_seq, "seq": seq, "head_hash": last_hash, "held": True}


def step_taken(party_id: int, steps: frozenset[str], visit: int) -> Change:
    return _TAKE, {"party_id": party_id, "steps": " ".join(sorted(steps)), "visit": visit}


def appointed(case_id: int, one: Appointment, seq: int, at: Any) -> Change:
    """Name somebody; SEQ is the entry that says so."""
    return _APPOINT, {"case_id": case_id, "account_id": one.account_id, "role": one.role, "chair": one.chair, "seq": seq, "from_at": at}


def released(case_id: int, one: Appointment, at: Any) -> Change:
    """End one person's role: from that moment the case does not exist for them."""
    return _RELEASE, {"of_case": case_id, "of_role": one.role, "of_account": one.account_id, "at": at}


def paused(case_id: int, fact: PauseFact, account_id: int) -> Change:
    return _PAUSE, {"case_id": case_id, "kind": fact.name, "limits": " ".join(fact.limits), "from_on": fact.pause.from_on,
                    "because": fact.pause.reason, "by_account_id": account_id, "review_on": fact.review_on}


def resumed(pause_id: int, day: date) -> Change:
    return _RESUME, {"pause_id": pause_id, "day": day}


def extended(case_id: int, fact: ExtensionFact, account_id: int) -> Change:
    return _EXTEND, {"case_id": case_id, "kind": fact.limit, "subject": fact.subject, "working_days": fact.extension.by.n,
                     "because": fact.extension.reason, "by_account_id": account_id}


def extensions_over(case_id: int, limit: str, subject: int) -> Change:
    """A run of a limit has ended, and takes with it the time that was added to it."""
    return _END_EXTENSIONS, {"of_case": case_id, "of_kind": limit, "of_subject": subject}
