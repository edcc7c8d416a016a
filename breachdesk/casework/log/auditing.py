"""Is the record whole? Every entry in the order of its place, its chain, the tree, what was signed, and the words that are kept apart."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from multiprocessing import get_all_start_methods, get_context
from typing import Any, cast

from breachdesk.audit.chain import Chains, StoredEntry, read_body
from breachdesk.audit.checkpoint import Checkpoint, Verifier, read_checkpoint, require_signed
from breachdesk.audit.merkle import WIDTH
from breachdesk.audit.verifying import Run, joined, require_signed_roots, tree_over, walk
from breachdesk.casework.desk import Desk
from breachdesk.casework.log.log_keys import public_keys
from breachdesk.casework.log.restored import require_not_lost
from breachdesk.errors import BadCheckpoint, LogBroken
from breachdesk.store import audit_log, sealed
from breachdesk.store.session import Database, Session

Progress = Callable[[int, int], object]
# Below this a second process would cost more than it saves.
_WORTH_A_PROCESS = 50_000
_TILES_AT_ONCE = 64
_AT_ONCE = WIDTH * _TILES_AT_ONCE


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that is whole: how many chains and entries (of them sealed), checkpoints and words were checked, how many words had been
    erased, how many checkpoints from outside agreed, and how long it took."""

    chains: int
    entries: int
    sealed: int
    checkpoints: int
    details: int
    erased: int
    outside: int
    seconds: float


def verify(desk: Desk, outside: Sequence[Checkpoint] = (), keys: Sequence[Verifier] = (), *, processes: int = 1,
           progress: Progress = lambda done, total: None) -> Verified:
    """Check the whole log. Raises LogBroken, naming the first bad entry; BadCheckpoint for one from OUTSIDE that is not signed by KEYS.

    Words that are gone are counted where an entry says that they were erased, and are a fault where none does. Somebody who recomputes
    every hash, and has the desk's own key, is found out only by a checkpoint that was kept elsewhere.
    """
    began = desk.wall()
    for one in outside:
        require_signed(one, keys)
    with _helpers(desk, processes) as helpers, desk.database.snapshot() as session:
        name = partial(audit_log.name_of_chain, session)
        run, waiting = _walked(session, desk, name, helpers, progress)
        own = _signed_here(session, run, sorted(outside, key=lambda one: one.size))
        chains = _require_heads(session, run.heads, name)
        words = _require_words(session, name)
        _require_erased(session, run.bound - words, name)
    return Verified(chains, run.entries + waiting, run.entries, own, words, run.bound - words, len(outside),
                    (desk.wall() - began).total_seconds())


@contextmanager
def _helpers(desk: Desk, processes: int) -> Iterator[tuple[ProcessPoolExecutor, int] | None]:
    """Further processes that share the work on a long log, and into how many parts it goes; None where this one does it alone.

    They begin while no connection is open: of a copied one SQLite would believe that its locks were held.
    """
    if processes == 1 or _sealed(desk) < _WORTH_A_PROCESS:
        yield None
        return
    desk.database.close()
    # What is copied has everything loaded, but only this thread: what another one held would stay held.
    begun = get_context("fork" if threading.active_count() == 1 and "fork" in get_all_start_methods() else "spawn")
    with ProcessPoolExecutor(processes - 1, mp_context=begun) as pool:
        pool.submit(int).result()
        yield pool, processes


def _sealed(desk: Desk) -> int:
    with desk.database.read() as session:
        return sealed.counts(session)[1]


def _walked(session: Session, desk: Desk, name: Callable[[int], str], helpers: tuple[ProcessPoolExecutor, int] | None,
            progress: Progress) -> tuple[Run, int]:
    """Every sealed entry, and after them those that wait: what was found, and how many wait."""
    total, size = sealed.counts(session)
    if helpers:
        run = joined(_at_once(session, desk, size, *helpers, name, lambda done: progress(done, total)), name)
    else:
        run = walk_places(session, 0, size, name, lambda done: progress(done, total))
    waiting = sealed.waiting(session, total)
    if len(waiting) + size != total:
        waiting = sealed.waiting(session, total, all_of_them=True)
    chains = Chains(name)
    chains.heads = run.heads
    chains.take([one for _, one in waiting])
    run.bound += chains.bound
    progress(total, total)
    return run, len(waiting)


