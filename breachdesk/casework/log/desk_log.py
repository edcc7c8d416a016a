"""The desk's own log in words: who signed in, what was set up, when a practice desk's clock was moved. It holds no words about cases.

Concerns are left out, and entries numbered as if they were not there: between whose sign-in and sign-out an entry stands would tell who
noted a concern, which only its author and the coordinator may know. They read it under “Concerns”.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework.log.desk_log_said import ACCOUNTS, said_of
from breachdesk.identity import THE_CLOCK, THE_OPERATOR
from breachdesk.store import log_reading, people
from breachdesk.store.session import Session

PAGE = 50
_LEFT_OUT = ("concern:noted", "concern:led_to_case")


@dataclass(frozen=True, slots=True)
class LogLine:
    """An entry of the desk's own log, with its number among those that are shown."""

    number: int
    at: datetime
    event: str
    actor: str
    says: str


def desk_log(session: Session, before: int | None = None) -> tuple[list[LogLine], int | None]:
    """The newest entries below a number, and the number below which the next page begins (None at the end)."""
    found = log_reading.desk_entries(session, before, PAGE + 1, but=_LEFT_OUT)
    entries: list[tuple[int, str, Any]] = [(number, event, read_body(body)) for number, event, body in found[:PAGE]]
    named = {number for _, _, content in entries for number in (content["actor"], *map(content["facts"].get, ACCOUNTS)) if number}
    organisations = {one[0]: one[2] for one in people.organisations(session)}
    names = {**people.names_of(session, sorted(named)), THE_CLOCK.account_id: THE_CLOCK.name, THE_OPERATOR.account_id: THE_OPERATOR.name}
    lines = [LogLine(number, datetime.fromisoformat(content["at"]), event, names.get(content["actor"], "Somebody"),
                     said_of(event, content["facts"], names, organisations)) for number, event, content in entries]
    return lines, lines[-1].number if lines and len(found) > PAGE else None
