"""What `act` writes at each place on the road, row by row: the other contenders then write the very same rows."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import prepared_desk
from sqlalchemy import select

from breachdesk.casework.act import act
from breachdesk.casework.desk import Desk
from breachdesk.store.tables import METADATA

Row = dict[str, Any]
BY_CASE = ("parties", "allegations", "appointments", "timers", "pauses", "extensions", "notices")
BY_SUBJECT = ("entries", "details")
CHANGED = ("status", "stage", "stage_visit", "reached_panel", "respondents_told", "has_ledger", "next_due_on", "outcome", "closed_on")


@dataclass(frozen=True, slots=True)
class Written:
    """The rows of one step. Ids of the case and of its parties stand as recorded; `party` finds the party of another case by its side."""

    action: str
    before: Row
    case: Row
    entry: Row
    content: Row
    details: tuple[Row, ...]
    ended: tuple[Row, ...]
    inserted: dict[str, tuple[Row, ...]]
    parties: tuple[Row, ...]
    resumed: tuple[Row, ...]
    allegations: tuple[Row, ...]


def recorded_road(folder: Path) -> list[Written]:
    """Take one case along the whole road on a desk of its own, and see what each step has written."""
    prepared_desk.make_desk(folder, "", 1)
    desk = prepared_desk.opened(folder, "")
    actors, found = prepared_desk.actors(desk), []
    for who, step in prepared_desk.steps():
        before = _rows(desk)
        act(desk, actors[who], prepared_desk.reference(1), step)
        found.append(_written(step.action, before, _rows(desk)))
    desk.database.close()
    return found


def _rows(desk: Desk) -> dict[str, dict[tuple[Any, ...], Row]]:
    tables = METADATA.tables
    with desk.database.read() as session:
        return {name: {tuple(row[key.name] for key in tables[name].primary_key): dict(row)
                       for row in session.connection.execute(select(tables[name])).mappings()}
                for name in ("cases", *BY_CASE, *BY_SUBJECT)}


def _written(action: str, before: dict[str, Any], after: dict[str, Any]) -> Written:
    new = {name: tuple(row for key, row in after[name].items() if key not in before[name]) for name in after}
    changed = {name: tuple(row for key, row in after[name].items() if before[name].get(key, row) != row) for name in after}
    [entry] = new["entries"]
    ended = {(row["kind"], row["subject"], row["ended_at"], row["ending"]): row for row in changed["timers"]}
    [old], [case] = before["cases"].values(), after["cases"].values()
    return Written(action, old, case, entry, json.loads(entry["body"]), new["details"], tuple(ended.values()),
                   {name: new[name] for name in ("timers", "notices", "appointments", "pauses", "extensions")},
                   changed["parties"], changed["pauses"], changed["allegations"])
