"""What a case holds, as rows: allegations, remedies, interests, representatives, links. Read as facts, changed with the log's entry.

All but the allegations are rare, so they are read only when the case's own row says that there are any (`has_holdings`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, case, literal_column, or_, select, update

from breachdesk.store.columns import as_day
from breachdesk.store.organisations import SUCCEEDED
from breachdesk.store.prepared import Change, Prepared, PreparedInsert
from breachdesk.store.session import Session
from breachdesk.store.tables import AllegationRow, CaseRow, PartyRow, table_of
from breachdesk.store.tables_held import InterestRow, LinkRow, RemedyRow, RepresentationRow
from breachdesk.workflow.facts import Allegation, Link, Party, Remedy

CASES, PARTIES, ALLEGATIONS, REMEDIES, INTERESTS, REPRESENTATIONS, LINKS = map(
    table_of, (CaseRow, PartyRow, AllegationRow, RemedyRow, InterestRow, RepresentationRow, LinkRow))
# Why somebody is excluded from a case.
DECLARED, OBJECTION = "declared", "objection"


@dataclass(frozen=True, slots=True)
class Holdings:
    """What a case holds beside its parties and allegations. `acted_for_a_side`: organisations that ever did, also those that stopped."""

    remedies: tuple[Remedy, ...] = ()
    interested: frozenset[int] = frozenset()
    links: tuple[Link, ...] = ()
    represented: tuple[tuple[int, int], ...] = ()
    acted_for_a_side: frozenset[int] = frozenset()
    objected: frozenset[int] = frozenset()

    def with_representatives(self, parties: tuple[Party, ...]) -> tuple[Party, ...]:
        acting = dict(self.represented)
        return tuple(replace(one, represented_by=acting.get(one.id, 0)) for one in parties) if acting else parties


NOTHING = Holdings()


def allegations_asked(of: Any) -> Any:
    """The question for the allegations of the cases whose ids are among OF; the hot path asks it together with its others."""
    return (select(ALLEGATIONS.c.id, ALLEGATIONS.c.party_id, ALLEGATIONS.c.commitment_id, ALLEGATIONS.c.admissible,
                   ALLEGATIONS.c.position, ALLEGATIONS.c.ending, ALLEGATIONS.c.case_id)
            .where(ALLEGATIONS.c.case_id.in_(of)).order_by(ALLEGATIONS.c.id))


def allegations_read(rows: Sequence[tuple[Any, ...]]) -> tuple[Allegation, ...]:
    return tuple(Allegation(row[0], row[1], row[2], None if row[3] is None else bool(row[3]), row[4] or "", row[5] or "") for row in rows)


_REMEDIES = Prepared(select(REMEDIES.c.number, REMEDIES.c.kind, REMEDIES.c.owner_id, REMEDIES.c.due_on, REMEDIES.c.state)
                     .where(REMEDIES.c.case_id == bindparam("case_id")).order_by(REMEDIES.c.number))
_INTERESTS = Prepared(select(INTERESTS.c.account_id, INTERESTS.c.because).where(INTERESTS.c.case_id == bindparam("case_id")))
_REPRESENTATIONS = Prepared(select(REPRESENTATIONS.c.party_id, REPRESENTATIONS.c.organisation_id, REPRESENTATIONS.c.ended_at)
                            .where(REPRESENTATIONS.c.case_id == bindparam("case_id")))
_OUT = LINKS.c.case_id == bindparam("case_id")
_OTHER = case((_OUT, LINKS.c.other_id), else_=LINKS.c.case_id)
_LINKS = Prepared(select(CASES.c.reference, LINKS.c.kind, LINKS.c.case_id).join(CASES, CASES.c.id == _OTHER)
                  .where(or_(_OUT, LINKS.c.other_id == bindparam("case_id"))).order_by(LINKS.c.id))


def read_holdings(session: Session, case_id: int) -> Holdings:
    """All that one case holds beside its parties and allegations."""
    params = {"case_id": case_id}
    remedies, interests, represented, links = session.ask(*((one, params) for one in (_REMEDIES, _INTERESTS, _REPRESENTATIONS, _LINKS)))
    return Holdings(
        tuple(Remedy(row[0], row[1], row[2], as_day(row[3]) if row[3] else None, row[4]) for row in remedies),
        frozenset(row[0] for row in interests), tuple(Link(row[0], row[1], row[2] == case_id) for row in links),
        tuple((row[0], row[1]) for row in represented if row[2] is None), frozenset(row[1] for row in represented),
        frozenset(row[0] for row in interests if row[1] == OBJECTION))


def remedy_rows(session: Session, case_id: int) -> Sequence[Any]:
    """(number, kind, owner_id, due_on, state, added_seq, settled_seq) of a case's remedies, for pages."""
    return session.all(select(REMEDIES).where(REMEDIES.c.case_id == case_id).order_by(REMEDIES.c.number))


