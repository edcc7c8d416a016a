"""Complaints that are being written: saved forms, kept for their writer alone, which become a case when they are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in.tries import require_try
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.store import opening, schemes
from breachdesk.store.session import Session

NO_TITLE = "A complaint without a title yet"


@dataclass(frozen=True, slots=True)
class Draft:
    """A saved form. `reference` is set once it was sent: then its answers are in the case, and no longer here."""

    id: str
    scheme: str
    answers: Mapping[str, object]
    reference: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A saved form in a list."""

    id: str
    title: str
    saved_at: datetime


def drafts_waiting(session: Session, actor: Actor) -> list[DraftLine]:
    """The complaints that somebody has begun and not sent, the last saved first."""
    return [DraftLine(draft_id, str(answers.get("title") or NO_TITLE), at)
            for draft_id, answers, at in opening.drafts_of(session, actor.account_id)]


def read_draft(session: Session, actor: Actor, draft_id: str) -> Draft:
    """A saved form of one's own. Raises NotFound for everybody else's."""
    found = opening.read_draft(session, draft_id, actor.account_id)
    scheme = schemes.scheme_by_id(session, found[1]) if found else None
    if not found or scheme is None:
        raise NotFound("There is no complaint of yours at this address that waits to be sent. It may have been deleted.")
    return Draft(draft_id, scheme.slug, found[0], found[2] or "")


def begin_draft(desk: Desk, actor: Actor, scheme_slug: str) -> str:
    """Begin a complaint; the saved form's id. One that was begun and has no answer yet is taken up again.

    Raises TooManyTries for somebody who begins one after another.
    """
    def work(session: Session) -> str:
        scheme = desk.scheme(session, scheme_slug)
        for known, answers, _ in opening.drafts_of(session, actor.account_id):
            if not answers and read_draft(session, actor, known).scheme == scheme_slug:
                return known
        require_try(session, desk, "draft", account=str(actor.account_id))
        draft_id = str(uuid4())
        opening.save_draft(session, draft_id, actor.account_id, scheme.id, {}, desk.now(session))
        return draft_id
    return desk.database.transact(work)


def save_answers(desk: Desk, actor: Actor, draft_id: str, questions: tuple[str, ...], answers: Mapping[str, object]) -> Draft:
    """Keep the answers to some questions as they were typed, right or wrong; what was said to the others stays."""
    def work(session: Session) -> Draft:
        draft = read_draft(session, actor, draft_id)
        kept = {name: value for name, value in draft.answers.items() if name not in questions} | dict(answers)
        scheme = desk.scheme(session, draft.scheme)
        opening.save_draft(session, draft_id, actor.account_id, scheme.id, kept, desk.now(session))
        return Draft(draft_id, draft.scheme, kept, draft.reference)
    return desk.database.transact(work)


def delete_draft(desk: Desk, actor: Actor, draft_id: str) -> None:
    """Throw away a complaint that was not sent. Raises NotFound when there is none."""
    def work(session: Session) -> None:
        read_draft(session, actor, draft_id)
        opening.drop_draft(session, draft_id, actor.account_id)
    desk.database.transact(work)
