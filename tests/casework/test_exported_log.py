"""An exported log is checked with no database: against a checkpoint from outside, and each way of spoiling it has its own sentence."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner
from conftest import lodge
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.audit.checkpoint import Signer, sign
from breachdesk.audit.exported import check_export
from breachdesk.casework.act import Step, act
from breachdesk.casework.log.exporting import export
from breachdesk.casework.log.log_keys import public_keys, signer_of
from breachdesk.casework.log.sealing import seal
from breachdesk.cli.audit import command
from breachdesk.errors import BadCheckpoint, BadExport, LogBroken


@pytest.fixture
def exported(desk, cast):
    """(lines, checkpoints from outside, keys) of a log of two cases, sealed twice; one more entry waits."""
    checkpoints = []
    for who, words in ((cast.ruth, {}), (cast.stella, {"complainant": "greenway-youth-trust"})):
        reference = lodge(desk, who, **words)
        act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "Notice was too short."}))
        checkpoints.append(seal(desk).checkpoint)
    act(desk, cast.olive, reference, Step("correct", {"entry": 1, "correction": "It came by post."}))
    with desk.database.read() as session:
        keys = [key for key, *_ in public_keys(session)]
    return "".join(export(desk, "jsonl").text).splitlines(), checkpoints, keys


def changed(lines, number, **fields):
    """The lines with some fields of one of them changed."""
    new = json.loads(lines[number]) | fields
    return [*lines[:number], json.dumps(new), *lines[number + 1:]]


def test_a_whole_export_agrees_with_what_was_signed(exported):
    lines, checkpoints, keys = exported
    found = check_export(lines, checkpoints, keys)

    assert (found.entries, found.sealed, found.chains, found.checkpoints) == (len(lines) - 1, len(lines) - 2, 3, 2)
    assert check_export(lines, checkpoints[:1], keys).checkpoints == 1


def test_no_words_and_no_names_stand_in_an_export(exported, cast):
    text = "\n".join(exported[0])

    for words in ("Notice was too short", "It came by post", cast.ruth.name, "Ruth Ferris"):
        assert words not in text


def test_each_way_of_spoiling_an_export_has_its_own_sentence(exported):
    lines, checkpoints, keys = exported
    last = json.loads(lines[-2])
    body = last["body"]
    for spoilt, kind, said in (
            ([], BadExport, "Line 1: this is no JSON"),
            (["{}"], BadExport, "Line 1: this is no export of a log"),
            (['{"format": "breachdesk-log/2"}', *lines[1:]], BadExport, "Line 1: this is no export of a log"),
            (changed(lines, 0, only="DD-2026-0001"), BadExport, "only a part of the log"),
            (changed(lines, 0, origin="another"), BadExport, "this is the log “another”, and the checkpoint is of"),
            (lines[:-3], BadExport, "speaks of .* sealed entries, and the file has"),
            ([*lines[:5], lines[5][:40]], BadExport, "Line 6: this is no JSON: .* Was the file cut off or edited"),
            ([*lines[:5], *lines[6:]], BadExport, "Line 6: place 4 should stand here, and “5” does"),
            ([*lines[:5], lines[6], lines[5], *lines[7:]], BadExport, "Line 6: place 4 should stand here"),
            ([*lines[:5], lines[5], *lines[5:]], BadExport, "Line 7: place 5 should stand here"),
            ([lines[0], lines[-1], *lines[1:-1]], BadExport, "speaks of .* sealed entries|after one without"),
            (changed(lines, 5, hash=None), BadExport, "Line 6: “hash” is missing"),
            (changed(lines, 5, place="4"), BadExport, "Line 6: “place” is no number"),
            (changed(lines, 5, subject=True), BadExport, "Line 6: “subject” is missing"),
            (changed(lines, 5, body="[]"), BadExport, "Line 6: this should be an object in braces"),
            (changed(lines, 5, body="{}"), BadExport, "Line 6: “body” is no entry of a log"),
            (["[" * 100_000, *lines[1:]], BadExport, "Line 1: this is no JSON"),
            (changed(lines, -2, body=body.replace('"actor":', '"actor":9')), LogBroken, r"DD-2026-0002, entry \d: its text was changed"),
            (changed(lines, -2, hash="0" * 64), LogBroken, r"DD-2026-0002, entry \d: its text was changed"),
            (changed(lines, -2, prev_hash="0" * 64), LogBroken, r"DD-2026-0002, entry \d: it does not follow"),
            (changed(lines, -2, subject=1), LogBroken, r"DD-2026-0001, entry \d")):
        with pytest.raises(kind, match=said):
            check_export(spoilt, checkpoints, keys)


def test_an_export_that_was_made_anew_is_found_by_the_checkpoint(desk, exported):
    lines, checkpoints, keys = exported
    shorter = [json.dumps(json.loads(lines[0]) | {"size": 3}), *lines[1:4]]

    with pytest.raises(LogBroken, match="A checkpoint speaks of"):
        check_export(shorter, checkpoints, keys)
    forged = sign(keys[0].name, checkpoints[0].size, bytes(32), [signer_of(desk)])
    with pytest.raises(LogBroken, match="The log is not the one that was signed: an entry in places 0 to"):
        check_export(lines, [forged], keys)
    with pytest.raises(BadCheckpoint, match="not signed by the key given"):
        check_export(lines, checkpoints, [Signer(keys[0].name, bytes(32)).verifier])


@given(st.lists(st.text(max_size=80), max_size=5))
def test_any_lines_are_refused_in_words(lines):
    with pytest.raises(BadExport) as found:
        check_export(lines, [], [])
    assert str(found.value).startswith("Line ")


def test_the_command_needs_no_desk(tmp_path, exported):
    lines, checkpoints, keys = exported
    log, kept = tmp_path / "log.jsonl", tmp_path / "kept.txt"
    log.write_text("\n".join(lines), "utf-8")
    kept.write_text("\n".join(one.note for one in checkpoints), "utf-8")
    nowhere = {"BREACHDESK_DATA_DIR": str(tmp_path / "nowhere")}

    def run(*given):
        return CliRunner().invoke(command, ["verify", "--export", str(log), *given], env=nowhere)

    good = run("--checkpoint", str(kept), "--key", str(keys[0]))
    assert good.exit_code == 0, good.output
    assert "is whole" in good.output
    assert run().exit_code == 2
    assert run("--checkpoint", str(kept)).exit_code == 2
    assert not (tmp_path / "nowhere").exists()
    kept.write_text("nothing", "utf-8")
    assert isinstance(run("--checkpoint", str(kept), "--key", str(keys[0])).exception, BadCheckpoint)
