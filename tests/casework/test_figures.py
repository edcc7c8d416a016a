"""The year's figures come from the log and from nothing else."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from conftest import SCHEME, guards_down, lodge

from breachdesk.casework.act import Step, act
from breachdesk.casework.figures import as_csv, year_figures, years_with_cases
from breachdesk.errors import Invalid, NotFound
from breachdesk.statistics.figures import Figures, Measure, Part
from breachdesk.statistics.years import year_called
from breachdesk.store.tables import CaseRow, EntryRow, table_of


def figures(desk, year="", **more):
    with desk.database.read() as session:
        return year_figures(session, desk, SCHEME, year, **more)


def test_a_year_counts_what_was_received_and_closed_in_it(either_desk, cast, clock):
    first, second = lodge(either_desk, cast.ruth), lodge(either_desk, cast.ruth)
    act(either_desk, cast.ruth, first, Step("withdraw", {"reason_code": "settled"}))
    clock.to(date(2026, 4, 2))
    act(either_desk, cast.ruth, second, Step("withdraw", {"reason_code": "no_longer"}))

    counts = {year: [figures(either_desk, year).measure(name).value for name in ("A1", "A2", "A5", "A6")]
              for year in ("2025-26", "2026-27")}

    assert counts == {"2025-26": [0, 2, 1, 1], "2026-27": [1, 0, 1, 0]}
    assert figures(either_desk).year.label == "2026-27"
    assert figures(either_desk).data_as_at == date(2026, 4, 2)


def test_the_log_counts_and_not_the_cases_rows(desk, cast):
    lodge(desk, cast.ruth)
    with desk.database.begin() as session:
        guards_down(session)
        session.execute(table_of(CaseRow).update().values(received_on=date(2020, 1, 1), channel="post"))
        session.execute(table_of(EntryRow).update().where(table_of(EntryRow).c.event == "case:opened").values(event="case:acted"))

    assert figures(desk, "2025-26").measure("A2").value == 1


def test_every_theme_of_the_compact_is_listed_with_or_without_cases(desk, cast):
    lodge(desk, cast.ruth)

    parts = {part.label: part.count for part in figures(desk).measure("F1").parts}

    assert sum(parts.values()) == 1
    assert len(parts) == 3


def test_a_nil_return_is_a_return(desk):
    assert figures(desk).nil_return


def test_the_public_edition_says_so(desk, cast):
    lodge(desk, cast.ruth)

    public = figures(desk, public=True)

    assert public.edition == "public"
    assert [part.count for part in public.measure("F1").parts] == [None, None, None]


@pytest.mark.parametrize("year", ["2025", "2025-27", "last year"])
def test_a_year_that_is_none_is_named(desk, year):
    with pytest.raises(Invalid) as refused:
        figures(desk, year)

    assert "write it as 2025-26" in refused.value.fields["year"]


def test_a_scheme_that_is_not_there_is_named_with_those_that_are(desk):
    with desk.database.read() as session, pytest.raises(NotFound, match="derby-and-derbyshire"):
        year_figures(session, desk, "nowhere")


def test_the_years_run_from_the_first_complaint_to_today(desk, cast, clock):
    def years():
        with desk.database.read() as session:
            return [year.label for year in years_with_cases(session, desk, SCHEME)]

    assert years() == ["2025-26"]
    lodge(desk, cast.ruth)
    clock.to(date(2027, 5, 1))
    assert years() == ["2025-26", "2026-27", "2027-28"]


def test_a_spreadsheet_is_given_no_formula():
    made = Figures(year_called("2025-26"), None, (Measure("A3", "=1+1", "cases", "@x", 3, parts=(Part("+44", 1), Part("Letter", 2)),),))

    rows = list(csv.DictReader(io.StringIO(as_csv(made))))

    assert [(row["title"], row["definition"], row["part"], row["value"]) for row in rows] == [
        ("'=1+1", "'@x", "", "3"), ("'=1+1", "'@x", "'+44", "1"), ("'=1+1", "'@x", "Letter", "2")]


def test_the_table_and_the_figures_hold_the_same_numbers(desk, cast):
    lodge(desk, cast.ruth)
    made = figures(desk)

    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(as_csv(made))) if not row["part"]}

    assert {name: row["value"] for name, row in rows.items()} == {
        one.id: "" if one.value is None else str(one.value) for one in made.measures}
