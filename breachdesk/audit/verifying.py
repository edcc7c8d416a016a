"""Is a sealed log whole? Entries in the order of their places, held against the tree and against what was signed. Pure: rows are handed in.

A long log is checked in several runs at once, each beginning at a whole tile; `joined` puts them together.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from breachdesk.audit.chain import GENESIS, Chains, StoredEntry
from breachdesk.audit.checkpoint import Checkpoint
from breachdesk.audit.merkle import HASH, TILE_BYTES, WIDTH, Tree, grown, tile_rows
from breachdesk.errors import LogBroken

Name = Callable[[int], str]
Head = tuple[int, str]


@dataclass(slots=True)
class Run:
    """What was found from one place to another: the roots of whole tiles, the hashes of the last one, and each chain's first and last link.

    `kept` are the tiles that were asked for. `starts` says for each subject what the entry before its first one here must have been; a
    run from the log's beginning has none.
    `bound`: how many words the entries bind.
    """

    entries: int = 0
    roots: list[bytes] = field(default_factory=list)
    rest: bytes = b""
    kept: dict[int, bytes] = field(default_factory=dict)
    starts: dict[int, Head] = field(default_factory=dict)
    heads: dict[int, Head] = field(default_factory=dict)
    bound: int = 0


def walk(parts: Iterable[Sequence[StoredEntry]], tiles: Iterator[bytes] | None, name: Name, first: int = 0,
         progress: Callable[[int], object] = lambda done: None, keep: Container[int] = ()) -> Run:
    """Check entries from a place on (a multiple of 256), each against the one before it and, if there are any, its hash in the tiles.

    PARTS: 256 entries each, only the last may have fewer. KEEP: the numbers of tiles whose hashes are wanted afterwards. Raises LogBroken,
    naming the first bad entry.
    """
    run, chains = Run(), Chains(name, begins_inside=first > 0)
    for part in parts:
        leaves = chains.take(part)
        if tiles is not None and leaves != (tile := next(tiles, b"")):
            raise _differs(part, leaves, tile, first + run.entries, name)
        if (number := (first + run.entries) // WIDTH) in keep:
            run.kept[number] = leaves
        run.entries += len(part)
        if len(leaves) == TILE_BYTES:
            run.roots.append(tile_rows(leaves)[-1])
        else:
            run.rest = leaves
        progress(first + run.entries)
    run.starts, run.heads, run.bound = chains.starts, chains.heads, chains.bound
    return run


def _differs(part: Sequence[StoredEntry], leaves: bytes, tile: bytes, first: int, name: Name) -> LogBroken:
    for at, one in enumerate(map(StoredEntry._make, part)):
        here = slice(at * HASH, (at + 1) * HASH)
        if leaves[here] != tile[here]:
            return LogBroken(f"{name(one.subject)}, entry {one.seq}: it is not the entry that was sealed at place {first + at}.")
    return LogBroken(f"The tree of the log has more entries than the log, from place {first + len(part)} on: they were removed.")


def joined(runs: Sequence[Run], name: Name) -> Run:
    """Several runs, one after the other, as one. Raises LogBroken when a chain does not go on where it was left."""
    whole = Run()
    for run in runs:
        if whole.rest:
            raise ValueError("only the last run may end inside a tile")
        for subject, start in run.starts.items():
            if whole.heads.get(subject, (0, GENESIS)) != start:
                raise LogBroken(f"{name(subject)}, entry {start[0] + 1}: it does not follow from the entry before it, so one of the two "
                                "was changed, or one between them was removed.")
        whole.entries += run.entries
        whole.roots += run.roots
        whole.kept |= run.kept
        whole.rest, whole.bound = run.rest, whole.bound + run.bound
        whole.heads |= run.heads
    return whole


def tree_over(run: Run, leaf_tiles: Callable[[int], bytes]) -> tuple[Tree, Mapping[tuple[int, int], bytes]]:
    """The tree over a log that was walked from its beginning, and every tile above the lowest level as it must be."""
    above = {(level + 1, number): tile for (level, number), tile in grown(0, lambda level, number: b"", run.roots).items()}
    last = len(run.roots)

    def tile(level: int, number: int) -> bytes:
        if level:
            return above.get((level, number), b"")
        return run.rest if number == last else leaf_tiles(number)
    return Tree(run.entries, tile), above


def require_signed_roots(tree: Tree, said: Iterable[Checkpoint]) -> int:
    """Hold the tree against checkpoints, the smallest first; how many there were. Raises LogBroken, saying where the fault lies."""
    good, count = 0, 0
    for one in said:
        count += 1
        if one.size > tree.size:
            raise LogBroken(f"A checkpoint speaks of {one.size:,} entries, and {tree.size:,} are sealed here: the end was cut off, or this "
                            "is an older copy of the database.")
        try:
            root = tree.root(one.size)
        except ValueError as error:
            raise LogBroken(f"The tree of the log is not whole: {error}.") from error
        if root != one.root:
            where = f"in places {good} to {one.size - 1}" if one.size > good else f"below place {good}"
            raise LogBroken(f"The log is not the one that was signed: an entry {where} was changed, moved, added or removed, and every "
                            "hash after it computed again.")
        good = one.size
    return count
