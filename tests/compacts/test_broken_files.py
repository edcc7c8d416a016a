"""Files with one fault each, in `broken/`: what is said about it and where. Compacts, schemes and registers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from breachdesk.cli.files import read_text
from breachdesk.compacts.editions import Compact, Edition
from breachdesk.compacts.loading import load_compact, load_scheme
from breachdesk.compacts.registers import read_register
from breachdesk.errors import BadFile

BROKEN = Path(__file__).with_name("broken")
KNOWN = [Compact("here", "The Compact", {}, tuple(Edition(label, date(2003, 1, 1), "adopted", "", (), ()) for label in ("V1", "V2")))]
FAULTS = [
    ("compact-that-follows-itself.yaml", ["8:24: a Compact cannot follow itself: name the core Compact"]),
    ("compact-that-is-empty.yaml", ["1:1: the file is empty"]),
    ("compact-that-is-not-yaml.yaml", ["3:64: this is not YAML: did not find expected ',' or ']'"]),
    ("compact-with-a-code-standing-misspelt.yaml", ["5:30: “in froce” is not known here; did you mean “in force”?"]),
    ("compact-with-a-consultation-ending-before-it-began.yaml", ["6:54: the end, February 2005, is before the beginning, May 2005"]),
    ("compact-with-a-count-that-the-desk-does-not-know.yaml", ["6:41: “signatorys” is not known here; did you mean “signatories”?"]),
    ("compact-with-a-day-that-is-none.yaml", ["6:15: a date like 2016-12-08 is expected here"]),
    ("compact-with-a-flag-that-is-no-flag.yaml", ["8:23: true or false is expected here"]),
    ("compact-with-a-measure-for-no-commitment.yaml", ["9:7: there is no commitment 1.3 in edition V1"]),
    ("compact-with-a-month-that-is-none.yaml", [
        "6:64: a date is expected here: a day like 2005-06-14, a month like 2005-06, or a year like 2005"]),
    ("compact-with-a-name-misspelt.yaml", ["1:1: “title” is missing", "2:1: “titel” is not known here; did you mean “title”?"]),
    ("compact-with-a-name-that-yaml-takes-for-something-else.yaml", [
        "6:57: a name must be text: put it in quotes",
        "6:57: “on” is not known here; known are: dated, kind, note, recommended, state, title"]),
    ("compact-with-a-number-out-of-quotes.yaml", ["12:11: a name must be text: put it in quotes"]),
    ("compact-with-a-number-twice.yaml", ["15:11: “1.1” stands twice in edition V1; it is first on line 12"]),
    ("compact-with-a-status-misspelt.yaml", ["7:13: “adoptd” is not known here; did you mean “adopted”?"]),
    ("compact-with-an-empty-wording.yaml", ["12:18: text is expected here, and this is empty"]),
    ("compact-with-an-owner-misspelt.yaml", ["14:9: “volunatry” is not known here; did you mean “voluntary”?"]),
    ("compact-with-wording-and-a-reason-for-none.yaml", [
        "5:5: either “commitments” stands here, or “no_wording” with the reason why the wording is not at hand"]),
    ("compact-without-wording-or-reason.yaml", [
        "5:5: either “commitments” stands here, or “no_wording” with the reason why the wording is not at hand"]),
    ("register-after-a-wording-of-two-lines.csv", ["4:3: owed_by: “statutary” is not known here; did you mean “statutory”?"]),
    ("register-in-another-encoding.csv", ["2:36: this is not text in UTF-8: save the file in that encoding"]),
    ("register-that-is-empty.csv", ["1:1: the file is empty"]),
    ("register-with-a-character-that-cannot-be-kept.csv", ["2:5: text: there is a character in it that cannot be kept; write it without"]),
    ("register-with-a-column-misspelt.csv", [
        "1:1: the column “owed_by” is missing",
        "1:4: there is no column “owed by”; did you mean “owed_by”?"]),
    ("register-with-a-column-twice.csv", ["1:3: the column “theme” stands here twice; it is first in place 2"]),
    ("register-with-a-day-that-is-none.csv", ["2:5: dated_on: a date like 2016-12-08 is expected here"]),
    ("register-with-a-header-only.csv", ["1:1: there is no commitment in this register"]),
    ("register-with-a-measure-in-other-words.csv", [
        "3:6: measure: “three months” does not do here: it reads like “at least 3 months of written notice”"]),
    ("register-with-a-number-that-is-none.csv", [
        "3:1: code: “clause two” does not do here: a number as printed (letters, digits and points) is expected"]),
    ("register-with-a-number-twice.csv", ["3:1: code: “1.1” stands twice in this register; it is first on line 2"]),
    ("register-with-a-quote-left-open.csv", [
        "2:1: this row cannot be read: unexpected end of data. Text with a comma, a quote or a line break stands in double quotes"]),
    ("register-with-a-short-row.csv", ["2:1: this row has 5 cells, and the header 6"]),
    ("register-with-an-empty-wording.csv", ["2:5: text: this is empty"]),
    ("register-with-an-owner-misspelt.csv", ["3:4: owed_by: “statutary” is not known here; did you mean “statutory”?"]),
    ("register-with-semicolons.csv", ["1:1: columns are separated by commas, and these by semicolons: save it anew"]),
    ("register-with-two-editions.csv", ["3:5: edition: a register holds one edition; the rows above say “V1”"]),
    ("register-without-a-column.csv", ["1:1: the column “text” is missing"]),
    ("scheme-that-borrows-from-nobody.yaml", ["12:26: text is expected here, and this is empty"]),
    ("scheme-with-a-compact-misspelt.yaml", ["4:10: “heer” is not known here; did you mean “here”?"]),
    ("scheme-with-a-sector-that-nobody-helps.yaml", ["12:1: no critical friend for the voluntary sector in East"]),
    ("scheme-with-a-telephone-out-of-quotes.yaml", ["14:99: YAML takes 01632760002 for a number: put it in quotes"]),
    ("scheme-with-an-edition-misspelt.yaml", ["6:15: “v1” is not known here; known are: V1, V2"]),
    ("scheme-with-editions-that-overlap.yaml", ["7:5: V2 begins on 2010-01-01 while V1 is still operated: let V1 end the day before"]),
    ("scheme-with-no-data-controller.yaml", [
        "1:1: “controller” and “controller_contact” stand together: who answers for the data, and how to reach them"]),
    ("scheme-with-small-letters-for-its-references.yaml", ["11:19: “ew” does not do here: two to six capital letters is expected"]),
    ("scheme-with-two-addresses.yaml", ["10:21: “a@a.example, b@b.example” does not do here: one e-mail address is expected"]),
]


def read(file: Path) -> object:
    """Read a file as what its name says it is."""
    written = read_text(file)
    match file.name.split("-")[0]:
        case "compact":
            return load_compact(written, file.name)
        case "scheme":
            return load_scheme(written, file.name, KNOWN)
    return read_register(written, file.name)


@pytest.mark.parametrize(("name", "faults"), FAULTS)
def test_each_fault_is_named_with_its_place(name: str, faults: list[str]) -> None:
    with pytest.raises(BadFile) as raised:
        read(BROKEN / name)

    assert [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults] == faults


def test_every_broken_file_stands_in_the_table() -> None:
    assert sorted(name for name, _ in FAULTS) == sorted(file.name for file in BROKEN.iterdir())
