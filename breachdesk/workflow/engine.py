"""What an action does to a case: a pure function from facts to a decision. `casework.act` carries it out.

Nothing here reads a clock, a database or a file; the same facts always give the same decision.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from breachdesk.errors import Refused
from breachdesk.timekeeping.ledger import Extension, Pause
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.clocks import ClockChanges, clocks_after
from breachdesk.workflow.definition import Action, Procedure, Stops
from breachdesk.workflow.facts import Answers, CaseFacts, ExtensionFact, PauseFact
from breachdesk.workflow.guards import ANSWER_GUARDS, CASE_GUARDS, GUARDS, MOVES_WHEN, Moment
from breachdesk.workflow.machine import move


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from one action. `opened` and `closed` say whether the case begins or ends with it."""

    action: Action
    source: str
    target: str
    stage: str
    stage_changed: bool
    subject: int
    outcome: str
    clocks: ClockChanges
    stops: Stops | None
    resumes: tuple[int, ...]
    extension: ExtensionFact | None

    @property
    def moved(self) -> bool:
        return self.source != self.target

    @property
    def opened(self) -> bool:
        return bool(self.action.opens)

    @property
    def closed(self) -> bool:
        return self.stage == "ended" and self.moved


def decide(procedure: Procedure, facts: CaseFacts, action_name: str, answers: Answers, subject: int, today: date) -> Decision:
    """Say what an action does to the case. SUBJECT is the party it is for, or 0.

    Raises Refused, with every reason, when the procedure does not allow it.
    """
    action = procedure.actions.get(action_name)
    if action is None:
        raise Refused(f"The procedure “{procedure.title}” has no action “{action_name}”.")
    moment = Moment(facts, answers, subject, today)
    if reasons := _reasons(procedure, action, moment):
        raise Refused(*reasons)
    counted = _counting(facts, action, subject)
    settled = not action.moves_when or MOVES_WHEN[action.moves_when](Moment(counted, answers, subject, today))
    target = action.opens or move(procedure, facts.status, action.name, settled=settled)
    if target is None:
        raise Refused(_not_from_here(procedure, facts, action))
    return _decision(procedure, counted, moment, action, target)


def why_not(procedure: Procedure, facts: CaseFacts, action: Action, subject: int, today: date) -> tuple[str, ...]:
    """Why the action cannot be taken now, whoever asks; empty when it can."""
    if facts.status not in action.sources and not action.opens:
        return (_not_from_here(procedure, facts, action),)
    moment = Moment(facts, {}, subject, today)
    return _found(frozenset(CASE_GUARDS), action, moment) + _already(action, moment)


def _reasons(procedure: Procedure, action: Action, moment: Moment) -> tuple[str, ...]:
    if reasons := why_not(procedure, moment.facts, action, moment.subject, moment.today):
        return reasons
    if action.each and moment.facts.party(moment.subject) not in moment.facts.on(action.each):
        return (f"Say which organisation this is for: “{action.title}” is done by one at a time.",)
    return _found(frozenset(ANSWER_GUARDS), action, moment)


def _found(among: frozenset[str], action: Action, moment: Moment) -> tuple[str, ...]:
    return tuple(reason for name in action.guards if name in among and (reason := GUARDS[name](moment)))


def _already(action: Action, moment: Moment) -> tuple[str, ...]:
    """One party takes a step once in a stage; more time and a coordinator's entries are bounded by guards instead."""
    if not action.each or action.extends:
        return ()
    able = [party for party in moment.facts.on(action.each) if action.name not in party.taken]
    if not able or (moment.subject and moment.subject not in {party.id for party in able}):
        return ("This has been done already.",)
    return ()


def _not_from_here(procedure: Procedure, facts: CaseFacts, action: Action) -> str:
    here = procedure.statuses[facts.status].title
    places = [procedure.statuses[source].title for source in action.sources]
    if len(places) > 4:
        return f"This cannot be done while the case is at “{here}”."
    return f"This can be done only at {' or '.join(f'“{place}”' for place in places)}. The case is at “{here}”."


def _counting(facts: CaseFacts, action: Action, subject: int) -> CaseFacts:
    """The facts with this step already counted for the party that takes it."""
    if not subject:
        return facts
    parties = tuple(replace(party, taken=party.taken | {action.name}) if party.id == subject else party for party in facts.parties)
    return replace(facts, parties=parties)


def _decision(procedure: Procedure, facts: CaseFacts, moment: Moment, action: Action, target: str) -> Decision:
    source = "" if action.opens else facts.status
    before, after = procedure.statuses.get(source), procedure.statuses[target]
    moved = source != target
    stops = after.stops if moved else None
    resumes = _resumed(facts) if moved and before and before.stops else ()
    extension = _extension(action, moment)
    pauses = _pauses(facts, stops, resumes, moment.today)
    later = replace(facts, pauses=pauses, extensions=facts.extensions + ((extension,) if extension else ()))
    clocks = clocks_after(procedure, later, action, source, target, moment.subject, _day_zero(action, moment), moment.today)
    return Decision(action, source, target, after.stage, before is None or before.stage != after.stage, moment.subject,
                    action.outcome if moved else "", clocks, stops, resumes, extension)


def _day_zero(action: Action, moment: Moment) -> date:
    """The day from which limits started by this action count; never before the case was received."""
    given = moment.answers.get(action.counts_from) if action.counts_from else None
    return max(given, moment.facts.received_on) if isinstance(given, date) else moment.today


def _resumed(facts: CaseFacts) -> tuple[int, ...]:
    return tuple(one.id for one in facts.pauses if one.pause.to_on is None)


def _pauses(facts: CaseFacts, stops: Stops | None, resumes: tuple[int, ...], today: date) -> tuple[PauseFact, ...]:
    kept = tuple(replace(one, pause=replace(one.pause, to_on=today)) if one.id in resumes else one for one in facts.pauses)
    return kept + ((PauseFact(0, stops.limits, Pause(today, None, stops.because)),) if stops else ())


def _extension(action: Action, moment: Moment) -> ExtensionFact | None:
    if action.extends is None:
        return None
    days = moment.answers[action.extends.by]
    if not isinstance(days, int) or not 1 <= days <= action.extends.at_most.n:
        raise Refused(f"At most {action.extends.at_most} more can be given.")
    return ExtensionFact(action.extends.limit, moment.subject, Extension(WorkingDays(days), action.title))