_END_ALLEGATIONS = Prepared(update(ALLEGATIONS).where(ALLEGATIONS.c.case_id == bindparam("of_case"), ALLEGATIONS.c.ending.is_(None))
                            .values(ending=bindparam("outcome")))
# What ended with the case goes on with it; what had been refused as a whole is decided anew.
_REOPEN = Prepared(
    update(ALLEGATIONS).where(ALLEGATIONS.c.case_id == bindparam("of_case"), ALLEGATIONS.c.ending == bindparam("outcome"))
    .values(ending=literal_column("NULL"), admissible=case((ALLEGATIONS.c.admissible, ALLEGATIONS.c.admissible), else_=None)))
_DECIDE = Prepared(update(ALLEGATIONS).where(ALLEGATIONS.c.id == bindparam("allegation"))
                   .values(admissible=bindparam("admitted"), decided_seq=bindparam("at_seq"), ending=bindparam("how")))
_TAKE_POSITION = Prepared(update(ALLEGATIONS).where(ALLEGATIONS.c.id == bindparam("allegation")).values(position=bindparam("taken")))
_PART = Prepared(update(ALLEGATIONS).where(ALLEGATIONS.c.id == bindparam("allegation")).values(ending=literal_column("'split'")))
_ADD_REMEDY = PreparedInsert(REMEDIES, "case_id", "number", "kind", "owner_id", "due_on", "state", "added_seq")
_SETTLE = Prepared(update(REMEDIES).where(REMEDIES.c.case_id == bindparam("of_case"), REMEDIES.c.number == bindparam("remedy"))
                   .values(state=bindparam("now"), settled_seq=bindparam("at_seq")))
_EXCLUDE = PreparedInsert(INTERESTS, "case_id", "account_id", "seq", "because")
_REPRESENT = PreparedInsert(REPRESENTATIONS, "case_id", "party_id", "organisation_id", "consent_on")
_STOP_REPRESENTING = Prepared(update(REPRESENTATIONS).where(REPRESENTATIONS.c.party_id == bindparam("of_party"),
                                                            REPRESENTATIONS.c.ended_at.is_(None)).values(ended_at=bindparam("at")))
_SUCCEED = Prepared(update(PARTIES).where(PARTIES.c.id == bindparam("party_id")).values(organisation_id=bindparam("successor")))
_LEAVE = Prepared(update(PARTIES).where(PARTIES.c.id == bindparam("party_id")).values(left_on=bindparam("day")))
_LINK = PreparedInsert(LINKS, "case_id", "other_id", "kind")


def allegations_ended(case_id: int, outcome: str) -> Change:
    return _END_ALLEGATIONS, {"of_case": case_id, "outcome": outcome}


def allegations_reopened(case_id: int, outcome: str) -> Change:
    return _REOPEN, {"of_case": case_id, "outcome": outcome}


def decided(allegation: int, admitted: bool, seq: int) -> Change:
    return _DECIDE, {"allegation": allegation, "admitted": admitted, "at_seq": seq, "how": None if admitted else "inadmissible"}


def position_taken(allegation: int, position: str) -> Change:
    return _TAKE_POSITION, {"allegation": allegation, "taken": position}


def parted(allegation: int) -> Change:
    return _PART, {"allegation": allegation}


def remedy_added(case_id: int, remedy: Remedy, seq: int) -> Change:
    return _ADD_REMEDY, {"case_id": case_id, "number": remedy.number, "kind": remedy.kind, "owner_id": remedy.owner,
                         "due_on": remedy.due_on, "state": remedy.state, "added_seq": seq}


def remedy_settled(case_id: int, remedy: Remedy, seq: int) -> Change:
    return _SETTLE, {"of_case": case_id, "remedy": remedy.number, "now": remedy.state, "at_seq": seq}


def excluded(case_id: int, account_id: int, seq: int, because: str) -> Change:
    return _EXCLUDE, {"case_id": case_id, "account_id": account_id, "seq": seq, "because": because}


def represented(case_id: int, party_id: int, organisation_id: int, since: date, at: Any) -> list[Change]:
    """One organisation acts for a party; whoever did before does so no more."""
    return [(_STOP_REPRESENTING, {"of_party": party_id, "at": at}),
            (_REPRESENT, {"case_id": case_id, "party_id": party_id, "organisation_id": organisation_id, "consent_on": since})]


def succeeded(party_id: int, organisation_id: int, day: date) -> list[Change]:
    """An organisation takes a party's place, and is its successor from then on outside the case too."""
    return [(SUCCEEDED, {"party_id": party_id, "successor": organisation_id, "day": day}),
            (_SUCCEED, {"party_id": party_id, "successor": organisation_id})]


def left(party_id: int, day: date) -> Change:
    return _LEAVE, {"party_id": party_id, "day": day}


def linked(case_id: int, other_id: int, kind: str) -> Change:
    return _LINK, {"case_id": case_id, "other_id": other_id, "kind": kind}
