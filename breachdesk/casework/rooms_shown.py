"""The rooms of a case as somebody sees them: who can read each, what was said, with which files. `rooms` is where something is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from breachdesk.audit.chain import read_body
from breachdesk.casework import files
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.casework.rooms import Meeting, compartment_named, meet, release_targets, slug_of, waiting_for_consent, why_not_released
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.store import audit_log, people, rooms
from breachdesk.store.session import Session
from breachdesk.store.visibility import FRIEND, PANEL, SHARED, party_of_room
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.wording import listed

FRIENDS = "critical_friend"
_SCANNED = {files.CLEAN: "", files.NOT_SCANNED: "not scanned for viruses", files.INFECTED: "a virus was found, so it was deleted",
            files.WAITING: "held back until it has been scanned for viruses"}
_ERASED = "it was erased"


@dataclass(frozen=True, slots=True)
class FileShown:
    """A file of a message: `state` says what the scanner found, and `there` whether it can be fetched."""

    seq: int
    name: str
    kind: str
    size: str
    state: str
    there: bool


@dataclass(frozen=True, slots=True)
class MessageShown:
    """Something said: by whom, in which role, for whom. `gone` when its words were deleted; `to` where it can still be released."""

    seq: int
    at: datetime
    by: str
    role: str
    organisation: str
    mine: bool
    words: str
    file: FileShown | None
    belongs_to: int
    from_room: str
    released_to: tuple[str, ...]
    to: tuple[tuple[str, str], ...]
    gone: bool


@dataclass(frozen=True, slots=True)
class RoomShown:
    """A room as a line on the case's page: who reads there, and how much was said."""

    slug: str
    title: str
    door: str
    how_many: int
    last_at: datetime | None
    private: bool


@dataclass(frozen=True, slots=True)
class RoomPage:
    """A room with what was said in it. `why_not` says why nothing can be said now; `closed_to` who waits to read what came before;
    `earlier` whether something was said before the reader was named."""

    reference: str
    title: str
    room: RoomShown
    messages: tuple[MessageShown, ...]
    why_not: str
    takes_files: bool
    closed_to: tuple[tuple[int, str], ...]
    earlier: bool


def rooms_of(session: Session, desk: Desk, actor: Actor, reference: str) -> tuple[RoomShown, ...]:
    """The rooms of a case that somebody may enter; the operator, who reads no words, none. Raises NotFound."""
    try:
        meeting = meet(session, actor, reference)
    except NotFound:
        return ()
    return _Rooms(session, desk, meeting).lines()


def room_page(session: Session, desk: Desk, actor: Actor, reference: str, slug: str) -> RoomPage:
    """One room. Raises NotFound for one that the reader may not know of."""
    meeting = meet(session, actor, reference)
    return _Rooms(session, desk, meeting).page(compartment_named(meeting, slug))


def files_beside_steps(session: Session, desk: Desk, actor: Actor, reference: str) -> dict[int, list[FileShown]]:
    """Entry of the timeline → the files that were added to it, of those that somebody may read."""
    try:
        meeting = meet(session, actor, reference)
    except NotFound:
        return {}
    found: dict[int, list[FileShown]] = {}
    for one in _Rooms(session, desk, meeting).files():
        found.setdefault(one[0], []).append(one[1])
    return found


