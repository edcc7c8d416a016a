"""Rules about where a case is on its road: what waits for an answer, what time is over, where it goes on. Part of `guards`.

A limit that runs is the file's way of saying that something is waited for: many of these rules only ask whether it does.
"""

from __future__ import annotations

from datetime import date
from functools import partial

from breachdesk.timekeeping.limits import Months, end_of_span
from breachdesk.workflow.attempt import (
    ANSWER_GUARDS,
    CASE_GUARDS,
    Attempt,
    Reason,
    about_the_answers,
    about_the_case,
    looks_back,
)

# LGSCO Complaint Handling Code 2.2; the coordinator can accept a later complaint.
TIME_FOR_RAISING = Months(12)
LONGEST_WITHOUT_REVIEW = 20
_ENDED_BY_THE_PROCEDURE = frozenset({"resolved_full", "resolved_partial", "not_resolved", "proposal_declined", "inadmissible"})


def _while_it_runs(limit: str, otherwise: str, attempt: Attempt) -> Reason:
    return None if attempt.runs(limit) else otherwise


def _while_it_stands_still(pause: str, otherwise: str, attempt: Attempt) -> Reason:
    return None if _stands_still(pause, attempt) else otherwise


def _unless_it_stands_still(pause: str, reason: str, attempt: Attempt) -> Reason:
    return reason if _stands_still(pause, attempt) else None


def _stands_still(pause: str, attempt: Attempt) -> bool:
    return any(one.name == pause for one in attempt.facts.open_pauses)


def _where_it_goes_on(place: str, attempt: Attempt) -> Reason:
    return None if attempt.answers.get("goes_on_at") == place else "Another place was chosen for the case to go on at."


@about_the_case
def a_bypass_is_asked_for(attempt: Attempt) -> Reason:
    """Asked when the complaint is made; from then on the limit for deciding it says so."""
    if attempt.answers.get("tried") == "no" and attempt.answers.get("bypass", "none") != "none":
        return None
    return "Nobody has asked to leave out direct contact."


@about_the_case
def a_critical_friend_serves(attempt: Attempt) -> Reason:
    return None if attempt.facts.serving("critical_friend") else "No critical friend is left in this case. Name another one."


@about_the_case
def no_critical_friend_serves(attempt: Attempt) -> Reason:
    return "There is a critical friend in this case." if attempt.facts.serving("critical_friend") else None


@about_the_case
def the_panel_is_complete(attempt: Attempt) -> Reason:
    sitting = len(attempt.facts.serving("panel_member"))
    return None if sitting in (0, 3, 5) else f"The panel has {sitting} members now. Name it again, with three or five."


@about_the_case
@looks_back
def the_case_has_not_returned_before(attempt: Attempt) -> Reason:
    found = attempt.facts.history.get("return_to_critical_friend")
    return "The case has gone back to a critical friend once, and it can do so only once." if found and found.moves else None


@about_the_case
@looks_back
def time_was_not_asked_for_before(attempt: Attempt) -> Reason:
    """LGSCO guide: such a pause is limited in time, and afterwards the case proceeds."""
    return "Time has been asked for once in this case, and it can be only once." if attempt.times("ask_for_pause") else None


@about_the_case
def the_case_was_resolved(attempt: Attempt) -> Reason:
    if attempt.facts.outcome in ("resolved_full", "resolved_partial"):
        return None
    return "This case did not end with an agreement, so nothing that was agreed can be recorded."


@about_the_case
def the_case_can_be_reopened(attempt: Attempt) -> Reason:
    if attempt.facts.outcome in _ENDED_BY_THE_PROCEDURE:
        return None
    return "A case that was stopped, returned, passed on or taken together with another is not reopened. A new complaint can be made."


@about_the_case
def thirty_working_days_have_passed_since_the_end(attempt: Attempt) -> Reason:
    return "Nothing is published before thirty working days have passed since the end." if attempt.runs("publication_rest") else None


@about_the_answers
def reopening_is_in_time_or_says_why(attempt: Attempt) -> Reason:
    if attempt.runs("reopening") or attempt.answers.get("why_late"):
        return None
    return "It ended more than twelve months ago. Say why it comes only now."


