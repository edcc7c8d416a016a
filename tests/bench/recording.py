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
INSERTED = ("timers", "notices", "appointments", "pauses", "extensions")
# What each step gives anew, and a contender works out for itself.
HEAD = {"version", "last_seq", "last_hash"}


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
    extensions: tuple[Row, ...]


def recorded_road(folder: Path, cases: int = 1) -> list[Written]:
    """Take the first case along the whole road on a desk of its own, and see what each step has written."""
    prepared_desk.make_desk(folder, "", cases)
    desk = prepared_desk.opened(folder, "")
    actors, found = prepared_desk.actors(desk), []
    for who, step in prepared_desk.steps():
        before = rows_of(desk)
        act(desk, actors[who], prepared_desk.reference(1), step)
        found.append(_written(step.action, before, rows_of(desk)))
    desk.database.close()
    return found


def rows_of(desk: Desk) -> dict[str, dict[tuple[Any, ...], Row]]:
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
    old, case = before["cases"][1,], after["cases"][1,]
    return Written(action, old, case, entry, json.loads(entry["body"]), new["details"], tuple(ended.values()),
                   {name: new[name] for name in INSERTED},
                   changed["parties"], changed["pauses"], changed["allegations"], changed["extensions"])


def changed_columns(road: list[Written]) -> list[str]:
    """The case's own columns that some step changes: what a contender has to write beside the head of the log."""
    return [name for name in road[0].case if name not in HEAD and any(step.before[name] != step.case[name] for step in road)]


def filled_columns(road: list[Written], table: str) -> list[str]:
    """The columns of a table into which some step writes something, as somebody would name them who writes the statement by hand."""
    rows = [row for step in road for row in step.inserted[table]]
    return [column.name for column in METADATA.tables[table].columns
            if column.name != "id" and any(row[column.name] is not None for row in rows)]
