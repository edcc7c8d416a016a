"""A desk served over HTTP, and people who read its pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import served
from flask import Flask
from rules.visits import sign_in
from web.page_reader import PageReader

from breachdesk.casework.desk import Desk


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


@pytest.fixture
def reader(app: Flask, desk: Desk) -> Callable[[str], PageReader]:
    """`reader("ruth")` is Ruth with a browser, signed in; `reader("")` is somebody whom nobody knows."""
    def of(name: str) -> PageReader:
        person = PageReader(app)
        if name:
            sign_in(desk, person.client, name)
        return person
    return of
