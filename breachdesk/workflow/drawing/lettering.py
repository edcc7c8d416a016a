"""Text in drawings: how wide it is, about, in a font that nobody knows yet; lines that fit; and no sign that XML does not know."""

from __future__ import annotations

import re
from functools import lru_cache

# Widths as shares of the size, those of a wide font: a reader with a narrower one has room to spare, and nobody's words run over a line.
_SHARES = {**dict.fromkeys("ijlI.,:;!'’| ", 0.33), **dict.fromkeys("ftr()[]-/", 0.43), **dict.fromkeys("mwMW@%—…", 0.98)}
_CAPITAL, _USUAL, _FULL, _BOLD = 0.74, 0.62, 1.05, 1.12
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text as a drawing can hold it: one line, and a mark in place of each sign that XML forbids."""
    return " ".join(_NOT_XML.sub("\ufffd", text).split())


@lru_cache(maxsize=4096)
def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """About how wide the text is, rather too much than too little."""
    return sum(_share(letter) for letter in text) * size * (_BOLD if bold else 1)


def _share(letter: str) -> float:
    if (known := _SHARES.get(letter)) is not None:
        return known
    if ord(letter) > 0x2e7f:
        return _FULL
    return _CAPITAL if letter.isupper() else _USUAL


# The same titles stand in every drawing of a procedure, and every case page draws it.
@lru_cache(maxsize=2048)
def lines_of(text: str, size: float, room: float, *, bold: bool = False) -> tuple[str, ...]:
    """The text in lines that fit the room; a word that is wider than a line is cut."""
    lines: list[str] = []
    for word in plain(text).split():
        for piece in _pieces(word, size, room, bold):
            if lines and width_of(f"{lines[-1]} {piece}", size, bold=bold) <= room:
                lines[-1] = f"{lines[-1]} {piece}"
            else:
                lines.append(piece)
    return tuple(lines)


def _pieces(word: str, size: float, room: float, bold: bool) -> list[str]:
    if width_of(word, size, bold=bold) <= room:
        return [word]
    pieces = [""]
    for letter in word:
        if pieces[-1] and width_of(pieces[-1] + letter, size, bold=bold) > room:
            pieces.append("")
        pieces[-1] += letter
    return pieces
