"""What an action does to a case beside moving it and its limits: people, allegations, remedies, other cases. Part of `engine`; pure.

A procedure file names the effects (`effects`); here they meet the answers and become values that `casework` writes down.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from breachdesk.errors import Refused
from breachdesk.timekeeping.ledger import Ledger, due_on
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.definition import Action, Procedure
from breachdesk.workflow.effects import NOTHING, AddsRemedy
from breachdesk.workflow.facts import Allegation, Answer, Appointment, CaseFacts, Link, Organisation, Party, Remedy
from breachdesk.workflow.guards import OBJECTION_WAITS
from breachdesk.workflow.interests import interests_of, stakes_of


@dataclass(frozen=True, slots=True)
class Represented:
    """A party, the organisation that acts for it from now on, and the day on which the party agreed to that."""

    party: int
    organisation: Organisation
    since: date


@dataclass(frozen=True, slots=True)
class Succeeded:
    """A party whose place another organisation takes; `since` is the day, where the step asks for one."""

    party: int
    organisation: Organisation
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Consequences:
    """Everything that an action does to what a case holds. `interested` is an account, `left` a party; 0 for none.

    `objected`: the accounts of those who leave because an objection to them is agreed to.
    """

    appointed: tuple[Appointment, ...] = ()
    released: tuple[Appointment, ...] = ()
    interested: int = 0
    objected: tuple[int, ...] = ()
    decided: tuple[tuple[int, bool], ...] = ()
    positions: tuple[tuple[int, str], ...] = ()
    added: Remedy | None = None
    settled: Remedy | None = None
    linked: Link | None = None
    split: tuple[int, ...] = ()
    represented: Represented | None = None
    succeeded: Succeeded | None = None
    left: int = 0

    @property
    def remedy(self) -> int:
        """The number of the remedy that the action is about, or 0."""
        about = self.added or self.settled
        return about.number if about else 0


NONE = Consequences()


def consequences_of(procedure: Procedure, action: Action, attempt: Attempt) -> Consequences:
    """What the action does to what the case holds. Raises Refused, in words, when its answers cannot be meant so."""
    if action.effects is NOTHING or action.effects == NOTHING:
        return NONE
    effects = action.effects
    return Consequences(
        appointed=_appointed(action, attempt), released=_released(action, attempt),
        interested=_interested(action, attempt), objected=_objected(action, attempt), decided=_decided(action, attempt),
        positions=_positions(action, attempt),
        added=_added(procedure, effects.adds_remedy, attempt) if effects.adds_remedy else None, settled=_settled(action, attempt),
        linked=_linked(action, attempt), split=_split(effects.splits, attempt),
        represented=_represented(action, attempt), succeeded=_succeeded(action, attempt),
        # The last of a side does not leave: the case ends with it, and is still its own.
        left=attempt.subject if effects.leaves and _others_stay(attempt) else 0)


def facts_after(facts: CaseFacts, done: Consequences) -> CaseFacts:
    """The case as it is once the consequences hold: what guards of a turning and limits look at."""
    if done is NONE or done == NONE:
        return facts
    return replace(
        facts, parties=tuple(_party_after(party, done) for party in facts.parties),
        appointments=(*(replace(one, ended=one.ended or one in done.released) for one in facts.appointments), *done.appointed),
        allegations=tuple(_allegation_after(one, done) for one in facts.allegations),
        remedies=(*(done.settled if done.settled and one.number == done.settled.number else one for one in facts.remedies),
                  *((done.added,) if done.added else ())),
        links=facts.links + ((done.linked,) if done.linked else ()),
        interested=facts.interested | {*done.objected, *([done.interested] if done.interested else ())},
        objected=facts.objected | frozenset(done.objected))


def _party_after(party: Party, done: Consequences) -> Party:
    if done.left == party.id:
        return replace(party, left=True)
    if done.represented and done.represented.party == party.id:
        return replace(party, represented_by=done.represented.organisation.id)
    if done.succeeded and done.succeeded.party == party.id:
        successor = done.succeeded.organisation
        return replace(party, organisation_id=successor.id, name=successor.name, sector=successor.sector)
    return party


def _allegation_after(one: Allegation, done: Consequences) -> Allegation:
    admissible = next((admitted for number, admitted in done.decided if number == one.id), one.admissible)
    position = next((given for number, given in done.positions if number == one.id), one.position)
    ending = "split" if one.id in done.split else "inadmissible" if one.open and admissible is False else one.ending
    return replace(one, admissible=admissible, position=position, ending=ending)


def listed_answer(answer: Answer | None) -> tuple[str, ...]:
    """The answer to a question that takes one or several, as several."""
    return (answer,) if isinstance(answer, str) else answer if isinstance(answer, tuple) else ()


def _day(answer: Answer | None) -> date | None:
    return answer if isinstance(answer, date) else None


def _appointed(action: Action, attempt: Attempt) -> tuple[Appointment, ...]:
    rule = action.effects.appoints
    if rule is None:
        return ()
    named = [one for name in rule.answers for one in attempt.named(name)]
    if barred := [f"{one.name} {interest.says}" for one in named for interest in interests_of(one, stakes_of(attempt.facts), rule.role)
                  if interest.bars]:
        raise Refused(f"{'; '.join(barred)}. Choose somebody else.")
    chair = {one.account_id for one in attempt.named(rule.chair)} if rule.chair else set()
    serving = {one.account_id for one in attempt.facts.serving(rule.role)}
    if attempt.actor.account_id in {one.account_id for one in named} - serving:
        raise Refused("Nobody names themselves to a part in a case. Choose somebody else, or ask another coordinator to name you.")
    known = [one.name for one in named if one.account_id in serving]
    if known and not _names_all(action):
        raise Refused(f"{', '.join(known)} has this role in the case already. Choose somebody else.")
    return tuple(Appointment(one.account_id, rule.role, one.account_id in chair) for one in named)


def _names_all(action: Action) -> bool:
    """A question for people names all who have the role from now on; one for a person adds one to those who have it."""
    rule = action.effects.appoints
    return rule is not None and any(ask.type == "people" and ask.name in rule.answers for ask in action.asks)


def _released(action: Action, attempt: Attempt) -> tuple[Appointment, ...]:
    appoints, releases = action.effects.appoints, action.effects.releases
    found = list(attempt.facts.serving(appoints.role)) if appoints and _names_all(action) else []
    if releases:
        serving = attempt.facts.serving(releases.role)
        named = {one.account_id for one in attempt.named(releases.who)} if releases.who else set()
        if releases.who and not named:
            # Whoever steps down is not asked who it is.
            named = {attempt.actor.account_id}
        found += [one for one in serving if not releases.who or one.account_id in named]
    return tuple(found)


def _interested(action: Action, attempt: Attempt) -> int:
    if not action.effects.declares_interest:
        return 0
    told = [one for ask in action.asks if ask.type == "person" and ask.serving for one in attempt.named(ask.name)]
    account = told[0].account_id if told else max(attempt.actor.account_id, 0)
    return 0 if account in attempt.facts.interested else account


def _objected(action: Action, attempt: Attempt) -> tuple[int, ...]:
    """Whom a step releases that can only be taken while an objection waits: it agrees with the objection, and that excludes them."""
    if action.effects.releases is None or OBJECTION_WAITS.isdisjoint(action.guards):
        return ()
    return tuple({one.account_id for one in _released(action, attempt)} - attempt.facts.interested)


def _decided(action: Action, attempt: Attempt) -> tuple[tuple[int, bool], ...]:
    rule = action.effects.decides
    if rule is None:
        return ()
    but = {int(one) for one in listed_answer(attempt.answers.get(rule.but))} if rule.but else set()
    waiting = [one.id for one in attempt.facts.allegations if one.open and one.admissible is None]
    if waiting and but.issuperset(waiting):
        raise Refused("You have made an exception of everything. Decide it the other way round instead.")
    return tuple((one, rule.admissible != (one in but)) for one in waiting)


def _positions(action: Action, attempt: Attempt) -> tuple[tuple[int, str], ...]:
    name = action.effects.position
    ask = next((one for one in action.asks if one.name == name), None)
    if ask is None:
        return ()
    given = ((one.id, attempt.answers.get(each_name(name, one.id) if ask.for_each else name))
             for one in asked_about(attempt.facts, attempt.subject))
    return tuple((number, answer) for number, answer in given if isinstance(answer, str))


def each_name(name: str, allegation: int) -> str:
    """The name under which a question that is asked for each allegation stands in a form."""
    return f"{name}-{allegation}"


def asked_about(facts: CaseFacts, subject: int) -> Iterator[Allegation]:
    """The allegations that a question for each of them is about: the open ones against the step's party, or all of them."""
    against = {party.id for party in facts.on("respondent")}
    return (one for one in facts.allegations if one.open and (subject not in against or one.party == subject))


