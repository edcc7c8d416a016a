"""Mail is no side door: nobody is written a word or a reference that is not theirs. `test_commands` says so of the command line."""

from __future__ import annotations

from collections.abc import Iterator

from rules.world import CANARY, World

from breachdesk.casework.messages import messages_of
from breachdesk.mail.mailer import Message
from breachdesk.store import notices


def every_message(world: World) -> Iterator[Message]:
    """What would be mailed to everybody if it were sent now."""
    with world.desk.database.read() as session:
        for row in notices.waiting(session, 10_000):
            yield from (message for _, message in messages_of(session, world.desk, row))


def test_nobody_is_mailed_a_word_or_a_reference_that_is_not_theirs(world: World) -> None:
    told = [(message.to_address.partition("@")[0], str(message)) for message in every_message(world)]

    assert len({name for name, _ in told}) > 12
    assert len([text for _, text in told if "new message" in text]) > 10
    assert {name: found for name, text in told if (found := world.leaks(text, name) + world.names(text, name))} == {}
    assert [text for _, text in told if CANARY.search(text)] == [], "messages hold no words of a case"
