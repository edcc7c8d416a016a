"""What is said beside the steps of a case: in the shared room, between a party and its critical friend, by the panel, and in notes.

Words go into the case's log as details of their compartment. A message changes neither the case's status nor its version: nobody's
step is out of date because somebody spoke meanwhile. When a case has closed, its rooms are only read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from breachdesk.audit.chain import Detail, Doer
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.cases_met import met
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.desk import Desk
from breachdesk.casework.files import Incoming, Taken, drop, taken_in
from breachdesk.casework.notice_texts import message_notice
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.identity import Actor
from breachdesk.permissions import role_for_log
from breachdesk.store import audit_log, rooms
from breachdesk.store.audit_log import compartment_of_entry, salted
from breachdesk.store.cases import CaseRead
from breachdesk.store.notices import notices_queued
from breachdesk.store.prepared import Change
from breachdesk.store.rooms import FILE_NAME, WORDS, Access, NewFile, NewMessage
from breachdesk.store.session import Session
from breachdesk.store.visibility import FRIEND, PANEL, SHARED, is_within, party_of_room, room_of
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import PARTY_SIDES, Ask

_NOTES, _OF_PARTY = "notes", "party-"
# Roles in which people speak in the shared room, the first that they hold; who only reviews a case reads there.
_SPEAK = (*PARTY_SIDES, "coordinator", "critical_friend", "panel_member")
ASK_WORDS = Ask("words", "Write here", "text")


@dataclass(frozen=True, slots=True)
class Said:
    """What was said or released: the case, the room, its number; not NEW when this very request had been carried out before."""

    reference: str
    room: str
    seq: int
    new: bool = True


@dataclass(frozen=True, slots=True)
class Meeting:
    """One person in one case, for the length of a transaction: what they may read and write, and in which role they speak."""

    actor: Actor
    case: CaseRead
    roles: frozenset[str]
    access: Access

    def role_in(self, compartment: str) -> str:
        """The role in which they speak there; "" when they do not."""
        if party_of_room(compartment):
            here: tuple[str, ...] = tuple(party.side for party in self.case.parties if party.id == party_of_room(compartment)
                                          and party.id in self.access.own and not party.left) or ("critical_friend",)
        else:
            here = {FRIEND: ("critical_friend",), PANEL: ("panel_member",)}.get(compartment, _SPEAK if compartment == SHARED else ())
        return next((role for role in here if role in self.roles), "")

    def party_for(self, compartment: str) -> int:
        """The party for which they speak there; 0 when for none."""
        room, role = party_of_room(compartment), self.role_in(compartment)
        return next((party.id for party in self.case.parties if party.id in self.access.own and not party.left
                     and party.side == role and room in (0, party.id)), 0)

    def why_not(self, compartment: str) -> str:
        """Why nothing can be said there now; "" when it can."""
        if self.case.head.closed_on:
            return "The case has closed, so this room can only be read."
        if not self.role_in(compartment):
            return "You can read here, and not write."
        if party_of_room(compartment) and not any(one.role == "critical_friend" and not one.ended for one in self.case.appointments):
            return "There is no critical friend in this case at the moment, so nobody would read it."
        return ""


def slug_of(compartment: str) -> str:
    """The name of a room in addresses."""
    return _NOTES if compartment == FRIEND else f"{_OF_PARTY}{party}" if (party := party_of_room(compartment)) else compartment


def compartment_named(meeting: Meeting, slug: str) -> str:
    """The room of that name. Raises NotFound also for one that the reader may not know of."""
    found = next((one for one in (SHARED, PANEL, FRIEND, *(room_of(party.id) for party in meeting.case.parties))
                  if slug_of(one) == slug and meeting.access.reads(one)), None)
    if found is None:
        raise NotFound(f"There is no room “{slug[:40]}” in this case that you can see.")
    return found


def meet(session: Session, actor: Actor, reference: str, *, to_change: bool = False) -> Meeting:
    """Somebody in a case. Raises NotFound when it does not exist for them."""
    case, roles = met(session, actor, reference, to_change=to_change)
    require_declared(session, actor, case, roles)
    return Meeting(actor, case, roles, rooms.access_of(session, actor, case, roles))


def say_in_room(desk: Desk, actor: Actor, reference: str, room: str, words: str, *, file: Incoming | None = None, belongs_to: int = 0,
                key: str | None = None) -> Said:
    """Say something in a room of a case, with a file or without; BELONGS_TO is the entry that it is added to.

    Raises NotFound for the case or the room, Refused where nothing can be said, Invalid for the words or the file.
    """
    with desk.database.read() as session:
        meeting = meet(session, actor, reference)
        _require_open(meeting, compartment_named(meeting, room))
    with taken_in(desk, file, _side(meeting)) as taken:
        said = desk.database.transact(lambda session: _say(session, desk, actor, reference, room, words, taken, belongs_to, key))
        if taken and not said.new:
            drop(desk, taken)
    return said


def _say(session: Session, desk: Desk, actor: Actor, reference: str, room: str, words: str, taken: Taken | None, belongs_to: int,
         key: str | None) -> Said:
    meeting = meet(session, actor, reference, to_change=True)
    compartment, head = compartment_named(meeting, room), meeting.case.head
    if key and (seq := audit_log.entry_with_key(session, head.id, key)):
        return Said(head.reference, room, seq, new=False)
    _require_open(meeting, compartment)
    _require_fits(session, desk, meeting, compartment, taken, belongs_to)
    said = _read_words(words, local_day(desk.now(session)), with_file=taken is not None)
    event = "note:written" if compartment == FRIEND else "room:said"
    facts = {"room": compartment, "file": _file_facts(taken.row if taken else None), "belongs_to": belongs_to}
    details = _details(compartment, said, taken.name if taken else "")
    return _write(session, desk, meeting, event, facts, details, compartment, taken.row if taken else None, belongs_to=belongs_to, key=key)


def file_with_complaint(session: Session, desk: Desk, actor: Actor, reference: str, taken: Taken) -> None:
    """Add a file to the complaint that begins in this very transaction: whoever is told of that is not told of the file as well."""
    meeting = meet(session, actor, reference, to_change=True)
    taken = replace(taken, row=replace(taken.row, side=_side(meeting)))
    _require_fits(session, desk, meeting, SHARED, taken, 1)
    facts = {"room": SHARED, "file": _file_facts(taken.row), "belongs_to": 1}
    _write(session, desk, meeting, "room:said", facts, _details(SHARED, "", taken.name), SHARED, taken.row, belongs_to=1, tells=False)


def release(desk: Desk, actor: Actor, reference: str, room: str, seq: int, to: str, key: str | None = None) -> Said:
    """Let out of a party's room, or the panel's, something that was said there: to everybody in the case, or to the panel.

    Whoever said it may, and what a party's people said anybody of that party. It cannot be taken back. Raises NotFound for what the
    reader may not know of, Refused, with the reason, for what cannot be released.
    """
    return desk.database.transact(lambda session: _release(session, desk, actor, reference, room, seq, to, key))


def _release(session: Session, desk: Desk, actor: Actor, reference: str, room: str, seq: int, to: str, key: str | None) -> Said:
    meeting = meet(session, actor, reference, to_change=True)
    compartment, head = compartment_named(meeting, room), meeting.case.head
    if key and (done := audit_log.entry_with_key(session, head.id, key)):
        return Said(head.reference, to, done, new=False)
    found = rooms.messages_of(session, head.id, meeting.access, (compartment,), seq)
    if not found:
        raise NotFound(f"There is no message {seq} in this room that you can see.")
    if why := why_not_released(meeting, found[0]):
        raise Refused(why)
    if to not in release_targets(meeting, compartment):
        raise Invalid({"to": "Choose who is to read it."})
    if to in rooms.releases_of(session, head.id).get(seq, ()):
        raise Refused("It was released there before.")
    one = found[0]
    row = NewFile(one.stored, one.sha256, one.kind, one.size, one.side, one.state) if one.stored and not one.file_gone_at else None
    facts = {"room": compartment, "of": seq, "to": to, "file": _file_facts(row)}
    return _write(session, desk, meeting, "room:released", facts, _details(to, one.words or "", one.file_name or ""), to, row,
                  released_from=seq, speaks_in=compartment, key=key)


def why_not_released(meeting: Meeting, one: Any) -> str:
    """Why the reader cannot let a message out of its room; "" when they can."""
    if one.compartment in (SHARED, FRIEND):
        return "Only what was said in a room of its own can be released."
    if meeting.case.head.closed_on:
        return "The case has closed, so nothing is released any more."
    if party := party_of_room(one.compartment):
        if one.party_id != party:
            return "What the critical friend said stays in the room. It can be said anew, in other words, where others read it."
        return "" if party in meeting.access.own else "Only the organisation that said it can release it."
    return "" if one.account_id == meeting.actor.account_id else "Only whoever wrote it can release it."


def release_targets(meeting: Meeting, compartment: str) -> tuple[str, ...]:
    """Where something can be released to: everybody in the case; the panel, once there is one."""
    panel = any(one.role == "panel_member" and not one.ended for one in meeting.case.appointments)
    return (SHARED, PANEL) if panel and compartment != PANEL else (SHARED,)


def open_room(desk: Desk, actor: Actor, reference: str, room: str, account_id: int) -> Said:
    """A party lets a critical friend who was named later read what was said in its room before. It cannot be taken back.

    Raises NotFound, NotPermitted for who does not belong to the party, Refused when there is nothing to open.
    """
    return desk.database.transact(lambda session: _open_room(session, desk, actor, reference, room, account_id))


def _open_room(session: Session, desk: Desk, actor: Actor, reference: str, room: str, account_id: int) -> Said:
    meeting = meet(session, actor, reference, to_change=True)
    compartment = compartment_named(meeting, room)
    party = party_of_room(compartment)
    if party not in meeting.access.own:
        raise NotPermitted("Only the organisation whose room it is can let somebody read what was said before.")
    _require_open(meeting, compartment)
    if account_id not in waiting_for_consent(session, meeting, party):
        raise Refused("There is nobody with that name to whom the room is still to be opened.")
    head = meeting.case.head
    seq = _entry(session, desk, meeting, "room:opened", {"room": compartment, "account": account_id}, (), compartment)
    session.run(rooms.room_opened(party, account_id, seq))
    return Said(head.reference, room, seq)


def waiting_for_consent(session: Session, meeting: Meeting, party: int) -> list[int]:
    """The critical friends who cannot read what was said in a party's room before they were named."""
    first = rooms.first_said(session, meeting.case.head.id, room_of(party))
    later = [account for account, named in rooms.named_by(session, meeting.case.head.id).items() if first and first < named]
    return rooms.not_opened_to(session, party, later)


