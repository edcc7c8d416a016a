"""Every address that can be opened, as everybody: who may read it stands in a table, and nobody ever meets a fault of ours."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from conftest import Cast, StoppedClock, lodge
from flask import Flask
from web.page_reader import PageReader

from breachdesk.casework.desk import Desk
from breachdesk.casework.timers import fire_due_timers

NOWHERE = "00000000-0000-4000-8000-000000000000"
# Nobody; a member of a party; a member of no party; the coordinator; the steering group, without and with an interest; the operator.
PEOPLE = ("", "ruth", "stella", "olive", "sid", "sara", "ops")
ALL = (200,) * 7
SIGNED_IN = (302, *(200,) * 6)
NOT_FOUND = (302, *(404,) * 6)
# A draft that is not there; somebody who belongs nowhere and does not coordinate makes no complaint at all.
NO_DRAFT = (302, 404, 404, 404, 403, 404, 403)
IN_THE_CASE = (302, 200, 404, 200, 200, 200, 404)
# Who meets what at each address. The case has reached the panel; Ruth's organisation complained, Sara's answers.
EXPECTED = {
    "/": ALL,
    "/help": ALL,
    "/should-i-complain": ALL,
    "/procedure": ALL,
    "/procedure/stories": ALL,
    "/procedure/stories/<story>": ALL,
    "/procedures": ALL,
    "/procedures/<procedure>/<version>": ALL,
    "/procedures/<procedure>/<version>/picture.<form>": ALL,
    "/procedures/<procedure>/<version>/changes": ALL,
    "/accessibility": ALL,
    "/privacy": ALL,
    "/commitments": ALL,
    "/commitments/<label>/<code>": ALL,
    "/compacts/<slug>": ALL,
    "/figures": ALL,
    "/figures.csv": ALL,
    "/figures.json": ALL,
    "/deadline": ALL,
    "/sign-in": (200, *(302,) * 6),
    "/sign-in/<any(link, password):what>": ALL,
    "/link/<token>": (410,) * 7,
    "/sign-out": ALL,
    "/confirm": SIGNED_IN,
    "/home": SIGNED_IN,
    "/complain": ALL,
    "/complain/<uuid:draft>": NO_DRAFT,
    "/complain/<uuid:draft>/<int:number>": NO_DRAFT,
    "/complain/<uuid:draft>/check": NO_DRAFT,
    "/complain/<uuid:draft>/delete": NO_DRAFT,
    "/cases": SIGNED_IN,
    "/cases/<reference>": IN_THE_CASE,
    "/cases/<reference>/letter": (302, 200, 404, 200, 403, 403, 404),
    "/cases/<reference>/do/<name>": (302, 200, 404, 200, 403, 403, 404),
    "/cases/<reference>/do/<name>/check": (302,) * 7,
    "/cases/<reference>/done/<int:seq>": IN_THE_CASE,
    "/concerns": SIGNED_IN,
    "/escalated": (302, 403, 403, 403, 200, 200, 403),
    "/escalated/<reference>": (302, 403, 403, 403, 200, 404, 403),
    "/log": (302, 403, 403, 200, 403, 403, 200),
    "/practice/clock": NOT_FOUND,
}


@dataclass
class Visit:
    """Everybody with a browser, and a case that reached the panel."""

    app: Flask
    people: dict[str, PageReader]
    case: str

    def address(self, rule: str) -> str:
        """An address for a rule of the url map, with things that are there."""
        for name, value in {"<reference>": self.case, "<label>": "V0.4", "<code>": "13.2", "<slug>": "derby-and-derbyshire",
                            "<uuid:draft>": NOWHERE, "<int:number>": "1", "<int:seq>": "1",
                            "<procedure>": "compact-dispute", "<version>": "1", "<form>": "svg", "<name>": "withdraw",
                            "<any(link, password):what>": "link", "<token>": "x",
                            "<story>": "settled-between-the-two"}.items():
            rule = rule.replace(name, value)
        return rule


@pytest.fixture
def visit(app: Flask, reader: Callable[[str], PageReader], desk: Desk, cast: Cast, clock: StoppedClock) -> Visit:
    case = lodge(desk, cast.ruth)
    for _ in range(20):
        clock.move(days=7)
        fire_due_timers(desk)
    return Visit(app, {name: reader(name) for name in PEOPLE}, case)


def rules(app: Flask, method: str) -> list[str]:
    return [rule.rule for rule in app.url_map.iter_rules() if method in (rule.methods or ()) and rule.endpoint != "static"]


def test_everybody_meets_at_each_address_what_the_table_says(visit: Visit) -> None:
    found = {rule: tuple(person.client.get(visit.address(rule)).status_code for person in visit.people.values())
             for rule in rules(visit.app, "GET")}

    assert {rule: met for rule, met in found.items() if met != EXPECTED.get(rule)} == {}
    assert set(EXPECTED) == set(found), "the table names addresses that are gone"


def test_every_page_is_well_made_for_everybody_also_the_one_that_says_why_not(visit: Visit) -> None:
    for rule in rules(visit.app, "GET"):
        for person in visit.people.values():
            answer = person.client.get(visit.address(rule))
            if answer.mimetype == "text/html" and answer.status_code != 302:
                person.read(answer, visit.address(rule), answer.status_code)


def test_opening_a_page_changes_nothing(visit: Visit, desk: Desk) -> None:
    before = everything_in(desk)

    for rule in rules(visit.app, "GET"):
        for person in visit.people.values():
            person.client.get(visit.address(rule))

    assert everything_in(desk) == before


def everything_in(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the sign-ins', which note when they were last used."""
    with desk.database.read() as session:
        tables = session.connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'table' AND name != 'sessions'").scalars()
        return {name: [tuple(row) for row in session.connection.exec_driver_sql(f"SELECT * FROM {name}")] for name in list(tables)}


