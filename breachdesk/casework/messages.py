"""A waiting notice → messages: who is told of a step as the case is now, and in which words, each with the names that they may know."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from breachdesk.casework.act import case_roles
from breachdesk.casework.declarations_due import declare_by_in, must_declare
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.receipts import receipt_of
from breachdesk.casework.masking import mask_for
from breachdesk.casework.notice_texts import NEW_DAY_MESSAGES, OF_ROOMS, new_days, notice_named
from breachdesk.casework.offering import case_words
from breachdesk.casework.rooms_told import told_of_message
from breachdesk.clock import local_day
from breachdesk.links import case_link, checks_of_the_record, declare_link
from breachdesk.mail.mailer import Message
from breachdesk.mail.rendering import rendered
from breachdesk.permissions import STAND_IN
from breachdesk.store import people, schemes
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.store.visibility import SCHEME_WIDE
from breachdesk.timekeeping.said import said_day
from breachdesk.workflow.definition import PARTY_SIDES, Notice, Procedure
from breachdesk.workflow.facts import CaseFacts, Party
from breachdesk.workflow.wording import fill


class MissingWord(KeyError):
    """A word in braces that nobody can fill in."""


def messages_of(session: Session, desk: Desk, row: Any) -> list[tuple[int, Message]]:
    """(account id, message) for everybody whom a waiting notice is for. Raises MissingWord: nothing half-filled is sent."""
    scheme = schemes.scheme_by_id(session, row.scheme_id)
    if scheme is None:
        raise LookupError(f"notice {row.id} belongs to no scheme")
    read = _case_of(session, row)
    _, notice, *_ = written(session, desk, row, read)
    return [(account_id, _message(session, desk, row, read, account_id, name, address, scheme.title))
            for account_id, name, address in _recipients(session, desk, row, read, notice.to)]


def _message(session: Session, desk: Desk, row: Any, read: CaseRead, account_id: int, name: str, address: str, scheme: str) -> Message:
    """The notice as one person reads it: with the names that they may know."""
    actor = people.actor_by_id(session, account_id, local_day(desk.now(session)))
    roles = case_roles(actor, read) if actor else frozenset()
    known = mask_for(session, actor, read, roles).case(read) if actor else read
    _, _, subject, says = written(session, desk, row, known)
    undeclared = actor is not None and must_declare(session, actor, read, roles)
    host, link = urlsplit(desk.base_url).hostname or "localhost", (declare_link if undeclared else case_link)(desk.base_url, row.reference)
    text = rendered("notice.txt", name=name, says=says, link=link, scheme=scheme, practice=desk.practice, undeclared=undeclared,
                              by=said_day(by) if undeclared and (by := declare_by_in(session, desk, read, roles)) else "",
                              receipt=receipt_of(session, row.case_id, row.seq), checked_at=checks_of_the_record(desk.base_url))
    return Message(name, address, subject, text, f"<notice-{row.id}.account-{account_id}@{host}>")


def _case_of(session: Session, row: Any) -> CaseRead:
    read = read_case(session, reference=row.reference, to_change=False)
    if read is None:
        raise LookupError(f"notice {row.id} belongs to no case")
    return read


def written(session: Session, desk: Desk, row: Any, read: CaseRead | None = None) -> tuple[CaseRead, Notice, str, str]:
    """The case that a notice is about, the notice, its subject and what it says. READ is the case as somebody knows it.

    Raises MissingWord.
    """
    read = read or _case_of(session, row)
    facts = desk.facts(session, read)
    procedure = desk.procedure(session, row.procedure_digest)
    notice = notice_named(session, desk, row.case_id, row.procedure_digest, row.name)
    if notice is None:
        raise LookupError(f"no version of the procedure has a message “{row.name}”")
    words = _words(procedure, facts, row)
    try:
        return read, notice, fill(notice.subject, words), fill(notice.says, words)
    except KeyError as missing:
        raise MissingWord(missing.args[0]) from None


def _words(procedure: Procedure, facts: CaseFacts, row: Any) -> dict[str, str]:
    """The case's words and due days. One party's notice names that party and its own days, not those of another respondent."""
    days = {limit: date.fromisoformat(day) for limit, day in json.loads(row.days).items()}
    words = case_words(facts)
    if row.name in NEW_DAY_MESSAGES:
        return words | {"new_days": new_days(procedure, facts, days, words)}
    if party := facts.party(row.subject):
        words[party.side] = party.name
        days |= {one.limit: one.due_on for one in facts.running if one.subject == party.id and one.due_on and one.limit in days
                 and procedure.limits[one.limit].each != "remedy"}
    return words | {limit: said_day(day) for limit, day in days.items()}


def _recipients(session: Session, desk: Desk, row: Any, read: CaseRead, to: Sequence[str]) -> list[tuple[int, str, str]]:
    """(account id, name, address) of active people who meet the case in one of these roles as it is now.

    Mail is no side door: an interest takes the office away here too, and whoever stands in for the coordinator gets what is theirs.
    """
    day = local_day(desk.now(session))
    if row.name in OF_ROOMS:
        return told_of_message(session, read, row, day)
    meant = [party for party in read.parties if is_meant(party, row, to)]
    sides = [place for party in meant for place in (party.organisation_id, party.represented_by) if place]
    roles = {*to, *([STAND_IN] if "coordinator" in to else ())}
    named = [one.account_id for one in read.appointments if one.role in roles and not one.ended]
    found = people.recipients(session, row.scheme_id, day, roles=[role for role in to if role in SCHEME_WIDE], organisation_ids=sides,
                              account_ids=named)
    return [one for one in found if _meets(session, one[0], day, read, row, to)]


def is_meant(party: Party, row: Any, to: Sequence[str]) -> bool:
    """Whether a message to these roles is for a party."""
    return not party.left and (party.side in to or ("subject" in to and party.id == row.subject))


def _meets(session: Session, account_id: int, day: date, read: CaseRead, row: Any, to: Sequence[str]) -> bool:
    """Whether somebody meets the case in one of the roles: for a side, as one of those whom the message is for."""
    actor = people.actor_by_id(session, account_id, day)
    roles = case_roles(actor, read) if actor else frozenset()
    theirs = {party.side for party in read.parties if actor and is_meant(party, row, to)
              and {party.organisation_id, party.represented_by} & actor.organisations}
    return not roles.isdisjoint((set(to) - set(PARTY_SIDES)) | theirs)
