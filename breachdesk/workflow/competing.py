"""Do two actions of the clock ever compete? Two limits that are over on one day and lead a case apart. Part of `model_checks`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from breachdesk.workflow.clock_alone import opposed
from breachdesk.workflow.definition import CLOCK, Action, LimitRule, Procedure
from breachdesk.workflow.exploring import Map, Place, length, title, told, working_days


def competing(whole: Map) -> Iterator[tuple[str, str, str]]:
    """(part, limit, what is wrong) for each two limits that may be over on the same day with different things to do."""
    procedure, said = whole.procedure, set()
    nearest: dict[tuple[str, frozenset[str]], Place] = {}
    for place in whole.places():
        # Who has been named to a role makes no difference to the clock.
        nearest.setdefault((place.status, place.paused), place)
    for place in nearest.values():
        for one, other in combinations(whole.running(place), 2):
            if (one.name, other.name) in said or _kept_apart(procedure, one, other):
                continue
            for mine, theirs in _both(whole, place, one, other):
                said.add((one.name, other.name))
                yield "limits", other.name, (
                    f"it can be over on the same day as “{one.name}”, and then the clock could do “{title(procedure, mine)}” or "
                    f"“{title(procedure, theirs)}”: let one of them act at “{procedure.statuses[place.status].title}”. "
                    f"For example: {told(procedure, whole.way(place))}.")
                break


def _both(whole: Map, place: Place, one: LimitRule, other: LimitRule) -> Iterator[tuple[Action, Action]]:
    for mine in moving(whole, place, one):
        for theirs in moving(whole, place, other):
            if mine.name != theirs.name and not opposed(mine.guards, theirs.guards) and (
                    mine.targets != theirs.targets or mine.outcome != theirs.outcome):
                yield mine, theirs


def moving(whole: Map, place: Place, rule: LimitRule) -> Iterator[Action]:
    """What the clock can do at the end of the limit that takes the case away from here."""
    actions = (whole.procedure.actions[name] for name in rule.then)
    return (one for one in actions if CLOCK in one.by and place.status in one.sources and set(one.targets) - {place.status})


def _kept_apart(procedure: Procedure, one: LimitRule, other: LimitRule) -> bool:
    """Whether the limits always begin together, and one is over before the other even with all the time that can be given."""
    together = (one.statuses == other.statuses and not (one.started_by or other.started_by or one.counts_from or other.counts_from)
                and not (one.due_on or other.due_on) and _stopped_by(procedure, one) == _stopped_by(procedure, other))
    first, last = sorted((one, other), key=lambda rule: length(procedure, rule))
    longest = length(procedure, first) + (working_days(first.extendable.at_most) if first.extendable else 0)
    return together and longest < length(procedure, last)


def _stopped_by(procedure: Procedure, rule: LimitRule) -> set[str]:
    stops = [(one.name, one.stops) for one in procedure.statuses.values()] + [(one.name, one.stops) for one in procedure.actions.values()]
    return {name for name, one in stops if one and (not one.limits or rule.name in one.limits)}
