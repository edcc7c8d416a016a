"""How entries of the log are written and chained: pure functions over bytes. Salts are handed in; nothing is kept here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import NamedTuple

from breachdesk.errors import LogBroken
from breachdesk.events import EVENTS, Facts, require_facts

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


class StoredEntry(NamedTuple):
    """An entry as it was found, as a row is: `filed_as` is the event under which it is found."""

    subject: int
    seq: int
    filed_as: str
    body: bytes
    prev_hash: str
    hash: str


class Chains:
    """The chains of a log, walked entry by entry in whatever order they lie: each subject's own entries in theirs.

    A walk that BEGINS INSIDE a log takes the first entry of each subject at its word, and keeps in `starts` what it followed. `bound`:
    how many words the entries bind.
    """

    def __init__(self, name: Callable[[int], str], *, begins_inside: bool = False) -> None:
        self.heads: dict[int, tuple[int, str]] = {}
        self.starts: dict[int, tuple[int, str]] = {}
        self.bound = 0
        self._name = name
        self._begins_inside = begins_inside
        self._events = {event: f'"details":{{}},"event":"{event}"'.encode() for event in EVENTS}
        self._ends: dict[int, bytes] = {}

    def take(self, entries: Iterable[StoredEntry]) -> list[bytes]:
        """Check the next entries; their leaves. Raises LogBroken, naming the first that was changed, moved, added, or before which one is
        missing.

        A million entries come through here: nothing is parsed that can be compared as bytes.
        """
        heads, events, ends, leaves = self.heads, self._events, self._ends, list[bytes]()
        for subject, seq, filed_as, body, prev_hash, said in entries:
            before, head = heads.get(subject) or self._start(subject, seq, prev_hash)
            try:
                leaf = sha256(b"\0" + prev_hash.encode() + body).digest()
                own = leaf.hex()
                # The last two keys of a body are its number and subject, and before the event stand the details, written as they are here.
                fits = (said == own and prev_hash == head and seq == before + 1
                        and body.endswith((_SEQS[seq] if seq < _MANY else b'"seq":%d' % seq) + (ends.get(subject) or self._end(subject))))
                plain = events[filed_as] in body
            except (AttributeError, TypeError, KeyError) as error:
                raise LogBroken(f"{self._where(subject, seq)}: it is not of the kind that an entry is: it was written by hand.") from error
            if not (fits and plain):
                own = self._explained(StoredEntry(subject, seq, filed_as, body, prev_hash, said), before, head, own)
                self.bound += _words_bound(body)
            heads[subject] = seq, own
            leaves.append(leaf)
        return leaves

    def _start(self, subject: int, seq: int, prev_hash: str) -> tuple[int, str]:
        self.starts[subject] = known = (seq - 1, prev_hash) if self._begins_inside else _NOTHING
        return known

    def _end(self, subject: int) -> bytes:
        return self._ends.setdefault(subject, b',"subject":%d}' % subject)

    def _where(self, subject: int, seq: int) -> str:
        return f"{self._name(subject)}, entry {seq}"

    def _explained(self, entry: StoredEntry, before: int, head: str, own: str) -> str:
        where = self._where(entry.subject, entry.seq)
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
_MANY = 1_000
_SEQS = [b'"seq":%d' % number for number in range(_MANY)]


def _words_bound(body: bytes) -> int:
    """How many words an entry binds."""
    at = body.find(b'"details":{') + len(b'"details":{')
    return body.count(b'":"', at, body.find(b"}", at))
