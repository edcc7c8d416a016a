from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.errors import Fault
from breachdesk.strict_yaml import Node, Reading

WORDS = st.text("abcdefgh", min_size=1, max_size=8)
YAML_LIKE = st.text("ab:-?,[]{}&*!|>'\"%@#\n \t0.1~<=é😀\x00\ufeff", max_size=60)


def read(text: str) -> tuple[Reading, Node | None]:
    reading = Reading("f")
    return reading, reading.root(text)


def said(reading: Reading) -> list[str]:
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in reading.faults]


def child(text: str, name: str = "a") -> tuple[Reading, Node]:
    reading, root = read(text)
    assert root is not None, said(reading)
    return reading, reading.entries(root, optional=None)[name]


def every(node: Node) -> list[Node]:
    inner = node.value.values() if isinstance(node.value, dict) else node.value if isinstance(node.value, tuple) else ()
    return [node, *(found for one in inner for found in every(one))]


@given(st.one_of(st.text(), YAML_LIKE, st.text("[{-? ", max_size=400)))
def test_no_text_makes_it_raise_and_nothing_comes_without_a_fault(text: str) -> None:
    reading, root = read(text)

    assert root is not None or reading.faults
    assert all(fault.line >= 1 and fault.column >= 1 and fault.message for fault in reading.faults)


@given(YAML_LIKE)
def test_every_question_to_any_node_is_answered_or_faulted(text: str) -> None:
    reading, root = read(text)

    for node in every(root) if root else ():
        reading.entries(node, required=("a",), optional=("b",))
        reading.items(node)
        assert isinstance(reading.text(node, among=("a", "b")), str)
        assert all(isinstance(one, str) for one in reading.texts(node))
        assert reading.whole(node, least=1) >= 1
        assert reading.flag(node) in (True, False)
        assert isinstance(reading.day(node), date)


@given(st.dictionaries(WORDS, st.lists(WORDS, min_size=1, max_size=4), min_size=1, max_size=5), st.integers(0, 3))
def test_every_value_and_every_name_stands_where_the_file_has_it(entries: dict[str, list[str]], blank: int) -> None:
    text = "\n" * blank + "".join(f"'{name}':\n" + "".join(f"   - '{one}'\n" for one in items) for name, items in entries.items())
    lines = text.splitlines()

    _, root = read(text)

    assert root is not None
    assert list(root.keys) == list(entries)
    for name, key in root.keys.items():
        assert lines[key.line - 1][key.column - 1:].startswith(f"'{name}'")
    for node in every(root):
        if isinstance(node.value, str):
            assert lines[node.line - 1][node.column - 1:] == f"'{node.value}'"


@given(st.integers(1, 9), st.integers(0, 6), st.sampled_from(["yes", "1.10", "010", "1:30", "~", "2016-12-08", "3.0e+4", "off"]))
def test_what_yaml_would_guess_at_is_a_fault_where_it_stands(line: int, indent: int, guessed: str) -> None:
    reading, root = read("# a remark\n" * (line - 1) + " " * indent + guessed)

    assert root is not None
    assert reading.text(root) == ""
    [fault] = reading.faults
    assert (fault.line, fault.column) == (line, indent + 1)
    assert guessed in fault.message
    assert "put it in quotes" in fault.message


@given(st.sampled_from(["yes", "1.10", "010", "1:30", "~", "2016-12-08", "3.0e+4", "off"]))
def test_the_same_in_quotes_is_the_text_itself(guessed: str) -> None:
    reading, root = read(f'"{guessed}"')

    assert root is not None
    assert reading.text(root) == guessed
    assert reading.faults == []


