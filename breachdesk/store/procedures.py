"""Procedure files as rows: kept whole under their digest, drafts until two people published them, and which one a scheme uses when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import and_, bindparam, delete, func, select, union, update

from breachdesk.store.session import Session
from breachdesk.store.tables import CaseRow, table_of
from breachdesk.store.tables_desk import ProcedureRow, ProcedureUseRow, SchemeRow
from breachdesk.workflow.definition import Procedure

PROCEDURES, USES, SCHEMES, CASES = map(table_of, (ProcedureRow, ProcedureUseRow, SchemeRow, CaseRow))
DRAFT, PUBLISHED = "draft", "published"


@dataclass(frozen=True, slots=True)
class ProcedureHead:
    """A version that the desk holds, without its text. People are account ids."""

    digest: str
    name: str
    version: str
    state: str
    added_at: datetime
    proposed_by: int | None
    published_by: int | None

    @property
    def published(self) -> bool:
        return self.state == PUBLISHED

    @property
    def alone(self) -> bool:
        """Whether one person published what they had proposed themselves."""
        return self.published and self.proposed_by is not None and self.proposed_by == self.published_by


_HEAD = tuple(PROCEDURES.c[name] for name in ProcedureHead.__slots__)


def all_procedures(session: Session) -> list[ProcedureHead]:
    """Every version, by name and by when it came."""
    return [ProcedureHead(*row) for row in session.all(select(*_HEAD).order_by(PROCEDURES.c.name, PROCEDURES.c.added_at))]


def procedures_called(session: Session, name: str, version: str) -> list[ProcedureHead]:
    """The files with that name and version: one, unless a desk took several in while the file was still being written."""
    return [one for one in all_procedures(session) if (one.name, one.version) == (name, version)]


_TEXT = select(PROCEDURES.c.name, PROCEDURES.c.version, PROCEDURES.c.file_text).where(PROCEDURES.c.digest == bindparam("known_by"))


def procedure_text(session: Session, digest: str) -> tuple[str, str] | None:
    """(name for faults, file text) of a procedure."""
    row = session.first(_TEXT, {"known_by": digest})
    return (f"{row[0]}.v{row[1]}.yaml", row[2]) if row else None


def add_procedure(session: Session, procedure: Procedure, text: str, at: datetime, state: str) -> bool:
    """Store a procedure file whole; False when it is there already."""
    if session.value(select(PROCEDURES.c.digest).where(PROCEDURES.c.digest == procedure.digest)):
        return False
    session.execute(PROCEDURES.insert().values(digest=procedure.digest, name=procedure.name, version=procedure.version, file_text=text,
                                               added_at=at, state=state))
    return True


def drop_draft(session: Session, digest: str) -> None:
    """Take a draft out again. A published file stays."""
    session.execute(delete(PROCEDURES).where(PROCEDURES.c.digest == digest, PROCEDURES.c.state == DRAFT))


def note_proposal(session: Session, digest: str, account_id: int, at: datetime) -> bool:
    """Keep who proposed a draft; False when somebody was first."""
    waiting = and_(PROCEDURES.c.digest == digest, PROCEDURES.c.state == DRAFT, PROCEDURES.c.proposed_by.is_(None))
    return session.execute(update(PROCEDURES).where(waiting).values(proposed_by=account_id, proposed_at=at)).rowcount == 1


def note_publication(session: Session, digest: str, published: bool, account_id: int, at: datetime) -> bool:
    """A proposed draft is published, or one that was PUBLISHED by one person gets a second behind it; False when somebody was first."""
    state = PUBLISHED if published else DRAFT
    as_seen = and_(PROCEDURES.c.digest == digest, PROCEDURES.c.state == state, PROCEDURES.c.proposed_by.is_not(None))
    return session.execute(update(PROCEDURES).where(as_seen).values(
        state=PUBLISHED, published_by=account_id, published_at=at)).rowcount == 1


def use_from(session: Session, scheme_id: int, digest: str, from_on: date) -> None:
    """Let a scheme's new cases begin under a version from a day on."""
    session.add(ProcedureUseRow, scheme_id=scheme_id, procedure_digest=digest, from_on=from_on)


_USED = (select(USES.c.procedure_digest).where(USES.c.scheme_id == bindparam("scheme_id"), USES.c.from_on <= bindparam("day"))
         .order_by(USES.c.from_on.desc(), USES.c.id.desc()).limit(1))


def used_on(session: Session, scheme_id: int, day: date) -> str | None:
    """The version that a scheme changed to by that day; None while it uses what it was set up with."""
    found = session.value(_USED, {"scheme_id": scheme_id, "day": day})
    return str(found) if found else None


def uses(session: Session) -> list[tuple[str, str, date | None]]:
    """(digest, scheme's short name, from which day) of every version that a scheme used or will use; no day: since it was set up."""
    first = [(row[0], row[1], None) for row in session.all(select(SCHEMES.c.procedure_digest, SCHEMES.c.slug).order_by(SCHEMES.c.slug))]
    later = session.all(select(USES.c.procedure_digest, SCHEMES.c.slug, USES.c.from_on).join(SCHEMES, SCHEMES.c.id == USES.c.scheme_id)
                        .order_by(USES.c.from_on, USES.c.id))
    return first + [(row[0], row[1], row[2]) for row in later]


def gone_by(session: Session, scheme_id: int) -> list[str]:
    """Every version that a scheme's cases may have gone by, by digest."""
    of_scheme = union(select(SCHEMES.c.procedure_digest).where(SCHEMES.c.id == scheme_id),
                      select(USES.c.procedure_digest).where(USES.c.scheme_id == scheme_id),
                      select(CASES.c.procedure_digest).where(CASES.c.scheme_id == scheme_id))
    return sorted(row[0] for row in session.all(of_scheme))


def open_cases_under(session: Session) -> dict[str, int]:
    """How many open cases each version has, by digest."""
    rows = session.all(select(CASES.c.procedure_digest, func.count()).where(CASES.c.closed_on.is_(None)).group_by(CASES.c.procedure_digest))
    return {row[0]: row[1] for row in rows}
