"""Each rule about where a case is on its road, alone: None, or the reason in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.timekeeping.ledger import Pause
from breachdesk.workflow.attempt import Attempt
from breachdesk.workflow.facts import Appointment, CaseFacts, PauseFact, Running, Taken
from breachdesk.workflow.guards import ANSWER_GUARDS, CASE_GUARDS

TODAY = date(2026, 3, 27)
YEARS = Calendar("c", "C", date(2025, 1, 1), date(2027, 12, 31), date(2027, 12, 31), {})
CASE = CaseFacts("BD-2026-0001", "direct_open", TODAY, 5, (), YEARS)
RUNS = {
    "panel-acknowledgement-is-due": "acknowledge_panel",
    "a-bypass-waits": "decide_bypass",
    "the-critical-friend-can-be-objected-to": "objection",
    "an-objection-waits": "decide_objection",
    "the-panel-can-be-objected-to": "panel_objection",
    "a-panel-objection-waits": "decide_panel_objection",
    "the-refusal-can-be-challenged": "challenge_window",
    "a-challenge-waits": "decide_challenge",
    "a-review-can-be-asked-for": "ask_for_review",
    "a-request-to-reopen-waits": "decide_reopening",
    "a-request-for-information-waits": "freedom_of_information",
    "a-complaint-about-data-waits": "data_protection_complaint",
}


def asked(guard: str, answers: dict[str, Any] | None = None, **facts: Any) -> str | None:
    return (CASE_GUARDS | ANSWER_GUARDS)[guard](Attempt(replace(CASE, **facts), answers or {}, 0, TODAY))


def running(limit: str) -> tuple[Running, ...]:
    return (Running(limit, 0, 1, TODAY, TODAY),)


@pytest.mark.parametrize(("guard", "limit"), RUNS.items(), ids=RUNS)
def test_what_is_waited_for_is_so_while_its_limit_runs(guard: str, limit: str) -> None:
    reason = asked(guard, running=running("another"))

    assert asked(guard, running=running(limit)) is None
    assert reason
    assert reason.endswith(".")


def test_nothing_is_published_while_its_rest_runs() -> None:
    guard = "thirty-working-days-have-passed-since-the-end"

    assert asked(guard, running=running("another")) is None
    assert asked(guard, running=running("publication_rest")) == (
        "Nothing is published before thirty working days have passed since the end.")


@pytest.mark.parametrize(("guard", "pause", "while_paused", "otherwise"), [
    ("a-replacement-waits", "replacement", None, "No critical friend is being replaced."),
    ("no-replacement-waits", "replacement", "A critical friend has left. Name another one in their place.", None),
    ("a-panel-replacement-waits", "panel_replacement", None, "No panel member is being replaced."),
    ("no-panel-replacement-waits", "panel_replacement", "A member has left the panel. Name the panel again.", None),
    ("the-case-is-suspended", "suspension", None, "The case is not suspended.")])
def test_what_a_pause_says_holds_while_it_is_open(guard: str, pause: str, while_paused: str | None, otherwise: str | None) -> None:
    open_, over = (PauseFact(1, (), Pause(TODAY, ended, "x"), pause) for ended in (None, TODAY))

    assert asked(guard, pauses=(open_,)) == while_paused
    assert asked(guard, pauses=(over, replace(open_, name="another"))) == otherwise


def serving(*roles: str) -> dict[str, Any]:
    return {"appointments": tuple(Appointment(place, role) for place, role in enumerate(roles, 31))}


FRIEND, MEMBER = "critical_friend", "panel_member"


@pytest.mark.parametrize(("guard", "facts", "reason"), [
    ("a-critical-friend-serves", serving(FRIEND), None),
    ("a-critical-friend-serves", serving(MEMBER), "No critical friend is left in this case. Name another one."),
    ("no-critical-friend-serves", serving(MEMBER), None),
    ("no-critical-friend-serves", serving(FRIEND), "There is a critical friend in this case."),
    *(("the-panel-is-complete", serving(*[MEMBER] * sitting), None) for sitting in (0, 3, 5)),
    *(("the-panel-is-complete", serving(*[MEMBER] * sitting), f"The panel has {sitting} members now. Name it again, with three or five.")
      for sitting in (1, 2, 4, 6)),
    ("the-case-has-not-returned-before", {"history": {"return_to_critical_friend": Taken(1, 0, 7)}}, None),
    ("the-case-has-not-returned-before", {"history": {"return_to_critical_friend": Taken(2, 1, 7)}},
     "The case has gone back to a critical friend once, and it can do so only once."),
    ("time-was-not-asked-for-before", {"history": {"resume": Taken(1, 0, 7)}}, None),
    ("time-was-not-asked-for-before", {"history": {"ask_for_pause": Taken(1, 0, 7)}},
     "Time has been asked for once in this case, and it can be only once."),
    *(("the-case-was-resolved", {"outcome": outcome}, None) for outcome in ("resolved_full", "resolved_partial")),
    ("the-case-was-resolved", {"outcome": "not_resolved"},
     "This case did not end with an agreement, so nothing that was agreed can be recorded."),
    *(("the-case-can-be-reopened", {"outcome": outcome}, None)
      for outcome in ("resolved_full", "resolved_partial", "not_resolved", "proposal_declined", "inadmissible")),
    ("the-case-can-be-reopened", {"outcome": "withdrawn"},
     "A case that was stopped, returned, passed on or taken together with another is not reopened. A new complaint can be made."),
])
def test_a_rule_about_the_case(guard: str, facts: dict[str, Any], reason: str | None) -> None:
    assert asked(guard, **facts) == reason


LATE = "It comes more than twelve months after you knew of it. Say why, so that the coordinator can accept it all the same."
AWAY = "A suspended case is looked at again within 20 working days. Choose a day from tomorrow to then."
ELSEWHERE = "Another place was chosen for the case to go on at."


@pytest.mark.parametrize(("guard", "answers", "facts", "reason"), [
    ("a-bypass-is-asked-for", {"tried": "no", "bypass": "risk"}, {}, None),
    ("a-bypass-is-asked-for", {"tried": "no", "bypass": "none"}, {}, "Nobody has asked to leave out direct contact."),
    ("a-bypass-is-asked-for", {"tried": "no"}, {}, "Nobody has asked to leave out direct contact."),
    ("a-bypass-is-asked-for", {"tried": "yes", "bypass": "risk"}, {}, "Nobody has asked to leave out direct contact."),
    ("reopening-is-in-time-or-says-why", {}, {"running": running("reopening")}, None),
    ("reopening-is-in-time-or-says-why", {"why_late": "Ill."}, {}, None),
    ("reopening-is-in-time-or-says-why", {}, {"running": running("another")},
     "It ended more than twelve months ago. Say why it comes only now."),
    # Twelve months after 27 March 2025 is 27 March 2026, the day on which the complaint was received.
    ("a-late-complaint-says-why", {}, {"event_on": date(2025, 3, 27)}, None),
    ("a-late-complaint-says-why", {}, {"event_on": date(2025, 3, 26)}, LATE),
    ("a-late-complaint-says-why", {"why_late": "Ill."}, {"event_on": date(2020, 3, 26)}, None),
    ("a-late-complaint-says-why", {"aware_on": date(2025, 4, 1)}, {"event_on": date(2020, 3, 26)}, None),
    ("a-late-complaint-says-why", {"aware_on": date(2025, 3, 1)}, {"event_on": date(2020, 3, 26)}, LATE),
    ("a-late-complaint-says-why", {"aware_on": "2025-03-01"}, {}, None),
    ("a-part-refused-has-its-reason", {}, {}, None),
    ("a-part-refused-has-its-reason", {"not_admitted": ("1",), "not_admitted_because": "older"}, {}, None),
    ("a-part-refused-has-its-reason", {"not_admitted": ("1",)}, {},
     "You accept a part only. Say for which reason the other commitments do not fall under the Compact."),
    ("a-review-is-at-most-twenty-working-days-away", {}, {}, None),
    ("a-review-is-at-most-twenty-working-days-away", {"review_on": date(2026, 3, 28)}, {}, None),
    ("a-review-is-at-most-twenty-working-days-away", {"review_on": date(2026, 4, 24)}, {}, None),
    ("a-review-is-at-most-twenty-working-days-away", {"review_on": date(2026, 4, 25)}, {}, AWAY),
    ("a-review-is-at-most-twenty-working-days-away", {"review_on": TODAY}, {}, AWAY),
    *(("the-agreement-of-both-is-confirmed", {"because": because, "both_agree": True}, {}, None) for because in ("agreed", "internal")),
    ("the-agreement-of-both-is-confirmed", {"because": "illness"}, {}, None),
    *(("the-agreement-of-both-is-confirmed", {"because": because}, {},
       "You suspend it because both sides agree. Confirm that both have told you so.") for because in ("agreed", "internal")),
    *((f"it-goes-on-{place}", {"goes_on_at": chosen}, {}, None if chosen == right else ELSEWHERE)
      for place, right in (("between-the-two", "direct"), ("at-the-check", "check"), ("at-the-panel", "panel"))
      for chosen in ("direct", "check", "panel", "")),
])
def test_a_rule_about_the_answers(guard: str, answers: dict[str, Any], facts: dict[str, Any], reason: str | None) -> None:
    assert asked(guard, answers, **facts) == reason