@pytest.mark.parametrize(("text", "faults"), [
    ("", ["1:1: the file is empty"]),
    ("# only a remark", ["1:1: the file is empty"]),
    ("a: [b", ["2:1: this is not YAML: did not find expected ',' or ']'"]),
    ("a: b\n c: d", ["2:3: this is not YAML: mapping values are not allowed in this context"]),
    ("--- a\n--- b", ["2:1: this is not YAML: but found another document"]),
    ("a: &x b\nc: *x\nd: [*x]", ["2:4: aliases (*) are not used here: write the value out",
                                "3:5: aliases (*) are not used here: write the value out"]),
    ("a: 1\nb: 2\na: 3", ["3:1: “a” stands here twice; it is first on line 1"]),
    ("1.1: a\nyes: b\n[c]: d", ["1:1: a name must be text: put it in quotes", "2:1: a name must be text: put it in quotes",
                                "3:1: a name must be text: put it in quotes"]),
    ("a:\n  <<: {b: c}", ["2:3: merging (<<) is not used here: write the entries out"]),
    ("a: !mine b", ["1:4: tags (!mine) are not used here: leave it out"]),
    ("a: !!set {b}", ["1:4: tags (tag:yaml.org,2002:set) are not used here: leave it out"]),
    ("[" * 100_000, ["1:51: this stands inside more than 50 others: write it flatter"]),
    ("- " * 5_000, ["1:101: this stands inside more than 50 others: write it flatter"]),
])
def test_a_file_that_cannot_be_read_says_where_and_why(text: str, faults: list[str]) -> None:
    reading, _ = read(text)

    assert said(reading) == faults


def test_fifty_deep_is_still_read() -> None:
    reading, root = read("[" * 50 + "]" * 50)

    assert root is not None
    assert reading.faults == []


def test_unknown_and_missing_names_are_told_apart_and_the_likely_one_is_offered() -> None:
    reading, root = read("titel: x\nslug: y")

    assert root is not None
    assert list(reading.entries(root, required=("slug", "title"))) == ["slug"]
    assert said(reading) == ["1:1: “titel” is not known here; did you mean “title”?", "1:1: “title” is missing"]


@pytest.mark.parametrize(("written", "whole"), [
    ("0", 0), ("7", 7), ("'12'", 12), ("010", None), ("1_000", None), ("-1", None), ("1.0", None),
])
def test_a_whole_number_is_digits_without_a_leading_nought(written: str, whole: int | None) -> None:
    reading, node = child(f"a: {written}")

    assert reading.whole(node) == (whole or 0)
    assert bool(reading.faults) == (whole is None)


@pytest.mark.parametrize(("written", "flag"), [("true", True), ("false", False), ("yes", None), ("True", None), ("[true]", None)])
def test_a_flag_is_true_or_false_and_nothing_else(written: str, flag: bool | None) -> None:
    reading, node = child(f"a: {written}")

    assert reading.flag(node) is bool(flag)
    assert said(reading) == ([] if flag is not None else ["1:4: true or false is expected here"])


@pytest.mark.parametrize(("written", "day"), [
    ("2016-12-08", date(2016, 12, 8)), ("2024-02-29", date(2024, 2, 29)),
    ("2023-02-29", None), ("8 December 2016", None), ("2016-12-8", None), ("20161208", None), ("２０１６-12-08", None),
])
def test_a_date_is_year_month_and_day_and_exists(written: str, day: date | None) -> None:
    reading, node = child(f"a: {written}")

    assert reading.day(node) == (day or date.min)
    assert said(reading) == ([] if day else ["1:4: a date like 2016-12-08 is expected here"])


def test_a_list_of_texts_names_each_bad_one_and_each_repeated_one() -> None:
    reading, node = child("a: [x, '', no, x]")

    assert reading.texts(node) == ("x", "", "", "x")
    assert reading.faults == [
        Fault("f", 1, 8, "text is expected here, and this is empty"),
        Fault("f", 1, 12, "YAML takes no for yes or no: put it in quotes"),
        Fault("f", 1, 16, "“x” stands here twice"),
    ]


def test_an_empty_value_is_called_empty() -> None:
    reading, node = child("a:\nb: c")

    assert reading.text(node, among=("x", "y")) == ""
    assert said(reading) == ["1:3: text is expected here, and this is empty"]


def test_an_entry_whose_name_lacks_its_quotes_is_still_read_for_its_own_faults() -> None:
    reading, root = read("7.10:\n  - ''")

    assert root is not None
    reading.texts(reading.entries(root, optional=None)["7.10"])
    assert said(reading) == ["1:1: a name must be text: put it in quotes", "2:5: text is expected here, and this is empty"]
