"""The table of commands: quick, documented, and errors in words."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec

import click
import pytest

from breachdesk.cli.commands import COMMANDS, breachdesk


def everything() -> Iterator[tuple[str, click.Command]]:
    """Every command that there is, with the words that one types for it."""
    context = click.Context(breachdesk)
    for name, (module, _) in COMMANDS.items():
        if find_spec(f"breachdesk.cli.{module}"):
            command = breachdesk.get_command(context, name)
            yield name, command
            if isinstance(command, click.Group):
                yield from ((f"{name} {below}", one) for below, one in command.commands.items())


EVERYTHING = dict(everything())


def test_help_loads_nothing_that_takes_long():
    told = subprocess.run([sys.executable, "-c", "if True:\n"
                           "    import sys\n"
                           "    from click.testing import CliRunner\n"
                           "    from breachdesk.__main__ import breachdesk\n"
                           "    said = CliRunner().invoke(breachdesk, ['--help']).output\n"
                           "    heavy = {'sqlalchemy', 'flask', 'pydantic', 'sqlmodel', 'yaml'}\n"
                           "    print('Lodge a complaint' in said, *sorted(heavy & set(sys.modules)))"],
                          capture_output=True, text=True, check=True)

    assert told.stdout.split() == ["True"]


@pytest.mark.parametrize("words", EVERYTHING)
def test_every_command_and_option_is_documented(words):
    command = EVERYTHING[words]

    assert command.help, f"{words}: say what it does"
    assert [one.name for one in command.params if isinstance(one, click.Option) and not one.help] == []


def test_what_is_missing_is_said_in_words_on_standard_error(run):
    refused = run("case", "list", expect=1)

    assert refused.stdout == ""
    assert refused.stderr.startswith("There is no desk here yet")
    assert "breachdesk desk create" in refused.stderr


@pytest.mark.parametrize("words", [["cse"], ["case", "lodge"], ["case", "show"], ["case", "act", "DD-2026-0001", "acknowledge"],
                                   ["desk", "clock"], ["workflow", "check", "not-there.yaml"], ["timers", "due", "--until", "tomorrow"]])
def test_wrong_usage_ends_with_2(practice, words):
    assert "Error: " in practice(*words, expect=2).stderr


def test_settings_that_cannot_be_are_all_named_at_once(run, monkeypatch):
    monkeypatch.setenv("BREACHDESK_WORKERS", "many")
    monkeypatch.setenv("BREACHDESK_COLOUR", "red")

    said = run("case", "list", expect=1).stderr

    assert "BREACHDESK_WORKERS: “many”" in said
    assert "BREACHDESK_COLOUR: there is no such setting" in said


def test_what_nobody_foresaw_is_said_without_a_traceback(run, monkeypatch):
    def broken():
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("breachdesk.cli.check._findings", broken)

    assert "has no words for: ZeroDivisionError: by nought" in run("check", expect=1).stderr
