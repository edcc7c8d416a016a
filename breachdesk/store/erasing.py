"""Erasing in the tables: words with their salts, files, what is held about an account. Nothing here touches an entry of the log."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, or_, select, update

from breachdesk.store.audit_log import DETAILS, ENTRIES
from breachdesk.store.cases import APPOINTMENTS, CASES, PARTIES
from breachdesk.store.columns import as_bytes
from breachdesk.store.kept_forms import FORMS
from breachdesk.store.notices import DELIVERIES, NOTICES
from breachdesk.store.people import ACCOUNTS, MEMBERSHIPS, ROLES
from breachdesk.store.roles import ROSTER
from breachdesk.store.rooms import FILES, MESSAGES
from breachdesk.store.second_factors import CODES, FACTORS, PASSKEYS
from breachdesk.store.session import Session
from breachdesk.store.sessions import SESSIONS
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import DraftRow
from breachdesk.store.tables_forgetting import ErasureRow, LeftoverRow
from breachdesk.store.tables_people import AbsenceRow
from breachdesk.store.tables_signing_in import MailedLinkRow
from breachdesk.workflow.identity_modes import OPEN

ERASURES, LEFTOVERS, DRAFTS, ABSENCES, LINKS = map(table_of, (ErasureRow, LeftoverRow, DraftRow, AbsenceRow, MailedLinkRow))
# What is held about an account in rows of its own, by the name under which they are counted.
_ROWS_OF_ACCOUNT = {"sessions": SESSIONS, "second_factors": FACTORS, "recovery_codes": CODES, "passkeys": PASSKEYS, "mailed_links": LINKS,
                    "drafts": DRAFTS, "kept_forms": FORMS}
# The domain of addresses that nobody has: those of accounts that were erased.
ERASED = "erased.invalid"
Keys = Sequence[tuple[int, str]]


def words_of(session: Session, subjects: Collection[int] | None = None) -> Sequence[Any]:
    """(subject, seq, name, audience, value) of all words, or of those of some subjects, in the order of the log."""
    query = select(DETAILS.c.subject, DETAILS.c.seq, DETAILS.c.name, DETAILS.c.audience, DETAILS.c.value)
    if subjects is not None:
        query = query.where(DETAILS.c.subject.in_(subjects))
    return session.all(query.order_by(DETAILS.c.subject, DETAILS.c.seq, DETAILS.c.name))


def erase_words(session: Session, subject: int, keys: Keys) -> int:
    """Delete words and the salts that bind them; how many there were."""
    gone = 0
    for seq, name in keys:
        gone += session.execute(delete(DETAILS).where(DETAILS.c.subject == subject, DETAILS.c.seq == seq, DETAILS.c.name == name)).rowcount
    return gone


def title_gone(session: Session, case_id: int, title: str) -> None:
    session.execute(update(CASES).where(CASES.c.id == case_id).values(title=title))


def files_there(session: Session, *, case_id: int | None = None) -> Sequence[Any]:
    """(subject, seq, stored, kind, audience, account id) of the files that are still there, or of those of one case."""
    query = (select(FILES.c.case_id.label("subject"), FILES.c.seq, FILES.c.stored, FILES.c.kind, MESSAGES.c.compartment.label("audience"),
                    MESSAGES.c.account_id)
             .join(MESSAGES, (MESSAGES.c.case_id == FILES.c.case_id) & (MESSAGES.c.seq == FILES.c.seq))
             .where(FILES.c.gone_at.is_(None)).order_by(FILES.c.case_id, FILES.c.seq))
    return session.all(query if case_id is None else query.where(FILES.c.case_id == case_id))


def files_gone(session: Session, stored: Collection[str], at: datetime) -> None:
    """Mark files as gone, wherever they were let out to."""
    session.execute(update(FILES).where(FILES.c.stored.in_(stored)).values(gone_at=at))


def blank_account(session: Session, account_id: int, name: str, email: str) -> None:
    """Put neutral words in place of who somebody was; nobody signs in by the account any more."""
    session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account_id).values(
        name=name, email=email, password_hash="", active=False, terms_version="", terms_accepted_at=None))


def forget_account(session: Session, account_id: int) -> dict[str, int]:
    """Delete what is held about an account in rows of its own; how many there were of each."""
    counts = {name: session.execute(delete(table).where(table.c.account_id == account_id)).rowcount
              for name, table in _ROWS_OF_ACCOUNT.items()}
    own = select(ROLES.c.id).where(ROLES.c.account_id == account_id)
    counts["roster"] = session.execute(delete(ROSTER).where(ROSTER.c.role_id.in_(own))).rowcount
    counts["absences"] = session.execute(
        delete(ABSENCES).where(or_(ABSENCES.c.account_id == account_id, ABSENCES.c.cover_id == account_id))).rowcount
    session.execute(update(DELIVERIES).where(DELIVERIES.c.account_id == account_id, DELIVERIES.c.trouble.is_not(None))
                    .values(trouble="not delivered"))
    return {name: count for name, count in counts.items() if count}


def end_roles_and_memberships(session: Session, account_id: int, today: date) -> None:
    """Their roles and memberships are over; what they had an interest in stays known."""
    yesterday = today - timedelta(days=1)
    for table in (ROLES, MEMBERSHIPS):
        session.execute(update(table).where(table.c.account_id == account_id, or_(table.c.to_on.is_(None), table.c.to_on >= today))
                        .values(to_on=yesterday))


def blank_trouble(session: Session, words: Collection[str]) -> None:
    """What a mail server said of a message goes where it repeats one of these words."""
    for table in (NOTICES, DELIVERIES):
        for word in words:
            session.execute(update(table).where(table.c.trouble.contains(word, autoescape=True)).values(trouble="not delivered"))


def drafts_of_case(session: Session, reference: str) -> int:
    """Delete the saved form from which a case came; how many there were."""
    return session.execute(delete(DRAFTS).where(DRAFTS.c.reference == reference)).rowcount


def open_cases(session: Session) -> Sequence[Any]:
    """(id, reference, scheme id) of the cases that go on."""
    return session.all(select(CASES.c.id, CASES.c.reference, CASES.c.scheme_id).where(CASES.c.closed_on.is_(None)).order_by(CASES.c.id))


def references(session: Session) -> Mapping[int, str]:
    """Case → its reference."""
    return {row[0]: row[1] for row in session.all(select(CASES.c.id, CASES.c.reference))}


def serves_in(session: Session, account_id: int) -> set[int]:
    """The cases in which somebody is named in a role now."""
    return {row[0] for row in session.all(select(APPOINTMENTS.c.case_id).where(APPOINTMENTS.c.account_id == account_id,
                                                                               APPOINTMENTS.c.ended_at.is_(None)))}


def entries_by(session: Session, account_id: int) -> set[tuple[int, int]]:
    """(subject, seq) of every entry of something that somebody did. Bodies are canonical, so that the bytes can be looked at."""
    # Said of the statement, not of the connection: on PostgreSQL no change could follow in this transaction.
    found = session.connection.execute(select(ENTRIES.c.subject, ENTRIES.c.seq, ENTRIES.c.body).execution_options(yield_per=1000))
    did = f'"actor":{account_id},'.encode()
    return {(row[0], row[1]) for row in found if did in as_bytes(row[2])}


def hashes_called(session: Session, events: Collection[str]) -> set[str]:
    """The hashes of every entry of some kinds."""
    return {row[0] for row in session.all(select(ENTRIES.c.hash).where(ENTRIES.c.event.in_(events)))}


def newest_called(session: Session, events: Collection[str], before: int | None, most: int) -> list[Any]:
    """(id, subject, hash, body) of the newest entries of some kinds, or of those BEFORE one, the newest first."""
    query = select(ENTRIES.c.id, ENTRIES.c.subject, ENTRIES.c.hash, ENTRIES.c.body).order_by(ENTRIES.c.id.desc()).limit(most)
    if before is not None:
        query = query.where(ENTRIES.c.id < before)
    # Kind by kind, so that each is read from the end of its index.
    found = [row for event in events for row in session.all(query.where(ENTRIES.c.event == event))]
    return sorted(found, key=lambda row: row.id, reverse=True)[:most]


def hashes_of(session: Session, subject: int, seqs: Collection[int]) -> dict[int, str]:
    """Entry of a chain → its hash."""
    return {row[0]: row[1] for row in session.all(select(ENTRIES.c.seq, ENTRIES.c.hash)
                                                  .where(ENTRIES.c.subject == subject, ENTRIES.c.seq.in_(seqs)))}


def made_at(session: Session, account_id: int) -> str:
    """When an account was made, or "" when there is none."""
    found = session.value(select(ACCOUNTS.c.created_at).where(ACCOUNTS.c.id == account_id))
    return found.isoformat() if found else ""


def cases_with_a_name_kept_back(session: Session) -> set[int]:
    return {row[0] for row in session.all(select(PARTIES.c.case_id).where(PARTIES.c.identity != OPEN))}


def asked(session: Session, *, account_id: int | None, case_id: int | None, ground: str, by: int, at: datetime, seq: int) -> int:
    """Keep that an erasure was asked for; its number."""
    return session.add(ErasureRow, account_id=account_id, case_id=case_id, ground=ground, asked_by=by, asked_at=at, asked_seq=seq)


def waiting(session: Session) -> Sequence[Any]:
    """What was asked for and is not decided, the oldest first."""
    return session.all(select(ERASURES).where(ERASURES.c.decided_at.is_(None)).order_by(ERASURES.c.id))


def asked_about(session: Session, *, account_id: int | None = None, case_id: int | None = None) -> Any:
    """What was asked about a person or case and is not decided, or None."""
    about = ERASURES.c.account_id == account_id if account_id is not None else ERASURES.c.case_id == case_id
    return session.first(select(ERASURES).where(about, ERASURES.c.decided_at.is_(None)).order_by(ERASURES.c.id))


def erasure(session: Session, number: int) -> Any:
    """One erasure that was asked for, or None."""
    return session.first(select(ERASURES).where(ERASURES.c.id == number))


def decided(session: Session, number: int, by: int, at: datetime, agreed: bool) -> bool:
    """False when somebody decided before."""
    return session.execute(update(ERASURES).where(ERASURES.c.id == number, ERASURES.c.decided_at.is_(None))
                           .values(decided_by=by, decided_at=at, agreed=agreed)).rowcount == 1


def leave_over(session: Session, paths: Collection[str], at: datetime) -> None:
    """Note what is to be cleared away once the transaction is through."""
    known = leftovers(session)
    if new := sorted(set(paths) - set(known)):
        session.execute(LEFTOVERS.insert(), [{"path": path, "since": at} for path in new])


def leftovers(session: Session) -> list[str]:
    return [row[0] for row in session.all(select(LEFTOVERS.c.path).order_by(LEFTOVERS.c.path))]


def cleared(session: Session, path: str) -> None:
    session.execute(delete(LEFTOVERS).where(LEFTOVERS.c.path == path))