def _added(procedure: Procedure, rule: AddsRemedy, attempt: Attempt) -> Remedy | None:
    answers = attempt.answers
    if not answers.get(rule.what):
        return None
    owner = attempt.facts.party(_number(answers.get(rule.owner)))
    if owner is None:
        raise Refused("Say which organisation has agreed to do it.")
    number = max((one.number for one in attempt.facts.remedies), default=0) + 1
    limit = next((one for one in procedure.limits.values() if one.each == "remedy" and one.due_on == rule.due_on), None)
    usual = due_on(Ledger(attempt.today, limit.lasts), attempt.facts.calendar) if limit else None
    return Remedy(number, str(answers.get(rule.kind, "")), owner.id, _day(answers.get(rule.due_on)) or usual)


def _settled(action: Action, attempt: Attempt) -> Remedy | None:
    rule = action.effects.settles_remedy
    if rule is None or not attempt.answers.get(rule.remedy):
        return None
    remedy = attempt.facts.remedy(_number(attempt.answers[rule.remedy]))
    if remedy is None or not remedy.open:
        raise Refused("There is no such remedy in this case that is still waited for.")
    return replace(remedy, state=rule.state)


def _number(answer: Answer | None) -> int:
    return int(answer) if isinstance(answer, str) and answer.isdecimal() else 0


