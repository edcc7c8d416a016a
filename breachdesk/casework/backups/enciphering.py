"""A stream that is enciphered on its way into a file, and deciphered on its way out: AES-256-GCM in pieces, by a key made of words.

Each piece has its number in its nonce and the head of the file with it, and the last one says that it is the last: what was changed, moved
or cut off is found. The key is made by scrypt with a salt of each file's own, so that no nonce is ever used twice with one key.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from breachdesk.errors import BadBackup

MAGIC = b"breachdesk backup, enciphered 1\n"
_SALT, _CHECK, _TAG = 16, 32, 16
_PIECE = 64 * 1024


@lru_cache(maxsize=1)
def _key(words: str, salt: bytes) -> tuple[AESGCM, bytes]:
    """The key that a file is enciphered by, and 32 bytes that tell whether the words are the right ones, and nothing else about them.

    Kept, since a backup is read through several times, and making a key is slow on purpose.
    """
    made = _scrypt(salt).derive(words.encode())
    return AESGCM(made[:32]), made[32:]


def _scrypt(salt: bytes) -> Scrypt:
    """Slow on purpose: whoever guesses at the words pays this for each guess."""
    return Scrypt(salt=salt, length=64, n=2**15, r=8, p=1)


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + bytes([last])


class Enciphering:
    """Takes bytes and writes them enciphered. Without `close` the file has no end, and is not taken for whole."""

    def __init__(self, out: BinaryIO, words: str) -> None:
        salt = os.urandom(_SALT)
        self._cipher, check = _key(words, salt)
        self._head = MAGIC + salt + check
        self._out, self._waiting, self._number = out, bytearray(), 0
        out.write(self._head)

    def write(self, data: bytes) -> int:
        self._waiting += data
        # The last piece is never empty, unless all of it is: one is always kept back.
        while len(self._waiting) > _PIECE:
            self._put(bytes(self._waiting[:_PIECE]), last=False)
            del self._waiting[:_PIECE]
        return len(data)

    def close(self) -> None:
        self._put(bytes(self._waiting), last=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last), piece, self._head))
        self._number += 1


class Deciphering:
    """Reads what `Enciphering` wrote. Raises BadBackup: another key, damaged, or cut off."""

    def __init__(self, file: BinaryIO, words: str) -> None:
        self._head = file.read(len(MAGIC) + _SALT + _CHECK)
        self._cipher, check = _key(words, self._head[len(MAGIC):len(MAGIC) + _SALT])
        if self._head[len(MAGIC) + _SALT:] != check:
            raise BadBackup("This key does not open the backup: it was made with another one, or the first line of the file was damaged.")
        self._file, self._number, self._ready, self._ended = file, 0, bytearray(), False
        self._next = file.read(_PIECE + _TAG)

    def read(self, size: int) -> bytes:
        while len(self._ready) < size and not self._ended:
            self._ready += self._piece()
        found = bytes(self._ready[:size])
        del self._ready[:size]
        return found

    def _piece(self) -> bytes:
        piece, self._next = self._next, self._file.read(_PIECE + _TAG)
        self._ended = not self._next
        try:
            plain = self._cipher.decrypt(_nonce(self._number, self._ended), piece, self._head)
        except InvalidTag:
            at = len(self._head) + self._number * (_PIECE + _TAG)
            raise BadBackup(self._fault(piece, at)) from None
        self._number += 1
        return plain

    def _fault(self, piece: bytes, at: int) -> str:
        if self._ended and len(piece) == _PIECE + _TAG:
            try:
                self._cipher.decrypt(_nonce(self._number, last=False), piece, self._head)
                return f"The backup was cut off: its end is missing, after {at + len(piece):,} bytes."
            except InvalidTag:
                pass
        return f"The backup was damaged{' or cut off' if self._ended else ''}: what begins at byte {at:,} is not what was written."
