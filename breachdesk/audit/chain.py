"""How entries of the log are written and chained: pure functions over bytes. Salts are handed in; nothing is kept here."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from itertools import repeat
from typing import Any, NamedTuple

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

    def take(self, entries: Sequence[StoredEntry]) -> bytes:
        """Check the next entries; their leaves, joined as in a tile. Raises LogBroken, naming the first that was changed, moved, added, or
        before which one is missing.

        Nearly always they are whole, so they are compared all at once; where they do not agree, or cannot be compared so, one by one.
        """
        return self._all_at_once(entries) or b"".join([self._one(StoredEntry(*one)) for one in entries])

    def _all_at_once(self, entries: Sequence[StoredEntry]) -> bytes:
        """The leaves of entries that agree, or nothing. A million come through here: nothing is parsed that can be compared as bytes."""
        if not entries:
            return b""
        columns: Any = zip(*entries, strict=True)
        subjects, seqs, filed_as, bodies, before, said = columns
        try:
            leaves = [sha256(b"\0" + prev_hash.encode() + body).digest() for prev_hash, body in zip(before, bodies, strict=True)]
            ends = map(_END.__mod__, zip(seqs, subjects, strict=True))
            if tuple(map(bytes.hex, leaves)) != said or not all(map(bytes.endswith, bodies, ends)):
                return b""
            bound = _bound_as_filed(filed_as, bodies)
        except (AttributeError, TypeError, ValueError, KeyError):
            return b""
        heads, start = self.heads, self._start
        for at, (subject, seq, prev_hash, own) in enumerate(zip(subjects, seqs, before, said, strict=True)):
            known, head = heads.get(subject) or start(subject, seq, prev_hash)
            if head != prev_hash or known + 1 != seq:
                self._require_next(StoredEntry(*entries[at]), known, head)
            heads[subject] = seq, own
        self.bound += bound
        return b"".join(leaves)

    def _one(self, entry: StoredEntry) -> bytes:
        """The leaf of one entry. Raises LogBroken unless it is as it was written."""
        subject, seq, filed_as, body, prev_hash, said = entry
        where = self._where(subject, seq)
        if not (isinstance(seq, int) and isinstance(body, bytes) and isinstance(prev_hash, str) and prev_hash.isascii()
                and filed_as in _PLAIN):
            raise LogBroken(f"{where}: it is not of the kind that an entry is: it was written by hand.")
        self._require_next(entry, *(self.heads.get(subject) or self._start(subject, seq, prev_hash)))
        leaf, content = leaf_of(prev_hash, body), read_body(body)
        own = _as_format_1(prev_hash, body) if content.get("format") == 1 else leaf.hex()
        if own != said:
            raise LogBroken(f"{where}: its text was changed after it was written.")
        if (content.get("subject"), content.get("seq")) != (subject, seq):
            raise LogBroken(f"{where}: it was moved here from another place.")
        if content.get("event") != filed_as:
            raise LogBroken(f"{where}: it is filed as “{filed_as}”, but says “{content.get('event')}”.")
        self.heads[subject] = seq, own
        self.bound += _words_bound(body)
        return leaf

    def _start(self, subject: int, seq: int, prev_hash: str) -> tuple[int, str]:
        if not self._begins_inside:
            return _NOTHING
        self.starts[subject] = known = seq - 1, prev_hash
        return known

    def _where(self, subject: int, seq: int) -> str:
        return f"{self._name(subject)}, entry {seq}"

    def _require_next(self, entry: StoredEntry, before: int, head: str) -> None:
        where = self._where(entry.subject, entry.seq)
        if entry.seq != before + 1:
            raise LogBroken(f"{where}: entry {before + 1} is missing." if entry.seq > before else f"{where}: it is there twice.")
        if entry.prev_hash != head:
            raise LogBroken(f"{where}: it does not follow from the entry before it, so one of the two was changed.")

    def end(self, subject: int, head: tuple[int, str]) -> None:
        """Raise LogBroken unless a subject's chain ends where its last entry was written."""
        seq, last = self.heads.get(subject, _NOTHING)
        if (seq, last) != (head[0], head[1] or GENESIS):
            raise LogBroken(f"{self._name(subject)}: the last entry here is {seq}, but the last one written was {head[0]}, so the end was "
                            "cut off or changed.")


_NOTHING = (0, GENESIS)
# The last two keys of a body are its number and subject; before its event stand the words it binds, nearly always none.
_END = b'"seq":%d,"subject":%d}'
_DETAILS = b'"details":{'
_FILED = {event: b'},"event":"%s"' % event.encode() for event in EVENTS}
_PLAIN = {event: _DETAILS + filed for event, filed in _FILED.items()}


def _bound_as_filed(filed_as: Sequence[str], bodies: Sequence[bytes]) -> int:
    """How many words the entries bind. Raises ValueError when one does not say the event as which it is filed."""
    places = list(map(bytes.find, bodies, repeat(_DETAILS)))
    if all(map(bytes.startswith, bodies, map(_PLAIN.__getitem__, filed_as), places)):
        return 0
    count = 0
    for event, body, at in zip(filed_as, bodies, places, strict=True):
        end = body.find(b"}", at)
        if not body.startswith(_FILED[event], end):
            raise ValueError(event)
        count += body.count(b'":"', at, end)
    return count


def _words_bound(body: bytes) -> int:
    """How many words an entry binds."""
    at = body.find(_DETAILS) + len(_DETAILS)
    return body.count(b'":"', at, body.find(b"}", at))
