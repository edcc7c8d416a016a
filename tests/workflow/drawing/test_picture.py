"""The table, the SVG and Mermaid say the same as the procedure: no edge more, none less."""

from __future__ import annotations

import re
from dataclasses import replace
from xml.etree import ElementTree

from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.drawing.drawn import NARROW, WIDE
from breachdesk.workflow.drawing.mermaid import mermaid_of
from breachdesk.workflow.drawing.picture import Picture, picture_of, table_of
from breachdesk.workflow.drawing.svg import svg_of
from breachdesk.workflow.machine import move


def keys(picture: Picture) -> set[str]:
    return {edge.key for edge in picture.edges}


def drawn_in_svg(svg: str) -> list[str]:
    return [key for group in ElementTree.fromstring(svg).iter() for key in group.get("data-edges", "").split()]


def drawn_in_mermaid(picture: Picture, text: str) -> list[str]:
    names = {f"s{place.number}": place.status for place in picture.places.values()} | {"start": "start"}
    arrows = re.findall(r'^  (\w+) (-->|-\.->)\|"[^"|]+"\| (\w+)$', text, re.MULTILINE)
    return [f"{names[source]}>{names[target]}{'>clock' if line == '-.->' else ''}" for source, line, target in arrows]


def test_every_way_that_a_case_can_take_is_an_edge(procedure: Procedure) -> None:
    moves = {(status, move(procedure, status, action.name, settled=True, turn=turn))
             for action in procedure.actions.values() for status in action.sources for turn in ("", *action.targets)}

    edges = {(edge.source, edge.target) for edge in picture_of(procedure).edges if edge.source}

    assert edges == {(source, target) for source, target in moves if target and source != target}


def test_every_edge_is_in_the_svg_and_in_mermaid_just_once(any_procedure: Procedure) -> None:
    picture = picture_of(any_procedure)
    mermaid = drawn_in_mermaid(picture, mermaid_of(picture))

    assert sorted(mermaid) == sorted(keys(picture))
    for columns in (WIDE, NARROW):
        drawn = drawn_in_svg(svg_of(picture, columns))
        together = {edge.key for edge in picture.edges if {step.name for step in edge.steps} <= picture.anywhere}
        assert set(drawn) == keys(picture)
        assert {key for key in together if drawn.count(key) != 1} == set()


def test_every_step_of_every_edge_is_in_the_table_with_where_from_and_where_to(any_procedure: Procedure) -> None:
    picture = picture_of(any_procedure)
    rows = table_of(picture)
    named = {place.status: f"{place.number}. {place.title}" for place in picture.places.values()}

    for edge in picture.edges:
        for step in edge.steps:
            found = [row for row in rows if row.step == step.title and row.target == named[edge.target] and row.who == "; ".join(step.by)]
            place = named.get(edge.source, "Not begun")
            assert any(place in row.source or (step.name in picture.anywhere and "At any time" in row.source) for row in found), edge.key
    stays = [(place, step) for place in picture.places.values() for step in place.stays]
    assert all(any(row.step == step.title and row.target == "Where it was" for row in rows) for _, step in stays)


def test_the_svg_shows_every_status_and_the_words_of_every_step(procedure: Procedure) -> None:
    picture = picture_of(procedure)
    root = ElementTree.fromstring(svg_of(picture))
    shown = " ".join("".join(text.itertext()) for text in root.iter("{http://www.w3.org/2000/svg}text"))

    assert {one.get("data-status") for one in root.iter() if one.get("data-status")} == set(procedure.statuses)
    for edge in picture.edges:
        for step in edge.steps:
            assert all(word in shown for word in step.said.split())


def test_the_clocks_edges_say_when(procedure: Procedure) -> None:
    after = {(edge.source, step.name): step.after for edge in picture_of(procedure).edges if edge.by_clock for step in edge.steps}

    assert after["direct_no_response", "refer_to_critical_friend_by_clock"] == ("5 working days",)
    assert after["awaiting_referral_cf", "refer_to_critical_friend_by_clock"] == ("20 working days",)
    assert after["direct_open", "second_notice_by_clock"] == ("5 working days and then 10 working days",)
    assert after["cf_open", "end_critical_friend_stage_by_clock"] == ("20 working days in all",)


def test_a_step_that_leads_to_one_of_two_places_says_under_which_condition(procedure: Procedure) -> None:
    accept = replace(procedure.actions["accept"], target_if=(("panel_open", "a-remedy-is-open"),), moves_when="")
    picture = picture_of(replace(procedure, actions={**procedure.actions, "accept": accept}))

    only = {edge.target: step.only for edge in picture.edges for step in edge.steps if step.name == "accept"}

    assert only["panel_open"] == "if a remedy is open"
    assert only["closed"] == "otherwise"


def test_what_can_be_done_nearly_anywhere_is_drawn_once_and_the_exceptions_are_named(procedure: Procedure) -> None:
    sources = tuple(one for one in procedure.actions["withdraw"].sources if one != "panel_open")
    actions = {**procedure.actions, "withdraw": replace(procedure.actions["withdraw"], sources=sources)}
    picture = picture_of(replace(procedure, actions=actions))

    [row] = [row for row in table_of(picture) if row.step == "Stop the complaint"]

    assert row.source.startswith("At any time before the end, but not in ")
    assert row.source.endswith(f"{picture.places['panel_open'].number}. With the panel")
    assert svg_of(picture).count("Stop the complaint") == 1


def test_who_takes_a_step_is_said_in_short_in_the_picture_and_in_full_in_the_table(procedure: Procedure) -> None:
    roles = {**procedure.roles, "stand_in": "the stand-in", "representative": "a representative"}
    by = ("complainant", "respondent", "representative", "coordinator", "stand_in")
    refuse = replace(procedure.actions["refuse"], by=by)
    picture = picture_of(replace(procedure, roles=roles, actions={**procedure.actions, "refuse": refuse}))

    [step] = [step for edge in picture.edges for step in edge.steps if step.name == "refuse"]
    [row] = [row for row in table_of(picture) if row.step == step.title]

    assert step.who == f"either side, {procedure.roles['coordinator']}"
    assert row.who == "; ".join(roles[role] for role in by)
