"""What stands against somebody's taking a part in a case, as far as the desk's data says: facts in, reasons out.

Pure. `store.backgrounds` gathers what is known of people; the questions that name somebody, the guards and the panel builder ask here.
What people know of themselves and the desk does not, they declare.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.facts import Appointment, Candidate, CaseFacts, Membership, Party

# A side's people of the year before the case count as its people.
A_YEAR = timedelta(days=365)
CRITICAL_FRIEND = "critical_friend"
SIDE, DECLARED, OBJECTED, FRIEND, MONEY, BEFORE = "side", "declared", "objected", "friend", "money", "before"
SAID_IN_THE_CASE = (DECLARED, OBJECTED)
SERVED = {"critical_friend": "was the critical friend in", "panel_member": "sat on the panel of",
          "stand_in": "stood in for the coordinator in"}


@dataclass(frozen=True, slots=True)
class Interest:
    """One thing that binds somebody to a case, as the end of a sentence about them: it `bars` them, or is to be weighed."""

    kind: str
    bars: bool
    says: str


@dataclass(frozen=True, slots=True)
class Stakes:
    """What of a case somebody can have an interest in. Among the `interested` are the accounts that were `objected` to with success."""

    parties: tuple[Party, ...]
    appointments: tuple[Appointment, ...]
    received_on: date
    interested: frozenset[int] = frozenset()
    objected: frozenset[int] = frozenset()


def stakes_of(facts: CaseFacts) -> Stakes:
    return Stakes(facts.parties, facts.appointments, facts.received_on, facts.interested, facts.objected)


def interests_of(one: Candidate, stakes: Stakes, role: str = "") -> tuple[Interest, ...]:
    """Everything that binds somebody to the case, what bars them first. ROLE is the part that they are to take in it."""
    found = (*_in_a_side(one, stakes), *_said_in_the_case(one, stakes, role), *_by_money(one, stakes), *_before(one, stakes))
    return tuple(sorted(dict.fromkeys(found), key=lambda interest: not interest.bars))


def is_barred(one: Candidate, stakes: Stakes, role: str = "") -> bool:
    return any(interest.bars for interest in interests_of(one, stakes, role))


def _in_a_side(one: Candidate, stakes: Stakes) -> Iterator[Interest]:
    """They belong to a side, or have belonged to it since a year before the case; or the same of its predecessor or representative."""
    known = {held.organisation for held in one.memberships}
    plain = (Membership(place, "", stakes.received_on, None) for place in sorted(one.organisations - known))
    for held in (*one.memberships, *plain):
        if held.until and held.until < stakes.received_on - A_YEAR:
            continue
        for party in stakes.parties:
            yield from (Interest(SIDE, True, says) for says in [_tie(held, party)] if says)


def _tie(held: Membership, party: Party) -> str:
    verb, until = ("belonged to", f" until {said_date(held.until)}") if held.until else ("belongs to", "")
    if party.organisation_id == held.organisation:
        return f"{verb} {party.name}{until}"
    if party.organisation_id in held.became:
        return f"{verb} {held.name}{until}, which became {party.name}"
    if party.represented_by and party.represented_by in {held.organisation, *held.became}:
        return f"{verb} {held.name or 'an organisation'}{until}, which acts for {party.name}"
    return ""


def _said_in_the_case(one: Candidate, stakes: Stakes, role: str) -> Iterator[Interest]:
    if one.account_id in stakes.objected:
        yield Interest(OBJECTED, True, "left this case after an objection that was agreed to")
    elif one.account_id in stakes.interested:
        yield Interest(DECLARED, True, "has declared an interest in this case")
    if role != CRITICAL_FRIEND and any(was.role == CRITICAL_FRIEND and was.account_id == one.account_id for was in stakes.appointments):
        yield Interest(FRIEND, True, "was the critical friend in this case")


def _by_money(one: Candidate, stakes: Stakes) -> Iterator[Interest]:
    names = _names(stakes.parties)
    for link in one.funding:
        if link.funder in names and link.funded in one.organisations:
            yield Interest(MONEY, False, f"belongs to {link.other}, which {names[link.funder]} funds")
        if link.funded in names and link.funder in one.organisations:
            yield Interest(MONEY, False, f"belongs to {link.other}, which funds {names[link.funded]}")


def _before(one: Candidate, stakes: Stakes) -> Iterator[Interest]:
    """They, or their organisation for a side, acted in another case of one of the sides. No case is named: not everybody may see it."""
    names = _names(stakes.parties)
    for place in sorted(one.acted_for & names.keys()):
        yield Interest(BEFORE, False, f"acted for {names[place]} in another case")
    for role, place in sorted(one.served):
        if place in names and role in SERVED:
            yield Interest(BEFORE, False, f"{SERVED[role]} another case of {names[place]}")


def _names(parties: Collection[Party]) -> Mapping[int, str]:
    return {party.organisation_id: party.name for party in parties}
