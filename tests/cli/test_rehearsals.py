"""`breachdesk workflow test`, as somebody types it: what goes as told, what does not, and what nobody plays."""

from __future__ import annotations

import json

import pytest

from breachdesk.resources import text

NAME = "the-council-never-answers.yaml"


@pytest.fixture
def story(written):
    """The printed example, with something in it told otherwise."""
    def write(find: str = "", put: str = "", name: str = "story.yaml"):
        told = text("workflows", "rehearsals", NAME)
        assert find in told
        return written(told.replace(find, put, 1), name)
    return write


def test_the_printed_example_goes_as_told_without_a_desk(run, story):
    assert run("workflow", "test", "--example").stdout == text("workflows", "rehearsals", NAME)

    told = run("workflow", "test", story()).stdout

    assert told.startswith("as told  The council never answers (")
    assert told.endswith("1 rehearsal: all as told.\n")


def test_what_goes_another_way_is_told_with_its_line_and_day_and_ends_with_1(run, story):
    file = story("status: received", "status: screening")

    told = run("workflow", "test", file, expect=1).stdout.splitlines()

    assert told[0].startswith("ASTRAY   The council never answers")
    assert told[1].strip() == (f"{file}:17: Monday 2 March 2026: expected the case at “Being checked” (screening); "
                               "it is at “Received” (received).")


def test_a_file_that_cannot_be_read_is_told_with_the_others(run, story):
    good, bad = story(name="good.yaml"), story("does: lodge", "does: loge", name="bad.yaml")

    found = json.loads(run("workflow", "test", bad, good, "--json", expect=1).stdout)

    assert [one["passed"] for one in found] == [False, True]
    assert [fault["message"] for fault in found[0]["faults"]] == ["“loge” is not known here; did you mean “lodge”?"]
    assert (found[1]["title"], found[1]["began_on"], found[1]["astray"]) == ("The council never answers", "2026-03-02", [])


def test_coverage_names_who_plays_each_step_and_what_nobody_plays(run, story):
    found = json.loads(run("workflow", "test", story(), "--coverage", "--json").stdout)["coverage"]

    by_name = {(one["kind"], *one["names"]): one["rehearsals"] for one in found}
    assert by_name["action", "lodge"] == ["The council never answers"]
    assert by_name["edge", "respond", "second_notice_by_clock"] == ["The council never answers"]
    assert by_name["action", "withdraw"] == []
    assert "(by none)" in run("workflow", "test", story(), "--coverage").stdout
