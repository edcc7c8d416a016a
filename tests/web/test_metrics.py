"""Figures for a program that watches the desk: off unless a token is set, for nobody without it, and with no case in them."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import lodge, served
from flask import Flask

from breachdesk.casework.periodic import do_jobs
from breachdesk.errors import BadSettings

TOKEN = "a-token-that-is-long-enough-for-a-desk"


def with_token(desk, token=TOKEN) -> Flask:
    return served(desk, BREACHDESK_METRICS_TOKEN=token)


def test_without_a_token_there_are_none(app):
    assert app.test_client().get("/metrics", headers={"Authorization": "Bearer "}).status_code == 404


def test_whoever_does_not_send_it_finds_nothing(desk):
    client = with_token(desk).test_client()

    for sent in ("", "Bearer", "Bearer ", "Bearer wrong", "Basic " + TOKEN, "Bearer " + TOKEN + "x"):
        assert client.get("/metrics", headers={"Authorization": sent}).status_code == 404


def test_they_say_how_the_desk_runs_and_name_no_case(desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    do_jobs(desk)
    clock.to(date(2026, 3, 9))

    told = with_token(desk).test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})

    lines = set(told.text.splitlines())
    assert told.content_type.startswith("text/plain")
    assert {'breachdesk_timers{state="due"} 2.0', 'breachdesk_cases{state="open"} 1.0', 'breachdesk_alarms{about="clock"} 1.0',
            "breachdesk_faulty_cases 0.0", "breachdesk_clock_behind_seconds 291600.0"} <= lines
    assert reference not in told.text


def test_a_token_that_can_be_guessed_is_refused(desk):
    with pytest.raises(BadSettings):
        with_token(desk, "short")
