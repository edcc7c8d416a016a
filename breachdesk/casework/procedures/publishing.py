"""A procedure from draft to published, and from which day a scheme's new cases begin under it. Cases that have begun stay where they are.

Two people publish: one proposes, another publishes. Where a scheme is in single-officer mode one person may do both, which is logged.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from breachdesk.audit.chain import Doer
from breachdesk.casework.desk import Desk
from breachdesk.casework.procedures.procedure_files import sound_procedure
from breachdesk.casework.procedures.setting_up import bind_calendars
from breachdesk.clock import local_day
from breachdesk.errors import NotFound, NotPermitted, Refused, StaleCase
from breachdesk.identity import Actor
from breachdesk.permissions import Permission, require
from breachdesk.store import people, procedures, schemes
from breachdesk.store.audit_log import record_for_desk
from breachdesk.store.procedures import ProcedureHead
from breachdesk.store.schemes import SchemeHead
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.definition import Procedure

# In these roles somebody changes what a scheme goes by.
OFFICERS = ("operator", "coordinator")


@dataclass(frozen=True, slots=True)
class Version:
    """A version as pages and commands show it: who did what when, who uses it from when, and how many open cases it has."""

    head: ProcedureHead
    proposed_by: str
    published_by: str
    used: tuple[tuple[str, date | None], ...]
    open_cases: int


def versions(session: Session) -> list[Version]:
    """Every version that the desk holds."""
    heads, used, open_cases = procedures.all_procedures(session), procedures.uses(session), procedures.open_cases_under(session)
    names = people.names_of(session, [one for head in heads for one in (head.proposed_by, head.published_by) if one])
    return [Version(head, names.get(head.proposed_by or 0, ""), names.get(head.published_by or 0, ""),
                    tuple((slug, day) for digest, slug, day in used if digest == head.digest), open_cases.get(head.digest, 0))
            for head in heads]


def version_named(session: Session, name: str, version: str) -> ProcedureHead:
    """The one version of that name. Raises NotFound, naming those there are."""
    found = procedures.procedures_called(session, name, version)
    if len(found) == 1:
        return found[0]
    if found:
        raise Refused(f"This desk holds {len(found)} files that call themselves version {version} of “{name}”: say which.")
    known = ", ".join(f"{one.name} {one.version}" for one in procedures.all_procedures(session))
    raise NotFound(f"There is no version {version[:40]} of “{name[:80]}” on this desk. There is: {known or 'none yet'}.")


def add_draft(session: Session, desk: Desk, doer: Doer, text: str, file: str) -> Procedure:
    """Take a file in as a draft; an earlier draft of the same version gives way, and what was proposed of it is void.

    Raises BadProcedure with every fault, also of what can become of a case, or Refused when that version is published.
    """
    procedure, _ = sound_procedure(text, file)
    for known in procedures.procedures_called(session, procedure.name, procedure.version):
        if known.published:
            raise Refused(f"Version {known.version} of “{known.name}” is published, and a published file is never edited. "
                          "Give the file the next version.")
        procedures.drop_draft(session, known.digest)
    procedures.add_procedure(session, procedure, text, desk.now(session), procedures.DRAFT)
    record_for_desk(session, "procedure:added", desk.now(session), doer, _facts(procedure))
    return procedure


def publish(session: Session, desk: Desk, actor: Actor, name: str, version: str) -> ProcedureHead:
    """Propose a draft, or publish what somebody else proposed; the version as it stands then.

    Whoever proposed it can publish it only in single-officer mode. Raises NotPermitted, NotFound, Refused or StaleCase.
    """
    require(actor, Permission.CHANGE_PROCEDURES)
    head, now = version_named(session, name, version), desk.now(session)
    if head.published and not (head.alone and head.proposed_by != actor.account_id):
        raise Refused(f"Version {version} of “{name}” is published already.")
    if head.proposed_by is None:
        kept, event, more = procedures.note_proposal(session, head.digest, actor.account_id, now), "procedure:proposed", {}
    else:
        more = {"proposed_by": head.proposed_by, "single_officer": _may_alone(session, actor, head)}
        event = "procedure:published"
        kept = procedures.note_publication(session, head.digest, head.published, actor.account_id, now)
    if not kept:
        raise StaleCase(f"Somebody else was first with version {version} of “{name}”. Look at it again.")
    record_for_desk(session, event, now, Doer(actor.account_id, office(actor)), {**_facts(head), **more})
    return version_named(session, name, version)


def use_from(session: Session, desk: Desk, actor: Actor, slug: str, name: str, version: str, from_on: date) -> None:
    """Let a scheme's new cases begin under a published version from a day on. Raises NotPermitted, NotFound or Refused."""
    require(actor, Permission.CHANGE_PROCEDURES)
    scheme, head = desk.scheme(session, slug), version_named(session, name, version)
    if not any(actor.holds(role, scheme.id) for role in OFFICERS):
        raise NotPermitted(f"Only a coordinator or operator of {scheme.title} can say what its cases go by.")
    require_for_scheme(head, scheme)
    if from_on < local_day(desk.now(session)):
        raise Refused(f"{said_date(from_on)} has passed: the cases that began since then stay as they are. Choose today or a day to come.")
    procedures.use_from(session, scheme.id, head.digest, from_on)
    bind_calendars(session, desk, Doer(actor.account_id, office(actor)), scheme, head.digest, {})
    record_for_desk(session, "scheme:procedure_used", desk.now(session), Doer(actor.account_id, office(actor)),
                    {"scheme": slug, **_facts(head), "from": from_on.isoformat()})


def require_for_scheme(head: ProcedureHead, scheme: SchemeHead) -> None:
    """Raise Refused unless the scheme's cases may go by this version."""
    if not head.published:
        raise Refused(f"Version {head.version} of “{head.name}” is a draft. It has to be published first, by two people.")
    if head.alone and not scheme.single_officer:
        raise Refused(f"Version {head.version} of “{head.name}” was published by one person alone, and {scheme.title} asks for two. "
                      f"Somebody else can stand behind it: breachdesk workflow publish {head.name} {head.version}")


def allow_single_officer(session: Session, desk: Desk, doer: Doer, slug: str, allowed: bool) -> None:
    """Let one person do in a scheme what otherwise takes two, or no longer. Raises NotFound."""
    schemes.settle(session, desk.scheme(session, slug).id, single_officer=allowed)
    record_for_desk(session, "scheme:single_officer", desk.now(session), doer, {"scheme": slug, "allowed": allowed})


def _may_alone(session: Session, actor: Actor, head: ProcedureHead) -> str:
    """The scheme whose single-officer mode is used, "" when two people are at work. Raises Refused when it takes another person."""
    if head.proposed_by != actor.account_id:
        return ""
    allowed = alone_in(session, actor)
    if not allowed:
        raise Refused(f"You proposed version {head.version} of “{head.name}” yourself. Somebody else has to publish it: "
                      "another coordinator or operator.")
    return allowed[0]


def alone_in(session: Session, actor: Actor) -> list[str]:
    """The schemes in which somebody is an officer and may do alone what otherwise takes two."""
    own = [one for one in schemes.all_schemes(session) if any(actor.holds(role, one.id) for role in OFFICERS)]
    return [one.slug for one in own if one.single_officer]


def office(actor: Actor) -> str:
    """The role in which somebody changes what a scheme goes by."""
    return next((role for role in OFFICERS if any(held == role for _, held in actor.roles)), "")


def _facts(one: Procedure | ProcedureHead) -> dict[str, object]:
    return {"procedure": one.name, "version": one.version, "digest": one.digest}
