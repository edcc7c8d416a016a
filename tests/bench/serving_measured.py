"""What a worker of `breachdesk serve` weighs after fifty pages: the real server, asked over the loopback."""

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
from urllib.error import URLError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, OpenerDirector, build_opener

import prepared_desk
import pyotp
from measuring import Line

from breachdesk.clock import wall_time

PASSWORD = "invented for the time of this measurement"
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


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        bind = f"127.0.0.1:{free.getsockname()[1]}"
    known = {name: value for name, value in os.environ.items() if not name.startswith("BREACHDESK_")}
    with (folder / "server.log").open("wb") as log:
        server = subprocess.Popen([sys.executable, "-m", "breachdesk", "serve", "--workers", "1", "--bind", bind], stdout=log, stderr=log,
                                  env={**known, "BREACHDESK_DATA_DIR": str(folder), "BREACHDESK_BASE_URL": f"http://{bind}"})
        try:
            yield f"http://{bind}", server
        finally:
            server.terminate()
            server.wait(60)


def _signed_in(address: str) -> OpenerDirector:
    opener = build_opener(HTTPCookieProcessor(CookieJar()))
    form = _when_it_answers(opener, f"{address}/sign-in")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    if token is None:
        raise LookupError("the sign-in page has no csrf_token")
    filled = {"csrf_token": token[1], "email": prepared_desk.COORDINATOR, "password": PASSWORD, "next": ""}
    page = opener.open(f"{address}/sign-in", urlencode(filled).encode(), timeout=20)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.read().decode())
    code = {"csrf_token": token[1] if token else "", "code": pyotp.TOTP(prepared_desk.SECRET).now(), "next": ""}
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
