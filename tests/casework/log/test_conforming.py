"""A case that went through the desk conforms to its procedure; an entry that the procedure does not allow is named with what it allows."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from conftest import lodge, tell

from breachdesk.casework.act import Step, act
from breachdesk.casework.log.conforming import conformance
from breachdesk.casework.log.replaying import said_in
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import NotFound
from breachdesk.store import replayed
from breachdesk.workflow.conforming import Conformance


@pytest.fixture
def road(desk, cast, clock):
    """The entries of a case that came in, was told to the other side, ran into a limit and was given up."""
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    clock.move(days=40)
    fire_due_timers(desk)
    act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "capacity"}))
    assert conformance(desk, reference).deviations == ()
    with desk.database.read() as session:
        return [said_in(one) for one in replayed.entries_of_cases(session, [1])[1]]


@pytest.fixture
def found(desk):
    """What deviates in a log that was changed at one place: (entry, what it says, what would have been allowed)."""
    def hold(entries):
        with desk.database.read() as session:
            case = Conformance(partial(desk.procedure, session))
            for one in entries:
                case.take(one)
            return [(one.seq, one.says, one.allowed) for one in case.deviations]
    return hold


def place(entries, event):
    """The first entry of a kind."""
    return next(number for number, one in enumerate(entries) if one.event == event)


def changed(entries, number, **facts):
    one = entries[number]
    return [*entries[:number], replace(one, facts={**one.facts, **facts}), *entries[number + 1:]]


def test_every_entry_of_what_the_desk_did_is_allowed(desk, cast, road):
    lodge(desk, cast.stella, complainant="greenway-youth-trust")

    whole = conformance(desk)

    assert (whole.fitness, whole.cases, whole.deviations) == (1.0, 2, ())
    assert whole.entries == len([one for one in road if one.event.startswith(("case:", "limit:"))]) + 1
    with pytest.raises(NotFound, match="There is no case DD-2031-0001"):
        conformance(desk, "DD-2031-0001")


@pytest.mark.parametrize(("facts", "says", "allowed"), [
    ({"action": "propose"}, "“propose” cannot be done at “received”", "acknowledge"),
    ({"action": "unheard_of"}, "“unheard_of” cannot be done at “received”", "record_direct_contact"),
    ({"to": "panel_hearing"}, "“record_direct_contact” leads from “received” to “panel_hearing”", "direct_open"),
    ({"from": "direct_open"}, "it begins at “direct_open”, and the case was at “received”", "received"),
    ({"stage": "panel"}, "“direct_open” is said to be in the stage “panel”", "direct"),
    ({"party": 2}, "“record_direct_contact” was done for a respondent", ""),
    ({"effects": {"left": 1}}, "“record_direct_contact” had an effect that the procedure does not give it: left", None)])
def test_a_step_that_the_procedure_does_not_allow_is_named_with_what_it_allows(road, found, facts, says, allowed):
    step = place(road, "case:acted")

    told = found(changed(road, step, **facts))

    [(seq, options)] = [(seq, options) for seq, said, options in told if said == says]
    assert seq == road[step].seq
    assert allowed is None or allowed in options


def test_who_did_it_what_it_is_filed_as_and_its_version_are_held_against_the_procedure(road, found):
    step, last = place(road, "case:acted"), len(road) - 1
    by_somebody = [*road[:step], replace(road[step], role="respondent"), *road[step + 1:]]
    filed_wrong = [*road[:last], replace(road[last], event="case:acted")]
    other_version = [*road[:step], replace(road[step], procedure="0" * 64), *road[step + 1:]]

    assert ("“record_direct_contact” was done by “respondent”" in {says for _, says, _ in found(by_somebody)})
    assert found(filed_wrong) == [(road[last].seq, "it is filed as “case:acted”", ("case:closed",))]
    assert found(changed(road, last, outcome="resolved_full")) == [(road[last].seq, "the case ends as “resolved_full”", ("withdrawn",))]
    assert [says for _, says, _ in found(other_version)] == ["it was written under another version than the one that the case stood under"]


def test_the_clock_acts_only_when_a_limit_has_run_out_that_leads_there(road, found):
    ran_out = next(number for number, one in enumerate(road) if one.event == "limit:ran_out" and one.facts["then"])
    name = road[ran_out].facts["then"]

    without_it = found([*road[:ran_out], *road[ran_out + 1:]])
    elsewhere = found(changed(road, ran_out, then="withdraw"))
    too_soon = found([*road[:ran_out], replace(road[ran_out], at=road[0].at), *road[ran_out + 1:]])

    assert (f"the clock did “{name}” when a limit had run out that leads to “nothing”", ()) in [each[1:] for each in without_it]
    assert f"the clock did “{name}” when a limit had run out that leads to “withdraw”" in {says for _, says, _ in elsewhere}
    assert any("ran out before its last day was over" in says for _, says, _ in too_soon)


def test_a_limit_that_does_not_run_neither_reminds_nor_ends(road, found):
    reminded = place(road, "limit:reminded")
    step = place(road, "case:acted")
    ended = {"limit": "panel_window", "party": 0, "due_on": None, "ending": "moot"}

    not_running = found(changed(road, reminded, limit="panel_window"))
    no_such_reminder = found(changed(road, reminded, rung=-99))
    never_begun = found(changed(road, step, limits={"started": [], "ended": [ended]}))

    assert not_running[0][1] == "the limit “panel_window” does not run with this day"
    assert "has no reminder -99" in no_such_reminder[0][1]
    assert "the limit “panel_window” ended, and did not run" in {says for _, says, _ in never_begun}


def test_a_log_that_begins_without_a_complaint_deviates_at_every_entry(road, found):
    told = found(road[1:2])

    assert [says for _, says, _ in told] == ["there is no case yet: it begins with the complaint"]
