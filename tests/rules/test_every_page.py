"""Every address that can be opened: the pages are well made for everybody, opening them changes nothing, and nobody ever meets a fault of
ours. Who may read which stands in tests/authz.yaml.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from conftest import served
from rules.visits import FEW, Visit, Visitors, Walked
from web.page_reader import Page, PageReader

from breachdesk.casework.desk import Desk

# Whose pages are read from end to end: one of each kind of reader.
READERS = (*FEW, "omar", "stella", "maya", "sara")


def pages(visits: list[Visit], names: tuple[str, ...]) -> Iterator[tuple[Visit, Page]]:
    """What some people were shown. An error says the same to everybody, and comes once."""
    seen: set[tuple[str, int]] = set()
    for one in visits:
        shown = one.name in names and one.headers["Content-Type"].startswith("text/html") and one.status not in (302, 303)
        if shown and (one.status < 400 or (one.key, one.status) not in seen):
            seen.add((one.key, one.status))
            yield one, Page(one.source, one.asked)


def test_every_page_is_well_made_for_everybody_also_the_one_that_says_why_not(visitors: Visitors, visits: list[Visit]) -> None:
    reader = PageReader(visitors.app)

    for one, page in pages([one for one in visits if one.case in ("", "panel")], READERS):
        reader.inspect(page, one.asked)


def test_opening_a_page_changes_nothing(walked: Walked) -> None:
    assert walked.after == walked.before


def test_every_link_on_every_page_leads_to_an_address_that_exists(visitors: Visitors, visits: list[Visit]) -> None:
    links = [link["href"] for _, page in pages(visits, ("olive",)) for link in page.all("a")]
    of_view: dict[str, list[str]] = {}
    for path in sorted({urlsplit(href).path or "/" for href in links if href.startswith("/")}):
        of_view.setdefault(visitors.view_at(path), []).append(path)
    some = [path for paths in of_view.values() for path in paths[:3]]

    assert {path: status for path in some if (status := visitors.clients["olive"].get(path).status_code) >= 400} == {}


def test_nothing_that_is_sent_without_the_forms_token_changes_anything(visitors: Visitors) -> None:
    for key in visitors.keys("POST"):
        for name in FEW:
            assert visitors.clients[name].post(visitors.path(key, "panel")).status_code == 400, (key, name)


def test_every_view_says_who_may_use_it(visitors: Visitors) -> None:
    silent = [rule.endpoint for rule in visitors.app.url_map.iter_rules()
              if rule.endpoint != "static" and not hasattr(visitors.app.view_functions[rule.endpoint], "needs")]

    assert silent == []


def test_a_view_that_does_not_say_so_answers_nobody(desk: Desk) -> None:
    app = served(desk)
    app.add_url_rule("/silent", "silent", lambda: "Secret")
    person = PageReader(app)
    signed_in = PageReader(app)
    signed_in.sign_in("olive@desk.example", "practice-desk-2026")

    assert [one.client.get("/silent").status_code for one in (person, signed_in)] == [403, 403]


def test_an_address_that_does_not_exist_says_what_to_do(visitors: Visitors) -> None:
    assert "go to the start page" in visitors.clients["nobody"].get("/nowhere/at/all").text


MADE_UP = ("/cases/%00", "/cases/DD-2026-0001%2F..", "/commitments/%F0%9F%99%82/1", "/escalated/%27%20OR%201=1--", "/cases?after=%00",
           "/cases?show=%F0%9F%99%82", "/figures?scheme=%00", "/sign-in?next=//elsewhere.example", "/log?before=%00", "/complain/x/1",
           "/should-i-complain?words=%ff%fe", "/practice/clock?by=date&day-day=%00",
           "/procedures/%00/1", "/procedures/compact-dispute/%F0%9F%99%82",
           "/procedures/compact-dispute/1/picture.exe%00")


@pytest.mark.parametrize("name", FEW)
def test_an_address_that_was_made_up_is_answered_in_words(visitors: Visitors, name: str) -> None:
    for path in MADE_UP:
        assert visitors.clients[name].get(path).status_code < 500, path
