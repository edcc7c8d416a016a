"""A picture as BPMN 2.0, with where everything stands, so that it opens in any modeller. The XML is the same for the same picture."""

from __future__ import annotations

from urllib.parse import quote
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from breachdesk.workflow.drawing.bpmn_graph import Flow, Graph, Node, graph_of, name_for
from breachdesk.workflow.drawing.bpmn_layout import EVENT, Bounds, Diagram, lay_out_bpmn
from breachdesk.workflow.drawing.lettering import plain
from breachdesk.workflow.drawing.picture import Picture

_SPACES = {
    "xmlns:bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL", "xmlns:bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "xmlns:dc": "http://www.omg.org/spec/DD/20100524/DC", "xmlns:di": "http://www.omg.org/spec/DD/20100524/DI",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"}
_POOL, _PROCESS, _COLLABORATION = "pool", "process", "collaboration"
_LABEL_WIDTH = 120
_LOOKS = {"adHocSubProcess": {"isExpanded": "true"}, "exclusiveGateway": {"isMarkerVisible": "true"}}


def bpmn_of(picture: Picture) -> str:
    """A collaboration with one pool, a lane for each stage, and the diagram of both."""
    graph = graph_of(picture)
    own = f"urn:breachdesk:procedure:{quote(plain(picture.title), safe='')}:{quote(plain(picture.version), safe='')}"
    root = Element("bpmn:definitions", {"xmlns": own, **_SPACES, "id": "definitions", "name": plain(picture.title), "targetNamespace": own})
    collaboration = SubElement(root, "bpmn:collaboration", {"id": _COLLABORATION})
    SubElement(collaboration, "bpmn:participant", {"id": _POOL, "name": plain(picture.title), "processRef": _PROCESS})
    _process(root, picture, graph)
    _diagram(root, picture, graph, lay_out_bpmn(picture, graph))
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _process(root: Element, picture: Picture, graph: Graph) -> None:
    process = SubElement(root, "bpmn:process", {"id": _PROCESS, "name": plain(picture.title), "isExecutable": "false"})
    lanes = SubElement(process, "bpmn:laneSet", {"id": "lanes"})
    for at, lane in enumerate(picture.lanes):
        element = SubElement(lanes, "bpmn:lane", {"id": name_for("lane", lane.name), "name": plain(lane.title)})
        for node in graph.nodes:
            if node.lane == at and not node.within:
                SubElement(element, "bpmn:flowNodeRef").text = node.id
    for node in graph.nodes:
        if not node.within:
            _node(process, node, graph)
    for flow in graph.flows:
        _flow(process, flow)


def _node(parent: Element, node: Node, graph: Graph) -> None:
    """The node with what the schema wants in it, in the schema's order: words, flows, owner, time, what stands within."""
    more = {"attachedToRef": node.on} if node.on else {"ordering": "Sequential"} if node.kind == "adHocSubProcess" else {}
    element = SubElement(parent, f"bpmn:{node.kind}", {"id": node.id, **({"name": node.name} if node.name else {}), **more})
    if node.says:
        SubElement(element, "bpmn:documentation").text = node.says
    for flow in graph.flows:
        if flow.target == node.id:
            SubElement(element, "bpmn:incoming").text = flow.id
    for flow in graph.flows:
        if flow.source == node.id:
            SubElement(element, "bpmn:outgoing").text = flow.id
    if node.who and node.kind == "userTask":
        SubElement(element, "bpmn:potentialOwner", {"id": f"{node.id}.by", "name": node.who})
    if node.kind == "boundaryEvent":
        timer = SubElement(element, "bpmn:timerEventDefinition", {"id": f"{node.id}.time"})
        SubElement(timer, "bpmn:timeDuration", {"xsi:type": "bpmn:tExpression"}).text = node.lasts
    for inner in graph.nodes:
        if inner.within == node.id:
            _node(element, inner, graph)


def _flow(process: Element, flow: Flow) -> None:
    element = SubElement(process, "bpmn:sequenceFlow", {"id": flow.id, **({"name": flow.name} if flow.name else {}),
                                                        "sourceRef": flow.source, "targetRef": flow.target})
    if flow.only:
        SubElement(element, "bpmn:conditionExpression", {"xsi:type": "bpmn:tExpression"}).text = flow.only


def _diagram(root: Element, picture: Picture, graph: Graph, diagram: Diagram) -> None:
    plane = SubElement(SubElement(root, "bpmndi:BPMNDiagram", {"id": "diagram"}), "bpmndi:BPMNPlane",
                       {"id": "plane", "bpmnElement": _COLLABORATION})
    _shape(plane, _POOL, diagram.pool, isHorizontal="true")
    for lane, bounds in zip(picture.lanes, diagram.lanes, strict=True):
        _shape(plane, name_for("lane", lane.name), bounds, isHorizontal="true")
    for node in graph.nodes:
        bounds = diagram.shapes[node.id]
        shape = _shape(plane, node.id, bounds, **_LOOKS.get(node.kind, {}))
        if bounds.width == EVENT:       # Other names stand in their shapes.
            down = EVENT / 2 + 4 if node.on else 4
            _bounds(SubElement(shape, "bpmndi:BPMNLabel"), Bounds(bounds.x + EVENT + 4, bounds.y + down, _LABEL_WIDTH, 28))
    for flow in graph.flows:
        _edge(plane, flow, diagram)


def _edge(plane: Element, flow: Flow, diagram: Diagram) -> None:
    edge = SubElement(plane, "bpmndi:BPMNEdge", {"id": f"{flow.id}.line", "bpmnElement": flow.id})
    for x, y in diagram.flows[flow.id]:
        SubElement(edge, "di:waypoint", {"x": f"{x:g}", "y": f"{y:g}"})
    if flow.name and flow.id in diagram.labels:
        _bounds(SubElement(edge, "bpmndi:BPMNLabel"), diagram.labels[flow.id])


def _shape(plane: Element, id: str, bounds: Bounds, **look: str) -> Element:
    shape = SubElement(plane, "bpmndi:BPMNShape", {"id": f"{id}.shape", "bpmnElement": id, **look})
    _bounds(shape, bounds)
    return shape


def _bounds(parent: Element, bounds: Bounds) -> None:
    SubElement(parent, "dc:Bounds", {name: f"{getattr(bounds, name):g}" for name in ("x", "y", "width", "height")})
