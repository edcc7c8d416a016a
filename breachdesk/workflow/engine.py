"""What an action does to a case: a pure function from facts to a decision. `casework.act` carries it out.

Nothing here reads a clock, a database or a file; the same facts always give the same decision.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from breachdesk.errors import Refused
from breachdesk.identity import NOBODY, Actor
from breachdesk.timekeeping.ledger import Pause
from breachdesk.timekeeping.said import said_date
from breachdesk.workflow.attempt import Attempt, Guard
from breachdesk.workflow.clocks import ClockChanges, Turn, clocks_after, limits_begun
from breachdesk.workflow.consequences import NONE, Consequences, consequences_of, facts_after
from breachdesk.workflow.definition import Action, Procedure, Status, Stops
from breachdesk.workflow.effects import NOTHING
from breachdesk.workflow.facts import Answers, CaseFacts, ExtensionFact, PauseFact
from breachdesk.workflow.guards import ANSWER_GUARDS, CASE_GUARDS, GUARDS, MOVES_WHEN
from breachdesk.workflow.machine import move
from breachdesk.workflow.more_time import extension_by, why_not_extended
from breachdesk.workflow.on_behalf import came_on

ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything that follows from one action. `pauses` begin with it; `resumes` are the ids of those that it ends.

    `left` is the stage that the case comes from, "" when it begins.
    """

    action: Action
    source: str
    target: str
    left: str
    stage: str
    subject: int
    outcome: str
    clocks: ClockChanges
    pauses: tuple[PauseFact, ...]
    resumes: tuple[int, ...]
    extension: ExtensionFact | None
    does: Consequences = NONE

    @property
    def moved(self) -> bool:
        return self.source != self.target

    @property
    def stage_changed(self) -> bool:
        return self.left != self.stage

    @property
    def opened(self) -> bool:
        return bool(self.action.opens)

    @property
    def closed(self) -> bool:
        """Whether the case ends with it: it comes to the ended stage from another one."""
        return self.stage == ENDED != self.left

    @property
    def reopened(self) -> bool:
        return self.left == ENDED != self.stage


def decide(procedure: Procedure, facts: CaseFacts, action_name: str, answers: Answers, subject: int, today: date,
           actor: Actor = NOBODY) -> Decision:
    """Say what an action does to the case. SUBJECT is the party it is for, or 0; ACTOR is who takes it, for rules about who decides.

    Raises Refused, with every reason, when the procedure does not allow it.
    """
    action = procedure.actions.get(action_name)
    if action is None:
        raise Refused(f"The procedure “{procedure.title}” has no action “{action_name}”.")
    attempt = Attempt(facts, answers, subject, today, action.name, actor, came_on(answers))
    if reasons := _reasons(procedure, action, attempt):
        raise Refused(*reasons)
    does = consequences_of(procedure, action, attempt)
    settled = not action.moves_when or MOVES_WHEN[action.moves_when](attempt)
    target = action.opens or move(procedure, facts.status, action.name, settled=settled, turn=_turn(action, attempt, does))
    if target is None:
        raise Refused(_not_from_here(procedure, facts, action))
    return _decision(procedure, attempt, action, target, settled, does)


def why_not(procedure: Procedure, facts: CaseFacts, action: Action, subject: int, today: date, actor: Actor = NOBODY) -> tuple[str, ...]:
    """Why the action cannot be taken now, by ACTOR or whoever asks; empty when it can."""
    if action.opens and facts.sequence:
        return (f"The case {facts.reference} has begun already. A new complaint is a case of its own.",)
    if facts.status not in action.sources and not action.opens:
        return (_not_from_here(procedure, facts, action),)
    attempt = Attempt(facts, {}, subject, today, actor=actor)
    more = (_about_pauses(action, facts), why_not_extended(procedure, action, facts, subject, today)) if _keeps_time(action) else ()
    return (*_found(CASE_GUARDS, action, attempt), *_of_each(action, attempt), *(reason for reason in more if reason))


def _keeps_time(action: Action) -> bool:
    return bool(action.stops or action.resumes or action.extends)


def _about_pauses(action: Action, facts: CaseFacts) -> str:
    """A pause that has begun does not begin again, and one that has not cannot be ended. A step that does more than that is taken
    all the same: somebody who steps down during the search for somebody else does step down."""
    known = {one.name: one for one in facts.open_pauses}
    if action.target or action.effects != NOTHING:
        return ""
    if action.stops and action.stops.name not in action.resumes and (found := known.get(action.stops.name)):
        return f"This pause has begun already, on {said_date(found.pause.from_on)}: {found.pause.reason}."
    if action.resumes and not action.stops and known.keys().isdisjoint(action.resumes):
        return "There is no pause of this kind now, so there is none to end."
    return ""


