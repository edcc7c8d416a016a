"""Everything that the desk holds on one person, as one bundle that they can read: a page like a letter, the same as JSON, and files.

Two ways: the person asks for their own copy, and gets what they may read; the operator makes the whole one for the controller, who
looks through it before it is handed out: the names of other people are marked in it. Both stand in the desk's log.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup, escape

from breachdesk.audit.chain import Doer, read_body
from breachdesk.casework.desk import Desk
from breachdesk.casework.files import folder_of, words_of_file
from breachdesk.casework.forgetting.erasure_found import Readings, sought, words_for
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.resources import text
from breachdesk.store import accounts, erasing, roles, second_factors, subject_access
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.columns import as_bytes
from breachdesk.store.roles import account_row
from breachdesk.store.rooms import FILE_NAME
from breachdesk.store.schemes import all_schemes
from breachdesk.store.session import Session
from breachdesk.store.visibility import FRIEND
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.wording import say

PAGE, DATA, FILES = "read-me-first.html", "data.json", "files"
_DONE = {"room:said": "Said something in a room", "room:released": "Released what was said in a room", "room:opened": "Opened a room",
         "note:written": "Wrote a note", "file:downloaded": "Fetched a file", "interest:declared": "Declared an interest",
         "session:began": "Signed in", "session:ended": "Signed out", "concern:noted": "Noted a concern",
         "terms:accepted": "Accepted the terms of use", "access:broken_glass": "Opened a case's papers in an emergency"}


@dataclass(frozen=True, slots=True)
class Written:
    """A text, where and when it was written: by the person, or by somebody else who names them."""

    where: str
    on: str
    about: str
    words: str
    own: bool


@dataclass(frozen=True, slots=True)
class Held:
    """Everything that is held on one person. `account`, `roles` and `traces` are lines; `unread`: files of their cases that could not be
    searched for them; `whole`: also what only others read."""

    name: str
    today: str
    controller: tuple[str, ...]
    account: tuple[str, ...]
    roles: tuple[str, ...]
    traces: tuple[str, ...]
    done: tuple[tuple[str, str, str], ...]
    texts: tuple[Written, ...]
    files: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]
    whole: bool


def write_own_copy(desk: Desk, actor: Actor, file: IO[bytes]) -> None:
    """Write into FILE, as a zip, what is held on the person who asks, as far as they may read it."""
    _write(desk, actor.account_id, actor, Doer(actor.account_id, "account"), file)


def write_whole(desk: Desk, doer: Doer, address: str, file: IO[bytes]) -> None:
    """Write into FILE, as a zip, everything that is held on whoever has that address. Raises NotFound."""
    with desk.database.read() as session:
        row = account_row(session, email=address)
    if row is None:
        raise NotFound(f"There is no account for {address[:80]}. See who there is: breachdesk account list")
    _write(desk, row.id, None, doer, file)


def _write(desk: Desk, account_id: int, reader: Actor | None, doer: Doer, file: IO[bytes]) -> None:
    with desk.database.read() as session:
        gathered = _Gathered(session, desk, account_id, reader)
        held, stored = gathered.held(), gathered.files
        others = gathered.others()
    with ZipFile(file, "w", ZIP_DEFLATED) as bundle:
        bundle.writestr(PAGE, _template().render(held=held, mark=lambda words: _marked(words, others)))
        bundle.writestr(DATA, json.dumps(asdict(held), ensure_ascii=False, indent=2))
        for name, path in stored:
            if (place := folder_of(desk) / path).is_file():
                bundle.write(place, f"{FILES}/{name}")
    facts = {"account": account_id, "texts": len(held.texts), "files": len(stored)}
    desk.database.transact(lambda session: record_for_desk(session, "person:copied", desk.now(session), doer, facts))


def _marked(words: str, others: re.Pattern[str] | None) -> Markup:
    """The words with the names of other people marked: whoever hands them out decides whether they are blacked out."""
    if others is None:
        return escape(words)
    pieces, last = [], 0
    for hit in others.finditer(words.casefold()) if len(words.casefold()) == len(words) else ():
        pieces += [escape(words[last:hit.start()]), Markup("<mark>{}</mark>").format(words[hit.start():hit.end()])]
        last = hit.end()
    return Markup("").join([*pieces, escape(words[last:])])


@lru_cache(maxsize=1)
def _template() -> Template:
    return Environment(undefined=StrictUndefined, autoescape=True).from_string(text("templates", "subject_access", "bundle.html"))


class _Gathered:
    """Gathers what is held on one person; it lives for one call. Without a READER: all of it."""

    def __init__(self, session: Session, desk: Desk, account_id: int, reader: Actor | None) -> None:
        self.session, self.desk, self.id, self.reader = session, desk, account_id, reader
        self.row = account_row(session, account_id=account_id)
        self.roles = roles.role_rows(session, account_id=account_id)
        self.references = erasing.references(session)
        self.entries = subject_access.entries_by(session, account_id)
        self.readings = Readings(session, reader) if reader else None
        self.named = sought(words_for(self.row, self.roles))
        there, self.unread = self._looked_into_files()
        words = erasing.words_of(session, {one.subject for one in there})
        names = {(one.subject, one.seq): self._unnamed(one.subject, one.value) for one in words if one.name == FILE_NAME}
        self.files = [(f"{self.references[one.subject]}-{one.seq}-{names.get((one.subject, one.seq), 'file')}", one.stored)
                      for one in there]

    def held(self) -> Held:
        controllers = tuple(f"{one.title}: {one.controller}" for one in all_schemes(self.session) if one.controller)
        return Held(self.row.name, said_day(local_day(self.desk.now(self.session))), controllers, tuple(self._account()),
                    tuple(self._roles()), tuple(self._traces()), tuple(self._done()), tuple(self._texts()),
                    tuple((name, name) for name, _ in self.files), self.unread, self.reader is None)

    def others(self) -> re.Pattern[str] | None:
        """What finds the name or address of anybody else who has an account, where somebody looks through it before it is handed out."""
        if self.reader:
            return None
        found = [word for one in accounts.all_accounts(self.session) if one.id != self.id for word in (one.name, one.email)]
        return sought({word.casefold() for word in found}) if found else None

    def _account(self) -> Iterator[str]:
        yield f"Name: {self.row.name}"
        yield f"Email address: {self.row.email}"
        yield "You can sign in." if self.row.active else "The account is switched off."
        if self.row.terms_accepted_at:
            yield f"Terms of use: version {self.row.terms_version}, accepted on {_day(self.row.terms_accepted_at)}"
        yield "A password is kept only in a form from which it cannot be read."
        if second_factors.is_in_use(self.session, self.id):
            yield "An authenticator app is your second step of signing in."
        for one in second_factors.passkeys_of(self.session, self.id):
            yield f"Passkey “{one.name}”, added on {_day(one.created_at)}"

    def _roles(self) -> Iterator[str]:
        for one in roles.membership_rows(self.session, account_id=self.id):
            yield f"{one.organisation}, as {one.kind}: {_span(one)}"
        for one in self.roles:
            yield f"{one.role.replace('_', ' ').capitalize()} in {one.scheme_title}: {_span(one)}"
            said = [word for word in (one.post, one.telephone, one.email, one.training, one.availability) if word]
            if said:
                yield f"The roster says: {'; '.join(said)}{' (on the public page)' if one.published else ''}"

    def _traces(self) -> Iterator[str]:
        for one in subject_access.sign_ins(self.session, self.id):
            yield f"Signed in on {_day(one.created_at)} by {one.way}{f', on {one.device}' if one.device else ''}"
        for one in subject_access.deliveries(self.session, self.id):
            yield f"Message “{one.name}” about {self._where(one.case_id)}: {f'sent on {_day(one.sent_at)}' if one.sent_at else 'not sent'}"
        for one in subject_access.drafts(self.session, self.id):
            words = "; ".join(str(value) for value in json.loads(one.answers).values() if isinstance(value, str) and value)
            yield f"A complaint that you began, last changed on {_day(one.updated_at)}: {words}"

    def _done(self) -> Iterator[tuple[str, str, str]]:
        for one in self.entries:
            content: Any = read_body(as_bytes(one.body))
            yield _day(one.at), self._where(one.subject), self._called(one, content["facts"])

    def _called(self, one: Any, facts: Any) -> str:
        action, digest = facts.get("action"), subject_access.procedure_of(self.session, one.subject)
        if action and digest and (known := self.desk.procedure(self.session, digest).actions.get(action)):
            return say(known.title, {"complainant": "the complaining organisation", "respondent": "the other organisation"})
        return _DONE.get(one.event) or str(one.event).replace(":", " ").replace("_", " ").capitalize()

    def _texts(self) -> Iterator[Written]:
        mine = {(one.subject, one.seq): one.at for one in self.entries}
        for one in erasing.words_of(self.session):
            own = (one.subject, one.seq) in mine
            named = own or self.named.search(one.value.casefold())
            if not named or not (self._is_read(one.subject, one.audience) if own else self._may_be_given(one)):
                continue
            at = mine.get((one.subject, one.seq)) or subject_access.moment_of(self.session, one.subject, one.seq)
            yield Written(f"{self._where(one.subject)}, entry {one.seq}", _day(at), one.name.replace("_", " "),
                          self._unnamed(one.subject, one.value), own)

    def _unnamed(self, subject: int, words: str) -> str:
        """Words without the names that are kept back from the reader, as pages show them."""
        return self.readings.of(subject)[2].text(words) if self.readings else words

    def _where(self, subject: int) -> str:
        """What a case may be called: somebody who is no part of it any more is not told which it is."""
        if not subject:
            return "The desk"
        return (self.readings.of(subject)[0] if self.readings else self.references[subject]) or "A case that you are not part of any more"

    def _is_read(self, subject: int, audience: str) -> bool:
        """Whether somebody who wrote there still reads there."""
        return not subject or self.readings is None or audience in self.readings.of(subject)[1]

    def _looked_into_files(self) -> tuple[list[Any], tuple[str, ...]]:
        """The files that they added, or in which they are named; and which others of their cases could not be searched."""
        given, unread, cases = list[Any](), list[str](), {one.subject for one in self.entries}
        for one in erasing.files_there(self.session):
            own = one.account_id == self.id
            if not (self._is_read(one.subject, one.audience) if own else self._may_be_given(one)):
                continue
            read = words_of_file(self.desk, one)
            if own or self.named.search(read.words.casefold()):
                given.append(one)
            elif not read.all_of_it and one.subject in cases:
                unread.append(f"{self._where(one.subject)}, entry {one.seq} ({one.kind})")
        return given, tuple(unread)

    def _may_be_given(self, one: Any) -> bool:
        """In their own copy nobody finds what was said in a room that is not theirs, or noted by somebody else."""
        if self.readings is None:
            return True
        return self.readings.reads(one) and one.audience != FRIEND and not one.audience.startswith("room:") and one.audience != "panel"


def _day(moment: datetime) -> str:
    return said_day(local_day(moment))


def _span(one: Any) -> str:
    return f"from {said_day(one.from_on)}{f' to {said_day(one.to_on)}' if one.to_on else ''}"

