"""Versions of a procedure at the command line: compared, published by two people, moved to, and taken back."""

from __future__ import annotations

import json

import pytest
from two_versions import FIRST, PLAN, SECOND, SHORT


def test_two_files_are_compared_in_words_and_as_facts(run, written):
    old, new = written(FIRST, "1.yaml"), written(SECOND, "2.yaml")

    told = run("workflow", "diff", old, new).stdout
    data = json.loads(run("workflow", "diff", old, new, "--json").stdout)

    assert "A short road: from short-road, version 1, to short-road, version 2" in told
    assert "  The panel's statement: 25 → 30 working days\n" in told
    assert {"part": "limits", "name": "statement", "question": "", "kind": "changed", "field": "lasts", "old": "25 working days",
            "new": "30 working days"} in data["differences"]
    assert (data["from"]["version"], data["to"]["version"]) == ("1", "2")


def test_remarks_in_a_file_are_no_difference_and_a_file_is_itself(run, written):
    old, new = written(FIRST, "1.yaml"), written(f"# A remark.\n{FIRST}", "2.yaml")

    assert "only remarks, spaces or the version" in run("workflow", "diff", old, new).stdout
    assert "the same file" in run("workflow", "diff", "compact-dispute.v1", "compact-dispute.v1").stdout


def officers(practice, *texts, written):
    """Versions taken in and published by the practice desk's coordinator and operator."""
    for place, text in enumerate(texts, 1):
        practice("workflow", "add", written(text, f"{place}.yaml"))
        practice("workflow", "publish", "short-road", place, "--as", "olive@desk.example")
        practice("workflow", "publish", "short-road", place, "--as", "ops@desk.example")


def test_a_draft_is_taken_in_published_by_two_and_used_from_a_day(practice, written):
    assert "is here as a draft" in practice("workflow", "add", written(FIRST, "1.yaml")).stdout
    assert "short-road       1        draft " in practice("workflow", "list").stdout

    assert "is proposed" in practice("workflow", "publish", "short-road", 1, "--as", "olive@desk.example").stdout
    again = practice("workflow", "publish", "short-road", 1, "--as", "olive@desk.example", expect=1)
    assert "Somebody else has to publish it" in again.stderr
    assert "is published" in practice("workflow", "publish", "short-road", 1, "--as", "ops@desk.example").stdout
    practice("workflow", "use", "short-road", 1, "--from", "2026-04-01", "--as", "olive@desk.example")

    told = practice("workflow", "list").stdout
    assert "published by Otto Spindle, proposed by Olive Hart  derby-and-derbyshire from Wednesday 1 April 2026" in told
    [shipped, short] = json.loads(practice("workflow", "list", "--json").stdout)
    assert (shipped["state"], shipped["published_by"], short["used"]) == (
        "published", None, [{"scheme": "derby-and-derbyshire", "from": "2026-04-01"}])


def test_one_person_alone_is_enough_only_where_that_is_allowed(practice, written):
    practice("scheme", "single-officer", "derby-and-derbyshire", "--on")
    practice("workflow", "add", written(FIRST, "1.yaml"))
    practice("workflow", "publish", "short-road", 1, "--as", "olive@desk.example")

    assert "by one person alone: the log says so" in practice("workflow", "publish", "short-road", 1, "--as", "olive@desk.example").stdout


def test_what_this_desk_holds_is_compared_by_its_name(practice, written):
    officers(practice, FIRST, written=written)

    told = practice("workflow", "diff", "short-road.v1", written(SECOND, "2.yaml")).stdout

    assert "The panel's statement: 25 → 30 working days" in told
    assert "There is no version 7 of “short-road”" in practice("workflow", "diff", "short-road.v7", "short-road.v1", expect=1).stderr


def test_a_file_is_locked_once_it_is_published(run, written):
    file = written(FIRST, "short-road.v1.yaml")

    assert "is locked as version 1" in run("workflow", "lock", file).stdout
    assert "is locked already" in run("workflow", "lock", file, expect=1).stderr




@pytest.fixture
def under_way(practice, written):
    """Two cases under the first version, the second published."""
    officers(practice, FIRST, SECOND, written=written)
    practice("workflow", "use", "short-road", 1, "--as", "olive@desk.example")
    for place in (1, 2):
        practice("case", "lodge", "--as", "ruth@riverside.example", "--file", written(SHORT, f"{place}.json"))
        practice("case", "act", f"DD-2026-000{place}", "tell", "--as", "ruth@riverside.example")
    practice("desk", "clock", "--forward", "1 days")
    return practice


def test_a_move_is_looked_at_done_and_taken_back(under_way, written):
    plan = written(PLAN, "plan.yaml")

    ahead = under_way("workflow", "migrate", plan).stdout
    assert ahead.splitlines() == [
        "DD-2026-0001  Asked → Asked  next deadline 16 Mar 2026 → 24 Mar 2026",
        "DD-2026-0002  Asked → Asked  next deadline 16 Mar 2026 → 24 Mar 2026",
        "2 cases would go from version 1 to version 2. Nothing has been changed."]
    assert json.loads(under_way("workflow", "migrate", plan, "--json").stdout)[0]["limits"][0] == {
        "limit": "answer", "subject": 2, "rule": "restart", "old_due": "2026-03-16", "new_due": "2026-03-24", "why": None}
    assert "has been moved yet" in under_way("workflow", "moves").stdout

    done = under_way("workflow", "migrate", plan, "--run", "--as", "olive@desk.example").stdout
    assert done.splitlines()[:2] == ahead.splitlines()[:2]
    assert "2 cases went from version 1 to version 2." in done
    assert "finished" in under_way("workflow", "moves").stdout

    under_way("case", "act", "DD-2026-0002", "refer", "--as", "ruth@riverside.example")
    back = under_way("workflow", "revert", 1, "--as", "ops@desk.example", expect=1).stdout
    assert back.splitlines() == [
        "DD-2026-0001  back at “Asked”", "DD-2026-0002  left as it is: it was touched since: 1 entry in its log",
        "1 case went back to version 1. 1 case had been touched since and stayed."]
    assert "taken back" in under_way("workflow", "moves").stdout


def test_a_plan_with_faults_and_one_that_nobody_signs_are_refused(under_way, written):
    faults = under_way("workflow", "migrate", written(PLAN.replace("window: drop, ", ""), "plan.yaml"), expect=1).stderr

    assert "plan.yaml:5:9: say under “limits” what becomes of “window”" in faults
    assert "--as EMAIL" in under_way("workflow", "migrate", written(PLAN, "plan.yaml"), "--run", expect=2).stderr


def test_the_printed_example_is_a_plan_once_it_is_filled_in(under_way, written):
    example = under_way("workflow", "migrate", "--example", "short-road.v1", "short-road.v2").stdout

    assert "  thinking: \n" in example
    told = under_way("workflow", "migrate", written(example.replace("thinking:", "thinking: replied"), "plan.yaml")).stdout
    assert "2 cases would go" in told
