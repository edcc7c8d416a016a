"""The public edition keeps its headlines and gives no small number away: not by subtraction, not to somebody who knows the rule."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from breachdesk.errors import Refused
from breachdesk.statistics.disclosure import public_edition, suppressed
from breachdesk.statistics.figures import Figures, Measure, Part
from breachdesk.statistics.measures import figures_for
from breachdesk.statistics.years import Year, year_called

YEAR: Year = year_called("2025-26")
FEW, HIDDEN = "fewer than 5", "not shown"
STAGES = {"intake": "Complaint", "direct": "Direct resolution", "critical_friend": "Critical friend", "panel": "Panel of partners"}
OUTCOMES = {"resolved_full": "Resolved", "withdrawn": "Withdrawn"}


@pytest.mark.parametrize(("counts", "shown"), [
    # Nothing small, nothing hidden; a true nought is shown as 0.
    ([12, 7, 0, 0], [12, 7, 0, 0]),
    ([0, 0, 0], [0, 0, 0]),
    # Two small ones protect each other: 5 could be 1 and 4, or 2 and 3.
    ([20, 2, 3, 0], [20, FEW, FEW, 0]),
    # A single small one is the total less the others: the smallest of the others goes too.
    ([20, 9, 3, 0], [20, HIDDEN, HIDDEN, 0]),
    # Two that must both be 1, and two that must both be 4.
    ([20, 9, 1, 1], [20, HIDDEN, HIDDEN, HIDDEN]),
    ([20, 9, 4, 4], [20, HIDDEN, HIDDEN, HIDDEN]),
    # Which of two equals is hidden would tell something.
    ([20, 9, 9, 3], [20, HIDDEN, HIDDEN, HIDDEN]),
    # Nothing is left to hide behind: noughts go as well.
    ([3, 0, 0, 0], [HIDDEN] * 4),
    ([1, 1, 0, 0], [HIDDEN] * 4),
    ([1, 1, 1, 1], [HIDDEN] * 4),
    ([4, 4, 4, 4], [HIDDEN] * 4),
])
def test_what_is_shown_of_a_breakdown(counts: list[int], shown: list[int | str]) -> None:
    assert [words if count is None else count for count, words in suppressed(counts)] == shown


def tables(total: int, labels: int) -> Iterator[tuple[int, ...]]:
    if labels == 1:
        yield (total,)
        return
    for count in range(total + 1):
        for rest in tables(total - count, labels - 1):
            yield (count, *rest)


@pytest.mark.parametrize(("labels", "largest_total", "fewest_shown"), [
    (2, 40, 5), (3, 30, 5), (4, 18, 5), (5, 12, 5), (6, 8, 5), (4, 14, 3), (3, 12, 2)])
def test_nobody_can_work_out_a_hidden_number_even_by_trying_every_table_against_the_rule(
        labels: int, largest_total: int, fewest_shown: int) -> None:
    for total in range(largest_total + 1):
        behind: dict[tuple[tuple[int | None, str], ...], list[tuple[int, ...]]] = defaultdict(list)
        for table in tables(total, labels):
            behind[tuple(suppressed(table, fewest_shown))].append(table)

        for shown, possible in behind.items():
            for at in (at for at, (count, _) in enumerate(shown) if count is None):
                assert len({table[at] for table in possible}) > 1, (shown, possible)


@given(counts=some.lists(some.integers(0, 30), min_size=2, max_size=8))
def test_no_small_number_is_shown_and_what_is_shown_is_true(counts: list[int]) -> None:
    shown = suppressed(counts)

    assert all(count is None or count == true for (count, _), true in zip(shown, counts, strict=True))
    assert all(count is None for (count, _), true in zip(shown, counts, strict=True) if 0 < true < 5)
    assert all((count is None) == bool(words) for count, words in shown)


@given(counts=some.lists(some.integers(0, 30), min_size=2, max_size=8))
def test_subtraction_from_the_total_leaves_more_than_one_number_hidden(counts: list[int]) -> None:
    hidden = [true for (count, _), true in zip(suppressed(counts), counts, strict=True) if count is None]

    assert len(hidden) != 1
    assert not hidden or sum(hidden) > 0


def figures(log: Any, **more: Any) -> Figures:
    return figures_for(log.entries, YEAR, stages=STAGES, outcomes=OUTCOMES, **more)


def small_county(log: Any, cases: int) -> Any:
    for case in range(1, cases + 1):
        log.opened(case, "2025-05-01", channel="post" if case == 1 else "web", allegations=[[1, case % 2]])
    for case in range(1, cases + 1):
        log.closed(case, "2025-06-01", handling=10 * case, elapsed=10 * case)
    return log


def test_a_county_with_four_cases_publishes_its_headlines_and_hides_its_small_numbers(log: Any) -> None:
    real = figures(small_county(log, 4), themes={0: "Resources", 1: "Equality"})

    public = public_edition(real)

    changed = {measure.id for measure, before in zip(public.measures, real.measures, strict=True) if measure != before}
    assert (real.edition, public.edition) == ("steering", "public")
    assert changed == {"A3", "F1", "F1.commitment", "G2", "D1.min", "D1.max", "D2.min", "D2.max"}
    assert public.measure("A3").value == 4
    assert [part.hidden for part in public.measure("A3").parts] == [FEW, "", FEW, "", "", ""]
    assert public.measure("D1.max").value is None
    assert public.measure("D1.max").note == "Not shown: fewer than 5 cases were closed."


def test_a_measure_of_which_nobody_has_said_how_much_everybody_may_read_stays_inside(log: Any) -> None:
    real = figures(small_county(log, 4))
    new = Measure("Z1", "A new one", "cases", "Not thought about yet.", 1, parts=(Part("One", 1),))

    shown = public_edition(replace(real, measures=(*real.measures, new))).measure("Z1")

    assert (shown.value, shown.parts, shown.note) == (None, (), "Only in the steering group's edition.")


def test_a_breakdown_of_one_case_is_hidden_whole_and_says_why(log: Any) -> None:
    public = public_edition(figures(log.opened(1, "2025-05-01")))

    assert public.measure("A2").value == 1
    assert {(part.count, part.hidden) for part in public.measure("A3").parts} == {(None, HIDDEN)}
    assert public.measure("A3").note == "This breakdown is not shown: so few that single cases could be recognised."


def test_five_closed_cases_show_their_shortest_and_longest_time(log: Any) -> None:
    public = public_edition(figures(small_county(log, 5)))

    assert (public.measure("D1.min").value, public.measure("D1.max").value) == (10, 50)


def test_allegations_by_theme_are_suppressed_as_channels_are(log: Any) -> None:
    for case, commitment in enumerate([1] * 9 + [2] * 2 + [3] * 3, 1):
        log.opened(case, "2025-05-01", allegations=[[1, commitment]])

    public = public_edition(figures(log, themes={1: "Resources", 2: "Equality", 3: "Policy", 4: "Other"}))

    assert [(part.label, part.count, part.hidden) for part in public.measure("F1").parts] == [
        ("Resources", 9, ""), ("Equality", None, FEW), ("Policy", None, FEW), ("Other", 0, "")]
    assert public.measure("F1").note == "Numbers from 1 to 4 are shown as “fewer than 5”."


def test_a_nil_return_is_published_as_it_is(log: Any) -> None:
    public = public_edition(figures(log))

    assert public.nil_return
    assert public.measures == figures(log).measures


def test_a_scheme_can_ask_for_more_than_five(log: Any) -> None:
    for case, channel in enumerate(["web"] * 20 + ["post"] * 6 + ["phone"] * 5, 1):
        log.opened(case, "2025-05-01", channel=channel)

    as_default, stricter = (public_edition(figures(log), fewest_shown=fewest).measure("A3").parts for fewest in (5, 10))

    assert [part.count for part in as_default] == [20, 0, 6, 5, 0, 0]
    assert [part.hidden for part in stricter] == ["", "", "fewer than 10", "fewer than 10", "", ""]


def test_figures_that_do_not_balance_are_not_published(log: Any) -> None:
    log.opened(1, "2025-05-01").closed(1, "2025-06-01").closed(1, "2025-07-01")

    with pytest.raises(Refused, match="do not balance"):
        public_edition(figures(log))


