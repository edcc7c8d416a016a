"""Entries that are taken many at once are checked no less than one by one: each fault is found, and is called the same."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from breachdesk.audit.chain import GENESIS, Chains, Detail, Doer, StoredEntry, write_entry
from breachdesk.errors import LogBroken

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
WORDS = (Detail("subject", "shared", bytes(32), "Notice was too short."), Detail("understanding", "shared", bytes(32), "Agreed."))
OTHER = "f" * 64


def name(subject):
    return f"Case {subject}"


@pytest.fixture
def entries():
    """Three entries of each of three cases, by turns; the second of each binds two words."""
    found, heads = [], {}
    for seq in (1, 2, 3):
        for case in (1, 2, 30_000):
            one = write_entry(case, seq, heads.get(case, GENESIS), "note:gone", AT, Doer(7, "coordinator"), {"notes": []},
                              WORDS if seq == 2 else ())
            heads[case] = one.hash
            found.append(StoredEntry(case, seq, one.event, one.body, one.prev_hash, one.hash))
    return found


def said_of(parts):
    chains = Chains(name)
    with pytest.raises(LogBroken) as found:
        all(map(chains.take, parts))
    return str(found.value)


def test_whole_entries_give_their_leaves_and_the_words_they_bind(entries):
    at_once, one_by_one = Chains(name), Chains(name)

    leaves = at_once.take(entries)

    assert leaves.hex() == "".join(one.hash for one in entries)
    assert b"".join(one_by_one.take([one]) for one in entries) == leaves
    assert at_once.bound == one_by_one.bound == 6
    assert at_once.heads == one_by_one.heads == {one.subject: (3, one.hash) for one in entries[6:]}
    assert at_once.take([]) == b""


def changed(at, **fields):
    return lambda entries: [*entries[:at], entries[at]._replace(**fields), *entries[at + 1:]]


def with_hashes_cut_elsewhere(entries):
    """The hashes of two neighbours, written one after the other, are what they were; each is another."""
    mine, other = entries[3:5]
    return [*entries[:3], mine._replace(hash=mine.hash + other.hash[0]), other._replace(hash=other.hash[1:]), *entries[5:]]


@pytest.mark.parametrize(("harm", "says"), [
    (changed(4, hash=OTHER), "Case 2, entry 2: its text was changed after it was written."),
    (changed(4, hash=None), "Case 2, entry 2: its text was changed after it was written."),
    (with_hashes_cut_elsewhere, "Case 1, entry 2: its text was changed after it was written."),
    (changed(4, body=b"{}"), "Case 2, entry 2: its text was changed after it was written."),
    (changed(4, body="{}"), "Case 2, entry 2: it is not of the kind that an entry is: it was written by hand."),
    (changed(4, prev_hash=OTHER), "Case 2, entry 2: it does not follow from the entry before it, so one of the two was changed."),
    (changed(4, prev_hash=None), "Case 2, entry 2: it is not of the kind that an entry is: it was written by hand."),
    (changed(4, prev_hash="\ud800"), "Case 2, entry 2: it is not of the kind that an entry is: it was written by hand."),
    (changed(4, seq=3), "Case 2, entry 3: entry 2 is missing."),
    (changed(4, seq=1), "Case 2, entry 1: it is there twice."),
    (changed(4, seq="two"), "Case 2, entry two: it is not of the kind that an entry is: it was written by hand."),
    (changed(0, subject=9), "Case 9, entry 1: it was moved here from another place."),
    (changed(4, filed_as="note:written"), "Case 2, entry 2: it is filed as “note:written”, but says “note:gone”."),
    (changed(7, filed_as="note:written"), "Case 2, entry 3: it is filed as “note:written”, but says “note:gone”."),
    (changed(4, filed_as="note:lost"), "Case 2, entry 2: it is not of the kind that an entry is: it was written by hand."),
    (lambda entries: [*entries[:3], *entries[4:]], "Case 1, entry 3: entry 2 is missing."),
    (lambda entries: [*entries, entries[-1]], "Case 30000, entry 3: it is there twice."),
    (lambda entries: [*entries[:3], *entries[6:], *entries[3:6]], "Case 1, entry 3: entry 2 is missing.")])
def test_each_fault_is_found_and_called_the_same_however_many_are_taken_at_once(entries, harm, says):
    spoilt = harm(entries)

    assert said_of([spoilt]) == says
    assert said_of([one] for one in spoilt) == says


def test_a_walk_that_begins_inside_says_what_its_first_entries_followed(entries):
    chains = Chains(name, begins_inside=True)

    chains.take(entries[3:])

    assert chains.starts == {one.subject: (1, one.hash) for one in entries[:3]}
    assert chains.heads == {one.subject: (3, one.hash) for one in entries[6:]}
