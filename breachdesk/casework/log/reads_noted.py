"""Who has read which case: noted in batches, so that reading stays fast, and kept in the desk's own log as numbers, never as words.

A page notes its read in memory; every tick writes what has come together as one entry. A process that is killed loses what it had not
written yet, which is less than a tick's worth; one that is stopped in order loses nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breachdesk.audit.chain import Doer, read_body
from breachdesk.casework.act import case_roles
from breachdesk.casework.cases_met import met
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import NotPermitted
from breachdesk.identity import THE_CLOCK, Actor
from breachdesk.store import audit_log, people
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.workflow.definition import CLOCK

EVENT = "reads:noted"
# So many lines are enough for one entry; the next one takes the rest.
MOST = 500
# What stands for a page in the log, by the part of the product that shows it; everything else about a case is “case”.
KINDS = {"rooms": "room", "letters": "letters", "steering": "papers", "action": "step", "identity": "identity", "record": "receipt"}


@dataclass(frozen=True, slots=True)
class Read:
    """Somebody has read something of a case: how often, between the writing of two entries that was at a moment."""

    name: str
    role: str
    kind: str
    times: int
    at: datetime


def note_read(desk: Desk, account: int, kind: str, reference: str) -> None:
    """Keep in memory that somebody has read something of a case; `write_reads` writes it."""
    desk.reads.append((account, kind, reference))


def write_reads(desk: Desk) -> int:
    """Write what has been read since the last time, each pair of reader and case once; how many lines there were."""
    taken = desk.reads[:MOST * 20]
    if not taken:
        return 0
    counted = list(Counter(taken).items())[:MOST]
    written = {one for one, _ in counted}
    desk.database.transact(lambda session: _write(session, desk, counted))
    # What was noted meanwhile, and what did not fit, waits for the next time.
    desk.reads[:len(taken)] = [one for one in taken if one not in written]
    return len(counted)


def _write(session: Session, desk: Desk, counted: Sequence[tuple[tuple[int, str, str], int]]) -> None:
    lines = [{"account": account, "role": _role(session, desk, account, reference), "kind": kind, "case": reference, "times": times}
             for (account, kind, reference), times in counted]
    audit_log.record_for_desk(session, EVENT, desk.now(session), Doer(THE_CLOCK.account_id, CLOCK), {"reads": lines})


def _role(session: Session, desk: Desk, account: int, reference: str) -> str:
    """As what somebody meets the case: all that they are in it."""
    actor = people.actor_by_id(session, account, local_day(desk.now(session)))
    case = read_case(session, reference=reference, to_change=False)
    return " ".join(sorted(case_roles(actor, case))) if actor and case else ""


def reads_of(session: Session, actor: Actor, reference: str) -> list[Read]:
    """Who has read something of a case, the latest first, for whoever coordinates it. Raises NotFound, or NotPermitted."""
    case, roles = met(session, actor, reference)
    if "coordinator" not in roles:
        raise NotPermitted("Who has read a case is for whoever coordinates it. Ask them.")
    require_declared(session, actor, case, roles)
    found = list(_lines(session, case.head.reference))
    names = people.names_of(session, sorted({line["account"] for line, _ in found}))
    return [Read(names.get(line["account"], "Somebody"), line["role"], line["kind"], line["times"], at) for line, at in reversed(found)]


def _lines(session: Session, reference: str) -> Iterator[tuple[Any, datetime]]:
    for body in audit_log.desk_entries_called(session, EVENT):
        content: Any = read_body(body)
        for line in content["facts"]["reads"]:
            if line["case"] == reference:
                yield line, datetime.fromisoformat(content["at"])