class _Rooms:
    """Gathers the rooms of one case for one reader; it lives for one call."""

    def __init__(self, session: Session, desk: Desk, meeting: Meeting) -> None:
        self.mask = mask_for(session, meeting.actor, meeting.case, meeting.roles)
        self.session, self.meeting, self.case = session, meeting, self.mask.case(meeting.case)
        self.procedure: Procedure = desk.procedure(session, self.case.head.procedure_digest)
        self.parties = {party.id: party for party in self.case.parties}
        self.friends = [one.account_id for one in self.case.appointments if one.role == FRIENDS and not one.ended]
        self.names: Mapping[int, str] = people.names_of(session, self.friends)
        self.messages = rooms.messages_of(session, self.case.head.id, meeting.access)

    def lines(self) -> tuple[RoomShown, ...]:
        return tuple(self._line(one) for one in self.meeting.access.compartments if self._is_there(one))

    def _is_there(self, compartment: str) -> bool:
        """A party's room is there from when a critical friend is; the others for those who speak there, or once something was said."""
        if any(one.compartment == compartment for one in self.messages):
            return True
        if party_of_room(compartment):
            return bool(self.friends)
        return compartment in (SHARED, PANEL, FRIEND)

    def page(self, compartment: str) -> RoomPage:
        party = party_of_room(compartment)
        said = [one for one in self.messages if one.compartment == compartment]
        released = rooms.releases_of(self.session, self.case.head.id)
        waiting = waiting_for_consent(self.session, self.meeting, party) if party in self.meeting.access.own else []
        earlier = compartment in rooms.said_before(self.session, self.case.head.id, self.meeting.access)
        return RoomPage(self.case.head.reference, self._title(compartment), self._line(compartment),
                        tuple(self._message(one, released.get(one.seq, set())) for one in said), self.meeting.why_not(compartment),
                        compartment != FRIEND, tuple((one, self.names.get(one, "?")) for one in waiting), earlier)

    def files(self) -> list[tuple[int, FileShown]]:
        """(entry, file) of what was added to an entry."""
        return [(one.belongs_to, shown) for one in self.messages if one.belongs_to and (shown := self._file(one))]

    def _line(self, compartment: str) -> RoomShown:
        said = [one.at for one in self.messages if one.compartment == compartment]
        return RoomShown(slug_of(compartment), self._title(compartment), self._door(compartment), len(said), max(said, default=None),
                         compartment != SHARED)

    def _title(self, compartment: str) -> str:
        if party := party_of_room(compartment):
            friend = listed([self.names[one] for one in self.friends if one in self.names]) or "the critical friend"
            return f"{'You' if party in self.meeting.access.own else self.parties[party].name} and {friend}"
        return {SHARED: "The shared room", PANEL: "The panel's own room"}.get(compartment, "Your own notes")

    def _door(self, compartment: str) -> str:
        if party := party_of_room(compartment):
            return self._partys_door(party)
        if compartment == PANEL:
            return "Who can read this: the members of the panel. Not the two sides, not the critical friend, not the coordinator."
        if compartment == FRIEND:
            return ("Who can read this: you alone. It is deleted 20 working days after the case has closed; the record then says only "
                    "that there was a note.")
        return ("Who can read this: everybody in this case, which is both sides (the one complained about once it has been told), the "
                "coordinator, the critical friend, the panel once there is one, and the steering group once it has reached the panel.")

    def _partys_door(self, party: int) -> str:
        mine = party in self.meeting.access.own
        ours = f"the people of {self.parties[party].name}{' (you and your colleagues)' if mine else ''}"
        friends = listed([self.names[one] for one in self.friends if one in self.names])
        readers = f"{ours}, and {friends} (critical friend)" if friends else f"{ours}; there is no critical friend at the moment"
        others = [f"not {one.name}" for one in self.case.parties if one.id != party]
        kept = ", ".join([*others, "not the coordinator", "not the panel", "not the steering group"])
        how = " ".join(self._how_they_work(one) for one in self.friends)
        return f"Who can read this: {readers}. {kept[:1].upper()}{kept[1:]}.{f' {how}' if how else ''}"

    def _how_they_work(self, account_id: int) -> str:
        """A critical friend who was named as the supporter of one side, with both sides' knowledge."""
        told: Any = None
        for _, event, body, _ in audit_log.entries_of(self.session, self.case.head.id):
            content: Any = read_body(body)
            named = content["facts"].get("effects", {}).get("appointed", ()) if event.startswith("case:") else ()
            if any(one["account"] == account_id and one["role"] == FRIENDS for one in named):
                told = content["facts"]["answers"]
        if told is None or told.get("mode") != "supporter" or not str(told.get("supports", "")).isdigit():
            return ""
        side = self.parties.get(int(told["supports"]))
        return f"{self.names.get(account_id, 'They')} supports {side.name} here, with both sides' knowledge." if side else ""

    def _message(self, one: Any, released: set[str]) -> MessageShown:
        to: Sequence[str] = () if why_not_released(self.meeting, one) else [
            place for place in release_targets(self.meeting, one.compartment) if place not in released]
        party = self.parties.get(one.party_id)
        from_room = "" if not one.released_from else self._where_from(one)
        return MessageShown(
            one.seq, one.at, self._name(one.account_id, one.role, one.said_by), self.procedure.roles.get(one.role, one.role),
            party.name if party else "", one.account_id == self.meeting.actor.account_id, self.mask.text(one.words or ""), self._file(one),
            one.belongs_to or 0, from_room,
            tuple(_RELEASED[place] for place in sorted(released)), tuple((place, _CHOICE[place]) for place in to), one.gone_at is not None)

    def _where_from(self, one: Any) -> str:
        """Where something was said first: the room's name says no more than that."""
        compartment, _ = rooms.compartment_of_message(self.session, self.case.head.id, one.released_from)
        return f"First said {'in the panel’s own room' if compartment == PANEL else 'to the critical friend alone'}."

    def _name(self, account_id: int, role: str, name: str) -> str:
        return self.mask.actor_name(account_id, role, name)

    def _file(self, one: Any) -> FileShown | None:
        if not one.stored:
            return None
        size = f"{one.size / files.MEGABYTE:.1f} MB" if one.size >= files.MEGABYTE else f"{max(1, round(one.size / 1000))} kB"
        state = _ERASED if one.file_gone_at else _SCANNED[one.state]
        return FileShown(one.seq, self.mask.text(one.file_name or "a file"), one.kind.upper(), size, state,
                         one.state in (files.CLEAN, files.NOT_SCANNED) and not one.file_gone_at)


_RELEASED = {SHARED: "everybody in this case", PANEL: "the panel"}
_CHOICE = {SHARED: "Everybody in this case", PANEL: "The panel alone"}