def _reasons(procedure: Procedure, action: Action, attempt: Attempt) -> tuple[str, ...]:
    if reasons := why_not(procedure, attempt.facts, action, attempt.subject, attempt.today, attempt.actor):
        return reasons
    if action.each and not attempt.subject:
        return (_say_which(action),)
    return _found(ANSWER_GUARDS, action, attempt)


def _found(among: Mapping[str, Guard], action: Action, attempt: Attempt) -> tuple[str, ...]:
    return tuple(reason for name in action.guards if name in among and (reason := among[name](attempt)))


def _of_each(action: Action, attempt: Attempt) -> tuple[str, ...]:
    """One party takes a step once in a stage; more time and a coordinator's entries are bounded by guards instead."""
    if not action.each:
        return ()
    able = [party for party in attempt.facts.on(action.each) if attempt.subject in (0, party.id)]
    if attempt.subject and not able:
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


def _turn(action: Action, attempt: Attempt, does: Consequences) -> str:
    """Which of the action's other targets the case goes to, by what the step itself has done; "" for the usual one."""
    if not action.target_if:
        return ""
    after = replace(attempt, facts=facts_after(attempt.facts, does))
    return next((status for status, guard in action.target_if if GUARDS[guard](after) is None), "")


def _decision(procedure: Procedure, attempt: Attempt, action: Action, target: str, settled: bool, does: Consequences) -> Decision:
    facts = attempt.facts
    source = "" if action.opens else facts.status
    before, after = procedure.statuses.get(source), procedure.statuses[target]
    moved, left = source != target, before.stage if before else ""
    closes = after.stage == ENDED != left
    extension = extension_by(procedure, action, attempt)
    pauses = _opened(procedure, action, source, after, attempt, settled)
    resumes = _resumed(facts, action, before if moved else None, settled, closes)
    later = facts_after(facts, does)
    if pauses or resumes or extension:
        later = replace(later, pauses=facts.pauses_after(pauses, resumes, attempt.today),
                        extensions=facts.extensions + ((extension,) if extension else ()))
    turn = Turn(action, source, target, attempt if later is facts else replace(attempt, facts=later), _day_zero(action, attempt),
                does.remedy, (extension.limit, extension.subject) if extension else None)
    return Decision(action, source, target, left, after.stage, attempt.subject, action.outcome if closes else "",
                    clocks_after(procedure, turn), pauses, resumes, extension, does)


def _day_zero(action: Action, attempt: Attempt) -> date:
    """The day from which limits started by this action count; never before the case was received."""
    given = attempt.answers.get(action.counts_from) if action.counts_from else None
    return max(given, attempt.facts.received_on) if isinstance(given, date) else attempt.today


def _opened(procedure: Procedure, action: Action, source: str, after: Status, attempt: Attempt, settled: bool) -> tuple[PauseFact, ...]:
    """The pauses that begin: the one of the status that is entered, and the action's own."""
    opening = [one for one in (after.stops if source != after.name else None, action.stops if settled else None) if one]
    if not opening:
        return ()
    held = {one.name for one in attempt.facts.open_pauses} - set(action.resumes)
    return tuple(_pause(procedure, stops, action, source, after.name, attempt) for stops in opening if stops.name not in held)


def _pause(procedure: Procedure, stops: Stops, action: Action, source: str, target: str, attempt: Attempt) -> PauseFact:
    limits = stops.limits
    if not limits:
        begun = limits_begun(procedure, action.name, source, target)
        limits = tuple(rule.name for rule in procedure.limits.values() if not rule.only_shown and rule not in begun)
    review = attempt.answers.get(stops.review) if stops.review else None
    return PauseFact(0, limits, Pause(attempt.today, None, stops.because), stops.name, review if isinstance(review, date) else None)


def _resumed(facts: CaseFacts, action: Action, left: Status | None, settled: bool, closes: bool) -> tuple[int, ...]:
    """The pauses that end: that of the status that is left, and those that the action names. One that people agreed on outlives
    the status, but not the case."""
    if not facts.pauses:
        return ()
    names = ({left.stops.name} if left and left.stops else set()) | (set(action.resumes) if settled else set())
    return tuple(one.id for one in facts.open_pauses if closes or one.name in names)


def reaches_the_group(procedure: Procedure, status: str) -> bool:
    """Whether the steering group sees a case from this status on: with the panel, or because its own answer is waited for."""
    return procedure.statuses[status].stage == "panel" or "steering_group" in procedure.statuses[status].waits_for


def known_to_respondents(procedure: Procedure, stage: str) -> bool:
    """Whether a case at this stage is known to those it is about: from when it leaves the stage in which complaints come in."""
    return stage not in (ENDED, procedure.statuses[procedure.opening.opens].stage)
