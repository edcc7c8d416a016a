"""The panels that a coordinator can choose from in a case, and for everybody in the pool what speaks for and against them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import ActionView, CasePage
from breachdesk.casework.cases_met import met
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import mask_for
from breachdesk.casework.naming import appointed_to, candidates_for
from breachdesk.errors import NotFound
from breachdesk.identity import Actor
from breachdesk.store.session import Session
from breachdesk.workflow.answers import Against
from breachdesk.workflow.definition import Action
from breachdesk.workflow.facts import Candidate
from breachdesk.workflow.interests import stakes_of
from breachdesk.workflow.panels import MEMBER, SIZES, Panel, missing, possible_panels
from breachdesk.workflow.wording import listed


@dataclass(frozen=True, slots=True)
class ProposedPanel:
    """A panel to choose: what is said about it, and the answers with which the step's form is filled."""

    members: tuple[str, ...]
    size: int
    chair: str
    deputy: str
    says: tuple[str, ...]
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class PanelPage:
    """What can be chosen now: panels, best first; what a panel lacks where there is none; and everybody who was looked at."""

    case: CasePage
    view: ActionView
    panels: tuple[ProposedPanel, ...]
    missing: tuple[str, ...]
    people: tuple[tuple[str, Against], ...]


def names_a_panel(action: ActionView, actions: Mapping[str, Action]) -> bool:
    return appointed_to(actions[action.name]) == MEMBER


def panel_page(session: Session, desk: Desk, actor: Actor, reference: str) -> PanelPage:
    """The panels that are possible in a case. Raises NotFound where the reader has no panel to name now."""
    case = case_page(session, desk, actor, reference)
    actions = case.procedure.actions
    view = next((one for one in case.actions if one.allowed and names_a_panel(one, actions)), None)
    if view is None:
        raise NotFound(f"There is no panel for you to name in the case {case.reference} now.")
    read, roles = met(session, actor, reference)
    mask = mask_for(session, actor, read, roles)
    facts = desk.facts(session, mask.case(read))
    serving = {one.account_id for one in facts.serving(MEMBER)}
    # Nobody names themselves; whoever sits on the panel already may stay.
    pool = {email: one for email, one in mask.candidates(candidates_for(session, read, actions[view.name], desk.now(session))).items()
            if one.account_id != actor.account_id or one.account_id in serving}
    stakes = stakes_of(facts)
    own = [one for one in pool.values() if not one.beyond]
    panels = [panel for size in SIZES for panel in possible_panels(pool.values(), stakes, size, 5 if size == SIZES[0] else 3)]
    people = tuple((view.offered.people[MEMBER][email], view.offered.against[email]) for email in pool
                   if email in view.offered.people.get(MEMBER, {}))
    return PanelPage(case, view, tuple(_proposed(one, actions[view.name]) for one in panels), missing(own, stakes), people)


def _proposed(panel: Panel, action: Action) -> ProposedPanel:
    rule = action.effects.appoints
    asked = [ask.name for ask in action.asks if ask.holding and ask.type == "person"]
    named = {rule.chair: panel.chair.email} if rule else {}
    # Beside the chair the procedure may ask for a deputy, who comes from the other sector.
    named |= {name: panel.deputy.email for name in asked if name not in named}
    answers = [(name, one.email) for name in (rule.answers if rule else ()) for one in panel.members] + list(named.items())
    return ProposedPanel(tuple(_introduced(one) for one in panel.members), len(panel.members), panel.chair.name, panel.deputy.name,
                         tuple(_said(panel)), tuple(answers))


def _introduced(one: Candidate) -> str:
    return ", ".join([one.name, *one.places, *([f"{one.sector} sector"] if one.sector else []), *([one.area] if one.area else []),
                      *([f"out of area ({one.beyond})"] if one.beyond else [])])


def _said(panel: Panel) -> Collection[str]:
    """What is to be known before the panel is chosen."""
    said = [f"To be weighed: {name} {interest.says}." for name, interest in panel.to_weigh]
    if not said:
        said.append("The desk knows of no interest of any of them.")
    if panel.apart > 1:
        said.append("One sector has more than one member more than the other.")
    busy = [f"{one.name} in {one.load}" for one in panel.members if one.load]
    return [*said, f"Open cases in which they serve: {listed(busy)}." if busy else "None of them serves in an open case now."]
