"""What the desk signs: the size and root of its log, as a C2SP signed note (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

Anybody can read one: three lines of text, an empty line, and a line for each signature, which starts with a dash. Pure: keys are handed in.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from breachdesk.errors import BadCheckpoint

ED25519 = b"\x01"
PRIVATE = "PRIVATE+KEY+"
_DASH = "— "


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key under a name, written as `name+id+key`; `kind` is 1 for whoever signs a log, 4 for a witness."""

    name: str
    key: bytes
    kind: bytes = ED25519

    @property
    def id(self) -> bytes:
        return sha256(f"{self.name}\n".encode() + self.kind + self.key).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(self.kind + self.key).decode()}"


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key under a name. Never printed."""

    name: str
    seed: bytes

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, Ed25519PrivateKey.from_private_bytes(self.seed).public_key().public_bytes_raw())

    def written(self) -> str:
        """The key as its file holds it."""
        return f"{PRIVATE}{self.name}+{self.verifier.id.hex()}+{base64.b64encode(ED25519 + self.seed).decode()}"

    def signature(self, text: str) -> str:
        """The line that signs a text."""
        signed = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        return f"{_DASH}{self.name} {base64.b64encode(self.verifier.id + signed).decode()}\n"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """How long a log was, and the root over all of it: `note` is the signed text that says so."""

    origin: str
    size: int
    root: bytes
    note: str

    @property
    def text(self) -> str:
        return self.note.split("\n\n", 1)[0] + "\n"


def sign(origin: str, size: int, root: bytes, signers: Iterable[Signer]) -> Checkpoint:
    """A checkpoint with a signature by each key."""
    text = f"{origin}\n{size}\n{base64.b64encode(root).decode()}\n"
    return Checkpoint(origin, size, root, f"{text}\n{''.join(one.signature(text) for one in signers)}")


def read_checkpoint(note: str) -> Checkpoint:
    """What a note says; nobody's signature is checked yet. Raises BadCheckpoint, saying what is wrong with it."""
    text, gap, signatures = note.partition("\n\n")
    lines = text.split("\n")
    if not gap or len(lines) < 3 or not signatures.startswith(_DASH) or not signatures.endswith("\n"):
        raise BadCheckpoint("This is no checkpoint: it needs a name, a size, a root, an empty line and a signature. Was it cut off?")
    if not lines[1].isascii() or not lines[1].isdigit() or str(int(lines[1][:15])) != lines[1]:
        raise BadCheckpoint(f"The second line of the checkpoint is “{lines[1][:20]}”, and should be the number of entries.")
    root = decoded(lines[2])
    if len(root) != 32:
        raise BadCheckpoint("The third line of the checkpoint is no root of a log: it should be 32 bytes in base64.")
    return Checkpoint(lines[0], int(lines[1]), root, note)


def checkpoints_in(text: str) -> list[Checkpoint]:
    """Every checkpoint in a file that may hold several, one after the other, oldest first. Raises BadCheckpoint."""
    notes: list[list[str]] = []
    for line in text.splitlines():
        ended = bool(notes) and notes[-1][-1].startswith(_DASH)
        if line.strip() and (not notes or (ended and not line.startswith(_DASH))):
            notes.append([line])
        elif notes and (line.strip() or not ended):
            notes[-1].append(line)
    return [read_checkpoint("\n".join(lines) + "\n") for lines in notes]


def read_verifier(written: str, kind: bytes = ED25519) -> Verifier:
    """A public key as it is written. Raises BadCheckpoint."""
    name, key_id, key = (*written.strip().split("+", 2), "", "")[:3]
    raw = decoded(key)
    if not name or len(raw) != 33 or raw[:1] != kind:
        whose, begins = ("a log", "A") if kind == ED25519 else ("a witness", "B")
        raise BadCheckpoint(f"This is no public key of {whose}: it should look like name+1a2b3c4d+{begins}…, on one line.")
    found = Verifier(name, raw[1:], kind)
    if found.id.hex() != key_id:
        raise BadCheckpoint("The public key and its number do not belong together: was a character lost in copying?")
    return found


def read_signer(written: str) -> Signer:
    """A private key as its file holds it. Raises BadCheckpoint, which never repeats it."""
    name, key_id, key = (*written.strip().removeprefix(PRIVATE).split("+", 2), "", "")[:3]
    raw = decoded(key)
    if not written.startswith(PRIVATE) or len(raw) != 33 or raw[:1] != ED25519:
        raise BadCheckpoint("The file does not hold the private key of a log.")
    found = Signer(name, raw[1:])
    if found.verifier.id.hex() != key_id:
        raise BadCheckpoint("The private key of the log and its number do not belong together: the file was damaged.")
    return found


def require_signed(checkpoint: Checkpoint, keys: Sequence[Verifier]) -> Verifier:
    """The key that has signed a checkpoint. Raises BadCheckpoint unless it is one of these, and the signature is good."""
    for name, key_id, signature in _signatures(checkpoint.note):
        for key in keys:
            if (key.name, key.id) == (name, key_id):
                try:
                    Ed25519PublicKey.from_public_bytes(key.key).verify(signature, checkpoint.text.encode())
                except (InvalidSignature, ValueError):
                    raise BadCheckpoint(f"The signature on the checkpoint of {checkpoint.size} entries is not good: its text was changed "
                                        "after it was signed, or it is a forgery.") from None
                return key
    raise BadCheckpoint(f"The checkpoint of {checkpoint.size} entries is not signed by the key given. It may be another desk's, or of "
                        "before the key was changed.")


def _signatures(note: str) -> list[tuple[str, bytes, bytes]]:
    found = []
    for line in note.partition("\n\n")[2].splitlines():
        name, _, signed = line.removeprefix(_DASH).partition(" ")
        raw = decoded(signed)
        if line.startswith(_DASH) and len(raw) > 4:
            found.append((name, raw[:4], raw[4:]))
    return found


def decoded(text: str) -> bytes:
    """The bytes that a text in base64 stands for; none when it is no such text."""
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""
