"""Letters to those whom no mail reaches: the words of the mail, what was written, what they can do and how. Printed, posted, noted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.audit.receipt import Receipt
from breachdesk.casework.act import case_roles
from breachdesk.casework.case_notes import note_in_case
from breachdesk.casework.case_page import case_page
from breachdesk.casework.cases_met import met
from breachdesk.casework.dates_told import to_act_by, why_in_short
from breachdesk.casework.declarations_due import must_declare, require_declared
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.receipts import receipt_of
from breachdesk.casework.masking import mask_for
from breachdesk.casework.messages import MissingWord, is_meant, written
from breachdesk.casework.notice_texts import NOT_THE_COORDINATORS, notice_named
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound, NotPermitted
from breachdesk.identity import Actor
from breachdesk.permissions import STAND_IN
from breachdesk.store import by_post, people, schemes
from breachdesk.store.by_post import with_paper_marked
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.store.visibility import visible_to
from breachdesk.workflow.answers import Offered, read_answers
from breachdesk.workflow.definition import Ask
from breachdesk.workflow.facts import Party
from breachdesk.workflow.on_behalf import SCRIBES

POSTED_ON = Ask("posted_on", "When was it posted?", "date", not_after="today")


@dataclass(frozen=True, slots=True)
class ToPost:
    """A letter that waits to be printed and posted."""

    reference: str
    seq: int
    to: str
    subject: str
    since: date


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter, in words, about the message `name` that has waited `since`. `address` is what the organisation gave as contact;
    `written` what somebody wrote with the step, as (question, words); `can_do` what the party can do now; `dates` the days by which it
    has to, as (what, the day, why that day). `posted_on` is empty until it was posted."""

    notice: int
    party: int
    to: str
    address: str
    subject: str
    says: str
    written: tuple[tuple[str, str], ...]
    can_do: tuple[str, ...]
    dates: tuple[tuple[str, date | None, str], ...]
    posted_on: date | None
    name: str
    since: date


@dataclass(frozen=True, slots=True)
class Letters:
    """The letters of one entry of a case, and who signs them."""

    reference: str
    seq: int
    scheme: str
    coordinators: tuple[tuple[str, str], ...]
    on: date
    letters: tuple[Letter, ...]
    receipt: Receipt | None


def to_be_posted(session: Session, desk: Desk, actor: Actor) -> list[ToPost]:
    """What waits to be posted in the cases that somebody coordinates, the oldest first."""
    day, known, found = local_day(desk.now(session)), {}, []
    for one in by_post.waiting_for_post(session, visible_to(actor), day):
        reference = one.notice.reference
        if reference not in known:
            read = read_case(session, reference=reference, to_change=False)
            known[reference] = read if read and _prints(session, actor, read) else None
        read = known[reference]
        party = _addressed(session, desk, read, one.notice, one.party_id) if read else None
        if read and party:
            subject = _words(session, desk, one.notice, read, party)[0]
            found.append(ToPost(reference, one.notice.seq, party.name, subject, local_day(one.notice.queued_at)))
    return found


def _prints(session: Session, actor: Actor, read: CaseRead) -> bool:
    """Whether somebody prints the letters of a case, and its papers are open to them."""
    roles = case_roles(actor, read)
    return not roles.isdisjoint(SCRIBES) and not must_declare(session, actor, read, roles)


def _addressed(session: Session, desk: Desk, read: CaseRead, row: Any, party_id: int) -> Party | None:
    """The party, when the message is for it and the coordinator may read it."""
    notice = notice_named(session, desk, row.case_id, row.procedure_digest, row.name)
    party = next((one for one in read.parties if one.id == party_id), None)
    return party if party and notice and row.name not in NOT_THE_COORDINATORS and is_meant(party, row, notice.to) else None


def _words(session: Session, desk: Desk, row: Any, read: CaseRead, party: Party) -> tuple[str, str]:
    """Subject and words of a message as the party reads it: it may not know every name in the case."""
    known = mask_for(session, _as(party), read, case_roles(_as(party), read)).case(read)
    try:
        return written(session, desk, row, known)[2:]
    except MissingWord as missing:
        return f"({row.name})", f"The text of this message needs “{missing.args[0]}”, which is not known in this case."


