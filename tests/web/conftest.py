"""A desk served over HTTP, and people who read its pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from conftest import PASSWORD, served
from flask import Flask
from web.page_reader import PageReader

from breachdesk.casework.desk import Desk


@pytest.fixture
def app(desk: Desk) -> Flask:
    return served(desk)


@pytest.fixture
def reader(app: Flask) -> Callable[[str], PageReader]:
    """`reader("ruth")` is Ruth with a browser, signed in; `reader("")` is somebody whom nobody knows."""
    def of(name: str) -> PageReader:
        person = PageReader(app)
        if name:
            person.sign_in(f"{name}@desk.example", PASSWORD)
        return person
    return of
