"""The log as files for others: whole and word for word for whoever checks it, or as cases for tools that mine processes.

Written piece by piece, so that a long log needs no more memory than a short one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from breachdesk.audit.chain import Doer, read_body
from breachdesk.audit.exported import FORMAT
from breachdesk.audit.ocel import as_ocel
from breachdesk.audit.traces import Happened, Trace
from breachdesk.audit.xes import as_xes
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.log_keys import public_keys
from breachdesk.casework.log.replaying import cases_at_a_time
from breachdesk.errors import NotFound
from breachdesk.store import log_exported, replayed
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.log_exported import Part
from breachdesk.store.session import Session

FORMATS = ("jsonl", "xes", "ocel")


@dataclass(frozen=True, slots=True)
class Export:
    """A file to be written: its TEXT in pieces, and how many entries and cases it is about."""

    text: Iterator[str]
    entries: int
    cases: int


def export(desk: Desk, form: str, *, reference: str = "", scheme: str = "", seen: Callable[[int], object] = lambda done: None) -> Export:
    """The whole log, or one case's part, or one scheme's. SEEN is told how many entries (of jsonl) or cases are written.

    Raises NotFound for a reference or scheme that is not there.
    """
    with desk.database.read() as session:
        part, origin = _part(session, desk, reference, scheme), _origin(session)
        entries, cases = log_exported.how_many(session, part, of_cases=form != "jsonl")
    if form == "jsonl":
        return Export(_lines(desk, part, origin, reference or scheme, seen), entries, cases)
    traces = partial(_traces, desk, reference, part, seen)
    return Export(as_xes(traces(), origin) if form == "xes" else as_ocel(traces), entries, cases)


def note_export(desk: Desk, doer: Doer, form: str, only: str) -> None:
    """Write down that the log, or the part of it that belongs to ONLY one case or scheme, was handed out."""
    facts = {"format": form, "only": only}
    desk.database.transact(lambda session: record_for_desk(session, "log:exported", desk.now(session), doer, facts))


def _part(session: Session, desk: Desk, reference: str, scheme: str) -> Part:
    if reference:
        found = replayed.case_named(session, reference)
        if found is None:
            raise NotFound(f"There is no case {reference[:40]}.")
        return Part(case_id=found[0])
    return Part(scheme_id=desk.scheme(session, scheme).id) if scheme else Part()


def _origin(session: Session) -> str:
    """The log's name, as its checkpoints bear it; one that was never signed has none."""
    known = public_keys(session)
    return known[0][0].name if known else "a log that was never signed"


def _lines(desk: Desk, part: Part, origin: str, only: str, seen: Callable[[int], object]) -> Iterator[str]:
    """The entries word for word, those that were sealed in the order of their places, then those that wait."""
    with desk.database.read() as session:
        size = log_exported.sealed_size(session)
        heading: dict[str, object] = {"format": FORMAT, "origin": origin, "size": size}
        yield _line(heading | {"size": log_exported.how_many_sealed(session, part, size), "only": only} if only else heading)
        for done, one in enumerate(log_exported.in_their_places(session, part, size), start=1):
            yield _line({"place": one.place, "subject": one.subject, "name": one.name, "body": one.body.decode("utf-8", "replace"),
                         "prev_hash": one.prev_hash, "hash": one.hash})
            seen(done)


def _line(value: dict[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"


def _traces(desk: Desk, reference: str, part: Part, seen: Callable[[int], object]) -> Iterator[Trace]:
    done = 0
    for session, batch in cases_at_a_time(desk, reference):
        schemes = log_exported.schemes_of(session, [number for number, _ in batch])
        wanted = [one for one in batch if part.scheme_id in (0, schemes[one[0]][0])]
        entries = replayed.entries_of_cases(session, [number for number, _ in wanted])
        for number, name in wanted:
            yield Trace(name, schemes[number][1], tuple(_happened(one.body) for one in entries[number]))
        done += len(wanted)
        seen(done)


def _happened(body: bytes) -> Happened:
    content: Any = read_body(body)
    return Happened(content["seq"], content["event"], datetime.fromisoformat(content["at"]), content["actor"], content["role"],
                    content["for"], content["facts"])
