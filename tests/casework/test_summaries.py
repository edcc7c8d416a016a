"""What a steering group meets where its scheme has narrowed reviews, and what is recorded for its meetings."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import Cast, StoppedClock, act_declared, lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.desk import Desk
from breachdesk.casework.escalated import escalated_cases
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.summaries import WITHHELD, Summary, summaries_for, ways_of
from breachdesk.casework.summary_confirmed import confirm_summary, to_confirm
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import Invalid, NotFound, NotPermitted
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


def confirm(desk: Desk, actor: Actor, reference: str, words: str, shows: str = "all") -> None:
    raw = {"learned_in_summary": words, "shows": shows, "read": "yes"}
    desk.database.transact(lambda session: confirm_summary(session, desk, actor, reference, raw))


def release(desk: Desk, cast: Cast, clock: StoppedClock, reference: str, words: str) -> None:
    clock.to(date(2026, 6, 1))
    fire_due_timers(desk)
    act(desk, cast.olive, reference, Step("publish_summary", {"summary": words, "shown": True}))


def test_a_summary_says_nothing_of_whose_dispute_it_is(desk: Desk, cast: Cast, closed: str, clock: StoppedClock) -> None:
    act_declared(desk, cast.sid, closed, Step("record_review", {
        "observations": "canary-observed", "learning": "Say early how long a notice is."}))
    release(desk, cast, clock, closed, TOLD)
    narrow(desk, "summaries")
    confirm(desk, cast.olive, closed, "Say early how long a notice is.")

    [one] = met(desk, cast.sid)

    assert (one.complained, one.complained_about) == ("Voluntary and community sector (VCS)", "Statutory sector")
    assert one.themes == ("Allocating resources",)
    assert (one.stage, one.outcome, one.working_days) == ("Panel of partners", "Withdrawn", 0)
    assert (one.text, one.learned, one.waits) == (TOLD, "Say early how long a notice is.", False)
    for canary in ("canary", "Riverside", "Amberdale", closed, "2026"):
        assert canary not in str(one)


def test_a_text_that_was_only_shown_to_the_sides_is_not_released(desk: Desk, cast: Cast, closed: str) -> None:
    narrow(desk, "summaries")

    assert met(desk, cast.sid)[0].text == ""


@pytest.mark.parametrize("words", ["riverside carers agreed.", "As RUTH says.", "See DD-2026-0001."])
def test_words_that_name_somebody_are_held_back(desk: Desk, cast: Cast, closed: str, clock: StoppedClock, words: str) -> None:
    release(desk, cast, clock, closed, words)
    narrow(desk, "summaries")

    [one] = met(desk, cast.sid)

    assert one.text == WITHHELD
    with pytest.raises(Invalid) as refused:
        confirm(desk, cast.olive, closed, words)
    assert set(refused.value.fields) == {"learned_in_summary"}


def test_what_was_learned_is_left_out_until_the_coordinator_has_confirmed_it_and_again_when_more_was_learned(
        desk: Desk, cast: Cast, closed: str, clock: StoppedClock) -> None:
    act_declared(desk, cast.sid, closed, Step("record_review", {"observations": "None.", "learning": "canary: the only hospice was late."}))
    narrow(desk, "summaries")

    [before] = met(desk, cast.sid)
    confirm(desk, cast.olive, closed, "Answer in time.")
    [after] = met(desk, cast.sid)
    narrow(desk, "papers")
    act_declared(desk, cast.sid, closed, Step("record_review", {"observations": "None.", "learning": "Another thing."}))
    narrow(desk, "summaries")
    [more] = met(desk, cast.sid)

    assert (before.learned, before.waits) == ("", True)
    assert (after.learned, after.waits) == ("Answer in time.", False)
    assert (more.learned, more.waits) == ("Answer in time.", True)
    assert "hospice" not in str((before, after, more))
    with desk.database.read() as session:
        found = to_confirm(session, cast.olive, closed)
        assert found.waits
        assert found.learned == ("canary: the only hospice was late.", "Another thing.")
        assert not [one for one in case_page(session, desk, cast.ruth, closed).timeline if "summary:" in one.event]
    verify(desk)


@pytest.mark.parametrize(("shows", "left"), [
    ("themes", ("", ("Allocating resources",), "Withdrawn", None, None)), ("year", ("", (), "", None, 2026))])
def test_the_coordinator_lets_less_of_it_stand_where_few_could_be_meant(
        desk: Desk, cast: Cast, closed: str, shows: str, left: tuple[object, ...]) -> None:
    narrow(desk, "summaries")
    confirm(desk, cast.olive, closed, "", shows)

    [one] = met(desk, cast.sid)

    assert (one.complained, one.themes, one.outcome, one.working_days, one.year) == left
    assert one.learned == ""


def test_a_summary_is_confirmed_by_the_coordinator_of_a_case_that_has_ended_and_is_met_in_one(
        desk: Desk, cast: Cast, closed: str) -> None:
    with pytest.raises(NotFound):
        confirm(desk, cast.olive, closed, "Answer in time.")
    narrow(desk, "summaries")
    with pytest.raises(NotPermitted):
        confirm(desk, cast.ruth, closed, "Answer in time.")
    with pytest.raises(NotFound):
        confirm(desk, cast.stella, closed, "Answer in time.")
    with pytest.raises(Invalid) as unread:
        desk.database.transact(lambda session: confirm_summary(session, desk, cast.olive, closed, {"shows": "all"}))
    assert set(unread.value.fields) == {"read"}


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
    act_declared(desk, cast.sid, escalated, Step("record_review", {"observations": "Slow.", "learning": "Answer sooner.",
                                                          "recommendations": "The council names one person."}))
    act(desk, cast.omar, escalated, Step("ask_for_review", {"ground": "delay", "reasons": "It took long."}))
    act_declared(desk, cast.sid, escalated, Step("end_review", {
        "result": "faulty", "reasons": "A day was missed.", "learning": "Look each week."}))

    with desk.database.read() as session:
        [one] = escalated_cases(session, desk, cast.sid)[0]
    assert one.reviewed
    assert set(one.recorded) == {("Observed", "Slow."), ("Learned", "Answer sooner."), ("Recommended", "The council names one person."),
                                 ("Process review", "Something went wrong; going back would not help"), ("Reasons", "A day was missed."),
                                 ("Learned", "Look each week.")}
