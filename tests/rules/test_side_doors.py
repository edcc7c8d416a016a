"""Mail and the command line are no side doors: nobody is written, and no command prints, a word or a reference that is not theirs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from click.testing import CliRunner
from rules.visits import one_of_each
from rules.world import CANARY, World

from breachdesk.casework.notices import messages_of
from breachdesk.cli.commands import breachdesk
from breachdesk.mail.mailer import Message
from breachdesk.store import notices

pytestmark = pytest.mark.timeout(600)


def every_message(world: World) -> Iterator[Message]:
    """What would be mailed to everybody if it were sent now."""
    with world.desk.database.read() as session:
        for row in notices.waiting(session, 10_000):
            yield from (message for _, message in messages_of(session, world.desk, row))


def test_nobody_is_mailed_a_word_or_a_reference_that_is_not_theirs(world: World) -> None:
    told = [(message.to_address.partition("@")[0], str(message)) for message in every_message(world)]

    assert len({name for name, _ in told}) > 12
    assert {name: found for name, text in told if (found := world.leaks(text, name))} == {}
    assert [text for _, text in told if CANARY.search(text)] == [], "messages hold no words of a case"


def said(world: World, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(breachdesk, list(words), env={"BREACHDESK_DATA_DIR": str(world.desk.data_path)})
    return done.exit_code, done.output


@pytest.mark.parametrize("case", ["received", "panel"])
def test_a_command_shows_somebody_what_their_pages_show_and_nothing_else(world: World, case: str) -> None:
    reference = world.references[case]

    for name in one_of_each(world, case):
        if world.matrix.people[name].known:
            listed = said(world, "case", "list", "--json", "--as", f"{name}@desk.example")
            shown = said(world, "case", "show", reference, "--json", "--as", f"{name}@desk.example")
            assert not world.leaks(listed[1], name), name
            assert not world.leaks(shown[1], name, reference), name
            assert (reference in listed[1]) == (shown[0] == 0) == bool(world.matrix.roles(name, case)), name


@pytest.mark.parametrize("words", ["case list", "case list --json", "case show {} --json", "audit verify", "timers due", "check",
                                   "account list --json", "organisation list --json", "statistics --scheme derby-and-derbyshire"])
def test_the_operators_commands_print_nobodys_words(world: World, words: str) -> None:
    for reference in world.references.values() if "{}" in words else [""]:
        _, text = said(world, *words.format(reference).split())
        assert text
        assert CANARY.findall(text) == []
