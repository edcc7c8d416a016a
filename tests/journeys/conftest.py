"""Whole journeys use what the pages' tests use, and a browser that is begun anew when it goes away."""

from __future__ import annotations

from collections.abc import Generator, Iterator

import pytest
from journeys.browsers import Browsers, a_browser
from playwright.sync_api import Error
from web.conftest import app, reader, shared_apps

__all__ = ["app", "reader", "shared_apps"]


@pytest.fixture(scope="module")
def browsers() -> Iterator[Browsers]:
    with a_browser() as browsers:
        yield browsers


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> Generator[None, object, object]:
    """That Chromium went away, or was ended because nothing came of it (`patience`), says nothing about a page: its test is run once more,
    in a new one."""
    try:
        return (yield)
    except Error as fault:
        if type(fault).__name__ != "TargetClosedError":
            raise
    pyfuncitem.obj(**{name: pyfuncitem.funcargs[name] for name in pyfuncitem._fixtureinfo.argnames})
    return True
