"""The sentences of the desk's own log about people and organisations: who became what, from when to when. `desk_log` puts names to ids."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

_Facts = Mapping[str, Any]
_Names = Mapping[int, str]
Sentence = Callable[[_Facts, _Names, _Names], str]


def _day(text: str) -> str:
    return date.fromisoformat(text).strftime("%-d %B %Y")


def _until(facts: _Facts) -> str:
    return f", until {_day(facts['to'])}" if facts.get("to") else ""


def _who(facts: _Facts, names: _Names) -> str:
    return names.get(facts["account"], "Somebody")


def _place(number: int, organisations: _Names) -> str:
    return organisations.get(number, "an organisation")


def _role(facts: _Facts) -> str:
    return f"{facts['role'].replace('_', ' ')} in “{facts['scheme']}”"


def _erased(facts: _Facts, names: _Names) -> str:
    return f"the words and files of {facts['case']}" if facts["case"] else _who(facts, names)


SAYS: Mapping[str, Sentence] = {
    "organisation:changed": lambda facts, _, organisations: (
        f"What is known of {_place(facts['organisation'], organisations)} was changed ({', '.join(facts['changed']).replace('_', ' ')})."),
    "organisation:renamed": lambda facts, _, organisations: (
        f"{_place(facts['organisation'], organisations)} has another name from {_day(facts['from'])}."),
    "organisation:name_taken_back": lambda facts, _, organisations: (
        f"That {_place(facts['organisation'], organisations)} had another name from {_day(facts['from'])} was taken back."),
    "organisation:succeeded": lambda facts, _, organisations: (
        f"{_place(facts['successor'], organisations)} came after {_place(facts['organisation'], organisations)} on {_day(facts['from'])}."),
    "organisation:succession_taken_back": lambda facts, _, organisations: (
        f"That {_place(facts['successor'], organisations)} came after {_place(facts['organisation'], organisations)} was taken back."),
    "funding:noted": lambda facts, _, organisations: (
        f"{_place(facts['funder'], organisations)} funds {_place(facts['funded'], organisations)} from {_day(facts['from'])}"
        f"{_until(facts)}."),
    "funding:ended": lambda facts, _, organisations: (
        f"{_place(facts['funder'], organisations)} funded {_place(facts['funded'], organisations)}{_until(facts)}."),
    "funding:taken_back": lambda facts, _, organisations: (
        f"That {_place(facts['funder'], organisations)} funds {_place(facts['funded'], organisations)} was taken back."),
    "membership:began": lambda facts, names, organisations: (
        f"{_who(facts, names)} belongs to {_place(facts['organisation'], organisations)} ({facts['kind']}) from {_day(facts['from'])}"
        f"{_until(facts)}."),
    "membership:ended": lambda facts, names, organisations: (
        f"{_who(facts, names)} belonged to {_place(facts['organisation'], organisations)} ({facts['kind']}){_until(facts)}."),
    "role:began": lambda facts, names, _: f"{_who(facts, names)} is {_role(facts)} from {_day(facts['from'])}{_until(facts)}.",
    "role:ended": lambda facts, names, _: f"{_who(facts, names)} was {_role(facts)}{_until(facts)}.",
    "roster:changed": lambda facts, names, _: (
        f"What the roster says of {_who(facts, names)} as {_role(facts)} was changed{_until(facts)}; "
        f"{'named on the public page' if facts['published'] else 'not named on the public page'}."),
    "absence:noted": lambda facts, names, _: (
        f"{_who(facts, names)} is away as {_role(facts)} from {_day(facts['from'])}{_until(facts)}; "
        f"{names.get(facts['cover'], 'somebody')} covers."),
    "absence:ended": lambda facts, names, _: (
        f"{names.get(facts['cover'], 'Somebody')} no longer covers for {_who(facts, names)} as {_role(facts)}."),
    "account:invited": lambda facts, names, _: f"{_who(facts, names)} was sent an invitation.",
    "account:deactivated": lambda facts, names, _: f"The account of {_who(facts, names)} was switched off.",
    "account:reactivated": lambda facts, names, _: f"The account of {_who(facts, names)} was switched on again.",
    "erasure:asked": lambda facts, names, _: f"It was asked that {_erased(facts, names)} be erased.",
    "erasure:refused": lambda facts, names, _: f"That {_erased(facts, names)} be erased was not agreed to.",
    "erasure:done": lambda facts, names, _: (
        f"What the desk held of {_erased(facts, names)} was erased, as {names.get(facts['asked_by'], 'somebody')} had asked"
        f"{'; one person alone did both, as the scheme allows' if facts['single_officer'] else ''}."),
    "person:copied": lambda facts, names, _: f"Everything that is held on {_who(facts, names)} was put together for them.",
    "retention:looked": lambda facts, *_: (
        f"The list of what is due to be deleted in “{facts['scheme']}” was looked at; what was due until {_day(facts['until'])} goes."),
    "erasure:repeated": lambda facts, names, _: (
        f"What the desk held of {_erased({'case': '', **facts}, names)} had been erased, came back with a backup, and was erased again."),
    "terms:accepted": lambda facts, names, _: f"{_who(facts, names)} accepted version {facts['version']} of the terms of use.",
}
