"""Everybody of the matrix at every address: one walk, whose answers the tests look at from all sides."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from zipfile import ZipFile

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
THERE_IN_ROOMS = ("ruth", "omar", "stella", "hana", "wren", "maya", "petra", "aud")
# Pages without a case in their address that show several: how somebody meets each of those counts there too.
SHOW_CASES = ("GET /home", "GET /cases", "GET /escalated", "GET /concerns", "GET /log", "GET /break-glass")
FEW = ("nobody", "ruth", "olive", "sid", "ops", "aud")


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
    """A browser for everybody, or for those who are named, signed in where they can be."""

    def __init__(self, world: World, *names: str, signed_in: Visitors | None = None) -> None:
        """SIGNED_IN: visitors of the same desk, or of the one that it was copied from, whose sign-ins are taken over."""
        self.world = world
        self.app: Flask = served(world.desk)
        self.clients: dict[str, FlaskClient] = {}
        self._tokens: dict[str, str] = {}
        wanted = {name: one for name, one in world.matrix.people.items() if not names or name in names}
        for place, (name, person) in enumerate(wanted.items(), 1):
            self.clients[name] = self.app.test_client()
            self.clients[name].environ_base["REMOTE_ADDR"] = f"192.0.2.{place}"
            if signed_in:
                held = signed_in.clients[name].get_cookie("desk")
                self.clients[name].set_cookie("desk", held.value if held else "")
            elif name != "nobody":
                sign_in(world.desk, self.clients[name], name)
                assert person.deactivated or self.clients[name].get("/home").status_code == 200, f"{name} is not signed in"

    def keys(self, method: str) -> list[str]:
        """The lines that the matrix should have for a method."""
        return [f"{method} {rule.rule}" for rule in self.app.url_map.iter_rules()
                if method in (rule.methods or ()) and rule.endpoint != "static"]

    def whose(self, key: str) -> Iterable[str]:
        """Who opens an address in `make test`: one of each kind, of those who are refused every third; for what anybody may read, a few."""
        matrix = self.world.matrix
        if matrix.addresses.get(key, ("",))[0] == "anybody":
            return FEW
        names = one_of_each(self.world, "panel" if "<reference>" in key or key in SHOW_CASES else "")
        return third_of_refused(names, lambda name: key not in matrix.addresses or matrix.answer(key, name, "panel") == DONE, key)

    def path(self, key: str, case: str) -> str:
        rule = key.partition(" ")[2].replace("<reference>", self.world.references[case]).replace("<uuid:draft>", self.world.draft)
        for name, value in THERE.items():
            rule = rule.replace(name, value)
        return rule

    def view_at(self, path: str) -> str:
        """The view that answers a path. Raises NotFound (of werkzeug's) when there is none."""
        return str(self.app.url_map.bind("localhost").match(path)[0])

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
                     dict(answer.headers), _text_of(answer))


def _text_of(answer: TestResponse) -> str:
    """What was answered, as text; of a zip everything that is in it, and what that is called."""
    if answer.headers.get("Content-Type") != "application/zip":
        return answer.get_data(as_text=True)
    with ZipFile(BytesIO(answer.get_data())) as bundle:
        return "\n".join(f"{name}\n{bundle.read(name).decode(errors='replace')}" for name in bundle.namelist())


# The room that every address of a room is tried with; `walk` enters all of them.
THERE |= {"<room>": "shared", "<int:account>": "1"}


def walk(visitors: Visitors, *, whole: bool = False) -> Iterator[Visit]:
    """Everybody opens every page, and the pages of every case. Unless it is the WHOLE walk, they are opened by one of each kind."""
    cases = [case for case in visitors.world.references if case != "panel"]
    for case, room in visitors.world.rooms:
        yield from (visitors.enter(name, case, room) for name in (visitors.clients if whole else at_the_door(visitors.world, case, room)))
    for key in visitors.keys("GET"):
        for name in visitors.clients if whole else visitors.whose(key):
            yield visitors.get(key, name, "panel")
    for case in cases:      # That with the panel was opened with every address.
        for name in visitors.clients if whole else one_of_each(visitors.world, case):
            yield visitors.get("GET /cases/<reference>", name, case)
            if whole:
                yield from (visitors.get(key, name, case) for key in visitors.keys("GET") if "<reference>/" in key)


def one_of_each(world: World, case: str) -> Iterable[str]:
    """Somebody for each way in which a case is met, and for each role in a scheme; without a CASE, for each role alone."""
    people = world.matrix.people.values()
    kinds = {(world.matrix.roles(one.name, case), one.roles + one.next_door, bool(one.organisations), one.administers, one.known): one.name
             for one in reversed(people)}
    return [name for name in world.matrix.people if name in {*kinds.values(), *FEW, *world.matrix.told["summaries"]}]


def in_and_around(world: World, case: str) -> Iterable[str]:
    """One of each kind, and whoever is in rooms or reads more than others of their kind: who is told apart at the door of a room."""
    return dict.fromkeys([*one_of_each(world, case), *THERE_IN_ROOMS, *world.matrix.told["reads also"]])


def at_the_door(world: World, case: str, room: str) -> Iterable[str]:
    """Who tries to enter a room, or to open what came to it, in `make test`: whoever reads there, and some of those who are refused."""
    names = in_and_around(world, case) if case == "panel" else THERE_IN_ROOMS
    return third_of_refused(names, lambda name: room in world.matrix.compartments(name, case), case + room)


def third_of_refused(names: Iterable[str], answered: Callable[[str], bool], where: str) -> list[str]:
    """Whoever is answered, and every third of those who are not: others at each place (WHERE), so that each is refused at many."""
    refused = [name for name in names if not answered(name)]
    return [name for name in names if name not in refused or refused.index(name) % 3 == sum(where.encode()) % 3]


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
