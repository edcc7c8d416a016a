"""Does a procedure file hang together? Every name that one part uses stands in another, and fits where it is used.

Whether a case can get stuck is asked in `model_checks`, which takes longer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from breachdesk.strict_yaml import Node, Reading, did_you_mean
from breachdesk.workflow.definition import CLOCK, DAYS_OF_THE_COMPLAINT, Action, Ask, LimitRule, Procedure
from breachdesk.workflow.names_used import Use, questions_needed, uses


def cross_check(reading: Reading, top: dict[str, Node], procedure: Procedure) -> None:
    """Note a fault for each name that leads nowhere or does not fit."""
    for use in uses(procedure):
        if use.name and use.name not in use.known:
            place = _where(top[use.part], use) or place_of(top[use.part], use.entry)
            reading.fault(place, f"{use.entry}: there is no {use.what} “{use.name}”{did_you_mean(use.name, use.known)}")
    for part, name, message in (*_beginnings(procedure), *_clock_rules(procedure), *_only_shown(procedure), *_endings(procedure),
                                *_misfits(procedure)):
        reading.fault(place_of(top[part], name), f"{name}: {message}")


def place_of(part: Node, name: str) -> Node:
    """Where an entry of a part of the file stands; the part itself, when there is no such entry."""
    return part.keys.get(name, part)


def _where(part: Node, use: Use) -> Node | None:
    """Where the name stands, under the word of the entry that holds it."""
    entry = part.value.get(use.entry) if isinstance(part.value, dict) else None
    held = entry.value if entry and isinstance(entry.value, dict) else {}
    return _found(held[use.word], use.name) if use.word in held else None


def _found(node: Node, name: str) -> Node | None:
    if isinstance(node.value, str):
        return node if node.value == name or f"{{{name}}}" in node.value else None
    if isinstance(node.value, dict) and name in node.keys:
        return node.keys[name]
    inner = node.value.values() if isinstance(node.value, dict) else node.value
    return next((found for one in inner if (found := _found(one, name))), None)


def _beginnings(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    begins = [action for action in procedure.actions.values() if action.opens]
    if len(begins) != 1:
        yield "actions", next(iter(procedure.actions), "actions"), f"exactly one action opens a case; here {len(begins)} do"


def _clock_rules(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """What the clock is to do at a limit is an action of the clock, for the same side, that asks nothing."""
    for limit in procedure.limits.values():
        for name in limit.then:
            action = procedure.actions.get(name)
            if action and CLOCK not in action.by:
                yield "limits", limit.name, f"“{name}” is not an action of the clock (by: [clock])"
            if action and action.each and action.each != limit.each:
                yield "limits", limit.name, f"“{name}” is taken for each {action.each}, so this limit needs “each: {action.each}” too"
    for action in procedure.actions.values():
        asked = [ask.name for ask in action.asks if ask.required and ask.when is None and ask.asked_of(frozenset({CLOCK}))]
        if CLOCK in action.by and asked:
            yield "actions", action.name, f"the clock cannot answer “{asked[0]}”: make it optional, or ask it of people (by: …)"


def _only_shown(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """What is only shown has no timer: it reminds nobody, nothing meets it, and its day is counted from what the complaint says."""
    for limit in (one for one in procedure.limits.values() if one.only_shown):
        timed = {"remind": limit.rungs, "met by": limit.met_by, "then": limit.then, "started by": limit.started_by, "after": limit.after,
                 "may be extended": limit.extendable}
        if said := [f"“{word}”" for word, value in timed.items() if value]:
            yield "limits", limit.name, f"“only shown” has no timer, so {', '.join(said)} would do nothing: leave out one or the other"
        if limit.counts_from not in DAYS_OF_THE_COMPLAINT:
            yield "limits", limit.name, f"“only shown” needs a “counts from”: {' or '.join(DAYS_OF_THE_COMPLAINT)}"


def _endings(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    for action in procedure.actions.values():
        ends = any(one in procedure.statuses and procedure.statuses[one].final for one in action.targets)
        begins_there = all(one in procedure.statuses and procedure.statuses[one].final for one in action.sources)
        if ends and not action.outcome and not begins_there:
            yield "actions", action.name, "it ends the case and must say with which outcome"


def _misfits(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    """Names that stand in the right list and still do not fit the place where they are used."""
    for action in procedure.actions.values():
        yield from (("actions", action.name, message) for message in _misfits_of(action))
    before: dict[str, LimitRule] = {}
    for limit in procedure.limits.values():
        first = before.get(limit.after)
        if limit.after in procedure.limits and (first is None or first.each != limit.each):
            yield "limits", limit.name, f"it begins after “{limit.after}”, which must stand before it and be for the same side (each)"
        before[limit.name] = limit


def _misfits_of(action: Action) -> Iterator[str]:
    asked = {ask.name: ask for ask in action.asks}
    for name, types, entry in questions_needed(action):
        if name in asked and asked[name].type not in ("", *types):
            yield f"“{entry}” needs a question of the type {' or '.join(types)}; “{name}” is a {asked[name].type}"
    if action.moves_when and not action.each:
        yield "“moves when” counts who has taken the step, so it needs “each”"
    yield from (message for ask in action.asks if (message := _never_asked(ask, asked)))


def _never_asked(ask: Ask, asked: Mapping[str, Ask]) -> str:
    """Why the question's `when` can never come true; "" when it can."""
    if ask.when is None or ask.when[0] not in asked:
        return ""
    name, wanted = ask.when
    if list(asked).index(name) >= list(asked).index(ask.name):
        return f"“{ask.name}” depends on “{name}”, which must stand before it"
    answers = asked[name].choices or ({"yes": "", "no": ""} if asked[name].type in ("yes or no", "confirmation") else {})
    if answers and wanted not in ("", *answers):
        return f"“{ask.name}” depends on the answer “{wanted}”, which “{name}” does not have"
    return ""
