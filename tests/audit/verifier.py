"""Checks a receipt with nothing of the product: the standard library, and one Ed25519 verification. `python verifier.py RECEIPT KEY`."""

import base64
import hashlib
import sys
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def node(left, right):
    return hashlib.sha256(b"\x01" + left + right).digest()


def check(receipt, key):
    """The place and size that a receipt proves. Raises ValueError, or InvalidSignature."""
    head, text, signatures = receipt.strip().split("\n\n")
    lines = head.split("\n")
    if lines[0] != "c2sp.org/tlog-proof@v1":
        raise ValueError("no receipt")
    found = base64.b64decode(lines[1].split(" ")[1], validate=True)
    place = int(lines[2].split(" ")[1])
    size = int(text.split("\n")[1])
    root = base64.b64decode(text.split("\n")[2], validate=True)

    # RFC 9162, 2.1.3.2
    here, last = place, size - 1
    for line in lines[3:]:
        sibling = base64.b64decode(line, validate=True)
        if last == 0:
            raise ValueError("the way is too long")
        if here & 1 or here == last:
            found = node(sibling, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node(found, sibling)
        here, last = here >> 1, last >> 1
    if last or found != root:
        raise ValueError("the way does not lead to the root")

    name, number, public = key.strip().split("+", 2)
    for line in signatures.split("\n"):
        dash, signer, signed = line.split(" ")
        raw = base64.b64decode(signed)
        if dash == "—" and signer == name and raw[:4].hex() == number:
            Ed25519PublicKey.from_public_bytes(base64.b64decode(public)[1:]).verify(raw[4:], (text + "\n").encode())
            return place, size
    raise ValueError("no signature by this key")


if __name__ == "__main__":
    print(check(Path(sys.argv[1]).read_text("utf-8"), sys.argv[2]))
