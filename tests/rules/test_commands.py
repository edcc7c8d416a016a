"""The command line is no side door: each command has its line in tests/authz.yaml, tells each person what is theirs, and the operator
nobody's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest
from rules.commands import (
    AS_THEMSELVES,
    NO_DESK,
    OPERATOR,
    OR_THE_OPERATOR,
    SERVES,
    TRIED,
    Said,
    ask,
    every_command,
    hand_over_files,
    takes_as,
)
from rules.matrix import DONE, FORBIDDEN
from rules.visits import in_and_around, one_of_each, third_of_refused
from rules.world import CANARY, World
from rules.writing import nothing_kept

from breachdesk.cli import output

Asking = Callable[[str, str, str, str], Said]


@pytest.fixture
def asked(own_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Asking]:
    """Gives commands on the one desk that is open, where whatever they change is taken back."""
    monkeypatch.setattr(output, "open_desk", lambda _: own_world.desk)
    hand_over_files(own_world, tmp_path)
    with nothing_kept(own_world.desk, monkeypatch):
        yield lambda key, name, case, words: ask(own_world, key, name, case, words, tmp_path)


def of_kind(world: World, *kinds: str) -> list[str]:
    return [key for key, rule in world.matrix.commands.items() if rule[0] in kinds and SERVES not in rule]


def test_every_command_has_its_line_and_no_line_is_about_a_command_that_is_gone(world: World) -> None:
    known = every_command()

    assert known - set(world.matrix.commands) == set(), "say in tests/authz.yaml as whom these commands read"
    assert set(world.matrix.commands) - known == set(), "these commands are gone"
    assert {key for key in known if takes_as(key)} == set(of_kind(world, AS_THEMSELVES, OR_THE_OPERATOR))
    assert {rule[0] for rule in world.matrix.commands.values()} == {AS_THEMSELVES, OR_THE_OPERATOR, OPERATOR, NO_DESK}


def wrong(world: World, said: Said) -> list[str]:
    expected = world.matrix.answer_by_command(said.key, said.name, said.case or "panel")
    named = [] if said.case or world.matrix.names_without_a_case(said.key) else world.names(said.text, said.name)
    return ([] if said.met == expected else [f"{said.met}, not {expected}"]) + named + world.leaks(
        said.text, said.name, world.references.get(said.case, ""))


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one of each kind", "everybody"])
def test_every_command_tells_everybody_what_is_theirs(world: World, asked: Asking, whole: bool) -> None:
    def whose(key: str, words: str) -> Iterable[str]:
        return world.matrix.people if whole else third_of_refused(
            in_and_around(world, "panel"), lambda name: world.matrix.answer_by_command(key, name, "panel") == DONE, key + words)
    told = [asked(key, name, "panel", words) for key in of_kind(world, AS_THEMSELVES, OR_THE_OPERATOR) for words in TRIED[key]
            for name in whose(key, words) if name != "nobody"]

    assert {str(one): found for one in told if (found := wrong(world, one))} == {}
    sung = set(CANARY.findall("".join(one.text for one in told)))
    assert {where for kind, where, _ in map(world.planted.__getitem__, sung)} >= {"panel", "rita"}, "words are read by those whose they are"


def test_a_case_is_shown_to_everybody_as_it_is_theirs(world: World, asked: Asking) -> None:
    told = [asked("case show", name, case, "{case} --json") for case in world.references for name in one_of_each(world, case)
            if name != "nobody" and case != "panel"]

    assert {str(one): found for one in told if (found := wrong(world, one))} == {}


def test_what_the_operator_does_prints_nobodys_words(world: World, asked: Asking) -> None:
    told = [asked(key, "", "panel", words) for key in of_kind(world, OPERATOR, OR_THE_OPERATOR) for words in TRIED[key]]
    told += [asked("case show", "", case, "{case} --json") for case in world.references]

    assert {str(one): found for one in told if (found := CANARY.findall(one.text))} == {}
    assert {str(one): one.met for one in told if one.met != (FORBIDDEN if "not here" in world.matrix.commands[one.key] else DONE)} == {}


def test_what_needs_no_desk_is_done_without_one(world: World, asked: Asking, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_desk(_: object) -> None:
        raise AssertionError("it asked for a desk")
    monkeypatch.setattr(output, "open_desk", no_desk)

    for key in of_kind(world, NO_DESK):
        for words in TRIED[key]:
            done = asked(key, "", "panel", words)
            assert done.fault is None or isinstance(done.fault, SystemExit) and not done.fault.code, (key, done.text)
