"""The page of a case and the lists of cases: who sees what, and what is said."""

from __future__ import annotations

import sqlite3
from datetime import date

import pytest
from conftest import lodge, tell
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.timers import fire_due_timers

HOSTILE = ["=1+1 <script>alert(1)</script> {{ 7 * 7 }} Robert'); DROP TABLE cases;-- ＴＥＳＴ \u202egnirts "
           "&lt;b&gt; & \"quotes\" مرحبا 田中さん 👩‍👩‍👧", "a" * 200]


def dump(desk):
    """Everything that the database holds but sign-ins, whose last moment of use is kept."""
    with sqlite3.connect(desk.data_path / "breachdesk.db") as connection:
        return [line for line in connection.iterdump() if '"sessions"' not in line]


def test_a_member_reads_the_case(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    page = reader("ruth").open(f"/cases/{reference}")

    assert page.heading == "One month's notice for the carers' helpline"
    assert "Riverside Carers has complained about Amberdale Council." in page.main
    assert "The coordinator acknowledges it by Monday 9 March 2026." in page.main


def test_for_a_stranger_the_case_does_not_exist(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    stranger = reader("hana")

    hidden = stranger.open(f"/cases/{reference}", expect=404)
    missing = stranger.open("/cases/DD-2026-9999", expect=404)

    assert hidden.heading == missing.heading
    assert reference not in stranger.open("/cases").main


def test_somebody_who_has_not_signed_in_is_asked_to(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    assert reader("").follow(f"/cases/{reference}").heading == "Sign in"


def test_the_page_shows_the_commitment_word_for_word_with_its_edition(reader, desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))

    page = reader("omar").open(f"/cases/{reference}")

    assert page.one("blockquote").text == (
        "Where possible, give a minimum of three months' notice in writing when ending a funding relationship or other support and provide "
        "a clear rationale for why the decision has been taken.")
    assert "Edition V0.4 of 8 December 2016 (draft for consultation)" in page.main
    assert [row.text for row in page.all(class_="govuk-summary-list__row")] == ["Required three months", "Happened one month"]


def test_a_commitment_that_the_other_sector_owes_is_questioned(reader, desk, cast):
    reference = lodge(desk, cast.ruth, commitments=["12.7"])

    assert "Please check: The Compact puts this commitment on the voluntary sector" in reader("ruth").open(f"/cases/{reference}").main


def test_every_deadline_says_why_and_that_it_is_not_in_the_compact(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    page = reader("ruth").open(f"/cases/{reference}")

    limits = page.all(class_="desk-deadline")
    assert limits
    assert all("This is our default, not in the Compact." in limit.text for limit in limits)
    assert all("This is our default" not in line.text for limit in limits for line in limit.all("p") if not line.inside("details"))
    assert "5 working days." in limits[0].text
    assert "Saturday 7 March 2026 not counted" in limits[0].text
    assert "Monday 9 March 2026 5" in limits[0].text


def test_a_limit_that_begins_after_another_says_from_which_day_it_is_counted(reader, desk, cast, clock):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))

    def said():
        return {limit.one("h3").text: limit.all("p", class_="govuk-body-s")[0].text
                for limit in reader("ruth").open(f"/cases/{reference}").all(class_="desk-deadline")}

    before = said()
    clock.to(date(2026, 3, 11))

    assert before["Amberdale Council says that it has the complaint"] == "5 working days."
    assert before["Amberdale Council answers"] == "10 working days, counted from Monday 9 March 2026."
    assert said()["Amberdale Council answers"] == before["Amberdale Council answers"]


def test_reminders_are_folded_up_below_what_happened_and_keep_their_numbers(reader, desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    assert "Reminders sent" not in reader("ruth").open(f"/cases/{reference}").main
    clock.to(date(2026, 3, 10))
    fire_due_timers(desk)

    page = reader("ruth").open(f"/cases/{reference}")
    [folded] = [one for one in page.all("details") if one.one("summary").text == "Reminders sent (2)"]

    assert [one["id"] for one in folded.all("li")] == ["entry-3", "entry-2"]
    assert all("Reminder sent: " in one.text and f"Entry {one['id'][-1]}, its receipt." in one.text for one in folded.all("li"))
    assert [one["id"] for one in page.all(class_="desk-timeline__entry") if not one.inside("details")] == ["entry-5", "entry-4", "entry-1"]


def test_a_paused_limit_says_so(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.olive, reference, Step("ask_for_information", {"missing": "The letter, please."}))

    page = reader("ruth").open(f"/cases/{reference}")

    assert "Paused: waiting for information." in page.main
    assert any("Paused, five working days left when it goes on" in limit.text for limit in page.all(class_="desk-deadline"))
    assert [stage.one(class_="desk-track__state").text for stage in page.all("li", class_="desk-track__stage")][0] == "Paused"


def test_judicial_review_is_warned_of_but_not_managed(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    text = reader("ruth").open(f"/cases/{reference}").main

    assert "By Wednesday 20 May 2026: 3 months from Friday 20 February 2026." in text
    assert "The desk only shows this day, and does not manage it." in text


def test_what_cannot_be_done_says_why(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    reasons = reader("ruth").open(f"/cases/{reference}").one(class_="desk-reasons").text

    assert "Acknowledge the complaint This is for the coordinator." in reasons
    assert reasons.index("Go on There is no pause") < reasons.index("This is for the coordinator."), "one's own steps come first"


def test_nobody_without_an_office_is_told_to_pass_it_on(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    assert "Pass it to the stand-in" not in reader("ruth").open(f"/cases/{reference}").main


def test_a_coordinator_is_led_to_what_is_due_and_never_first_to_closing_the_case(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    olive, titles = reader("olive"), []
    for steps in (TO_THE_PANEL[:-1], [("olive", "acknowledge_referral", {"next_steps": "A panel."})], TO_THE_PANEL[-1:]):
        take(desk, cast, reference, steps)
        titles += [link.text for link in olive.open(f"/cases/{reference}").one("main").all("a", class_="govuk-button")]

    assert titles == ["Acknowledge that the panel was asked for", "Name the panel", "Open the panel"]


def test_only_the_one_whom_the_case_waits_for_gets_a_green_button(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    def green(name):
        return [link.text for link in reader(name).open(f"/cases/{reference}").one("main").all("a", class_="govuk-button")]

    assert green("olive") == ["Acknowledge the complaint"]
    tell(desk, cast.ruth, reference)
    assert green("omar") == ["Say that you have the complaint"]
    assert green("olive") == []


def test_the_timeline_says_who_did_what_in_which_role_newest_first(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "One month\ninstead of three."}))

    entries = reader("ruth").open(f"/cases/{reference}").all(class_="desk-timeline__entry")

    assert [entry.one("h3").text for entry in entries] == ["Acknowledge the complaint", "Make a complaint"]
    assert "Monday 2 March 2026, 9:00am. Olive, the coordinator. Entry 2, its receipt." in entries[0].text
    assert entries[0].one("dd").raw_text == "One month\ninstead of three."


def test_words_for_the_coordinator_alone_are_shown_to_nobody_else(reader, desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth, adjustments="Large print for me, please."))

    assert "Large print for me, please." in reader("olive").open(f"/cases/{reference}").main
    assert "Large print" not in reader("omar").open(f"/cases/{reference}").main


def test_messages_are_for_the_coordinator_to_see(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    assert "Messages, and whether they arrived" in reader("olive").open(f"/cases/{reference}").main
    assert "Messages, and whether they arrived" not in reader("ruth").open(f"/cases/{reference}").main


def test_the_letter_names_what_the_compact_asks_to_be_named(reader, desk, cast):
    reference = lodge(desk, cast.ruth)

    letter = reader("ruth").open(f"/cases/{reference}/letter").one(class_="desk-letter").raw_text

    for words in ("Amberdale Council", "Riverside Carers", "Commitment 13.2: “", "It happened on Friday 20 February 2026.",
                  "What would put it right: Three months' notice, and the reasons.", reference):
        assert words in letter
    tell(desk, cast.ruth, reference)
    assert "This is not yours to do" in reader("omar").open(f"/cases/{reference}/letter", expect=403).heading


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_exactly_and_does_nothing(reader, desk, cast, text):
    reference = lodge(desk, cast.ruth, title=text, what_happened=f"{text}\n  {text}", required=text)
    ruth = reader("ruth")

    page = ruth.open(f"/cases/{reference}")

    assert page.one("h1").raw_text == text
    assert f"{text}\n  {text}" in [said.raw_text for said in page.all("dd")]
    assert text in ruth.open(f"/cases/{reference}/letter").one(class_="desk-letter").raw_text
    assert not [script for script in page.all("script") if "alert" in script.raw_text]


def test_reading_changes_nothing(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    olive = reader("olive")
    before = dump(desk)

    for path in ("/home", "/cases", "/cases?show=closed", "/complain", *(f"/cases/{reference}{end}" for end in (
            "", "?everything=yes", "/letter", "/done/1", "/do/acknowledge", "/do/correct", "/do/withdraw"))):
        olive.open(path)

    assert dump(desk) == before


def test_long_lists_come_in_pages_that_lose_no_case(reader, desk, cast):
    references = {lodge(desk, cast.ruth, title=f"Case {number}") for number in range(27)}
    ruth = reader("ruth")

    first = ruth.open("/cases")
    second = ruth.open(first.one("a", rel="next")["href"])

    shown = [link["href"].removeprefix("/cases/") for page in (first, second) for link in page.all("a", class_="desk-list__link")]
    assert len(shown) == 27
    assert set(shown) == references
    assert "Open (27)" in first.main


@pytest.mark.parametrize("after", ["nonsense", "2026-03-02.", "2026-13-02.4", "2026-03-02.x", "2026-03-02.99999999999999999999"])
def test_a_list_address_that_says_nothing_of_use_is_the_first_page(reader, desk, cast, after):
    lodge(desk, cast.ruth)

    assert len(reader("ruth").open(f"/cases?after={after}").all("a", class_="desk-list__link")) == 1


def test_closed_cases_stand_under_closed_with_how_they_ended(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "no_longer"}))
    ruth = reader("ruth")

    assert "There is no open case that you can see." in ruth.open("/cases").main
    assert "Closed on Monday 2 March 2026: Withdrawn" in ruth.open("/cases?show=closed").main


def test_what_is_late_is_said_first_with_what_the_clock_did_meanwhile(reader, desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 11))
    fire_due_timers(desk)

    summary = reader("olive").open(f"/cases/{reference}").one(class_="govuk-inset-text").text

    assert "Late: The coordinator acknowledges the complaint. It was due by Monday 9 March 2026 (two working days late)." in summary
    assert "The clock has acted meanwhile: “Acknowledgement by the clock”. It is still owed." in summary


def test_an_entry_that_was_corrected_says_by_which(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.olive, reference, Step("correct", {"entry": 1, "correction": "The letter came on the 19th."}))

    page = reader("ruth").open(f"/cases/{reference}")

    assert "corrected by entry 2" in page.one(id="entry-1").text
    assert "corrected by" not in page.one(id="entry-2").text


def test_a_case_shows_its_way_through_the_picture_with_days_and_names(reader, desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    clock.to(date(2026, 3, 18))
    fire_due_timers(desk)

    page = reader("ruth").open(f"/cases/{reference}")

    assert len(page.all("svg", role="img")) == 2
    for svg in page.all("svg", role="img"):
        assert "The way of DD-2026-0001 so far" in svg.one("title").text
        told = svg.one("desc").text
        assert told.startswith("So far: 2 March 2026: Make a complaint, to 1 Received; 18 March 2026: The desk writes to Amberdale Council")
        assert "Now in 3 With the other organisation." in told
        assert svg.one("g", data_status="direct_open").text == "3 With the other organisation Now, since 18 March 2026"
        assert "– Amberdale Council" in svg.text
    assert "/procedures/compact-dispute/1" in [link["href"] for link in page.all("a")]
