"""Files that people write by hand: everything that is wrong with one is said with its place."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.cli.files import LARGEST, read_answers_file, read_text
from breachdesk.errors import BadFile


@pytest.mark.parametrize(("content", "said"), [
    ("", "1:1: this is not JSON: Expecting value"),
    ("{\n \"a\": 1,\n}", "3:1: this is not JSON: Expecting property name enclosed in double quotes"),
    ("[1]", '1:1: names with answers are expected here ({"name": "answer"})'),
    ('{"a": 1,\n   "a": 2}', "2:4: “a” stands here twice"),
    ('{"a": {"é": 1, "é": 2}}', "1:16: “é” stands here twice"),
    ('{"a": NaN}', "1:1: this cannot be read: NaN is not a number that JSON knows"),
    ('{"a": ' + "[" * 100_000, "1:1: this cannot be read: it is nested too deep"),
    ('{"a": ' + "9" * 5000 + "}", "1:1: this cannot be read: a number in it has too many digits"),
    (b'{\n  "a": "\xff"}', "2:9: this is not text in UTF-8: save the file in that encoding"),
    (b" " * (LARGEST + 1), "1:1: the file is larger than 1,000,000 bytes"),
], ids=range(10))
def test_what_is_wrong_with_a_file_is_said_with_its_place(written, content, said):
    file = written(content)

    with pytest.raises(BadFile) as refused:
        read_answers_file(file)

    assert str(refused.value) == f"{file}:{said}"


def test_a_mark_at_the_beginning_that_some_editors_write_is_no_fault(written):
    assert read_answers_file(written(b'\xef\xbb\xbf{"a": "b"}')) == {"a": "b"}


@given(content=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: json.dumps({text: text}).encode()))
def test_any_file_is_read_or_refused_and_nothing_else(tmp_path_factory, content):
    file = tmp_path_factory.mktemp("any") / "file.json"
    file.write_bytes(content)

    for read in (read_text, read_answers_file):
        with suppress(BadFile):
            assert isinstance(read(file), str | dict)
