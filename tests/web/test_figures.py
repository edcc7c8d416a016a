"""The year's figures over HTTP: real counts for those who run the scheme, the public edition for everybody else."""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Any

import pytest
from conftest import Cast, StoppedClock, lodge
from web.page_reader import Page, PageReader

from breachdesk.casework.desk import Desk

Reader = Callable[[str], PageReader]


def figures(person: PageReader, address: str = "/figures.json") -> dict[str, Any]:
    answer = person.client.get(address)
    assert answer.status_code == 200
    found: dict[str, Any] = answer.get_json()
    return found


def parts(found: dict[str, Any], measure: str) -> list[int | None]:
    return [part["count"] for one in found["measures"] if one["id"] == measure for part in one["parts"]]


def cell(page: Page, title: str) -> str:
    """The number beside a title in the year's table."""
    [row] = [row for row in page.all("table")[0].all("tr") if row.all("th")[0].text.startswith(title)]
    return row.one("td").text


def test_a_year_without_complaints_is_a_nil_return_that_reads_well(reader: Reader) -> None:
    page = reader("").open("/figures")

    assert "no complaint was open, none came in and none was closed. This is a nil return: nothing is missing from it." in page.main


def test_everybody_reads_the_headline_counts(reader: Reader, desk: Desk, cast: Cast) -> None:
    lodge(desk, cast.ruth)

    page = reader("").open("/figures")

    assert cell(page, "Cases received") == "1"
    assert "This is the public edition" in page.main
    assert "one complaint came in and no cases were closed. One case is open now." in page.main


def test_small_numbers_of_a_breakdown_are_not_public_whatever_the_address_asks_for(reader: Reader, desk: Desk, cast: Cast) -> None:
    lodge(desk, cast.ruth)

    people = [reader(name) for name in ("", "ruth", "omar", "ops")]

    found = [figures(person, f"/figures.json?edition={edition}") for person in people for edition in ("", "steering")]

    assert [one["edition"] for one in found] == ["public"] * 8
    assert {count for one in found for count in parts(one, "F1") + parts(one, "A3")} == {None}


@pytest.mark.parametrize("name", ["olive", "sid"])
def test_the_coordinator_and_the_steering_group_see_real_counts_and_can_look_at_what_others_see(
        reader: Reader, desk: Desk, cast: Cast, name: str) -> None:
    lodge(desk, cast.ruth)
    person = reader(name)

    page = person.open("/figures")

    assert "This is the steering edition" in page.main
    assert parts(figures(person), "F1") == [0, 1, 0]
    assert set(parts(figures(person, "/figures.json?edition=public"), "F1")) == {None}


def test_a_chart_stands_beside_its_table_and_is_described(reader: Reader, desk: Desk, cast: Cast) -> None:
    lodge(desk, cast.ruth)

    page = reader("olive").open("/figures")

    labels = [picture["aria-label"] for picture in page.all("svg") if picture["role"] == "img"]
    assert any(label.startswith("Allegations received, by theme. Bar chart.") for label in labels)


def test_the_page_works_without_charts(reader: Reader, desk: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    lodge(desk, cast.ruth)
    monkeypatch.setattr("breachdesk.web.charts.SECONDS", 0)
    monkeypatch.setattr("breachdesk.web.charts._remembered", lambda spec: (_ for _ in ()).throw(OSError("no memory")))

    page = reader("olive").open("/figures")

    assert not [picture for picture in page.all("svg") if picture["role"] == "img"]
    assert "Allegations received, by theme" in [table.one("caption").text for table in page.all("table")]


def test_every_figure_says_what_it_counts(reader: Reader) -> None:
    for row in reader("").open("/figures").all("table")[0].one("tbody").all("tr"):
        assert len(row.one("th").one("span").text) > 20


def test_the_spreadsheet_has_the_same_numbers(reader: Reader, desk: Desk, cast: Cast) -> None:
    lodge(desk, cast.ruth)

    answer = reader("olive").client.get("/figures.csv")

    rows = {row["id"]: row for row in csv.DictReader(StringIO(answer.text)) if not row["part"]}
    assert rows["A2"]["value"] == "1"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="derby-and-derbyshire-2025-26-steering.csv"'


def test_an_earlier_year_can_be_chosen(reader: Reader, desk: Desk, cast: Cast, clock: StoppedClock) -> None:
    lodge(desk, cast.ruth)
    clock.move(days=60)

    page = reader("").open("/figures?year=2025-26")

    assert [option["value"] for option in page.one("select", id="year").all("option")] == ["2026-27", "2025-26"]
    assert page.heading == "Figures for 2025-26"
    assert "One case was open at the end of the year." in page.main


@pytest.mark.parametrize("year", ["1999-00", "2025", "x", "<b>", "2025-26-27"])
def test_a_year_without_figures_is_not_found_and_those_there_are_are_named(reader: Reader, year: str) -> None:
    assert "There are some for: 2025-26." in reader("").open(f"/figures?year={year}", 404).main
