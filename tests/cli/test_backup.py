"""Backing up and restoring by command: what an operator types, and what they are told."""

from __future__ import annotations

import json

import pytest

KEY = "a key that nobody would guess, of words"


@pytest.fixture
def elsewhere(practice, practice_file, data_dir, tmp_path, monkeypatch):
    """A folder for backups, and a key; the desk has the key that signs its log."""
    (data_dir / "log-key").write_bytes(practice_file.with_name("log-key").read_bytes())
    monkeypatch.setenv("BREACHDESK_BACKUP_KEY", KEY)
    (tmp_path / "elsewhere").mkdir()
    return tmp_path / "elsewhere"


def moved_away(data_dir):
    (data_dir / "breachdesk.db").rename(data_dir / "moved.db")


def test_a_desk_is_backed_up_looked_at_restored_and_its_messages_let_go(practice, lodged, elsewhere, data_dir):
    made = json.loads(practice("backup", elsewhere / "b", "--json").stdout)
    assert made["enciphered"]
    assert "Nothing would be lost" in practice("restore", elsewhere / "b", "--check").stdout
    assert "There is a database here already" in practice("restore", elsewhere / "b", expect=1).output
    moved_away(data_dir)

    said = practice("restore", elsewhere / "b").stdout

    assert "The desk is restored, and its record is whole" in said
    assert lodged in practice("case", "list").stdout
    assert "No message goes out since a backup was restored" in practice("check", expect=1).stdout
    assert lodged in practice("messages", "held").stdout
    assert "Messages go out again" in practice("messages", "release").stdout
    assert "No messages are held back" in practice("messages", "release", expect=1).output


def test_an_older_one_is_refused_with_what_would_be_lost_and_restored_by_whoever_owns_up(practice, lodged, elsewhere, data_dir, written):
    practice("backup", elsewhere / "b")
    practice("case", "lodge", "--as", "ruth@riverside.example", "--file", written(practice("case", "lodge", "--example").stdout))
    practice("audit", "seal")
    moved_away(data_dir)

    refused = practice("restore", elsewhere / "b", expect=1).output
    assert "are not in the backup: what was done then would be lost" in refused
    assert "--accept-loss" in refused
    restored = json.loads(practice("restore", elsewhere / "b", "--accept-loss", "--json").stdout)

    assert restored["lost"] == 1
    assert json.loads(practice("audit", "verify", "--json").stdout)["whole"]


@pytest.mark.parametrize(("words", "says"), [
    (("backup", "{made}"), "There is a file b already"),
    (("backup", "{other}", "--key-file", "{short}"), "a key must have at least 32 characters"),
    (("restore", "{made}", "--check", "--key-file", "{wrong}"), "This key does not open the backup"),
    (("restore", "{short}", "--check"), "This is no backup of Breachdesk")])
def test_what_cannot_be_done_is_said(practice, elsewhere, words, says):
    places = {name: elsewhere / name for name in ("other", "short", "wrong")}
    places["short"].write_text("too short")
    places["wrong"].write_text(KEY * 2)
    places["made"] = elsewhere / "b"
    practice("backup", places["made"])

    assert says in practice(*(word.format(**places) for word in words), expect=1).output
