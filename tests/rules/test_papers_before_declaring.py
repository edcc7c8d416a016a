"""Whoever has not declared yet meets, at every address of their case, the page on which they declare, or nothing: no word of it."""

from __future__ import annotations

import pytest
from rules.visits import Visit, Visitors
from rules.world import CANARY, World
from sqlalchemy import delete

from breachdesk.store.declarations import DECLARATIONS

# Somebody in each of the parts that are taken in the case with the panel.
ASKED = ("maya", "petra", "sid", "stan")
# Steps that they take, beside the one that every address of a step is tried with.
STEPS = ("record_meeting", "send_draft", "record_review", "acknowledge", "step_down", "leave_panel")


@pytest.fixture
def visitors(own_world: World) -> Visitors:
    with own_world.desk.database.begin() as session:
        session.execute(delete(DECLARATIONS))
    return Visitors(own_world, *ASKED)


def asked_everywhere(visitors: Visitors, name: str) -> list[Visit]:
    keys = {method: [key for key in visitors.keys(method) if "<reference>" in key] for method in ("GET", "POST")}
    found = [visitors.get(key, name, "panel") for key in keys["GET"]]
    found += [visitors.post(key, name, "panel") for key in keys["POST"] if not key.endswith("/declare")]
    found += [visitors.get(key.replace("<name>", step), name, "panel") for key in keys["GET"] if "<name>" in key for step in STEPS]
    return found + [visitors.enter(name, case, room) for case, room in visitors.world.rooms if case == "panel"]


@pytest.mark.parametrize("name", ASKED)
def test_only_the_page_to_declare_opens(visitors: Visitors, name: str) -> None:
    case = f"/cases/{visitors.world.references['panel']}"
    # The check of a step leads to its form first, and that to the declaration.
    declaring, leads_there = f"{case}/declare", (f"{case}/declare", f"{case}/do/")

    visits = asked_everywhere(visitors, name)
    listed = [visitors.clients[name].get(path) for path in ("/home", "/cases", "/cases?show=closed", "/escalated")]

    assert {str(one): one.status for one in visits if one.status < 400 and one.asked != declaring
            and not one.location.startswith(leads_there)} == {}
    assert len([one for one in visits if one.location == declaring]) > 8
    assert [found for page in (*(one.text for one in visits), *(one.text for one in listed)) if (found := CANARY.findall(page))] == []
