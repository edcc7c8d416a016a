"""What is said in rooms stays in them: files. Pages are walked through in `test_who_may`, commands in `test_commands`, mails in
`test_side_doors`."""

from __future__ import annotations

import pytest
from rules.visits import Visitors, at_the_door
from rules.world import World


@pytest.mark.parametrize("whole", [False, pytest.param(True, marks=pytest.mark.soak)], ids=["one of each kind", "everybody"])
def test_a_file_is_handed_to_those_who_read_the_room_that_it_came_to(own_world: World, visitors: Visitors,
                                                                             whole: bool) -> None:
    visitors = Visitors(own_world, signed_in=visitors)
    wrong = {}
    for (case, room), seq in own_world.files.items():
        for name in visitors.clients if whole else at_the_door(own_world, case, room):
            answer = visitors.clients[name].get(f"/cases/{own_world.references[case]}/files/{seq}")
            reads = room in own_world.matrix.compartments(name, case)
            met = 200 if reads else 404 if own_world.matrix.people[name].known else 302
            if answer.status_code != met or (own_world.leaks(str(answer.headers), name) if reads else answer.data == b"Words in a file."):
                wrong[case, room, name] = answer.status_code

    assert wrong == {}
