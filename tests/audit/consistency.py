"""What others do with the tree: the hash of a leaf from its bytes, and whether one tree is the beginning of another. Witnesses check it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256

from breachdesk.audit.merkle import node_hash


def leaf_hash(data: bytes) -> bytes:
    """The hash of an input: RFC 9162 §2.1.1."""
    return sha256(b"\x00" + data).digest()


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of the OLD size is the beginning of the other one: RFC 9162 §2.1.4.2."""
    if old == size:
        return not path and old_root == root
    if not 0 < old < size or not path:
        return False
    # A whole power of two is a root itself, which the path then leaves out.
    steps: Iterator[bytes] = iter([old_root, *path] if old & (old - 1) == 0 else path)
    here, last = old - 1, size - 1
    while here & 1:
        here, last = here >> 1, last >> 1
    before = after = next(steps)
    for sibling in steps:
        if last == 0:
            return False
        if here & 1 or here == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while here and not here & 1:
                here, last = here >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and before == old_root and after == root
