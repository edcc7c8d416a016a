"""Parties whom no mail reaches: nobody with an account acts for them, or for whoever represents them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import date

from sqlalchemy import select

from breachdesk.identity import ACTS_FOR
from breachdesk.store.cases import CaseRead
from breachdesk.store.people import ACCOUNTS, MEMBERSHIPS, holds_on
from breachdesk.store.session import Session


def reached(session: Session, organisation_ids: Collection[int], day: date) -> frozenset[int]:
    """Those of the organisations for which somebody with an account acts on a day."""
    rows = session.all(select(MEMBERSHIPS.c.organisation_id).join(ACCOUNTS, ACCOUNTS.c.id == MEMBERSHIPS.c.account_id)
                       .where(MEMBERSHIPS.c.organisation_id.in_(organisation_ids), MEMBERSHIPS.c.kind.in_(ACTS_FOR), ACCOUNTS.c.active,
                              holds_on(MEMBERSHIPS, day)).distinct())
    return frozenset(row[0] for row in rows)


def with_paper_marked(session: Session, read: CaseRead, day: date) -> CaseRead:
    """The case with its parties marked that are to be written to by post."""
    places = {place for one in read.parties for place in (one.organisation_id, one.represented_by) if place}
    known = reached(session, places, day)
    return replace(read, parties=tuple(replace(one, on_paper=known.isdisjoint((one.organisation_id, one.represented_by)))
                                       for one in read.parties))
