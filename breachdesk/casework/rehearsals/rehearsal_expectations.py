"""What a story expects, held against what is: each difference as a pair of phrases (what was expected, what happened)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.casework.rehearsals.rehearsal_cast import Cast
from breachdesk.store.cases import CaseHead
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.facts import CaseFacts, Running
from breachdesk.workflow.rehearsing import NOT_RUNNING, STANDING_STILL, Day, Due, Expected, Told

Difference = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """How a case stands, and what was told (to which accounts) since the story's last step."""

    head: CaseHead
    facts: CaseFacts
    closing: Mapping[str, Any]
    told: Mapping[str, set[int]]
    names: Mapping[int, str]


def differences(expected: Expected, seen: Seen, procedure: Procedure, cast: Cast, day_of: Callable[[Day], date]) -> Iterator[Difference]:
    """Everything that is not as the story expects it."""
    head = seen.head
    if expected.status and head.status != expected.status:
        yield f"the case at “{procedure.statuses[expected.status].title}” ({expected.status})", (
            f"it is at “{procedure.statuses[head.status].title}” ({head.status})")
    if expected.outcome and head.outcome != expected.outcome:
        ended = procedure.outcomes.get(head.outcome or "")
        yield f"the outcome “{procedure.outcomes[expected.outcome]}”", f"it is “{ended}”" if ended else "there is none yet"
    paused = any(one.pause.to_on is None for one in seen.facts.pauses)
    if expected.paused is not None and paused != expected.paused:
        yield "the case paused" if expected.paused else "the case not paused", "it is paused" if paused else "it is not"
    if expected.handling_days is not None and seen.closing.get("handling_days") != expected.handling_days:
        yield f"{expected.handling_days} handling days", f"there are {seen.closing.get('handling_days', 'none yet')}"
    for due in expected.due:
        yield from _due(due, seen, cast, day_of)
    for told in expected.told:
        yield from _told(told, seen, cast)
    yield from ((f"nobody told “{name}”", "it was sent") for name in expected.not_told if name in seen.told)


def _due(due: Due, seen: Seen, cast: Cast, day_of: Callable[[Day], date]) -> Iterator[Difference]:
    party = cast.party(due.part, seen.facts) if due.part else None
    running = [one for one in seen.facts.running if one.limit == due.limit and party in (None, one.subject)]
    whose = f"“{due.limit}”" + (f" of {due.part}" if due.part else "")
    wanted = day_of(due.when) if isinstance(due.when, Day) else due.when
    expected = f"{whose} {f'due on {_said(wanted)}' if isinstance(wanted, date) else wanted}"
    found = {_how(one) for one in running} or {NOT_RUNNING}
    if found != {wanted}:
        yield expected, " and ".join(sorted(f"it is due on {_said(one)}" if isinstance(one, date) else f"it is {one}" for one in found))


def _how(running: Running) -> date | str:
    return running.due_on or STANDING_STILL


def _told(told: Told, seen: Seen, cast: Cast) -> Iterator[Difference]:
    if told.notice not in seen.told:
        yield f"“{told.notice}” told", f"told was {', '.join(seen.told) or 'nothing'}"
    elif told.to is not None:
        wanted = {account for part in told.to for account in cast.everybody(part, seen.facts)}
        got = seen.told[told.notice]
        if wanted != got:
            yield f"“{told.notice}” told to {_names(wanted, seen)}", f"it went to {_names(got, seen)}"


def _names(accounts: set[int], seen: Seen) -> str:
    return ", ".join(sorted(seen.names.get(one, "?") for one in accounts)) or "nobody"


def _said(day: date) -> str:
    return day.strftime("%a %-d %B %Y")
