"""What a procedure does, as stories: readable by everybody, with days, and in the words of the procedure."""

from __future__ import annotations

from breachdesk.casework.procedures.setting_up import shipped_rehearsals


def addresses(page):
    return {link["href"] for link in page.all("a")}


def test_everybody_finds_all_stories_from_the_page_about_the_procedure(reader):
    assert "/procedure/stories" in addresses(reader("").open("/procedure"))

    listed = reader("").open("/procedure/stories")

    assert {f"/procedure/stories/{file.stem}" for file in shipped_rehearsals()} <= addresses(listed)


def test_a_story_says_who_does_what_on_which_day_and_where_the_case_is_then(reader):
    told = reader("").open("/procedure/stories/the-council-never-answers").main

    assert "2 March 2026 Riverside Carers Make a complaint Received" in told
    assert "Working day 1 Riverside Carers Record your contact with Amberdale Council With the other organisation" in told
    assert "Until 25 March 2026 The clock Second notice No answer yet" in told
    assert "At the end: Not resolved." in told


def test_what_the_story_says_is_refused_is_said_to_be(reader):
    assert "Promise that nobody is worse off for this (this is refused)" in reader("").open("/procedure/stories/afraid-for-the-grant").main


def test_there_is_no_other_story(reader):
    assert "There is no such story." in reader("").open("/procedure/stories/nowhere", 404).main
