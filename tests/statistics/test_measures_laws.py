"""What holds for every log that the desk can write: cases come in, take steps, end, and may be reopened once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from breachdesk.statistics.disclosure import public_edition
from breachdesk.statistics.figures import Figures
from breachdesk.statistics.measures import figures_for
from breachdesk.statistics.years import year_of, years_between

STAGES = {"intake": "Complaint", "direct": "Direct resolution", "critical_friend": "Critical friend", "panel": "Panel of partners"}
OUTCOMES = {"resolved_full": "Resolved", "withdrawn": "Withdrawn", "inadmissible": "Not admissible"}
THEMES = {1: "Resources", 2: "Equality", 3: "Policy"}
DAY = timedelta(days=1)
few = settings(max_examples=25, deadline=None)


@some.composite
def stories(draw: some.DrawFn) -> list[tuple[date, int, str, dict[str, Any]]]:
    """Entries of up to a dozen cases, in the order of the log, some of them entered days after they came."""
    told: list[tuple[date, int, str, dict[str, Any]]] = []
    for case in range(1, draw(some.integers(0, 12)) + 1):
        received = draw(some.dates(date(2022, 1, 1), date(2027, 12, 31)))
        on = received + DAY * draw(some.integers(0, 9))
        channel = draw(some.sampled_from(["web", "post", "smoke_signal"]))
        allegations = [[case, commitment] for commitment in draw(some.lists(some.integers(1, 4), max_size=3))]
        told.append((on, case, "opened", {"received": received.isoformat(), "channel": channel, "allegations": allegations}))
        for stage in draw(some.lists(some.sampled_from(["direct", "critical_friend", "panel"]), max_size=3)):
            on += DAY * draw(some.integers(0, 90))
            told.append((on, case, "acted", {"stage": stage}))
        if draw(some.booleans()):
            on += DAY * draw(some.integers(0, 200))
            days = draw(some.integers(0, 150))
            outcome, stage = draw(some.sampled_from([*OUTCOMES, "merged"])), draw(some.sampled_from([*STAGES]))
            told.append((on, case, "closed", {"outcome": outcome, "handling": days, "elapsed": days + 5, "ended_in": stage}))
            if draw(some.integers(0, 3)) == 0:
                on += DAY * draw(some.integers(0, 300))
                told.append((on, case, "reopened", {"stage": "panel"}))
    return sorted(told, key=lambda entry: entry[0])


def written(log: Any, story: list[tuple[date, int, str, dict[str, Any]]]) -> Any:
    for on, case, kind, facts in story:
        if kind == "opened":
            log.opened(case, facts["received"], on=on.isoformat(), channel=facts["channel"], allegations=facts["allegations"])
        else:
            getattr(log, kind)(case, on.isoformat(), **facts)
    return log


def every_year(log: Any, month: int) -> list[Figures]:
    return [figures_for(log.entries, year, stages=STAGES, outcomes=OUTCOMES, themes=THEMES)
            for year in years_between(date(2021, 1, 1), date(2031, 1, 1), month)]


def value(figures: Figures, measure: str) -> int:
    found = figures.measure(measure).value
    assert isinstance(found, int)
    return found


@few
@given(story=stories(), month=some.integers(1, 12))
def test_every_year_balances_and_begins_with_what_the_year_before_left(
        empty_log: Callable[[], Any], story: list[Any], month: int) -> None:
    years = every_year(written(empty_log(), story), month)

    for year in years:
        assert year.balance_fault == ""
        assert value(year, "A1") + value(year, "A2") + value(year, "A4") - value(year, "A5") == value(year, "A6")
    assert [value(year, "A6") for year in years[:-1]] == [value(year, "A1") for year in years[1:]]


@few
@given(story=stories(), month=some.integers(1, 12))
def test_every_case_is_received_in_one_year_and_closed_in_at_most_one(empty_log: Callable[[], Any], story: list[Any], month: int) -> None:
    years = every_year(written(empty_log(), story), month)

    kinds = [kind for _, _, kind, _ in story]
    assert sum(value(year, "A2") for year in years) == kinds.count("opened")
    assert sum(value(year, "A5") for year in years) == kinds.count("closed")


@few
@given(story=stories())
def test_parts_add_up_to_their_total_and_no_part_is_larger_than_its_whole(empty_log: Callable[[], Any], story: list[Any]) -> None:
    for figures in every_year(written(empty_log(), story), 4):
        for measure in figures.measures:
            assert not measure.parts or sum(part.count or 0 for part in measure.parts) == measure.value
            assert measure.denominator is None or 0 <= (measure.numerator or 0) <= measure.denominator
        for measure_id, same_as in {"A3": "A2", "E2-E6": "A5", "D1.n": "A5", "D2.n": "A5"}.items():
            assert value(figures, measure_id) == value(figures, same_as)


@few
@given(story=stories(), again=some.data())
def test_a_second_closing_of_any_case_is_noticed_in_the_year_it_is_in(
        empty_log: Callable[[], Any], story: list[Any], again: some.DataObject) -> None:
    reopened = {case for _, case, kind, _ in story if kind == "reopened"}
    closings = [(on, case) for on, case, kind, _ in story if kind == "closed" and case not in reopened]
    if not closings:
        return
    on, case = again.draw(some.sampled_from(closings))
    log = written(empty_log(), story).closed(case, on.isoformat())

    figures = figures_for(log.entries, year_of(on), stages=STAGES, outcomes=OUTCOMES)

    assert f"BD-{case:04}" in figures.balance_fault


@few
@given(story=stories())
def test_the_public_edition_never_shows_a_small_number_in_a_breakdown_nor_just_one_hidden(
        empty_log: Callable[[], Any], story: list[Any]) -> None:
    for figures in every_year(written(empty_log(), story), 4):
        for measure in (public_edition(figures).measure(one) for one in ("A3", "F1")):
            assert all(part.count is None or part.count == 0 or part.count >= 5 for part in measure.parts)
            assert sum(part.count is None for part in measure.parts) != 1
