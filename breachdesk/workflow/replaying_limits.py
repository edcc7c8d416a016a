"""The limits of a case, their reminders, its pauses and extensions, folded from its entries. Part of `replaying`; pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from breachdesk.clock import end_of, local_day, start_of
from breachdesk.workflow.definition import Procedure, Status

Row = dict[str, Any]


@dataclass(slots=True)
class LimitsReplay:
    """Timers with every generation that a limit had; the ledger. `_moves` has the entry of each move to another version."""

    timers: list[Row] = field(default_factory=list)
    pauses: list[Row] = field(default_factory=list)
    extensions: list[Row] = field(default_factory=list)
    _moves: dict[int, tuple[int, Any, list[Row]]] = field(default_factory=dict)

    def rows(self) -> Iterator[tuple[str, list[Row]]]:
        yield from (("timers", self.timers), ("pauses", self.pauses), ("extensions", self.extensions))

    def stepped(self, seq: int, at: datetime, actor: int, facts: Any, procedure: Procedure) -> None:
        """A step: limits that ended and began, pauses, more time."""
        effects, today = facts["effects"], local_day(at)
        given = {(one["kind"], one["subject"]) for one in self.extensions if not one["over"]}
        self._end(facts["limits"]["ended"], at)
        self._start(facts["limits"]["started"], seq)
        self._resume(effects.get("resumed", ()), today)
        action = procedure.actions.get(facts["action"])
        stops = (procedure.statuses[facts["to"]].stops, action.stops if action else None)
        for one in effects.get("paused", ()):
            because = next((known.because for known in stops if known and known.name == one["pause"]), "")
            self._pause(one["pause"], one["limits"], because, actor, today, one["review_on"])
        if effects.get("extended"):
            limit, subject, days = effects["extended"]
            self.extensions.append({"kind": limit, "subject": subject, "working_days": days, "by_account_id": actor, "over": False,
                                    "because": action.title if action else ""})
        over = {(one["limit"], one["party"]) for one in facts["limits"]["ended"] if one["ending"] != "replaced"} & given
        for row in self.extensions:
            row["over"] = row["over"] or (row["kind"], row["subject"]) in over

    def fired(self, event: str, facts: Any, at: datetime, procedure: Procedure) -> None:
        """The clock: a reminder went out, or a limit ran out. One within whose time something could be done is over then."""
        rung = facts["rung"] if event == "limit:reminded" else 0
        for row in self._open(facts["limit"], facts["party"]):
            if row["rung"] == rung != 0:
                row.update(ended_at=at, ending="fired")
            elif row["rung"] == rung:
                row.update(fires_at=None, ending="ran_out")
                if procedure.limits[facts["limit"]].window:
                    row.update(ended_at=at, ending="over")

    def recounted(self, seq: int, at: datetime, facts: Any) -> None:
        """A changed calendar: limits that got another day."""
        self._end(facts["limits"]["ended"], at)
        self._start(facts["limits"]["started"], seq)

    def migrated(self, seq: int, at: datetime, actor: int, facts: Any, before: Status, after: Status) -> None:
        """Another version of the procedure. The rows that it ended bear its number, so that they can be found again."""
        today = local_day(at)
        for one in facts["limits"]["ended"]:
            for row in self._open(one["limit"], one["party"]):
                row.update(ended_at=at, ending=f"moved by {seq}")
        self._start(facts["limits"]["started"], seq)
        self._last({(one["limit"], one["party"]): one.get("after") for one in facts["lengths"]})
        resumed = self._resume((before.stops.name,) if facts["resumed"] and before.stops else (), today)
        for name in facts["opened"]:
            if after.stops:
                self._pause(name, after.stops.limits, after.stops.because, actor, today, None)
        self._moves[facts["move"]] = seq, facts, resumed

    def reverted(self, at: datetime, facts: Any) -> None:
        """A move taken back: what it set ends, what it ended goes on, but for later days that people were told."""
        seq, moved, resumed = self._moves[facts["move"]]
        kept = {(one["limit"], one["party"]): one.get("lasts") for one in facts["kept"]}
        for row in self.timers:
            if (row["kind"], row["subject"]) in kept:
                continue
            if row["generation"] == seq and row["ended_at"] is None:
                row.update(ended_at=at, ending="moved back")
            elif row["ending"] == f"moved by {seq}":
                row.update(ended_at=None, ending="ran_out" if row["fires_at"] is None and row["due_on"] else None)
        for pause in resumed:
            pause["to_on"] = None
        for pause in self.pauses:
            if pause["kind"] in moved["opened"] and pause["to_on"] is None:
                pause["to_on"] = pause["from_on"]
        self._last({(one["limit"], one["party"]): one["before"] for one in moved["lengths"]} | kept)

    def held(self, limit: str, today: date) -> tuple[tuple[date, date], ...]:
        """The spans in which a limit stood still, as a case that ends TODAY counts them."""
        return tuple((one["from_on"], one["to_on"] or max(today, one["from_on"])) for one in self.pauses if limit in one["limits"].split())

    def next_due(self, procedure: Procedure, whole: str) -> date | None:
        """The next day on which somebody is to have done something, as a step leaves it."""
        known = procedure.limits
        return min((row["due_on"] for row in self._running() if row["kind"] in known and row["kind"] != whole
                    and known[row["kind"]].is_somebodys), default=None)

    def next_of_any(self, whole: str) -> date | None:
        """The next day on which a limit ends, as a move or a changed calendar leaves it."""
        return min((row["due_on"] for row in self._running() if row["kind"] != whole), default=None)

    def next_of_part(self) -> date | None:
        return min((row["due_on"] for row in self._running()), default=None)

    def _running(self) -> Iterator[Row]:
        return (row for row in self.timers if row["rung"] == 0 and row["ended_at"] is None and row["due_on"])

    def _open(self, limit: str, subject: int) -> list[Row]:
        return [row for row in self.timers if (row["kind"], row["subject"]) == (limit, subject) and row["ended_at"] is None]

    def _end(self, ended: Any, at: datetime) -> None:
        for one in ended:
            for row in self._open(one["limit"], one["party"]):
                row.update(ended_at=at, ending=one["ending"])

    def _start(self, started: Any, seq: int) -> None:
        calendar = None
        for one in started:
            calendar = one.get("calendar", calendar)
            due = date.fromisoformat(one["due_on"]) if one["due_on"] else None
            base = {"kind": one["limit"], "subject": one["party"], "generation": seq, "due_on": due, "calendar_digest": calendar,
                    "started_on": date.fromisoformat(one["from"]) if "from" in one else None, "lasts": one.get("lasts"), "nominal_at": None,
                    "ended_at": None, "ending": None}
            self.timers.append({**base, "rung": 0, "fires_at": end_of(due) if due else None})
            self.timers += [{**base, "rung": offset, "fires_at": start_of(date.fromisoformat(day))}
                            for offset, day in one.get("reminders", ())]

    def _last(self, lengths: dict[tuple[str, int], str | None]) -> None:
        for (limit, subject), length in lengths.items():
            for row in self._open(limit, subject):
                if row["rung"] == 0:
                    row["lasts"] = length

    def _pause(self, name: str, limits: Any, because: str, actor: int, today: date, review_on: str | None) -> None:
        self.pauses.append({"kind": name, "limits": " ".join(limits), "from_on": today, "to_on": None, "because": because,
                            "by_account_id": actor, "review_on": date.fromisoformat(review_on) if review_on else None})

    def _resume(self, names: Any, today: date) -> list[Row]:
        """End the open pauses of these names. Under a clock that was set back, one ends on the day on which it began."""
        ended = [row for row in self.pauses if row["kind"] in names and row["to_on"] is None]
        for row in ended:
            row["to_on"] = max(today, row["from_on"])
        return ended