def _write(session: Session, desk: Desk, meeting: Meeting, event: str, facts: Mapping[str, object], details: tuple[Detail, ...],
           compartment: str, file: NewFile | None, *, belongs_to: int = 0, released_from: int = 0, speaks_in: str = "",
           key: str | None = None, tells: bool = True) -> Said:
    """The entry, the message, its file, and who is told: in the transaction that is going on."""
    speaks_in = speaks_in or compartment
    head, now, doer = meeting.case.head, desk.now(session), _doer(meeting, speaks_in)
    seq = _entry(session, desk, meeting, event, facts, details, speaks_in, key)
    new = NewMessage(head.id, seq, compartment, doer.account, doer.role, doer.on_behalf_of, now, belongs_to, released_from)
    changes: list[Change] = [rooms.message_added(session, new)]
    if file:
        changes.append(rooms.file_attached(head.id, seq, file))
    if tells and (notice := message_notice(compartment)):
        changes += notices_queued(head.id, seq, (notice,), party_of_room(compartment), {}, now)
    session.run(*changes)
    return Said(head.reference, slug_of(compartment), seq)


def _entry(session: Session, desk: Desk, meeting: Meeting, event: str, facts: Mapping[str, object], details: tuple[Detail, ...],
           speaks_in: str, key: str | None = None) -> int:
    return note_in_case(session, meeting.case, event, _doer(meeting, speaks_in), facts, desk.now(session), details, key=key)


