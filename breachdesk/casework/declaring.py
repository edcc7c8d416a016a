"""Declaring interests: whoever helps, sits on a panel, stands in or reviews says for each case whether they have one; then its papers open.

Where the step that names somebody has the coordinator confirm that they have told of no interest, the register says so, and they
still say it themselves. The duty goes on: anybody who has declared none can add one later. A declared interest ends the part that
they take, through the procedure's own step where there is one in the case's status, and otherwise by the row that excludes them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from breachdesk.audit.chain import Doer
from breachdesk.casework.act import Step, act_within, case_roles
from breachdesk.casework.case_views import DeclaredView
from breachdesk.casework.cases_met import met
from breachdesk.casework.declarations_due import declare_by_in, must_declare
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotPermitted
from breachdesk.identity import Actor
from breachdesk.permissions import NAMED_OR_REVIEWING, STAND_IN, may_declare, needs_no_declaration
from breachdesk.store import cases, declarations, holdings, reading
from breachdesk.store.audit_log import entry_changes, next_entry, salted
from breachdesk.store.cases import CaseRead, read_case
from breachdesk.store.session import Session
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.answers import LONGEST_TEXT
from breachdesk.workflow.definition import Action, Procedure
from breachdesk.workflow.facts import Appointment
from breachdesk.workflow.wording import listed

NONE = "none"
# What somebody says of themselves, and what the register says of them.
NATURES = {NONE: ("I have no interest in this case", "declared no interest"),
           "works": ("I work or have worked for one side", "has declared that they work or have worked for one side"),
           "relation": ("I am related or close to somebody on one side", "has declared that they are close to somebody on one side"),
           "money": ("I stand to gain or lose by it", "has declared that they stand to gain or lose by it"),
           "acted": ("I have acted in the matter before", "has declared that they have acted in the matter before"),
           "other": ("I have another interest", "has declared an interest")}

_SAID = {**NATURES, declarations.TOLD: ("I have told the coordinator that I have no interest", "has told the coordinator of no interest")}


# As what a member of a group is asked: the procedure names the group.
_AS = {"steering_group": "a member of the steering group"}


@dataclass(frozen=True, slots=True)
class ToDeclare:
    """All that somebody sees of a case before they have declared: its sides, and the numbers of its commitments. `asked_as`: the parts
    in it for which they are asked; `before`: what they have said, or told the coordinator; `by`: until when they are asked to answer."""

    reference: str
    complainant: str
    respondent: str
    commitments: tuple[str, ...]
    asked_as: tuple[str, ...]
    before: tuple[str, ...]
    first: bool
    by: date | None


def to_declare(session: Session, desk: Desk, actor: Actor, reference: str) -> ToDeclare:
    """What somebody needs to see for declaring. Raises NotFound, or NotPermitted for those who have nothing to declare."""
    case, roles = _met(session, actor, reference, to_change=False)
    known = mask_for(session, actor, case, roles).case(case)
    sides = {side: listed([party.name for party in known.parties if party.side == side and not party.left])
             for side in ("complainant", "respondent")}
    codes = tuple(dict.fromkeys(row.code for row in reading.allegations_of(session, case.head.id)))
    before = [one for one in declarations.declarations_of(session, case.head.id) if one.account_id == actor.account_id]
    said = (f"{_SAID[one.nature][0]} ({said_date(one.declared_on)})" for one in before)
    says = {**desk.procedure(session, case.head.procedure_digest).roles, **_AS}
    return ToDeclare(case.head.reference, sides["complainant"], sides["respondent"], codes,
                     tuple(says[role] for role in NAMED_OR_REVIEWING if role in roles), tuple(dict.fromkeys(said)),
                     must_declare(session, actor, case, roles), declare_by_in(session, desk, case, roles))


def register_of(session: Session, case_id: int) -> tuple[DeclaredView, ...]:
    """What was declared in a case, for both sides to read."""
    found = (DeclaredView(row.name, _SAID[row.nature][1], row.declared_on) for row in declarations.declarations_of(session, case_id))
    return tuple(dict.fromkeys(found))


def declare(desk: Desk, actor: Actor, reference: str, nature: str, why: str = "") -> None:
    """Declare an interest in a case, or that there is none. Raises NotFound, NotPermitted, or Invalid by field."""
    if nature not in NATURES:
        raise Invalid({"nature": "Say whether you have an interest in this case"})
    if len(why) > LONGEST_TEXT:
        raise Invalid({"why": f"Write at most {LONGEST_TEXT:,} characters"})
    desk.database.transact(lambda session: _declare(session, desk, actor, reference, nature, why.strip()))


def declare_none_before(desk: Desk, actor: Actor, reference: str, action: Action | None = None) -> None:
    """Say in a story that whoever takes a step or speaks next has no interest in the case, where the desk waits for that."""
    with desk.database.read() as session:
        case = read_case(session, reference=reference, to_change=False)
        roles = case_roles(actor, case) if case else frozenset()
        asked = case and must_declare(session, actor, case, roles) and not (action and needs_no_declaration(roles, action))
    if asked:
        declare(desk, actor, reference, NONE)


def _declare(session: Session, desk: Desk, actor: Actor, reference: str, nature: str, why: str) -> None:
    case, roles = _met(session, actor, reference, to_change=True)
    procedure, today = desk.procedure(session, case.head.procedure_digest), local_day(desk.now(session))
    step = _step(procedure, case, roles) if nature != NONE else None
    if step:
        role = next(one for one in step.by if one in roles)
        seq = act_within(session, desk, actor, Step(step.name, _answers(step, role, nature, why)), reference=reference).seq
    else:
        seq = _write(session, desk, actor, case, roles, nature, why)
    session.run(declarations.declared(case.head.id, actor.account_id, today, nature, seq))


def _met(session: Session, actor: Actor, reference: str, *, to_change: bool) -> tuple[CaseRead, frozenset[str]]:
    case, roles = met(session, actor, reference, to_change=to_change)
    if not may_declare(roles):
        raise NotPermitted("Interests are declared by those who help, sit on a panel, coordinate or review. You are a side in this case.")
    return case, roles


def _step(procedure: Procedure, case: CaseRead, roles: frozenset[str]) -> Action | None:
    """The procedure's own step by which somebody in one of these roles declares an interest and leaves, where the case stands now."""
    return next((one for one in procedure.actions_from(case.head.status) if one.effects.declares_interest
                 and one.effects.releases and one.effects.releases.role in roles.intersection(one.by)), None)


