"""A limit for anybody who asks: one, or a file of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.casework.calendars import NAMES
from breachdesk.casework.deadlines import COLUMNS, calendar_named, in_words, reckon, reckon_rows
from breachdesk.errors import NotFound
from breachdesk.timekeeping.limits import CalendarDays, Months, WorkingDays


def test_christmas_and_new_year_are_not_counted() -> None:
    found = reckon("england-and-wales", date(2026, 12, 18), WorkingDays(10))

    assert found.due_on == date(2027, 1, 6)
    assert [one.on.day for one in found.days if one.counted] == [21, 22, 23, 24, 29, 30, 31, 4, 5, 6]
    assert in_words(found) == ("10 working days from 18 December 2026 end with Wednesday 6 January 2027, "
                               "by the calendar for England and Wales.")


def test_scotland_has_its_own_days_and_a_request_for_information_those_of_all_parts() -> None:
    due = {name: reckon(name, date(2025, 12, 31), WorkingDays(1)).due_on for name in NAMES}

    assert due == {"england-and-wales": date(2026, 1, 2), "scotland": date(2026, 1, 5), "northern-ireland": date(2026, 1, 2),
                   "foi-uk": date(2026, 1, 5)}


def test_a_day_beyond_the_published_holidays_is_called_provisional() -> None:
    assert reckon("england-and-wales", date(2028, 12, 1), WorkingDays(5)).provisional is None
    assert reckon("england-and-wales", date(2028, 12, 29), WorkingDays(5)).provisional == date(2028, 12, 31)


def test_months_and_days_are_of_any_kind_and_need_no_calendar_in_their_sentence() -> None:
    assert in_words(reckon("scotland", date(2026, 1, 31), Months(1))) == "1 month from 31 January 2026 ends with Saturday 28 February 2026."
    assert reckon("scotland", date(2026, 1, 1), CalendarDays(30)).due_on == date(2026, 1, 31)


def test_an_unknown_calendar_is_named_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="There is no calendar “scotlend”; did you mean “scotland”"):
        calendar_named("scotlend")


@given(st.sampled_from(sorted(NAMES)), st.dates(date(1995, 1, 1), date(2090, 1, 1)), st.integers(0, 1500))
def test_a_file_gives_the_same_day_as_a_question(name: str, start: date, days: int) -> None:
    [_, row] = reckon_rows([",".join(COLUMNS), f"{name},{start},{days}"], _never)

    assert row[-1] == (reckon(name, start, WorkingDays(days)).due_on if days else start).isoformat()


def test_columns_may_stand_in_any_order_beside_others_and_the_heading_may_carry_a_mark() -> None:
    lines = ["\ufeffworking_days, note,calendar,from", "5,\"a, b\",scotland,2026-11-30"]

    assert list(reckon_rows(lines, _never)) == [["working_days", "note", "calendar", "from", "due"],
                                                ["5", "a, b", "scotland", "2026-11-30", "2026-12-07"]]


@pytest.mark.parametrize(("row", "column", "words"), [
    ("england,2026-01-01,3", "calendar", "no calendar “england”"), ("scotland,2026-02-30,3", "from", "day"),
    ("scotland,1/2/2026,3", "from", "1/2/2026"), ("scotland,2026-02-03,-1", "working_days", "digits"),
    ("scotland,2026-02-03,1_0", "working_days", "digits"), ("scotland,2026-02-03,٣", "working_days", "digits"),
    ("scotland,2026-02-03", "working_days", "ends before"), ("scotland,2100-12-30,99", "working_days", "past the end"),
    ("scotland,1066-10-14,5", "working_days", "outside the calendar")])
def test_a_row_that_cannot_be_reckoned_is_named_by_line_and_column_and_the_others_go_on(row: str, column: str, words: str) -> None:
    faults: list[tuple[int, str, str]] = []
    rows = list(reckon_rows([",".join(COLUMNS), row, "", "scotland,2026-11-27,1"], lambda *fault: faults.append(fault)))

    assert [(line, where) for line, where, _ in faults] == [(2, column)]
    assert words in faults[0][2]
    assert [one[-1] for one in rows] == ["due", "", "2026-12-01"]


def test_a_file_without_the_columns_is_refused_before_any_row() -> None:
    faults: list[tuple[int, str, str]] = []

    assert list(reckon_rows(["calendar;from;days", "x"], lambda *fault: faults.append(fault))) == []
    assert faults[0][:2] == (1, "calendar")


def test_the_days_counted_are_one_more_for_each_working_day() -> None:
    found = reckon("england-and-wales", date(2026, 1, 1), WorkingDays(250))

    assert [one.number for one in found.days if one.counted] == list(range(1, 251))
    assert all(later.on - earlier.on == timedelta(days=1) for earlier, later in zip(found.days, found.days[1:], strict=False))


def _never(line: int, column: str, words: str) -> None:
    raise AssertionError(f"{line}, {column}: {words}")
