"""How entries of the log are written and chained: pure functions over bytes. Salts are handed in; nothing is kept here."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from breachdesk.errors import LogBroken
from breachdesk.events import Facts, require_facts

FORMAT = 1
GENESIS = "0" * 64


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
                details: Iterable[Detail] = ()) -> Entry:
    """The next entry of a chain. Raises ValueError when the facts are not those that the event declares."""
    require_facts(event, facts)
    content = {"format": FORMAT, "subject": subject, "seq": seq, "event": event, "at": at.astimezone(UTC).isoformat(),
               "actor": doer.account, "role": doer.role, "for": doer.on_behalf_of, "facts": facts,
               "details": {detail.name: detail.digest for detail in details}}
    body = _CANONICAL.encode(content).encode()
    return Entry(subject, seq, event, at, body, prev_hash, link(prev_hash, body))


_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def link(prev_hash: str, body: bytes) -> str:
    """The hash of an entry: over the one before it and its own bytes."""
    return sha256(prev_hash.encode() + body).hexdigest()


def read_body(body: bytes) -> Mapping[str, object]:
    """What an entry says."""
    content = json.loads(body)
    if not isinstance(content, dict):
        raise LogBroken("An entry of the log is not an entry.")
    return content


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry as it was found."""

    subject: int
    seq: int
    body: bytes
    prev_hash: str
    hash: str


def check_chain(subject: int, name: str, entries: Iterable[StoredEntry], head: tuple[int, str]) -> int:
    """How many entries the chain has. Raises LogBroken, naming the first bad entry, when one was changed, moved, added or removed."""
    seq, before = 0, GENESIS
    for entry in entries:
        seq += 1
        where = f"{name}, entry {entry.seq}"
        if entry.seq != seq:
            raise LogBroken(f"{where}: entry {seq} is missing.")
        if entry.prev_hash != before:
            raise LogBroken(f"{where}: it does not follow from the entry before it, so one of the two was changed.")
        if link(before, entry.body) != entry.hash:
            raise LogBroken(f"{where}: its text was changed after it was written.")
        content = read_body(entry.body)
        if (content.get("subject"), content.get("seq")) != (subject, seq):
            raise LogBroken(f"{where}: it was moved here from another place.")
        before = entry.hash
    if (seq, before) != (head[0], head[1] or GENESIS):
        raise LogBroken(f"{name}: the last entry here is {seq}, but the last one written was {head[0]}, so the end was cut off or changed.")
    return seq
