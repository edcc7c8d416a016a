"""Requests that were refused, in the program's log: who asked, at which address, and what was answered. Never what was typed.

Not in the desk's own log: a refusal changes nothing, and nobody should be able to make that one longer by asking.
"""

from __future__ import annotations

import threading
from collections import Counter
from datetime import datetime, timedelta

import structlog
from flask import Flask, Response, current_app, request

from breachdesk.gate.current import reading, the_actor, the_desk
from breachdesk.gate.sessions import who_was_refused
from breachdesk.identity import NOBODY
from breachdesk.store.log_reading import heads_of

log = structlog.get_logger()
MOST, MOST_OF_ALL, WINDOW = 30, 600, timedelta(minutes=1)
# Not to be read, not signed in, not theirs, not in this way, not now, too large, not as it was typed.
_REFUSED = frozenset({400, 401, 403, 405, 409, 413, 422})


class Bounded:
    """How many refusals a process writes in a minute: so many for one account or place, and so many for all together."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since: datetime | None = None
        self._seen: Counter[str] = Counter()
        self._written = 0

    def writes(self, subject: str, now: datetime) -> tuple[bool, int]:
        """Whether one more is written, and how many the minute that has ended left out."""
        with self._lock:
            left_out = 0
            if self._since is None or not self._since <= now < self._since + WINDOW:
                left_out = self._seen.total() - self._written
                self._since, self._seen, self._written = now, Counter(), 0
            # Whoever comes from many places is one to whom the bound for all together holds.
            kept = subject if subject in self._seen or len(self._seen) < MOST_OF_ALL else ""
            self._seen[kept] += 1
            written = self._seen[kept] <= MOST and self._written < MOST_OF_ALL
            self._written += written
            return written, left_out


def set_up_refusals(app: Flask) -> None:
    """Write down each request that is refused."""
    bounded = Bounded()

    @app.after_request
    def _note(answer: Response) -> Response:
        if request.url_rule and request.endpoint != "static" and _is_refused(answer.status_code):
            account, place = who_was_refused().account_id, request.remote_addr or ""
            written, left_out = bounded.writes(str(account or place), the_desk().wall())
            if left_out:
                log.warning("refusals_left_out", many=left_out)
            if written:
                log.warning("refused", answered=answer.status_code, method=request.method, address=request.url_rule.rule, account=account,
                            place=place, permission=_permission(), case=_case(answer.status_code))
        return answer


def _is_refused(status: int) -> bool:
    """What is not there for somebody who has signed in counts: to them, what they may not see is not there."""
    return status in _REFUSED or (status == 404 and the_actor() != NOBODY)


def _permission() -> str:
    needed = getattr(current_app.view_functions.get(str(request.endpoint)), "needs", None)
    return needed.name if needed else ""


def _case(status: int) -> int:
    """The number of the case that the address names; 0 when it names none, or one that is not there."""
    reference = str((request.view_args or {}).get("reference", ""))
    if not reference or status not in (403, 404):
        return 0
    with reading() as session:
        found = heads_of(session, [reference]).get(reference)
    return found.id if found else 0
