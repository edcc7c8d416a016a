"""Named rules that a procedure file may ask for. Each returns None, or the reason in words why it cannot be done.

Guards that read only the case answer at any time, so a page can say *why not* before anybody fills in a form;
those that read the answers are in ANSWER_GUARDS and are asked when the form is sent.
"""

from __future__ import annotations

from collections.abc import Callable

from breachdesk.workflow.attempt import Attempt, Guard, Reason, by_name
from breachdesk.workflow.guards_about_people import ABOUT_WHO_ACTS, ABOUT_WHO_IS_NAMED
from breachdesk.workflow.guards_about_the_road import ABOUT_ITS_ANSWERS, ABOUT_THE_ROAD, NEED_HISTORY

__all__ = ["ANSWER_GUARDS", "CASE_GUARDS", "GUARDS", "MOVES_WHEN", "NEED_HISTORY", "OBJECTION_WAITS"]
# Under these a step answers an objection to somebody.
OBJECTION_WAITS = frozenset({"an-objection-waits", "a-panel-objection-waits"})


def acknowledgement_is_due(attempt: Attempt) -> Reason:
    if attempt.facts.limit("acknowledge") is None:
        return "The complaint has already been acknowledged."
    return None


def direct_resolution_was_tried(attempt: Attempt) -> Reason:
    if not attempt.facts.tried_directly:
        return "The complaint does not say that direct resolution was tried."
    return None


def direct_resolution_was_not_tried(attempt: Attempt) -> Reason:
    if attempt.facts.tried_directly:
        return "The complaint says, with dates, that direct resolution was already tried."
    return None


def information_was_asked_for_at_most_once(attempt: Attempt) -> Reason:
    """LGSCO guide for complaint managers: such pauses are bounded, or the complaint never gets anywhere."""
    if sum("acknowledge" in one.limits for one in attempt.facts.pauses) >= 2:
        return "Information has been asked for twice already. Go on with what there is."
    return None


def answer_is_awaited(attempt: Attempt) -> Reason:
    if not any(one.limit == "respond" and attempt.subject in (0, one.subject) for one in attempt.facts.running):
        return "No answer is awaited from this organisation."
    return None


def the_case_reached_the_panel(attempt: Attempt) -> Reason:
    if not attempt.facts.reached_panel:
        return "The steering group reviews disputes that reached the panel. This one has not."
    return None


def every_commitment_operated_on_the_day(attempt: Attempt) -> Reason:
    if missing := attempt.facts.commitments_not_operated:
        return f"On the day it happened the scheme did not operate commitment {', '.join(missing)}. Check the date, or choose another."
    return None


def nobody_complains_about_themselves(attempt: Attempt) -> Reason:
    ours = {party.organisation_id for party in attempt.facts.on("complainant")}
    if any(party.organisation_id in ours for party in attempt.facts.on("respondent")):
        return "The organisation that complains and the one complained about are the same."
    return None


def event_came_before_now(attempt: Attempt) -> Reason:
    if attempt.facts.event_on and attempt.facts.event_on > attempt.facts.received_on:
        return "It cannot have happened after the complaint was received. Check both dates."
    return None


def both_sides_are_satisfied(attempt: Attempt) -> Reason:
    if "not_satisfied" in (attempt.answers.get("complainant_view"), attempt.answers.get("respondent_view")):
        return "The Compact's test is an outcome satisfactory to both sides. While one is not satisfied, the case stays open."
    return None


def the_entry_exists(attempt: Attempt) -> Reason:
    entry = attempt.answers.get("entry", 0)
    if isinstance(entry, int) and entry > attempt.facts.sequence:
        return f"There is no entry {entry} in this case; the last is {attempt.facts.sequence}."
    return None


def a_remedy_is_open(attempt: Attempt) -> Reason:
    if not any(remedy.open for remedy in attempt.facts.remedies):
        return "Nothing that was agreed is still to be done."
    return None


def no_remedy_is_open(attempt: Attempt) -> Reason:
    if waiting := [str(remedy.number) for remedy in attempt.facts.remedies if remedy.open]:
        return f"Not everything that was agreed is done: number {', '.join(waiting)}."
    return None


def an_allegation_is_open(attempt: Attempt) -> Reason:
    if not any(allegation.open for allegation in attempt.facts.allegations):
        return "Nothing in this case is still to be decided."
    return None


def _all(side: str, *actions: str) -> Callable[[Attempt], bool]:
    def settled(attempt: Attempt) -> bool:
        return all(attempt.took(party, actions) for party in attempt.facts.on(side))
    return settled


CASE_GUARDS: dict[str, Guard] = ABOUT_WHO_ACTS | ABOUT_THE_ROAD | by_name(
    acknowledgement_is_due, information_was_asked_for_at_most_once, direct_resolution_was_tried,
    direct_resolution_was_not_tried, answer_is_awaited, the_case_reached_the_panel, a_remedy_is_open,
    no_remedy_is_open, an_allegation_is_open)
ANSWER_GUARDS: dict[str, Guard] = ABOUT_WHO_IS_NAMED | ABOUT_ITS_ANSWERS | by_name(
    every_commitment_operated_on_the_day, nobody_complains_about_themselves, event_came_before_now, both_sides_are_satisfied,
    the_entry_exists)
GUARDS = CASE_GUARDS | ANSWER_GUARDS
# When a step that several parties take one by one moves the case: asked with the step already counted.
MOVES_WHEN: dict[str, Callable[[Attempt], bool]] = {
    "every-respondent-has-answered": _all("respondent", "respond", "second_notice_by_clock"),
    "every-party-says-it-is-resolved": _all("party", "say_resolved"),
    "every-party-accepts": _all("party", "accept"),
    "every-party-asks-to-return": _all("party", "return_to_critical_friend"),
    "every-complainant-has-withdrawn": _all("complainant", "withdraw"),
}
# Of two guards that say the opposite exactly one holds, whatever the case: the checks of a procedure count on it.
_PAIRS = (("direct-resolution-was-tried", "direct-resolution-was-not-tried"), ("a-remedy-is-open", "no-remedy-is-open"))
OPPOSITES = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
# What a guard says about who serves and what is paused, and nothing else: (role or pause, whether it must be there).
ABOUT_SERVING = {"panel-has-been-named": ("panel_member", True)}
ABOUT_PAUSES: dict[str, tuple[str, bool]] = {}
