"""Who sees the name of an organisation that complains: what is asked, what is kept, and what stands in the name's place."""

from __future__ import annotations

import pytest

from breachdesk.workflow.definition import Ask
from breachdesk.workflow.identity_modes import (
    ASK,
    OPEN,
    REPRESENTED,
    SHIELDED,
    kept_from_others,
    mode_chosen,
    stand_for,
    with_identity_asked,
)

WHO, LAST = Ask("complainant", "Who?", "organisation", page="Who"), Ask("title", "What?", "line", page="What")
CONTACT = Ask("contact", "Whom to ring?", "line", hint="A number.")


def test_the_desk_asks_about_the_name_before_the_last_page_and_says_who_reads_whom_to_talk_to() -> None:
    who, contact, about_the_name, last = with_identity_asked([WHO, CONTACT, LAST])

    assert (who, about_the_name, last) == (WHO, ASK, LAST)
    assert contact.hint == "A number. Everybody in this case reads this; if your name is kept back, the coordinator alone."
    assert not about_the_name.required
    assert [*about_the_name.choices] == [OPEN, SHIELDED, REPRESENTED]


def test_a_form_of_one_page_ends_with_the_question_and_a_contact_for_the_coordinator_is_left_as_it_is() -> None:
    plain, hidden = Ask("title", "What?", "line"), Ask("contact", "Whom to ring?", "line", seen_by="coordinator")

    assert with_identity_asked([plain, hidden]) == (plain, hidden, ASK)


def test_a_procedure_that_asks_itself_is_left_alone() -> None:
    own = Ask("identity", "Your name?", "choice", choices={OPEN: "Yes"})

    assert with_identity_asked([own, CONTACT]) == (own, CONTACT)


@pytest.mark.parametrize(("mode", "audiences"), [
    (OPEN, ["shared", "shared"]), (SHIELDED, ["coordinator", "shared"]), (REPRESENTED, ["coordinator", "shared"])])
def test_of_somebody_unnamed_whom_to_talk_to_is_for_the_coordinator_alone(mode: str, audiences: list[str]) -> None:
    kept = kept_from_others([CONTACT, LAST], mode)

    assert [one.name for one in kept] == ["contact", "title"]
    assert [one.seen_by for one in kept] == audiences


@pytest.mark.parametrize(("answers", "mode"), [
    ({}, OPEN), ({"identity": "shielded"}, SHIELDED), ({"identity": "represented"}, REPRESENTED), ({"identity": "hidden"}, OPEN),
    ({"identity": ["shielded"]}, OPEN)])
def test_whoever_chooses_nothing_is_named(answers: dict[str, object], mode: str) -> None:
    assert mode_chosen(answers) == mode


@pytest.mark.parametrize(("mode", "representative", "number", "words"), [
    (SHIELDED, "", 1, "The organisation that complains"), (SHIELDED, "Larkmoor", 2, "The organisation that complains (2)"),
    (REPRESENTED, "Larkmoor", 1, "The organisation that Larkmoor acts for"), (REPRESENTED, "", 1, "The organisation that complains"),
    (REPRESENTED, "Larkmoor", 3, "The organisation that Larkmoor acts for (3)")])
def test_words_stand_in_place_of_a_name(mode: str, representative: str, number: int, words: str) -> None:
    assert stand_for(mode, representative, number) == words
