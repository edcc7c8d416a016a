"""Pages in a real browser: what axe finds wrong with them, whether they fit a telephone, what the browser refuses, and whether they show
without scripts.
"""

from __future__ import annotations

import contextlib
import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from conftest import HASHED, PASSWORD, SCHEME, Cast, StoppedClock, declare_none, fill, lodge, served
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright
from web.page_reader import PageReader
from werkzeug.middleware.shared_data import SharedDataMiddleware
from werkzeug.serving import make_server

from breachdesk.bootstrap import BY_OPERATOR, create_desk
from breachdesk.casework.breaking_glass import break_glass
from breachdesk.casework.desk import Desk
from breachdesk.casework.forgetting.erasing import ask_for_person
from breachdesk.casework.people.accounts import NewAccount, add_account_within, add_organisation
from breachdesk.casework.people.members import begin_membership
from breachdesk.casework.people.terms import VERSION
from breachdesk.casework.practice.desk_clock import moment_after, move_clock
from breachdesk.clock import local_day
from breachdesk.identity import THE_OPERATOR
from breachdesk.settings import read_settings
from breachdesk.store.roles import note_terms
from breachdesk.store.session import Session

# A browser that hangs is ended after a while (see `patience`); then its test is run once more, in a new one.
pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("patience"), pytest.mark.flaky(reruns=1, only_rerun=["TargetClosedError"])]
PATIENCE_SECONDS = 80
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
             "--disable-sync",
             # Code that runs for a second is not worth being made quicker: that takes a quarter more time than it saves.
             "--js-flags=--no-opt"]
WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"], "resultTypes": ["violations"]}
# Where the browser finds axe: among our own files, which the policy lets it run, and keeps it from page to page.
AXE = "/axe.js"
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
# Who opens what. The case has reached the panel.
PAGES = [
    ("", "/"), ("", "/help"), ("", "/should-i-complain?words=cut+our+grant&about=13.2"), ("", "/procedure"), ("", "/procedures"),
    ("", "/procedures/compact-dispute/1"), ("olive", "/procedures/compact-dispute/1/changes"), ("", "/accessibility"),
    ("", "/deadline?from-day=18&from-month=12&from-year=2026&long=10&unit=working+days&calendar=england-and-wales"),
    ("", "/record"), ("ruth", "/cases/DD-2026-0001/receipts/1"),
    ("", "/privacy"), ("", "/commitments"), ("", "/commitments/V0.4/13.2"), ("", "/compacts/derby-and-derbyshire"),
    ("olive", "/scheme/derby-and-derbyshire/set-up"),
    ("", "/sign-in"), ("", "/sign-in/link"), ("", "/link/x"), ("ruth", "/confirm"), ("", "/sign-in/password"), ("", "/sign-in/code"),
    ("ruth", "/account"), ("ruth", "/account/password"), ("ruth", "/account/address"), ("ruth", "/account/second-step"),
    ("ruth", "/account/passkeys"), ("ruth", "/account/copy"),
    ("", "/complain"), ("", "/nowhere"), ("", "/procedure/stories"), ("", "/procedure/stories/settled-between-the-two"),
    ("ruth", "/home"), ("ruth", "/cases"), ("ruth", "/cases/DD-2026-0001"), ("ruth", "/cases/DD-2026-0001/do/withdraw"),
    ("ruth", "/cases/DD-2026-0002/identity"), ("olive", "/cases/DD-2026-0002/identity"), ("olive", "/cases/DD-2026-0003/letters/1"),
    ("olive", "/concerns"), ("ops", "/operator"), ("olive", "/calendars"), ("olive", "/calendars/derby-and-derbyshire/own"),
    ("", "/terms"), ("olive", "/people"), ("olive", "/people/6"), ("olive", "/people/6/role"), ("olive", "/roster"),
    ("olive", "/people/6/deactivate"), ("olive", "/people/6/erase"), ("olive", "/erasures"),
    ("ops", "/erasures/1"), ("olive", "/cases/DD-2026-0001/erase"),
    ("olive", "/retention"), ("olive", "/cases/DD-2026-0001/hold"),
    ("olive", "/organisations/amberdale-council"), ("olive", "/organisations/amberdale-council/funding"),
    ("sid", "/home"), ("sid", "/cases/DD-2026-0002/declare"), ("olive", "/cases/DD-2026-0001/declare"),
    ("olive", "/cases/DD-2026-0001/panel"),
    ("orla", "/cases/DD-2026-0003/pass-on"), ("orla", "/cases/DD-2026-0004/pass-on"),
    ("ops", "/break-glass"), ("ops", "/break-glass/DD-2026-0001"),
    ("sid", "/escalated"), ("sid", "/escalated/DD-2026-0001"), ("olive", "/figures"), ("olive", "/log"), ("olive", "/practice/clock?by=20"),
]


