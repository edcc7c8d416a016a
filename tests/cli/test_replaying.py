"""`audit replay`, `conformance` and `export`, as somebody types them."""

from __future__ import annotations

import json
import shutil
import sqlite3


def by_hand(data_dir, statement):
    with sqlite3.connect(data_dir / "breachdesk.db") as tool:
        tool.execute(statement)
    tool.close()


def test_tables_that_say_what_the_log_says_are_counted(practice, lodged):
    told = json.loads(practice("audit", "replay", "--json").stdout)

    assert (told["same"], told["cases"], told["differences"]) == (True, 1, [])
    assert practice("audit", "replay", lodged.lower()).stdout.startswith("The tables say what the log says: 1 entry of 1 case")


def test_a_field_that_was_changed_by_hand_ends_with_1_and_both_values(practice, lodged, data_dir):
    by_hand(data_dir, "UPDATE cases SET channel = 'pigeon'")

    lines = practice("audit", "replay", expect=1).stdout.splitlines()
    [one] = json.loads(practice("audit", "replay", lodged, "--json", expect=1).stdout)["differences"]

    assert lines[-1] == "1 of 1 case differs from the log."
    assert lines[0].startswith(f"{lodged}: cases.channel is “pigeon”, and the entries say “")
    assert (one["case"], one["field"], one["found"]) == (lodged, "cases.channel", "pigeon")


def test_a_log_that_conforms_has_fitness_1(practice, lodged):
    told = json.loads(practice("audit", "conformance", "--json").stdout)

    assert told == {"fitness": 1.0, "cases": 1, "entries": 1, "deviations": []}
    assert practice("audit", "conformance", lodged).stdout == (
        "Fitness 1.0000: of 1 entry in 1 case that a procedure has a say in, none are not as it allows.\n")


def test_the_log_is_written_to_a_file_and_checked_without_the_desk(practice, lodged, tmp_path, data_dir, practice_file):
    shutil.copy(practice_file.parent / "log-key", data_dir)
    practice("audit", "seal")
    key = next(word for word in practice("audit", "key").stdout.split() if "+" in word)
    checkpoint = data_dir / "checkpoints.txt"

    practice("audit", "export", tmp_path / "log.jsonl")

    assert practice("audit", "verify", "--export", tmp_path / "log.jsonl", "--checkpoint", checkpoint, "--key", key).exit_code == 0


def test_a_part_goes_to_standard_output_and_two_parts_at_once_are_wrong_usage(practice, lodged):
    assert practice("audit", "export", "--format", "xes", "--case", lodged, "-").stdout.count("<trace>") == 1
    assert json.loads(practice("audit", "export", "--format", "ocel", "-").stdout)["events"][0]["id"] == f"{lodged}/1"
    assert "exclude each other" in practice("audit", "export", "--case", lodged, "--scheme", "s", "-", expect=2).stderr
