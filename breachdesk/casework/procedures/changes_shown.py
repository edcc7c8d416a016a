"""What a version of a procedure changes, as a page shows it to a committee; and, for those who publish it, who has proposed it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby

from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.procedures_shown import procedure_named
from breachdesk.casework.procedures.publishing import Version, alone_in, versions
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, may
from breachdesk.store.session import Session
from breachdesk.workflow.differences_told import PARTS, Told, told


@dataclass(frozen=True, slots=True)
class Changes:
    """A version beside an earlier one (None: there is no other), part by part. `version` is empty for those who do not publish.

    `mine`: the reader proposed it; `open` says that the reader can take the next step towards publishing it.
    """

    title: str
    name: str
    new: str
    old: str | None
    others: tuple[str, ...]
    parts: tuple[tuple[str, tuple[Told, ...]], ...]
    version: Version | None
    mine: bool = False
    open: bool = False


def changes_shown(session: Session, desk: Desk, actor: Actor, name: str, new: str, old: str = "") -> Changes:
    """What a version changes against an earlier one, by default the one before it. Raises NotFound for what the reader may not see."""
    procedure, _ = procedure_named(session, desk, actor, name, new)
    officer = may(actor, Permission.CHANGE_PROCEDURES)
    same = [one for one in versions(session) if one.head.name == name and (one.head.published or officer)]
    others = tuple(one.head.version for one in same if one.head.version != new)
    if old and old not in others:
        raise NotFound(f"There is no version {old[:40]} of “{name}” to compare with. There is: {', '.join(others) or 'no other'}.")
    place = next(place for place, one in enumerate(same) if one.head.version == new)
    before = old or (same[place - 1].head.version if place else others[0] if others else "")
    found = told(procedure_named(session, desk, actor, name, before)[0], procedure) if before else ()
    parts = tuple((PARTS.get(part, part), tuple(things)) for part, things in groupby(found, key=lambda one: one.part))
    version = same[place] if officer else None
    mine = version is not None and version.head.proposed_by == actor.account_id
    waiting = version is not None and (version.head.alone or not version.head.published)
    return Changes(procedure.title, name, new, before or None, others, parts, version, mine,
                   waiting and (not mine or (not same[place].head.published and bool(alone_in(session, actor)))))
