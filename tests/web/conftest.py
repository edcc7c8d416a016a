"""A desk served over HTTP, and people who read its pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import PASSWORD, served
from flask import Flask
from second_steps import code_now, made_ready_for_codes
from web.page_reader import PageReader

from breachdesk.casework.desk import Desk
from breachdesk.casework.signing_in import sessions


@pytest.fixture(scope="session")
def shared_apps() -> list[Flask]:
    """The one application that the tests of pages are served by: making one takes longer than most of these tests."""
    return []


@pytest.fixture
def app(desk: Desk, shared_apps: list[Flask]) -> Flask:
    """The application, which serves this test's desk now. A test that changes the application itself makes its own (`served`)."""
    if not shared_apps:
        shared_apps.append(served(desk))
    shared_apps[0].extensions["breachdesk"] = desk
    return shared_apps[0]


def signed_in(desk: Desk, email: str) -> str:
    """Somebody's new sign-in, as its pages would begin it: they are walked through where signing in is tested."""
    made_ready_for_codes(desk, email)
    place = sessions.Place("127.0.0.1", "A browser")
    token = sessions.sign_in(desk, email, PASSWORD, place) or ""
    return (sessions.take_second_step(desk, token, code_now(desk), place) or "" if sessions.waits_for_second_step(desk, token) else token)


@pytest.fixture
def reader(app: Flask, desk: Desk) -> Callable[[str], PageReader]:
    """`reader("ruth")` is Ruth with a browser, signed in; `reader("")` is somebody whom nobody knows."""
    def of(name: str) -> PageReader:
        person = PageReader(app)
        if name:
            with person.client.session_transaction() as held:
                held.update(_user_id=signed_in(desk, f"{name}@desk.example"), _fresh=True)
        return person
    return of
