"""Is the record whole? Every chain of the log is walked from its first entry to its head, and the words kept apart are held against it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from breachdesk.audit.chain import StoredEntry, check_chain, read_body
from breachdesk.casework.desk import Desk
from breachdesk.errors import LogBroken
from breachdesk.store import audit_log
from breachdesk.store.session import Session

_TRIES = 3


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that is whole: how many chains, entries and words were checked, how many words had been erased, and how long it took."""

    chains: int
    entries: int
    details: int
    erased: int
    seconds: float


def verify(desk: Desk) -> Verified:
    """Check the whole log. Raises LogBroken, naming the first bad entry.

    Words that are gone were erased, and are counted; words that differ from what the log binds are a fault. Somebody who
    recomputes every hash is found out only by a checkpoint that is kept elsewhere.
    """
    began = desk.wall()
    with desk.database.read() as session:
        # The subjects first: a case that begins meanwhile then has a head and is not taken for one that was removed.
        subjects = audit_log.subjects_with_entries(session)
        heads = audit_log.chain_heads(session)
        if orphans := sorted(subjects - {subject for subject, *_ in heads}):
            raise LogBroken(f"The log has entries of case number {orphans[0]}, and there is no such case: it was removed.")
        walks = [_walked(session, *head) for head in heads]
    return Verified(len(walks), sum(one.entries for one in walks), sum(one.details for one in walks),
                    sum(one.erased for one in walks), (desk.wall() - began).total_seconds())


@dataclass(slots=True)
class _Walk:
    """What was met on the way along one chain."""

    entries: int = 0
    details: int = 0
    erased: int = 0


def _walked(session: Session, subject: int, name: str, seq: int, head: str) -> _Walk:
    """One chain, checked. Where each statement sees its own moment (PostgreSQL), it may have grown since its head was read."""
    for _ in range(_TRIES):
        try:
            return _walk(session, subject, name, (seq, head))
        except LogBroken:
            now = next(((one[2], one[3]) for one in audit_log.chain_heads(session) if one[0] == subject), None)
            if now is None or now == (seq, head):
                raise
            seq, head = now
    return _walk(session, subject, name, (seq, head))


def _walk(session: Session, subject: int, name: str, head: tuple[int, str]) -> _Walk:
    walk = _Walk()
    bound = audit_log.details_bound(session, subject)
    kinds = {seq: event for seq, event, _, _ in audit_log.entries_of(session, subject)}
    walk.entries = check_chain(subject, name, _with_details(audit_log.stored_entries(session, subject), name, bound, kinds, walk), head)
    if not walk.entries:
        raise LogBroken(f"{name}: the log has no entry of it at all, so its entries were removed.")
    if bound:
        seq, detail = min(bound)
        raise LogBroken(f"{name}, entry {seq}: there are words for “{detail}” that no entry binds, so they were put there afterwards.")
    return walk


def _with_details(entries: Iterable[StoredEntry], name: str, bound: dict[tuple[int, str], tuple[bytes, str]], kinds: dict[int, str],
                  walk: _Walk) -> Iterator[StoredEntry]:
    """The entries, unchanged; once the chain's check has taken one and asks for the next, what belongs to it is checked as well."""
    for entry in entries:
        yield entry
        content: Any = read_body(entry.body)
        where = f"{name}, entry {entry.seq}"
        if content["event"] != kinds.get(entry.seq):
            raise LogBroken(f"{where}: it is filed as “{kinds.get(entry.seq)}”, but says “{content['event']}”.")
        for detail, digest in content["details"].items():
            words = bound.pop((entry.seq, detail), None)
            if words is None:
                walk.erased += 1
            elif sha256(words[0] + words[1].encode()).hexdigest() != digest:
                raise LogBroken(f"{where}: the words for “{detail}” were changed after they were written.")
            else:
                walk.details += 1
