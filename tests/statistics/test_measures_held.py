"""What the measures about allegations, remedies, satisfaction and people count: rows of logs, and what comes of them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from breachdesk.statistics.disclosure import public_edition
from breachdesk.statistics.figures import Figures
from breachdesk.statistics.measures import Words, figures_for
from breachdesk.statistics.years import year_called

YEAR = year_called("2025-26")
WORDS = Words({"accepted": "Yes", "not_accepted": "No"}, {"apology": "An apology", "money": "A payment"}, {501: "9.2", 502: "13.2"})
SIDES = [{"party": 1, "organisation": 11, "side": "complainant"}, {"party": 2, "organisation": 12, "side": "respondent"}]


def figures(log: Any) -> Figures:
    return figures_for(log.entries, YEAR, stages={"direct": "Direct"}, outcomes={}, words=WORDS)


def counts(log: Any, measure: str) -> dict[str, int | None]:
    return {part.label: part.count for part in figures(log).measure(measure).parts}


def out_of(log: Any, measure: str) -> tuple[int | None, int | None]:
    found = figures(log).measure(measure)
    return found.numerator, found.denominator


def agreed(number: int, due: str, kind: str = "apology", state: str = "open") -> dict[str, Any]:
    return {"remedy": number, "kind": kind, "owner": 2, "due_on": due, "state": state}


def test_a_decision_is_accepted_refused_or_in_part_and_a_premature_complaint_counts_too(log: Any) -> None:
    for case, decided in enumerate(([[1, True]], [[2, True], [3, False]], [[4, False]]), 1):
        log.opened(case, "2025-05-01").told(case, "2025-05-08", decided=decided)
    log.opened(4, "2025-05-01").closed(4, "2025-05-02", "premature_returned")
    log.opened(5, "2025-05-01").closed(5, "2025-05-02", "inadmissible")
    log.opened(6, "2025-03-01").told(6, "2025-03-08", decided=[[9, True]])

    assert counts(log, "B1") == {"Accepted": 1, "Accepted in part": 1, "Not accepted": 2, "Returned as premature": 1}


def test_part_resolutions_are_counted_among_cases_that_could_have_been_resolved(log: Any) -> None:
    for case, outcome in enumerate(("resolved_full", "resolved_partial", "withdrawn", "inadmissible", "merged", "transferred"), 1):
        log.opened(case, "2025-05-01").closed(case, "2025-06-01", outcome)

    assert out_of(log, "E2") == (1, 3)
    assert out_of(log, "E3") == (1, 3)


def test_commitments_are_listed_as_printed_and_only_inside(log: Any) -> None:
    log.opened(1, "2025-05-01", allegations=[[2, 502], [2, 501]]).opened(2, "2025-05-02", allegations=[[2, 502]])

    assert list(counts(log, "F1.commitment").items()) == [("9.2", 1), ("13.2", 2)]
    assert public_edition(figures(log)).measure("F1.commitment").parts == ()


def test_positions_count_when_the_case_is_closed_and_the_last_one_holds(log: Any) -> None:
    log.opened(1, "2025-05-01").told(1, "2025-05-08", positions=[[1, "not_accepted"], [2, "accepted"]])
    log.told(1, "2025-05-09", positions=[[1, "accepted"], [3, "not_stated"]])
    assert counts(log, "F2") == {"Yes": 0, "No": 0}

    log.closed(1, "2025-06-01")

    assert counts(log, "F2") == {"Yes": 2, "No": 0, "not stated": 1}
    assert out_of(log, "F3") == (2, 2)


def test_the_median_of_what_was_missing_is_given_for_five_complaints_and_more(log: Any) -> None:
    for case, happened in enumerate(("12 weeks", "8 weeks", "2 weeks", "14 weeks"), 1):
        log.opened(case, "2025-05-01", effects={"measured": [501, "12 weeks", happened]})
    assert figures(log).measure("F7").value is None

    log.opened(5, "2025-05-01", effects={"measured": [501, "12 weeks", "11 weeks"]}).opened(6, "2025-05-01")

    assert figures(log).measure("F7").value == 1


@pytest.mark.parametrize(("settled_on", "state", "became"), [
    ("2025-06-30", "done", "Done in time"), ("2025-07-01", "done", "Done late"), ("2025-06-01", "waived", "No longer asked for"),
    ("2025-07-01", "not_done", "Not done"), ("2025-06-20", "reported", "Not confirmed yet"), ("", "", "Not confirmed yet")])
def test_what_became_of_a_remedy(log: Any, settled_on: str, state: str, became: str) -> None:
    log.opened(1, "2025-05-01").told(1, "2025-05-08", remedy_added=agreed(1, "2025-06-30")).closed(1, "2025-05-09")
    if settled_on:
        log.told(1, settled_on, remedy_settled=agreed(1, "2025-06-30", state=state))

    assert counts(log, "G1") == {"An apology": 1, "A payment": 0}
    assert {label for label, count in counts(log, "G4").items() if count} == {became}
    assert out_of(log, "G3") == (int(became == "Done in time"), 1)
    assert out_of(log, "G2") == (1, 1)


def test_a_remedy_counts_in_the_year_in_which_it_is_due(log: Any) -> None:
    log.opened(1, "2026-03-01").told(1, "2026-03-08", remedy_added=agreed(1, "2026-04-01"))

    assert figures(log).measure("G1").value == 1
    assert out_of(log, "G3") == (0, 0)


def test_satisfaction_is_each_sides_own_last_word_or_what_was_recorded_for_it(log: Any) -> None:
    log.opened(1, "2025-05-01", parties=SIDES)
    log.told(1, "2025-05-08", party=1, answers={"outcome_view": "partly", "process_view": "satisfied"})
    log.closed(1, "2025-06-01").told(1, "2025-06-02", party=1, answers={"outcome_view": "satisfied"})
    log.told(1, "2025-06-03", party=2, answers={"outcome_view": "satisfied", "process_view": "not_stated"})
    log.opened(2, "2025-05-01", parties=SIDES)
    log.told(2, "2025-05-08", answers={"complainant_view": "partly", "respondent_view": "satisfied"}).closed(2, "2025-06-01")

    assert out_of(log, "H1.complainant") == (1, 2)
    assert out_of(log, "H1.respondent") == (2, 2)
    assert (out_of(log, "H2.complainant"), out_of(log, "H2.respondent")) == ((1, 1), (0, 0))
    assert out_of(log, "H3") == (1, 2)


def test_interests_those_who_stand_back_and_those_who_take_their_place(log: Any) -> None:
    one = {"account": 7, "role": "panel_member", "chair": False}
    log.opened(1, "2025-05-01").told(1, "2025-05-02", appointed=[one, one, one])
    log.told(1, "2025-05-08", interested=7, released=[one]).told(1, "2025-05-09", appointed=[one])
    log.told(1, "2025-05-10", interested=9)

    assert [figures(log).measure(name).value for name in ("I1.declared", "I1.recused", "I1.replaced")] == [2, 1, 1]


def test_the_public_edition_tells_of_nobody_alone_how_satisfied_they_were(log: Any) -> None:
    log.opened(1, "2025-05-01", parties=SIDES).told(1, "2025-05-08", party=1, answers={"outcome_view": "not_satisfied"})
    log.closed(1, "2025-06-01")

    public = public_edition(figures(log)).measure("H1.complainant")

    assert (public.numerator, public.denominator, public.note) == (None, None, "Not shown: fewer than 5.")


def test_a_log_that_an_earlier_version_began_says_nothing_of_effects_and_counts(log: Any) -> None:
    log.opened(1, "2025-05-01", parties=SIDES).closed(1, "2025-06-01")
    for entry in log.entries:
        del entry.facts["effects"]

    assert figures(log).measure("A5").value == 1
    assert date(2025, 6, 1) in YEAR
