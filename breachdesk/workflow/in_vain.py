"""Can the limit that would take a case on be over before the case comes to where it counts? Part of `model_checks`.

A limit that runs through several statuses and is over in one where the clock has nothing to do has ended in vain: it does not run again.
"""

from __future__ import annotations

from collections.abc import Iterator

from breachdesk.workflow.competing import moving
from breachdesk.workflow.definition import LimitRule
from breachdesk.workflow.exploring import Map, Place, length, told, working_days


def over_in_vain(whole: Map) -> Iterator[tuple[str, str, str]]:
    """(part, status, what is wrong) for each status that the clock may never leave: every limit that lets it may be over by then."""
    roads = {(place.status, step.target.status) for place, steps in whole.steps.items() for step in steps}
    said: set[str] = set()
    for place in whole.places():
        exits = [] if place.paused or place.status in said else [one for one in whole.running(place) if any(moving(whole, place, one))]
        before = [_over_before(whole, roads, rule, place.status) for rule in exits]
        if exits and all(before):
            said.add(place.status)
            there = whole.procedure.statuses[before[0]].title
            yield "statuses", place.status, (
                f"“{exits[0].name}” may be over before the case comes here: at “{there}” the clock does nothing when it ends, and it does "
                f"not run again. For example: {told(whole.procedure, whole.way(place))}.")


def _over_before(whole: Map, roads: set[tuple[str, str]], rule: LimitRule, status: str) -> str:
    """A status in which the limit can end in vain, on the way to this one; "" when it cannot."""
    idle = {one for one in rule.statuses - {status} if rule in whole.running(Place(one)) and not any(moving(whole, Place(one), rule))}
    idle &= _leading_to(status, {(one, other) for one, other in roads if {one, other} <= rule.statuses})
    if not idle:
        return ""
    inside = {(one, other) for one, other in roads if {one, other} <= idle and one != other}
    stays = [_longest_stay(whole, one, rule) for one in idle]
    circles = any(one in _leading_to(one, inside) for one in idle)
    returned_to = any(other in idle and one in rule.statuses - idle for one, other in roads)
    if circles or returned_to or None in stays or sum(one or 0 for one in stays) >= length(whole.procedure, rule):
        return min(idle)
    return ""


def _leading_to(status: str, roads: set[tuple[str, str]]) -> set[str]:
    found: set[str] = set()
    waiting = [status]
    while waiting:
        goal = waiting.pop()
        new = {one for one, other in roads if other == goal} - found
        found |= new
        waiting += new
    return found


def _longest_stay(whole: Map, status: str, rule: LimitRule) -> int | None:
    """How many working days the case can be there at most, however much time is given; None when no other limit takes it on for sure."""
    place = Place(status)
    sure = [one for one in whole.running(place) if one is not rule and not one.guards and not one.started_by
            and any(not action.guards for action in moving(whole, place, one))]
    return min((length(whole.procedure, one) + 1 + (working_days(one.extendable.at_most) if one.extendable else 0) for one in sure),
               default=None)
