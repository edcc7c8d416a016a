"""Passkeys in a real browser, with an authenticator that the browser itself pretends to have."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from conftest import PASSWORD, StoppedClock, fill, served
from journeys.browsers import Browsers
from playwright.sync_api import Page
from werkzeug.serving import make_server

from breachdesk.bootstrap import create_desk
from breachdesk.settings import read_settings

pytestmark = pytest.mark.browser
DEVICE = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
          "automaticPresenceSimulation": True}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A practice desk served under a name, which passkeys need."""
    clock, folder = StoppedClock(), tmp_path_factory.mktemp("passkeys")
    desk = create_desk(read_settings({"BREACHDESK_DATA_DIR": str(folder)}), practice=True, start=clock.now, wall=clock)
    fill(desk)
    server = make_server("127.0.0.1", 0, lambda environ, start: app(environ, start), threaded=True)
    app = served(replace(desk, base_url=f"http://localhost:{server.port}"))
    threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
    yield f"http://localhost:{server.port}"
    server.shutdown()
    desk.database.close()


def with_device(browsers: Browsers) -> Page:
    page = browsers.window().new_page()
    developer = page.context.new_cdp_session(page)
    developer.send("WebAuthn.enable")
    developer.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})
    return page


def test_a_passkey_is_added_signed_in_with_and_removed(address: str, browsers: Browsers) -> None:
    page = with_device(browsers)
    page.goto(f"{address}/sign-in")
    page.get_by_label("Email address").fill("ruth@desk.example")
    page.locator("#password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.goto(f"{address}/account/passkeys")
    page.get_by_label("What to call it").fill("Test device")
    page.get_by_role("button", name="Add a passkey").click()
    page.get_by_text("The passkey is kept.").wait_for()

    page.context.clear_cookies()
    page.goto(f"{address}/sign-in?next=/account")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("with a passkey").first.wait_for()
    assert page.url == f"{address}/account"

    page.goto(f"{address}/confirm?next=/account/passkeys")
    page.get_by_role("button", name="Confirm with a passkey").click()
    page.get_by_role("button", name="Remove the passkey Test device").click()
    page.get_by_text("The passkey is removed").wait_for()


def test_a_device_without_a_passkey_is_told_so(address: str, browsers: Browsers) -> None:
    page = with_device(browsers)
    page.goto(f"{address}/sign-in")

    page.get_by_role("button", name="Sign in with a passkey").click()

    page.get_by_text("The passkey was not used").wait_for()
