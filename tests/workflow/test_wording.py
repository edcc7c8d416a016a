"""Words in braces are filled in, or the sentence is left out, or nothing is sent."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.workflow.definition import Ask, Procedure
from breachdesk.workflow.wording import fill, filled_ask, listed, say, words_in

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
