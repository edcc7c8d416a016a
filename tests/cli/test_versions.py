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
