"""Declaring interests: before the papers open, in the register that both sides read, and binding."""

from __future__ import annotations

import pytest
from conftest import lodge
from store.test_visibility import TO_THE_PANEL, take

from breachdesk.casework.act import Step, act
from breachdesk.casework.passing_on import left_to_pass
from breachdesk.clock import local_day
from breachdesk.errors import NotFound


@pytest.fixture
def reference(desk, cast):
    """A case that is with the panel, so that the steering group meets it."""
    found = lodge(desk, cast.ruth)
    take(desk, cast, found, TO_THE_PANEL)
    return found


def test_before_they_have_declared_they_read_no_more_than_the_sides_and_the_commitments(reader, reference):
    sid = reader("sid")

    assert "One month's notice" not in sid.open("/cases").main
    assert "One month's notice" not in sid.open("/escalated").main
    page = sid.follow(f"/cases/{reference}")
    assert page.path == f"/cases/{reference}/declare"
    assert "Riverside Carers has complained about Amberdale Council. It is about commitment 13.2." in page.main
    assert "A letter gave us one month" not in page.main
    assert sid.follow(f"/escalated/{reference}").path == page.path

    assert sid.send(page.form(), {}, expect=422).errors() == ["Say whether you have an interest in this case"]
    case = sid.send(page.form(), {"nature": "none"})

    assert case.path == f"/cases/{reference}"
    assert "A letter gave us one month" in case.main
    assert "Sid declared no interest on Monday 2 March 2026" in reader("omar").open(f"/cases/{reference}").main


def test_what_the_coordinator_confirms_stays_in_the_register_and_opens_nothing(reader, desk, cast):
    reference = lodge(desk, cast.ruth)
    take(desk, cast, reference, TO_THE_PANEL[:4])
    act(desk, cast.olive, reference, Step(*TO_THE_PANEL[4][1:]))
    maya = reader("maya")

    page = maya.follow(f"/cases/{reference}")

    assert page.path == f"/cases/{reference}/declare"
    assert "as the critical friend. Please answer by Thursday 5 March 2026." in page.main
    assert "“I have told the coordinator that I have no interest (2 March 2026)”. That opens nothing" in page.main
    assert "Maya has told the coordinator of no interest on Monday 2 March 2026" in reader("ruth").open(f"/cases/{reference}").main
    maya.send(page.form(), {"nature": "none"})
    assert "A letter gave us one month" in maya.open(f"/cases/{reference}").main
    assert "Maya declared no interest on Monday 2 March 2026" in reader("ruth").open(f"/cases/{reference}").main


def test_an_interest_ends_the_part_by_the_procedures_own_step(reader, desk, reference):
    petra = reader("petra")

    done = petra.send(petra.open(f"/cases/{reference}/declare").form(), {"nature": "money", "why": "canary-shares"})

    assert done.path == "/home"
    petra.open(f"/cases/{reference}", expect=404)
    case = reader("ruth").open(f"/cases/{reference}").main
    assert "Declare an interest as a panel member" in case
    assert "Petra has declared that they stand to gain or lose by it on Monday 2 March 2026" in case
    assert "canary-shares" not in case
    assert "canary-shares" in reader("olive").open(f"/cases/{reference}").main


def test_where_there_is_no_such_step_the_row_excludes(reader, desk, cast, joins, reference):
    joins("iris", role="stand_in")
    act(desk, cast.olive, reference, Step("pass_to_stand_in", {"stand_in": "iris@desk.example", "reason": "I know them."}))
    for name in ("sid", "olive"):
        person = reader(name)
        person.send(person.open(f"/cases/{reference}/declare").form(), {"nature": "relation"})
        person.open(f"/cases/{reference}", expect=404)

    with pytest.raises(NotFound):
        act(desk, cast.olive, reference, Step("open_panel", {}))
    with desk.database.read() as session:
        assert left_to_pass(session, cast.olive, local_day(desk.now(session))) == [], "Iris stands in"


def test_a_side_has_nothing_to_declare(reader, reference):
    reader("ruth").open(f"/cases/{reference}/declare", expect=403)
    reader("hana").open(f"/cases/{reference}/declare", expect=404)


def test_an_interest_that_comes_up_later_shuts_out_and_is_shown_to_the_coordinator(reader, joins, reference):
    assert "An interest has come up" not in reader("olive").open("/home").main
    joins("petra", "amberdale-council")

    assert f"{reference}: Petra belongs to Amberdale Council. Let somebody else be named." in reader("olive").open("/home").main
    assert "Declare an interest of yours" not in reader("petra").open(f"/cases/{reference}").main, "she meets it as her council's now"
