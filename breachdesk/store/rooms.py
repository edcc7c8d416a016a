"""What is said in rooms and noted beside a case: written with its log entry, read only through `Access`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, func, or_, select, update

from breachdesk.identity import Actor
from breachdesk.store.audit_log import DETAILS, compartment_of_entry
from breachdesk.store.cases import APPOINTMENTS, CASES, SCHEMES, CaseRead
from breachdesk.store.people import ACCOUNTS
from breachdesk.store.prepared import Change, PreparedInsert
from breachdesk.store.session import Session
from breachdesk.store.tables import table_of
from breachdesk.store.tables_rooms import FileRow, MessageRow, RoomOpeningRow
from breachdesk.store.visibility import FRIEND, compartments_of, parties_of, require_within, room_of

MESSAGES, FILES, OPENINGS = map(table_of, (MessageRow, FileRow, RoomOpeningRow))
_SAY = PreparedInsert(MESSAGES, "case_id", "seq", "compartment", "account_id", "role", "party_id", "at", "belongs_to", "released_from")
_ATTACH = PreparedInsert(FILES, "case_id", "seq", "stored", "sha256", "kind", "size", "side", "state", "tries")
_OPEN = PreparedInsert(OPENINGS, "party_id", "account_id", "seq")
# The two kinds of words that a message binds: what was said, and what its file is called.
WORDS, FILE_NAME = "words", "file"


@dataclass(frozen=True, slots=True)
class Access:
    """What one person may read of what is said in one case: the compartments, some of them only SINCE an entry, and no one else's notes."""

    account_id: int
    compartments: tuple[str, ...]
    own: frozenset[int] = frozenset()
    since: Mapping[str, int] = field(default_factory=dict)

    def reads(self, compartment: str) -> bool:
        return compartment in self.compartments

    def condition(self) -> ColumnElement[bool]:
        """The messages that they may read, as a condition on `messages`."""
        whole = [one for one in self.compartments if one not in self.since and one != FRIEND]
        mine = [and_(MESSAGES.c.compartment == FRIEND, MESSAGES.c.account_id == self.account_id)] if FRIEND in self.compartments else []
        later = [and_(MESSAGES.c.compartment == room, MESSAGES.c.seq > seq) for room, seq in self.since.items()]
        return or_(MESSAGES.c.compartment.in_(whole), *mine, *later)


def access_of(session: Session, actor: Actor, case: CaseRead, roles: frozenset[str]) -> Access:
    """What somebody may read in a case, given their roles in it.

    A critical friend reads a room from the entry that named them; what was said before, once the party has opened it to them.
    """
    own = parties_of(actor, case.parties)
    found = compartments_of(roles, own, [party.id for party in case.parties])
    named = _named_by(session, case.head.id, actor.account_id) if FRIEND in found else 0
    opened = set(session.connection.execute(select(OPENINGS.c.party_id).where(OPENINGS.c.account_id == actor.account_id)).scalars()
                 ) if named else set()
    since = {room_of(party.id): named for party in case.parties if named and party.id not in opened}
    return Access(actor.account_id, found, own, since)


def _named_by(session: Session, case_id: int, account_id: int) -> int:
    """The entry that named a critical friend who serves; 0 when they were named before there were rooms."""
    return int(session.value(select(func.max(APPOINTMENTS.c.seq)).where(
        APPOINTMENTS.c.case_id == case_id, APPOINTMENTS.c.account_id == account_id, APPOINTMENTS.c.role == "critical_friend",
        APPOINTMENTS.c.ended_at.is_(None))) or 0)


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to be kept. `belongs_to` is the entry that it is added to, `released_from` the message that it lets out of its room."""

    case_id: int
    seq: int
    compartment: str
    account_id: int
    role: str
    party_id: int
    at: datetime
    belongs_to: int = 0
    released_from: int = 0


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file that is in the desk's folder already, under the name STORED."""

    stored: str
    sha256: str
    kind: str
    size: int
    side: str
    state: str


def message_added(session: Session, one: NewMessage) -> Change:
    """The row of a message. Raises ValueError when it would be more open than the entry that it is added to."""
    if one.belongs_to:
        require_within(one.compartment, compartment_of_entry(session, one.case_id, one.belongs_to))
    return _SAY, {"case_id": one.case_id, "seq": one.seq, "compartment": one.compartment, "account_id": one.account_id, "role": one.role,
                  "party_id": one.party_id or None, "at": one.at, "belongs_to": one.belongs_to or None,
                  "released_from": one.released_from or None}


