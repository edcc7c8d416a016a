"""What the steering group reviews, and what it never sees."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import Cast, StoppedClock, act_declared, declare_none, lodge
from web.page_reader import PageReader

from breachdesk.casework.act import Step
from breachdesk.casework.desk import Desk
from breachdesk.casework.timers import fire_due_timers
from breachdesk.store.schemes import settle

Reader = Callable[[str], PageReader]


@pytest.fixture
def escalated(desk: Desk, cast: Cast, clock: StoppedClock) -> str:
    """A dispute that nobody answered, so that the clock brought it to the panel."""
    reference = lodge(desk, cast.ruth, adjustments="A room without stairs, please")
    for _ in range(20):
        clock.move(days=7)
        fire_due_timers(desk)
    return declare_none(desk, cast.sid, reference)


def test_a_dispute_that_reached_the_panel_waits_for_a_review(reader: Reader, escalated: str, desk: Desk, cast: Cast) -> None:
    young = lodge(desk, cast.ruth)

    page = reader("sid").open("/escalated")

    assert page.one("table").one("caption").text == "Not yet reviewed"
    assert escalated in page.main
    assert young not in page.main


def test_the_story_names_the_parties_the_commitment_and_every_step(reader: Reader, escalated: str) -> None:
    page = reader("sid").open(f"/escalated/{escalated}")

    for words in ("Riverside Carers", "Amberdale Council", "minimum of three months' notice", "A letter gave us one month.",
                  "Acknowledgement by the clock", "The clock asks for the panel", "The panel has given no statement yet."):
        assert words in page.main


def test_the_story_leaves_out_reminders_and_says_so(reader: Reader, escalated: str) -> None:
    main = reader("sid").open(f"/escalated/{escalated}").main

    assert "Reminder sent" not in main
    assert "Reminders are left out" in main


def test_words_for_the_coordinator_are_not_in_the_story_and_that_is_said(reader: Reader, escalated: str) -> None:
    main = reader("sid").open(f"/escalated/{escalated}").main

    assert "A room without stairs" not in main
    assert "What you do not see here" in main


def test_a_member_never_sees_a_dispute_of_their_own_organisation(reader: Reader, escalated: str) -> None:
    sara = reader("sara")

    assert escalated not in sara.open("/escalated").main
    assert "left to the other members" in sara.open(f"/escalated/{escalated}", 404).main


def test_a_dispute_that_did_not_reach_the_panel_is_not_there(reader: Reader, desk: Desk, cast: Cast) -> None:
    reference = lodge(desk, cast.ruth)

    reader("sid").open(f"/escalated/{reference}", 404)


def test_a_review_is_recorded_by_the_procedures_own_step(reader: Reader, escalated: str) -> None:
    links = {link["href"] for link in reader("sid").open(f"/escalated/{escalated}").one("main").all("a")}

    assert f"/cases/{escalated}/do/record_review" in links


def test_a_dispute_with_a_review_is_listed_as_reviewed_and_its_page_shows_it(
        reader: Reader, escalated: str, desk: Desk, cast: Cast) -> None:
    act_declared(desk, cast.sid, escalated, Step("record_review", {"observations": "Nobody answered for three months."}))
    sid = reader("sid")

    queue, page = sid.open("/escalated"), sid.open(f"/escalated/{escalated}")

    assert queue.one("table").one("caption").text == "Reviewed"
    assert "No dispute is waiting for a review." in queue.main
    assert "Nobody answered for three months." in page.main


def test_without_disputes_the_page_says_so(reader: Reader) -> None:
    assert "No dispute is waiting for a review." in reader("sid").open("/escalated").main


def test_a_page_of_the_list_that_was_made_up_is_not_found(reader: Reader) -> None:
    sid = reader("sid")

    for after in ("x", "2026-01-01", "2026-13-01.4", "2026-01-01.-4", "2026-01-01." + "9" * 30):
        sid.open(f"/escalated?after={after}", 404)


def test_a_scheme_that_narrows_its_reviews_says_so_and_shows_no_case(reader: Reader, escalated: str, desk: Desk) -> None:
    sid = reader("sid")
    for reviews, words in (("summaries", "Dispute 1: Allocating resources"), ("figures", "lets its steering group see figures only")):
        with desk.database.begin() as session:
            settle(session, 1, reviews=reviews)

        main = sid.open("/escalated").main

        assert words in main
        assert not [name for name in (escalated, "Riverside Carers", "Amberdale Council") if name in main]
        sid.open(f"/escalated/{escalated}", 404)
        sid.open(f"/cases/{escalated}", 404)


def test_the_coordinator_confirms_on_the_cases_page_what_the_summary_says(reader: Reader, escalated: str, desk: Desk, cast: Cast) -> None:
    act_declared(desk, cast.sid, escalated, Step("record_review", {
        "observations": "Slow.", "learning": "The only hospice should answer sooner."}))
    act_declared(desk, cast.ruth, escalated, Step("withdraw", {"reason_code": "settled", "reason": "Settled."}))
    with desk.database.begin() as session:
        settle(session, 1, reviews="summaries")
    way, sid = f"/cases/{escalated}/summary", reader("sid")
    assert "left out until the coordinator has confirmed" in sid.open("/escalated").main

    olive = reader("olive")
    assert way in {link["href"] for link in olive.open(f"/cases/{escalated}").all("a")}
    form = olive.open(way)
    assert "The only hospice should answer sooner." in form.one("textarea", id="learned_in_summary").raw_text
    unread = olive.send(form.form(), {"learned_in_summary": "Answer sooner.", "shows": "themes"}, 422)
    assert unread.errors() == ["Tick the box to confirm: I have read it as somebody who knows the area would, and it does not tell whose "
                               "dispute it is"]
    done = olive.send(unread.form(), {"read": "yes"})

    assert "Confirmed. The summary says this from now on." in done.main
    main = sid.open("/escalated").main
    assert "Learned: Answer sooner." in main
    assert "hospice" not in main
    assert "Voluntary" not in main
    reader("ruth").open(way, 403)
    assert way not in {link["href"] for link in reader("ruth").open(f"/cases/{escalated}").all("a")}
