from __future__ import annotations

from datetime import date
from importlib import resources

import pytest

from breachdesk.casework.calendars import NAMES, published_days, snapshot

# GOV.UK's list, as domain.md gives it: the substitute days stand for holidays at a weekend.
ENGLAND_AND_WALES = {
    2026: ["01-01", "04-03", "04-06", "05-04", "05-25", "08-31", "12-25", "12-28"],
    2027: ["01-01", "03-26", "03-29", "05-03", "05-31", "08-30", "12-27", "12-28"],
    2028: ["01-03", "04-14", "04-17", "05-01", "05-29", "08-28", "12-25", "12-26"],
}


def test_england_and_wales_has_the_published_days() -> None:
    published = [date.fromisoformat(f"{year}-{day}") for year, days in ENGLAND_AND_WALES.items() for day in days]

    assert list(snapshot("england-and-wales", 2026, 2028).holidays) == published


@pytest.mark.parametrize("name", ["england-and-wales", "scotland", "northern-ireland"])
def test_every_day_is_the_one_that_was_published_from_2012_to_2028(name: str) -> None:
    published = published_days((resources.files("govuk_bank_holidays") / "bank-holidays.json").read_text("utf-8"), name)
    # Proclaimed after that list was bundled.
    late = {date(2026, 6, 15)} if name == "scotland" else set()

    assert (min(published).year, max(published).year) == (2012, 2028)
    assert {day for day in snapshot(name, 2012, 2028).holidays} - late == {day for day in published if day.weekday() < 5} - late


def test_wales_has_the_holidays_of_england() -> None:
    from holidays import country_holidays

    years = range(2012, 2030)

    england, wales = (dict(country_holidays("GB", subdiv=part, years=years)) for part in ("ENG", "WLS"))

    assert wales == england


@pytest.mark.parametrize(("name", "working"), [
    ("england-and-wales", True), ("northern-ireland", True), ("scotland", False), ("foi-uk", False)])
def test_15_june_2026_is_a_holiday_in_scotland_and_for_freedom_of_information(name: str, working: bool) -> None:
    assert snapshot(name, 2026, 2026).is_working(date(2026, 6, 15)) is working


def test_freedom_of_information_rests_on_a_holiday_in_any_part() -> None:
    parts = [snapshot(name, 2026, 2028).holidays for name in NAMES if name != "foi-uk"]

    assert set(snapshot("foi-uk", 2026, 2028).holidays) == set().union(*parts)


def test_a_holiday_of_one_part_says_whose_it_is() -> None:
    freedom = snapshot("foi-uk", 2026, 2027)

    assert freedom.why_closed(date(2026, 11, 30)) == "Saint Andrew's Day (Scotland)"
    assert freedom.why_closed(date(2026, 4, 6)) == "Easter Monday (England, Wales, Northern Ireland)"
    assert freedom.why_closed(date(2027, 12, 27)) == "Christmas Day, substitute day"


@pytest.mark.parametrize(("last_year", "provisional_after"), [
    (2027, date(2027, 12, 31)), (2028, date(2028, 12, 31)), (2035, date(2028, 12, 31))])
def test_what_gov_uk_has_not_published_is_provisional(last_year: int, provisional_after: date) -> None:
    made = snapshot("scotland", 2026, last_year)

    assert (made.provisional_after, made.last) == (provisional_after, date(last_year, 12, 31))


def test_the_same_snapshot_has_the_same_digest_and_each_name_its_own() -> None:
    digests = {snapshot(name, 2026, 2027).digest for name in NAMES}

    assert len(digests) == len(NAMES)
    assert snapshot("scotland", 2026, 2027).digest in digests


@pytest.mark.parametrize(("name", "first_year", "last_year", "says"), [
    ("wales", 2026, 2028, "There is no calendar “wales”; there are england-and-wales"),
    ("scotland", 2028, 2026, "from one year to the same or a later one"),
    ("scotland", 1850, 2026, "1978 to 2100"),
    ("scotland", 2026, 2101, "1978 to 2100"),
])
def test_a_snapshot_that_cannot_be_made_is_refused(name: str, first_year: int, last_year: int, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        snapshot(name, first_year, last_year)
