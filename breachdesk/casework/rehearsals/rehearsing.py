"""Plays a rehearsal through the real engine, on a desk whose clock moves only with the story, and says where it went another way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from breachdesk.casework.act import act, case_roles
from breachdesk.casework.declaring import declare_none_before
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.replaying import replay
from breachdesk.casework.messages import MissingWord, messages_of, written
from breachdesk.casework.open_case import open_case
from breachdesk.casework.practice.desk_clock import advance
from breachdesk.casework.rehearsals.rehearsal_answers import Answering
from breachdesk.casework.rehearsals.rehearsal_cast import Cast
from breachdesk.casework.rehearsals.rehearsal_desks import Desks
from breachdesk.casework.rehearsals.rehearsal_expectations import Seen, differences
from breachdesk.casework.rehearsals.rehearsal_log import Played, closing_of, played_in
from breachdesk.casework.soundness import unsound
from breachdesk.casework.timers import FAILED, Fired
from breachdesk.clock import LOCAL
from breachdesk.errors import BreachdeskError, LogBroken
from breachdesk.identity import Actor
from breachdesk.permissions import role_used
from breachdesk.store import audit_log, notices, people
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.workflow.rehearsing import Day, Expected, Rehearsal, Scene

_REMINDED = "reminded"
_A_WHILE = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Astray:
    """A place where a rehearsal went another way than its story says: the line of the file, the day, and both ways."""

    line: int
    on: date
    expected: str
    happened: str


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A rehearsal that was played: where it went astray, the day on which it ended, and what its log shows."""

    rehearsal: Rehearsal
    astray: tuple[Astray, ...]
    ended_on: date
    played: frozenset[Played]


class _Lost(Exception):
    """The story cannot go on from here."""


def rehearse(desks: Desks, rehearsal: Rehearsal) -> Rehearsed:
    """Play a rehearsal. Raises BadRehearsal when it names somebody or something that the practice desk does not have."""
    with desks.one_for(rehearsal) as desk:
        return _Play(desk, rehearsal).play()


