"""Sending what waits in the outbox. A crash between sending and marking sends twice, with the same Message-ID; never not at all.

No transaction is open while a message is on its way. One process of a machine sends at a time, by a lock on a file in the desk's
folder, which also says until when nobody tries again, after a run in which the mail server took nothing. On several machines whoever
takes a notice's row sends it, and nobody else does for five minutes: enough for any mail server, and not for ever, if it dies.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TextIO

import structlog

from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.sealing import seal_quietly
from breachdesk.casework.messages import MissingWord, messages_of
from breachdesk.casework.notice_texts import NOBODY_TO_TELL
from breachdesk.casework.signing_in.mailed_links import send_waiting_links
from breachdesk.errors import BreachdeskError, DeliveryFailed
from breachdesk.identity import THE_OPERATOR
from breachdesk.mail.mailer import Message
from breachdesk.store import audit_log, desk_row, notices
from breachdesk.store.session import Session

log = structlog.get_logger()
# How old a notice is at each try: as patient as mail servers are. `store.notices` offers none after ten tries.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 10, 30, 60, 180, 480, 1440, 2880, 5760))
REST = timedelta(minutes=10)
FAILURES_IN_A_ROW = 3
WINDOW = 1000


def send_waiting_notices(desk: Desk, most: int = 50) -> int:
    """Send what waits, the oldest first, MOST notices at a time; how many messages went out.

    What cannot be sent stays and is tried again, less and less often; what went wrong stands beside it on the case's page. After a restore
    nothing goes out until an operator lets it; links that somebody has just asked for do.
    """
    with _only_sender(desk) as rest:
        if rest is None:
            return 0
        with desk.database.read() as session:
            due = [] if desk_row.messages_held_at(session) else _due(session, desk, most)
        if due:
            seal_quietly(desk)  # So that each message carries the receipt of what it tells of.
        run = _Run(desk)
        # First, since somebody sits before a screen and waits for them.
        run.sent, run.failed_in_a_row = send_waiting_links(desk)
        for row in due:
            if run.failed_in_a_row < FAILURES_IN_A_ROW:
                run.send(row)
        if run.failed_in_a_row and not run.sent:
            rest.write((desk.wall() + REST).isoformat())
    return run.sent


def _due(session: Session, desk: Desk, most: int) -> list[Any]:
    """The notices whose time has come. Those that wait for another try do not hold up the ones behind them."""
    now = desk.now(session)
    # What was queued before the machine's clock was set back is as old as can be, and not still to come.
    return [row for row in notices.waiting(session, WINDOW)
            if not timedelta() <= now - row.queued_at < PATIENCE[min(row.tries, len(PATIENCE) - 1)]][:most]


class _Run:
    """One run through the outbox: what went out, and how often in a row nothing did."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.sent = 0
        self.failed_in_a_row = 0

    def send(self, row: Any) -> None:
        """Send one notice to everybody who does not have it yet, and mark what became of it; nothing, when another node has it."""
        if not self.desk.database.transact(lambda session: notices.take(session, row.id, self.desk.wall())):
            return
        try:
            with self.desk.database.read() as session:
                had, messages = notices.delivered(session, row.id), messages_of(session, self.desk, row)
        except Exception as error:
            log.exception("notice_not_ready", notice=row.id)
            self._mark(row, None, f"not sent: {_in_words(error, row.name)}")
            return
        failed = [failure for account_id, message in messages if account_id not in had
                  if (failure := self._deliver(row, account_id, message))]
        if any(not failure.permanent for failure in failed):
            self._mark(row, None, f"tried {row.tries + 1} times: {failed[0]}" if row.tries else str(failed[0]))
        else:
            self._mark(row, self.desk.wall(), str(failed[0]) if failed else None if messages else NOBODY_TO_TELL)

    def _deliver(self, row: Any, account_id: int, message: Message) -> DeliveryFailed | None:
        """Send one message and keep what became of it, at once: whoever has it does not get it again because of somebody else."""
        failure: DeliveryFailed | None = None
        try:
            self.desk.mailer.send(message)
        except DeliveryFailed as error:
            failure = error
        except Exception as error:
            log.exception("message_not_sent", notice=row.id)
            failure = DeliveryFailed(f"The message could not be handed over: {_in_words(error, row.name)}", permanent=False)
        self.sent += failure is None
        self.failed_in_a_row = self.failed_in_a_row + 1 if failure and not failure.permanent else 0
        self.desk.database.transact(lambda session: notices.note_delivery(
            session, row.id, account_id, message.message_id, None if failure else self.desk.wall(), _short(failure)))
        return failure

    def _mark(self, row: Any, at: datetime | None, trouble: str | None) -> None:
        self.desk.database.transact(lambda session: notices.mark_sent(session, row.id, at, _short(trouble)))


def _short(trouble: object) -> str | None:
    return str(trouble)[:500] if trouble else None


def _in_words(error: Exception, notice: str) -> str:
    if isinstance(error, MissingWord):
        return f"the text of “{notice}” needs “{error.args[0]}”, which is not known in this case"
    return str(error) if isinstance(error, BreachdeskError) else f"{type(error).__name__}: {error}"


@dataclass(frozen=True, slots=True)
class NoticeTrouble:
    """A message that did not arrive, and why."""

    reference: str
    name: str
    person: str
    trouble: str


def in_trouble(session: Session, desk: Desk) -> list[NoticeTrouble]:
    """The messages of open cases that could not be sent, or have nobody to go to, by case."""
    lines, place = list_cases(session, desk, THE_OPERATOR, open_only=True)
    while place:
        more, place = list_cases(session, desk, THE_OPERATOR, open_only=True, after=place)
        lines += more
    ongoing = {line.reference: line for line in lines}
    return [NoticeTrouble(reference, row.name, "" if ongoing[reference].unnamed else row.person or "", row.trouble or row.notice_trouble)
            for case_id, reference, *_ in audit_log.chain_heads(session) if reference in ongoing
            for row in notices.of_case(session, case_id) if row.trouble or (row.notice_trouble and not row.sent_at)]


@contextmanager
def _only_sender(desk: Desk) -> Iterator[_Rest | None]:
    """The right to send, or None when another process has it or nobody is to try yet."""
    desk.data_path.mkdir(parents=True, exist_ok=True)
    with (desk.data_path / "sending.lock").open("a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            free = True
        except BlockingIOError:
            free = False
        rest = _Rest(file)
        # A moment further ahead than any rest was written before somebody set the machine's clock right.
        resting = free and timedelta() < rest.until(desk.wall()) - desk.wall() <= REST
        yield rest if free and not resting else None


class _Rest:
    """The lock file's text: until when nobody tries to send."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def until(self, now: datetime) -> datetime:
        self._file.seek(0)
        try:
            return datetime.fromisoformat(self._file.read().strip())
        except ValueError:
            return now

    def write(self, moment: str) -> None:
        self._file.truncate(0)
        self._file.write(moment)
