"""What a worker of `breachdesk serve` weighs after fifty pages, and what signing in costs: the real server, asked over the loopback."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from itertools import cycle, islice
from pathlib import Path
from time import monotonic, sleep
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode
from urllib.request import BaseHandler, HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, build_opener

import prepared_desk
import pyotp
from measuring import Line, by_turns

from breachdesk.casework.signing_in.passwords import hash_password, matches
from breachdesk.clock import wall_time

PASSWORD = "invented for the time of this measurement"
# structlog loads rich where there is one. Here it came with the tools that look at the code; whoever installs a desk has none.
AS_INSTALLED = "import sys; sys.modules['rich'] = None; from breachdesk.__main__ import main; main()"
PAGES = ("/", "/home", "/cases", "/cases/DD-{year}-0001", "/cases/DD-{year}-0002", "/cases/DD-{year}-0001/do/acknowledge", "/commitments",
         "/figures", "/procedure", "/log")


def memory_of_a_worker(folder: Path) -> list[Line]:
    """Resident memory of the one worker, signed in as a coordinator."""
    prepared_desk.make_desk(folder, "", 20, wall=wall_time, password=PASSWORD)
    with _served(folder) as (address, server):
        opener = _signed_in(address)
        for page in islice(cycle(PAGES), 50):
            opener.open(address + page.format(year=wall_time().year), timeout=20).read()
        [worker] = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()[:1]
        pages = int(Path(f"/proc/{worker}/statm").read_text().split()[1])
    weight = pages * os.sysconf("SC_PAGE_SIZE") / 1_000_000
    return [Line("a worker's memory after 50 pages", weight, "MB", "", None, "under 120 MB", weight < 120)]


def signing_in(folder: Path) -> list[Line]:
    """The first step of signing in, as the browser waits for it, against checking the password's hash alone in this process."""
    prepared_desk.make_desk(folder, "", 1, wall=wall_time, password=PASSWORD)
    kept = hash_password(PASSWORD)
    with _served(folder) as (address, _):
        _when_it_answers(build_opener(), f"{address}/sign-in")
        ours, alone = by_turns(9, lambda: _only_let_in(address), lambda: matches(kept, PASSWORD))
        page, _ = by_turns(9, lambda: build_opener(HTTPCookieProcessor(CookieJar())).open(f"{address}/sign-in", timeout=20).read(),
                           lambda: None)
    # The form itself is fetched each time, for its token: what is left is what signing in costs.
    seconds = ours - page
    return [Line("signing in by password", seconds * 1000, "ms", f"argon2 alone, {alone * 1000:.0f} ms", seconds / alone, "at most 1.5",
                 seconds / alone <= 1.5)]


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    known = {name: value for name, value in os.environ.items() if not name.startswith("BREACHDESK_")}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-c", AS_INSTALLED, "serve", "--workers", "1", "--bind", bind], stdout=log, stderr=log,
                                  env={**known, "BREACHDESK_DATA_DIR": str(folder), "BREACHDESK_BASE_URL": f"http://{bind}"})
        try:
            yield f"http://{bind}", server
        finally:
            server.terminate()
            server.wait(60)


class _Stays(HTTPRedirectHandler):
    """A browser that does not go where it is sent."""

    def redirect_request(self, *_: object) -> None:
        return None


def _only_let_in(address: str) -> None:
    try:
        _first_step(address, prepared_desk.COMPLAINANT, _Stays())
    except HTTPError as answer:
        if answer.code != 302:
            raise


def _first_step(address: str, email: str, *more: BaseHandler) -> tuple[OpenerDirector, str]:
    """Fetch the form and give address and password: the browser, and the page that it then sees."""
    opener = build_opener(HTTPCookieProcessor(CookieJar()), *more)
    form = opener.open(f"{address}/sign-in", timeout=20).read().decode()
    filled = {"csrf_token": _token(form), "email": email, "password": PASSWORD, "next": ""}
    # 422 or 429 would be an HTTPError.
    return opener, opener.open(f"{address}/sign-in", urlencode(filled).encode(), timeout=20).read().decode()


def _token(page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    if found is None:
        raise LookupError("the page has no csrf_token")
    return found[1]


def _signed_in(address: str) -> OpenerDirector:
    _when_it_answers(build_opener(), f"{address}/sign-in")
    opener, page = _first_step(address, prepared_desk.COORDINATOR)
    code = {"csrf_token": _token(page), "code": pyotp.TOTP(prepared_desk.SECRET).now(), "next": ""}
    if not opener.open(f"{address}/sign-in/code", urlencode(code).encode(), timeout=20).url.endswith("/home"):
        raise LookupError("the coordinator is not signed in")
    return opener


def _when_it_answers(opener: OpenerDirector, url: str) -> str:
    until = monotonic() + 30
    while True:
        try:
            return str(opener.open(url, timeout=20).read().decode())
        except URLError:
            if monotonic() > until:
                raise
            sleep(0.2)