def _doer(meeting: Meeting, compartment: str) -> Doer:
    """Who speaks, in which role, for which party."""
    role = role_for_log(meeting.actor, meeting.case.parties, meeting.role_in(compartment), meeting.roles)
    return Doer(meeting.actor.account_id, role, meeting.party_for(compartment))


def _details(compartment: str, words: str, file_name: str) -> tuple[Detail, ...]:
    return tuple(salted(name, compartment, value)
                 for name, value in ((WORDS, words), (FILE_NAME, file_name)) if value)


def _file_facts(row: NewFile | None) -> dict[str, object]:
    return {"sha256": row.sha256, "kind": row.kind, "size": row.size} if row else {}


def _read_words(words: str, today: date, *, with_file: bool) -> str:
    """The words as they are kept. Raises Invalid; a file may come without any."""
    raw = {WORDS: words} if words.strip() else {}
    return str(read_answers((replace(ASK_WORDS, required=not with_file),), raw, Offered(), today).get(WORDS, ""))


def _require_open(meeting: Meeting, compartment: str) -> None:
    if why := meeting.why_not(compartment):
        raise Refused(why)


def _require_fits(session: Session, desk: Desk, meeting: Meeting, compartment: str, taken: Taken | None, belongs_to: int) -> None:
    """Raise Invalid when the side has added enough files, or Refused when there is no such entry to add something to."""
    head = meeting.case.head
    if belongs_to and (belongs_to > head.last_seq or not is_within(compartment, compartment_of_entry(session, head.id, belongs_to))):
        raise Refused(f"There is no entry {belongs_to} that something could be added to here.")
    if taken and compartment == FRIEND:
        raise Invalid({"file": "Notes go without files: they are deleted some time after the case has closed."})
    if taken and rooms.how_many_files(session, head.id, taken.row.side) >= desk.files.each_side:
        raise Invalid({"file": f"Your side has added {desk.files.each_side} files to this case, which is as many as it can. "
                               "Ask the coordinator if there must be more."})


def _side(meeting: Meeting) -> str:
    """Whose files are counted together: a side's, or those of a role."""
    return next((role for role in _SPEAK if role in meeting.roles), "")
