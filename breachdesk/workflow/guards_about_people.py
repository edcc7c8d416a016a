"""Rules about who decides, helps and sits on a panel in a case: nobody with an interest in it, and nobody twice. Part of `guards`."""

from __future__ import annotations

from breachdesk.workflow.attempt import Attempt, Reason, about_the_answers, about_the_case, looks_back
from breachdesk.workflow.facts import Candidate
from breachdesk.workflow.interests import SAID_IN_THE_CASE, SIDE, interests_of, stakes_of


@about_the_case
def decider_belongs_to_no_party(attempt: Attempt) -> Reason:
    """Section 11.7: where the coordinator's organisation is a party, the other sector's named person decides."""
    parties = {party.organisation_id: party.name for party in attempt.facts.parties}
    if ours := sorted(parties[place] for place in attempt.actor.organisations if place in parties):
        return f"You belong to {ours[0]}, a side in this case, so somebody else decides. Pass it to the stand-in."
    return None


@about_the_case
@looks_back
def decided_by_another_person(attempt: Attempt) -> Reason:
    """A challenge is decided by somebody else than the one who refused."""
    refused = attempt.facts.history.get("refuse")
    if refused and refused.account_id == attempt.actor.account_id:
        return "You refused the complaint, so somebody else decides on the challenge. Pass it to the stand-in."
    return None


@about_the_case
def reviewer_was_not_critical_friend(attempt: Attempt) -> Reason:
    if any(one.role == "critical_friend" and one.account_id == attempt.actor.account_id for one in attempt.facts.appointments):
        return "You were the critical friend in this case, so you cannot review it."
    return None


@about_the_case
def panel_has_been_named(attempt: Attempt) -> Reason:
    if not attempt.facts.serving("panel_member"):
        return "The panel has not been named yet."
    return None


def _from_a_party(attempt: Attempt, people: tuple[Candidate, ...], what: str) -> Reason:
    found = [f"{one.name} {interest.says}" for one in people for interest in interests_of(one, stakes_of(attempt.facts))
             if interest.kind == SIDE]
    return f"{'; '.join(found)}, so cannot {what}. Choose somebody else." if found else None


@about_the_answers
def critical_friend_belongs_to_no_party(attempt: Attempt) -> Reason:
    return _from_a_party(attempt, attempt.named("critical_friend"), "be the critical friend")


@about_the_answers
def nobody_on_the_panel_belongs_to_a_party(attempt: Attempt) -> Reason:
    return _from_a_party(attempt, attempt.named("members"), "sit on the panel")


@about_the_answers
def stand_in_belongs_to_no_party(attempt: Attempt) -> Reason:
    return _from_a_party(attempt, attempt.named("stand_in"), "decide in it")


@about_the_answers
def panel_is_three_or_five(attempt: Attempt) -> Reason:
    if len(attempt.named("members")) not in (3, 5):
        return "A panel has three or five members. Choose three, or five."
    return None


@about_the_answers
def panel_has_both_sectors(attempt: Attempt) -> Reason:
    if not {"statutory", "voluntary"} <= {one.sector for one in attempt.named("members")}:
        return "Both sectors sit on a panel. Choose at least one member from each."
    return None


@about_the_answers
def nobody_was_critical_friend(attempt: Attempt) -> Reason:
    helped = {one.account_id for one in attempt.facts.appointments if one.role == "critical_friend"}
    if found := [one.name for one in attempt.named("members") if one.account_id in helped]:
        return f"{', '.join(found)} was the critical friend in this case, so cannot sit on its panel."
    return None


@about_the_answers
def chair_sits_on_the_panel(attempt: Attempt) -> Reason:
    if not set(attempt.named("chair")) <= set(attempt.named("members")):
        return "The chair is one of the panel's members. Choose one of them."
    return None


@about_the_answers
def deputy_is_of_the_other_sector(attempt: Attempt) -> Reason:
    """When the chair is conflicted, the deputy chairs: a member of the panel from the other sector."""
    chairs, deputies = attempt.named("chair"), attempt.named("deputy")
    if not set(deputies) <= set(attempt.named("members")):
        return "The deputy is one of the panel's members. Choose one of them."
    if any(deputy.sector == chair.sector for deputy in deputies for chair in chairs):
        return "The deputy comes from the other sector than the chair. Choose another member."
    return None


@about_the_answers
def nobody_named_has_declared_an_interest(attempt: Attempt) -> Reason:
    """The duty to declare goes on for as long as the case does, so this is asked whenever somebody is named."""
    named = {one.account_id: one for answer in attempt.answers for one in attempt.named(answer)}
    found = [f"{one.name} {interest.says}" for one in named.values() for interest in interests_of(one, stakes_of(attempt.facts))
             if interest.kind in SAID_IN_THE_CASE]
    if found:
        return f"{'; '.join(found)}. Choose somebody else."
    return None
