"""What people paste, and what attackers type: stored and shown exactly, or refused by name; never our own fault, never markup.

`make test` sends the sample below. `make soak` also sends every string of the JSON list that BREACHDESK_BADINPUT names.
"""

from __future__ import annotations

import json
import os
from datetime import date
from functools import lru_cache
from pathlib import Path
from urllib.parse import quote

import pytest
from conftest import lodge

from breachdesk.casework.case_page import case_page
from breachdesk.casework.procedures.setting_up import shipped_procedure
from breachdesk.errors import Invalid
from breachdesk.workflow.answers import Offered, read_answers

SAMPLE = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "' OR 1=1 --", "{{ 7*7 }}", "${jndi:x}", "%s%n%x",
    "../../etc/passwd", "=cmd|' /C calc'!A0", "@SUM(1+9)*cmd", "\u202eright to left", "مرحبا", "Ω≈ç√∫˜µ≤≥÷", "👩‍👧",
    "\ufeffbom", "e\u0301 combined",
    "null", "true", "0", "-1", "1e309", "NaN", "a" * 5000, "line one\nline two", "tab\there", "\x00nul", "\x1b[31mred",
    "\ud800", "  leading", "{complainant}"]


def strings() -> list[str]:
    more = os.environ.get("BREACHDESK_BADINPUT")
    return SAMPLE + (json.loads(Path(more).read_text("utf-8")) if more else [])


@lru_cache(maxsize=1)
def words_of_every_step():
    procedure, _ = shipped_procedure("compact-dispute.v1")
    return [(action.name, ask) for action in procedure.actions.values() for ask in action.asks]


def answered(ask, text):
    """What became of an answer: the answers, or what was refused by name."""
    try:
        return read_answers([ask], {ask.name: text}, Offered(), date(2026, 3, 2)), {}
    except Invalid as refused:
        return {}, refused.fields


@pytest.mark.parametrize(("action", "ask"), words_of_every_step(), ids=lambda part: part if isinstance(part, str) else part.name)
def test_every_question_takes_an_answer_exactly_or_refuses_it_by_name(action, ask):
    for text in strings():
        answers, refused = answered(ask, text)

        assert set(refused) <= {ask.name}
        assert "\x1b" not in refused.get(ask.name, "")
        assert answers.get(ask.name, text) == text or ask.type in ("number", "date", "yes or no")


def storable(text: str) -> bool:
    try:
        read_answers([ask for _, ask in words_of_every_step() if ask.name == "what_happened"], {"what_happened": text}, Offered(),
                     date(2026, 3, 2))
    except Invalid:
        return False
    return True


def test_what_was_written_is_shown_exactly_and_never_becomes_markup(desk, cast, reader):
    plain = lodge(desk, cast.ruth, what_happened="plain")
    ruth = reader("ruth")
    elements = len(ruth.open(f"/cases/{plain}").all())
    shown = 0
    for text in [one for one in strings() if storable(one) and one.strip()]:
        reference = lodge(desk, cast.ruth, what_happened=text)

        with desk.database.read() as session:
            assert dict(case_page(session, desk, cast.ruth, reference).timeline[-1].texts)["What happened?"] == text.replace("\r\n", "\n")
        page = ruth.open(f"/cases/{reference}")
        assert " ".join(text.split()) in " ".join(page.raw_text.split())
        assert abs(len(page.all()) - elements) <= 2 * text.count("\n")
        shown += 1
    assert shown >= 20


@pytest.mark.parametrize("path", ["/commitments?q={}", "/cases/{}", "/cases?show={}", "/cases?after={}", "/figures?year={}",
                                  "/figures?scheme={}", "/commitments/{}/13.2", "/sign-in?next={}", "/should-i-complain?q={}",
                                  "/complain/{}/1", "/escalated/{}", "/figures.csv?year={}", "/log?after={}"])
def test_an_address_with_anything_in_it_is_no_fault_of_ours(app, reader, path):
    person = reader("olive")
    for text in strings():
        address = path.format(quote(text.encode("utf-8", "surrogatepass"), safe=""))
        answer = person.client.get(address)

        assert answer.status_code < 500, f"{address[:80]}: {answer.status_code}"


def test_a_sign_in_with_anything_in_it_is_refused_like_any_other(app, reader):
    person = reader("")
    for text in [one for one in SAMPLE if one != "\ud800"][::5]:
        page = person.open("/sign-in")
        answer = person.post(page.form("/sign-in"), {"email": text, "password": text})

        assert answer.status_code == 422


@pytest.mark.soak
def test_every_string_of_the_given_list():
    if not os.environ.get("BREACHDESK_BADINPUT"):
        pytest.skip("set BREACHDESK_BADINPUT to a JSON list of strings; the other tests here then send them too")
    assert len(strings()) > len(SAMPLE)