@about_the_answers
def a_late_complaint_says_why(attempt: Attempt) -> Reason:
    facts = attempt.facts
    known_on = max((day for day in (facts.event_on, attempt.answers.get("aware_on")) if isinstance(day, date)), default=facts.received_on)
    if attempt.answers.get("why_late") or facts.received_on <= end_of_span(known_on, TIME_FOR_RAISING):
        return None
    return "It comes more than twelve months after you knew of it. Say why, so that the coordinator can accept it all the same."


@about_the_answers
def a_part_refused_has_its_reason(attempt: Attempt) -> Reason:
    if attempt.answers.get("not_admitted") and not attempt.answers.get("not_admitted_because"):
        return "You accept a part only. Say for which reason the other commitments do not fall under the Compact."
    return None


@about_the_answers
def a_review_is_at_most_twenty_working_days_away(attempt: Attempt) -> Reason:
    day = attempt.answers.get("review_on")
    if not isinstance(day, date) or attempt.today < day <= attempt.facts.calendar.shifted(attempt.today, LONGEST_WITHOUT_REVIEW):
        return None
    return f"A suspended case is looked at again within {LONGEST_WITHOUT_REVIEW} working days. Choose a day from tomorrow to then."


@about_the_answers
def the_agreement_of_both_is_confirmed(attempt: Attempt) -> Reason:
    if attempt.answers.get("because") in ("agreed", "internal") and not attempt.answers.get("both_agree"):
        return "You suspend it because both sides agree. Confirm that both have told you so."
    return None


# What is waited for: the limit that runs meanwhile, and what is said when it does not.
_WHILE_IT_RUNS = {
    "panel-acknowledgement-is-due": ("acknowledge_panel", "That the panel was asked for has already been acknowledged."),
    "a-bypass-waits": ("decide_bypass", "Nobody has asked to leave out direct contact, or it is decided already."),
    "the-critical-friend-can-be-objected-to": (
        "objection", "An objection is possible within three working days after the critical friend was named."),
    "an-objection-waits": ("decide_objection", "No objection waits for a decision."),
    "the-panel-can-be-objected-to": ("panel_objection", "An objection is possible within three working days after the panel was named."),
    "a-panel-objection-waits": ("decide_panel_objection", "No objection waits for a decision."),
    "the-refusal-can-be-challenged": ("challenge_window", "A refusal can be challenged once, within ten working days."),
    "a-challenge-waits": ("decide_challenge", "No challenge waits for a decision."),
    "a-review-can-be-asked-for": ("ask_for_review", "A review can be asked for once, within ten working days after the end."),
    "a-request-to-reopen-waits": ("decide_reopening", "Nobody has asked for the case to be reopened."),
    "a-request-for-information-waits": ("freedom_of_information", "No request for information waits for an answer."),
    "a-complaint-about-data-waits": ("data_protection_complaint", "No complaint about personal data waits to be acknowledged."),
}
# The pause that is open meanwhile, and what is said when it is not; then those that hold only while it is not.
_WHILE_IT_STANDS_STILL = {
    "a-replacement-waits": ("replacement", "No critical friend is being replaced."),
    "a-panel-replacement-waits": ("panel_replacement", "No panel member is being replaced."),
    "the-case-is-suspended": ("suspension", "The case is not suspended."),
}
_UNLESS_IT_STANDS_STILL = {
    "no-replacement-waits": ("replacement", "A critical friend has left. Name another one in their place."),
    "no-panel-replacement-waits": ("panel_replacement", "A member has left the panel. Name the panel again."),
}
for _guard, _said in ((_while_it_runs, _WHILE_IT_RUNS), (_while_it_stands_still, _WHILE_IT_STANDS_STILL),
                      (_unless_it_stands_still, _UNLESS_IT_STANDS_STILL)):
    CASE_GUARDS.update({name: partial(_guard, *words) for name, words in _said.items()})
ANSWER_GUARDS.update({
    f"it-goes-on-{where}": partial(_where_it_goes_on, place)
    for where, place in (("between-the-two", "direct"), ("at-the-check", "check"), ("at-the-panel", "panel"))})
