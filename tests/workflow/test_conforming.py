"""One entry at a time is changed in a log that conforms: what it says then, and what the procedure would have allowed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from road_told import NEXT, PROCEDURE, ROAD, begun, over, road, said

from breachdesk.workflow.conforming import Conformance, Deviation
from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.effects import (
    AddsRemedy,
    Appoints,
    Decides,
    Effects,
    Links,
    Releases,
    Represents,
    SettlesRemedy,
)
from breachdesk.workflow.replaying import Said

FROM_ANSWERING = ("respond", "more_time", "second_notice_by_clock", "suspend", "resume")
NOTHING_MOVED = {"started": [], "ended": []}
UNDER_ANOTHER = "it was written under another version than the one that the case stood under"


def held(entries: list[Said] | tuple[Said, ...], procedure: Procedure = PROCEDURE) -> Conformance:
    case = Conformance({procedure.digest: procedure, NEXT.digest: NEXT}.__getitem__)
    for one in entries:
        case.take(one)
    return case


def found(entries: list[Said]) -> list[tuple[str, tuple[str, ...]]]:
    return [(one.says, one.allowed) for one in held(entries).deviations]


def limits(started: Any = (), ended: Any = ()) -> dict[str, Any]:
    return {"limits": {"started": list(started), "ended": list(ended)}}


def test_a_case_that_went_as_its_procedure_says_does_not_deviate_and_each_entry_counts() -> None:
    case = held(ROAD)

    assert (case.deviations, case.entries, case.deviating) == ([], len(ROAD), 0)


def test_what_is_said_beside_the_steps_is_no_matter_of_the_procedure() -> None:
    case = held([*road(2), said(3, "room:said", "03-04", "complainant", {}), replace(ROAD[2], seq=4)])

    assert (case.deviations, case.entries) == ([], 3)


@pytest.mark.parametrize(("number", "change", "says", "allowed"), [
    # How a case begins.
    (1, {"action": "forward"}, "the case begins with “forward” at “received”", ("lodge: received",)),
    (1, {"from": "received"}, "the case begins with “lodge” at “received”", ("lodge: received",)),
    (1, {"role": "respondent"}, "“lodge” was done by “respondent”", ("complainant", "coordinator")),
    (1, {"stage": "ended"}, "“received” is said to be in the stage “ended”", ("open",)),
    (1, limits([begun("help", "04-01")]), "the limit “help” began at “received”", ("forward", "whole")),
    (1, {"effects": {"carried": {}}, "to": "helping"}, "a part of another case begins at “helping”", ("received",)),
    # A step: where, by whom, for whom, where to.
    (2, {"action": "settle"}, "“settle” cannot be done at “received”", ("forward", "forward_by_clock")),
    (2, {"action": "unheard_of"}, "“unheard_of” cannot be done at “received”", ("forward", "forward_by_clock")),
    (2, {"to": "naming"}, "“forward” leads from “received” to “naming”", ("answering",)),
    (6, {"to": "received"}, "“second_notice_by_clock” leads from “answering” to “received”", ("naming", "answering")),
    (2, {"role": "respondent"}, "“forward” was done by “respondent”", ("coordinator", "stand_in")),
    (9, {"role": "representative"}, "“settle” was done by “representative”", ("critical_friend", "coordinator")),
    (2, {"party": 1}, "“forward” was done for a complainant", ("",)),
    (4, {"party": 0}, "“more_time” was done for nobody", ("respondent",)),
    (7, {"action": "object", "party": 0, "to": "naming", "from": "naming"}, "“object” cannot be done at “naming”",
     ("name_critical_friend", "suspend", "resume", "close_by_clock")),
    (2, {"procedure": "0" * 64}, UNDER_ANOTHER, (PROCEDURE.digest,)),
    # What it is filed as.
    (9, {"event": "case:acted"}, "it is filed as “case:acted”", ("case:closed",)),
    (9, {"outcome": "lapsed"}, "the case ends as “lapsed”", ("settled",)),
    (10, {"event": "case:acted"}, "it is filed as “case:acted”", ("case:reopened",)),
    (4, {"event": "case:closed", "outcome": ""}, "it is filed as “case:closed”", ("case:acted",)),
    # Limits.
    (2, limits([], [over("forward", "03-09", "met")]), "“forward” met the limit “forward”", ()),
    (2, limits([], [over("forward", "03-09", "late")]), "“forward” met the limit “forward”", ()),
    (4, limits([], [over("respond", "03-17", "kept", 2)]), "“more_time” met the limit “respond”", ("respond",)),
    (2, limits([], [over("help", None, "moot")]), "the limit “help” ended, and did not run",
     ("forward, due 2026-03-09", "whole, due 2026-06-02")),
    (7, limits([], [over("name_friend", None, "moot", 2)]), "the limit “name_friend” ended, and did not run",
     ("name_friend, due 2026-04-01", "whole, due on no day: it stands still")),
    (6, limits([begun("unheard_of", None)]), "the limit “unheard_of” began at “naming”", ("name_friend", "review", "whole")),
    (3, {"rung": -3}, "“respond” has no reminder -3", ("-2",)),
    (3, {"party": 1}, "the limit “respond” does not run with this day", ("whole, due 2026-06-02", "respond, due 2026-03-17")),
    (3, {"limit": "unheard_of"}, "the limit “unheard_of” does not run with this day", ("whole, due 2026-06-02", "respond, due 2026-03-17")),
    (3, {"due_on": "2026-03-18"}, "the limit “respond” does not run with this day", ("whole, due 2026-06-02", "respond, due 2026-03-17")),
    (5, {"then": "close_by_clock"}, "the end of “respond” leads to “close_by_clock”", ("second_notice_by_clock",)),
    (5, {"at": ROAD[2].at}, "“respond” ran out before its last day was over", ("2026-03-24",)),
    (8, {"then": "object"}, "the end of “objection” leads to “object”", ()),
    # Effects.
    (7, {"effects": {"part": "DD-2026-0002", "resumed": []}},
     "“name_critical_friend” had an effect that the procedure does not give it: part", ("appointed", "released", "paused", "resumed")),
    (4, {"effects": {"resumed": []}}, "“more_time” had an effect that the procedure does not give it: resumed", ("extended",)),
    (4, {"effects": {"paused": []}}, "“more_time” had an effect that the procedure does not give it: paused", ("extended",)),
])
def test_what_an_entry_says_against_the_procedure_is_named_with_what_it_allows(
        number: int, change: dict[str, Any], says: str, allowed: tuple[str, ...]) -> None:
    assert found(road(number, **change)) == [(says, allowed)]


@pytest.mark.parametrize(("number", "change"), [
    (1, {"effects": {"carried": {}}, "role": "operator", "action": "anything"}),
    (1, {"role": "stand_in"}),
    (2, {"procedure": PROCEDURE.digest}),
    (2, {"role": "stand_in"}),
    # Met in time by a letter that was entered late: the limit had run out, and ran no more.
    (4, {"action": "respond", "effects": {}, "role": "coordinator", **limits([], [over("respond", "03-10", "kept", 2)] * 2)}),
    (4, {"action": "respond", "role": "representative", "effects": {"positions": []}}),
    (4, {"action": "respond", "role": "stand_in", "to": "naming", "effects": {"paused": []}, **limits([begun("name_friend", "03-23")])}),
    (4, {"action": "suspend", "party": 0, "effects": {"paused": []}, **limits([begun("review", "04-13")])}),
    (4, {"action": "resume", "party": 0, "effects": {"resumed": []}, **limits()}),
    (8, {"event": "case:acted", "role": "complainant", "action": "object", "from": "helping", "to": "helping", "stage": "open", "party": 1,
         "effects": {}, **limits([], [over("objection", "04-01", "met")])}),
    (8, {"event": "case:acted", "role": "stand_in", "action": "object", "from": "helping", "to": "helping", "stage": "open", "party": 2,
         "effects": {}, **limits()}),
    (9, {"effects": {"resumed": []}}),
    (9, {"event": "case:acted", "action": "object", "role": "complainant", "party": 1, "to": "naming", "stage": "open",
         **limits([begun("name_friend", "04-14")])}),
    (10, {"role": "stand_in"}),
])
def test_what_the_procedure_allows_besides_is_no_deviation(number: int, change: dict[str, Any]) -> None:
    assert found(road(number, **change)) == []


def test_a_step_from_elsewhere_is_held_against_where_it_says_it_was() -> None:
    assert found(road(2, **{"from": "answering"})) == [
        ("it begins at “answering”, and the case was at “received”", ("received",)),
        ("“forward” cannot be done at “answering”", FROM_ANSWERING)]


def test_the_clock_does_what_a_limit_that_ran_out_leads_to_and_at_once() -> None:
    nothing_led = ("the clock did “second_notice_by_clock” when a limit had run out that leads to “nothing”", ())
    nobody_did = ("the clock did “nothing” when a limit had run out that leads to “second_notice_by_clock”", ("second_notice_by_clock",))

    assert found([*road(4), ROAD[5]]) == [nothing_led]
    assert found([*road(5, then=""), ROAD[5]]) == [nothing_led]
    assert nobody_did in found([*road(5), ROAD[3]])
    assert found(road(6, role="coordinator")) == [nobody_did, ("“second_notice_by_clock” was done by “coordinator”", ("clock",))]


def test_a_window_that_is_over_runs_no_more_and_another_limit_goes_on_until_a_step_ends_it() -> None:
    again = replace(ROAD[7], seq=9)

    assert found([*road(8), again]) == [
        ("the limit “objection” does not run with this day", ("help, due 2026-04-24", "whole, due 2026-06-04"))]
    assert found([*road(5, then=""), replace(ROAD[4], seq=6)]) == []


def test_a_log_begins_once_with_the_complaint() -> None:
    assert found([ROAD[1], *road(2), ROAD[0]]) == [("there is no case yet: it begins with the complaint", ()),
                                                   ("the case has begun already", FROM_ANSWERING)]


def test_an_entry_that_deviates_in_two_ways_is_one_entry_that_deviates() -> None:
    case = held(road(2, **{"from": "answering"}))

    assert ([one.seq for one in case.deviations], case.deviating) == ([2, 2], 1)
    assert isinstance(case.deviations[0], Deviation)


@pytest.mark.parametrize(("effects", "names"), [
    ({"appoints": Appoints("critical_friend", ("who",))}, {"appointed", "released"}),
    ({"releases": Releases("critical_friend")}, {"released", "objected"}),
    ({"declares_interest": True}, {"interested"}), ({"decides": Decides(True)}, {"decided"}), ({"position": "stand"}, {"positions"}),
    ({"adds_remedy": AddsRemedy("what", "kind", "owner", "due")}, {"remedy_added"}),
    ({"settles_remedy": SettlesRemedy("which", "done")}, {"remedy_settled"}), ({"links": Links("case", "joint")}, {"linked"}),
    ({"splits": "which"}, {"split", "part"}), ({"represents": Represents("by", "since")}, {"represented"}),
    ({"succeeded_by": "by"}, {"succeeded"}), ({"leaves": True}, {"left"})])
def test_only_a_step_to_which_the_file_gives_an_effect_has_it(effects: dict[str, Any], names: set[str]) -> None:
    every = ("appointed", "released", "interested", "objected", "decided", "positions", "remedy_added", "remedy_settled", "linked", "split",
             "part", "left", "represented", "succeeded", "paused", "resumed", "extended", "unheard_of")
    action = replace(PROCEDURE.actions["forward"], effects=Effects(**effects))
    able = replace(PROCEDURE, actions={**PROCEDURE.actions, "forward": action})

    told = held(road(2, effects=dict.fromkeys(every)), able).deviations

    assert {one.says.rpartition(": ")[2] for one in told} == {*every} - names
    assert all(set(one.allowed) == names for one in told)


def moved(event: str, source: str, target: str, **more: Any) -> Said:
    facts = {"from": source, "to": target, "stage": "open", "limits": NOTHING_MOVED, "old_procedure": PROCEDURE.digest,
             "new_procedure": NEXT.digest}
    return said(3, event, "03-04", "operator", {**facts, **more})


THERE = moved("case:migrated", "answering", "asked")


@pytest.mark.parametrize(("moves", "deviations"), [
    ([THERE], []),
    ([THERE, moved("case:migration_reverted", "asked", "answering")], []),
    ([moved("case:migrated", "answering", "answering")],
     [("the version that the case came to has no status “answering”", tuple(NEXT.statuses))]),
    ([moved("case:migrated", "answering", "asked", stage="ended")], [("“asked” is said to be in the stage “ended”", ("open",))]),
    ([moved("case:migrated", "answering", "asked", old_procedure="0" * 64)],
     [("it leaves another version than the one that the case stood under", (PROCEDURE.digest,))]),
    ([moved("case:migrated", "received", "asked")], [("it begins at “received”, and the case was at “answering”", ("answering",))]),
    ([THERE, moved("case:migration_reverted", "asked", "asked")],
     [("the version that the case came to has no status “asked”", tuple(PROCEDURE.statuses))]),
    ([THERE, moved("case:migration_reverted", "asked", "answering", new_procedure="0" * 64)],
     [("it leaves another version than the one that the case stood under", (NEXT.digest,))]),
    ([moved("case:recounted", "answering", "answering")], []),
    ([moved("case:recounted", "answering", "naming")], [("it moves the case to “naming”, and only a step does that", ("answering",))])])
def test_a_case_moves_to_another_version_and_back_and_nowhere_else(
        moves: list[Said], deviations: list[tuple[str, tuple[str, ...]]]) -> None:
    assert found([*road(2), *moves]) == deviations