def file_attached(case_id: int, seq: int, one: NewFile) -> Change:
    """The row of a message's file."""
    return _ATTACH, {"case_id": case_id, "seq": seq, "stored": one.stored, "sha256": one.sha256, "kind": one.kind, "size": one.size,
                     "side": one.side, "state": one.state, "tries": 0}


def room_opened(party_id: int, account_id: int, seq: int) -> Change:
    """The row by which a party lets somebody read its room from the beginning."""
    return _OPEN, {"party_id": party_id, "account_id": account_id, "seq": seq}


_WORDS, _NAME = DETAILS.alias("words"), DETAILS.alias("name")


def _bound(alias: Any, name: str) -> ColumnElement[bool]:
    return and_(alias.c.subject == MESSAGES.c.case_id, alias.c.seq == MESSAGES.c.seq, alias.c.name == name)


_MESSAGES = (select(MESSAGES.c.seq, MESSAGES.c.compartment, MESSAGES.c.account_id, MESSAGES.c.role, MESSAGES.c.party_id, MESSAGES.c.at,
                    MESSAGES.c.belongs_to, MESSAGES.c.released_from, MESSAGES.c.gone_at, _WORDS.c.value.label("words"),
                    _NAME.c.value.label("file_name"), FILES.c.stored, FILES.c.sha256, FILES.c.kind, FILES.c.size, FILES.c.side,
                    FILES.c.state, FILES.c.gone_at.label("file_gone_at"), ACCOUNTS.c.name.label("said_by"))
             .select_from(MESSAGES).join(ACCOUNTS, ACCOUNTS.c.id == MESSAGES.c.account_id)
             .outerjoin(FILES, and_(FILES.c.case_id == MESSAGES.c.case_id, FILES.c.seq == MESSAGES.c.seq))
             .outerjoin(_WORDS, _bound(_WORDS, WORDS)).outerjoin(_NAME, _bound(_NAME, FILE_NAME))
             .where(MESSAGES.c.case_id == bindparam("case_id")).order_by(MESSAGES.c.seq))


def messages_of(session: Session, case_id: int, access: Access, compartments: Collection[str] | None = None,
                seq: int = 0) -> Sequence[Any]:
    """The messages that somebody may read, oldest first, with their words and their file; of some compartments, or one alone."""
    query = _MESSAGES.where(access.condition())
    if compartments is not None:
        query = query.where(MESSAGES.c.compartment.in_(compartments))
    if seq:
        query = query.where(MESSAGES.c.seq == seq)
    return session.all(query, {"case_id": case_id})


def said_before(session: Session, case_id: int, access: Access) -> set[str]:
    """The rooms in which something was said before the reader was named, which nobody has opened to them."""
    found = session.all(select(MESSAGES.c.compartment, func.min(MESSAGES.c.seq)).where(
        MESSAGES.c.case_id == case_id, MESSAGES.c.compartment.in_(list(access.since))).group_by(MESSAGES.c.compartment))
    return {row[0] for row in found if row[1] <= access.since[row[0]]}


def first_said(session: Session, case_id: int, compartment: str) -> int:
    """The first message of a room; 0 when nothing was said there."""
    return int(session.value(select(func.min(MESSAGES.c.seq)).where(MESSAGES.c.case_id == case_id,
                                                                   MESSAGES.c.compartment == compartment)) or 0)


def releases_of(session: Session, case_id: int) -> dict[int, set[str]]:
    """Message → the compartments that it was let out to."""
    found: dict[int, set[str]] = {}
    for seq, to in session.all(select(MESSAGES.c.released_from, MESSAGES.c.compartment).where(
            MESSAGES.c.case_id == case_id, MESSAGES.c.released_from.is_not(None))):
        found.setdefault(seq, set()).add(to)
    return found


def compartment_of_message(session: Session, case_id: int, seq: int) -> tuple[str, int]:
    """Where a message lies, and who said it; ("", 0) when there is none."""
    row = session.first(select(MESSAGES.c.compartment, MESSAGES.c.account_id).where(MESSAGES.c.case_id == case_id, MESSAGES.c.seq == seq))
    return (row[0], row[1]) if row else ("", 0)


