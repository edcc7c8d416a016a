"""The tree over all entries of the log: RFC 6962 (RFC 9162 §2.1), kept in tiles of 256 hashes. Pure: tiles are handed in and out.

A tile (level, number) holds up to 256 hashes, 32 bytes each: level 0 the leaves 256 × number and after, level 1 the roots of whole tiles
of level 0, and so on. With them a proof reads a handful of rows, however large the log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256

HASH = 32
HEIGHT = 8
WIDTH = 1 << HEIGHT
TILE_BYTES = WIDTH * HASH
EMPTY_ROOT = sha256().digest()
Tiles = Callable[[int, int], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\1" + left + right).digest()


def tile_rows(tile: bytes) -> list[bytes]:
    """A tile and, above it, every row of whole pairs, the hashes of each row joined: the last one of a full tile is its root."""
    rows = [tile]
    while len(row := rows[-1]) > HASH:
        rows.append(b"".join([sha256(b"\1" + row[at:at + 64]).digest() for at in range(0, len(row) - HASH, 64)]))
    return rows


class Tree:
    """A tree of so many leaves, read tile by tile. Raises ValueError when a tile lacks hashes that the size says it has."""

    def __init__(self, size: int, tiles: Tiles) -> None:
        self.size = size
        self._tiles = tiles
        self._rows: dict[tuple[int, int], list[bytes]] = {}

    def leaf(self, index: int) -> bytes:
        return self._whole(0, index)

    def root(self, size: int | None = None) -> bytes:
        """The root that the tree had when it had so many leaves."""
        size = self.size if size is None else size
        return self._over(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """The hashes that lead from a leaf up to the root: RFC 9162 §2.1.3."""
        size = self.size if size is None else size
        if not 0 <= index < size <= self.size:
            raise ValueError(f"there is no place {index} among {size}")
        return self._path(index, 0, size)

    def consistency(self, old: int, size: int | None = None) -> list[bytes]:
        """The hashes that show that the tree of the OLD size is the beginning of this one: RFC 9162 §2.1.4."""
        size = self.size if size is None else size
        if not 0 < old <= size <= self.size:
            raise ValueError(f"{old} is no earlier size of {size}")
        return self._since(old, 0, size, True)

    def _path(self, index: int, first: int, end: int) -> list[bytes]:
        if end - first == 1:
            return []
        cut = first + _split(end - first)
        if index < cut:
            return [*self._path(index, first, cut), self._over(cut, end)]
        return [*self._path(index, cut, end), self._over(first, cut)]

    def _since(self, old: int, first: int, end: int, known: bool) -> list[bytes]:
        if old == end:
            return [] if known else [self._over(first, end)]
        cut = first + _split(end - first)
        if old <= cut:
            return [*self._since(old, first, cut, known), self._over(cut, end)]
        return [*self._since(old, cut, end, False), self._over(first, cut)]

    def _over(self, first: int, end: int) -> bytes:
        size = end - first
        if size & (size - 1) == 0:
            level = size.bit_length() - 1
            return self._whole(level, first >> level)
        cut = first + _split(size)
        return node_hash(self._over(first, cut), self._over(cut, end))

    def _whole(self, level: int, index: int) -> bytes:
        """The root over a whole power of two of leaves."""
        floor, row = divmod(level, HEIGHT)
        number, at = divmod(index, WIDTH >> row)
        if (rows := self._rows.get((floor, number))) is None:
            rows = self._rows[floor, number] = tile_rows(self._tiles(floor, number))
        found = rows[row][at * HASH:(at + 1) * HASH] if row < len(rows) else b""
        if len(found) != HASH:
            raise ValueError(f"tile {number} of level {floor} is shorter than a tree of {self.size} needs")
        return found


def _split(size: int) -> int:
    """The largest power of two below a size."""
    return 1 << (size - 1).bit_length() - 1


def grown(size: int, tiles: Tiles, leaves: Sequence[bytes]) -> Mapping[tuple[int, int], bytes]:
    """The tiles that change when leaves are added to a tree of a size, as they are afterwards."""
    changed: dict[tuple[int, int], bytes] = {}
    level, new = 0, b"".join(leaves)
    while new:
        number, held = divmod(size, WIDTH)
        filled = (tiles(level, number)[:held * HASH] if held else b"") + new
        above = b""
        for at in range(0, len(filled), TILE_BYTES):
            tile = filled[at:at + TILE_BYTES]
            changed[level, number + at // TILE_BYTES] = tile
            above += tile_rows(tile)[-1] if len(tile) == TILE_BYTES else b""
        level, size, new = level + 1, number, above
    return changed


def is_included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path leads from a leaf at a place to a root: RFC 9162 §2.1.3.2."""
    if not 0 <= index < size:
        return False
    here, last, found = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            return False
        if here & 1 or here == last:
            found = node_hash(sibling, found)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and found == root
