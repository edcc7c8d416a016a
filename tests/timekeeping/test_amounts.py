"""Amounts of time in people's own words."""

from __future__ import annotations

import pytest

from breachdesk.timekeeping.amounts import amount_in, weeks_short


@pytest.mark.parametrize(("words", "amount"), [
    ("three months' written notice", "3 months"), ("12 weeks", "12 weeks"), ("One month", "1 month"),
    ("ten working days", "10 working days"),
    ("We had no notice at all", "0 days"), ("nothing", "0 days"), ("A letter", ""), ("another way", ""), ("12weeks", "")])
def test_an_amount_is_found_in_words_or_there_is_none(words: str, amount: str) -> None:
    assert amount_in(words) == amount


@pytest.mark.parametrize(("required", "happened", "weeks"), [
    ("12 weeks", "8 weeks", 4), ("12 weeks", "14 weeks", 0), ("2 weeks", "10 working days", 0), ("1 year", "0 days", 365.25 / 7),
    ("3 months", "1 month", 365.25 / 6 / 7)])
def test_what_is_missing_is_said_in_weeks(required: str, happened: str, weeks: float) -> None:
    assert weeks_short(required, happened) == pytest.approx(weeks)
