"""What a rule may look at, and how a rule gets the name under which files ask for it."""

from __future__ import annotations

from datetime import date

import pytest

from breachdesk.timekeeping.calendars import Calendar
from breachdesk.workflow import attempt as marks
from breachdesk.workflow.attempt import Attempt, Reason
from breachdesk.workflow.facts import Candidate, CaseFacts, Party, Running, Taken

DAY = date(2026, 3, 2)
PARTY = Party(2, 12, "respondent", "B", "statutory", taken=frozenset({"respond"}))
CASE = CaseFacts("DD-2026-0001", "asked", DAY, 3, (PARTY,), Calendar("c", "C", DAY, DAY, DAY, {}),
                 running=(Running("answer", 2, 1, DAY, DAY),), candidates={
                     name: Candidate(place, name, name, "other", frozenset()) for place, name in enumerate("kl", 31)},
                 history={"respond": Taken(2, 1, 7)})


def a_rule_for_tests(_: Attempt) -> Reason:
    return "Not today."


def test_a_mark_lets_files_ask_for_a_rule_by_its_own_name(monkeypatch: pytest.MonkeyPatch) -> None:
    about_the_case, about_the_answers, looking_back = {}, {}, set()
    monkeypatch.setattr(marks, "CASE_GUARDS", about_the_case)
    monkeypatch.setattr(marks, "ANSWER_GUARDS", about_the_answers)
    monkeypatch.setattr(marks, "NEED_HISTORY", looking_back)

    assert marks.about_the_case(a_rule_for_tests) is marks.looks_back(a_rule_for_tests) is a_rule_for_tests
    assert (about_the_case, about_the_answers, looking_back) == ({"a-rule-for-tests": a_rule_for_tests}, {}, {"a-rule-for-tests"})

    assert marks.about_the_answers(a_rule_for_tests) is a_rule_for_tests
    assert about_the_answers == about_the_case


def test_what_counts_is_the_day_on_which_a_step_reached_the_desk() -> None:
    assert Attempt(CASE, {}, 0, DAY).counts_on == DAY
    assert Attempt(CASE, {}, 0, DAY, came_on=date(2026, 2, 27)).counts_on == date(2026, 2, 27)


@pytest.mark.parametrize(("subject", "taking", "asked", "took"), [
    (0, "", ("respond", "other"), True), (0, "", ("other",), False), (2, "other", ("other",), True), (3, "other", ("other",), False),
    (2, "another", ("other",), False)])
def test_the_step_that_is_being_taken_counts_already(subject: int, taking: str, asked: tuple[str, ...], took: bool) -> None:
    assert Attempt(CASE, {}, subject, DAY, taking).took(PARTY, asked) is took


def test_how_often_a_step_was_taken_and_which_limits_run_is_read_from_the_case() -> None:
    attempt = Attempt(CASE, {}, 0, DAY)

    assert (attempt.times("respond"), attempt.times("refuse")) == (2, 0)
    assert (attempt.runs("answer"), attempt.runs("window", "answer"), attempt.runs("window"), attempt.runs()) == (True, True, False, False)


@pytest.mark.parametrize(("answer", "names"), [
    ("k", ["k"]), (("l", "k"), ["l", "k"]), (("l", "stranger"), ["l"]), ("stranger", []), (7, [])])
def test_the_people_whom_an_answer_names_are_those_who_could_be_named(answer: object, names: list[str]) -> None:
    attempt = Attempt(CASE, {"who": answer}, 0, DAY)      # type: ignore[dict-item]

    assert [one.name for one in attempt.named("who")] == names
    assert attempt.named("whom") == ()
