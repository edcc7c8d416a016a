"""What the log of played cases shows: the steps that were taken, and what each limit set in motion. Coverage is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.store import audit_log
from breachdesk.store.session import Session
from breachdesk.workflow.definition import PARTY_SIDES, Procedure
from breachdesk.workflow.wording import say

# ("action", name), ("target", name, status) or ("edge", limit, action)
Played = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Covered:
    """One step of a procedure, a status that it can lead to, or one thing that the clock does at a limit; and who plays it."""

    played: Played
    said: str
    rehearsals: tuple[str, ...]


def played_in(session: Session) -> Iterator[Played]:
    """Everything that the log of every case on the desk shows."""
    for subject, *_ in audit_log.chain_heads(session):
        if subject == audit_log.DESK_SUBJECT:
            continue
        for _, _, body, _ in audit_log.entries_of(session, subject):
            facts: Any = read_body(body)["facts"]
            if "action" in facts:
                yield "action", facts["action"]
                yield "target", facts["action"], facts["to"]
            elif facts.get("then"):
                yield "edge", facts["limit"], facts["then"]


def closing_of(session: Session, case_id: int) -> dict[str, Any]:
    """The facts of the entry that closed the case last; empty when none has."""
    found: dict[str, Any] = {}
    for _, event, body, _ in audit_log.entries_of(session, case_id):
        if event == "case:closed":
            content: Any = read_body(body)
            found = content["facts"]
    return found


def coverage(procedure: Procedure, rehearsed: Iterable[tuple[str, frozenset[Played]]]) -> list[Covered]:
    """Each action, each status that it can lead to (where there are several) and each clock edge, with the rehearsals that play it."""
    known = list(rehearsed)
    return [Covered(one, said, tuple(title for title, played in known if one in played)) for one, said in _to_cover(procedure)]


def _to_cover(procedure: Procedure) -> Iterator[tuple[Played, str]]:
    words = {side: procedure.roles[side] for side in PARTY_SIDES if side in procedure.roles}
    for action in procedure.actions.values():
        title = say(action.title, words)
        yield ("action", action.name), title
        if len(action.targets) > 1:
            yield from ((("target", action.name, one), f"{title} → {procedure.statuses[one].title}") for one in action.targets)
    for limit in procedure.limits.values():
        for one in limit.then:
            yield ("edge", limit.name, one), f"{say(limit.title, words)} → {say(procedure.actions[one].title, words)}"
