"""Sending what waits in the outbox. A crash between sending and marking sends twice, with the same Message-ID; never not at all.

No transaction is open while a message is on its way. One process of a machine sends at a time, by a lock on a file in the desk's
folder, which also says until when nobody tries again, after a run in which the mail server took nothing. On several machines whoever
takes a notice's row sends it, and nobody else does for five minutes: enough for any mail server, and not for ever, if it dies.
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, TextIO
from urllib.parse import urlsplit

import structlog
from jinja2 import Environment, StrictUndefined, Template

from breachdesk.casework.act import case_roles
from breachdesk.casework.desk import Desk
from breachdesk.casework.mailed_links import send_waiting_links
from breachdesk.casework.masking import mask_for
from breachdesk.casework.notice_texts import NEW_DAY_MESSAGES, NOBODY_TO_TELL, OF_ROOMS, new_days, notice_named
from breachdesk.casework.offering import case_words
from breachdesk.casework.reading import list_cases, said_day
from breachdesk.casework.receipts import receipt_of
from breachdesk.casework.rooms_told import told_of_message
<<<<<<< HEAD
from breachdesk.casework.sealed import asked_by, is_sealed
from breachdesk.clock import local_day
from breachdesk.errors import BreachdeskError, DeliveryFailed
from breachdesk.identity import THE_OPERATOR
from breachdesk.links import case_link, declare_link
=======
from breachdesk.casework.sealing import seal_quietly
from breachdesk.clock import local_day
from breachdesk.errors import BreachdeskError, DeliveryFailed
from breachdesk.identity import THE_OPERATOR
from breachdesk.links import case_link, checks_of_the_record
>>>>>>> ff8b488 (Give every entry a receipt that anybody can check; bring what was signed outside by file, mail and witness; say in one line how the record stands)
from breachdesk.mail.mailer import Message
from breachdesk.permissions import STAND_IN
from breachdesk.resources import text
from breachdesk.store import audit_log, notices, people, schemes
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.workflow.definition import PARTY_SIDES, Notice, Procedure
from breachdesk.workflow.facts import CaseFacts, Party
from breachdesk.workflow.wording import fill

log = structlog.get_logger()
# How old a notice is at each try: as patient as mail servers are. `store.notices` offers none after ten tries.
PATIENCE = tuple(timedelta(minutes=minutes) for minutes in (0, 1, 10, 30, 60, 180, 480, 1440, 2880, 5760))
REST = timedelta(minutes=10)
FAILURES_IN_A_ROW = 3
WINDOW = 1000


def send_waiting_notices(desk: Desk, most: int = 50) -> int:
    """Send what waits, the oldest first, MOST notices at a time; how many messages went out.

    What cannot be sent stays and is tried again, less and less often; what went wrong stands beside it on the case's page.
    """
    with _only_sender(desk) as rest:
        if rest is None:
            return 0
        with desk.database.read() as session:
            due = _due(session, desk, most)
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


class MissingWord(KeyError):
    """A word in braces that nobody can fill in."""


def messages_of(session: Session, desk: Desk, row: Any) -> list[tuple[int, Message]]:
    """(account id, message) for everybody whom a waiting notice is for. Raises MissingWord: nothing half-filled is sent."""
    scheme = schemes.scheme_by_id(session, row.scheme_id)
    if scheme is None:
        raise LookupError(f"notice {row.id} belongs to no scheme")
    read = _case_of(session, row)
    _, notice, *_ = written(session, desk, row, read)
    return [(account_id, _message(session, desk, row, read, account_id, name, address, scheme.title))
            for account_id, name, address in _recipients(session, desk, row, read, notice.to)]


def _message(session: Session, desk: Desk, row: Any, read: CaseRead, account_id: int, name: str, address: str, scheme: str) -> Message:
    """The notice as one person reads it: with the names that they may know."""
    actor = people.actor_by_id(session, account_id, local_day(desk.now(session)))
    roles = case_roles(actor, read) if actor else frozenset()
    known = mask_for(session, actor, read, roles).case(read) if actor else read
    _, _, subject, says = written(session, desk, row, known)
<<<<<<< HEAD
    sealed = actor is not None and is_sealed(session, actor, read, roles)
    host, link = urlsplit(desk.base_url).hostname or "localhost", (declare_link if sealed else case_link)(desk.base_url, row.reference)
    text = _template().render(name=name, says=says, link=link, scheme=scheme, practice=desk.practice, sealed=sealed,
                              by=said_day(by) if sealed and (by := asked_by(session, desk, read, roles)) else "")
=======
    host, link = urlsplit(desk.base_url).hostname or "localhost", case_link(desk.base_url, row.reference)
    text = _template().render(name=name, says=says, link=link, scheme=scheme, practice=desk.practice,
                              receipt=receipt_of(session, row.case_id, row.seq), checked_at=checks_of_the_record(desk.base_url))
>>>>>>> ff8b488 (Give every entry a receipt that anybody can check; bring what was signed outside by file, mail and witness; say in one line how the record stands)
    return Message(name, address, subject, text, f"<notice-{row.id}.account-{account_id}@{host}>")


def _case_of(session: Session, row: Any) -> CaseRead:
    read = read_case(session, reference=row.reference, to_change=False)
    if read is None:
        raise LookupError(f"notice {row.id} belongs to no case")
    return read


def written(session: Session, desk: Desk, row: Any, read: CaseRead | None = None) -> tuple[CaseRead, Notice, str, str]:
    """The case that a notice is about, the notice, its subject and what it says. READ is the case as somebody knows it.

    Raises MissingWord.
    """
    read = read or _case_of(session, row)
    facts = desk.facts(session, read)
    procedure = desk.procedure(session, row.procedure_digest)
    notice = notice_named(session, desk, row.case_id, row.procedure_digest, row.name)
    if notice is None:
        raise LookupError(f"no version of the procedure has a message “{row.name}”")
    words = _words(procedure, facts, row)
    try:
        return read, notice, fill(notice.subject, words), fill(notice.says, words)
    except KeyError as missing:
        raise MissingWord(missing.args[0]) from None


@lru_cache(maxsize=1)
def _template() -> Template:
    # These are plain text mails: escaping would put &#39; into people's names.
    environment = Environment(undefined=StrictUndefined, autoescape=False, keep_trailing_newline=True)  # noqa: S701
    return environment.from_string(text("templates", "mail", "notice.txt"))


def _words(procedure: Procedure, facts: CaseFacts, row: Any) -> dict[str, str]:
    """The case's words and due days. One party's notice names that party and its own days, not those of another respondent."""
    days = {limit: date.fromisoformat(day) for limit, day in json.loads(row.days).items()}
    words = case_words(facts)
    if row.name in NEW_DAY_MESSAGES:
        return words | {"new_days": new_days(procedure, facts, days, words)}
    if party := facts.party(row.subject):
        words[party.side] = party.name
        days |= {one.limit: one.due_on for one in facts.running if one.subject == party.id and one.due_on and one.limit in days
                 and procedure.limits[one.limit].each != "remedy"}
    return words | {limit: said_day(day) for limit, day in days.items()}


OFFICES = ("coordinator", "steering_group")


def _recipients(session: Session, desk: Desk, row: Any, read: CaseRead, to: Sequence[str]) -> list[tuple[int, str, str]]:
    """(account id, name, address) of active people who meet the case in one of these roles as it is now.

    Mail is no side door: an interest takes the office away here too, and whoever stands in for the coordinator gets what is theirs.
    """
    day = local_day(desk.now(session))
    if row.name in OF_ROOMS:
        return told_of_message(session, read, row, day)
    meant = [party for party in read.parties if is_meant(party, row, to)]
    sides = [place for party in meant for place in (party.organisation_id, party.represented_by) if place]
    roles = {*to, *([STAND_IN] if "coordinator" in to else ())}
    named = [one.account_id for one in read.appointments if one.role in roles and not one.ended]
    found = people.recipients(session, row.scheme_id, day, roles=[role for role in to if role in OFFICES], organisation_ids=sides,
                              account_ids=named)
    return [one for one in found if _meets(session, one[0], day, read, row, to)]


def is_meant(party: Party, row: Any, to: Sequence[str]) -> bool:
    """Whether a message to these roles is for a party."""
    return not party.left and (party.side in to or ("subject" in to and party.id == row.subject))


def _meets(session: Session, account_id: int, day: date, read: CaseRead, row: Any, to: Sequence[str]) -> bool:
    """Whether somebody meets the case in one of the roles: for a side, as one of those whom the message is for."""
    actor = people.actor_by_id(session, account_id, day)
    roles = case_roles(actor, read) if actor else frozenset()
    theirs = {party.side for party in read.parties if actor and is_meant(party, row, to)
              and {party.organisation_id, party.represented_by} & actor.organisations}
    return not roles.isdisjoint((set(to) - set(PARTY_SIDES)) | theirs)


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