def how_many_files(session: Session, case_id: int, side: str) -> int:
    """How many files one side has added to a case. What was only let out of a room counts once."""
    return int(session.value(select(func.count(FILES.c.stored.distinct())).where(FILES.c.case_id == case_id, FILES.c.side == side)) or 0)


def not_opened_to(session: Session, party_id: int, account_ids: Sequence[int]) -> list[int]:
    """Those to whom a party's room was not opened."""
    opened = set(session.connection.execute(select(OPENINGS.c.account_id).where(OPENINGS.c.party_id == party_id)).scalars())
    return [one for one in account_ids if one not in opened]


def named_by(session: Session, case_id: int) -> dict[int, int]:
    """Critical friend who serves → the entry that named them."""
    return {row[0]: row[1] for row in session.all(select(APPOINTMENTS.c.account_id, APPOINTMENTS.c.seq).where(
        APPOINTMENTS.c.case_id == case_id, APPOINTMENTS.c.role == "critical_friend", APPOINTMENTS.c.ended_at.is_(None)))}


def files_to_scan(session: Session, now: datetime, most: int) -> Sequence[Any]:
    """Files that wait for the scanner, the oldest first."""
    return session.all(select(FILES.c.case_id, FILES.c.seq, FILES.c.stored, FILES.c.tries).where(
        FILES.c.state == "waiting", FILES.c.gone_at.is_(None), or_(FILES.c.scan_after.is_(None), FILES.c.scan_after <= now))
        .order_by(FILES.c.case_id, FILES.c.seq).limit(most))


def files_waiting(session: Session) -> tuple[int, int]:
    """How many files wait for the scanner, and of how many it could not tell when it was asked."""
    waiting = (FILES.c.state == "waiting") & FILES.c.gone_at.is_(None)
    return (int(session.value(select(func.count(FILES.c.stored.distinct())).where(waiting)) or 0),
            int(session.value(select(func.count(FILES.c.stored.distinct())).where(waiting, FILES.c.tries > 0)) or 0))


def note_scan(session: Session, stored: str, state: str, scan_after: datetime | None) -> bool:
    """Keep what the scanner said of a file, wherever it was let out to. False when another process was first."""
    return session.execute(update(FILES).where(FILES.c.stored == stored, FILES.c.state == "waiting").values(
        state=state, tries=FILES.c.tries + 1, scan_after=scan_after)).rowcount > 0


def stored_names(session: Session, *, gone: bool = True) -> set[str]:
    """The files in the desk's folder that a case knows of; without those that are GONE, or only wait to be removed."""
    query = select(FILES.c.stored) if gone else select(FILES.c.stored).where(FILES.c.gone_at.is_(None))
    return set(session.connection.execute(query).scalars())


_NOTES_OF_CLOSED = (select(MESSAGES.c.case_id, MESSAGES.c.seq, CASES.c.closed_on, SCHEMES.c.calendar_id)
                    .join(CASES, CASES.c.id == MESSAGES.c.case_id).join(SCHEMES, SCHEMES.c.id == CASES.c.scheme_id)
                    .where(MESSAGES.c.compartment == FRIEND, MESSAGES.c.gone_at.is_(None), CASES.c.closed_on < bindparam("before"))
                    .order_by(MESSAGES.c.case_id, MESSAGES.c.seq))


def notes_of_closed_cases(session: Session, closed_before: date) -> Sequence[Any]:
    """(case id, seq, closed on, calendar) of critical friends' notes that are still there in cases which closed before a day."""
    return session.all(_NOTES_OF_CLOSED, {"before": closed_before})


def notes_gone(session: Session, case_id: int, notes: Sequence[int], at: datetime) -> None:
    """Erase the words of notes, and the salts that bind them: only that there was a note is left."""
    session.execute(delete(DETAILS).where(DETAILS.c.subject == case_id, DETAILS.c.seq.in_(notes), DETAILS.c.audience == FRIEND))
    session.execute(update(MESSAGES).where(MESSAGES.c.case_id == case_id, MESSAGES.c.seq.in_(notes)).values(gone_at=at))


def words_gone(session: Session, case_id: int, messages: Sequence[int], at: datetime) -> None:
    """Mark messages whose words were erased."""
    session.execute(update(MESSAGES).where(MESSAGES.c.case_id == case_id, MESSAGES.c.seq.in_(messages)).values(gone_at=at))
