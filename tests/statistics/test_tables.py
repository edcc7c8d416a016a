"""Rows and JSON carry every figure under names that programs may rely on."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest

from breachdesk.statistics.disclosure import public_edition
from breachdesk.statistics.figures import Figures
from breachdesk.statistics.measures import figures_for
from breachdesk.statistics.tables import COLUMNS, as_json, as_rows
from breachdesk.statistics.years import year_called


@pytest.fixture
def figures(log: Any) -> Figures:
    for case, channel in enumerate(["web"] * 7 + ["post"] * 2 + ["email"], 1):
        log.opened(case, "2025-05-01", channel=channel)
    for case in range(1, 11):
        log.closed(case, "2025-07-01", handling=case, elapsed=case + 1)
    return figures_for(log.entries, year_called("2025-26"), stages={"direct": "Direct resolution"}, outcomes={"resolved_full": "Resolved"})


def test_the_names_in_the_json_are_a_promise(figures: Figures) -> None:
    told = as_json(figures)

    assert set(told) == {"year", "first_day", "last_day", "edition", "data_as_at", "balance_fault", "measures"}
    assert (told["year"], told["first_day"], told["last_day"], told["data_as_at"]) == ("2025-26", "2025-04-01", "2026-03-31", "2025-07-01")
    for measure in told["measures"]:
        assert set(measure) == {"id", "title", "unit", "definition", "value", "numerator", "denominator", "note", "parts"}
        assert all(set(part) == {"label", "count", "hidden"} for part in measure["parts"])


def test_the_ids_are_a_promise(figures: Figures) -> None:
    times = [f"{name}.{one}" for name in ("D1", "D2") for one in ("n", "median", "p90", "min", "max")]

    assert [measure["id"] for measure in as_json(figures)["measures"]] == [
        "A1", "A2", "A4", "A5", "A6", "A3", "C1", "C2", "C7", *times, "E1", "E2-E6", "J1",
        "A7", "J5", "B1", "E2", "E3", "F1.commitment", "F2", "F3", "F7", "G1", "G2", "G3", "G4", "H1.complainant", "H1.respondent",
        "H2.complainant", "H2.respondent", "H3", "I1.declared", "I1.recused", "I1.replaced"]


def test_json_carries_the_numbers_unchanged(figures: Figures) -> None:
    measures = {measure["id"]: measure for measure in json.loads(json.dumps(as_json(figures), allow_nan=False))["measures"]}

    assert measures["D1.median"]["value"] == 5.5
    assert (measures["C7"]["numerator"], measures["C7"]["denominator"], measures["C7"]["value"]) == (10, 10, None)
    assert measures["A3"]["parts"][0] == {"label": "On this site", "count": 7, "hidden": ""}


def test_rows_have_the_same_columns_and_parts_follow_their_measure(figures: Figures) -> None:
    rows = as_rows(figures)

    assert {tuple(sorted(row)) for row in rows} == {tuple(sorted(COLUMNS))}
    channels = [(row["part"], row["value"]) for row in rows if row["id"] == "A3"]
    assert channels[:4] == [("", 10), ("On this site", 7), ("Email", 1), ("Letter", 2)]


def test_a_hidden_number_is_in_no_row_and_in_no_json(figures: Figures) -> None:
    public = public_edition(figures)

    [web, email, letter] = [row for row in as_rows(public) if row["part"] in ("On this site", "Email", "Letter")]
    assert (web["value"], email["value"], letter["value"]) == (7, None, None)
    assert (email["note"], letter["note"]) == ("fewer than 5", "fewer than 5")
    told = next(measure for measure in as_json(public)["measures"] if measure["id"] == "A3")
    assert told["parts"][1:3] == [{"label": "Email", "count": None, "hidden": "fewer than 5"},
                                  {"label": "Letter", "count": None, "hidden": "fewer than 5"}]
    assert {row["edition"] for row in as_rows(public)} == {"public"}


def test_rows_can_be_written_as_csv_and_read_back(figures: Figures) -> None:
    sheet = io.StringIO()
    writer = csv.DictWriter(sheet, COLUMNS)
    writer.writeheader()
    writer.writerows(as_rows(figures))

    read = list(csv.DictReader(io.StringIO(sheet.getvalue())))

    assert [row["id"] for row in read] == [row["id"] for row in as_rows(figures)]
    assert next(row for row in read if row["id"] == "A2")["value"] == "10"


def test_a_nil_return_has_rows_too() -> None:
    nil = figures_for([], year_called("2025", 1), stages={}, outcomes={})

    assert as_json(nil)["data_as_at"] is None
    assert {row["value"] for row in as_rows(nil) if row["id"] in ("A1", "A2", "A5", "A6")} == {0}
