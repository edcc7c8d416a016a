"""What each measure counts, and when: the specification as tables. The laws that hold for every log are in test_measures_laws.py."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from breachdesk.statistics.figures import Figures, Measure, Part
from breachdesk.statistics.measures import figures_for
from breachdesk.statistics.years import year_called

YEAR = year_called("2025-26")
STAGES = {"intake": "Complaint", "direct": "Direct resolution", "critical_friend": "Critical friend", "panel": "Panel of partners",
          "ended": "Ended"}
OUTCOMES = {"resolved_full": "Resolved to both sides' satisfaction", "not_resolved": "Not resolved", "withdrawn": "Withdrawn",
            "inadmissible": "Not admissible", "premature_returned": "Returned"}


def figures(log: Any, **more: Any) -> Figures:
    return figures_for(log.entries, YEAR, stages=STAGES, outcomes=OUTCOMES, **more)


def counts(measure: Measure) -> dict[str, int | None]:
    return {part.label: part.count for part in measure.parts}


@pytest.mark.parametrize(("received", "closed", "a1", "a2", "a5", "a6"), [
    # Wholly before, over the start, within, over the end, wholly after the year.
    ("2025-01-10", "2025-03-31", 0, 0, 0, 0),
    ("2025-03-31", "2025-04-01", 1, 0, 1, 0),
    ("2025-04-01", "2026-03-31", 0, 1, 1, 0),
    ("2026-03-31", "2026-04-01", 0, 1, 0, 1),
    ("2026-04-01", "2026-05-01", 0, 0, 0, 0),
    # Open from before the year until after it, and still.
    ("2024-12-01", "2026-04-02", 1, 0, 0, 1),
    ("2024-12-01", None, 1, 0, 0, 1),
    ("2025-10-26", None, 0, 1, 0, 1),
])
def test_where_a_case_stands_in_the_balance(log: Any, received: str, closed: str | None, a1: int, a2: int, a5: int, a6: int) -> None:
    log.opened(1, received)
    if closed:
        log.closed(1, closed)

    year = figures(log)

    assert [year.measure(one).value for one in ("A1", "A2", "A5", "A6")] == [a1, a2, a5, a6]
    assert year.balance_fault == ""


def test_a_letter_counts_on_the_day_it_came_and_not_on_the_day_it_was_entered(log: Any) -> None:
    log.opened(1, "2026-03-30", on="2026-04-02", channel="post")

    assert figures(log).measure("A2").value == 1
    assert figures(log).measure("A6").value == 1


def test_the_months_at_the_ends_of_the_year_and_at_the_clock_changes_are_all_counted(log: Any) -> None:
    days = ["2025-04-01", "2025-04-30", "2025-10-01", "2025-10-25", "2025-10-26", "2025-10-27", "2025-10-31", "2026-03-28", "2026-03-29",
            "2026-03-30", "2026-03-31"]
    for case, day in enumerate(days, 1):
        log.opened(case, day)

    assert figures(log).measure("A2").value == len(days)


def test_a_reopened_case_counts_as_reopened_and_its_first_end_stays_in_its_year(log: Any) -> None:
    log.opened(1, "2024-05-01").closed(1, "2024-06-03", "resolved_full").reopened(1, "2025-05-01").closed(1, "2025-09-01", "not_resolved")
    earlier, later = (figures_for(log.entries, year_called(one), stages=STAGES, outcomes=OUTCOMES) for one in ("2024-25", "2025-26"))

    assert [[year.measure(one).value for one in ("A1", "A2", "A4", "A5", "A6")] for year in (earlier, later)] == [
        [0, 1, 0, 1, 0], [0, 0, 1, 1, 0]]
    assert counts(earlier.measure("E2-E6"))[OUTCOMES["resolved_full"]] == counts(later.measure("E2-E6"))["Not resolved"] == 1
    assert earlier.balance_fault == later.balance_fault == ""


@pytest.mark.parametrize("fault", ["closed twice", "opened twice", "closed without being opened"])
def test_figures_that_do_not_balance_name_the_case_and_what_to_do(log: Any, fault: str) -> None:
    log.opened(7, "2025-05-01").opened(8, "2025-05-02")
    if fault == "closed twice":
        log.closed(7, "2025-06-01").closed(7, "2025-07-01")
    elif fault == "opened twice":
        log.opened(7, "2025-06-01")
    else:
        log.closed(9, "2025-06-01")

    said = figures(log).balance_fault

    named = "case 9" if fault.startswith("closed without") else "BD-0007"
    assert said == ("The figures for 2025-26 do not balance: open at the start, plus received and reopened, less closed is not open at the "
                    f"end for {named}. Look at the log of each before anything is published.")


def test_two_faults_that_cancel_each_other_out_are_found(log: Any) -> None:
    log.opened(1, "2025-05-01").opened(1, "2025-05-02").closed(2, "2025-06-01")

    assert "for BD-0001, case 2." in figures(log).balance_fault


def test_channels_are_listed_all_and_an_unknown_one_is_not_lost(log: Any) -> None:
    log.opened(1, "2025-05-01", channel="phone").opened(2, "2025-05-01", channel="phone").opened(3, "2025-05-01", channel="carrier_pigeon")

    assert counts(figures(log).measure("A3")) == {"On this site": 0, "Email": 0, "Letter": 0, "Telephone": 2, "In person": 0,
                                                  "Through a representative": 0, "carrier pigeon": 1}


ACK, DUE = ("acknowledge", 0), "2025-05-08"


@pytest.mark.parametrize(("steps", "in_time", "due"), [
    ([("ended", "2025-05-07", DUE, "met")], 1, 1),
    ([("ended", "2025-05-09", DUE, "late")], 0, 1),
    ([("ran_out", "2025-05-09", DUE)], 0, 1),
    # It ran out, and was met afterwards: late, once.
    ([("ran_out", "2025-05-09", DUE), ("ended", "2025-05-12", DUE, "late")], 0, 1),
    # It ran out and the case moved on.
    ([("ran_out", "2025-05-09", DUE), ("ended", "2025-05-09", DUE, "moot")], 0, 1),
    # Left behind before its day: nothing was due.
    ([("ended", "2025-05-07", DUE, "moot")], 0, 0),
    # Still running.
    ([], 0, 0),
    # More time was given; met within it.
    ([("moved", "2025-05-07", DUE, "2025-05-15"), ("ended", "2025-05-14", "2025-05-15", "met")], 1, 1),
    # More time was given when it was already over: it stays late, once.
    ([("ran_out", "2025-05-09", DUE), ("moved", "2025-05-09", DUE, "2025-05-15"), ("ended", "2025-05-14", "2025-05-15", "met")], 0, 1),
    # It stood still for a while, and was met after that, or while it stood.
    ([("moved", "2025-05-06", DUE, None), ("moved", "2025-05-20", None, "2025-05-23"), ("ended", "2025-05-23", "2025-05-23", "met")], 1, 1),
    ([("moved", "2025-05-06", DUE, None), ("ended", "2025-05-20", None, "met")], 1, 1),
    # Due in the next year, whenever it was met.
    ([("moved", "2025-05-06", DUE, "2026-04-01"), ("ended", "2026-03-31", "2026-04-01", "met")], 0, 0),
])
def test_an_acknowledgement_counts_once_and_on_the_day_it_was_due(log: Any, steps: list[Any], in_time: int, due: int) -> None:
    log.opened(1, "2025-05-01", started=[(*ACK, DUE)])
    for kind, on, *rest in steps:
        if kind == "ran_out":
            log.ran_out(1, on, *ACK, rest[0], then="acknowledge_by_clock")
        elif kind == "moved":
            log.acted(1, on, ended=[(*ACK, rest[0], "replaced")], started=[(*ACK, rest[1])])
        else:
            log.acted(1, on, ended=[(*ACK, *rest)])

    measure = figures(log).measure("C1")

    assert (measure.numerator, measure.denominator) == (in_time, due)


def test_each_respondent_has_an_answer_of_its_own(log: Any) -> None:
    log.opened(1, "2025-05-01").acted(1, "2025-05-02", started=[("respond", 11, "2025-05-23"), ("respond", 12, "2025-05-23")])
    log.acted(1, "2025-05-20", ended=[("respond", 11, "2025-05-23", "met")])
    log.ran_out(1, "2025-05-24", "respond", 12, "2025-05-23", then="second_notice_by_clock")

    measure = figures(log).measure("C2")

    assert (measure.numerator, measure.denominator) == (1, 2)


def test_a_limit_that_starts_again_in_a_later_visit_counts_again(log: Any) -> None:
    log.opened(1, "2025-05-01").acted(1, "2025-05-02", started=[("respond", 11, "2025-05-23")])
    log.ran_out(1, "2025-05-24", "respond", 11, "2025-05-23")
    log.acted(1, "2025-06-02", started=[("respond", 11, "2025-06-16")]).acted(1, "2025-06-10", ended=[("respond", 11, "2025-06-16", "met")])

    measure = figures(log).measure("C2")

    assert (measure.numerator, measure.denominator) == (1, 2)


def test_a_limit_met_by_the_step_that_closes_the_case_counts(log: Any) -> None:
    log.opened(1, "2025-05-01", started=[("respond", 11, DUE)]).closed(1, "2025-05-05", ended=[("respond", 11, DUE, "met")])

    assert figures(log).measure("C2").numerator == 1


def test_sixty_days_of_handling_are_within_the_target_and_cases_the_procedure_did_not_end_are_left_out(log: Any) -> None:
    ends = [("resolved_full", 60), ("not_resolved", 61), ("withdrawn", 5), ("inadmissible", 5), ("premature_returned", 5)]
    for case, (outcome, days) in enumerate(ends, 1):
        log.opened(case, "2025-05-01").closed(case, "2025-09-01", outcome, handling=days, elapsed=90)

    measure = figures(log).measure("C7")

    assert (measure.numerator, measure.denominator) == (1, 2)


@pytest.mark.parametrize(("days", "median", "p90", "shortest", "longest"), [
    ([], None, None, None, None),
    ([7], None, None, 7, 7),
    ([1, 2, 3, 4], None, None, 1, 4),
    ([5, 1, 4, 2, 3], 3, None, 1, 5),
    ([1, 2, 3, 4, 5, 6], 3.5, None, 1, 6),
    ([1, 2, 3, 5, 5, 6, 7, 8, 9], 5, None, 1, 9),
    # Nearest rank: the 9th of 10, the 10th of 11, the 18th of 20.
    ([1, 2, 3, 4, 5, 6, 7, 8, 9, 100], 5.5, 9, 1, 100),
    ([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 100], 6, 10, 1, 100),
    (list(range(1, 21)), 10.5, 18, 1, 20),
])
def test_times_to_close(log: Any, days: list[int], median: float | None, p90: int | None, shortest: int | None,
                        longest: int | None) -> None:
    for case, n in enumerate(days, 1):
        log.opened(case, "2025-05-01").closed(case, "2025-09-01", handling=n, elapsed=n + 100)

    year = figures(log)

    handling, elapsed = ([year.measure(f"{name}.{one}").value for one in ("n", "median", "p90", "min", "max")] for name in ("D1", "D2"))
    assert handling == [len(days), median, p90, shortest, longest]
    assert elapsed == [len(days), *(value if value is None else value + 100 for value in (median, p90, shortest, longest))]


def test_a_time_that_is_not_given_says_why(log: Any) -> None:
    assert figures(log).measure("D1.median").note == "Not given: no case was closed."

    log.opened(1, "2025-05-01").closed(1, "2025-05-02")

    assert figures(log).measure("D1.p90").note == "Not given: fewer than 10 cases were closed."


def test_where_cases_were_resolved_and_how_they_ended(log: Any) -> None:
    ends = [("resolved_full", "direct"), ("resolved_full", "direct"), ("resolved_full", "panel"), ("not_resolved", "panel"),
            ("merged", "direct")]
    for case, (outcome, stage) in enumerate(ends, 1):
        log.opened(case, "2024-05-01").closed(case, "2025-09-01", outcome, ended_in=stage)

    year = figures(log)

    assert year.measure("E1").value == 3
    assert counts(year.measure("E1")) == {"Direct resolution": 2, "Critical friend": 0, "Panel of partners": 1}
    assert counts(year.measure("E2-E6")) == {"Resolved to both sides' satisfaction": 3, "Not resolved": 1, "Withdrawn": 0,
                                             "Not admissible": 0, "Returned": 0, "merged": 1}


def test_a_case_that_was_ever_in_a_stage_has_reached_it_unless_it_was_not_admitted(log: Any) -> None:
    log.opened(1, "2025-05-01").closed(1, "2025-05-09")
    log.opened(2, "2025-05-01").acted(2, "2025-06-01", stage="critical_friend").closed(2, "2025-07-01", ended_in="critical_friend")
    log.opened(3, "2025-05-01").acted(3, "2025-06-01", stage="critical_friend").acted(3, "2025-07-01", stage="panel")
    log.closed(3, "2025-08-01", "withdrawn", ended_in="panel")
    log.opened(4, "2025-05-01").acted(4, "2025-06-01", stage="critical_friend").closed(4, "2025-07-01", "inadmissible",
                                                                                       ended_in="critical_friend")
    log.opened(5, "2025-05-01").acted(5, "2025-06-01", stage="panel")

    second, third = figures(log).measure("E7.2"), figures(log).measure("E7.3")

    assert (second.numerator, second.denominator) == (2, 3)
    assert (third.numerator, third.denominator) == (1, 3)
    assert third.title == "Cases that reached stage 3 (Panel of partners)"


def test_a_case_in_which_the_clock_took_steps_counts_once_and_one_without_does_not(log: Any) -> None:
    log.opened(1, "2025-05-01").opened(2, "2025-05-01").opened(3, "2024-05-01")
    log.ran_out(1, "2025-05-24", "respond", 11, "2025-05-23", then="second_notice_by_clock")
    log.ran_out(1, "2025-06-24", "second_notice", 11, "2025-06-23", then="refer_by_clock")
    log.ran_out(2, "2025-06-24", "handling", 0, "2025-06-23")
    log.ran_out(3, "2025-03-31", "respond", 31, "2025-03-30", then="second_notice_by_clock")

    assert figures(log).measure("J1").value == 1


def test_allegations_are_counted_by_theme_for_cases_received_in_the_year(log: Any) -> None:
    log.opened(1, "2025-05-01", allegations=[[11, 1], [11, 2], [12, 1]]).opened(2, "2024-05-01", allegations=[[21, 1]])
    log.opened(3, "2025-05-01", allegations=[[31, 9]])

    measure = figures(log, themes={1: "Resources", 2: "Policy", 3: "Equality", 4: "Resources"}).measure("F1")

    assert measure.value == 4
    assert counts(measure) == {"Resources": 2, "Policy": 1, "Equality": 0, "Theme not known": 1}


def test_without_themes_there_is_no_measure_of_themes(log: Any) -> None:
    with pytest.raises(KeyError, match="no measure F1"):
        figures(log).measure("F1")


def test_an_edition_can_be_made_again_as_the_data_stood_on_a_day(log: Any) -> None:
    log.opened(1, "2025-05-01").opened(2, "2025-06-01")
    before = figures(log)
    log.closed(1, "2025-06-02")

    assert figures(log, data_as_at=date(2025, 6, 1)) == before
    assert figures(log).data_as_at == date(2025, 6, 2)


def test_an_empty_log_gives_a_nil_return_with_every_measure(log: Any) -> None:
    empty, busy = figures(log), figures(log.__class__().opened(1, "2025-05-01"))

    assert empty.nil_return
    assert not busy.nil_return
    assert [measure.id for measure in empty.measures] == [measure.id for measure in busy.measures]
    assert empty.data_as_at is None
    assert not any(measure.value or measure.numerator or measure.denominator for measure in empty.measures)


def test_entries_of_the_desk_itself_are_passed_over(log: Any) -> None:
    before = figures(log.opened(1, "2025-05-01")).measures
    log.entries.insert(0, log.entries[0].__class__(0, "session:began", date(2025, 5, 1), {"account": 3}))

    assert figures(log).measures == before


@pytest.mark.parametrize(("numerator", "denominator", "percentage"), [(3, 9, None), (0, 0, None), (3, 10, 30.0), (1, 12, 100 / 12)])
def test_a_percentage_needs_ten_cases(numerator: int, denominator: int, percentage: float | None) -> None:
    assert Measure("C1", "", "", "", numerator=numerator, denominator=denominator).percentage == percentage


def test_a_measure_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="parts of A3 add up to 3, not to 4"):
        Measure("A3", "", "", "", value=4, parts=(Part("a", 1), Part("b", 2)))
    with pytest.raises(ValueError, match="C1 counts 3 out of 2"):
        Measure("C1", "", "", "", numerator=3, denominator=2)
