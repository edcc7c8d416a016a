"""How entries of the log are written and chained: pure functions over bytes. Salts are handed in; nothing is kept here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from breachdesk.errors import LogBroken
from breachdesk.events import Facts, require_facts

# 2 has the version of the procedure and the batch, and hashes as the leaf of the tree in which the entry gets its place.
FORMAT = 2
GENESIS = "0" * 64
_LEAF = b"\0"


@dataclass(frozen=True, slots=True)
class Detail:
    """Words bound to an entry: its digest is in the log, its salt and value are kept apart so that they can be erased."""

    name: str
    audience: str
    salt: bytes
    value: str

    @property
    def digest(self) -> str:
        return sha256(self.salt + self.value.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry, ready to be stored. `body` holds the bytes that are hashed."""

    subject: int
    seq: int
    event: str
    at: datetime
    body: bytes
    prev_hash: str
    hash: str


@dataclass(frozen=True, slots=True)
class Doer:
    """Who did it: the account (negative for the clock and the operator), the role used, and the organisation it was done for."""

    account: int
    role: str
    on_behalf_of: int = 0


def write_entry(subject: int, seq: int, prev_hash: str, event: str, at: datetime, doer: Doer, facts: Facts,
                details: Iterable[Detail] = (), *, procedure: str = "", batch: str = "") -> Entry:
    """The next entry of a chain. Raises ValueError when the facts are not those that the event declares.

    PROCEDURE: the digest of the version by which a case goes. BATCH: what entries of several chains that belong to one action have in
    common: the subject and number of the first of them, or the calendar or move that they come from.
    """
    require_facts(event, facts)
    content = {"format": FORMAT, "subject": subject, "seq": seq, "event": event, "at": at.astimezone(UTC).isoformat(),
               "actor": doer.account, "role": doer.role, "for": doer.on_behalf_of, "procedure": procedure, "batch": batch, "facts": facts,
               "details": {detail.name: detail.digest for detail in details}}
    body = _CANONICAL.encode(content).encode()
    return Entry(subject, seq, event, at, body, prev_hash, leaf_of(prev_hash, body).hex())


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def leaf_of(prev_hash: str, body: bytes) -> bytes:
    """The leaf that an entry is in the tree: RFC 6962's hash over the hash of the entry before it and its own bytes."""
    return sha256(_LEAF + prev_hash.encode() + body).digest()


def _as_format_1(prev_hash: str, body: bytes) -> str:
    return sha256(prev_hash.encode() + body).hexdigest()


def read_body(body: bytes) -> Mapping[str, object]:
    """What an entry says."""
    try:
        content = json.loads(body)
    except ValueError as error:
        raise LogBroken(f"An entry of the log is no text that can be read: {error}.") from error
    if not isinstance(content, dict):
        raise LogBroken("An entry of the log is not an entry.")
    return content


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it was found; `filed_as` is the event under which its row is found."""

    subject: int
    seq: int
    body: bytes
    prev_hash: str
    hash: str
    filed_as: str


class Chains:
    """The chains of a log, walked entry by entry in whatever order they lie: each subject's own entries in theirs.

    A walk that BEGINS INSIDE a log takes the first entry of each subject at its word, and keeps in `starts` what it followed.
    """

    def __init__(self, name: Callable[[int], str], *, begins_inside: bool = False) -> None:
        self.heads: dict[int, tuple[int, str]] = {}
        self.starts: dict[int, tuple[int, str]] = {}
        self._name = name
        self._begins_inside = begins_inside

    def take(self, entry: StoredEntry) -> bytes:
        """Check the next entry; its leaf. Raises LogBroken, naming it, when it was changed, moved, added, or one before it removed."""
        subject, seq, body, prev_hash = entry.subject, entry.seq, entry.body, entry.prev_hash
        if (known := self.heads.get(subject)) is None:
            known = (seq - 1, prev_hash) if self._begins_inside else _NOTHING
            self.starts[subject] = known
        before, head = known
        leaf = sha256(_LEAF + prev_hash.encode() + body).digest()
        own = leaf.hex()
        # The last two keys of a body are its subject and number, written as they are here: comparing them so costs no parsing.
        if (seq != before + 1 or prev_hash != head or entry.hash != own or not body.endswith(b'"seq":%d,"subject":%d}' % (seq, subject))
                or b'"event":"%s"' % entry.filed_as.encode() not in body):
            own = self._explained(entry, before, head, own)
        self.heads[subject] = seq, own
        return leaf

    def _explained(self, entry: StoredEntry, before: int, head: str, own: str) -> str:
        where = f"{self._name(entry.subject)}, entry {entry.seq}"
        if entry.seq != before + 1:
            raise LogBroken(f"{where}: entry {before + 1} is missing." if entry.seq > before else f"{where}: it is there twice.")
        if entry.prev_hash != head:
            raise LogBroken(f"{where}: it does not follow from the entry before it, so one of the two was changed.")
        content = read_body(entry.body)
        if content.get("format") == 1:
            own = _as_format_1(entry.prev_hash, entry.body)
        if own != entry.hash:
            raise LogBroken(f"{where}: its text was changed after it was written.")
        if (content.get("subject"), content.get("seq")) != (entry.subject, entry.seq):
            raise LogBroken(f"{where}: it was moved here from another place.")
        if content.get("event") != entry.filed_as:
            raise LogBroken(f"{where}: it is filed as “{entry.filed_as}”, but says “{content.get('event')}”.")
        return own

    def end(self, subject: int, head: tuple[int, str]) -> None:
        """Raise LogBroken unless a subject's chain ends where its last entry was written."""
        seq, last = self.heads.get(subject, _NOTHING)
        if (seq, last) != (head[0], head[1] or GENESIS):
            raise LogBroken(f"{self._name(subject)}: the last entry here is {seq}, but the last one written was {head[0]}, so the end was "
                            "cut off or changed.")


_NOTHING = (0, GENESIS)
