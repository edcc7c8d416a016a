"""Debian's Chromium, as the tests of pages start and end it."""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psutil
import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

PATIENCE_SECONDS = 80
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
             "--disable-sync",
             # Code that runs for a second is not worth being made quicker: that takes a quarter more time than it saves.
             "--js-flags=--no-opt"]


@dataclass
class Browsers:
    """One browser, and another when that has gone away."""

    launch: Callable[[], Browser]
    browser: Browser | None = None

    @property
    def gone(self) -> bool:
        return self.browser is None or not self.browser.is_connected()

    def window(self, *, scripts: bool = True) -> BrowserContext:
        """A window that shares nothing with others."""
        if self.browser is None or self.gone:
            self.browser = self.launch()
        return self.browser.new_context(java_script_enabled=scripts)


@contextmanager
def a_browser() -> Iterator[Browsers]:
    """What windows are opened with until the end; without Chromium the test is passed over."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("There is no Chromium here. Install Debian's: apt-get install chromium")
    with sync_playwright() as playwright:
        yield Browsers(lambda: playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS))
        end_browsers()      # Asked to close, a browser now and then never does.


@contextmanager
def patience() -> Iterator[None]:
    """End the browser when a test waits for it too long: what it waits for then fails, instead of waiting for ever."""
    timer = threading.Timer(PATIENCE_SECONDS, end_browsers)
    timer.start()
    yield
    timer.cancel()


def end_browsers() -> None:
    for child in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.NoSuchProcess):
            if child.name().startswith("chrom"):
                child.kill()
