"""What is said in rooms stays in them: files and mails. Pages are walked through in `test_who_may`, commands in
`test_commands`."""

from __future__ import annotations

from pathlib import Path

from rules.visits import Visitors
from rules.world import CANARY, World

from breachdesk.casework.notices import send_waiting_notices


def test_a_file_is_handed_to_those_who_read_the_room_that_it_came_to(own_world: World, visitors: Visitors) -> None:
    visitors = Visitors(own_world, signed_in=visitors)
    wrong = {}
    for (case, room), seq in own_world.files.items():
        for name, client in visitors.clients.items():
            answer = client.get(f"/cases/{own_world.references[case]}/files/{seq}")
            reads = room in own_world.matrix.compartments(name, case)
            met = 200 if reads else 404 if own_world.matrix.people[name].known else 302
            if answer.status_code != met or (own_world.leaks(str(answer.headers), name) if reads else answer.data == b"Words in a file."):
                wrong[case, room, name] = answer.status_code

    assert wrong == {}


def test_no_mail_holds_a_word_that_somebody_wrote(own_world: World, tmp_path: Path) -> None:
    while send_waiting_notices(own_world.desk, most=500):
        pass
    mails = list((tmp_path / "outbox").iterdir())

    assert len([mail for mail in mails if "new message" in mail.read_text()]) > 10
    assert {mail.name: found for mail in mails if (found := CANARY.findall(mail.read_text()))} == {}