def _linked(action: Action, attempt: Attempt) -> Link | None:
    rule = action.effects.links
    reference = attempt.answers.get(rule.case) if rule else None
    if rule is None or not isinstance(reference, str):
        return None
    if reference == attempt.facts.reference:
        raise Refused("A case cannot be linked with itself. Give the other case's reference.")
    if any((one.reference, one.kind) == (reference, rule.kind) for one in attempt.facts.links):
        raise Refused(f"The two cases are linked in this way already: {reference}.")
    return Link(reference, rule.kind)


def _split(question: str, attempt: Attempt) -> tuple[int, ...]:
    chosen = tuple(_number(one) for one in listed_answer(attempt.answers.get(question))) if question else ()
    if chosen and all(one.id in chosen for one in attempt.facts.allegations if one.open):
        raise Refused("At least one allegation stays in this case. Choose fewer.")
    return chosen


def _represented(action: Action, attempt: Attempt) -> Represented | None:
    rule = action.effects.represents
    organisation = _newcomer(rule.by, attempt) if rule else None
    if rule is None or organisation is None:
        return None
    return Represented(attempt.subject, organisation, _day(attempt.answers.get(rule.consent_on)) or attempt.today)


def _succeeded(action: Action, attempt: Attempt) -> Succeeded | None:
    organisation = _newcomer(action.effects.succeeded_by, attempt) if action.effects.succeeded_by else None
    days = [answer for ask in action.asks if ask.type == "date" and isinstance(answer := attempt.answers.get(ask.name), date)]
    return Succeeded(attempt.subject, organisation, days[0] if len(days) == 1 else None) if organisation else None


def _others_stay(attempt: Attempt) -> bool:
    side = attempt.facts.party(attempt.subject)
    return side is not None and len(attempt.facts.on(side.side)) > 1


def _newcomer(question: str, attempt: Attempt) -> Organisation | None:
    """The organisation that an answer names, which must not be a side in the case already."""
    found = attempt.facts.organisations.get(str(attempt.answers.get(question)))
    if found and any(found.id == party.organisation_id for party in attempt.facts.parties):
        raise Refused(f"{found.name} is a side in this case already. Choose another organisation.")
    return found
