"""CSV → the commitments of one edition, or everything that is wrong with it, row by row.

How such a register reads stands in docs/compact-files.md.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO

from breachdesk.compacts.editions import OWED_BY, STATUSES, Commitment, Measure
from breachdesk.compacts.fields import AMOUNT
from breachdesk.compacts.loading import CODE
from breachdesk.errors import BadCompact, Fault
from breachdesk.strict_yaml import did_you_mean

REQUIRED = ("code", "theme", "owed_by", "text")
ABOUT_THE_EDITION = ("edition", "dated_on", "status")
COLUMNS = ("code", "theme", "section", "owed_by", "text", "measure", *ABOUT_THE_EDITION)
EXAMPLE = """\
code,theme,section,owed_by,text,measure
1.1,Working together,1. Consulting,statutory,Allow twelve weeks for replies to a formal consultation.,at least 12 weeks of time for replies
1.2,Working together,1. Consulting,voluntary,Say whose views a reply represents.,
2.1,Funding,2. Grants,statutory,"Give three months' notice in writing, with reasons.",at least 3 months of written notice
2.2,Funding,2. Grants,jointly,Review the terms of grants every year.,
"""
_MEASURE = re.compile(rf"(at least|at most) ({AMOUNT[0]}) of (\S.*)")
_NOT_STORED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Row:
    """A commitment and the line of the file on which its row begins."""

    line: int
    commitment: Commitment


@dataclass(frozen=True, slots=True)
class Register:
    """What a register says. What it does not say of its edition is empty: then somebody else has to."""

    rows: tuple[Row, ...]
    edition: str = ""
    dated_on: date | None = None
    status: str = ""

    @property
    def commitments(self) -> tuple[Commitment, ...]:
        return tuple(row.commitment for row in self.rows)


def read_register(text: str, file: str) -> Register:
    """Read a register. Raises BadCompact with every fault, its row's line and the place of its column."""
    table = _Table(file)
    rows = tuple(table.rows(text))
    if not rows and not table.faults:
        table.fault(1, 1, "there is no commitment in this register")
    if table.faults:
        raise BadCompact(table.faults)
    day = table.said.get("dated_on", "")
    return Register(rows, table.said.get("edition", ""), date.fromisoformat(day) if day else None, table.said.get("status", ""))


@dataclass(slots=True)
class _Table:
    """A table that is being read: where each column stands, what is wrong, and what all rows say about the edition."""

    file: str
    faults: list[Fault] = field(default_factory=list)
    places: dict[str, int] = field(default_factory=dict)
    said: dict[str, str] = field(default_factory=dict)
    _met: dict[str, int] = field(default_factory=dict)

    def fault(self, line: int, column: int, message: str) -> None:
        self.faults.append(Fault(self.file, line, column, message))

    def rows(self, text: str) -> Iterator[Row]:
        records = _records(self, text)
        header = next(records, None)
        if header is None:
            self.fault(1, 1, "the file is empty")
        if header is None or not self._take_header(*header):
            return
        for line, cells in records:
            if (row := self._row(line, cells)) is not None:
                yield row

    def _take_header(self, line: int, cells: list[str]) -> bool:
        """Whether there is a place for each column; every fault of the header is noted."""
        if len(cells) == 1 and (other := next((one for one in (";", "\t") if one in cells[0]), "")):
            self.fault(line, 1, f"columns are separated by commas, and these by {'semicolons' if other == ';' else 'tabs'}: save it anew")
            return False
        for place, cell in enumerate(cells, 1):
            name = cell.strip().casefold()
            if name not in COLUMNS:
                self.fault(line, place, f"there is no column “{cell.strip()[:60]}”{did_you_mean(name, COLUMNS)}")
            elif name in self.places:
                self.fault(line, place, f"the column “{name}” stands here twice; it is first in place {self.places[name]}")
            else:
                self.places[name] = place
        for name in REQUIRED:
            if name not in self.places:
                self.fault(line, 1, f"the column “{name}” is missing")
        return not self.faults

    def _row(self, line: int, cells: list[str]) -> Row | None:
        if len(cells) != len(self.places):
            self.fault(line, 1, f"this row has {len(cells)} cells, and the header {len(self.places)}")
            return None
        before = len(self.faults)
        values = {name: cells[place - 1].strip() for name, place in self.places.items()}
        for name, value in values.items():
            if message := _wrong(name, value):
                self.fault(line, self.places[name], f"{name}: {message}")
            elif name in ABOUT_THE_EDITION:
                self._take_about(line, name, value)
        if (first := self._met.setdefault(values["code"], line)) != line and values["code"]:
            self.fault(line, self.places["code"], f"code: “{values['code']}” stands twice in this register; it is first on line {first}")
        return None if len(self.faults) > before else Row(line, _commitment(values))

    def _take_about(self, line: int, name: str, value: str) -> None:
        """A register holds one edition: what one row says of it, all say; an empty cell says nothing."""
        if value and self.said.setdefault(name, value) != value:
            self.fault(line, self.places[name], f"{name}: a register holds one edition; the rows above say “{self.said[name]}”")


def _records(table: _Table, text: str) -> Iterator[tuple[int, list[str]]]:
    """Each record that is not empty, with the line on which it begins."""
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        table.fault(line, 1, f"this row cannot be read: {error}. Text with a comma, a quote or a line break stands in double quotes")


def _wrong(name: str, value: str) -> str:
    """What is wrong with a cell; nothing when it is well."""
    if _NOT_STORED.search(value):
        return "there is a character in it that cannot be kept; write it without"
    if not value:
        return "this is empty" if name in REQUIRED else ""
    if name == "code" and not re.fullmatch(CODE[0], value):
        return f"“{value[:60]}” does not do here: {CODE[1]} is expected"
    if name in ("owed_by", "status"):
        known = OWED_BY if name == "owed_by" else STATUSES
        return "" if value in known else f"“{value[:60]}” is not known here{did_you_mean(value, known)}"
    if name == "dated_on" and not _is_day(value):
        return "a date like 2016-12-08 is expected here"
    if name == "measure" and not _MEASURE.fullmatch(value):
        return f"“{value[:60]}” does not do here: it reads like “at least 3 months of written notice”"
    return ""


def _is_day(value: str) -> bool:
    try:
        return date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _commitment(values: Mapping[str, str]) -> Commitment:
    measure = _MEASURE.fullmatch(values.get("measure", ""))
    held = Measure(measure[1] == "at least", measure[2], measure[measure.re.groups]) if measure else None
    return Commitment(values["code"], values["theme"], values.get("section") or values["theme"], values["owed_by"], values["text"], held)
