"""Named rules that a procedure file may ask for. Each returns None, or the reason in words why it cannot be done.

Guards that read only the case answer at any time, so a page can say *why not* before anybody fills in a form;
those that read the answers are in ANSWER_GUARDS and are asked when the form is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from breachdesk.identity import NOBODY, Actor
from breachdesk.workflow.facts import Answers, Candidate, CaseFacts, Party

Reason = str | None


@dataclass(frozen=True, slots=True)
class Moment:
    """What a guard may look at. `actor` is who asks or acts: somebody without an account or organisation for the clock."""

    facts: CaseFacts
    answers: Answers
    subject: int
    today: date
    taking: str = ""
    actor: Actor = NOBODY

    def took(self, party: Party, actions: Collection[str]) -> bool:
        """Whether the party has taken one of the steps; the one that is being taken counts already."""
        return not party.taken.isdisjoint(actions) or (party.id == self.subject and self.taking in actions)

    def named(self, answer: str) -> tuple[Candidate, ...]:
        """The people whom an answer names."""
        given = self.answers.get(answer, ())
        emails = (given,) if isinstance(given, str) else given if isinstance(given, tuple) else ()
        return tuple(self.facts.candidates[email] for email in emails if email in self.facts.candidates)


def acknowledgement_is_due(moment: Moment) -> Reason:
    if moment.facts.limit("acknowledge") is None:
        return "The complaint has already been acknowledged."
    return None


def direct_resolution_was_tried(moment: Moment) -> Reason:
    if not moment.facts.tried_directly:
        return "The complaint does not say that direct resolution was tried."
    return None


def direct_resolution_was_not_tried(moment: Moment) -> Reason:
    if moment.facts.tried_directly:
        return "The complaint says, with dates, that direct resolution was already tried."
    return None


def information_was_asked_for_at_most_once(moment: Moment) -> Reason:
    """LGSCO guide for complaint managers: such pauses are bounded, or the complaint never gets anywhere."""
    if sum("acknowledge" in one.limits for one in moment.facts.pauses) >= 2:
        return "Information has been asked for twice already. Go on with what there is."
    return None


def answer_is_awaited(moment: Moment) -> Reason:
    if not any(one.limit == "respond" and moment.subject in (0, one.subject) for one in moment.facts.running):
        return "No answer is awaited from this organisation."
    return None


def panel_has_been_named(moment: Moment) -> Reason:
    if not moment.facts.serving("panel_member"):
        return "The panel has not been named yet."
    return None


def the_case_reached_the_panel(moment: Moment) -> Reason:
    if not moment.facts.reached_panel:
        return "The steering group reviews disputes that reached the panel. This one has not."
    return None


def every_commitment_operated_on_the_day(moment: Moment) -> Reason:
    if missing := moment.facts.commitments_not_operated:
        return f"On the day it happened the scheme did not operate commitment {', '.join(missing)}. Check the date, or choose another."
    return None


def nobody_complains_about_themselves(moment: Moment) -> Reason:
    ours = {party.organisation_id for party in moment.facts.on("complainant")}
    if any(party.organisation_id in ours for party in moment.facts.on("respondent")):
        return "The organisation that complains and the one complained about are the same."
    return None


def event_came_before_now(moment: Moment) -> Reason:
    if moment.facts.event_on and moment.facts.event_on > moment.facts.received_on:
        return "It cannot have happened after the complaint was received. Check both dates."
    return None


def both_sides_are_satisfied(moment: Moment) -> Reason:
    if "not_satisfied" in (moment.answers.get("complainant_view"), moment.answers.get("respondent_view")):
        return "The Compact's test is an outcome satisfactory to both sides. While one is not satisfied, the case stays open."
    return None


def _from_a_party(moment: Moment, people: tuple[Candidate, ...], what: str) -> Reason:
    parties = {party.organisation_id: party.name for party in moment.facts.parties}
    found = [f"{one.name} belongs to {parties[place]}" for one in people for place in one.organisations if place in parties]
    return f"{'; '.join(found)}, so cannot {what}. Choose somebody else." if found else None


def critical_friend_belongs_to_no_party(moment: Moment) -> Reason:
    return _from_a_party(moment, moment.named("critical_friend"), "be the critical friend")


def nobody_on_the_panel_belongs_to_a_party(moment: Moment) -> Reason:
    return _from_a_party(moment, moment.named("members"), "sit on the panel")


def panel_is_three_or_five(moment: Moment) -> Reason:
    if len(moment.named("members")) not in (3, 5):
        return "A panel has three or five members. Choose three, or five."
    return None


def panel_has_both_sectors(moment: Moment) -> Reason:
    if not {"statutory", "voluntary"} <= {one.sector for one in moment.named("members")}:
        return "Both sectors sit on a panel. Choose at least one member from each."
    return None


def nobody_was_critical_friend(moment: Moment) -> Reason:
    helped = {one.account_id for one in moment.facts.appointments if one.role == "critical_friend"}
    if found := [one.name for one in moment.named("members") if one.account_id in helped]:
        return f"{', '.join(found)} was the critical friend in this case, so cannot sit on its panel."
    return None


def chair_sits_on_the_panel(moment: Moment) -> Reason:
    if not set(moment.named("chair")) <= set(moment.named("members")):
        return "The chair is one of the panel's members. Choose one of them."
    return None


def the_entry_exists(moment: Moment) -> Reason:
    entry = moment.answers.get("entry", 0)
    if isinstance(entry, int) and entry > moment.facts.sequence:
        return f"There is no entry {entry} in this case; the last is {moment.facts.sequence}."
    return None


def a_remedy_is_open(moment: Moment) -> Reason:
    if not any(remedy.open for remedy in moment.facts.remedies):
        return "Nothing that was agreed is still to be done."
    return None


def no_remedy_is_open(moment: Moment) -> Reason:
    if waiting := [str(remedy.number) for remedy in moment.facts.remedies if remedy.open]:
        return f"Not everything that was agreed is done: number {', '.join(waiting)}."
    return None


def an_allegation_is_open(moment: Moment) -> Reason:
    if not any(allegation.open for allegation in moment.facts.allegations):
        return "Nothing in this case is still to be decided."
    return None


def nobody_named_has_declared_an_interest(moment: Moment) -> Reason:
    """The duty to declare goes on for as long as the case does, so this is asked whenever somebody is named."""
    named = {one.account_id: one.name for answer in moment.answers for one in moment.named(answer)}
    if found := [name for account_id, name in named.items() if account_id in moment.facts.interested]:
        return f"{', '.join(found)} has declared an interest in this case. Choose somebody else."
    return None


def _all(side: str, *actions: str) -> Callable[[Moment], bool]:
    def settled(moment: Moment) -> bool:
        return all(moment.took(party, actions) for party in moment.facts.on(side))
    return settled


Guard = Callable[[Moment], Reason]


def _names(*guards: Guard) -> dict[str, Guard]:
    return {guard.__name__.replace("_", "-"): guard for guard in guards}


CASE_GUARDS = _names(acknowledgement_is_due, information_was_asked_for_at_most_once, direct_resolution_was_tried,
                     direct_resolution_was_not_tried, answer_is_awaited, panel_has_been_named, the_case_reached_the_panel,
                     a_remedy_is_open, no_remedy_is_open, an_allegation_is_open)
ANSWER_GUARDS = _names(every_commitment_operated_on_the_day, nobody_complains_about_themselves, event_came_before_now,
                       both_sides_are_satisfied, critical_friend_belongs_to_no_party, nobody_on_the_panel_belongs_to_a_party,
                       panel_is_three_or_five, panel_has_both_sectors, nobody_was_critical_friend, chair_sits_on_the_panel,
                       the_entry_exists, nobody_named_has_declared_an_interest)
GUARDS = CASE_GUARDS | ANSWER_GUARDS
# When a step that several parties take one by one moves the case: asked with the step already counted.
MOVES_WHEN: dict[str, Callable[[Moment], bool]] = {
    "every-respondent-has-answered": _all("respondent", "respond", "second_notice_by_clock"),
    "every-party-says-it-is-resolved": _all("party", "say_resolved"),
    "every-party-accepts": _all("party", "accept"),
    "every-complainant-has-withdrawn": _all("complainant", "withdraw"),
}
# Of two guards that say the opposite exactly one holds, whatever the case: the checks of a procedure count on it.
_PAIRS = (("direct-resolution-was-tried", "direct-resolution-was-not-tried"), ("a-remedy-is-open", "no-remedy-is-open"))
OPPOSITES = {one: other for pair in _PAIRS for one, other in (pair, pair[::-1])}
# What holds only when somebody has been named to a role in the case.
NEEDS_SERVING = {"panel-has-been-named": "panel_member"}
