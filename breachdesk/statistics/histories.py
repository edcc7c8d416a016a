"""From the entries of the log to what the figures need to know of each case. `measures` counts these."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

Facts = Mapping[str, Any]
"""As `events` declares them. The log was checked when it was written, so a fact that is missing here is an error, not a nought."""


@dataclass(frozen=True, slots=True)
class LoggedEvent:
    """One entry of the log; `on` is the local date on which it was written."""

    case: int
    event: str
    on: date
    facts: Facts


@dataclass(frozen=True, slots=True)
class Closing:
    """How and when a case ended. Days are working days, counted when it was closed and never again."""

    on: date
    outcome: str
    ended_in: str
    handling_days: int
    elapsed_days: int


@dataclass(frozen=True, slots=True)
class LimitEnd:
    """A limit that was met or ran out; its day is the one that held when that was first known."""

    limit: str
    due_on: date
    in_time: bool


@dataclass(frozen=True, slots=True)
class CaseHistory:
    """A case as the log tells it. A sound log has one receipt, and between two closings one reopening; anything else is kept, so that
    the balance shows it."""

    reference: str
    received: tuple[date, ...]
    channel: str
    commitments: tuple[int, ...]
    stages: frozenset[str]
    closings: tuple[Closing, ...]
    reopened: tuple[date, ...]
    limit_ends: tuple[LimitEnd, ...]
    moved_by_clock_on: tuple[date, ...]

    def open_after(self, day: date) -> bool:
        """True when the case had come in by the end of DAY and was not closed, or was open again."""
        begun = any(on <= day for on in self.received) + sum(on <= day for on in self.reopened)
        return begun > sum(closing.on <= day for closing in self.closings)


def histories(events: Iterable[LoggedEvent]) -> tuple[CaseHistory, ...]:
    """The history of each case, in the order in which the log first names them. Entries that concern no case are passed over."""
    cases: dict[int, list[LoggedEvent]] = {}
    for entry in events:
        if entry.event.startswith(("case:", "limit:")):
            cases.setdefault(entry.case, []).append(entry)
    return tuple(_history(case, entries) for case, entries in cases.items())


def _history(case: int, entries: list[LoggedEvent]) -> CaseHistory:
    openings = [entry.facts for entry in entries if entry.event == "case:opened"]
    opening: Facts = openings[0] if openings else {"reference": f"case {case}", "channel": "", "allegations": ()}
    closings = tuple(_closing(entry) for entry in entries if entry.event == "case:closed")
    steps = {entry.facts["stage"] for entry in entries if entry.event.startswith("case:")}
    return CaseHistory(
        reference=opening["reference"],
        received=tuple(date.fromisoformat(facts["received_on"]) for facts in openings),
        channel=opening["channel"],
        commitments=tuple(commitment for _, commitment, *_ in opening["allegations"]),
        stages=frozenset(steps | {closing.ended_in for closing in closings}),
        closings=closings,
        reopened=tuple(entry.on for entry in entries if entry.event == "case:reopened"),
        limit_ends=_limit_ends(entries),
        moved_by_clock_on=tuple(entry.on for entry in entries if entry.event == "limit:ran_out" and entry.facts["then"]),
    )


def _closing(entry: LoggedEvent) -> Closing:
    facts = entry.facts
    return Closing(entry.on, facts["outcome"], facts["ended_in"], facts["handling_days"], facts["elapsed_days"])


_Key = tuple[str, int, str | None]


@dataclass(slots=True)
class _Limits:
    """The limits of one case, followed through the log. A limit that gets another due day stays the same limit."""

    first_day: dict[_Key, _Key] = field(default_factory=dict)
    ends: dict[_Key, LimitEnd] = field(default_factory=dict)

    def step(self, limits: Mapping[str, Any], on: date) -> None:
        replaced = {}
        for item in limits["ended"]:
            if item["ending"] in ("met", "late"):
                self.end(item, on, in_time=item["ending"] == "met")
            elif item["ending"] == "kept":
                # It came in time, on paper, and was entered after the clock had run out: what the log said then was not so.
                self.ends.pop(self._first(item), None)
                self.end(item, on, in_time=True)
            elif item["ending"] == "replaced":
                replaced[item["limit"], item["party"]] = self._first(item)
        for item in limits["started"]:
            key = _key(item)
            self.first_day[key] = replaced.get((item["limit"], item["party"]), key)

    def end(self, item: Mapping[str, Any], on: date, *, in_time: bool) -> None:
        """Late once is late for good, and counted once. A limit that stood still when it was met counts on that day."""
        key = self._first(item)
        due = date.fromisoformat(item["due_on"]) if item["due_on"] else on
        known = self.ends.setdefault(key, LimitEnd(item["limit"], due, in_time))
        if not in_time:
            self.ends[key] = replace(known, in_time=False)

    def _first(self, item: Mapping[str, Any]) -> _Key:
        return self.first_day.get(_key(item), _key(item))


def _key(item: Mapping[str, Any]) -> _Key:
    return item["limit"], item["party"], item["due_on"]


def _limit_ends(entries: list[LoggedEvent]) -> tuple[LimitEnd, ...]:
    limits = _Limits()
    for entry in entries:
        if entry.event == "limit:ran_out":
            limits.end(entry.facts, entry.on, in_time=False)
        elif entry.event.startswith("case:"):
            limits.step(entry.facts["limits"], entry.on)
    return tuple(limits.ends.values())
