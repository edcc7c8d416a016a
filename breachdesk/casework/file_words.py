"""The words in files that people added, as far as they can be read without a program of their own: for finding who is named there.

Pure. Nothing is unpacked to disk, and no XML is parsed: tags are taken away. What cannot be read so (PDF, pictures) is for people to open.
"""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header
from html import unescape
from io import BytesIO
from typing import Any
from zipfile import BadZipFile, ZipFile
from zlib import error as BadlyPacked  # noqa: N812

from breachdesk.casework.file_kinds import decoded

# More XML than this in one document, or more in one header of an email, is for people to open.
_LARGEST, _LONGEST_HEADER = 20_000_000, 10_000
# None of these looks further than to the next tag: whoever adds a file that is made for it cannot let the desk search for hours.
_TAG = re.compile(r"<[^<>]*>")
# Where one paragraph, cell or heading ends. Other tags may stand in the middle of a word.
_END = re.compile(r"</(?:[\w-]+:)?(?:p|h|h\d|div|li|td|si|t[cr]|c|row|table-cell)>|<(?:[\w-]+:)?(?:br|tab|s|cr|line-break)\b[^<>]*>")
# Who changed a text or remarked on it stands in the tags.
_AUTHOR = re.compile(r'\b(?:author|userId)="([^"<>]*)"')
_PLAIN_PARTS, _PICTURE_OF_IT = (".xml", ".rels", "/", "mimetype"), ("Thumbnails/", "docProps/thumbnail")


@dataclass(frozen=True, slots=True)
class FileWords:
    """Words found in a file; `all_of_it`: there is nothing else in it that might hold words."""

    words: str
    all_of_it: bool


UNREAD = FileWords("", all_of_it=False)


def words_in(kind: str, content: bytes) -> FileWords:
    """The words in a file of a kind that the desk takes; none where it cannot read them."""
    read = _READ.get(kind)
    try:
        found = read(content) if read else UNREAD
        return FileWords(" ".join(found.words.split()), found.all_of_it)
    except (BadZipFile, NotImplementedError, OSError, ValueError, LookupError, RuntimeError, EOFError, BadlyPacked, MessageError):
        return UNREAD


def _plain(content: bytes) -> FileWords:
    words = decoded(content)
    return UNREAD if words is None else FileWords(words, all_of_it=True)


def _mail(content: bytes) -> FileWords:
    """Who wrote to whom, about what, and every part that is text."""
    # As it was sent, header by header: the parser that knows what each header means can be kept busy by one that is made for it.
    mail = email.message_from_bytes(content, policy=email.policy.compat32)
    parts = [part for part in mail.walk() if not part.is_multipart()]
    headers = [str(part[name]) for part in mail.walk() for name in ("From", "To", "Cc", "Subject") if part[name]]
    found = ["".join(_text_in(piece, charset) for piece, charset in decode_header(header[:_LONGEST_HEADER])) for header in headers]
    for part in parts:
        if part.get_content_maintype() == "text":
            text = _text_in(part.get_payload(decode=True), part.get_content_charset())
            found += list(_readings(text)) if part.get_content_subtype() == "html" else [text]
    all_of_it = all(part.get_content_maintype() == "text" for part in parts) and all(len(one) <= _LONGEST_HEADER for one in headers)
    return FileWords("\n".join(found), all_of_it)


def _text_in(content: Any, charset: str | None) -> str:
    try:
        return content if isinstance(content, str) else content.decode(charset or "utf-8", "replace")
    except LookupError:
        return decoded(content) or ""


def _packed(content: bytes) -> FileWords:
    """Every part of a document that is XML: its text, its header and footer, remarks on it, and who made it."""
    with ZipFile(BytesIO(content)) as packed:
        parts = packed.infolist()
        if sum(part.file_size for part in parts if part.filename.endswith(".xml")) > _LARGEST:
            return UNREAD
        words = [one for part in parts if part.filename.endswith(".xml")
                 for one in _readings(packed.read(part).decode("utf-8", "replace"))]
    rest = [part for part in parts if not part.filename.endswith(_PLAIN_PARTS) and not part.filename.startswith(_PICTURE_OF_IT)]
    return FileWords("\n".join(words), not rest)


def _readings(marked: str) -> Iterator[str]:
    """Text with tags in it, in two ways: with words whole that a tag stands in, and with words apart that only a tag keeps apart."""
    for text in (_TAG.sub("", _END.sub("\n", marked)), _TAG.sub(" ", marked), "\n".join(_AUTHOR.findall(marked))):
        yield unescape(text)


_READ: Mapping[str, Callable[[bytes], FileWords]] = {
    "txt": _plain, "csv": _plain, "eml": _mail, **dict.fromkeys(("docx", "xlsx", "odt", "ods"), _packed)}
