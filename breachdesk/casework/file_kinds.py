"""Which files the desk takes: the kind by what is in them, held against the ending of their name. Pure; nothing is unpacked to disk."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from io import BytesIO
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as BadlyPacked  # noqa: N812

LONGEST_NAME = 120
# What is packed in a document may be so many parts, so large in all, and so much larger than it is packed.
MOST_PARTS, LARGEST_UNPACKED, HIGHEST_RATIO = 2_000, 100_000_000, 100
_SMALL, _LONGEST_MIMETYPE = 1_000_000, 100
_OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
_MAGIC = {"pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n", "jpeg": b"\xff\xd8\xff", "zip": b"PK\x03\x04"}
_ALIASES = {"jpg": "jpeg"}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_MAIL = re.compile(r"\A(?:From |[A-Za-z][A-Za-z0-9-]*:[ \t])")
TAKEN = "PDF, Word (docx), OpenDocument (odt, ods), text, CSV, Excel (xlsx), pictures (png, jpeg) and saved emails (eml)"


class NotTaken(Exception):
    """Why a file is not taken, in words."""


def clean_name(name: str) -> str:
    """A file's name as it is kept and shown: without folders, and without signs that cannot be seen or that turn the writing round."""
    bare = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    seen = "".join(sign for sign in bare if unicodedata.category(sign)[0] != "C" and unicodedata.category(sign) not in ("Zl", "Zp")).strip()
    stem, dot, ending = seen.rpartition(".")
    if not stem.strip(". ") or not dot:
        raise NotTaken(f"The file needs a name with an ending, such as letter.pdf. The desk takes {TAKEN}.")
    return f"{stem[:LONGEST_NAME - len(ending) - 1]}.{ending}" if len(ending) < 10 else seen[:LONGEST_NAME]


def kind_of(name: str, content: bytes) -> str:
    """The kind of a file. Raises NotTaken, in words, for one that is empty, of another kind, or not what its name says."""
    ending = name.rpartition(".")[2].casefold()
    kind = _ALIASES.get(ending, ending)
    if kind not in _KINDS:
        raise NotTaken(f"The desk does not take files that end in “.{ending[:20]}”. It takes {TAKEN}.")
    if not content:
        raise NotTaken("The file is empty. Choose another one.")
    _KINDS[kind](kind, content)
    return kind


def _begins_as_it_should(kind: str, content: bytes) -> None:
    if not content.startswith(_MAGIC[kind]):
        raise NotTaken(f"The name ends in .{kind}, but there is something else in the file. Save it anew as {kind.upper()}.")


def _is_text(kind: str, content: bytes) -> None:
    words = decoded(content)
    if words is None or _CONTROLS.search(words) or content.startswith(tuple(_MAGIC.values())):
        raise NotTaken(f"The name ends in .{kind}, but the file is not text. Save it anew, and choose it again.")
    if kind == "eml" and not _MAIL.match(words):
        raise NotTaken("The name ends in .eml, but the file does not begin like an email. Save the email anew from your mail program.")


def decoded(content: bytes) -> str | None:
    """The text that some bytes are, or None."""
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _is_office(kind: str, content: bytes) -> None:
    """A document that is packed: of the kind that it says, without macros or a password, and no bomb."""
    wrong = NotTaken(f"The name ends in .{kind}, but there is something else in the file. Save it anew, and choose it again.")
    if not content.startswith(_MAGIC["zip"]):
        raise wrong
    try:
        with ZipFile(BytesIO(content)) as packed:
            parts = packed.infolist()
            _require_bounds(parts, len(content))
            if not _LOOKS_LIKE[kind](packed, {part.filename for part in parts}):
                raise wrong
    except (BadZipFile, NotImplementedError, OSError, ValueError, RuntimeError, EOFError, BadlyPacked) as fault:
        raise wrong from fault


def _require_bounds(parts: list[ZipInfo], size: int) -> None:
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > LARGEST_UNPACKED or (unpacked > _SMALL and unpacked > HIGHEST_RATIO * size):
        raise NotTaken("The document unpacks to far more than its size, so it is not taken. Save it anew as PDF.")
    if any(part.flag_bits & 1 for part in parts):
        raise NotTaken("The document is protected with a password. Take the password off, and choose it again.")
    if any(part.filename.casefold().endswith("vbaproject.bin") or part.filename.startswith("Basic/") for part in parts):
        raise NotTaken("The document holds macros, which the desk does not take. Save it without macros, or as PDF.")


def _word(folder: str) -> Callable[[ZipFile, set[str]], bool]:
    return lambda packed, names: "[Content_Types].xml" in names and any(name.startswith(folder) for name in names)


def _open_document(what: str) -> Callable[[ZipFile, set[str]], bool]:
    def looks_like(packed: ZipFile, names: set[str]) -> bool:
        if "mimetype" not in names or packed.getinfo("mimetype").file_size > _LONGEST_MIMETYPE:
            return False
        return packed.read("mimetype") == (_OPEN_DOCUMENT + what).encode()
    return looks_like


_LOOKS_LIKE: Mapping[str, Callable[[ZipFile, set[str]], bool]] = {
    "docx": _word("word/"), "xlsx": _word("xl/"), "odt": _open_document("text"), "ods": _open_document("spreadsheet")}
_KINDS: Mapping[str, Callable[[str, bytes], None]] = {
    **dict.fromkeys(("pdf", "png", "jpeg"), _begins_as_it_should), **dict.fromkeys(("txt", "csv", "eml"), _is_text),
    **dict.fromkeys(_LOOKS_LIKE, _is_office)}
