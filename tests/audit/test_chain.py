"""Entries and their chains: what an entry says, byte by byte, and each way of spoiling a chain with its own sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from hashlib import sha256

import pytest

from breachdesk.audit.chain import GENESIS, Chains, Detail, Doer, StoredEntry, leaf_of, read_body, write_entry
from breachdesk.errors import LogBroken

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
DOER = Doer(5, "coordinator", 11)
WORDS = (Detail("what", "shared", b"salt", "Grüße"), Detail("why", "coordinator", b"pepper", "so"))


def chain(subject=1, length=3, details=(), first=1):
    """So many notes of one case, as they are stored."""
    entries, before = [], GENESIS
    for seq in range(first, first + length):
        one = write_entry(subject, seq, before, "note:gone", NINE, DOER, {"notes": [seq]}, details)
        entries.append(StoredEntry(subject, seq, one.event, one.body, one.prev_hash, one.hash))
        before = one.hash
    return entries


def chains(**how):
    return Chains(lambda subject: f"Case {subject}", **how)


def sealed_anew(entry, **changes):
    """An entry whose text somebody changed, with its hash computed again."""
    body = json.dumps(json.loads(entry.body) | changes, sort_keys=True, separators=(",", ":")).encode()
    return entry._replace(body=body, hash=leaf_of(entry.prev_hash, body).hex())


def first_format(entry):
    body = json.dumps(json.loads(entry.body) | {"format": 1}, sort_keys=True, separators=(",", ":")).encode()
    return entry._replace(body=body, hash=sha256(entry.prev_hash.encode() + body).hexdigest())


def test_an_entry_says_who_did_what_when_and_binds_words_without_holding_them():
    written = write_entry(7, 3, "ab" * 32, "note:gone", datetime(2026, 3, 2, 10, tzinfo=timezone(timedelta(hours=1))), DOER,
                          {"notes": [1]}, WORDS, procedure="digest", batch="7/3")

    assert json.loads(written.body) == {
        "format": 2, "subject": 7, "seq": 3, "event": "note:gone", "at": "2026-03-02T09:00:00+00:00", "actor": 5, "role": "coordinator",
        "for": 11, "procedure": "digest", "batch": "7/3", "facts": {"notes": [1]},
        "details": {"what": sha256(b"salt" + "Grüße".encode()).hexdigest(), "why": sha256(b"pepperso").hexdigest()}}
    assert written.body.startswith(b'{"actor":5,"at":"2026')
    assert written.body.endswith(b'"role":"coordinator","seq":3,"subject":7}')
    assert (written.subject, written.seq, written.event, written.prev_hash) == (7, 3, "note:gone", "ab" * 32)
    assert written.at == NINE
    assert written.hash == sha256(b"\0" + b"ab" * 32 + written.body).hexdigest()


def test_an_entry_without_more_binds_nothing_and_belongs_to_no_batch():
    body = write_entry(1, 1, GENESIS, "note:gone", NINE, Doer(-1, "clock"), {"notes": ["ü"]}).body

    assert [json.loads(body)[name] for name in ("for", "procedure", "batch", "details")] == [0, "", "", {}]
    assert "ü".encode() in body


def test_facts_that_the_event_does_not_declare_are_not_written():
    with pytest.raises(ValueError, match="note:gone"):
        write_entry(1, 1, GENESIS, "note:gone", NINE, DOER, {"other": 1})


def test_whole_chains_are_followed_in_whatever_order_they_lie():
    one, two = chain(1, 3), chain(2, 2, WORDS)
    found = chains()

    assert found.take([one[0], two[0], one[1]]) == bytes.fromhex(one[0].hash + two[0].hash + one[1].hash)
    found.take([two[1], one[2]])

    assert found.heads == {1: (3, one[2].hash), 2: (2, two[1].hash)}
    assert found.starts == {}
    assert found.bound == 4
    found.end(1, (3, one[2].hash))
    found.end(9, (0, ""))


def test_a_walk_that_begins_inside_takes_the_first_entry_at_its_word_and_no_other():
    entries = chain(1, 4)
    found = chains(begins_inside=True)

    found.take(entries[2:])

    assert found.starts == {1: (2, entries[1].hash)}
    assert found.heads == {1: (4, entries[3].hash)}
    with pytest.raises(LogBroken, match="Case 1, entry 4: entry 3 is missing"):
        chains(begins_inside=True).take([entries[1], entries[3]])


def test_entries_after_the_thousandth_are_held_to_their_number_too():
    last = chain(1, 2, first=1_000)
    found = chains(begins_inside=True)

    found.take(last)

    assert found.heads[1] == (1_001, last[1].hash)
    with pytest.raises(LogBroken, match="Case 1, entry 1001: it was moved here"):
        chains(begins_inside=True).take([last[0], sealed_anew(last[1], seq=1_002)])


def test_entries_of_the_first_format_are_still_good():
    one = first_format(chain(details=WORDS)[0])
    found = chains()

    found.take([one])

    assert (found.heads, found.bound) == ({1: (1, one.hash)}, 2)
    with pytest.raises(LogBroken, match="Case 1, entry 1: its text was changed"):
        chains().take([one._replace(body=one.body.replace(b'"actor":5', b'"actor":6'))])


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda a, b, c: [a, c], "entry 3: entry 2 is missing."), (lambda a, b, c: [b], "entry 2: entry 1 is missing."),
    (lambda a, b, c: [a, b, b], "entry 2: it is there twice."),
    (lambda a, b, c: [a, b._replace(prev_hash=GENESIS)],
     "entry 2: it does not follow from the entry before it, so one of the two was changed."),
    (lambda a, b, c: [a._replace(body=a.body.replace(b'"actor":5', b'"actor":6'))], "entry 1: its text was changed after it was written."),
    (lambda a, b, c: [a._replace(hash=b.hash)], "entry 1: its text was changed after it was written."),
    (lambda a, b, c: [sealed_anew(a, subject=2)], "entry 1: it was moved here from another place."),
    (lambda a, b, c: [sealed_anew(a, seq=2)], "entry 1: it was moved here from another place."),
    (lambda a, b, c: [a._replace(filed_as="note:written")], "entry 1: it is filed as “note:written”, but says “note:gone”."),
    (lambda a, b, c: [a._replace(filed_as="invented")], "entry 1: it is not of the kind that an entry is: it was written by hand."),
    (lambda a, b, c: [a._replace(body="text")], "entry 1: it is not of the kind that an entry is: it was written by hand."),
    (lambda a, b, c: [a._replace(prev_hash=None)], "entry 1: it is not of the kind that an entry is: it was written by hand.")])
def test_each_way_of_spoiling_a_chain_has_its_sentence(spoil, said):
    with pytest.raises(LogBroken) as found:
        chains().take(spoil(*chain()))
    assert str(found.value) == f"Case 1, {said}"


def test_an_end_that_was_cut_off_is_found_by_what_was_written_last():
    entries = chain()
    found = chains()
    found.take(entries[:2])

    for head in ((3, entries[2].hash), (2, entries[2].hash)):
        with pytest.raises(LogBroken) as raised:
            found.end(1, head)
        assert str(raised.value) == (f"Case 1: the last entry here is 2, but the last one written was {head[0]}, "
                                     "so the end was cut off or changed.")


def test_a_body_that_is_no_entry_is_said_to_be_none():
    assert read_body(b'{"a":1}') == {"a": 1}
    with pytest.raises(LogBroken, match="^An entry of the log is no text that can be read: "):
        read_body(b"{")
    with pytest.raises(LogBroken, match="^An entry of the log is not an entry.$"):
        read_body(b"[]")


def test_the_digest_of_a_detail_hangs_on_its_salt():
    assert WORDS[0].digest != replace(WORDS[0], salt=b"other").digest
