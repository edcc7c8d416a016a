"""What a steering group meets where its scheme has narrowed reviews, and what is recorded for its meetings."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import Cast, StoppedClock, lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.desk import Desk
from breachdesk.casework.escalated import escalated_cases
from breachdesk.casework.summaries import WITHHELD, Summary, summaries_for, ways_of
from breachdesk.casework.timers import fire_due_timers
from breachdesk.identity import Actor
from breachdesk.store import schemes

TOLD = "A funder and a group agreed on how long a notice should be."


def narrow(desk: Desk, reviews: str) -> None:
    with desk.database.begin() as session:
        schemes.settle(session, 1, reviews=reviews)


def met(desk: Desk, actor: Actor) -> list[Summary]:
    with desk.database.read() as session:
        return summaries_for(session, desk, actor)


@pytest.fixture
def escalated(desk: Desk, cast: Cast) -> str:
    """A dispute before the panel."""
    reference = lodge(desk, cast.ruth, title="canary-title", what_happened="canary-story")
    take(desk, cast, reference, TO_THE_PANEL)
    return reference


@pytest.fixture
def closed(desk: Desk, cast: Cast, escalated: str, clock: StoppedClock) -> str:
    """The same dispute, ended before the panel; its summary shown to both sides, and not released."""
    act(desk, cast.ruth, escalated, Step("withdraw", {"reason_code": "settled", "reason": "canary-why"}))
    act(desk, cast.olive, escalated, Step("show_summary", {"summary": "canary-shown"}))
    return escalated


def release(desk: Desk, cast: Cast, clock: StoppedClock, reference: str, words: str) -> None:
    clock.to(date(2026, 6, 1))
    fire_due_timers(desk)
    act(desk, cast.olive, reference, Step("publish_summary", {"summary": words, "shown": True}))


def test_a_summary_says_nothing_of_whose_dispute_it_is(desk: Desk, cast: Cast, closed: str, clock: StoppedClock) -> None:
    act(desk, cast.sid, closed, Step("record_review", {"observations": "canary-observed", "learning": "Say early how long a notice is."}))
    release(desk, cast, clock, closed, TOLD)
    narrow(desk, "summaries")

    [one] = met(desk, cast.sid)

    assert (one.complained, one.complained_about) == ("Voluntary and community sector (VCS)", "Statutory sector")
    assert one.themes == ("Allocating resources",)
    assert (one.stage, one.outcome, one.working_days) == ("Panel of partners", "Withdrawn", 0)
    assert (one.text, one.learning) == (TOLD, ("Say early how long a notice is.",))
    for canary in ("canary", "Riverside", "Amberdale", closed, "2026"):
        assert canary not in str(one)


def test_a_text_that_was_only_shown_to_the_sides_is_not_released(desk: Desk, cast: Cast, closed: str) -> None:
    narrow(desk, "summaries")

    assert met(desk, cast.sid)[0].text == ""


@pytest.mark.parametrize("words", ["riverside carers agreed.", "As RUTH says.", "See DD-2026-0001."])
def test_words_that_name_somebody_are_held_back(desk: Desk, cast: Cast, closed: str, clock: StoppedClock, words: str) -> None:
    act(desk, cast.sid, closed, Step("record_review", {"observations": "None.", "learning": words}))
    release(desk, cast, clock, closed, words)
    narrow(desk, "summaries")

    [one] = met(desk, cast.sid)

    assert (one.text, one.learning) == (WITHHELD, (WITHHELD,))


def test_a_dispute_in_which_a_member_has_an_interest_is_in_no_summary_of_theirs(desk: Desk, cast: Cast, escalated: str) -> None:
    narrow(desk, "summaries")

    assert len(met(desk, cast.sid)) == 1
    assert met(desk, cast.sara) == met(desk, cast.olive) == met(desk, cast.ruth) == []


@pytest.mark.parametrize("reviews", ["papers", "figures"])
def test_there_are_summaries_only_where_the_scheme_says_so(desk: Desk, cast: Cast, escalated: str, reviews: str) -> None:
    narrow(desk, reviews)

    assert met(desk, cast.sid) == []
    with desk.database.read() as session:
        assert [one.reviews for one in ways_of(session, cast.sid)] == [reviews]
        assert len(escalated_cases(session, desk, cast.sid)[0]) == (reviews == "papers")


def test_observations_learning_recommendations_and_a_process_review_are_recorded_for_the_meeting(
        desk: Desk, cast: Cast, escalated: str) -> None:
    act(desk, cast.ruth, escalated, Step("withdraw", {"reason_code": "settled", "reason": "Settled."}))
    act(desk, cast.sid, escalated, Step("record_review", {"observations": "Slow.", "learning": "Answer sooner.",
                                                          "recommendations": "The council names one person."}))
    act(desk, cast.omar, escalated, Step("ask_for_review", {"ground": "delay", "reasons": "It took long."}))
    act(desk, cast.sid, escalated, Step("end_review", {"result": "faulty", "reasons": "A day was missed.", "learning": "Look each week."}))

    with desk.database.read() as session:
        [one] = escalated_cases(session, desk, cast.sid)[0]
    assert one.reviewed
    assert set(one.recorded) == {("Observed", "Slow."), ("Learned", "Answer sooner."), ("Recommended", "The council names one person."),
                                 ("Process review", "Something went wrong; going back would not help"), ("Reasons", "A day was missed."),
                                 ("Learned", "Look each week.")}
