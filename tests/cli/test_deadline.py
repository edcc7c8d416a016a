"""`breachdesk deadline`: one limit, or a file of them; no desk is needed."""

from __future__ import annotations

import json


def test_a_limit_is_answered_in_words_and_explained_day_by_day(run):
    told = run("deadline", "--from", "2026-12-18", "--working-days", "10", "--explain").stdout

    assert told.startswith("10 working days from 18 December 2026 end with Wednesday 6 January 2027")
    assert "Boxing Day, substitute day" in told


def test_programs_get_the_day_the_calendar_and_each_day_that_was_counted(run):
    asked = ("--calendar", "scotland", "--from", "2026-11-27", "--working-days", "1")
    found = json.loads(run("deadline", *asked, "--explain", "--json").stdout)

    assert (found["due"], found["calendar"], found["provisional_after"]) == ("2026-12-01", "scotland", None)
    assert [one["counted"] for one in found["days"]] == [False, False, False, False, True]


def test_a_limit_needs_a_day_and_one_length(run):
    run("deadline", expect=2)
    run("deadline", "--from", "2026-12-18", expect=2)
    run("deadline", "--from", "2026-12-18", "--working-days", "5", "--weeks", "1", expect=2)
    run("deadline", "--from", "18/12/2026", "--working-days", "5", expect=2)


def test_a_file_is_printed_again_with_the_day_and_each_line_that_cannot_be_reckoned_is_named(run, written):
    file = written("calendar,from,working_days\nengland-and-wales,2026-12-18,10\nengland-and-wales,2026-02-30,1\n", "limits.csv")

    done = run("deadline", "--batch", file, expect=1)

    assert done.stdout.splitlines() == ["calendar,from,working_days,due", "england-and-wales,2026-12-18,10,2027-01-06",
                                        "england-and-wales,2026-02-30,1,"]
    assert done.stderr.startswith("line 3, from: ")


def test_what_is_no_text_is_refused_in_words(run, written):
    done = run("deadline", "--batch", written(b"calendar,from,working_days\n\xff\xfe,1,2\n", "limits.csv"), expect=1)

    assert "This is no CSV file in UTF-8" in done.stderr