def made(folder: Path) -> Desk:
    """A practice desk on which a complaint was left alone until the clock brought it to the panel."""
    clock = StoppedClock()
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), practice=True, start=clock.now, wall=clock)
    fill(desk)
    lodge(desk, Cast(desk).ruth)
    asked = {"ground": "asked", "also": "Hanna"}
    desk.database.transact(lambda session: ask_for_person(session, desk, Cast(desk).olive, Cast(desk).stella.account_id, asked))
    lodge(desk, Cast(desk).ruth, identity="shielded")
    desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, "Mossbank Lunch Club", "voluntary"))
    lodge(desk, Cast(desk).olive, complainant="mossbank-lunch-club", received_on="2026-03-02", channel="post")
    move_clock(desk, moment_after(desk, "90 working days"), BY_OPERATOR)
    with_an_interest(desk)
    declare_none(desk, Cast(desk).sid, "DD-2026-0001")
    break_glass(desk, Cast(desk).ops, "DD-2026-0001", "A court asks for it today, and nobody in the case can be reached.")
    return desk


def with_an_interest(desk: Desk) -> None:
    """Orla, who coordinates too, works for the organisation that complains by post. In its first case somebody is free to stand in for
    her; in the other one that person works for the other side."""
    def work(session: Session) -> None:
        for name, role, place in (("orla", "coordinator", "mossbank-lunch-club"), ("iris", "stand_in", "harcastle-borough-council")):
            new = NewAccount(f"{name}@desk.example", name.capitalize(), (), (role,), SCHEME)
            number = add_account_within(session, desk, BY_OPERATOR, new, HASHED)
            note_terms(session, number, VERSION, desk.now(session))
            begin_membership(session, desk, THE_OPERATOR, number, {
                "organisation": place, "kind": "employee", "from_on": local_day(desk.now(session))})
    desk.database.transact(work)
    lodge(desk, Cast(desk).olive, complainant="mossbank-lunch-club", respondents=["harcastle-borough-council"],
          received_on=local_day(desk.wall()).isoformat(), channel="post")


@dataclass
class Visitors:
    """Two windows of one browser, with scripts and without, in which everybody looks at the same served desk, one after the other."""

    launch: Callable[[], Browser]
    app: Flask
    address: str
    browser: Browser | None = None
    pages: dict[bool, Page] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def open(self, name: str, path: str, *, scripts: bool = True) -> Page:
        if self.browser is None or not self.browser.is_connected():
            self.browser = self.launch()
            self.pages = {with_scripts: self.browser.new_context(java_script_enabled=with_scripts).new_page()
                          for with_scripts in (True, False)}
            self.pages[True].on("console", self._note_error)
            self.pages[True].on("request", lambda request: self._note_address(request.url))
        page = self.pages[scripts]
        self._sign_in(page.context, name)
        page.set_viewport_size(WIDE)
        self.refused.clear()
        page.goto(self.address + path)
        return page

    def _note_error(self, message: ConsoleMessage) -> None:
        """What the browser would not do; that a page says it is not there, or no longer, is no error."""
        itself = message.page and message.location["url"] == message.page.url and "status of 4" in message.text
        if message.type == "error" and not itself:
            self.refused.append(message.text)

    def _note_address(self, url: str) -> None:
        if not url.startswith((self.address, "data:")):
            self.refused.append(f"asks another site: {url}")

    def _sign_in(self, window: BrowserContext, name: str) -> None:
        """Hand the window what somebody's browser holds after signing in."""
        window.clear_cookies()
        if name and name not in self.held:
            reader = PageReader(self.app)
            reader.sign_in(f"{name}@desk.example", PASSWORD)
            cookie = reader.client.get_cookie("desk")
            assert cookie, f"{name} is not signed in"
            self.held[name] = cookie.value
        if name:
            window.add_cookies([{"name": "desk", "value": self.held[name], "url": self.address}])


@pytest.fixture(scope="module")
def visitors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("There is no Chromium here. Install Debian's: apt-get install chromium")
    desk = made(tmp_path_factory.mktemp("browsed"))
    app = served(desk)
    server = make_server("127.0.0.1", 0, SharedDataMiddleware(app, {AXE: str(AXE_FILE_PATH)}), threaded=True)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    with sync_playwright() as playwright:
        yield Visitors(lambda: playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS), app, f"http://127.0.0.1:{server.port}")
        end_browsers()      # Asked to close, a browser now and then never does.
    server.shutdown()
    desk.database.close()


