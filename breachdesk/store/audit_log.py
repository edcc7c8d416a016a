"""The log's rows: written in the transaction of the change, read in order. Nothing here updates or deletes an entry."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from breachdesk.audit.chain import GENESIS, Detail, Doer, Entry, read_body, write_entry
from breachdesk.events import Facts
from breachdesk.store.cases import CaseHead
from breachdesk.store.columns import as_bytes
from breachdesk.store.prepared import Change, Prepared, PreparedInsert
from breachdesk.store.session import Session
from breachdesk.store.tables import CaseRow, DetailRow, EntryRow, table_of
from breachdesk.store.tables_desk import DeskRow
from breachdesk.store.visibility import SHARED
from breachdesk.workflow.facts import RanOut, Taken

ENTRIES, DETAILS, CASES, DESK = map(table_of, (EntryRow, DetailRow, CaseRow, DeskRow))
_ADD_ENTRY = PreparedInsert(ENTRIES, "subject", "seq", "event", "at", "body", "prev_hash", "hash", "request_key")
_ADD_DETAIL = PreparedInsert(DETAILS, "subject", "seq", "name", "audience", "salt", "value")
DESK_SUBJECT = 0
MIGRATED, REVERTED = CHANGES_OF_VERSION = ("case:migrated", "case:migration_reverted")
RECOUNTED = "case:recounted"
_SALT_BYTES = 32


def salted(name: str, audience: str, value: str) -> Detail:
    """Words for an entry, with a salt of their own."""
    return Detail(name, audience, os.urandom(_SALT_BYTES), value)


def entry_changes(entry: Entry, details: Sequence[Detail], request_key: str | None = None) -> list[Change]:
    """The inserts that record an entry and the words bound to it."""
    row = {"subject": entry.subject, "seq": entry.seq, "event": entry.event, "at": entry.at, "body": entry.body,
           "prev_hash": entry.prev_hash, "hash": entry.hash, "request_key": request_key}
    changes: list[Change] = [(_ADD_ENTRY, row)]
    changes += [(_ADD_DETAIL, {"subject": entry.subject, "seq": entry.seq, "name": one.name, "audience": one.audience,
                               "salt": one.salt, "value": one.value}) for one in details]
    return changes


def next_entry(head: CaseHead, event: str, at: datetime, doer: Doer, facts: Facts, details: Sequence[Detail] = (),
               after: Entry | None = None, *, batch: str = "") -> Entry:
    """The next entry in a case's log, under the version of the procedure by which the case goes until then; or the one AFTER that."""
    seq, last = (after.seq, after.hash) if after else (head.last_seq, head.last_hash or GENESIS)
    return write_entry(head.id, seq + 1, last, event, at, doer, facts, details,
                       procedure=head.procedure_digest, batch=batch)


_HEAD_OF_DESK = select(DESK.c.last_seq, DESK.c.last_hash).where(DESK.c.id == 1).with_for_update()
_HEAD_SET = Prepared(update(DESK).where(DESK.c.id == 1).values(last_seq=bindparam("seq"), last_hash=bindparam("head")))


def record_for_desk(session: Session, event: str, at: datetime, doer: Doer, facts: Facts, details: Sequence[Detail] = (), *,
                    batch: str = "") -> int:
    """Add an entry to the desk's own chain; its number. The desk's row is its lock."""
    head = session.first(_HEAD_OF_DESK)
    if head is None:
        raise LookupError("this database holds no desk")
    entry = write_entry(DESK_SUBJECT, head[0] + 1, head[1] or GENESIS, event, at, doer, facts, details, batch=batch)
    session.run(*entry_changes(entry, details), (_HEAD_SET, {"seq": entry.seq, "head": entry.hash}))
    return entry.seq


def ends_of_chains(session: Session) -> Iterator[tuple[int, int, str]]:
    """(subject, last seq, last hash) of every chain, as the desk's row and each case's say."""
    for question in (_END_OF_DESK, _ENDS_OF_CASES):
        for part in session.parts(question, {}, 2_000):
            yield from part


_END_OF_DESK = Prepared(select(DESK.c.id - 1, DESK.c.last_seq, DESK.c.last_hash).where(DESK.c.id == 1))
_ENDS_OF_CASES = Prepared(select(CASES.c.id, CASES.c.last_seq, CASES.c.last_hash).order_by(CASES.c.id))


def name_of_chain(session: Session, subject: int) -> str:
    """What a chain is called: the case's reference."""
    if subject == DESK_SUBJECT:
        return "The desk's own log"
    return session.value(select(CASES.c.reference).where(CASES.c.id == subject)) or f"Case number {subject}"


