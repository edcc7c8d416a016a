"""What is said to a witness, and what it answers: C2SP tlog-witness and tlog-cosignature. Pure: nothing is sent from here.

A witness keeps the last checkpoint that it has seen of a log, and signs a newer one only when it is shown that it goes on from there.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from breachdesk.audit.checkpoint import Checkpoint, Verifier
from breachdesk.errors import BadCheckpoint

COSIGNATURE = b"\x04"
_KEY_ID, _TIME, _SIGNATURE = 4, 8, 64


def request_to_witness(old: int, path: Sequence[bytes], checkpoint: Checkpoint) -> bytes:
    """The body of add-checkpoint: the size that the witness knows, the proof that the checkpoint goes on from there, the checkpoint."""
    proof = "".join(f"{base64.b64encode(one).decode()}\n" for one in path)
    return f"old {old}\n{proof}\n{checkpoint.note}".encode()


def require_cosigned(answer: str, checkpoint: Checkpoint, key: Verifier) -> tuple[str, int]:
    """The line by which a witness has signed, and when, in seconds since 1970. Raises BadCheckpoint when it has not."""
    for line in answer.splitlines():
        name, _, signed = line.removeprefix("— ").partition(" ")
        try:
            raw = base64.b64decode(signed, validate=True)
        except (binascii.Error, ValueError):
            continue
        if (name, raw[:_KEY_ID], len(raw)) != (key.name, key.id, _KEY_ID + _TIME + _SIGNATURE):
            continue
        at = int.from_bytes(raw[_KEY_ID:_KEY_ID + _TIME], "big")
        said = f"cosignature/v1\ntime {at}\n{checkpoint.text}".encode()
        try:
            Ed25519PublicKey.from_public_bytes(key.key).verify(raw[_KEY_ID + _TIME:], said)
        except (InvalidSignature, ValueError):
            break
        return line, at
    raise BadCheckpoint("The witness has answered, and not signed the checkpoint with the key that BREACHDESK_WITNESS_KEY names.")
