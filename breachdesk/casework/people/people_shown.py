"""People as pages and commands show them: a list with what everybody is, one person, the roster with terms and load. Frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from breachdesk.casework.desk import Desk
from breachdesk.casework.people.absences import CoverLine, covers_shown
from breachdesk.casework.people.members import ON_ROSTER, known_account
from breachdesk.clock import local_day
from breachdesk.identity import MEMBERSHIPS, THE_OPERATOR, Actor
from breachdesk.permissions import OFFICES
from breachdesk.store import accounts as account_rows
from breachdesk.store import people, roles, schemes
from breachdesk.store.absences import covers_on
from breachdesk.store.session import Session

SHOWN = 100
SOON = timedelta(days=92)
NOW, ENDED, TO_COME = "now", "ended", "to come"


@dataclass(frozen=True, slots=True)
class PersonLine:
    """Somebody in a list, with what they are today."""

    id: int
    name: str
    email: str
    active: bool
    roles: tuple[str, ...]
    organisations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MembershipView:
    """How somebody belongs to an organisation. `mine`: the reader's own."""

    id: int
    account_id: int
    name: str
    email: str
    slug: str
    organisation: str
    kind: str
    from_on: date
    to_on: date | None
    state: str
    active: bool
    mine: bool


@dataclass(frozen=True, slots=True)
class RoleView:
    """A role that somebody holds, held or will hold, with the roster's words. `load`: in how many open cases they serve in it."""

    id: int
    account_id: int
    name: str
    scheme: str
    role: str
    sector: str
    area: str
    from_on: date
    to_on: date | None
    state: str
    ends_soon: bool
    load: int
    organisations: tuple[str, ...]
    training: str
    availability: str
    published: bool
    post: str
    telephone: str
    email: str
    away: str
    on_roster: bool


@dataclass(frozen=True, slots=True)
class PersonPage:
    """One person. `serving`: (reference, role) of the open cases that the reader may see; `serves_elsewhere`: of how many they may not."""

    id: int
    name: str
    email: str
    active: bool
    terms_version: str
    terms_accepted_at: datetime | None
    memberships: tuple[MembershipView, ...]
    roles: tuple[RoleView, ...]
    covers: tuple[CoverLine, ...]
    serving: tuple[tuple[str, str], ...]
    serves_elsewhere: int
    mine: bool

    @property
    def roles_now(self) -> tuple[RoleView, ...]:
        return tuple(one for one in self.roles if one.state == NOW)


@dataclass(frozen=True, slots=True)
class Roster:
    """The critical friends and the panel pool of a scheme today; `away`: how many of them somebody covers for."""

    scheme: str
    friends: tuple[RoleView, ...]
    panel: tuple[RoleView, ...]
    away: int


def people_found(session: Session, desk: Desk, words: str = "") -> tuple[list[PersonLine], int]:
    """Those whose name, address, role or organisation has all of the words, by name; and how many more there are than are listed."""
    wanted = words.casefold().split()[:10]
    found = [line for line in everybody(session, desk) if all(word in _searched(line) for word in wanted)]
    return found[:SHOWN], max(0, len(found) - SHOWN)


def everybody(session: Session, desk: Desk) -> list[PersonLine]:
    """Everybody with what they are, by name."""
    today = local_day(desk.now(session))
    held, places = roles.roles_on(session, today), roles.memberships_on(session, today)
    return [PersonLine(
        row.id, row.name, row.email, bool(row.active), tuple(dict.fromkeys(one.role for one in held if one.account_id == row.id)),
        tuple(_belongs(one) for one in places if one.account_id == row.id)) for row in account_rows.all_accounts(session)]


def _searched(line: PersonLine) -> str:
    return " ".join((line.name, line.email, *line.roles, *line.organisations)).replace("_", " ").casefold()


def _belongs(row: Any) -> str:
    return str(row.organisation) if row.kind == "member" else f"{row.organisation} ({MEMBERSHIPS[row.kind]})"


def person_page(session: Session, desk: Desk, reader: Actor, account_id: int) -> PersonPage:
    """One person. Raises NotFound."""
    row, today = known_account(session, account_id), local_day(desk.now(session))
    serving = [(one.reference, one.role) for one in roles.serving_in(session, reader, account_id)]
    served = sum(number for (account, _), number in roles.load_of(session).items() if account == account_id)
    return PersonPage(
        row.id, row.name, row.email, bool(row.active), row.terms_version, row.terms_accepted_at,
        memberships_shown(roles.membership_rows(session, account_id=account_id), reader, today),
        _roles(session, roles.role_rows(session, account_id=account_id), today), covers_shown(session, desk, account_id), tuple(serving),
        served - len(serving), account_id == reader.account_id)


def memberships_shown(rows: Sequence[Any], reader: Actor, today: date) -> tuple[MembershipView, ...]:
    """Memberships in words, those that hold first."""
    found = [MembershipView(row.id, row.account_id, row.name, row.email, row.slug, row.organisation, row.kind, row.from_on, row.to_on,
                            _state(row, today), bool(row.active), row.account_id == reader.account_id) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.state == ENDED, one.name.casefold())))


def _roles(session: Session, rows: Sequence[Any], today: date) -> tuple[RoleView, ...]:
    load, away, places = roles.load_of(session), covers_on(session, today), roles.memberships_on(session, today)
    names = people.names_of(session, sorted(set(away.values())))
    found = [RoleView(
        row.id, row.account_id, row.name, row.scheme_title, row.role, row.sector, row.area, row.from_on, row.to_on, _state(row, today),
        row.to_on is not None and today <= row.to_on <= today + SOON, load.get((row.account_id, row.role), 0),
        tuple(one.organisation for one in places if one.account_id == row.account_id), row.training or "", row.availability or "",
        bool(row.published), row.post or "", row.telephone or "", row.email or "",
        names.get(away.get((row.scheme_id, row.role, row.account_id), 0), ""), row.role in ON_ROSTER) for row in rows]
    return tuple(sorted(found, key=lambda one: (one.state == ENDED, one.role, one.area.casefold(), one.sector, one.name.casefold())))


def _state(row: Any, today: date) -> str:
    if row.from_on > today:
        return TO_COME
    return ENDED if row.to_on is not None and row.to_on < today else NOW


def rosters(session: Session, desk: Desk, reader: Actor) -> list[Roster]:
    """The rosters of the schemes in which the reader has an office or sits in the steering group."""
    today, found = local_day(desk.now(session)), []
    for scheme in schemes.all_schemes(session):
        if reader == THE_OPERATOR or any(reader.holds(role, scheme.id) for role in (*OFFICES, "steering_group")):
            shown = [one for one in _roles(session, roles.role_rows(session, scheme_ids=[scheme.id], roles=ON_ROSTER), today)
                     if one.state != ENDED]
            found.append(Roster(scheme.title, tuple(one for one in shown if one.role == "critical_friend"),
                                tuple(one for one in shown if one.role == "panel_member"), sum(bool(one.away) for one in shown)))
    return found
