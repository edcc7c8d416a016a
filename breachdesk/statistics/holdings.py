"""From the entries of the log to what is told of allegations, remedies, people and satisfaction in each case. `measures_held` counts it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from breachdesk.statistics.histories import LoggedEvent

SIDES = ("complainant", "respondent")


@dataclass(slots=True)
class RemedyTold:
    """A remedy as the log tells it: its kind, its day, and on which day it came to the state that it is in."""

    kind: str
    agreed_on: date
    due_on: date | None
    state: str
    settled_on: date | None = None


@dataclass(slots=True)
class HeldCase:
    """One case. Views are by side; the last one that a side gave holds. `measured`: what was required, and what happened."""

    closed: list[tuple[date, str]] = field(default_factory=list)
    decisions: list[tuple[date, str]] = field(default_factory=list)
    respondents: dict[int, str] = field(default_factory=dict)
    commitments: list[int] = field(default_factory=list)
    received_on: date | None = None
    measured: tuple[str, str] | None = None
    positions: dict[int, str] = field(default_factory=dict)
    remedies: dict[int, RemedyTold] = field(default_factory=dict)
    outcome_views: dict[str, str] = field(default_factory=dict)
    process_views: dict[str, str] = field(default_factory=dict)
    interests: list[date] = field(default_factory=list)
    recusals: list[date] = field(default_factory=list)
    replacements: list[date] = field(default_factory=list)


def held_cases(entries: Iterable[LoggedEvent]) -> tuple[HeldCase, ...]:
    """What each case holds, in the order in which the log first names them."""
    cases: dict[int, HeldCase] = {}
    for entry in entries:
        if entry.event.startswith("case:"):
            _told(cases.setdefault(entry.case, HeldCase()), entry)
    return tuple(cases.values())


def _told(case: HeldCase, entry: LoggedEvent) -> None:
    facts = entry.facts
    # A log that was begun by an earlier version says nothing of effects: there were none.
    effects: dict[str, Any] = facts.get("effects", {})
    if entry.event == "case:opened":
        case.received_on = date.fromisoformat(facts["received_on"])
        case.respondents = {one["party"]: one["side"] for one in facts["parties"]}
        case.measured = (effects["measured"][1], effects["measured"][2]) if "measured" in effects else None
        case.commitments = [commitment for _, commitment, *_ in facts["allegations"]]
    if entry.event == "case:closed":
        case.closed.append((entry.on, facts["outcome"]))
    _decided(case, entry, effects)
    case.positions.update((number, position) for number, position in effects.get("positions", ()))
    _remedies(case, entry.on, effects)
    _people(case, entry.on, effects)
    _views(case, facts)


def _decided(case: HeldCase, entry: LoggedEvent, effects: dict[str, Any]) -> None:
    verdicts = {admitted for _, admitted in effects.get("decided", ())}
    if entry.event == "case:closed" and entry.facts["outcome"] in ("premature_returned", "inadmissible") and not verdicts:
        case.decisions.append((entry.on, "premature" if entry.facts["outcome"] == "premature_returned" else "inadmissible"))
    elif verdicts:
        case.decisions.append((entry.on, "part" if len(verdicts) == 2 else "admissible" if True in verdicts else "inadmissible"))


def _remedies(case: HeldCase, on: date, effects: dict[str, Any]) -> None:
    if added := effects.get("remedy_added"):
        case.remedies[added["remedy"]] = RemedyTold(added["kind"], on, date.fromisoformat(added["due_on"]) if added["due_on"] else None,
                                                    added["state"])
    if settled := effects.get("remedy_settled"):
        remedy = case.remedies[settled["remedy"]]
        remedy.state, remedy.settled_on = settled["state"], on


def _people(case: HeldCase, on: date, effects: dict[str, Any]) -> None:
    """Whoever goes because of an interest recuses themselves; whoever is named after somebody went takes their place."""
    if effects.get("interested"):
        case.interests.append(on)
        case.recusals += [on for _ in effects.get("released", ())]
    if effects.get("appointed") and (case.recusals or effects.get("released")):
        case.replacements += [on for _ in effects["appointed"]][:max(len(case.recusals) - len(case.replacements), 0)]


def _views(case: HeldCase, facts: Any) -> None:
    """What each side said of the outcome and of the way there: itself, or as the coordinator recorded it."""
    # A case that went over to another version of its procedure was asked nothing.
    answers, side = facts.get("answers", {}), case.respondents.get(facts.get("party", 0), "")
    for name, views in (("outcome_view", case.outcome_views), ("process_view", case.process_views)):
        if side and name in answers:
            views[side] = answers[name]
    for one in SIDES:
        if f"{one}_view" in answers:
            case.outcome_views[one] = answers[f"{one}_view"]
