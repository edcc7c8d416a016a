"""Is every message told to somebody, with every word that it needs, and is every letter there? Part of `model_checks`."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from breachdesk.workflow.definition import Action, LimitRule, Notice, Procedure
from breachdesk.workflow.wording import words_in


def message_faults(procedure: Procedure, letters: Collection[str]) -> Iterator[tuple[str, str, str]]:
    """(part, entry, what is wrong) for messages and letters. LETTERS are the names of those that there are."""
    told = {name for action in procedure.actions.values() for name in action.tells}
    told |= {name for limit in procedure.limits.values() for rung in limit.rungs for name in rung.tells}
    yield from (("notices", name, "nobody is ever told this: name it in an action's or a reminder's “tells”")
                for name in procedure.notices if name not in told)
    for action in procedure.actions.values():
        if action.letter and action.letter not in letters:
            yield "actions", action.name, f"there is no letter “{action.letter}”; there is: {', '.join(sorted(letters)) or 'none'}"
        yield from (("actions", action.name, fault) for fault in _held_back_by(procedure, action))
    for limit in procedure.limits.values():
        yield from (("limits", limit.name, fault) for fault in _held_back_at(procedure, limit))


def _held_back_by(procedure: Procedure, action: Action) -> Iterator[str]:
    """What an action tells and cannot be told there: to nobody, or with a day of a limit that does not run then."""
    places = set(action.targets or (action.opens,)) - {""} or set(action.sources)
    if action.moves_when:
        places.update(action.sources)
    for notice in (procedure.notices[name] for name in action.tells):
        if "subject" in notice.to and not action.each:
            yield f"“{notice.name}” goes to the party of the step, so it needs “each”"
        yield from _unfilled(procedure, notice, places)


def _held_back_at(procedure: Procedure, limit: LimitRule) -> Iterator[str]:
    for notice in (procedure.notices[name] for name in dict.fromkeys(name for rung in limit.rungs for name in rung.tells)):
        if "subject" in notice.to and not limit.each:
            yield f"“{notice.name}” goes to the party whose limit it is, so it needs “each”"
        yield from _unfilled(procedure, notice, limit.statuses)


def _unfilled(procedure: Procedure, notice: Notice, places: Collection[str]) -> Iterator[str]:
    for word in dict.fromkeys(words_in(notice.subject + notice.says)):
        limit = procedure.limits.get(word)
        if limit and limit.only_shown:
            yield f"“{notice.name}” says {{{word}}}, which is only shown on pages: the message would be held back"
        elif limit and (missing := sorted(set(places) - limit.statuses)):
            where = procedure.statuses[missing[0]].title
            yield f"“{notice.name}” says {{{word}}}, which has no day at “{where}”: the message would be held back"
