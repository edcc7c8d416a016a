"""Versions of a procedure at the command line: compared, published by two people, moved to, and taken back."""

from __future__ import annotations

import json

from two_versions import FIRST, SECOND


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
