"""A receipt: that one entry is in the log, in words that anybody can check years later without the desk (C2SP tlog-proof).

It holds the hash of the entry, never what the entry says: whoever holds it learns nothing from it that they did not know.
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from breachdesk.audit.checkpoint import Checkpoint, Verifier, decoded, read_checkpoint, require_signed
from breachdesk.audit.merkle import HASH, is_included
from breachdesk.errors import BadCheckpoint

FORMAT = "c2sp.org/tlog-proof@v1"
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Receipt:
    """The hash of an entry, its place, the way from there to the root, and the signed checkpoint with that root."""

    leaf: bytes
    place: int
    path: tuple[bytes, ...]
    checkpoint: Checkpoint

    @property
    def text(self) -> str:
        """The receipt as people keep it."""
        lines = [FORMAT, f"extra {_encoded(self.leaf)}", f"index {self.place}", *map(_encoded, self.path)]
        return "\n".join(lines) + f"\n\n{self.checkpoint.note}"

    @property
    def packed(self) -> str:
        """The receipt as one word for an address, small enough for a QR code."""
        return base64.urlsafe_b64encode(zlib.compress(self.text.encode(), 9)).decode().rstrip("=")


def unpacked(word: str) -> str:
    """The text of a receipt from one word. Raises BadCheckpoint."""
    try:
        raw = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        # Not more than a receipt can be: a few bytes can otherwise unfold to any length.
        return zlib.decompressobj().decompress(raw, _LONGEST).decode()
    except (ValueError, zlib.error) as error:
        raise BadCheckpoint("The address does not hold a whole receipt: was it cut off?") from error


def read_receipt(text: str) -> Receipt:
    """A receipt from its text, as it may have come through a mail. Raises BadCheckpoint, saying what is wrong with it."""
    if len(text) > _LONGEST:
        raise BadCheckpoint("This is far too long for a receipt.")
    start = text.find(FORMAT)
    lines = [line.strip() for line in text[max(start, 0):].strip().splitlines()]
    head, _, rest = "\n".join(lines).partition("\n\n")
    found = head.split("\n")
    if start < 0 or len(found) < 3 or not found[1].startswith("extra ") or not found[2].startswith("index "):
        raise BadCheckpoint(f"This is no receipt: it should begin with the line {FORMAT}, and end with a signature. Copy all of it.")
    place = found[2].removeprefix("index ")
    if not (place.isascii() and place.isdigit() and len(place) < 16):
        raise BadCheckpoint("The third line of the receipt should be the place of the entry, like “index 12”.")
    leaf, path = decoded(found[1].removeprefix("extra ")), tuple(decoded(one) for one in found[3:])
    if any(len(one) != HASH for one in (leaf, *path)):
        raise BadCheckpoint("A line of the receipt was damaged: each should be 32 bytes in base64.")
    text, gap, signatures = rest.partition("\n\n")
    signed = "\n".join(line for line in signatures.split("\n") if line.startswith("— "))
    return Receipt(leaf, int(place), path, read_checkpoint(f"{text}{gap}{signatures and signed}\n"))


def require_receipt(receipt: Receipt, keys: Sequence[Verifier]) -> Verifier:
    """The key by which a receipt holds. Raises BadCheckpoint when it is not signed by one of these, or does not fit what was signed."""
    key = require_signed(receipt.checkpoint, keys)
    if not is_included(receipt.leaf, receipt.place, receipt.checkpoint.size, receipt.path, receipt.checkpoint.root):
        raise BadCheckpoint("The signature is good, but the entry on the receipt is not among those that were signed: a line was changed.")
    return key


def _encoded(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
