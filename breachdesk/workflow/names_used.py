"""Every name that one part of a procedure takes from another, and the words of the file under which it stands. Part of `checking`."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from breachdesk.workflow.definition import SUBJECTS, Action, LimitRule, Notice, Procedure, Status
from breachdesk.workflow.wording import words_in

_ALWAYS = ("complainant", "respondent", "reference")
_RECIPIENTS = ("complainant", "respondent", "coordinator", "critical_friend", "panel_member", "steering_group", "stand_in", "subject")


@dataclass(frozen=True, slots=True)
class Use:
    """A name that an entry of a part uses, the word of the entry that holds it, the names that there are, and what it should be."""

    part: str
    entry: str
    word: str
    name: str
    known: Collection[str]
    what: str


def uses(procedure: Procedure) -> Iterator[Use]:
    """Every use of a name; an empty name is none."""
    to_fill_in = {*_ALWAYS, *procedure.limits}
    for status in procedure.statuses.values():
        yield from _all("statuses", status.name, _of_status(procedure, status, to_fill_in))
    for action in procedure.actions.values():
        yield from _all("actions", action.name, (*_of_action(procedure, action, to_fill_in), *_of_effects(procedure, action)))
    for limit in procedure.limits.values():
        yield from _all("limits", limit.name, _of_limit(procedure, limit, to_fill_in))
    for notice in procedure.notices.values():
        yield from _all("notices", notice.name, _of_notice(notice, to_fill_in))


# (the word that holds them, the names, those that there are, what they should be)
_Uses = tuple[str, Iterable[str], Collection[str], str]


def _all(part: str, entry: str, found: Iterable[_Uses]) -> Iterator[Use]:
    for word, names, known, what in found:
        yield from (Use(part, entry, word, name, known, what) for name in names)


def _of_status(procedure: Procedure, status: Status, to_fill_in: Collection[str]) -> Iterator[_Uses]:
    yield "stage", [status.stage], procedure.stages, "stage"
    yield "seen as", [status.seen_as], procedure.seen_as, "entry in “seen as”"
    yield "waits for", status.waits_for, procedure.roles, "role"
    yield "says", words_in(status.says), to_fill_in, "word to fill in"
    yield "stops", status.stops.limits if status.stops else (), procedure.limits, "limit"


def _of_action(procedure: Procedure, action: Action, to_fill_in: Collection[str]) -> Iterator[_Uses]:
    asked = {ask.name: ask for ask in action.asks}
    yield "from", action.sources, procedure.statuses, "status"
    yield "to", [action.target], procedure.statuses, "status"
    yield "opens", [action.opens], procedure.statuses, "status"
    yield "to if", [status for status, _ in action.target_if], procedure.statuses, "status"
    yield "by", action.by, procedure.roles, "role"
    yield "tells", action.tells, procedure.notices, "notice"
    yield "outcome", [action.outcome], procedure.outcomes, "outcome"
    for word, text in (("title", action.title), ("help", action.help), ("button", action.button)):
        yield word, words_in(text), to_fill_in, "word to fill in"
    for ask in action.asks:
        said = "".join((ask.label, ask.hint, *ask.choices.values()))
        yield "asks", words_in(said), to_fill_in, "word to fill in"
        yield "asks", [ask.not_before, ask.when[0] if ask.when else ""], asked, "question"
        yield "asks", [ask.holding, *ask.by], procedure.roles, "role"


def _of_effects(procedure: Procedure, action: Action) -> Iterator[_Uses]:
    asked = [ask.name for ask in action.asks]
    for name, _, word in questions_needed(action):
        yield word, [name], asked, "question"
    if action.extends:
        yield "extends", [action.extends.limit], (*procedure.limits, *asked), "limit or question"
    pauses = {one.stops.name for one in procedure.actions.values() if one.stops and one.stops.name}
    yield "resumes", action.resumes, pauses, "pause (stops: {as: …})"
    yield "stops", action.stops.limits if action.stops else (), procedure.limits, "limit"
    yield "appoints", [action.effects.appoints.role] if action.effects.appoints else (), procedure.roles, "role"
    yield "releases", [action.effects.releases.role] if action.effects.releases else (), procedure.roles, "role"


def questions_needed(action: Action) -> Iterator[tuple[str, tuple[str, ...], str]]:
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


def _of_limit(procedure: Procedure, limit: LimitRule, to_fill_in: Collection[str]) -> Iterator[_Uses]:
    yield "title", words_in(limit.title), to_fill_in, "word to fill in"
    yield "while", limit.statuses, procedure.statuses, "status"
    yield "met by", limit.met_by, procedure.actions, "action"
    yield "then", limit.then, procedure.actions, "action"
    yield "started by", limit.started_by, procedure.actions, "action"
    yield "remind", [name for rung in limit.rungs for name in rung.tells], procedure.notices, "notice"
    yield "after", [limit.after], procedure.limits, "limit"
    yield "each", [limit.each], SUBJECTS, "side"
    dates = {ask.name for action in procedure.actions.values() for ask in action.asks if ask.type == "date"}
    yield "due on", [limit.due_on], dates, "question for a date"
    yield "counts from", [limit.counts_from], dates, "question for a date"


def _of_notice(notice: Notice, to_fill_in: Collection[str]) -> Iterator[_Uses]:
    yield "to", notice.to, _RECIPIENTS, "recipient"
    yield "subject", words_in(notice.subject), to_fill_in, "word to fill in"
    yield "says", words_in(notice.says), to_fill_in, "word to fill in"
