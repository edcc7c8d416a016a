"""Pages in a real browser: what axe finds wrong with them, whether they fit a telephone, what the browser refuses, and whether they show
without scripts.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from conftest import HASHED, PASSWORD, SCHEME, Cast, StoppedClock, declare_none, fill, lodge, served
from flask import Flask
from journeys.axe import NARROW, SERVED, WIDE, beyond_the_edge, faults_of
from journeys.browsers import Browsers, end_browsers, patience
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
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

pytestmark = [pytest.mark.browser, pytest.mark.usefixtures("patient")]
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

    browsers: Browsers
    app: Flask
    address: str
    looks: set[str] = field(default_factory=set)
    pages: dict[bool, Page] = field(default_factory=dict)
    held: dict[str, str] = field(default_factory=dict)
    shown: dict[bool, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)

    def open(self, name: str, path: str, *, scripts: bool = True) -> Page:
        if self.browsers.gone or any(page.is_closed() for page in self.pages.values()):
            self.shown.clear()
            self.pages = {with_scripts: self.browsers.window(scripts=with_scripts).new_page() for with_scripts in (True, False)}
            self.pages[True].on("console", self._note_error)
            self.pages[True].on("request", lambda request: self._note_address(request.url))
        page = self.pages[scripts]
        if self.shown.get(scripts) != name:
            self._sign_in(page.context, name)
            self.shown[scripts] = name
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
def visitors(browsers: Browsers, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visitors]:
    desk = made(tmp_path_factory.mktemp("browsed"))
    app = served(desk)
    server = make_server("127.0.0.1", 0, SharedDataMiddleware(app, SERVED), threaded=True)
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield Visitors(browsers, app, f"http://127.0.0.1:{server.port}")
    server.shutdown()
    desk.database.close()


@pytest.fixture
def patient() -> Iterator[None]:
    with patience():
        yield


# The rooms of the case, where a file can be added to the complaint, too.
PAGES[-7:-7] = [("ruth", "/cases/DD-2026-0001/rooms/shared"), ("ruth", "/cases/DD-2026-0001/rooms/shared?entry=1")]


# One page with each thing that a script changes or a style hides when scripts run: `make test` looks at these without scripts.
PLAIN = {
    "breachdesk.js": ("ruth", "/cases/DD-2026-0001"), "govuk-service-navigation": ("", "/"), "govuk-skip-link": ("", "/figures"),
    "govuk-button": ("olive", "/cases/DD-2026-0001/panel"), "govuk-radios": ("ruth", "/cases/DD-2026-0001/do/withdraw"),
    "govuk-checkboxes": ("ruth", "/cases/DD-2026-0002/identity"), "govuk-password-input": ("", "/sign-in"),
    "passkeys.js": ("ruth", "/account/passkeys")}
SCRIPTED = "[data-module], script[src]"
def scripted(page: Page) -> set[str]:
    """What scripts change on a page: its components, and the scripts themselves."""
    found: list[str] = page.evaluate(f"[...document.querySelectorAll('{SCRIPTED}')].map(e => e.dataset.module || e.src.split('/').pop())")
    return set(found)


# Everybody's pages one after the other.
@pytest.mark.parametrize(("name", "path"), sorted(PAGES, key=lambda page: page[0]))
def test_axe_finds_nothing_wrong_with_a_page_and_it_fits_a_telephone_and_keeps_to_our_policy(visitors: Visitors, name: str,
                                                                                             path: str) -> None:
    page = visitors.open(name, path)

    assert scripted(page) - PLAIN.keys() == set(), "name a page under PLAIN that is looked at without this script too"
    assert faults_of(page, visitors.looks) + beyond_the_edge(page) + visitors.refused == []


@pytest.mark.soak
@pytest.mark.parametrize(("name", "path"), PAGES)
def test_words_stand_out_from_their_ground_wherever_they_are(visitors: Visitors, name: str, path: str) -> None:
    assert faults_of(visitors.open(name, path)) == []


def test_pale_words_are_found_on_a_page_where_no_other_look_is_new(visitors: Visitors) -> None:
    page = visitors.open("", "/help")
    assert faults_of(page, visitors.looks) == []

    page.evaluate("document.querySelector('main p').style.color = '#bbb'")

    assert [one.partition(":")[0] for one in faults_of(page, visitors.looks)] == ["color-contrast"]


TRIES: list[str] = []


@pytest.mark.parametrize("ended", ["window", pytest.param("browser", marks=pytest.mark.soak)])
def test_whose_browser_goes_away_is_run_once_more_in_a_new_one(visitors: Visitors, ended: str) -> None:
    TRIES.append(ended)
    page = visitors.open("", "/help")
    if TRIES.count(ended) == 1:
        page.context.close() if ended == "window" else end_browsers()

    assert page.locator("h1").is_visible()
    assert TRIES.count(ended) == 2


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
