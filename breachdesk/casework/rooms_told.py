"""Who is told that something was said in a room: those who speak there, but for the one who said it. Part of `notices`."""

from __future__ import annotations

from datetime import date
from typing import Any

from breachdesk.casework.act import case_roles
from breachdesk.casework.rooms import Meeting
from breachdesk.store import people, rooms
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session


def told_of_message(session: Session, case: CaseRead, row: Any, day: date) -> list[tuple[int, str, str]]:
    """(account id, name, address) of active people who take part in the room of the message that a notice is about."""
    compartment, author = rooms.compartment_of_message(session, row.case_id, row.seq)
    places = [place for party in case.parties if not party.left for place in (party.organisation_id, party.represented_by) if place]
    serving = [one.account_id for one in case.appointments if not one.ended]
    found = people.recipients(session, case.head.scheme_id, day, roles=["coordinator"], organisation_ids=places, account_ids=serving)
    return [one for one in found if one[0] != author and _takes_part(session, one[0], case, compartment, day)]


def _takes_part(session: Session, account_id: int, case: CaseRead, compartment: str, day: date) -> bool:
    actor = people.actor_by_id(session, account_id, day)
    roles = case_roles(actor, case) if actor else frozenset()
    if actor is None or not roles:
        return False
    meeting = Meeting(actor, case, roles, rooms.access_of(session, actor, case, roles))
    return meeting.access.reads(compartment) and bool(meeting.role_in(compartment))
