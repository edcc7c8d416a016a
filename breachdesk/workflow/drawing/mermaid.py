"""A picture as Mermaid text, for documents and pages that draw it themselves. Whatever stands in a title is shown, never obeyed."""

from __future__ import annotations

from collections.abc import Iterator

from breachdesk.workflow.drawing.lettering import plain
from breachdesk.workflow.drawing.picture import START, Edge, Picture, Place

_SAFE = frozenset(" .,:!?()/–-'’“”")


def mermaid_of(picture: Picture) -> str:
    """A flowchart: stages as subgraphs, people's edges solid, the clock's dotted, ends with a double frame."""
    return "\n".join(_lines(picture)) + "\n"


def _lines(picture: Picture) -> Iterator[str]:
    numbers = {name: f"s{place.number}" for name, place in picture.places.items()} | {START: "start"}
    yield "flowchart TB"
    yield '  start(("The case begins"))'
    for at, lane in enumerate(picture.lanes, 1):
        yield f'  subgraph stage{at}["{_quoted(lane.title)}"]'
        yield from (f"    {numbers[place.status]}{_box(place)}" for place in lane.places)
        yield "  end"
    yield from (_arrow(edge, numbers) for edge in picture.edges)


def _box(place: Place) -> str:
    title = _quoted(f"{place.number}. {place.title}")
    return f'[["{title}"]]' if place.end else f'["{title}"]'


def _arrow(edge: Edge, numbers: dict[str, str]) -> str:
    words = "<br>".join(_quoted(step.said) for step in edge.steps)
    return f'  {numbers[edge.source]} {"-.->" if edge.by_clock else "-->"}|"{words}"| {numbers[edge.target]}'


def _quoted(text: str) -> str:
    """The text with every sign that Mermaid or HTML could take for something else as a number."""
    return "".join(one if one.isalnum() or one in _SAFE else f"#{ord(one)};" for one in plain(text))
