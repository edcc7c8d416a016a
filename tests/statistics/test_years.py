"""Every day is in exactly one year, whatever month the year begins in."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from breachdesk.statistics.years import year_called, year_of, years_between

THIRTY_YEARS = [date(2010, 1, 1) + timedelta(days=n) for n in range(30 * 365 + 8)]


@pytest.mark.parametrize(("label", "month", "first", "last"), [
    ("2025-26", 4, date(2025, 4, 1), date(2026, 3, 31)),
    ("1999-00", 4, date(1999, 4, 1), date(2000, 3, 31)),
    # A leap day belongs to the year that ends with it.
    ("2023-24", 3, date(2023, 3, 1), date(2024, 2, 29)),
    ("2025", 1, date(2025, 1, 1), date(2025, 12, 31)),
    ("2025-26", 12, date(2025, 12, 1), date(2026, 11, 30)),
])
def test_a_label_names_twelve_months(label: str, month: int, first: date, last: date) -> None:
    year = year_called(label, month)

    assert (year.label, year.first, year.last) == (label, first, last)


@pytest.mark.parametrize(("label", "month", "example"), [
    ("2025", 4, "2025-26"), ("2025-27", 4, "2025-26"), ("2025-2026", 4, "2025-26"), ("2025/26", 4, "2025-26"), ("", 4, "2025-26"),
    ("２０２５-26", 4, "2025-26"), ("9999-00", 4, "2025-26"), ("2025-26\n", 4, "2025-26"), ("2025-26", 1, "2025"), ("25", 1, "2025"),
])
def test_a_label_that_names_no_year_is_refused_with_an_example(label: str, month: int, example: str) -> None:
    with pytest.raises(ValueError, match=f"not a year that begins in (January|April); write it as {example}"):
        year_called(label, month)


@pytest.mark.parametrize("month", [0, 13, -1])
def test_a_year_cannot_start_in_a_month_that_does_not_exist(month: int) -> None:
    with pytest.raises(ValueError, match=f"from 1 to 12; {month} is none"):
        year_of(date(2026, 1, 1), month)


@pytest.mark.parametrize("month", range(1, 13))
def test_every_day_of_thirty_years_is_in_exactly_one_year(month: int) -> None:
    years = years_between(THIRTY_YEARS[0], THIRTY_YEARS[-1], month)
    days = [day for year in years for day in THIRTY_YEARS if day in year]

    assert days == THIRTY_YEARS
    assert all(year_of(day, month) in years for day in THIRTY_YEARS[::50])


@given(day=some.dates(date(1990, 1, 1), date(2120, 12, 31)), month=some.integers(1, 12))
def test_a_day_is_in_its_year_and_neither_in_the_one_before_nor_the_one_after(day: date, month: int) -> None:
    year = year_of(day, month)

    assert day in year
    assert day not in year_of(year.eve, month)
    assert day not in year_of(year.last + timedelta(days=1), month)
    assert year_called(year.label, month) == year


def test_the_years_between_two_days_include_both_ends_oldest_first() -> None:
    assert [year.label for year in years_between(date(2024, 3, 31), date(2025, 4, 1))] == ["2023-24", "2024-25", "2025-26"]
    assert [year.label for year in years_between(date(2025, 5, 1), date(2025, 5, 1), 1)] == ["2025"]
    assert years_between(date(2025, 5, 2), date(2025, 5, 1)) == ()