def chain_heads(session: Session) -> list[tuple[int, str, int, str]]:
    """(subject, name, last seq, last hash) of every chain: the desk's own, then each case's."""
    desk = session.first(select(DESK.c.last_seq, DESK.c.last_hash))
    heads = [(DESK_SUBJECT, "The desk's own log", desk[0], desk[1])] if desk else []
    cases = session.all(select(CASES.c.id, CASES.c.reference, CASES.c.last_seq, CASES.c.last_hash).order_by(CASES.c.id))
    return heads + [(row[0], row[1], row[2], row[3]) for row in cases]


_ENTRIES_OF = (select(ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.body, ENTRIES.c.hash)
               .where(ENTRIES.c.subject == bindparam("chain")).order_by(ENTRIES.c.seq))


def entries_of(session: Session, subject: int) -> list[tuple[int, str, bytes, str]]:
    """(seq, event, body, hash) of a case's entries, oldest first."""
    return [(row[0], row[1], as_bytes(row[2]), row[3]) for row in session.all(_ENTRIES_OF, {"chain": subject})]


def scheme_entries(session: Session, scheme_id: int) -> Iterator[tuple[int, str, bytes]]:
    """(case id, event, body) of all entries of a scheme's cases, in the order of the log: what figures are made of."""
    found = session.streamed(1000,
        select(ENTRIES.c.subject, ENTRIES.c.event, ENTRIES.c.body).join(CASES, CASES.c.id == ENTRIES.c.subject)
        .where(CASES.c.scheme_id == scheme_id).order_by(ENTRIES.c.id))
    for row in found:
        yield row[0], row[1], as_bytes(row[2])


_DESK_ENTRIES = (select(ENTRIES.c.body).where(ENTRIES.c.subject == DESK_SUBJECT, ENTRIES.c.event == bindparam("called"))
                 .order_by(ENTRIES.c.seq))


def desk_entries_called(session: Session, event: str) -> Iterator[bytes]:
    """The desk's own entries of one kind, oldest first."""
    return (as_bytes(row[0]) for row in session.all(_DESK_ENTRIES, {"called": event}))


_DETAILS_OF = (select(DETAILS.c.seq, DETAILS.c.name, DETAILS.c.value)
               .where(DETAILS.c.subject == bindparam("chain"), DETAILS.c.audience.in_(bindparam("compartments"))))


def details_of(session: Session, subject: int, compartments: Sequence[str]) -> dict[tuple[int, str], str]:
    """(seq, name) → words, of those that the reader may see."""
    rows = session.all(_DETAILS_OF, {"chain": subject, "compartments": compartments})
    return {(row[0], row[1]): row[2] for row in rows}


def details_of_entry(session: Session, subject: int, seq: int) -> list[tuple[str, str, str]]:
    """(name, audience, words) of all that one entry binds."""
    rows = session.all(select(DETAILS.c.name, DETAILS.c.audience, DETAILS.c.value)
                       .where(DETAILS.c.subject == subject, DETAILS.c.seq == seq).order_by(DETAILS.c.name))
    return [(row[0], row[1], row[2]) for row in rows]


_AUDIENCES = select(DETAILS.c.audience).where(DETAILS.c.subject == bindparam("chain"), DETAILS.c.seq == bindparam("number")).distinct()


def compartment_of_entry(session: Session, subject: int, seq: int) -> str:
    """The compartment in which all words of an entry lie; `shared` when they lie in several, or there are none."""
    found = session.all(_AUDIENCES, {"chain": subject, "number": seq})
    return str(found[0][0]) if len(found) == 1 else SHARED


def words_with_bodies(session: Session) -> Iterator[tuple[int, int, str, bytes, str, bytes | None]]:
    """(subject, seq, name, salt, words, body of the entry or None) of all words that are kept apart, for checking them against the log."""
    found = session.streamed(1000,
        select(DETAILS.c.subject, DETAILS.c.seq, DETAILS.c.name, DETAILS.c.salt, DETAILS.c.value, ENTRIES.c.body)
        .outerjoin(ENTRIES, (ENTRIES.c.subject == DETAILS.c.subject) & (ENTRIES.c.seq == DETAILS.c.seq))
        .order_by(DETAILS.c.subject, DETAILS.c.seq, DETAILS.c.name))
    for row in found:
        yield row[0], row[1], row[2], as_bytes(row[3]), row[4], None if row[5] is None else as_bytes(row[5])


