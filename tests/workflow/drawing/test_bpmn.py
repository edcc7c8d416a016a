"""BPMN: what it says is what the picture says, everything hangs together, and the OMG's own schema takes it."""

from __future__ import annotations

import os
from collections import Counter
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pytest
from lxml import etree

from breachdesk.workflow.definition import Procedure
from breachdesk.workflow.drawing.bpmn import bpmn_of
from breachdesk.workflow.drawing.bpmn_graph import graph_of, name_for
from breachdesk.workflow.drawing.picture import picture_of

MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
SHAPE = "{http://www.omg.org/spec/BPMN/20100524/DI}"
SCHEMAS = os.environ.get("BREACHDESK_SCHEMAS", "")


def read(text: str) -> Element:
    return ElementTree.fromstring(text.encode())


def by_id(root: Element) -> dict[str, Element]:
    return {one.attrib["id"]: one for one in root.iter() if "id" in one.attrib}


def test_every_edge_is_a_flow_between_its_statuses_and_the_clocks_begin_at_a_timer(any_procedure: Procedure) -> None:
    picture = picture_of(any_procedure)
    known = by_id(read(bpmn_of(picture)))

    for edge in picture.edges:
        for step in edge.steps if edge.by_clock else (None,):
            flow = known[name_for("flow", edge.source, edge.target, *((step.name,) if step else ()))]
            assert flow.attrib["targetRef"] == name_for("status", edge.target)
            source = known[flow.attrib["sourceRef"]]
            assert (source.tag == f"{MODEL}boundaryEvent") == edge.by_clock
            if step:
                assert source.attrib["attachedToRef"] == name_for("status", edge.source)
                assert source.findtext(f".//{MODEL}timeDuration") == " or ".join(step.after)
                assert source.attrib["name"] == step.said


def test_it_shows_no_way_that_the_picture_does_not(any_procedure: Procedure) -> None:
    picture = picture_of(any_procedure)

    assert {flow.edge for flow in graph_of(picture).flows if flow.edge} == {edge.key for edge in picture.edges}


def test_everybodys_steps_are_tasks_and_every_outcome_is_an_end(procedure: Procedure) -> None:
    root = read(bpmn_of(picture_of(procedure)))
    tasks = {one.attrib["id"] for one in root.iter(f"{MODEL}userTask")}
    people = [action for action in procedure.actions.values() if not action.by_clock_only]

    assert {name_for("task", status, action.name) for action in people for status in action.sources or ("",)} == tasks
    ended = {status.title for status in procedure.statuses.values() if status.final}
    ends = {one.attrib["name"] for one in root.iter(f"{MODEL}endEvent")}
    assert set(procedure.outcomes.values()) <= ends <= set(procedure.outcomes.values()) | ended
    assert [one.attrib["name"] for one in root.iter(f"{MODEL}lane")] == list(procedure.stages.values())
    refuse = by_id(root)[name_for("task", "screening", "refuse")]
    assert [one.attrib["name"] for one in refuse.iter(f"{MODEL}potentialOwner")] == [
        "; ".join(procedure.roles[role] for role in procedure.actions["refuse"].by)]


def test_everything_that_is_named_is_there_and_everything_there_is_drawn(any_procedure: Procedure) -> None:
    root = read(bpmn_of(picture_of(any_procedure)))
    known = by_id(root)
    drawn = Counter(one.attrib["bpmnElement"] for one in root.iter() if one.tag in (f"{SHAPE}BPMNShape", f"{SHAPE}BPMNEdge"))
    process = root.find(f"{MODEL}process")
    assert process is not None
    nodes = [one.attrib["id"] for one in process.iter() if "id" in one.attrib and one is not process
             and not one.tag.endswith(("laneSet", "timerEventDefinition", "potentialOwner"))]

    assert Counter(nodes) + Counter(["pool"]) == drawn
    for flow in root.iter(f"{MODEL}sequenceFlow"):
        source, target = (known[flow.attrib[name]] for name in ("sourceRef", "targetRef"))
        assert flow.attrib["id"] in [one.text for one in source.findall(f"{MODEL}outgoing")]
        assert flow.attrib["id"] in [one.text for one in target.findall(f"{MODEL}incoming")]
    in_lanes = Counter(one.text for one in root.iter(f"{MODEL}flowNodeRef"))
    assert set(in_lanes.values()) == {1}
    assert set(in_lanes) == {one.attrib["id"] for one in process if not one.tag.endswith(("laneSet", "sequenceFlow"))}


def test_statuses_stand_apart_in_their_lanes(any_procedure: Procedure) -> None:
    picture = picture_of(any_procedure)
    root = read(bpmn_of(picture))
    places = {shape.attrib["bpmnElement"]: [float(shape[0].attrib[name]) for name in ("x", "y", "width", "height")]
              for shape in root.iter(f"{SHAPE}BPMNShape")}

    for lane in picture.lanes:
        _, top, _, height = places[name_for("lane", lane.name)]
        for place in lane.places:
            _, y, _, high = places[name_for("status", place.status)]
            assert top < y < y + high < top + height
    boxes = [places[name_for("status", status)] for status in picture.places]
    assert all(a[0] + a[2] < b[0] or b[0] + b[2] < a[0] or a[1] + a[3] < b[1] or b[1] + b[3] < a[1] for a, b in combinations(boxes, 2))


def test_the_same_procedure_gives_the_same_bytes(procedure: Procedure) -> None:
    assert bpmn_of(picture_of(procedure)) == bpmn_of(picture_of(procedure))


def test_ids_are_stable_and_told_apart_whatever_the_names() -> None:
    assert name_for("status", "direct_open") == "status.direct_open"
    assert len({name_for(*parts) for parts in (("a.b",), ("a", "b"), ("a-2e-b",), ("a b",), ("é",), ("e",), ('"><x',))}) == 7


def test_hostile_titles_stay_titles(hostile_procedure: Procedure) -> None:
    picture = picture_of(hostile_procedure)
    quiet, drawn = read(bpmn_of(picture)), {flow.edge for flow in graph_of(picture).flows}

    assert not [one for one in quiet.iter() if "script" in one.tag or "CDATA" in one.tag]
    assert {edge.key for edge in picture.edges} <= drawn


@pytest.mark.skipif(not SCHEMAS, reason="BREACHDESK_SCHEMAS names no folder with the OMG's schemas (BPMN20.xsd and those it includes)")
def test_the_schema_of_the_omg_takes_it(any_procedure: Procedure, hostile_procedure: Procedure) -> None:
    [file] = Path(SCHEMAS).rglob("BPMN20.xsd")
    schema = etree.XMLSchema(etree.parse(file))

    for procedure in (any_procedure, hostile_procedure):
        assert schema.validate(etree.fromstring(bpmn_of(picture_of(procedure)).encode())), str(schema.error_log)
