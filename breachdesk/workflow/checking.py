"""Does a procedure file hang together? Every name that one part uses stands in another, and fits where it is used.

Whether a case can get stuck is asked in `model_checks`, which takes longer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from breachdesk.strict_yaml import Node, Reading, did_you_mean
from breachdesk.workflow.definition import CLOCK, SUBJECTS, Action, Ask, LimitRule, Procedure
from breachdesk.workflow.wording import words_in

_ALWAYS = ("complainant", "respondent", "reference")
Use = tuple[str, str, str, Collection[str], str]
_RECIPIENTS = ("complainant", "respondent", "coordinator", "critical_friend", "panel_member", "steering_group", "stand_in", "subject")


def cross_check(reading: Reading, top: dict[str, Node], procedure: Procedure) -> None:
    """Note a fault for each name that leads nowhere or does not fit."""
    for part, name, used, known, what in _uses(procedure):
        if used and used not in known:
            reading.fault(place_of(top[part], name), f"{name}: there is no {what} “{used}”{did_you_mean(used, known)}")
    for part, name, message in (*_beginnings(procedure), *_clock_rules(procedure), *_endings(procedure), *_misfits(procedure)):
        reading.fault(place_of(top[part], name), f"{name}: {message}")


def place_of(part: Node, name: str) -> Node:
    """Where an entry of a part of the file stands; the part itself, when there is no such entry."""
    return part.keys.get(name, part)


def _uses(procedure: Procedure) -> Iterator[Use]:
    """(part, entry, the name it uses, the names there are, what it should be)"""
    yield from _status_uses(procedure)
    for action in procedure.actions.values():
        yield from _action_uses(procedure, action)
    yield from _limit_uses(procedure)
    words = {*_ALWAYS, *procedure.limits}
    for notice in procedure.notices.values():
        yield from (("notices", notice.name, role, _RECIPIENTS, "recipient") for role in notice.to)
        yield from (("notices", notice.name, word, words, "word to fill in") for word in words_in(notice.subject + notice.says))


def _status_uses(procedure: Procedure) -> Iterator[Use]:
    words = {*_ALWAYS, *procedure.limits}
    for status in procedure.statuses.values():
        yield "statuses", status.name, status.stage, procedure.stages, "stage"
        yield "statuses", status.name, status.seen_as, procedure.seen_as, "entry in “seen as”"
        yield from (("statuses", status.name, role, procedure.roles, "role") for role in status.waits_for)
        yield from (("statuses", status.name, word, words, "word to fill in") for word in words_in(status.says))
        yield from (("statuses", status.name, one, procedure.limits, "limit") for one in (status.stops.limits if status.stops else ()))


def _action_uses(procedure: Procedure, action: Action) -> Iterator[Use]:
    asked = {ask.name: ask for ask in action.asks}
    yield from (("actions", action.name, one, procedure.statuses, "status") for one in (*action.sources, action.target, action.opens))
    yield from (("actions", action.name, role, procedure.roles, "role") for role in action.by)
    yield from (("actions", action.name, one, procedure.notices, "notice") for one in action.tells)
    yield "actions", action.name, action.outcome, procedure.outcomes, "outcome"
    yield "actions", action.name, action.counts_from, asked, "question"
    yield from (("actions", action.name, one, procedure.statuses, "status") for one, _ in action.target_if)
    effects = action.effects
    yield from (("actions", action.name, one.role, procedure.roles, "role") for one in (effects.appoints, effects.releases) if one)
    yield from (("actions", action.name, one, asked, "question") for one, _, _ in _questions_needed(action))
    if action.extends:
        yield "actions", action.name, action.extends.limit, (*procedure.limits, *asked), "limit or question"
    names = {one.stops.name for one in procedure.actions.values() if one.stops and one.stops.name}
    yield from (("actions", action.name, one, names, "pause (stops: {as: …})") for one in action.resumes)
    yield from (("actions", action.name, one, procedure.limits, "limit") for one in (action.stops.limits if action.stops else ()))
    words = {*_ALWAYS, *procedure.limits}
    said = [action.title, action.help, action.button]
    said += [text for ask in action.asks for text in (ask.label, ask.hint, *ask.choices.values())]
    yield from (("actions", action.name, word, words, "word to fill in") for text in said for word in words_in(text))
    for ask in action.asks:
        yield "actions", action.name, ask.not_before, asked, "question"
        yield "actions", action.name, ask.when[0] if ask.when else "", asked, "question"
        yield "actions", action.name, ask.holding, procedure.roles, "role"
        yield from (("actions", action.name, role, procedure.roles, "role") for role in ask.by)


def _questions_needed(action: Action) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """(a question that the action's effects rely on, the types it can have, the entry that relies on it); "" stands for none."""
    effects = action.effects
    yield action.counts_from, ("date",), "counts from"
    if action.extends:
        yield action.extends.by, ("number",), "extends"
    if action.stops:
        yield action.stops.review, ("date",), "stops"
    if effects.appoints:
        yield from ((name, ("person", "people"), "appoints") for name in (*effects.appoints.answers, effects.appoints.chair))
    if effects.releases:
        yield effects.releases.who, ("person",), "releases"
    if effects.decides:
        yield effects.decides.but, ("allegations",), "decides"
    if effects.adds_remedy:
        remedy = effects.adds_remedy
        yield from ((remedy.what, ("line", "text"), "adds remedy"), (remedy.kind, ("choice",), "adds remedy"),
                    (remedy.owner, ("party",), "adds remedy"), (remedy.due_on, ("date",), "adds remedy"))
    if effects.settles_remedy:
        yield effects.settles_remedy.remedy, ("remedy",), "settles remedy"
    if effects.links:
        yield effects.links.case, ("case",), "links"
    if effects.represents:
        yield effects.represents.by, ("organisation",), "represented by"
        yield effects.represents.consent_on, ("date",), "represented by"
    yield from ((effects.position, ("choice",), "position"), (effects.splits, ("allegations",), "splits"),
                (effects.succeeded_by, ("organisation",), "succeeded by"))


def _limit_uses(procedure: Procedure) -> Iterator[Use]:
    words = {*_ALWAYS, *procedure.limits}
    for limit in procedure.limits.values():
        yield from (("limits", limit.name, word, words, "word to fill in") for word in words_in(limit.title))
        yield from (("limits", limit.name, one, procedure.statuses, "status") for one in limit.statuses)
        yield from (("limits", limit.name, one, procedure.actions, "action") for one in (*limit.met_by, *limit.then))
        yield from (("limits", limit.name, one, procedure.notices, "notice") for rung in limit.rungs for one in rung.tells)
        yield from (("limits", limit.name, one, procedure.actions, "action") for one in limit.started_by)
        yield "limits", limit.name, limit.after, procedure.limits, "limit"
        yield "limits", limit.name, limit.each, SUBJECTS, "side"
        dates = {ask.name for action in procedure.actions.values() for ask in action.asks if ask.type == "date"}
        yield from (("limits", limit.name, one, dates, "question for a date") for one in (limit.due_on, limit.counts_from))


def _beginnings(procedure: Procedure) -> Iterator[tuple[str, str, str]]:
    begins = [action for action in procedure.actions.values() if action.opens]
    if len(begins) != 1:
        yield "actions", next(iter(procedure.actions), ""), f"exactly one action opens a case; here {len(begins)} do"


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
    for name, types, entry in _questions_needed(action):
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
