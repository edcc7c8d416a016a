"""What an action does to a case: a pure function from facts to a decision. `casework.act` carries it out.

Nothing here reads a clock, a database or a file; the same facts always give the same decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from breachdesk.errors import Refused
from breachdesk.identity import NOBODY, Actor
from breachdesk.timekeeping.ledger import Extension, Pause
from breachdesk.timekeeping.limits import WorkingDays
from breachdesk.workflow.clocks import ClockChanges, clocks_after
from breachdesk.workflow.consequences import NONE, Consequences, consequences_of, facts_after
from breachdesk.workflow.definition import Action, Procedure, Status, Stops
from breachdesk.workflow.facts import Answers, CaseFacts, ExtensionFact, PauseFact
from breachdesk.workflow.guards import ANSWER_GUARDS, CASE_GUARDS, MOVES_WHEN, Guard, Moment
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
    does: Consequences = NONE

    @property
    def moved(self) -> bool:
        return self.source != self.target

    @property
    def opened(self) -> bool:
        return bool(self.action.opens)

    @property
    def closed(self) -> bool:
        return self.stage == "ended" and self.moved


def decide(procedure: Procedure, facts: CaseFacts, action_name: str, answers: Answers, subject: int, today: date,
           actor: Actor = NOBODY) -> Decision:
    """Say what an action does to the case. SUBJECT is the party it is for, or 0; ACTOR is who takes it, nobody for the clock.

    Raises Refused, with every reason, when the procedure does not allow it.
    """
    action = procedure.actions.get(action_name)
    if action is None:
        raise Refused(f"The procedure “{procedure.title}” has no action “{action_name}”.")
    moment = Moment(facts, answers, subject, today, action.name, actor)
    if reasons := _reasons(procedure, action, moment):
        raise Refused(*reasons)
    settled = not action.moves_when or MOVES_WHEN[action.moves_when](moment)
    target = action.opens or move(procedure, facts.status, action.name, settled=settled)
    if target is None:
        raise Refused(_not_from_here(procedure, facts, action))
    return _decision(procedure, moment, action, target)


def why_not(procedure: Procedure, facts: CaseFacts, action: Action, subject: int, today: date, actor: Actor = NOBODY) -> tuple[str, ...]:
    """Why the action cannot be taken now, whoever asks; empty when it can."""
    if action.opens and facts.sequence:
        return (f"The case {facts.reference} has begun already. A new complaint is a case of its own.",)
    if facts.status not in action.sources and not action.opens:
        return (_not_from_here(procedure, facts, action),)
    moment = Moment(facts, {}, subject, today, actor=actor)
    return _found(CASE_GUARDS, action, moment) + _of_each(action, moment)


def _reasons(procedure: Procedure, action: Action, moment: Moment) -> tuple[str, ...]:
    if reasons := why_not(procedure, moment.facts, action, moment.subject, moment.today, moment.actor):
        return reasons
    if action.each and not moment.subject:
        return (_say_which(action),)
    return _found(ANSWER_GUARDS, action, moment)


def _found(among: Mapping[str, Guard], action: Action, moment: Moment) -> tuple[str, ...]:
    return tuple(reason for name in action.guards if name in among and (reason := among[name](moment)))


def _of_each(action: Action, moment: Moment) -> tuple[str, ...]:
    """One party takes a step once in a stage; more time and a coordinator's entries are bounded by guards instead."""
    if not action.each:
        return ()
    able = [party for party in moment.facts.on(action.each) if moment.subject in (0, party.id)]
    if moment.subject and not able:
        return (_say_which(action),)
    if not action.extends and all(action.name in party.taken for party in able):
        return ("This has been done already.",)
    return ()


def _say_which(action: Action) -> str:
    return f"Say which organisation this is for: “{action.title}” is done by one at a time."


def _not_from_here(procedure: Procedure, facts: CaseFacts, action: Action) -> str:
    if not facts.status:
        return "There is no case yet: it begins with the complaint."
    here = procedure.statuses[facts.status].title
    places = [procedure.statuses[source].title for source in action.sources]
    if len(places) > 4:
        return f"This cannot be done while the case is at “{here}”."
    return f"This can be done only at {' or '.join(f'“{place}”' for place in places)}. The case is at “{here}”."


def _decision(procedure: Procedure, moment: Moment, action: Action, target: str) -> Decision:
    facts = moment.facts
    source = "" if action.opens else facts.status
    before, after = procedure.statuses.get(source), procedure.statuses[target]
    moved = source != target
    stops = after.stops if moved else None
    resumes = _resumed(facts, before) if moved and before else ()
    extension = _extension(procedure, action, moment)
    does = consequences_of(procedure, action, moment)
    later = facts_after(facts, does)
    if stops or resumes or extension:
        later = replace(later, pauses=_pauses(facts, stops, resumes, moment.today),
                        extensions=facts.extensions + ((extension,) if extension else ()))
    clocks = clocks_after(procedure, later, action, source, target, moment.subject, _day_zero(action, moment), moment.today)
    return Decision(action, source, target, after.stage, before is None or before.stage != after.stage, moment.subject,
                    action.outcome if moved else "", clocks, stops, resumes, extension, does)


def _day_zero(action: Action, moment: Moment) -> date:
    """The day from which limits started by this action count; never before the case was received."""
    given = moment.answers.get(action.counts_from) if action.counts_from else None
    return max(given, moment.facts.received_on) if isinstance(given, date) else moment.today


def _resumed(facts: CaseFacts, left: Status) -> tuple[int, ...]:
    """The pauses that the status opened when the case came there. One that somebody agreed on goes on."""
    return tuple(one.id for one in facts.pauses if one.pause.to_on is None and left.stops is not None
                 and (one.limits, one.pause.reason) == (left.stops.limits, left.stops.because))


def _pauses(facts: CaseFacts, stops: Stops | None, resumes: tuple[int, ...], today: date) -> tuple[PauseFact, ...]:
    kept = tuple(replace(one, pause=replace(one.pause, to_on=today)) if one.id in resumes else one for one in facts.pauses)
    return kept + ((PauseFact(0, stops.limits, Pause(today, None, stops.because)),) if stops else ())


def _extension(procedure: Procedure, action: Action, moment: Moment) -> ExtensionFact | None:
    if action.extends is None:
        return None
    days = moment.answers.get(action.extends.by)
    allowed = procedure.limits[action.extends.limit].extendable
    if allowed is None or type(days) is not int or not 1 <= days <= allowed.at_most.n:
        raise Refused(f"At most {allowed.at_most} more can be given." if allowed else "No more time can be given for this.")
    return ExtensionFact(action.extends.limit, moment.subject, Extension(WorkingDays(days), action.title))

