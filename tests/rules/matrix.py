"""tests/authz.yaml, read: who meets which case in which role, whose words they read, and what each address should answer them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).parents[1] / "authz.yaml"
DONE, SIGN_IN, FORBIDDEN = "answered", "sent to sign in", "told for whom it is"
NOT_THERE, GONE = "told that it does not exist", "told that it is gone"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the matrix."""

    name: str
    says: str
    organisations: tuple[str, ...]
    roles: tuple[str, ...]
    sector: str
    next_door: tuple[str, ...]
    once_of: tuple[str, ...]
    until_then_of: tuple[str, ...]
    once_held: tuple[str, ...]
    deactivated: bool
    administers: tuple[str, ...] = ()

    @property
    def known(self) -> bool:
        """Whether they can be signed in at all."""
        return self.name != "nobody" and not self.deactivated


class Matrix:
    """The file, as questions."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        self.told = told
        self.cases: Mapping[str, str] = told["cases"]
        self.people = {name: _person(name, one) for name, one in told["people"].items()}
        self.reads: Mapping[str, list[str]] = told["reads"]
        self.addresses, self.commands = ({key: tuple([rule] if isinstance(rule, str) else rule) for key, rule in told[name].items()}
                                         for name in ("addresses", "commands"))

    def roles(self, name: str, case: str) -> frozenset[str]:
        """The roles in which somebody meets a case."""
        whens = self.told["meets"].get(name, {})
        return frozenset(role for role, when in whens.items() if case in (when if isinstance(when, list) else self.told["when"][when]))

    def compartments(self, name: str, case: str) -> frozenset[str]:
        """Whose words somebody reads in a case."""
        roles, apart = self.roles(name, case), frozenset(self.told["reads apart"])
        if apart <= roles:
            return frozenset.intersection(*(frozenset(self.reads[role]) for role in apart))
        also = self.told["reads also"].get(name, {}).get(case, ())
        return frozenset(one for role in roles for one in self.reads[role]).union(also)

    def knows_who_complains(self, name: str, case: str) -> bool:
        """Whether somebody is told a name that is kept back in a case."""
        return not self.roles(name, case).isdisjoint(self.told["knows who complains"])

    def names_without_a_case(self, key: str) -> bool:
        """Whether organisations and people are named at an address, or by a command, of which a case may be none."""
        return key.partition(" ")[2].startswith(tuple(self.told["named without a case"]))

    def passes_on(self, name: str, case: str) -> bool:
        return case in self.told["passes on"].get(name, ())

    def reads_summary(self, name: str, case: str) -> bool:
        return case in self.told["summaries"].get(name, ())

    def may(self, name: str, permission: str) -> bool:
        return self._among(self.people[name], self.told["may"][permission])

    def answer(self, key: str, name: str, case: str, room: str = "shared") -> str:
        """What somebody should be answered at an address (`GET /home`), about a case where it names one, and a room of it."""
        for question in self.addresses[key]:
            if question == "where they read" and room not in self.compartments(name, case):
                return NOT_THERE
            if denied := self._denied(question, self.people[name], case):
                return denied
        return DONE

    def answer_by_command(self, command: str, name: str, case: str) -> str:
        """What a command should tell somebody whom `--as` names: whoever cannot be signed in has no account either."""
        if not self.people[name].known:
            return NOT_THERE
        answers = (self._denied(question, self.people[name], case) for question in self.commands[command][1:])
        return next(filter(None, answers), DONE)

    def _denied(self, question: str, person: Person, case: str) -> str:
        roles = self.roles(person.name, case)
        if question in ("in the case or passing it on", "to pass on"):
            return "" if (roles and question != "to pass on") or self.passes_on(person.name, case) else NOT_THERE
        if question.startswith("in the case"):
            wanted = set(question.removeprefix("in the case").removeprefix(" as ").split(" or ")) - {""}
            return "" if roles and (not wanted or roles & wanted) else NOT_THERE
        if question in ("here", "of this scheme"):
            return "" if not person.next_door else NOT_THERE if question == "here" else FORBIDDEN
        if question.startswith("of it or "):
            held = set(person.roles) & set(question.split(" or "))
            return "" if person.known and ("riverside-carers" in person.organisations or held) else NOT_THERE
        if question.startswith("as "):
            return "" if roles & set(question.removeprefix("as ").split(" or ")) else FORBIDDEN
        if question == "gone":
            return GONE
        if question.startswith("for "):
            wanted = question.removeprefix("for ")
            return "" if person.name in wanted.split(" or ") or self._among(person, wanted) else NOT_THERE
        if question in ("own", "not here", "panel to name", "of a move", "met in a summary"):
            there = {"own": person.name == "ruth", "met in a summary": any(case in found for found in self.told["summaries"].values())}
            return "" if there.get(question) else NOT_THERE
        if question == "where they read" or self._among(person, question):
            return ""
        return FORBIDDEN if person.known else SIGN_IN

    def _among(self, person: Person, groups: str) -> bool:
        """Whether somebody belongs to one of the groups, as in “member or coordinator”."""
        held = {*(person.roles + person.next_door if person.known else ()), *(f"{role} here" for role in person.roles),
                "anybody", *(["signed in"] if person.known else []),
                *(["member"] if person.known and person.organisations else []),
                *(["administrator"] if person.known and person.administers else [])}
        return bool(held & set(groups.split(" or ")))


def _person(name: str, told: Mapping[str, Any]) -> Person:
    found = {key: tuple(told.get(key, ())) for key in ("of", "holds", "holds next door", "once of", "until then of", "once held")}
    return Person(name, told["is"], found["of"], found["holds"], told.get("sector", "statutory"), found["holds next door"],
                  found["once of"], found["until then of"], found["once held"], told.get("deactivated", False),
                  tuple(told.get("administers", ())))


@cache
def matrix() -> Matrix:
    return Matrix(yaml.safe_load(FILE.read_text("utf-8")))