@pytest.fixture
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


# The rooms of the case, where a file can be added to the complaint, too.
PAGES[-7:-7] = [("ruth", "/cases/DD-2026-0001/rooms/shared"), ("ruth", "/cases/DD-2026-0001/rooms/shared?entry=1")]


# One page with each thing that a script changes or a style hides when scripts run: `make test` looks at these without scripts.
PLAIN = {
    "breachdesk.js": ("ruth", "/cases/DD-2026-0001"), "govuk-service-navigation": ("", "/"), "govuk-skip-link": ("", "/figures"),
    "govuk-button": ("olive", "/cases/DD-2026-0001/panel"), "govuk-radios": ("ruth", "/cases/DD-2026-0001/do/withdraw"),
    "govuk-checkboxes": ("ruth", "/cases/DD-2026-0002/identity"), "govuk-password-input": ("", "/sign-in"),
    "passkeys.js": ("ruth", "/account/passkeys")}
SCRIPTED = "[data-module], script[src]"
# Nobody hears the strokes of a picture one by one: it has a name and a description, which are looked at.
AROUND_PICTURES = ("document.querySelectorAll('svg[role=img]').forEach(picture => "
                   "picture.replaceChildren(...picture.querySelectorAll(':scope > title, :scope > desc')))")


def scripted(page: Page) -> set[str]:
    """What scripts change on a page: its components, and the scripts themselves."""
    found: list[str] = page.evaluate(f"[...document.querySelectorAll('{SCRIPTED}')].map(e => e.dataset.module || e.src.split('/').pop())")
    return set(found)


def faults_of(page: Page) -> list[str]:
    page.add_script_tag(url=AXE)
    page.evaluate(AROUND_PICTURES)
    found: list[str] = page.evaluate(
        "options => axe.run(document, options).then(found => found.violations.map("
        "fault => `${fault.id}: ${fault.help}: ${fault.nodes[0].html.slice(0, 120)}`))", WCAG)
    return found


def beyond_the_edge(page: Page) -> list[str]:
    """What makes the page wider than the window, so that the whole of it has to be pushed sideways to read a line."""
    page.set_viewport_size(NARROW)
    if page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]:
        return []
    wide: list[str] = page.evaluate("[...document.querySelectorAll('main *')].filter(e => e.getBoundingClientRect().right > 321)"
                                    ".map(e => e.outerHTML.slice(0, 100))")
    return wide or ["something outside the main part"]


@pytest.mark.parametrize(("name", "path"), PAGES)
def test_axe_finds_nothing_wrong_with_a_page_and_it_fits_a_telephone_and_keeps_to_our_policy(visitors: Visitors, name: str,
                                                                                             path: str) -> None:
    page = visitors.open(name, path)

    assert scripted(page) - PLAIN.keys() == set(), "name a page under PLAIN that is looked at without this script too"
    assert faults_of(page) + beyond_the_edge(page) + visitors.refused == []


@pytest.mark.parametrize(("name", "path"), [
    pytest.param(*one, marks=[] if one in PLAIN.values() else pytest.mark.soak) for one in dict.fromkeys([*PLAIN.values(), *PAGES])])
def test_a_page_shows_without_scripts(visitors: Visitors, name: str, path: str) -> None:
    page = visitors.open(name, path, scripts=False)

    assert page.locator("h1").is_visible()
    assert page.locator("main").inner_text().count(" ") > 10
    assert {thing for thing, where in PLAIN.items() if where == (name, path)} <= scripted(page)


def test_a_learner_moves_the_clock_without_scripts(visitors: Visitors) -> None:
    page = visitors.open("ruth", "/practice/clock", scripts=False)

    page.get_by_label("Forward by one working day").check()
    page.get_by_role("button", name="Show what falls due").click()
    page.get_by_role("button", name="Move to").click()

    assert page.locator("h1").inner_text() == "The clock was moved"


def test_the_way_past_the_menu_comes_first_for_a_keyboard(visitors: Visitors) -> None:
    page = visitors.open("", "/commitments")

    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main-content"


def test_a_wide_table_can_be_reached_and_pushed_with_the_keyboard(visitors: Visitors) -> None:
    page = visitors.open("olive", "/log")
    page.set_viewport_size(NARROW)
    region: Callable[[str], Any] = page.get_by_role("region", name="Entries, newest first").evaluate

    page.bring_to_front()
    region("region => region.focus()")
    # A busy browser may take no key before it has painted the page anew.
    for _ in range(50):
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(100)
        if region("region => region.scrollLeft"):
            break

    assert region("region => document.activeElement === region && region.scrollLeft > 0")
