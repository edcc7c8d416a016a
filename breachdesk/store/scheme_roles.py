"""Who holds which role in one scheme on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from breachdesk.store.people import ACCOUNTS, ROLES, holds_on
from breachdesk.store.session import Session


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody in a role, and for how long. No area: every one."""

    name: str
    role: str
    sector: str
    area: str
    to_on: date | None


def holders(session: Session, scheme_id: int, day: date) -> list[Holder]:
    """Everybody with a role in the scheme whose account is active, by name."""
    rows = session.all(select(ACCOUNTS.c.name, ROLES.c.role, ROLES.c.sector, ROLES.c.area, ROLES.c.to_on)
                       .join(ROLES, ROLES.c.account_id == ACCOUNTS.c.id)
                       .where(ROLES.c.scheme_id == scheme_id, ACCOUNTS.c.active, holds_on(ROLES, day)).order_by(ACCOUNTS.c.name))
    return [Holder(*row) for row in rows]