class _Play:
    """One rehearsal being played; it lives for one call."""

    def __init__(self, desk: Desk, rehearsal: Rehearsal) -> None:
        self.desk, self.rehearsal = desk, rehearsal
        self.astray: list[Astray] = []
        self.cases: dict[str, str] = {}
        self.told: dict[str, set[int]] = {}
        self.listening_for: set[str] = set()
        self.last_notice = 0
        self.line = 0
        self.now = datetime(rehearsal.begins.year, rehearsal.begins.month, rehearsal.begins.day, 9, tzinfo=LOCAL)
        advance(desk, self.now)
        with desk.database.read() as session:
            scheme = desk.scheme(session, rehearsal.scheme)
            self.procedure = desk.procedure(session, scheme.procedure_digest)
            self.calendar = desk.calendar(session, scheme.calendar_id)
        self.cast = Cast(desk, rehearsal)
        self.answering = Answering(desk, rehearsal, self.cast, self.day_of, self.case_of)

    def play(self) -> Rehearsed:
        try:
            for scene in self.rehearsal.story:
                self.line = scene.line
                self._scene(scene)
            self._look(self.rehearsal.end, "")
            verify(self.desk)
            for one in replay(self.desk).differences:
                self._note(f"{one.field} of {one.reference} as the entries say it", one.says)
        except _Lost:
            pass
        except LogBroken as error:
            self._note("a whole log", str(error))
        with self.desk.database.read() as session:
            played = frozenset(played_in(session))
        return Rehearsed(self.rehearsal, tuple(self.astray), self.now.date(), played)

    def _note(self, expected: str, happened: str) -> None:
        self.astray.append(Astray(self.line, self.now.date(), expected, happened))

    def _scene(self, scene: Scene) -> None:
        self.told = {}
        self.listening_for = {one.notice for one in scene.expect.told if one.to is not None}
        self._let_time_pass(scene)
        if scene.does:
            self._act(scene)
        self._look(scene.expect, scene.case)
        self._hold_together()

    def day_of(self, day: Day) -> date:
        """The date of a day that the story tells."""
        if day.on:
            return day.on
        base = self.now.date() if day.later else self.rehearsal.begins
        return base + timedelta(days=day.n) if day.counted == "day" else self.calendar.working_day_after(base, day.n) if day.n else base

    def case_of(self, name: str) -> str:
        """The reference of a case that the story names; the first one, when it names none."""
        if name in self.cases:
            return self.cases[name]
        if not name and self.cases:
            return next(iter(self.cases.values()))
        self._note(f"a case{f' called “{name}”' if name else ''}", "none has begun by that name" if name else "none has begun")
        raise _Lost

    def _let_time_pass(self, scene: Scene) -> None:
        day = self.day_of(scene.when) if scene.when else self.now.date()
        if day < self.now.date():
            self._note(f"{scene.when} after the step before", f"{day} lies before {self.now.date()}")
            raise _Lost
        self.now = self.now + _A_WHILE if day == self.now.date() else datetime(day.year, day.month, day.day, 9, tzinfo=LOCAL)
        fired = advance(self.desk, self.now, self._see)
        did = tuple(one.did for one in fired if one.did not in ("", _REMINDED))
        if not self._as_told(scene.clock_does, did):
            self._note(f"the clock does {_listed(scene.clock_does)}", f"it did {_listed(did)}")
        for one in fired:
            if not one.did and self.procedure.limits[one.limit].then:
                self._note(f"the clock does something when “{one.limit}” is over", "nothing that it could do was allowed")

    def _see(self, fired: Fired) -> None:
        """What the clock has just done: its messages are made at once, and where it fails the story ends."""
        if fired.did.startswith(FAILED):
            self._note(f"the clock does its part when “{fired.limit}” is over", "it failed, and would try again and again")
            raise _Lost
        self._hear()

    def _as_told(self, told: Sequence[str], did: Sequence[str]) -> bool:
        """Whether the clock did what the story tells, in that order. What moves nothing (a regular update) need not be told."""
        waiting = list(told)
        for name in did:
            action = self.procedure.actions.get(name)
            if waiting and waiting[0] == name:
                del waiting[0]
            elif action is None or action.targets or action.resumes:
                return False
        return not waiting

    def _hear(self) -> None:
        """Make every message that was queued since the last one, as it would be sent now."""
        with self.desk.database.read() as session:
            for row in notices.queued_after(session, self.last_notice):
                self.last_notice = row.id
                self.told.setdefault(row.name, set())
                try:
                    # Finding out who gets it costs more than everything else, so only where the story says who should.
                    if row.name in self.listening_for:
                        self.told[row.name] |= {account for account, _ in messages_of(session, self.desk, row)}
                    else:
                        written(session, self.desk, row)
                except MissingWord as missing:
                    self._note(f"the message “{row.name}” can be sent", f"it needs “{missing.args[0]}”, which is not known in the case")

    def _act(self, scene: Scene) -> None:
        title = self.procedure.actions[scene.does].title
        try:
            self._take(scene)
        except BreachdeskError as error:
            if scene.expect.refused and scene.expect.refused.casefold() in str(error).casefold():
                return
            self._note(f"“{title}” refused because of “{scene.expect.refused}”" if scene.expect.refused else f"“{title}” by {scene.who}",
                       f"it was refused: {error}")
            raise _Lost from error
        except Exception as error:
            self._note(f"“{title}” by {scene.who}", f"it failed: {type(error).__name__}: {str(error).partition(chr(10))[0]}")
            raise _Lost from error
        if scene.expect.refused:
            self._note(f"“{title}” refused because of “{scene.expect.refused}”", "it was done")
        self._hear()

    def _take(self, scene: Scene) -> None:
        action = self.procedure.actions[scene.does]
        if action.opens:
            actor = self._actor(scene.who, None)
            with self.desk.database.read() as session:
                complaint = self.answering.complaint(session, actor, scene)
            self.cases[scene.case] = open_case(self.desk, actor, self.rehearsal.scheme, complaint).reference
            return
        reference = self.case_of(scene.case)
        with self.desk.database.read() as session:
            read = self._read(session, reference)
            actor = self._actor(scene.who, read)
            roles = case_roles(actor, read)
            # Whoever may not take the step is refused by `act`, in its own words.
            role = role_used(roles, action, read.parties) or action.by[0]
            step = self.answering.step(session, read, action, scene, role)
        declare_none_before(self.desk, actor, reference, action)
        act(self.desk, actor, reference, step)
        if scene.begins:
            self._name_the_new(scene.begins)

    def _name_the_new(self, name: str) -> None:
        with self.desk.database.read() as session:
            new = [reference for _, reference, *_ in audit_log.chain_heads(session)[1:] if reference not in self.cases.values()]
        if not new:
            self._note(f"the case “{name}” begins", "no case began")
            raise _Lost
        self.cases[name] = new[-1]

    def _actor(self, part: str, read: CaseRead | None) -> Actor:
        actor = self.cast.actor(part, read.facts(self.calendar) if read else None)
        if actor is None:
            self._note(f"somebody plays “{part}”", "nobody on the practice desk can")
            raise _Lost
        return actor

    def _read(self, session: Session, reference: str) -> CaseRead:
        read = read_case(session, reference=reference, to_change=False)
        if read is None:
            raise LookupError(f"{reference} is gone")
        return read

    def _look(self, expected: Expected, case: str) -> None:
        reference = self.case_of(case)
        with self.desk.database.read() as session:
            read = self._read(session, reference)
            names = people.names_of(session, sorted({account for told in self.told.values() for account in told}))
            seen = Seen(read.head, read.facts(self.calendar), closing_of(session, read.head.id), self.told, names)
        self.line = expected.line or self.line
        for wanted, happened in differences(expected, seen, self.procedure, self.cast, self.day_of):
            self._note(wanted, happened)

    def _hold_together(self) -> None:
        """What must hold after every step, whether the story says so or not."""
        with self.desk.database.read() as session:
            for reference in self.cases.values():
                for fault in unsound(session, self.desk, reference):
                    self._note("a sound case", fault)

def _listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "nothing"