def _as(party: Party) -> Actor:
    """Whoever opens the letter: somebody of the organisation, and nobody in particular."""
    return Actor(0, party.name, organisations=frozenset({party.organisation_id}))


def letters_of(session: Session, desk: Desk, actor: Actor, reference: str, seq: int) -> Letters:
    """The letters of one entry. Raises NotFound for the case or an entry without any, NotPermitted unless somebody coordinates it."""
    read = _coordinated(session, desk, actor, reference, to_change=False)
    scheme, today = schemes.scheme_by_id(session, read.head.scheme_id), local_day(desk.now(session))
    sent = by_post.posted_of_case(session, read.head.id)
    contact = case_page(session, desk, actor, reference, asking=()).opening.get("contact", "")
    found = [_letter(session, desk, read, row, party, contact, sent.get((row.id, party.id)))
             for row in by_post.notices_of_entry(session, read.head.id, seq) for one in read.parties if one.on_paper
             if (party := _addressed(session, desk, read, row, one.id))]
    if not found:
        raise NotFound(f"Entry {seq} of {read.head.reference} has no letter: nobody whom it tells of it is on paper.")
    offices = people.recipients(session, read.head.scheme_id, today, roles=["coordinator"])
    return Letters(read.head.reference, seq, scheme.title if scheme else "", tuple((name, email) for _, name, email in offices), today,
                   tuple(found), receipt_of(session, read.head.id, seq))


def _coordinated(session: Session, desk: Desk, actor: Actor, reference: str, *, to_change: bool) -> CaseRead:
    read, roles = met(session, actor, reference, to_change=to_change)
    if roles.isdisjoint(SCRIBES):
        raise NotPermitted("Letters are printed and posted by the coordinator.")
    require_declared(session, actor, read, roles)
    return with_paper_marked(session, read, local_day(desk.now(session)))


def _letter(session: Session, desk: Desk, read: CaseRead, row: Any, party: Party, contact: str, posted_on: date | None) -> Letter:
    """One letter. CONTACT: whom the complaint named to talk to; for the other side nobody knows yet."""
    subject, says = _words(session, desk, row, read, party)
    page = case_page(session, desk, _as(party), read.head.reference, asking=())
    step = next((one for one in page.timeline if one.seq == row.seq), None)
    can_do = tuple(one.title for one in page.actions if one.allowed and not one.rare)
    dates = tuple((one.title, one.due_on, why_in_short(one)) for one in to_act_by(page, party.name))
    return Letter(row.id, party.id, party.name, contact if party.side == "complainant" else "", subject, says,
                  step.texts if step else (), can_do, dates, posted_on, row.name, local_day(row.queued_at))


def note_posted(desk: Desk, actor: Actor, reference: str, seq: int, posted_on: object) -> None:
    """Note that the letters of an entry were posted. Raises NotFound, NotPermitted or Invalid; once noted, it stays so."""
    def work(session: Session) -> None:
        day = read_answers((POSTED_ON,), {POSTED_ON.name: posted_on}, Offered(), local_day(desk.now(session)))[POSTED_ON.name]
        for letter in letters_of(session, desk, actor, reference, seq).letters:
            if letter.posted_on is None and isinstance(day, date):
                _note_one(session, desk, actor, reference, seq, letter, day)
    desk.database.transact(work)


def _note_one(session: Session, desk: Desk, actor: Actor, reference: str, seq: int, letter: Letter, day: date) -> None:
    read = _coordinated(session, desk, actor, reference, to_change=True)
    if day < letter.since:
        raise Invalid({POSTED_ON.name: "It cannot have been posted before it was written. Check the day."})
    role = STAND_IN if STAND_IN in case_roles(actor, read) else "coordinator"
    entry = note_in_case(session, read, "notice:posted", Doer(actor.account_id, role),
                         {"notice": letter.name, "entry": seq, "party": letter.party, "posted_on": day.isoformat()}, desk.now(session))
    by_post.posted(session, letter.notice, letter.party, day, actor.account_id, entry)
