"""Words are found in every kind of file that can be read without a program of its own; of the others it is said that they were not."""

from __future__ import annotations

from time import process_time

import pytest
from casework.test_file_kinds import packed
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.casework.file_kinds import _KINDS
from breachdesk.casework.file_words import UNREAD, FileWords, words_in

MAIL = b"""From: Nora =?utf-8?q?Quetzalw=C3=ADng?= <nora@x.example>
To: desk@x.example
Subject: About the grant
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=XX

--XX
Content-Type: text/html; charset=utf-8
Content-Transfer-Encoding: base64

PHA+UmluZyA8Yj5SdTwvYj50aDwvcD48cD50b2RheTwvcD4=
--XX
Content-Type: text/plain

Yours, Omar
--XX%s--
"""
PDF = b"\nContent-Type: application/pdf\n\n%PDF-1.4\n--XX"


def document(body, **more):
    return packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": body.encode(), **more})


@pytest.mark.parametrize(("kind", "content", "found"), [
    ("txt", "Ruth\n  Ferris".encode("utf-16"), "Ruth Ferris"), ("csv", b"name,post\r\nRuth,head", "Ruth,head"),
    ("txt", "Zoë".encode("cp1252"), "Zoë"), ("eml", MAIL % b"", "Nora Quetzalwíng"), ("eml", MAIL % b"", "Ring Ruth today"),
    ("eml", MAIL % b"", "Yours, Omar"), ("eml", MAIL % b"", "About the grant"),
    ("docx", document("<w:p><w:r><w:t>Ru</w:t></w:r><w:r><w:t>th &amp; Omar</w:t></w:r></w:p><w:p>Next</w:p>"), "Ruth & Omar Next"),
    ("docx", document("<w:p><w:ins w:author=\"Olive Oak\"><w:t>x</w:t></w:ins></w:p>"), "Olive Oak"),
    ("docx", document("<w/>", **{"docProps/core.xml": b"<a><dc:creator>Ruth Ferris</dc:creator><b>Omar</b></a>"}), "Ruth Ferris Omar"),
    ("docx", document("<w/>", **{"word/comments.xml": b"<w:t>Ask Ruth.</w:t>"}), "Ask Ruth."),
    ("xlsx", packed({"xl/sharedStrings.xml": b"<si><t>Ruth</t></si><si><t>Omar</t></si>"}), "Ruth Omar"),
    ("odt", packed({"mimetype": b"x", "content.xml": b"<text:p>R<text:span>uth</text:span></text:p><text:p>z</text:p>"}), "Ruth z"),
    ("ods", packed({"content.xml": b"<table:table-cell>Ruth</table:table-cell><table:table-cell>9</table:table-cell>"}), "Ruth 9")])
def test_words_are_found(kind, content, found):
    read = words_in(kind, content)

    assert found in read.words
    assert read.all_of_it


@pytest.mark.parametrize(("kind", "content"), [
    ("pdf", b"%PDF-1.4 Ruth"), ("png", b"\x89PNG"), ("jpeg", b"\xff\xd8\xff"), ("docx", b"no zip"), ("txt", b"\xff\xfe\x00"),
    ("odt", packed({"content.xml": b"Ruth"})[:-40])])
def test_what_cannot_be_read_says_so(kind, content):
    assert words_in(kind, content) == UNREAD


@pytest.mark.parametrize(("kind", "content"), [
    ("eml", MAIL % PDF), ("docx", document("<w:t>Ring Ruth today</w:t>", **{"word/media/image1.png": b"x"})),
    ("odt", packed({"content.xml": b"<p>Ring Ruth today</p>", "Object 1/thing.bin": b"x"}))])
def test_of_what_holds_more_than_was_read_it_is_said(kind, content):
    read = words_in(kind, content)

    assert "Ring Ruth today" in read.words
    assert not read.all_of_it


def test_the_small_picture_of_itself_that_a_document_carries_is_not_more():
    assert words_in("odt", packed({"content.xml": b"<p>A</p>", "Thumbnails/thumbnail.png": b"x", "Configurations2/": b""})).all_of_it


@given(kind=st.sampled_from(sorted(_KINDS)), content=st.binary(max_size=300) | st.binary(max_size=200).map(lambda one: MAIL[:150] + one))
def test_whatever_is_in_a_file_it_is_read_or_not_and_nothing_else_happens(kind, content):
    assert isinstance(words_in(kind, content), FileWords)


@pytest.mark.parametrize(("kind", "evil"), [
    ("docx", b"<"), ("docx", b"</a-"), ("docx", b"<br"), ("docx", b'author="'), ("docx", b"<w:author=\"x"), ("docx", b"</"),
    ("docx", b"&amp"), ("eml", b"("), ("eml", b"=?utf-8?q?"), ("eml", b'"<'), ("eml", b",a@b"), ("eml", b"\n\t"), ("eml", b"a:;"),
    ("eml", b"--XX\n\n")])
def test_no_file_is_made_so_that_to_read_it_takes_long(kind, evil):
    """Four times as much takes about four times as long: not sixteen times."""
    def took(much):
        begin = process_time()
        words_in(kind, document((evil * much).decode()) if kind == "docx" else b"To: " + evil * much + b"\n\n" + evil * much)
        return process_time() - begin

    took(100)
    # A second look, where a busy machine has spoilt the first.
    assert any(took(80_000) < 10 * took(20_000) + 0.1 for _ in range(2))


def test_a_document_with_more_in_it_than_can_be_searched_at_once_says_so():
    assert words_in("docx", document("words " * 4_000_000)) == UNREAD
