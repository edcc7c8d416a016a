"""`breachdesk compact import` and `breachdesk scheme operate`, as somebody types them."""

from __future__ import annotations

import json

import pytest

from breachdesk.resources import folder

REGISTER = "code,theme,owed_by,text\n1.1,Grants,statutory,Pay on time.\n13.2,Grants,statutory,Give notice.\n"
NEW = ("--compact", "derby-and-derbyshire", "--edition", "2026", "--dated-on", "2026-04-01", "--status", "adopted")


def test_the_example_is_imported_with_a_report_row_by_row(practice, written):
    file = written(practice("compact", "import", "--example").stdout, "register.csv")

    told = practice("compact", "import", file, "--compact", "salford", "--edition", "Draft 2").stdout.splitlines()

    assert told[0] == f"{file}:2: 1.1 of edition Draft 2: new"
    assert told[-1] == "The Salford Compact: 4 new. Imported."
    assert "Give three months' notice in writing" in practice("compact", "show", "salford").stdout
    assert "Draft 2 (4)" in practice("compact", "list").stdout


def test_a_check_reports_everything_and_changes_nothing(practice, written):
    file = written(REGISTER, "register.csv")

    told = json.loads(practice("compact", "import", file, *NEW, "--check", "--json").stdout)

    assert (told["imported"], told["checked"], [one["says"] for one in told["rows"]]) == (False, True, ["new", "new"])
    assert "There is no edition 2026" in practice("compact", "show", "derby-and-derbyshire", "--edition", "2026", expect=1).stderr
    assert "Nothing was imported: this was only a check." in practice("compact", "import", file, *NEW, "--check").stdout


def test_every_fault_has_its_row_and_column_and_nothing_is_imported(practice, written):
    file = written(REGISTER.replace("statutory,Pay", "council,Pay").replace("13.2", "1.1"), "register.csv")

    said = practice("compact", "import", file, *NEW, expect=1).stderr.splitlines()
    told = json.loads(practice("compact", "import", file, *NEW, "--json", expect=1).stdout)

    assert said == [f"{file}:2:3: owed_by: “council” is not known here; known are: jointly, statutory, voluntary",
                    f"{file}:3:1: code: “1.1” stands twice in this register; it is first on line 2", f"{file}: nothing was imported"]
    assert [(one["line"], one["column"]) for one in told["faults"]] == [(2, 3), (3, 1)]
    assert told["imported"] is False


def test_a_byte_order_mark_is_no_fault_and_another_encoding_is_one(practice, written):
    practice("compact", "import", written(REGISTER.encode("utf-8-sig"), "with-mark.csv"), *NEW)

    said = practice("compact", "import", written(REGISTER.replace("time", "tîme").encode("latin-1"), "latin.csv"), *NEW, expect=1).stderr
    assert ":2:" in said
    assert "not text in UTF-8" in said


@pytest.mark.parametrize(("name", "options", "said"), [
    ("register.csv", [], "Say for which Compact"), ("register.txt", ["--compact", "salford"], "ends in .csv"),
    ("compact.yaml", ["--compact", "salford"], "leave --compact"),
    ("register.csv", ["--compact", "salford", "--dated-on", "1 May"], "1 May")])
def test_what_was_not_said_or_said_in_vain_is_wrong_usage(practice, written, name, options, said):
    assert said in " ".join(practice("compact", "import", written(REGISTER, name), *options, expect=2).stderr.split())


def test_a_compacts_file_is_printed_changed_and_imported_again(practice, written):
    text = practice("compact", "show", "derby-and-derbyshire", "--file").stdout
    file = written(text.replace("life:\n", "life:\n  champions: [{organisation: Amberdale Council, post: Deputy}]\n"), "compact.yaml")

    told = practice("compact", "import", file).stdout

    assert told.splitlines()[-1] == "The Derby and Derbyshire Compact: 80 unchanged. Imported."
    assert "Deputy" in practice("compact", "show", "derby-and-derbyshire", "--file").stdout
    assert "Nothing had to be imported" in practice("compact", "import", file).stdout


def test_a_scheme_works_by_a_further_edition_from_a_day(practice, written):
    practice("compact", "import", written(REGISTER, "register.csv"), *NEW)

    told = practice("scheme", "operate", "derby-and-derbyshire", "2026", "--from", "2026-04-01").stdout

    assert told == "The scheme derby-and-derbyshire works by edition 2026 from Wednesday 1 April 2026.\n"
    assert json.loads(practice("scheme", "show", "derby-and-derbyshire", "--json").stdout)["operates"] == [
        {"edition": "V0.4", "from": "2016-12-08", "to": "2026-03-31"}, {"edition": "2026", "from": "2026-04-01", "to": None}]
    assert "works by edition 2026 already" in practice("scheme", "operate", "derby-and-derbyshire", "2026", "--from", "2026-05-01",
                                                       expect=1).stderr


def test_the_scheme_file_of_each_shipped_compact_can_be_used_and_says_whose_procedure_it_borrows(practice):
    for slug in ("high-peak", "south-derbyshire", "herefordshire", "salford"):
        practice("scheme", "create", "--file", folder("workflows") / "schemes" / f"{slug}.yaml")

    assert "borrowed from the draft Derby and Derbyshire Compact" in practice("scheme", "show", "high-peak", expect=1).stdout
    assert len(json.loads(practice("scheme", "list", "--json").stdout)) == 5
