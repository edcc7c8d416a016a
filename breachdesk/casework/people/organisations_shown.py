"""Organisations as pages and commands show them: what each is, its names over time, who belongs, who funds whom. Frozen values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from breachdesk.casework.calendars_held import may_change_closed_days
from breachdesk.casework.desk import Desk
from breachdesk.casework.people.people_shown import MembershipView, memberships_shown
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.permissions import OFFICES, Permission, may
from breachdesk.store import organisations as rows
from breachdesk.store import roles
from breachdesk.store.session import Session


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    """An organisation in a list. `signed`: it is a signatory of the Compact today."""

    slug: str
    name: str
    sector: str
    kind: str
    area: str
    signed: bool


@dataclass(frozen=True, slots=True)
class NameView:
    """A name and its days; None where no day is known."""

    name: str
    from_on: date | None
    until_on: date | None


@dataclass(frozen=True, slots=True)
class SuccessionView:
    """An organisation that came before or after, and the day on which one took the other's place."""

    id: int
    slug: str
    name: str
    from_on: date


@dataclass(frozen=True, slots=True)
class FundingView:
    """One organisation funds another. `gives`: it is this one that pays."""

    id: int
    gives: bool
    slug: str
    name: str
    from_on: date
    to_on: date | None
    over: bool


@dataclass(frozen=True, slots=True)
class OrganisationPage:
    """One organisation. `may_change`, `may_invite` and `may_close` (say on which days it is closed) say what the reader may do here."""

    slug: str
    name: str
    sector: str
    kind: str
    area: str
    signatory_from: date | None
    signatory_to: date | None
    names: tuple[NameView, ...]
    predecessors: tuple[SuccessionView, ...]
    successors: tuple[SuccessionView, ...]
    funding: tuple[FundingView, ...]
    members: tuple[MembershipView, ...]
    may_change: bool
    may_invite: bool
    administers: bool
    may_close: bool = False


def organisation_lines(session: Session, desk: Desk, reader: Actor, words: str = "") -> list[OrganisationLine]:
    """The organisations that somebody may see, by name: all for whoever has an office, otherwise those that they look after."""
    today, wanted = local_day(desk.now(session)), words.casefold().split()[:10]
    found = [OrganisationLine(row.slug, row.name, row.sector, row.kind, row.area, _signed(row, today))
             for row in rows.organisation_rows(session) if _sees_all(reader) or row.id in reader.administers]
    return [one for one in found if all(word in f"{one.name} {one.sector} {one.kind} {one.area}".casefold() for word in wanted)]


def _sees_all(reader: Actor) -> bool:
    return reader == THE_OPERATOR or any(role in OFFICES for _, role in reader.roles)


def _signed(row: Any, today: date) -> bool:
    return row.signatory_from is not None and row.signatory_from <= today and (row.signatory_to is None or row.signatory_to >= today)


def organisation_page(session: Session, desk: Desk, reader: Actor, slug: str) -> OrganisationPage:
    """One organisation. Raises NotFound, also for one that the reader does not look after."""
    row, today = rows.organisation_row(session, slug), local_day(desk.now(session))
    if row is None or not (_sees_all(reader) or row.id in reader.administers):
        raise NotFound(f"There is no organisation “{slug[:60]}” that you can see.")
    change = reader == THE_OPERATOR or may(reader, Permission.CHANGE_ORGANISATIONS)
    return OrganisationPage(
        row.slug, row.name, row.sector, row.kind, row.area, row.signatory_from, row.signatory_to,
        _names(row.name, rows.former_names(session, row.id)), _links(rows.predecessors(session, row.id)),
        _links(rows.successors(session, row.id)), _funding(rows.funding_of(session, row.id), row.id, today),
        memberships_shown(roles.membership_rows(session, organisation_id=row.id), reader, today), change,
        _sees_all(reader) or row.id in reader.administers, not _sees_all(reader), may_change_closed_days(session, reader, row.id))


def _names(today: str, former: Sequence[Any]) -> tuple[NameView, ...]:
    """Today's name first; each begins on the day after the one before it ended."""
    begins = [None, *(one.until_on + timedelta(days=1) for one in former)]
    before = [NameView(one.name, begin, one.until_on) for one, begin in zip(former, begins, strict=False)]
    return tuple(reversed([*before, NameView(today, begins[-1], None)]))


def _links(found: Sequence[Any]) -> tuple[SuccessionView, ...]:
    return tuple(SuccessionView(one.id, one.slug, one.name, one.from_on) for one in found)


def _funding(found: Sequence[Any], own: int, today: date) -> tuple[FundingView, ...]:
    return tuple(FundingView(one.id, one.funder_id == own, one.funded_slug if one.funder_id == own else one.funder_slug,
                             one.funded if one.funder_id == own else one.funder, one.from_on, one.to_on,
                             one.to_on is not None and one.to_on < today) for one in found)
