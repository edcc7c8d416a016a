"""Filled-in answer files to start from. They can be sent as they are to a practice desk, and a test does."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from breachdesk.casework.act import case_roles
from breachdesk.casework.declarations_due import require_declared
from breachdesk.casework.desk import Desk
from breachdesk.casework.rehearsals.example_answers import ExampleAnswers
from breachdesk.clock import local_day
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.permissions import require_step, role_used
from breachdesk.store.by_post import with_paper_marked
from breachdesk.store.cases import read_case
from breachdesk.store.session import Session
from breachdesk.strict_yaml import did_you_mean

LODGING: Mapping[str, object] = {
    "complainant": "riverside-carers",
    "contact": "Ruth Ferris, 01632 960210",
    "respondents": ["amberdale-council"],
    "event_on": "",
    "commitments": ["13.2"],
    "required": "three months' written notice",
    "happened": "one month's notice",
    "title": "One month's notice for the carers' helpline",
    "what_happened": "On that day a letter came from the council's grants team. It ends the funding of our helpline in one month. "
                     "Nobody had spoken to us before.",
    "effect": "Two people lose their work, and some ninety carers a month lose the helpline.",
    "tried": "no",
    "outcome_sought": "Three months' notice from the day of the letter, with the reasons.",
    "notice_read": True,
}


def lodging_example(today: date, *, coordinator: bool) -> dict[str, object]:
    """A complaint about commitment 13.2, as a member of the organisation gives it, or the coordinator for them."""
    example = {**LODGING, "event_on": (today - timedelta(days=10)).isoformat()}
    if coordinator:
        example |= {"received_on": today.isoformat(), "channel": "post", "read_back": "Ruth Ferris, by telephone on the same day"}
    return example


def step_example(session: Session, desk: Desk, actor: Actor | None, reference: str, name: str) -> dict[str, object]:
    """Answers to all the questions of a step in a case, for somebody, or for the first who may take it. Raises NotFound."""
    read = read_case(session, reference=reference, to_change=False)
    if read is None or (actor and not case_roles(actor, read)):
        raise NotFound(f"There is no case {reference[:40]} that you can see.")
    read = with_paper_marked(session, read, local_day(desk.now(session)))
    procedure = desk.procedure(session, read.head.procedure_digest)
    action = procedure.actions.get(name)
    if action is None or action.opens:
        raise NotFound(f"The procedure “{procedure.title}” has no step “{name[:40]}” in a case{did_you_mean(name, procedure.actions)}")
    if actor:
        require_declared(session, actor, read, case_roles(actor, read), action)
        require_step(case_roles(actor, read), action, procedure.roles, read.parties)
    role = role_used(case_roles(actor, read), action, read.parties) if actor else action.by[0]
    return ExampleAnswers(session, desk, read, action).answers(role)
