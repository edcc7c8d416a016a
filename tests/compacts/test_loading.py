from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.compacts.editions import Compact, Measure
from breachdesk.compacts.loading import load_compact
from breachdesk.errors import BadCompact

COMPACT = """\
slug: here
title: The Compact
vocabulary: {statutory: Public sector, voluntary: Third sector}
editions:
  - label: V1
    dated_on: 2003-02-01
    status: adopted
    principles:
      Respect: We respect each other.
    remedy_text: [Talk first., Then ask a critical friend.]
    measures:
      "1.2": {at_least: 3 months, of: notice}
    commitments:
      Resources:
        "1. Grants":
          statutory:
            "1.1": Pay on time.
            "1.2": Give notice.
          jointly:
            "1.4": Publish both.
"""


def faults_of(text: str) -> list[str]:
    with pytest.raises(BadCompact) as raised:
        load_compact(text, "c.yaml")
    assert all(fault.file == "c.yaml" for fault in raised.value.faults)
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults]


def broken(old: str, new: str) -> str:
    assert COMPACT.count(old) == 1, f"“{old}” must stand once"
    return COMPACT.replace(old, new)


def test_a_sound_file_becomes_a_compact() -> None:
    compact = load_compact(COMPACT, "c.yaml")

    assert isinstance(compact, Compact)
    [edition] = compact.editions
    assert [(one.code, one.owed_by, one.theme, one.section) for one in edition.commitments] == [
        ("1.1", "statutory", "Resources", "1. Grants"), ("1.2", "statutory", "Resources", "1. Grants"),
        ("1.4", "jointly", "Resources", "1. Grants")]
    assert edition.commitment("1.2").measure == Measure(True, "3 months", "notice")
    assert edition.remedy_text == "Talk first.\n\nThen ask a critical friend."
    assert compact.vocabulary["voluntary"] == "Third sector"


@pytest.mark.parametrize(("old", "new", "faults"), [
    # Names: unknown, missing, twice.
    ("title: The", "titel: The", ["1:1: “title” is missing", "2:1: “titel” is not known here; did you mean “title”?"]),
    ("    status: adopted\n", "", ["5:5: “status” is missing"]),
    ("    status: adopted\n", "    status: adopted\n    label: V2\n", ["8:5: “label” stands here twice; it is first on line 5"]),
    ("slug: here", "slug: Here We Are", [
        "1:7: “Here We Are” does not do here: a short name in small letters, digits and hyphens is expected"]),
    # Words from a list.
    ("status: adopted", "status: adoptd", ["7:13: “adoptd” is not known here; did you mean “adopted”?"]),
    ("          statutory:\n", "          statuary:\n", ["12:7: there is no commitment 1.2 in edition V1",
                                                          "16:11: “statuary” is not known here; did you mean “statutory”?"]),
    ("{statutory: Public sector, voluntary: Third sector}", "{statutory: Public sector}", ["3:13: “voluntary” is missing"]),
    # Numbers: unquoted, twice, not a number, unknown.
    ('            "1.1"', "            1.1", ["17:13: a name must be text: put it in quotes"]),
    ('"1.4"', '"1.1"', ["20:13: “1.1” stands twice in edition V1; it is first on line 17"]),
    ('            "1.2"', '            "1.1"', ["12:7: there is no commitment 1.2 in edition V1",
                                                "18:13: “1.1” stands here twice; it is first on line 17"]),
    ('"1.4"', '"1 4"', ["20:13: “1 4” does not do here: a number as printed (letters, digits and points) is expected"]),
    ('      "1.2": {', '      "1.3": {', ["12:7: there is no commitment 1.3 in edition V1"]),
    # Text: empty, guessed at, not text.
    ("Pay on time.", '""', ["17:20: text is expected here, and this is empty"]),
    ("Pay on time.", "no", ["17:20: YAML takes no for yes or no: put it in quotes"]),
    ("Pay on time.", "[Pay, on time.]", ["17:20: text is expected here"]),
    ("label: V1", "label: 1.0", ["5:12: YAML takes 1.0 for a number: put it in quotes"]),
    ("[Talk first., Then ask a critical friend.]", "[]", ["10:18: “remedy_text” needs at least one item"]),
    ("[Talk first., Then ask a critical friend.]", "Talk first.", [
        "10:18: a list is expected here ([one, two], or lines that begin with -)"]),
    # Days.
    ("2003-02-01", "1 February 2003", ["6:15: a date like 2016-12-08 is expected here"]),
    ("2003-02-01", "2003-02-30", ["6:15: a date like 2016-12-08 is expected here"]),
    # Measures.
    ("3 months", "ninety days", ["12:25: “ninety days” does not do here: an amount like 3 months is expected"]),
    ("at_least: 3 months, of", "at_least: 3 months, at_most: 4 months, of", ["12:14: say either at_least or at_most"]),
    ("at_least: 3 months, of: notice", "of: notice", ["12:14: say either at_least or at_most"]),
    # Nothing where something belongs.
    ("      Respect: We respect each other.", "      {}", ["9:7: principles are expected here, and there are none"]),
    ('          jointly:\n            "1.4": Publish both.\n', '        "2. Loans": {}\n',
     ["19:21: say who owes what: statutory, voluntary, jointly"]),
    ('          jointly:\n            "1.4": Publish both.\n', "      Equality: {}\n",
     ["19:17: sections are expected here, and there are none"]),
])
def test_each_fault_is_named_with_its_place(old: str, new: str, faults: list[str]) -> None:
    assert faults_of(broken(old, new)) == faults


def test_two_editions_may_not_share_a_label() -> None:
    second = COMPACT[COMPACT.index("  - label"):]

    assert faults_of(COMPACT + second) == ["21:12: “V1” stands twice in this Compact; it is first on line 5"]


def test_the_same_number_may_stand_in_two_editions() -> None:
    second = COMPACT[COMPACT.index("  - label"):].replace("label: V1", "label: V2")

    assert [edition.label for edition in load_compact(COMPACT + second, "c.yaml").editions] == ["V1", "V2"]


def test_all_that_is_wrong_is_said_in_one_run() -> None:
    text = (COMPACT.replace("slug: here", "slug: ?!").replace("status: adopted", "status: old").replace("2003-02-01", "soon")
            .replace('"1.4"', "1.4").replace("Pay on time.", '" "').replace("3 months", "long"))

    assert [fault.split(":")[0] for fault in faults_of(text)] == ["1", "6", "7", "12", "17", "20"]


@pytest.mark.parametrize(("text", "faults"), [
    ("", ["1:1: the file is empty"]),
    ("- a", ["1:1: names with values are expected here (name: value)"]),
    ("slug: [", ["2:1: this is not YAML: did not find expected node content"]),
])
def test_what_is_no_compact_at_all_is_said_too(text: str, faults: list[str]) -> None:
    assert faults_of(text)[:1] == faults


@given(st.data())
def test_a_file_with_a_piece_torn_out_is_read_or_faulted_and_never_breaks_the_reader(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(COMPACT)))
    end = data.draw(st.integers(start, len(COMPACT)))

    with suppress(BadCompact):
        load_compact(COMPACT[:start] + COMPACT[end:], "c.yaml")
