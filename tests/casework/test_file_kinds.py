"""Which files are taken: by what is in them, held against their name."""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.casework.file_kinds import NotTaken, clean_name, kind_of

DOCX = {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"}


def packed(parts, **flags):
    """A zip file with these parts."""
    buffer = BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            # The same bytes at any moment: some stand in the names of tests, which every worker must find alike.
            file.writestr(ZipInfo(name), content, ZIP_DEFLATED)
    content = buffer.getvalue()
    if flags.get("locked"):     # The bit that says that a part is encrypted, in the list at the end.
        place = content.rindex(b"PK\x01\x02")
        content = content[:place + 8] + bytes([content[place + 8] | 1]) + content[place + 9:]
    return content


def opendocument(what):
    return packed({"mimetype": f"application/vnd.oasis.opendocument.{what}".encode(), "content.xml": b"<x/>"})


@pytest.mark.parametrize(("name", "content", "kind"), [
    ("letter.pdf", b"%PDF-1.7 ...", "pdf"), ("LETTER.PDF", b"%PDF-1.4", "pdf"),
    ("photo.jpg", b"\xff\xd8\xff\xe0...", "jpeg"), ("photo.jpeg", b"\xff\xd8\xff\xe0", "jpeg"),
    ("chart.png", b"\x89PNG\r\n\x1a\n...", "png"),
    ("notes.txt", "Café, £900".encode(), "txt"), ("notes.txt", "Café".encode("cp1252"), "txt"),
    ("notes.txt", "Wörter".encode("utf-16"), "txt"),
    ("table.csv", b"a,b\r\n1,2\r\n", "csv"), ("mail.eml", b"From: a@x.example\r\nSubject: Hello\r\n\r\nWords.", "eml"),
    ("letter.docx", packed(DOCX), "docx"), ("table.xlsx", packed({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "xlsx"),
    ("letter.odt", opendocument("text"), "odt"), ("table.ods", opendocument("spreadsheet"), "ods"),
])
def test_what_is_taken(name, content, kind):
    assert kind_of(name, content) == kind


@pytest.mark.parametrize(("name", "content", "why"), [
    ("program.exe", b"MZ", "does not take"), ("page.html", b"<script>", "does not take"), ("picture.svg", b"<svg/>", "does not take"),
    ("archive.zip", packed(DOCX), "does not take"), ("letter.docm", packed(DOCX), "does not take"),
    ("letter.pdf", b"", "empty"), ("letter.pdf", b"MZ\x90", "something else"), ("letter.pdf", b" %PDF-1.7", "something else"),
    ("photo.png", b"\xff\xd8\xff", "something else"), ("notes.txt", b"\x7fELF\x02\x01\x01\x00", "not text"),
    ("notes.txt", b"%PDF-1.7", "not text"), ("notes.txt", packed(DOCX), "not text"), ("mail.eml", b"<html>", "not begin like an email"),
    ("letter.docx", b"%PDF-1.7", "something else"), ("letter.docx", b"PK\x03\x04 broken", "something else"),
    ("letter.docx", packed({"xl/workbook.xml": b"", "[Content_Types].xml": b""}), "something else"),
    ("letter.odt", opendocument("spreadsheet"), "something else"), ("letter.odt", packed(DOCX), "something else"),
    ("letter.docx", packed({**DOCX, "word/vbaProject.bin": b"x"}), "macros"), ("letter.docx", packed(DOCX, locked=True), "password"),
    ("letter.docx", packed({**DOCX, "word/media/zeros": b"\0" * 30_000_000}), "unpacks to far more"),
    ("letter.docx", packed({**DOCX, **{f"word/{n}": b"" for n in range(2_001)}}), "unpacks to far more"),
])
def test_what_is_not_taken_and_why(name, content, why):
    with pytest.raises(NotTaken, match=why):
        kind_of(name, content)


@pytest.mark.parametrize(("sent", "kept"), [
    ("C:\\Users\\x\\letter.pdf", "letter.pdf"), ("../../etc/letter.pdf", "letter.pdf"), ("le\r\ntter\x00.pdf", "letter.pdf"),
    ("annual‮fdp.txt", "annualfdp.txt"), ("l" * 300 + ".pdf", "l" * 116 + ".pdf"), ("Grüße.pdf", "Grüße.pdf"),
])
def test_a_name_is_kept_without_folders_and_without_what_cannot_be_seen(sent, kept):
    assert clean_name(sent) == kept


@pytest.mark.parametrize("name", ["", "letter", ".pdf", "  .pdf", "...", "/"])
def test_a_name_says_what_it_is(name):
    with pytest.raises(NotTaken, match="needs a name"):
        clean_name(name)


@given(st.binary(max_size=400), st.sampled_from(["pdf", "docx", "odt", "ods", "xlsx", "txt", "csv", "eml", "png", "jpg"]))
def test_whatever_is_sent_is_taken_or_refused_in_words(content, ending):
    for whole in (content, b"PK\x03\x04" + content, packed(DOCX)[:-1] + content):
        with suppress(NotTaken):
            assert kind_of(f"a.{ending}", whole) == {"jpg": "jpeg"}.get(ending, ending)
