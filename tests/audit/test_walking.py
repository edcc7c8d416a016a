"""A sealed log held against its tree and what was signed, and an export against both: with made-up entries, and no desk."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import pytest
from audit.test_chain import chain

from breachdesk.audit.checkpoint import Signer, sign
from breachdesk.audit.exported import check_export
from breachdesk.audit.merkle import TILE_BYTES, WIDTH, Tree, grown, tile_rows
from breachdesk.audit.verifying import Run, joined, require_signed_roots, tree_over, walk
from breachdesk.errors import BadExport, LogBroken

KEY = Signer("desk.example/log", bytes(range(32)))
LENGTH = WIDTH + 10


@cache
def entries():
    """A tile and ten entries more: the first ten are of another case, the others of one."""
    return [*chain(2, 10), *chain(1, LENGTH - 10)]


def leaves(of=None):
    return [bytes.fromhex(one.hash) for one in of or entries()]


def tree(size):
    tiles = dict(grown(0, lambda level, number: b"", leaves()[:size]))
    return Tree(size, lambda level, number: tiles.get((level, number), b""))


def checkpoint(size, root=None):
    return sign(KEY.name, size, root or tree(size).root(), [KEY])


def in_parts(found):
    return [found[at:at + WIDTH] for at in range(0, len(found), WIDTH)]


def name(subject):
    return f"Case {subject}"


def walked(found=None, **how):
    found = found or entries()
    return walk(in_parts(found), iter([b"".join(part) for part in in_parts(leaves())]), name, **how)


def test_a_walk_keeps_the_roots_of_whole_tiles_the_rest_and_the_ends_of_each_chain():
    seen = []
    run = walked(progress=seen.append, keep={0})

    assert (run.entries, run.bound, seen) == (LENGTH, 0, [WIDTH, LENGTH])
    assert run.roots == [tile_rows(b"".join(leaves()[:WIDTH]))[-1]]
    assert run.rest == b"".join(leaves()[WIDTH:])
    assert run.kept == {0: b"".join(leaves()[:WIDTH])}
    assert len(run.kept[0]) == TILE_BYTES
    assert run.starts == {}
    assert run.heads == {2: (10, entries()[9].hash), 1: (LENGTH - 10, entries()[-1].hash)}


def test_two_runs_joined_are_the_whole():
    seen = []
    first = walk([entries()[:WIDTH]], None, name, keep=(0, 1))
    second = walk([entries()[WIDTH:]], None, name, WIDTH, seen.append, keep=(0, 1))

    assert seen == [LENGTH]
    assert second.starts == {1: (WIDTH - 10, entries()[WIDTH - 1].hash)}
    assert joined([first, second], name) == replace(walked(keep=(0, 1)), starts={})


def test_a_chain_that_does_not_go_on_where_it_was_left_is_named():
    first, second = walk([entries()[:WIDTH]], None, name), walk([entries()[WIDTH:]], None, name, WIDTH)

    with pytest.raises(LogBroken) as found:
        joined([replace(first, heads={}), second], name)
    assert str(found.value) == ("Case 1, entry 247: it does not follow from the entry before it, so one of the two was changed, or one "
                                "between them was removed.")
    with pytest.raises(ValueError, match="^only the last run may end inside a tile$"):
        joined([Run(rest=b"more"), first], name)


def test_a_chain_may_begin_in_any_run():
    first, later = walk([entries()[:WIDTH]], None, name), chain(3, 4)

    whole = joined([first, walk([later], None, name, WIDTH)], name)

    assert (whole.entries, whole.heads[3]) == (WIDTH + 4, (4, later[-1].hash))


def test_words_that_are_bound_are_counted_through_all_runs():
    assert joined([Run(bound=2), Run(bound=3)], name).bound == 5


def test_an_entry_that_is_not_the_sealed_one_is_named_with_its_place():
    other = [*entries()[:WIDTH + 4], *chain(3, 1), *entries()[WIDTH + 5:]]
    with pytest.raises(LogBroken, match="^Case 3, entry 1: it is not the entry that was sealed at place 260.$"):
        walk(in_parts(other[:WIDTH + 5]), iter([b"".join(part) for part in in_parts(leaves())]), name)
    with pytest.raises(LogBroken, match="^Case 3, entry 1: it is not the entry that was sealed at place 260.$"):
        walk([other[WIDTH:WIDTH + 5]], iter([b"".join(leaves()[WIDTH:])]), name, WIDTH)


def test_a_fault_in_a_chain_is_named_with_its_case():
    with pytest.raises(LogBroken, match="^Case 2, entry 2: entry 1 is missing.$"):
        walk([entries()[1:10]], None, name)


def test_entries_that_were_removed_from_the_end_are_missed_by_the_tree_and_tiles_by_the_log():
    with pytest.raises(LogBroken, match="^The tree of the log has more entries than the log, from place 260 on: they were removed.$"):
        walked(entries()[:WIDTH + 4])
    with pytest.raises(LogBroken, match="it is not the entry that was sealed at place 256"):
        walk(in_parts(entries()), iter([b"".join(leaves()[:WIDTH])]), name)


def test_the_tree_over_a_walk_is_the_tree_of_the_log():
    found, above = tree_over(walked(), lambda number: b"".join(leaves()[:WIDTH]))

    assert (found.size, found.root()) == (LENGTH, tree(LENGTH).root())
    assert found.root(100) == tree(100).root()
    assert above == {(1, 0): tile_rows(b"".join(leaves()[:WIDTH]))[-1]}


def test_checkpoints_that_fit_are_counted_and_others_say_where_the_fault_lies():
    whole = tree(LENGTH)

    assert require_signed_roots(whole, []) == 0
    assert require_signed_roots(whole, [checkpoint(5), checkpoint(LENGTH)]) == 2
    for said, sentence in (
            ([replace(checkpoint(5), size=5_000)], "A checkpoint speaks of 5,000 entries, and 266 are sealed here: the end was cut off, or "
                                                    "this is an older copy of the database."),
            ([checkpoint(5), checkpoint(9, bytes(32))], "The log is not the one that was signed: an entry in places 5 to 8 was changed, "
                                                        "moved, added or removed, and every hash after it computed again."),
            ([checkpoint(9), checkpoint(9, bytes(32))], "The log is not the one that was signed: an entry below place 9 was changed, "
                                                        "moved, added or removed, and every hash after it computed again.")):
        with pytest.raises(LogBroken) as found:
            require_signed_roots(whole, said)
        assert str(found.value) == sentence
    with pytest.raises(LogBroken, match="^The tree of the log is not whole: tile 0 of level 0 is shorter"):
        require_signed_roots(Tree(5, lambda level, number: b""), [checkpoint(5)])


def line(place, entry):
    return json.dumps({"place": place, "subject": entry.subject, "name": name(entry.subject), "body": entry.body.decode(),
                       "prev_hash": entry.prev_hash, "hash": entry.hash})


def export(sealed=LENGTH, **heading):
    """An export of which so many entries are sealed and the rest waits."""
    first = json.dumps({"format": "breachdesk-log/1", "origin": KEY.name, "size": sealed} | heading)
    return [first, *(line(at if at < sealed else None, one) for at, one in enumerate(entries()))]


def check(lines, *checkpoints):
    return check_export(lines, checkpoints, [KEY.verifier])


def test_a_whole_export_agrees_with_checkpoints_in_any_order_inside_a_tile_and_at_its_edge():
    seen = []
    found = check_export(export(260), [checkpoint(258), checkpoint(3), checkpoint(WIDTH)], [KEY.verifier], seen.append)

    assert (found.origin, found.entries, found.sealed, found.chains, found.checkpoints) == (KEY.name, LENGTH, 260, 2, 3)
    assert seen == [WIDTH, 260]
    assert check(["", *export(5), " "]).sealed == 5


def test_entries_that_wait_are_checked_as_the_sealed_ones_are():
    spoilt = export(260)
    spoilt[-1] = line(None, entries()[-1]._replace(hash="0" * 64))

    with pytest.raises(LogBroken, match="^Case 1, entry 256: its text was changed after it was written.$"):
        check(spoilt)


@pytest.mark.parametrize(("spoil", "said"), [
    (lambda lines: [], "Line 1: this is no JSON: Expecting value. Was the file cut off or edited?"),
    (lambda lines: ["[" * 100_000], "Line 1: this is no JSON: it is nested too deeply. Was the file cut off or edited?"),
    (lambda lines: ["[]"], "Line 1: this should be an object in braces."),
    (lambda lines: ["", "", *export(5, size="5")], "Line 3: this is no export of a log. It should begin with a line that says “format”: "
                                                   "“breachdesk-log/1”, the log's “origin” and its “size”."),
    (lambda lines: export(5, origin=None), "Line 1: this is no export of a log. It should begin with a line that says “format”: "
                                           "“breachdesk-log/1”, the log's “origin” and its “size”."),
    (lambda lines: export(5, only="DD-1" * 30), f"Line 1: this is only a part of the log ({'DD-1' * 15}). What was signed is about all of "
                                                "it: export it whole, without --case and --scheme."),
    (lambda lines: export(5, origin="o" * 90), f"Line 1: this is the log “{'o' * 80}”, and the checkpoint is of “{KEY.name}”."),
    (lambda lines: export(5, size=1_006),
     "Line 1 speaks of 1,006 sealed entries, and the file has 5: it was cut off, or entries were taken out."),
    (lambda lines: [*lines[:3], *lines[4:]], "Line 4: place 2 should stand here, and “3” does. A line was lost, or moved."),
    (lambda lines: [*lines, line(5, entries()[5])],
     f"Line {LENGTH + 2}: an entry with a place stands after one without. A line was moved."),
    (lambda lines: [*lines[:6], line("5", entries()[5])], "Line 7: “place” is no number."),
    (lambda lines: [*lines[:6], line(None, entries()[5]._replace(subject="2"))], "Line 7: “subject” is missing, or is no number."),
    (lambda lines: [*lines[:6], line(None, entries()[5]._replace(hash=2))], "Line 7: “hash” is missing, or is no text."),
    (lambda lines: [*lines[:6], line(None, entries()[5]._replace(body=b'{"seq":"1"}'))], "Line 7: “body” is no entry of a log."),
    (lambda lines: [*lines[:6], line(None, entries()[5]._replace(body=b'{"seq":1,"event":2}'))], "Line 7: “body” is no entry of a log.")])
def test_each_way_of_spoiling_an_export_has_its_sentence(spoil, said):
    with pytest.raises(BadExport) as found:
        check(spoil(export(5)), checkpoint(5))
    assert str(found.value) == said
