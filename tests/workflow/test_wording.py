"""Words in braces are filled in, or the sentence is left out, or nothing is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.workflow.definition import Ask, Procedure
from breachdesk.workflow.wording import counted, fill, fill_known, filled_ask, in_words, listed, numbered, say, say_of_any, words_in

WORDS = {"complainant": "A", "respondent": "B", "reference": "BD-2026-0001"}


def test_a_notice_is_filled_in_or_not_sent_at_all() -> None:
    assert fill("{complainant} complains about {respondent}.", WORDS) == "A complains about B."
    with pytest.raises(KeyError, match="respond"):
        fill("Answer by {respond}.", WORDS)


def test_a_name_with_braces_in_it_is_not_filled_in_again() -> None:
    odd = "{reference} & Sons \\1"

    assert fill("{complainant} ({reference})", {**WORDS, "complainant": odd}) == f"{odd} (BD-2026-0001)"


@pytest.mark.parametrize(("text", "said"), [
    ("It is here. It ends on {respond}. {respondent} knows.", "It is here. B knows."),
    ("It ends on {respond}.", ""),
    ("{respondent} has been told and has until {respond} to answer.", ""),
    ("“Why?” asked {respondent}! {complainant} said: by {respond}. “Good.”", "“Why?” asked B! “Good.”"),
    ("They met at 3 p.m. on the 4th, by {respond} or so. Next.", "Next."),
])
def test_a_page_leaves_out_a_sentence_about_a_limit_that_does_not_run(text: str, said: str) -> None:
    assert say(text, WORDS) == said


@pytest.mark.parametrize(("text", "words"), [
    ("{complainant} and {respondent}", ("complainant", "respondent")),
    ("{Respondent} by { respond } or {respond-2}", ("Respondent", " respond ", "respond-2")),
    ("{} none {", ()),
])
def test_everything_in_braces_is_a_word_to_fill_in_slips_too(text: str, words: tuple[str, ...]) -> None:
    assert words_in(text) == words


def test_a_question_is_asked_in_the_cases_own_words() -> None:
    ask = Ask("view", "Is {respondent} satisfied?", "choice", hint="By {respond}. Or later.", choices={"a": "{complainant}", "b": "Nobody"})

    filled = filled_ask(ask, WORDS)

    assert (filled.label, filled.hint, filled.choices) == ("Is B satisfied?", "Or later.", {"a": "A", "b": "Nobody"})
    assert filled_ask(filled, {}) is filled


def test_every_question_has_words_once_the_parties_are_known(procedure: Procedure) -> None:
    for action in procedure.actions.values():
        for ask in action.asks:
            filled = filled_ask(ask, WORDS)
            assert filled.label, (action.name, ask.name)
            assert all(filled.choices.values()), (action.name, ask.name)


@pytest.mark.parametrize(("names", "said"), [([], ""), (["A"], "A"), (["A", "B"], "A and B"), (("A", "B", "C"), "A, B and C")])
def test_names_are_listed_as_people_say_them(names: list[str] | tuple[str, ...], said: str) -> None:
    assert listed(names) == said


@given(st.text())
def test_text_without_braces_is_said_as_it_is_but_for_blanks_between_sentences(text: str) -> None:
    plain = text.replace("{", "").replace("}", "")

    assert fill(plain, {}) == plain
    assert say(plain, {}).replace(" ", "") == plain.replace(" ", "")


@pytest.mark.parametrize(("number", "said"), [(0, "no cases"), (1, "one case"), (9, "nine cases"), (10, "10 cases"), (1200, "1200 cases")])
def test_a_few_are_counted_in_words_and_more_in_figures(number: int, said: str) -> None:
    assert counted(number, "case") == said
    assert in_words(number) == said.partition(" ")[0]
    assert counted(number, "case", "matters") == said.replace("cases", "matters")
    assert in_words(-1) == "-1"


def test_where_it_is_about_how_many_there_are_they_are_counted_in_figures() -> None:
    assert [numbered(number, "entry", "entries") for number in (1, 2, 1200)] == ["1 entry", "2 entries", "1,200 entries"]


def test_a_subject_line_on_a_page_leaves_a_day_open_that_is_not_known() -> None:
    assert fill_known("{complainant}: by {respond} ({reference})", WORDS) == "A: by … (BD-2026-0001)"


def test_a_sentence_about_any_case_begins_with_a_capital_wherever_a_name_would_stand() -> None:
    said = say_of_any("{complainant} asks {respondent}. {respondent} answers by {respond}. It ends by {other}.", {"respond": "the end"})

    assert said == "The complaining organisation asks the other organisation. The other organisation answers by the end."
    assert say_of_any("{reference} is over. {reference} ends.") == "The case is over. The case ends."
    assert say_of_any("") == ""


UNNAMED = {"complainant": "The organisation that complains"}


@pytest.mark.parametrize(("text", "said"), [
    ("{complainant} asks.", "The organisation that complains asks."),
    ("You hear from {complainant}.", "You hear from the organisation that complains."),
    ("Over. {complainant} asks.", "Over. The organisation that complains asks."),
    ("Why? “{complainant}”", "Why? “The organisation that complains”"),
    ("So: {complainant}", "So: The organisation that complains"), ("So “{complainant}”", "So “the organisation that complains”")])
def test_the_words_in_place_of_a_name_begin_with_a_small_letter_within_a_sentence(text: str, said: str) -> None:
    assert fill(text, UNNAMED) == said
    assert fill(text, {"complainant": "Theatre"}) == text.replace("{complainant}", "Theatre")
