"""The public page on which anybody reckons a limit."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from web.page_reader import PageReader

Reader = Callable[[str], PageReader]
ASKED = "/deadline?from-day={}&from-month={}&from-year={}&long={}&unit={}&calendar={}"


def test_anybody_learns_the_day_and_why(reader: Reader) -> None:
    page = reader("").open("/deadline")
    answered = reader("").open(ASKED.format(18, 12, 2026, 10, "working+days", "england-and-wales"))

    assert page.heading == "When does a limit end?"
    assert "Wednesday 6 January 2027" in answered.main
    assert "Boxing Day, substitute day" in answered.main


def test_a_day_that_holidays_may_still_move_says_so(reader: Reader) -> None:
    assert "may still move" in reader("").open(ASKED.format(29, 12, 2028, 5, "working+days", "scotland")).main


@pytest.mark.parametrize(("asked", "said"), [
    (("", "", "", 10, "working+days", "scotland"), "Enter a date for “From which day?”"),
    ((31, 2, 2026, 10, "working+days", "scotland"), "there is no 31/2/2026"),
    ((1, 2, 2026, "ten", "working+days", "scotland"), "“How long?” must be a whole number in digits"),
    ((1, 2, 2026, 10, "fortnights", "scotland"), "“fortnights” cannot be chosen for “Of what?”"),
    ((1, 2, 2026, 10, "days", "narnia"), "“narnia” cannot be chosen for “Whose bank holidays?”"),
    ((1, 2, 2100, 9999, "months", "scotland"), "That ends too late"),
    ((1, 2, 2099, 9999, "working+days", "scotland"), "That ends too late")])
def test_what_cannot_be_reckoned_is_said_at_its_field(reader: Reader, asked: tuple[object, ...], said: str) -> None:
    assert said in reader("").open(ASKED.format(*asked), 422).main


def test_a_limit_of_many_years_is_answered_without_listing_every_day(reader: Reader) -> None:
    page = reader("").open(ASKED.format(1, 2, 2026, 70, "months", "scotland"))

    assert "1 December 2031" in page.main
    assert "too many to be listed" in page.main
