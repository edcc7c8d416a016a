"""A case as its entries tell it, held against the rows of the tables: what differs, by field, with both values. Part of `replaying`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from breachdesk.store.timers import PARKED
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.replaying import CaseReplay

Row = Mapping[str, Any]
# What a row is known by. Rows of tables that are not here are known by their place: entries do not number them.
_KEYS: Mapping[str, tuple[str, ...]] = {
    "cases": ("id",), "parties": ("id",), "allegations": ("id",), "remedies": ("number",), "interests": ("account_id",),
    "case_links": ("case_id", "other_id", "kind"), "timers": ("kind", "subject", "generation", "rung")}
# What cannot be compared where a case began before its entries said it. Whole tables: all their columns.
_TOLD_LESS: Mapping[str, frozenset[str]] = {
    "cases": frozenset({"has_ledger", "next_due_on"}), "parties": frozenset({"identity"}),
    "allegations": frozenset({"id", "ending", "admissible", "decided_seq", "position", "required", "happened"}),
    "timers": frozenset({"started_on", "calendar_digest", "lasts", "fires_at", "nominal_at"})}
_TOLD_NOTHING = ("pauses", "extensions", "representations")


@dataclass(frozen=True, slots=True)
class CalendarsChanged:
    """When a calendar was changed last, and every calendar that the desk keeps, by digest."""

    at: datetime
    kept: frozenset[str]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field whose value is not what the entries say. `row` is which row of the case, "" for its own."""

    reference: str
    field: str
    row: str
    said: object
    found: object

    @property
    def says(self) -> str:
        """The difference as a sentence, without the case's reference."""
        where = f"{self.field}{f' ({self.row})' if self.row else ''}"
        return f"{where} is {_told(self.found)}, and the entries say {_told(self.said)}"


def _told(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S} UTC"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value is None else str(value) if isinstance(value, date | int) else f"“{value}”"


def differences(case: CaseReplay, stored: Mapping[str, Sequence[Row]], changed: CalendarsChanged | None) -> Iterator[Difference]:
    """Everything in which the STORED rows, by table, are not what the case's entries say."""
    reference = str(case.case.get("reference"))
    for table, said in case.rows():
        if case.told_less and table in _TOLD_NOTHING:
            continue
        found = list(stored[table])
        if table == "timers":
            known = {_key(one, _KEYS[table], 0): one for one in said}
            found = [_as_the_log_knows(one, known.get(_key(one, _KEYS[table], 0)), case.procedure, changed) for one in found]
            found = [one for one in found if not (case.told_less and one["rung"])]
        skipped = _TOLD_LESS.get(table, frozenset()) if case.told_less else frozenset()
        by_place = table not in _KEYS or (case.told_less and table == "allegations")
        for one, other in _paired(said, found, () if by_place else _KEYS[table]):
            yield from _compared(reference, table, one, other, skipped)


def _paired(said: Sequence[Row], found: Sequence[Row], keys: tuple[str, ...]) -> Iterator[tuple[Row | None, Row | None]]:
    """Rows that are the same row; what is left over on both sides is taken for one whose key was changed."""
    known = {_key(one, keys, place): one for place, one in enumerate(found)}
    left: list[Row] = []
    for place, one in enumerate(said):
        other = known.pop(_key(one, keys, place), None)
        if other is None:
            left.append(one)
        else:
            yield one, other
    rest = list(known.values())
    yield from zip(left, rest, strict=False)
    yield from ((one, None) for one in left[len(rest):])
    yield from ((None, one) for one in rest[len(left):])


def _key(row: Row, keys: tuple[str, ...], place: int) -> tuple[object, ...]:
    return tuple(row[name] for name in keys) if keys else (place,)


def _compared(reference: str, table: str, said: Row | None, found: Row | None, skipped: frozenset[str]) -> Iterator[Difference]:
    if said is None or found is None:
        row: Row = said or found or {}
        yield Difference(reference, table, _row(table, row), "this row" if said else "no such row", "not there" if said else "there")
        return
    for column, value in said.items():
        if column not in skipped and found[column] != value:
            yield Difference(reference, f"{table}.{column}", "" if table == "cases" else _row(table, said), value, found[column])


def _row(table: str, row: Row) -> str:
    names = _KEYS.get(table) or [name for name in ("seq", "account_id", "role", "party_id", "kind", "subject", "from_on") if name in row]
    return ", ".join(f"{name} {row[name]}" for name in names)


def _as_the_log_knows(row: Row, log: Row | None, procedure: Procedure, changed: CalendarsChanged | None) -> Row:
    """A timer without what happens to it beside the log: one that failed is tried again later, one that its procedure does not know is
    set aside, and one that falls on the same day in a changed calendar is counted in that."""
    one = dict(row)
    rule = procedure.limits.get(row["kind"])
    unknown = rule is None or (row["rung"] and all(rung.offset != row["rung"] for rung in rule.rungs))
    if row["ending"] == PARKED and unknown:
        one.update(ended_at=None, ending=None)
    if log and row["tries"] and log["fires_at"]:
        one["fires_at"] = row["nominal_at"] or row["fires_at"]
        one["nominal_at"] = None
    elif row["tries"]:
        one["nominal_at"] = None
    if log and changed and row["calendar_digest"] in changed.kept and (row["ended_at"] is None or row["ended_at"] >= changed.at):
        one["calendar_digest"] = log["calendar_digest"]
    return one
