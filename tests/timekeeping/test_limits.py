from __future__ import annotations

from datetime import date

import pytest

from breachdesk.timekeeping.limits import CalendarDays, Limit, Months, Weeks, WorkingDays, end_of_span, parse_limit


@pytest.mark.parametrize(("text", "limit"), [
    ("10 working days", WorkingDays(10)),
    ("1 working day", WorkingDays(1)),
    ("30 days", CalendarDays(30)),
    ("12 weeks", Weeks(12)),
    ("3 months", Months(3)),
    ("1 month", Months(1)),
])
def test_a_limit_is_read_and_written_as_people_do(text: str, limit: Limit) -> None:
    assert parse_limit(text) == limit
    assert str(limit) == text


@pytest.mark.parametrize("text", [
    "", "10", "ten working days", "10 business days", "0 days", "-1 days", "1.5 weeks", "010 days", "10  days", "10 days ", "10 days\n",
    "3 years", "10 Working Days", "٣ days", "10000 days", "10 workingdays",
])
def test_what_is_no_limit_is_refused_with_what_is_accepted(text: str) -> None:
    with pytest.raises(ValueError, match="write 5 working days, 3 days, 12 weeks or 3 months"):
        parse_limit(text)


def test_limits_of_different_kinds_are_never_the_same() -> None:
    assert len({WorkingDays(5), CalendarDays(5), Weeks(5), Months(5)}) == 4


@pytest.mark.parametrize("n", [-1, 1.5, True, "5"])
def test_a_limit_is_a_whole_number_that_is_not_negative(n: int) -> None:
    with pytest.raises(ValueError, match="whole number"):
        WorkingDays(n)


@pytest.mark.parametrize(("start", "span", "end"), [
    (date(2026, 1, 31), Months(1), date(2026, 2, 28)),
    (date(2028, 1, 31), Months(1), date(2028, 2, 29)),
    (date(2026, 8, 31), Months(3), date(2026, 11, 30)),
    (date(2026, 11, 30), Months(3), date(2027, 2, 28)),
    (date(2026, 12, 15), Months(1), date(2027, 1, 15)),
    (date(2026, 12, 31), Months(12), date(2027, 12, 31)),
    (date(2028, 2, 29), Months(12), date(2029, 2, 28)),
    (date(2026, 3, 2), Weeks(12), date(2026, 5, 25)),
    (date(2026, 3, 2), CalendarDays(30), date(2026, 4, 1)),
])
def test_a_span_ends_on_the_same_day_of_a_later_month_or_on_its_last(start: date, span: CalendarDays | Weeks | Months, end: date) -> None:
    assert end_of_span(start, span) == end
