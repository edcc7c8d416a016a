"""Schemes as pages show them: who can help, what the Compact says. From the files that were stored with them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from breachdesk.casework.compacts_held import Held, all_held
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.compacts.editions import Commitment, Compact, Edition
from breachdesk.compacts.loading import load_scheme
from breachdesk.compacts.schemes import NamedContact, Scheme
from breachdesk.errors import NotFound
from breachdesk.store import roles, schemes
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session

OWED = {"statutory": "Statutory sector", "voluntary": "Voluntary and community sector", "jointly": "Both sectors, jointly"}
EDITION_STATUS = {"draft": "draft", "consultation": "draft for consultation", "adopted": "adopted",
                  "superseded": "replaced by a later edition"}


@dataclass(frozen=True, slots=True)
class SchemeShown:
    """A scheme with its Compact, and the edition that it operates today (None between two editions). `several`: it is not the only one."""

    slug: str
    title: str
    scheme: Scheme
    compact: Compact
    edition: Edition | None
    several: bool = False

    @property
    def address(self) -> str | None:
        """What an address says to mean this scheme; nothing where there is no other."""
        return self.slug if self.several else None

    def owed_by(self, commitment: Commitment) -> str:
        """Who owes it, in the Compact's own words for the sectors."""
        return self.sector(commitment.owed_by)

    def sector(self, name: str) -> str:
        return _words(self.compact, self.scheme).get(name, name.capitalize())

    def operated_from(self, label: str) -> date | None:
        """The first day on which the scheme operates an edition."""
        return min((one.from_on for one in self.scheme.operates if one.edition_label == label), default=None)


def sector_words(session: Session, head: SchemeHead) -> Mapping[str, str]:
    """Who can owe a commitment, in the words of the scheme and of its Compact."""
    return _words(next(one.compact for one in all_held(session).values() if one.id == head.compact_id), settled(head))


def _words(compact: Compact, scheme: Scheme) -> Mapping[str, str]:
    return {**OWED, **compact.vocabulary, **scheme.vocabulary}


def all_shown(session: Session, desk: Desk) -> list[SchemeShown]:
    """Every scheme of the desk, by title."""
    today, held = local_day(desk.now(session)), all_held(session)
    heads = schemes.all_schemes(session)
    return [_shown(session, head, today, held, several=len(heads) > 1) for head in heads]


@dataclass(frozen=True, slots=True)
class Helpers:
    """Who can help in a scheme: its published critical friends, area by area."""

    shown: SchemeShown
    areas: tuple[tuple[str, tuple[NamedContact, ...]], ...]


def helpers_shown(session: Session, desk: Desk) -> list[Helpers]:
    """The critical friends of every scheme. The roster says who they are; a scheme's file only where the roster says nothing yet."""
    today = local_day(desk.now(session))
    listed = [row for row in roles.role_rows(session, roles=["critical_friend"]) if row.published is not None]
    places = {one.account_id: one.organisation for one in roles.memberships_on(session, today)}
    return [_helpers(shown, [row for row in listed if row.scheme == shown.slug], places, today) for shown in all_shown(session, desk)]


def _helpers(shown: SchemeShown, listed: Sequence[Any], places: Mapping[int, str], today: date) -> Helpers:
    there = [NamedContact(row.sector, row.area, row.post, places.get(row.account_id, ""), row.email, row.telephone, row.name)
             for row in listed
             if row.published and row.active and row.from_on <= today and (row.to_on is None or row.to_on >= today)]
    known = {(row.area, row.sector) for row in listed}
    named = sorted((*there, *(one for one in shown.scheme.critical_friends if (one.area, one.sector) not in known)),
                   key=lambda one: (one.sector, one.name))
    areas = dict.fromkeys((*shown.scheme.areas, *(one.area for one in named)))
    return Helpers(shown, tuple((area, tuple(one for one in named if one.area == area)) for area in areas))


def scheme_shown(session: Session, desk: Desk, slug: str = "") -> SchemeShown:
    """The scheme of that name, or the desk's first one that has its wording. Raises NotFound when there is none."""
    shown = all_shown(session, desk)
    if not shown:
        raise NotFound("This desk has no scheme yet. Its operator sets one up: breachdesk scheme create.")
    if slug:
        wanted = desk.scheme(session, slug).slug
        return next(one for one in shown if one.slug == wanted)
    return next((one for one in shown if one.edition and one.edition.commitments), shown[0])


def _shown(session: Session, head: SchemeHead, today: date, held: Mapping[str, Held], *, several: bool) -> SchemeShown:
    scheme = replace(settled(head), operates=schemes.operated(session, head.id))
    compact = next(one.compact for one in held.values() if one.id == head.compact_id)
    operated = scheme.operated_on(today)
    return SchemeShown(head.slug, head.title, scheme, compact, compact.edition(operated.edition_label) if operated else None, several)


def settled(head: SchemeHead) -> Scheme:
    """The scheme as its file says, with what was settled on its page since."""
    written = _scheme(head.file_text)
    return replace(written, controller=head.controller, controller_contact=head.controller_contact or written.controller_contact,
                   vocabulary={**written.vocabulary, **json.loads(head.vocabulary)}, reviews=head.reviews)


@lru_cache(maxsize=16)
def _scheme(text: str) -> Scheme:
    return load_scheme(text, "the scheme's file")
