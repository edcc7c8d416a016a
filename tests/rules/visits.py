"""Everybody of the matrix at every address: one walk, whose answers the tests look at from all sides."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from conftest import PASSWORD, served
from flask import Flask
from flask.testing import FlaskClient
from rules.matrix import DONE, FORBIDDEN, GONE, NOT_THERE, SIGN_IN
from rules.world import Everything, World
from second_steps import code_now, made_ready_for_codes
from werkzeug.test import TestResponse

from breachdesk.casework.desk import Desk

_TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
# The things that an address of the url map can name, beside the case and the draft.
THERE = {"<scheme>": "derby-and-derbyshire", "<role>": "own", "<organisation>": "riverside-carers",
         "<label>": "V0.4", "<code>": "13.2", "<slug>": "derby-and-derbyshire", "<int:number>": "1", "<int:seq>": "1",
         "<procedure>": "compact-dispute", "<version>": "1", "<form>": "svg", "<name>": "withdraw", "<story>": "settled-between-the-two",
         "<any(link, password):what>": "link", "<token>": "x", "<key>": "0" * 16,
         "<part>": "words",
         "<place>": "greenway-youth-trust", "<int:membership>": "4", "<int:funding>": "1", "<int:person>": "6", "<int:role>": "2",
         "<int:absence>": "1", "<any(change, rename, link, funding):what>": "rename", "<any(name, link, funding):what>": "funding",
         "<any(membership, role):what>": "role", "<any(deactivate, reactivate):what>": "reactivate"}

ROOM = "GET /cases/<reference>/rooms/<room>"
THERE_IN_ROOMS = ("ruth", "omar", "stella", "hana", "maya", "petra")
FEW = ("nobody", "ruth", "olive", "sid", "ops")


@dataclass(frozen=True, slots=True)
class Visit:
    """One person at one address, and what they were answered. `key` is the line of the matrix."""

    key: str
    name: str
    case: str
    asked: str
    status: int
    location: str
    headers: Mapping[str, str]
    source: str
    room: str = "shared"

    @property
    def text(self) -> str:
        """What was answered, as it is read."""
        return html.unescape(self.source)

    @property
    def met(self) -> str:
        """The answer in the matrix's words."""
        if self.status == 401 or (self.status == 302 and self.location.startswith("/sign-in")):
            return SIGN_IN
        known = {403: FORBIDDEN, 404: NOT_THERE, 410: GONE}.get(self.status)
        return known or (DONE if self.status in (200, 302, 303, 409, 422, 429) else f"answered with {self.status}")

    def __str__(self) -> str:
        return f"{self.key}: {self.name}, case {self.case or '-'}"


@dataclass(frozen=True, slots=True)
class Walked:
    """Everybody's visits, and what stood in the desk before and after them."""

    visits: list[Visit]
    before: Everything
    after: Everything


class Visitors:
    """A browser for everybody, signed in where they can be."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.app: Flask = served(world.desk)
        self.clients: dict[str, FlaskClient] = {}
        self._tokens: dict[str, str] = {}
        for place, (name, person) in enumerate(world.matrix.people.items(), 1):
            self.clients[name] = self.app.test_client()
            self.clients[name].environ_base["REMOTE_ADDR"] = f"192.0.2.{place}"
            if name != "nobody":
                sign_in(world.desk, self.clients[name], name)
                assert person.deactivated or self.clients[name].get("/home").status_code == 200, f"{name} is not signed in"

    def come_in_again(self) -> None:
        """Whoever was signed out because of what somebody did to them signs in once more."""
        for name, client in self.clients.items():
            if self.world.matrix.people[name].known and client.get("/home").status_code == 302:
                self._tokens.pop(name, None)
                sign_in(self.world.desk, client, name)

    def keys(self, method: str) -> list[str]:
        """The lines that the matrix should have for a method."""
        return [f"{method} {rule.rule}" for rule in self.app.url_map.iter_rules()
                if method in (rule.methods or ()) and rule.endpoint != "static"]

    def path(self, key: str, case: str) -> str:
        rule = key.partition(" ")[2].replace("<reference>", self.world.references[case]).replace("<uuid:draft>", self.world.draft)
        for name, value in THERE.items():
            rule = rule.replace(name, value)
        return rule

    def get(self, key: str, name: str, case: str) -> Visit:
        path = self.path(key, case)
        return self._visit(key, name, case, path, self.clients[name].get(path))

    def enter(self, name: str, case: str, room: str) -> Visit:
        """Open one room of a case, named by its compartment."""
        path = f"/cases/{self.world.references[case]}/rooms/{self.world.rooms[case, room]}"
        return replace(self._visit(ROOM, name, case, path, self.clients[name].get(path)), room=room)

    def post(self, key: str, name: str, case: str) -> Visit:
        """Send an empty form, with the token that it must have."""
        client, path = self.clients[name], self.path(key, case)
        self._tokens[name] = self._tokens.get(name) or token_of(client)
        return self._visit(key, name, case, path, client.post(path, data={"csrf_token": self._tokens[name]}))

    def _visit(self, key: str, name: str, case: str, path: str, answer: TestResponse) -> Visit:
        return Visit(key, name, case if "<reference>" in key else "", path, answer.status_code, answer.location or "",
                     dict(answer.headers), answer.get_data(as_text=True))


# The room that every address of a room is tried with; `walk` enters all of them.
THERE |= {"<room>": "shared", "<int:account>": "1"}


def walk(visitors: Visitors, *, whole: bool = False) -> Iterator[Visit]:
    """Everybody opens every page, and the pages of every case. What anybody may read is opened by a few, unless it is the WHOLE walk."""
    matrix = visitors.world.matrix
    cases = list(visitors.world.references)
    for case, room in visitors.world.rooms:
        yield from (visitors.enter(name, case, room) for name in (visitors.clients if whole or case == "panel" else THERE_IN_ROOMS))
    for key in visitors.keys("GET"):
        public = matrix.addresses.get(key) == ("anybody",) and not whole
        for name in FEW if public else visitors.clients:
            for case in cases if key == "GET /cases/<reference>" or ("<reference>" in key and whole) else ["panel"]:
                yield visitors.get(key, name, case)


def token_of(client: FlaskClient) -> str:
    """The token of a form that this browser was shown."""
    found = _TOKEN.search(client.get("/sign-out").text)
    assert found
    return found[1]


def sign_in(desk: Desk, client: FlaskClient, name: str) -> None:
    made_ready_for_codes(desk, f"{name}@desk.example")
    token = token_of(client)
    answer = client.post("/sign-in", data={"email": f"{name}@desk.example", "password": PASSWORD, "csrf_token": token})
    if answer.location == "/sign-in/code":
        client.post(answer.location, data={"code": code_now(desk), "csrf_token": token_of(client)})
