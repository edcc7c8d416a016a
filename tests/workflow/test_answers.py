"""What people type becomes answers of the right kind, or a sentence beside the question; nothing else comes out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.errors import Invalid
from breachdesk.workflow.answers import LONGEST_LINE, LONGEST_TEXT, Offered, applies, date_text, read_answers, shown
from breachdesk.workflow.definition import ANSWER_TYPES, Ask

TODAY = date(2026, 3, 27)
NO_DATE = "“When” must be a date like 27 3 2026 (or 2026-03-27)"
OFFERED = Offered(organisations={"org-a": "A", "org-b": "B"}, commitments={"1.1": "Pay", "9.2": "Tell"},
                  people={"critical_friend": {"kim@example.org": "Kim"}})
ASKS = (
    Ask("title", "Title", "line"),
    Ask("story", "Story", "text", required=False),
    Ask("happened_on", "When", "date", required=False, not_after="today"),
    Ask("known_on", "Known", "date", required=False, not_before="happened_on"),
    Ask("how", "How", "choice", required=False, choices={"email": "Email", "post": "Letter"}),
    Ask("tried", "Tried?", "yes or no", required=False),
    Ask("tried_with", "Whom?", "line", when=("tried", "yes")),
    Ask("read", "Read it", "confirmation", required=False),
    Ask("days", "Days", "number", required=False, least=1, most=10),
    Ask("body", "Which?", "organisation", required=False),
    Ask("bodies", "Which ones?", "organisations", required=False),
    Ask("codes", "Commitments", "commitments", required=False),
    Ask("friend", "Friend", "person", required=False, holding="critical_friend"),
    Ask("friends", "Friends", "people", required=False, holding="critical_friend"),
)
BAD = {
    "sql": "'; DROP TABLE cases; --", "markup": "\"quoted\" & <b>bold</b>", "formula": "=cmd|'/c calc'!A1",
    "template": "{complainant} %s%n", "path": "../../etc/passwd", "header": "\r\nBcc: someone@example.org",
    "rtl": "\u202egnidaer\u202c", "hebrew": "שלום עולם",
    "zero width": "\u200b", "mark at the start": "\ufeff", "accents": "e\u0301\u0301\u0301", "people": "👩‍👩‍👧‍👦 🏳️‍🌈",
    "symbols": "Ω≈ç√∫˜µ≤≥÷",
    "null": "null\x00byte", "bell": "bell\x07", "half a letter": "\ud800", "next line": "\x85", "line separator": "one\u2028two",
    "wide": "﷽" * 60, "long": "x" * 250, "wide digits": "０１２", "not a number": "NaN", "infinite": "1e309", "minus nought": "-0",
    "true": "true", "undefined": "undefined", "backslash": "\\", "blank": " ",
}


def wrong(raw: dict[str, Any], asks: tuple[Ask, ...] = ASKS, **more: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as raised:
        read_answers(asks, {"title": "T"} | raw, OFFERED, TODAY, **more)
    return raised.value.fields


@pytest.mark.parametrize(("name", "typed", "answer"), [
    ("title", "A title", "A title"),
    ("title", " kept as typed ", " kept as typed "),
    ("story", "one\r\ntwo\rthree", "one\ntwo\nthree"),
    ("happened_on", "2026-03-27", date(2026, 3, 27)),
    ("happened_on", " 2026-3-7 ", date(2026, 3, 7)),
    ("happened_on", date(2026, 3, 1), date(2026, 3, 1)),
    ("how", "post", "post"),
    ("tried", "no", "no"),
    ("tried", False, "no"),
    ("read", True, True),
    ("read", "yes", True),
    ("days", "10", 10),
    ("days", " 1 ", 1),
    ("days", 7, 7),
    ("body", "org-a", "org-a"),
    ("bodies", "org-a", ("org-a",)),
    ("bodies", ["org-b", "org-a", "org-b"], ("org-b", "org-a")),
    ("codes", ["9.2"], ("9.2",)),
    ("friend", "kim@example.org", "kim@example.org"),
    ("friends", ("kim@example.org",), ("kim@example.org",)),
])
def test_each_kind_of_answer_is_read(name: str, typed: object, answer: object) -> None:
    read = read_answers(ASKS, {"title": "T", name: typed}, OFFERED, TODAY)

    assert read[name] == answer
    assert type(read[name]) is type(answer)


@pytest.mark.parametrize(("name", "typed", "said"), [
    ("title", "", "Enter an answer to “Title”"),
    ("title", " \n ", "Enter an answer to “Title”"),
    ("title", None, "Enter an answer to “Title”"),
    ("title", 7, "“Title” is answered in words"),
    ("title", {"a": 1}, "“Title” is answered in words"),
    ("title", "one\ntwo", "“Title” must be on one line"),
    ("title", "one\u2028two", "“Title” must be on one line"),
    ("title", "x" * (LONGEST_LINE + 1), "“Title” is 201 characters long; the longest it can be is 200"),
    ("story", "x" * (LONGEST_TEXT + 1), "“Story” is 20,001 characters long; the longest it can be is 20,000"),
    ("story", "a\x00b", "“Story” has a character that cannot be stored. Type it again instead of pasting it"),
    ("story", "\ud83d", "“Story” has a character that cannot be stored. Type it again instead of pasting it"),
    ("happened_on", "27 March", NO_DATE),
    ("happened_on", 20260327, NO_DATE),
    ("happened_on", "２０２６-03-27", NO_DATE),
    ("happened_on", datetime(2026, 3, 1, 9), NO_DATE),
    ("happened_on", "2026-02-30", "“When” must be a real date: there is no 30/2/2026"),
    ("happened_on", "0000-01-01", "“When” must be a real date: there is no 1/1/0"),
    ("happened_on", "1989-12-31", "“When” must be between 1990 and 2100"),
    ("happened_on", date(2101, 1, 1), "“When” must be between 1990 and 2100"),
    ("happened_on", "2026-03-28", "“When” must be today or in the past"),
    ("how", "pst", "“pst” cannot be chosen for “How”; did you mean “post”?"),
    ("how", "fax", "“fax” cannot be chosen for “How”; known are: email, post"),
    ("how", ["post"], "“How” is answered with a choice, written as text"),
    ("tried", "maybe", "“Tried?” is answered with yes or no"),
    ("tried", 1, "“Tried?” is answered with yes or no"),
    ("tried", 0, "“Tried?” is answered with yes or no"),
    ("read", "no", "Tick the box to confirm: Read it"),
    ("read", 1, "Tick the box to confirm: Read it"),
    ("days", "0", "“Days” must be between 1 and 10"),
    ("days", 11, "“Days” must be between 1 and 10"),
    ("days", "-3", "“Days” must be a whole number in digits"),
    ("days", True, "“Days” must be a whole number in digits"),
    ("days", 5.0, "“Days” must be a whole number in digits"),
    ("days", "٣", "“Days” must be a whole number in digits"),
    ("body", "org-aa", "“org-aa” cannot be chosen for “Which?”; did you mean “org-a”?"),
    ("bodies", ["org-a", "org-c"], "“org-c” cannot be chosen for “Which ones?”; did you mean “org-b”?"),
    ("bodies", ["org-a", 7], "“Which ones?” is answered with a choice, written as text"),
    ("bodies", {"org-a": True}, "“Which ones?” is answered with a list of choices, fifty at most"),
    ("bodies", ["org-a"] * 51, "“Which ones?” is answered with a list of choices, fifty at most"),
    ("codes", ["1.10"], "“1.10” cannot be chosen for “Commitments”; did you mean “1.1”?"),
    ("friend", "lee@example.org", "“lee@example.org” cannot be chosen for “Friend”; did you mean “kim@example.org”?"),
])
def test_what_cannot_be_right_is_said_beside_its_question(name: str, typed: object, said: str) -> None:
    assert wrong({name: typed}) == {name: said}


@pytest.mark.parametrize(("type_", "said"), [
    ("line", "Enter an answer to “It”"), ("text", "Enter an answer to “It”"), ("number", "Enter an answer to “It”"),
    ("date", "Enter a date for “It”"), ("choice", "Choose an answer to “It”"), ("yes or no", "Choose an answer to “It”"),
    ("organisation", "Choose an answer to “It”"), ("organisations", "Choose an answer to “It”"),
    ("commitments", "Choose an answer to “It”"), ("person", "Choose an answer to “It”"), ("people", "Choose an answer to “It”"),
    ("confirmation", "Tick the box to confirm: It"),
])
def test_a_required_question_must_be_answered(type_: str, said: str) -> None:
    for nothing in (None, "", "  ", [], ()):
        assert wrong({"it": nothing}, (ASKS[0], Ask("it", "It", type_))) == {"it": said}


@pytest.mark.parametrize(("typed", "said"), [
    ("bd-2026-0001 ", None), ("BD-2026-0002", "There is no case BD-2026-0002 that you can see. Check its reference"),
    (7, "There is no case of that name that you can see. Check its reference")])
def test_another_case_is_named_by_its_reference_however_it_is_written(typed: object, said: str | None) -> None:
    ask, seen = Ask("it", "It", "case"), Offered(by_ask={"it": {"BD-2026-0001": "One"}})

    if said is None:
        assert read_answers((ask,), {"it": typed}, seen, TODAY) == {"it": "BD-2026-0001"}
    else:
        with pytest.raises(Invalid) as raised:
            read_answers((ask,), {"it": typed}, seen, TODAY)
        assert raised.value.fields == {"it": said}


def test_all_that_is_wrong_is_said_at_once() -> None:
    assert list(wrong({"title": "", "days": "x", "how": "fax", "bogus": 1})) == ["bogus", "title", "how", "days"]


@pytest.mark.parametrize(("name", "said"), [
    ("titel", "There is no question called “titel” here; did you mean “title”?"),
    ("\x00\n" * 60, "There is no question called “" + "?" * 40 + "” here"),
])
def test_a_question_that_nobody_asked_is_refused(name: str, said: str) -> None:
    assert wrong({name: "x"}) == {name: said}


def test_a_question_that_depends_on_another_is_asked_only_then() -> None:
    assert wrong({"tried": "yes"}) == {"tried_with": "Enter an answer to “Whom?”"}
    assert wrong({"tried": True}) == {"tried_with": "Enter an answer to “Whom?”"}
    assert "tried_with" not in read_answers(ASKS, {"title": "T", "tried": "no", "tried_with": "\x00"}, OFFERED, TODAY)
    assert "tried_with" not in wrong({"tried": "maybe"})


@pytest.mark.parametrize(("given_answer", "asked"), [
    ({"tried": "yes"}, True), ({"tried": True}, True), ({"tried": "no"}, False), ({}, False)])
def test_whether_a_question_applies(given_answer: dict[str, object], asked: bool) -> None:
    assert applies(ASKS[6], given_answer) is asked
    assert applies(ASKS[0], given_answer) is True


@pytest.mark.parametrize(("first", "second", "said"), [
    ("2026-03-20", "2026-03-19", {"known_on": "“Known” cannot be before 20 March 2026"}),
    ("2026-03-40", "2026-03-19", {"happened_on": "“When” must be a real date: there is no 40/3/2026"}),
])
def test_one_day_cannot_come_before_another(first: str, second: str, said: dict[str, str]) -> None:
    assert wrong({"happened_on": first, "known_on": second}) == said


@pytest.mark.parametrize(("day", "read"), [("1990-1-1", True), ("1989-12-31", False), ("2100-12-31", True), ("2101-1-1", False)])
def test_a_day_is_of_these_times(day: str, read: bool) -> None:
    ask = Ask("it", "It", "date")

    if read:
        assert read_answers((ask,), {"it": day}, OFFERED, TODAY)
    else:
        assert wrong({"it": day}, (ASKS[0], ask)) == {"it": "“It” must be between 1990 and 2100"}


def test_the_same_day_is_not_before() -> None:
    read = read_answers(ASKS, {"title": "T", "happened_on": "2026-03-20", "known_on": "2026-03-20"}, OFFERED, TODAY)

    assert read["happened_on"] == read["known_on"] == date(2026, 3, 20)


@pytest.mark.parametrize(("boxes", "text"), [
    (("27", "3", "2026"), "2026-3-27"), ((" 27 ", "March", "2026"), "2026-3-27"), (("7", "sept", "2026"), "2026-9-7"),
    (("7", "ma", "2026"), "2026-ma-7"), (("", " ", ""), ""), (("27", "", "2026"), "2026--27"),
])
def test_the_three_boxes_of_a_date_become_one_text(boxes: tuple[str, str, str], text: str) -> None:
    assert date_text(*boxes) == text


@pytest.mark.parametrize(("ask", "offered"), [
    (Ask("a", "A", "organisation"), {"org": "Org"}), (Ask("a", "A", "organisations"), {"org": "Org"}),
    (Ask("a", "A", "commitments"), {"1.1": "One"}), (Ask("a", "A", "person", holding="friend"), {"kim": "Kim"}),
    (Ask("a", "A", "people", holding="friend"), {"kim": "Kim"}), (Ask("a", "A", "people", holding="other"), {}),
    (Ask("a", "A", "yes or no"), {"yes": "Yes", "no": "No"}), (Ask("a", "A", "choice", choices={"x": "X"}), {"x": "X"}),
    (Ask("own", "A", "organisation"), {"mine": "Mine"})])
def test_each_question_offers_what_its_type_names_or_what_is_its_own(ask: Ask, offered: dict[str, str]) -> None:
    all_ = Offered({"org": "Org"}, {"1.1": "One"}, {"friend": {"kim": "Kim"}}, {"own": {"mine": "Mine"}})

    assert all_.for_ask(ask) == offered


def test_a_question_can_offer_less_than_its_type_does() -> None:
    ours = Offered(organisations=OFFERED.organisations, by_ask={"body": {"org-b": "B"}})

    with pytest.raises(Invalid):
        read_answers(ASKS, {"title": "T", "body": "org-a"}, ours, TODAY)
    assert read_answers(ASKS, {"title": "T", "bodies": ["org-a"]}, ours, TODAY)["bodies"] == ("org-a",)


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("type_", ["line", "text"])
def test_words_are_kept_to_the_letter_or_refused_by_name(bad: str, type_: str) -> None:
    try:
        read = read_answers((Ask("it", "It", type_, required=False),), {"it": bad}, OFFERED, TODAY)
    except Invalid as invalid:
        fields = invalid.fields
    else:
        fields = {}
        assert read.get("it", "") in (bad.replace("\r\n", "\n"), "")

    assert set(fields) <= {"it"}
    for sentence in fields.values():
        sentence.encode()


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("type_", [one for one in ANSWER_TYPES if one not in ("line", "text")])
def test_what_is_no_choice_day_or_number_is_none(bad: str, type_: str) -> None:
    ask = Ask("it", "It", type_, choices={"a": "A"}, holding="critical_friend")

    fields = wrong({"it": bad}, (ASKS[0], ask))

    assert set(fields) == {"it"}
    fields["it"].encode()


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4), max_leaves=12)


@given(st.dictionaries(st.sampled_from([ask.name for ask in ASKS]) | st.text(), JSON))
def test_whatever_is_sent_is_read_or_invalid(raw: dict[str, Any]) -> None:
    named: set[str] = set()
    try:
        named = set(read_answers(ASKS, raw, OFFERED, TODAY))
    except Invalid as invalid:
        named = set(invalid.fields) - set(raw)

    assert named <= {ask.name for ask in ASKS}


def test_a_very_deep_answer_is_refused_and_breaks_nothing() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]

    for ask in ASKS:
        assert ask.name in wrong({"tried": "yes", "tried_with": "x", ask.name: deep})


def test_a_number_too_long_to_be_written_out_is_refused_and_breaks_nothing() -> None:
    for ask in ASKS:
        assert ask.name in wrong({"tried": "yes", "tried_with": "x", ask.name: 10 ** 5000})


@pytest.mark.parametrize(("text", "said"), [("a\nb", "a?b"), ("x" * 50, "x" * 40), ("\u202eabc", "?abc"), ("👍", "👍")])
def test_a_name_from_outside_is_shown_short_and_harmless(text: str, said: str) -> None:
    assert shown(text) == said