def test_every_link_on_every_page_leads_to_an_address_that_exists(visit: Visit) -> None:
    seen: set[str] = set()
    for rule in rules(visit.app, "GET"):
        answer = visit.people["olive"].client.get(visit.address(rule))
        if answer.status_code == 200 and answer.mimetype == "text/html" and rule != "/sign-in":
            page = visit.people["olive"].read(answer, rule, 200)
            seen |= {link["href"].split("#")[0].split("?")[0] for link in page.all("a") if link["href"].startswith("/")}
    assert {path: status for path in sorted(seen) if (status := visit.people["olive"].client.get(path or "/").status_code) >= 400} == {}


def test_nothing_that_is_sent_without_the_forms_token_changes_anything(visit: Visit) -> None:
    for rule in rules(visit.app, "POST"):
        for person in visit.people.values():
            assert person.client.post(visit.address(rule)).status_code == 400, rule


def test_every_view_says_who_may_use_it(app: Flask) -> None:
    silent = [rule.endpoint for rule in app.url_map.iter_rules()
              if rule.endpoint != "static" and not hasattr(app.view_functions[rule.endpoint], "needs")]

    assert silent == []


def test_a_view_that_does_not_say_so_answers_nobody(app: Flask, reader: Callable[[str], PageReader]) -> None:
    app.add_url_rule("/silent", "silent", lambda: "Secret")

    assert [reader(name).client.get("/silent").status_code for name in ("", "olive")] == [403, 403]


def test_an_address_that_does_not_exist_says_what_to_do(reader: Callable[[str], PageReader]) -> None:
    assert "go to the start page" in reader("").open("/nowhere/at/all", 404).main


MADE_UP = ("/cases/%00", "/cases/DD-2026-0001%2F..", "/commitments/%F0%9F%99%82/1", "/escalated/%27%20OR%201=1--", "/cases?after=%00",
           "/cases?show=%F0%9F%99%82", "/figures?scheme=%00", "/sign-in?next=//elsewhere.example", "/log?before=%00", "/complain/x/1",
           "/should-i-complain?words=%ff%fe", "/practice/clock?by=date&day-day=%00",
           "/procedures/%00/1", "/procedures/compact-dispute/%F0%9F%99%82",
           "/procedures/compact-dispute/1/picture.exe%00")


def test_an_address_that_was_made_up_is_answered_in_words(visit: Visit) -> None:
    for path in MADE_UP:
        for person in visit.people.values():
            assert person.client.get(path).status_code < 500, path
