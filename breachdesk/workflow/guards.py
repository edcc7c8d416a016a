"""Named rules that a procedure file may ask for. Each returns None, or the reason in words why it cannot be done.

A function with one of the marks of `attempt` is a guard under its own name: nothing else is to be done for it here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from breachdesk.workflow import guards_about_people, guards_about_the_road  # noqa: F401 (their guards are marked while they load)
from breachdesk.workflow.attempt import ANSWER_GUARDS, CASE_GUARDS, NEED_HISTORY, Attempt, Reason, about_the_answers, about_the_case

__all__ = ["ANSWER_GUARDS", "CASE_GUARDS", "GUARDS", "MOVES_WHEN", "NEED_HISTORY", "OBJECTION_WAITS"]
# Under these a step answers an objection to somebody.
OBJECTION_WAITS = frozenset({"an-objection-waits", "a-panel-objection-waits"})


@about_the_case
def acknowledgement_is_due(attempt: Attempt) -> Reason:
    if attempt.facts.limit("acknowledge") is None:
        return "The complaint has already been acknowledged."
    return None


@about_the_case
def direct_resolution_was_tried(attempt: Attempt) -> Reason:
    if not attempt.facts.tried_directly:
        return "The complaint does not say that direct resolution was tried."
    return None


@about_the_case
def direct_resolution_was_not_tried(attempt: Attempt) -> Reason:
    if attempt.facts.tried_directly:
        return "The complaint says, with dates, that direct resolution was already tried."
    return None


@about_the_case
def information_was_asked_for_at_most_once(attempt: Attempt) -> Reason:
    """LGSCO guide for complaint managers: such pauses are bounded, or the complaint never gets anywhere."""
    if sum("acknowledge" in one.limits for one in attempt.facts.pauses) >= 2:
        return "Information has been asked for twice already. Go on with what there is."
    return None


@about_the_case
def answer_is_awaited(attempt: Attempt) -> Reason:
    if not any(one.limit == "respond" and attempt.subject in (0, one.subject) for one in attempt.facts.running):
        return "No answer is awaited from this organisation."
    return None


@about_the_case
def the_case_reached_the_panel(attempt: Attempt) -> Reason:
    if not attempt.facts.reached_panel:
        return "The steering group reviews disputes that reached the panel. This one has not."
    return None


@about_the_answers
def every_commitment_operated_on_the_day(attempt: Attempt) -> Reason:
    if missing := attempt.facts.commitments_not_operated:
        return f"On the day it happened the scheme did not operate commitment {', '.join(missing)}. Check the date, or choose another."
    return None


@about_the_answers
def nobody_complains_about_themselves(attempt: Attempt) -> Reason:
    ours = {party.organisation_id for party in attempt.facts.on("complainant")}
    if any(party.organisation_id in ours for party in attempt.facts.on("respondent")):
        return "The organisation that complains and the one complained about are the same."
    return None


@about_the_answers
def event_came_before_now(attempt: Attempt) -> Reason:
    if attempt.facts.event_on and attempt.facts.event_on > attempt.facts.received_on:
        return "It cannot have happened after the complaint was received. Check both dates."
    return None


@about_the_answers
def both_sides_are_satisfied(attempt: Attempt) -> Reason:
    if "not_satisfied" in (attempt.answers.get("complainant_view"), attempt.answers.get("respondent_view")):
        return "The Compact's test is an outcome satisfactory to both sides. While one is not satisfied, the case stays open."
    return None


@about_the_answers
def the_entry_exists(attempt: Attempt) -> Reason:
    entry = attempt.answers.get("entry", 0)
    if isinstance(entry, int) and entry > attempt.facts.sequence:
        return f"There is no entry {entry} in this case; the last is {attempt.facts.sequence}."
    return None


@about_the_case
def a_remedy_is_open(attempt: Attempt) -> Reason:
    if not any(remedy.open for remedy in attempt.facts.remedies):
        return "Nothing that was agreed is still to be done."
    return None


@about_the_case
def no_remedy_is_open(attempt: Attempt) -> Reason:
    if waiting := [str(remedy.number) for remedy in attempt.facts.remedies if remedy.open]:
        return f"Not everything that was agreed is done: number {', '.join(waiting)}."
    return None


@about_the_case
def an_allegation_is_open(attempt: Attempt) -> Reason:
    if not any(allegation.open for allegation in attempt.facts.allegations):
        return "Nothing in this case is still to be decided."
    return None


def _all(side: str, actions: tuple[str, ...], attempt: Attempt) -> bool:
    return all(attempt.took(party, actions) for party in attempt.facts.on(side))


GUARDS = CASE_GUARDS | ANSWER_GUARDS
# When a step that several parties take one by one moves the case: asked with the step already counted.
MOVES_WHEN: dict[str, Callable[[Attempt], bool]] = {
    "every-respondent-has-answered": partial(_all, "respondent", ("respond", "second_notice_by_clock")),
    "every-party-says-it-is-resolved": partial(_all, "party", ("say_resolved",)),
    "every-party-accepts": partial(_all, "party", ("accept",)),
    "every-party-asks-to-return": partial(_all, "party", ("return_to_critical_friend",)),
    "every-complainant-has-withdrawn": partial(_all, "complainant", ("withdraw",)),
}
# Of two guards that say the opposite exactly one holds, whatever the case: the checks of a procedure count on it.
_PAIRS = (("direct-resolution-was-tried", "direct-resolution-was-not-tried"), ("a-remedy-is-open", "no-remedy-is-open"))
OPPOSITES = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
# What a guard says about who serves and what is paused, and nothing else: (role or pause, whether it must be there).
ABOUT_SERVING = {"panel-has-been-named": ("panel_member", True)}
ABOUT_PAUSES: dict[str, tuple[str, bool]] = {}
