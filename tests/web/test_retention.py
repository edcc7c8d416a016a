"""The page on which a coordinator sees what goes when, holds a case back, and lets go what is due; and the commands."""

from __future__ import annotations

from datetime import date

from casework.forgetting.test_erasing import closed_case, words
from click.testing import CliRunner

from breachdesk.casework.forgetting.retention import dispose
from breachdesk.cli.commands import breachdesk


def test_a_coordinator_holds_a_case_back_looks_at_the_list_and_lets_the_rest_go(reader, desk, cast, clock):
    first, second = closed_case(desk, cast), closed_case(desk, cast)
    clock.to(date(2032, 3, 2))
    olive = reader("olive")
    assert "Waits until you have looked" in olive.open("/retention").main

    olive.send(olive.open(f"/cases/{first}/hold").form(), {
        "kind": "foi", "reason": "Request 12 to the council.", "review_on-day": "1", "review_on-month": "8", "review_on-year": "2032"})
    page = olive.open("/retention")
    assert "Held: a request for information (FOI) is being dealt with" in page.main
    olive.send(page.form("/retention/derby-and-derbyshire/looked"))
    dispose(desk)

    page = olive.open("/retention")
    assert f"{second}, the whole record" in page.main
    assert words(desk, first)
    assert not words(desk, second)
    olive.send(page.form(f"/cases/{first}/hold/1/lift"))
    assert "No case is held back by anybody" in olive.open("/retention").main
    assert "What the desk need not keep any longer was deleted" in olive.open(f"/cases/{second}").main


def test_how_long_something_is_kept_is_settled_on_the_schemes_page(reader, desk):
    olive = reader("olive")
    page = olive.open("/scheme/derby-and-derbyshire/set-up")
    form = page.form("/scheme/derby-and-derbyshire/set-up/retention")

    page = olive.send(form, {"keep_files_months": "6", "keep_record_years": "3", "disposes_by_itself": "yes"})

    assert "Files: six months after the last step of a closed case. Words: three years after it closed." in page.main


def test_the_commands_say_what_goes_what_is_held_and_let_go(desk, cast, monkeypatch):
    monkeypatch.setenv("BREACHDESK_DATA_DIR", str(desk.data_path))

    for said, expected in ((("preview",), "Nothing is due."), (("run",), "Files went of 0 cases"), (("holds",), "No case is held back")):
        done = CliRunner().invoke(breachdesk, ["retention", *said])
        assert done.exit_code == 0, done.output
        assert expected in done.output
