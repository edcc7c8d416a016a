"""Whose declaration is due: whoever helps, sits on a panel, stands in or reviews says first whether they have an interest in the case.

Asked before every page, step, room, file and letter of a case. That the coordinator was told of no interest does not open them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from breachdesk.casework.carrying_out import WHOLE
from breachdesk.casework.desk import Desk
from breachdesk.clock import local_day
from breachdesk.errors import DeclarationNeeded
from breachdesk.identity import Actor
from breachdesk.permissions import NAMED, declares_first, needs_no_declaration
from breachdesk.store import declarations
from breachdesk.store.cases import CaseRead
from breachdesk.store.session import Session
from breachdesk.workflow.definition import Action


def must_declare(session: Session, actor: Actor, case: CaseRead, roles: frozenset[str]) -> bool:
    """Whether the papers of a case stay closed to somebody who meets it in these roles, until they declare."""
    return declares_first(actor, case.head.scheme_id, roles) and not declarations.has_declared(session, actor.account_id, case.head.id)


def require_declared(session: Session, actor: Actor, case: CaseRead, roles: frozenset[str], action: Action | None = None) -> None:
    """Raise DeclarationNeeded from somebody who must declare first.

    Not for an ACTION by which they leave the case, or say that they have an interest in it.
    """
    if action is not None and needs_no_declaration(roles, action):
        return
    if must_declare(session, actor, case, roles):
        raise DeclarationNeeded(case.head.reference)


def declare_by(roles: frozenset[str], due: Iterable[tuple[str, date | None]], today: date) -> date | None:
    """By when somebody who is named in a case is asked to declare: the first day still to come on which one of its limits ends, such as
    that until which both sides can object to them. DUE: (limit, day) of those that run."""
    ahead = [day for limit, day in due if day and day >= today and limit != WHOLE]
    return None if roles.isdisjoint(NAMED) else min(ahead, default=None)


def declare_by_in(session: Session, desk: Desk, case: CaseRead, roles: frozenset[str]) -> date | None:
    """The same of one case that was read."""
    return declare_by(roles, ((one.limit, one.due_on) for one in desk.facts(session, case).running), local_day(desk.now(session)))
