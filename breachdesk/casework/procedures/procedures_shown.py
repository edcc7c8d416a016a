"""Procedures as pages show them: the picture, and the same in words. From the files that the desk holds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.publishing import version_named, versions
from breachdesk.casework.schemes_shown import scheme_shown
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, may
from breachdesk.store.session import Session
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.drawing.drawn import NARROW
from breachdesk.workflow.drawing.picture import Lane, Picture, Row, picture_of, table_of
from breachdesk.workflow.drawing.svg import svg_of
from breachdesk.workflow.wording import say_of_any


@dataclass(frozen=True, slots=True)
class LimitShown:
    """A limit: what must happen in how long, where the number comes from, and what the clock does when it ends."""

    title: str
    lasts: str
    source: str
    then: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcedureShown:
    """A procedure for people who want to know what they let themselves in for: drawn for wide and narrow pages, and in words."""

    name: str
    version: str
    title: str
    source: str
    wide: str
    narrow: str
    lanes: tuple[Lane, ...]
    steps: tuple[Row, ...]
    limits: tuple[LimitShown, ...]
    outcomes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ProcedureLine:
    """A version in the list, with the schemes whose new cases begin under it, or will, from which day ("" since they were set up)."""

    name: str
    version: str
    title: str
    draft: bool
    used: tuple[str, ...]


def procedures_listed(session: Session, desk: Desk, actor: Actor) -> list[ProcedureLine]:
    """Every version that the reader may see: drafts are for those who can publish them."""
    return [ProcedureLine(one.head.name, one.head.version, desk.procedure(session, one.head.digest).title, not one.head.published,
                          tuple(dict.fromkeys(slug for slug, _ in one.used)))
            for one in versions(session) if one.head.published or may(actor, Permission.CHANGE_PROCEDURES)]


def procedure_named(session: Session, desk: Desk, actor: Actor, name: str, version: str) -> tuple[Procedure, bool]:
    """A version, and whether it is a draft. Raises NotFound when there is none that the reader may see."""
    head = version_named(session, name, version)
    if not head.published and not may(actor, Permission.CHANGE_PROCEDURES):
        raise NotFound(f"There is no version {version[:40]} of “{name[:80]}” on this desk yet.")
    return desk.procedure(session, head.digest), not head.published


def procedure_of_scheme(session: Session, desk: Desk, slug: str = "") -> Procedure:
    """How a complaint goes in a scheme: the procedure that its next case would begin under."""
    shown = scheme_shown(session, desk, slug)
    return desk.procedure(session, desk.scheme(session, shown.slug).procedure_digest)


@lru_cache(maxsize=8)
def drawn(procedure: Procedure) -> Picture:
    """The picture of a procedure about any case at all."""
    return picture_of(procedure)


@lru_cache(maxsize=8)
def procedure_shown(procedure: Procedure) -> ProcedureShown:
    """A procedure as its page shows it: the same for everybody, so it is drawn once."""
    picture = drawn(procedure)
    limits = tuple(LimitShown(say_of_any(rule.title), str(rule.lasts), rule.source,
                              tuple(say_of_any(procedure.actions[name].title) for name in rule.then)) for rule in procedure.limits.values())
    wide, narrow = svg_of(picture, id="wide"), svg_of(picture, NARROW, id="narrow")
    return ProcedureShown(procedure.name, procedure.version, procedure.title, procedure.source, wide, narrow, picture.lanes,
                          table_of(picture), limits, tuple(procedure.outcomes.values()))