def words_of_entries(session: Session, entries: Collection[tuple[int, int]]) -> list[tuple[int, int, str]]:
    """(subject, seq, name) of the words that are there of some entries."""
    return [(row[0], row[1], row[2]) for subject, seq in sorted(entries) for row in session.all(
        select(DETAILS.c.subject, DETAILS.c.seq, DETAILS.c.name).where(DETAILS.c.subject == subject, DETAILS.c.seq == seq))]


def entries_that_bind(session: Session) -> Iterator[tuple[int, int, bytes]]:
    """(subject, seq, body) of every entry that binds words, in the order of the log. The whole log is read for it."""
    last = 0
    while rows := session.all(select(ENTRIES.c.id, ENTRIES.c.subject, ENTRIES.c.seq, ENTRIES.c.body)
                              .where(ENTRIES.c.id > last).order_by(ENTRIES.c.id).limit(1_000)):
        last = rows[-1].id
        yield from ((row.subject, row.seq, body) for row in rows if b'"details":{}' not in (body := as_bytes(row.body)))


def entries_called(session: Session, events: Sequence[str]) -> list[tuple[int, bytes]]:
    """(subject, body) of all entries of some kinds, the oldest of each kind first."""
    # Asked for in the order of all, SQLite reads the whole log for them instead of the index.
    rows = session.all(select(ENTRIES.c.subject, ENTRIES.c.body).where(ENTRIES.c.event.in_(events)).order_by(ENTRIES.c.event, ENTRIES.c.id))
    return [(row[0], as_bytes(row[1])) for row in rows]


def body_of(session: Session, subject: int, seq: int) -> bytes | None:
    found = session.value(select(ENTRIES.c.body).where(ENTRIES.c.subject == subject, ENTRIES.c.seq == seq))
    return None if found is None else as_bytes(found)


def entry_with_key(session: Session, subject: int, request_key: str) -> int | None:
    """The entry that was written for this very request, if it was."""
    found = session.value(select(ENTRIES.c.seq).where(ENTRIES.c.subject == subject, ENTRIES.c.request_key == request_key))
    return None if found is None else int(found)


def entry_exists(session: Session, subject: int, seq: int) -> bool:
    return session.value(select(ENTRIES.c.id).where(ENTRIES.c.subject == subject, ENTRIES.c.seq == seq)) is not None


def history_of(session: Session, subject: int) -> dict[str, Taken]:
    """Each step that was taken in a case: how often, and by whom last."""
    found: dict[str, Taken] = {}
    for _, event, body, _ in entries_of(session, subject):
        content: Any = read_body(body)
        if event.startswith("case:") and (action := content["facts"].get("action")):
            before = found.get(action, Taken(0, 0, 0))
            moved = content["facts"]["from"] != content["facts"]["to"]
            found[action] = Taken(before.times + 1, before.moves + moved, content["actor"])
    return found


def ran_out_in(session: Session, subject: int) -> tuple[RanOut, ...]:
    """The limits of a case that ran out and that nobody has met since, those that began anew left out."""
    found: dict[tuple[str, int], RanOut] = {}
    for _, event, body, _ in entries_of(session, subject):
        facts: Any = read_body(body)["facts"]
        if event == "limit:ran_out" and facts["due_on"]:
            one = RanOut(facts["limit"], facts["party"], date.fromisoformat(facts["due_on"]))
            found[one.limit, one.subject] = one
        for item in facts["limits"]["started"] + facts["limits"]["ended"] if event.startswith("case:") else ():
            if item.get("ending") not in ("moot", "replaced"):
                found.pop((item["limit"], item["party"]), None)
    return tuple(found.values())


@dataclass(frozen=True, slots=True)
class Latest:
    """The last thing that happened to a case."""

    seq: int
    actor: int
    role: str
    action: object


def latest_entry(session: Session, subject: int) -> Latest | None:
    row = session.first(select(ENTRIES.c.seq, ENTRIES.c.body).where(ENTRIES.c.subject == subject).order_by(ENTRIES.c.seq.desc()).limit(1))
    if row is None:
        return None
    content: Any = read_body(as_bytes(row[1]))
    return Latest(row[0], content["actor"], content["role"], content["facts"].get("action"))


def earlier_procedures(session: Session, subject: int) -> list[str]:
    """The versions that a case was under before it was moved, by digest, the latest first."""
    rows = session.all(select(ENTRIES.c.body).where(ENTRIES.c.subject == subject, ENTRIES.c.event.in_(CHANGES_OF_VERSION))
                       .order_by(ENTRIES.c.seq.desc()))
    said: list[Any] = [read_body(as_bytes(row[0]))["facts"] for row in rows]
    return [digest for facts in said for digest in (facts["old_procedure"], facts["new_procedure"])]
