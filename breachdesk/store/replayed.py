"""The rows of several cases at once, whole, for holding them against the log; and which of their columns the log knows.

Every column of every table of cases is in one of three places: it is folded from the entries (`workflow.replaying`), it stands in
`NOT_IN_THE_LOG` with the reason, or its whole table stands in `NOT_REPLAYED`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, Table, bindparam, func, select

from breachdesk.store.audit_log import DESK_SUBJECT, DETAILS, ENTRIES
from breachdesk.store.calendars import CALENDARS
from breachdesk.store.cases import APPOINTMENTS, CASES, EXTENSIONS, PARTIES, PAUSES, SCHEMES, TIMERS
from breachdesk.store.columns import as_bytes
from breachdesk.store.holdings import ALLEGATIONS, INTERESTS, LINKS, REMEDIES, REPRESENTATIONS
from breachdesk.store.session import Session

REPLAYED: Mapping[str, Table] = {table.name: table for table in (
    CASES, PARTIES, ALLEGATIONS, APPOINTMENTS, REMEDIES, INTERESTS, REPRESENTATIONS, LINKS, TIMERS, PAUSES, EXTENSIONS)}
_NUMBER = "the row's own number, by which no entry and no other row names it"
_TROUBLE = "how often the desk failed to do it, which is no part of the case"
NOT_IN_THE_LOG: Mapping[str, Mapping[str, str]] = {
    "appointments": {"id": _NUMBER}, "remedies": {"id": _NUMBER}, "representations": {"id": _NUMBER}, "case_links": {"id": _NUMBER},
    "pauses": {"id": _NUMBER}, "extensions": {"id": _NUMBER},
    "timers": {"id": _NUMBER, "tries": _TROUBLE, "trouble": _TROUBLE}}
NOT_REPLAYED: Mapping[str, str] = {
    "notices": "messages to send and how sending went; what was to be said is in the entry that each is about",
    "declarations": "what people declared of themselves, beside the entry that says so; what excludes them is in `interests`",
    "broken_glass": "the hour is in the entry `access:broken_glass`; the row only says until when",
    "unmaskings": "who asked to show a name and who agreed is in the entries; the name's mode is in `parties`",
    "messages": "the words are held against the log by `audit verify`",
    "files": "each file's digest is in the entry of its message, and is checked when it is fetched",
    "erasures": "who asked to erase what and who agreed is in the entries `erasure:…`; the row leads from one to the other",
    "holds": "who may not be forgotten yet, beside the entries that say so",
    "concerns": "a concern is no case: it stands in the desk's own log"}


@dataclass(frozen=True, slots=True)
class FoundEntry:
    """An entry with the columns that repeat what its body says."""

    seq: int
    event: str
    at: datetime
    body: bytes
    hash: str


_CASES_AFTER = (select(CASES.c.id, CASES.c.reference).where(CASES.c.id > bindparam("after")).order_by(CASES.c.id)
                .limit(bindparam("most")))


def cases_after(session: Session, after: int, most: int) -> list[tuple[int, str]]:
    """(id, reference) of the next cases, by id."""
    return [(row[0], row[1]) for row in session.all(_CASES_AFTER, {"after": after, "most": most})]


def case_named(session: Session, reference: str) -> tuple[int, str] | None:
    row = session.first(select(CASES.c.id, CASES.c.reference).where(CASES.c.reference == reference))
    return (row[0], row[1]) if row else None


def how_many_cases(session: Session) -> int:
    return int(session.value(select(func.count()).select_from(CASES)))


def rows_of_cases(session: Session, case_ids: Collection[int]) -> dict[int, dict[str, list[dict[str, Any]]]]:
    """Case → table → its rows, oldest first. Other cases and schemes stand there by the names that entries call them by."""
    found: dict[int, dict[str, list[dict[str, Any]]]] = {one: {name: [] for name in REPLAYED} for one in case_ids}
    for name in REPLAYED:
        for row in session.connection.execute(_question(name), {"case_ids": list(case_ids)}).mappings():
            values = dict(row)
            found[values.pop("of_case")][name].append(values)
    return found


_ASKED: Any = bindparam("case_ids", expanding=True)


@cache
def _question(name: str) -> Select[Any]:
    if name == CASES.name:
        own = [column for column in CASES.c if column.name != "scheme_id"]
        return (select(CASES.c.id.label("of_case"), *own, SCHEMES.c.slug.label("scheme_id"))
                .outerjoin(SCHEMES, SCHEMES.c.id == CASES.c.scheme_id).where(CASES.c.id.in_(_ASKED)))
    if name == LINKS.name:
        return _links()
    table = REPLAYED[name]
    order = table.c.id if "id" in table.c else table.c.seq
    rest = [column for column in table.c if column.name != "case_id"]
    return select(table.c.case_id.label("of_case"), *rest).where(table.c.case_id.in_(_ASKED)).order_by(order)


def _links() -> Select[Any]:
    """Both cases show a link, so each has it among its rows."""
    one, other = CASES.alias("one"), CASES.alias("other")
    shown = [column for column in LINKS.c if column.name not in ("case_id", "other_id")]
    rows = [select(side.label("of_case"), *shown, one.c.reference.label("case_id"), other.c.reference.label("other_id"))
            .outerjoin(one, one.c.id == LINKS.c.case_id).outerjoin(other, other.c.id == LINKS.c.other_id).where(side.in_(_ASKED))
            for side in (LINKS.c.case_id, LINKS.c.other_id)]
    both = rows[0].union_all(rows[1]).subquery()
    return select(both).order_by(both.c.id)


_ENTRIES = (select(ENTRIES.c.subject, ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.at, ENTRIES.c.body, ENTRIES.c.hash)
            .where(ENTRIES.c.subject.in_(_ASKED)).order_by(ENTRIES.c.subject, ENTRIES.c.seq))


def entries_of_cases(session: Session, subjects: Collection[int]) -> dict[int, list[FoundEntry]]:
    """Subject → its entries, in order."""
    found: dict[int, list[FoundEntry]] = {one: [] for one in subjects}
    for row in session.connection.execute(_ENTRIES, {"case_ids": list(subjects)}):
        found[row.subject].append(FoundEntry(row.seq, row.event, row.at, as_bytes(row.body), row.hash))
    return found


_FIRST_WORDS = (select(DETAILS.c.subject, DETAILS.c.value)
                .where(DETAILS.c.subject.in_(_ASKED), DETAILS.c.seq == 1, DETAILS.c.name == bindparam("called")))


def first_words(session: Session, subjects: Collection[int], name: str) -> dict[int, str]:
    """Case → the words of that name that its first entry binds, for those that have not been erased."""
    return {row[0]: row[1] for row in session.all(_FIRST_WORDS, {"case_ids": list(subjects), "called": name})}


def desk_entries(session: Session) -> Iterator[FoundEntry]:
    """The desk's own entries, in order."""
    found = session.streamed(1000,
        select(ENTRIES.c.seq, ENTRIES.c.event, ENTRIES.c.at, ENTRIES.c.body, ENTRIES.c.hash)
        .where(ENTRIES.c.subject == DESK_SUBJECT).order_by(ENTRIES.c.seq))
    for row in found:
        yield FoundEntry(row.seq, row.event, row.at, as_bytes(row.body), row.hash)


def calendar_digests(session: Session) -> frozenset[str]:
    """Every calendar that the desk keeps."""
    return frozenset(row[0] for row in session.all(select(CALENDARS.c.digest)))