def walk_places(session: Session, first: int, end: int, name: Callable[[int], str], progress: Callable[[int], object]) -> Run:
    """The entries from one place to before another, held against the lowest tiles. Raises LogBroken, naming the first bad one."""
    def along(entries: Generator[Sequence[StoredEntry]]) -> Run:
        tiles = (hashes for start in range(first // WIDTH, -(-end // WIDTH), _TILES_AT_ONCE)
                 for _, hashes in list(sealed.tiles_between(session, 0, start, start + _TILES_AT_ONCE)))
        # Where an entry is at fault the walk ends early, and the question with it: not when somebody has forgotten the fault.
        with closing(entries):
            return walk(entries, tiles, name, first, progress)

    # Nearly always entries lie as they were sealed. Where they do not, or one is at fault, each is looked for by its place, and named.
    with suppress(LogBroken):
        if (shift := sealed.shift_of_places(session, first, end)) is not None:
            run = along(sealed.entries_between(session, first + shift, end + shift - 1, WIDTH))
            if run.entries == end - first:
                return run
    return along(_by_place(session, first, end))


def _by_place(session: Session, first: int, end: int) -> Generator[Sequence[StoredEntry]]:
    """Rows by number and places by place are read side by side: the two orders are nearly the same, so that nothing needs to be joined."""
    if sealed.places_between(session, first, end) != end - first:
        raise LogBroken(f"Place {sealed.missing_place(session, end)} of the log is gone: it was removed.")
    low, high = sealed.ids_of_places(session, first, end)
    rows, ahead, place = sealed.entries_between(session, low, high, WIDTH, with_ids=True), dict[int, StoredEntry](), first
    for start in range(first, end, _AT_ONCE):
        # Read to its end at once, since only one question can be read on bit by bit.
        for wanted in list(sealed.sealed_ids(session, start, min(start + _AT_ONCE, end), WIDTH)):
            yield _found(wanted, rows, ahead, place)
            place += len(wanted)


def _found(wanted: Sequence[int], rows: Iterator[Sequence[Any]], ahead: dict[int, StoredEntry], place: int) -> list[StoredEntry]:
    """The entries with these ids, from those that were read AHEAD and from further rows. Raises LogBroken for one that is gone."""
    highest = max(wanted)
    while not ahead or max(ahead) < highest:
        if not (more := next(rows, ())):
            break
        ahead |= {row[-1]: StoredEntry(*row[:-1]) for row in more}
    for at, one in enumerate(wanted):
        if one not in ahead:
            raise LogBroken(f"The entry that was sealed at place {place + at} is gone: it was removed from the log.")
    return [ahead.pop(one) for one in wanted]


def _at_once(session: Session, desk: Desk, size: int, pool: ProcessPoolExecutor, processes: int, name: Callable[[int], str],
             progress: Callable[[int], object]) -> list[Run]:
    """The sealed entries in several processes, each from a whole tile on. This one takes the first part, so that one fewer must start."""
    step = -(-size // processes // WIDTH) * WIDTH
    parts = [(first, min(first + step, size)) for first in range(0, size, step)]
    jobs = [pool.submit(_part, desk.database.url, *part) for part in parts[1:]]
    found = [walk_places(session, *parts[0], name, progress)]
    for job, (_, end) in zip(jobs, parts[1:], strict=True):
        found.append(job.result())
        progress(end)
    return found


def _part(url: str, first: int, end: int) -> Run:
    database = Database(url)
    with database.snapshot() as session:
        run = walk_places(session, first, end, partial(audit_log.name_of_chain, session), lambda done: None)
    database.close()
    return run


def _signed_here(session: Session, run: Run, outside: Sequence[Checkpoint]) -> int:
    """Hold the tree against the tiles above, each checkpoint of the desk and those from outside; how many the desk has."""
    tree, above = tree_over(run, lambda number: sealed.tile(session, 0, number))
    stored = {(level, number): hashes for level, number, hashes in sealed.tiles_above(session)}
    for place in sorted(above.keys() | stored.keys()):
        if above.get(place) != stored.get(place):
            raise LogBroken(f"Tile {place[1]} of level {place[0]} of the tree is not what the entries below it make: it was changed.")
    own, keys = [read_checkpoint(note) for note in sealed.checkpoint_notes(session)], [key for key, *_ in public_keys(session)]
    try:
        for one in own:
            require_signed(one, keys)
    except BadCheckpoint as error:
        raise LogBroken(f"A checkpoint in the database is not the desk's. {error}") from error
    if (last := own[-1].size if own else 0) != run.entries:
        raise LogBroken(f"{run.entries:,} entries have their place, but {last:,} were signed for: checkpoints were removed, or "
                        "places added.")
    for one in outside:
        require_not_lost(session, one)
    require_signed_roots(tree, sorted([*own, *outside], key=lambda one: one.size))
    return len(own)


def _require_heads(session: Session, found: dict[int, tuple[int, str]], name: Callable[[int], str]) -> int:
    """How many chains there are. Raises LogBroken unless each ends where the case's own row says that it does, and has such a row."""
    chains, count = Chains(name), 0
    chains.heads = found
    for subject, seq, last in audit_log.ends_of_chains(session):
        if found.get(subject) != (seq, last):
            chains.end(subject, (seq, last))
            raise LogBroken(f"{name(subject)}: the log has no entry of it at all, so its entries were removed.")
        del found[subject]
        count += 1
    if found:
        raise LogBroken(f"The log has entries of case number {min(found)}, and there is no such case: it was removed.")
    return count


def _require_words(session: Session, name: Callable[[int], str]) -> int:
    """Hold the words that are kept apart against the entries that bind them; how many there are. Raises LogBroken."""
    count = 0
    for subject, seq, detail, salt, value, body in audit_log.words_with_bodies(session):
        count += 1
        bound = b"" if body is None else body.partition(b'"details":{')[2].partition(b"}")[0]
        digest: Any = sha256(salt + value.encode()).hexdigest()
        if f'"{detail}":"{digest}"'.encode() not in bound:
            where = f"{name(subject)}, entry {seq}"
            if f'"{detail}":'.encode() in bound:
                raise LogBroken(f"{where}: the words for “{detail}” were changed after they were written.")
            raise LogBroken(f"{where}: there are words for “{detail}” that no entry binds, so they were put there afterwards.")
    return count


def _require_erased(session: Session, missing: int, name: Callable[[int], str]) -> None:
    """Raise LogBroken unless the words that are gone are those of which an entry says that they were erased."""
    said, notes = _said_to_be_gone(session)
    gone = {(subject, seq, one) for subject, seq in {key[:2] for key in said} | notes
            for one in _bound_by(session, subject, seq) if (subject, seq, one) in said or (subject, seq) in notes}
    if len(gone - set(audit_log.words_of_entries(session, {key[:2] for key in gone}))) == missing:
        return
    for subject, seq, body in audit_log.entries_that_bind(session):
        there, content = set(audit_log.words_of_entries(session, {(subject, seq)})), read_body(body)
        for one in cast(dict[str, str], content["details"]):
            if (subject, seq, one) not in there | gone:
                raise LogBroken(f"{name(subject)}, entry {seq}: the words for “{one}” are gone, and no entry says that they were erased.")


def _said_to_be_gone(session: Session) -> tuple[set[tuple[int, int, str]], set[tuple[int, int]]]:
    """(subject, entry, name) of the words of which the log says that they were erased, and (subject, entry) of notes that are gone."""
    said, notes = set[tuple[int, int, str]](), set[tuple[int, int]]()
    for subject, body in audit_log.entries_called(session, ("erasure:done", "erasure:repeated", "disposal:done", "note:gone")):
        facts: Any = read_body(body)["facts"]
        said |= {(subject, seq, one) for seq, one in facts.get("details", ())}
        notes |= {(subject, seq) for seq in facts.get("notes", ())}
    return said, notes


def _bound_by(session: Session, subject: int, seq: int) -> Iterable[str]:
    body = audit_log.body_of(session, subject, seq)
    found: Any = read_body(body)["details"] if body else {}
    return tuple(found)