def _answers(step: Action, role: str, nature: str, why: str) -> Mapping[str, object]:
    """The step's questions, answered with what was declared."""
    mine = [ask for ask in step.asks if ask.asked_of(frozenset({role}))]
    choices = {ask.name: nature if nature in ask.choices else list(ask.choices)[-1] for ask in mine if ask.type == "choice"}
    return {**choices, **{ask.name: why or NATURES[nature][0] for ask in mine if ask.type in ("line", "text")}}


def _write(session: Session, desk: Desk, actor: Actor, case: CaseRead, roles: frozenset[str], nature: str, why: str) -> int:
    """The entry, and for an interest the row that excludes; the number of the entry."""
    head, now = case.head, desk.now(session)
    details = (salted("why", "coordinator", why),) if why else ()
    entry = next_entry(head, "interest:declared", now,
                       Doer(actor.account_id, next(iter(sorted(roles)))), {"nature": nature}, details)
    moved = cases.log_moved if nature == NONE else cases.linked_from
    changes: list[Any] = [moved(head, entry.seq, entry.hash), *entry_changes(entry, details)]
    if nature != NONE:
        changes.append(holdings.excluded(head.id, actor.account_id, entry.seq, holdings.DECLARED))
        # Somebody else is to stand in: the case is there again to be passed on.
        changes += [cases.released(head.id, Appointment(actor.account_id, STAND_IN), now)] if STAND_IN in roles else []
    session.change(*changes)
    return entry.seq
