"""The tree against RFC 6962: its published vectors, the recursive definition of the text, and proofs of every size to 64."""

from __future__ import annotations

from hashlib import sha256

import pytest
from audit.consistency import is_consistent, leaf_hash
from hypothesis import given, settings
from hypothesis import strategies as st

from breachdesk.audit.merkle import EMPTY_ROOT, TILE_BYTES, WIDTH, Tree, grown, is_included, node_hash

# The inputs and roots of the test suite of Certificate Transparency, sizes 1 to 8.
INPUTS = [bytes.fromhex(one) for one in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657",
                                         "606162636465666768696a6b6c6d6e6f")]
ROOTS = ("6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
         "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
         "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
         "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
         "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
         "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
         "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
         "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328")


def tree_of(leaves: list[bytes], step: int = 1_000_000) -> Tree:
    """A tree grown by so many leaves at a time."""
    tiles: dict[tuple[int, int], bytes] = {}
    for at in range(0, len(leaves), step):
        tiles.update(grown(at, lambda level, number: tiles[level, number], leaves[at:at + step]))
    return Tree(len(leaves), lambda level, number: tiles.get((level, number), b""))


def as_the_rfc_says(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962 §2.1, over hashes of leaves, as it stands there."""
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return node_hash(as_the_rfc_says(leaves[:k]), as_the_rfc_says(leaves[k:]))


def some(count: int) -> list[bytes]:
    return [leaf_hash(b"%d" % at) for at in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_the_published_vectors(size):
    assert tree_of([leaf_hash(one) for one in INPUTS[:size]]).root().hex() == ROOTS[size - 1]


def test_an_empty_log_has_the_root_of_nothing():
    assert Tree(0, lambda level, number: b"").root() == EMPTY_ROOT == sha256(b"").digest()


def test_every_proof_of_every_size_to_64_holds_and_no_other():
    leaves = some(64)
    roots = [EMPTY_ROOT, *(as_the_rfc_says(leaves[:size]) for size in range(1, 65))]
    whole = tree_of(leaves)
    for size in range(1, 65):
        assert whole.root(size) == roots[size]
        for index in range(size):
            path = whole.inclusion(index, size)
            assert is_included(leaves[index], index, size, path, roots[size])
            assert not is_included(leaves[index], (index + 1) % size, size, path, roots[size]) or size == 1
            assert not is_included(leaf_hash(b"another"), index, size, path, roots[size])
            assert not is_included(leaves[index], index, size, [*path, leaves[0]], roots[size])
            assert not path or not is_included(leaves[index], index, size, path[:-1], roots[size])
        for old in range(1, size + 1):
            path = whole.consistency(old, size)
            assert is_consistent(old, roots[old], size, roots[size], path)
            assert not is_consistent(old, leaf_hash(b"another"), size, roots[size], path)
            assert not is_consistent(old, roots[old], size, leaf_hash(b"another"), path)
            assert not is_consistent(old, roots[old], size, roots[size], [*path, leaves[0]])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_a_tree_is_the_same_however_its_leaves_arrive(steps):
    leaves = some(sum(steps))
    tiles: dict[tuple[int, int], bytes] = {}
    size = 0
    for step in steps:
        tiles.update(grown(size, lambda level, number: tiles[level, number], leaves[size:size + step]))
        size += step

    assert tiles == dict(grown(0, lambda level, number: b"", leaves))
    assert Tree(size, lambda level, number: tiles[level, number]).root() == as_the_rfc_says(leaves)


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_proofs_hold_at_any_size_to_a_million(data):
    # Leaves that are all the same make a tree of any size cheap: each whole tile is the same as its neighbours.
    size = data.draw(st.integers(1, 1_000_000))
    tree, tree_root = _of_equals(size)
    index, old = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))

    assert is_included(_ONE, index, size, tree.inclusion(index), tree_root)
    assert is_consistent(old, _of_equals(old)[1], size, tree_root, tree.consistency(old))


_ONE = leaf_hash(b"the same")


def _of_equals(size: int) -> tuple[Tree, bytes]:
    """A tree of equal leaves; its root by the RFC's own recursion, each size computed once."""
    floors = [_ONE]
    for _ in range(3):
        row = floors[-1] * WIDTH
        while len(row) > 32:
            row = node_hash(row[:32], row[32:64]) * (len(row) // 64)
        floors.append(row)

    def tile(level: int, number: int) -> bytes:
        there = (size >> 8 * level) - number * WIDTH
        return floors[level] * min(there, WIDTH)

    known: dict[int, bytes] = {}

    def root(count: int) -> bytes:
        if count == 1:
            return _ONE
        if count not in known:
            k = 1 << (count - 1).bit_length() - 1
            known[count] = node_hash(root(k), root(count - k))
        return known[count]

    return Tree(size, tile), root(size)


def test_a_tile_that_is_too_short_is_said_and_not_guessed():
    tree = Tree(300, lambda level, number: some(256)[0] * (255 if (level, number) == (0, 0) else 44))

    with pytest.raises(ValueError, match="tile 0 of level 0 is shorter than a tree of 300 needs"):
        tree.inclusion(254)


@pytest.mark.parametrize(("index", "size"), [(-1, 4), (4, 4), (0, 0), (0, 5)])
def test_a_place_that_is_not_there_has_no_proof(index, size):
    with pytest.raises(ValueError, match="there is no place"):
        tree_of(some(4)).inclusion(index, size)


def test_each_leaf_is_found_at_its_place_and_nowhere_else():
    leaves = some(300)
    tree = tree_of(leaves)

    assert [tree.leaf(place) for place in (0, 1, 255, 256, 299)] == [leaves[place] for place in (0, 1, 255, 256, 299)]
    for place, size in ((-1, 1), (1, 1), (1, 0)):
        assert not is_included(leaves[0], place, size, [], leaves[0])


@pytest.mark.parametrize(("old", "size"), [(0, 4), (-1, 4), (3, 2), (1, 5), (5, 5)])
def test_a_size_that_the_log_never_had_before_has_no_proof(old, size):
    with pytest.raises(ValueError, match=f"{old} is no earlier size of {size}"):
        tree_of(some(4)).consistency(old, size)


def test_whole_tiles_are_256_hashes():
    changed = grown(0, lambda level, number: b"", some(600))

    assert {place: len(tile) for place, tile in changed.items()} == {
        (0, 0): TILE_BYTES, (0, 1): TILE_BYTES, (0, 2): 88 * 32, (1, 0): 64}
