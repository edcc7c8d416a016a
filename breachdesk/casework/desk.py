"""The desk: what every use case is handed. `bootstrap` makes it; nothing is looked up anywhere else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path

from breachdesk.clock import local_day, wall_time
from breachdesk.errors import LogBroken, NotFound
from breachdesk.mail.mailer import Mailer
from breachdesk.store import calendars, desk_row, procedures, schemes
from breachdesk.store.cases import CaseRead
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Database, Session
from breachdesk.timekeeping.calendar_changes import SCHEME, closed_for_a_case
from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow.definition import PARTY_SIDES, Procedure
from breachdesk.workflow.facts import Candidate, CaseFacts, Organisation, Party, Taken
from breachdesk.workflow.loading import load_procedure


@dataclass(frozen=True, slots=True)
class FileRules:
    """How large a file may be, how many each side may add to a case, and the command that looks whether one is clean ("": none)."""

    megabytes: int = 10
    each_side: int = 20
    scanner: str = ""


# Reading a file takes a fifth of a second, and the same text is always the same procedure: once in a process, whichever desk holds it.
read_procedure = lru_cache(maxsize=16)(load_procedure)
# So does counting the days of a calendar through.
_read_calendar = lru_cache(maxsize=16)(Calendar.from_json)


@dataclass(frozen=True, slots=True)
class Provider:
    """The service through which people of an organisation sign in to all that they use there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str = "your organisation"


@dataclass(frozen=True, slots=True)
class Outside:
    """Where checkpoints go beside people's letter boxes: a file kept elsewhere, and a witness with its key ("": none)."""

    file: str = ""
    witness_url: str = ""
    witness_key: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """The database, the mailer, the clocks, and what never changes once stored (procedures, calendars), kept at hand.

    `secret` is the desk's own key: what is kept encrypted or under a keyed hash is so by it. `common_passwords` is a file of those that
    nobody may choose, if the operator has one; `idle` how long a sign-in lasts that is not used.
    """

    database: Database
    mailer: Mailer
    practice: bool
    data_path: Path
    base_url: str
    wall: Callable[[], datetime] = wall_time
    secret: str = field(default="", repr=False)
    common_passwords: str = ""
    files: FileRules = FileRules()
    idle: timedelta = timedelta(hours=1)
    provider: Provider | None = None
    outside: Outside = Outside()
    # (account, kind, reference) of what was read and is not written yet: `casework.log.reads_noted`.
    reads: list[tuple[int, str, str]] = field(default_factory=list)
    _procedures: dict[str, Procedure] = field(default_factory=dict)
    _calendars: dict[int, Calendar] = field(default_factory=dict)
    _snapshots: dict[str, Calendar] = field(default_factory=dict)
    _closed: Mapping[int, Calendar] = field(default_factory=dict)

    def now(self, session: Session) -> datetime:
        """Desk time, for cases, limits and the log. On a practice desk it runs ahead of or behind wall time by an offset."""
        return self.wall() + desk_row.offset(session) if self.practice else self.wall()

    def procedure(self, session: Session, digest: str) -> Procedure:
        """The procedure with that digest, as it was when it was stored. Raises LogBroken when its text was changed since."""
        if (known := self._procedures.get(digest)) is None:
            if (found := procedures.procedure_text(session, digest)) is None:
                raise NotFound("The procedure of this case is not in the database.")
            known = read_procedure(found[1], found[0])
            if known.digest != digest:
                raise LogBroken(f"The text of {found[0]} in the database is not the one that was taken in: it was changed afterwards.")
            self._procedures[digest] = known
        return known

    def calendar(self, session: Session, calendar_id: int) -> Calendar:
        if (known := self._calendars.get(calendar_id)) is None:
            known = self._calendars[calendar_id] = _read_calendar(calendars.calendar_text(session, calendar_id))
        return known

    def calendars(self, session: Session, bound: str) -> Mapping[str, Calendar]:
        """A scheme's further calendars by their role, as its row names them."""
        return {role: self.calendar(session, calendar_id) for role, calendar_id in _bound(bound)}

    def facts(self, session: Session, read: CaseRead, candidates: Mapping[str, Candidate] | None = None,
              history: Mapping[str, Taken] | None = None, organisations: Mapping[str, Organisation] | None = None) -> CaseFacts:
        """A case that was read, as a decision sees it, with every calendar in which its days are or were counted."""
        own = self.case_calendar(session, self.calendar(session, read.head.calendar_id), read.head.procedure_digest, read.parties)
        further = self.calendars(session, read.head.calendars)
        known = {own.digest, *(one.digest for one in further.values())}
        earlier = {digest: self.snapshot(session, digest) for one in read.running if (digest := one.counted_in) not in known}
        return read.facts(own, candidates, history, organisations, further, earlier)

    def case_calendar(self, session: Session, calendar: Calendar, procedure_digest: str, parties: Iterable[Party]) -> Calendar:
        """The scheme's calendar, with the days on which a case's organisations are closed where its procedure counts those."""
        rule = self.procedure(session, procedure_digest).days_off
        if rule == SCHEME:
            return calendar
        sides = [(one.side, one.organisation_id) for one in parties if not one.left]
        closed = calendars.closed_days(session, [organisation for _, organisation in sides])
        known = {one: self.calendar(session, calendar_id) for one, calendar_id in closed.items()} | dict(self._closed)
        days = {side: [known.get(one) or replace(calendar, holidays={}) for whose, one in sides if whose == side] for side in PARTY_SIDES}
        return closed_for_a_case(calendar, rule, days["complainant"], days["respondent"])

    def keep_calendar(self, session: Session, facts: CaseFacts, procedure: Procedure) -> None:
        """Store the calendar that a case counts in, where it is the case's own, so that its dates can be explained later."""
        if procedure.days_off != SCHEME:
            calendars.add_calendar(session, facts.calendar, self.now(session))

    def with_calendar(self, calendar_id: int, calendar: Calendar) -> Desk:
        """The desk as it would be with another calendar in the place of one that it has."""
        return replace(self, _calendars={**self._calendars, calendar_id: calendar})

    def with_closed_days(self, organisation_id: int, days: Calendar) -> Desk:
        """The desk as it would be if an organisation were closed on those days."""
        return replace(self, _closed={organisation_id: days})

    def snapshot(self, session: Session, digest: str) -> Calendar:
        """The calendar with that digest, as it was when it was stored."""
        if (known := self._snapshots.get(digest)) is None:
            known = self._snapshots[digest] = _read_calendar(calendars.calendar_with_digest(session, digest))
        return known

    def scheme(self, session: Session, slug: str) -> SchemeHead:
        """The scheme of that name, with the procedure that its new cases begin under today. Raises NotFound, naming those there are."""
        if found := schemes.scheme_by_slug(session, slug):
            used = procedures.used_on(session, found.id, local_day(self.now(session)))
            return replace(found, procedure_digest=used) if used else found
        known = ", ".join(one.slug for one in schemes.all_schemes(session))
        raise NotFound(f"There is no scheme “{slug}” here. There is: {known or 'none yet'}.")


@lru_cache(maxsize=64)
def _bound(calendars: str) -> tuple[tuple[str, int], ...]:
    """The further calendars that a scheme's row names: role and id of each."""
    return tuple(json.loads(calendars).items())
