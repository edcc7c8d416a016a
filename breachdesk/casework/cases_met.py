"""A case as somebody meets it: the rows, and the roles in which they meet them. The door of everything about one case that is no step."""

from __future__ import annotations

from breachdesk.casework.act import case_roles
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session


def met(session: Session, actor: Actor, reference: str, *, to_change: bool = False) -> tuple[CaseRead, frozenset[str]]:
    """The case, and in which roles somebody meets it. Raises NotFound, also for one that does not exist for them."""
    case = read_case(session, reference=reference, to_change=to_change)
    roles = case_roles(actor, case) if case else frozenset()
    if case is None or not roles:
        raise NotFound(f"There is no case {reference[:40]} that you can see.")
    return case, roles
