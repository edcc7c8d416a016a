"""A laid-out drawing as SVG: no script, no style, no font of its own; every difference is said by form and words, not by colour alone."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, tostring

from breachdesk.workflow.drawing.drawn import (
    CORNER,
    LINE,
    SMALL,
    TAG,
    TAG_HEIGHT,
    TEXT,
    TITLE,
    WIDE,
    Band,
    Columns,
    Layout,
    Road,
    Spot,
    Words,
)
from breachdesk.workflow.drawing.layout import lay_out
from breachdesk.workflow.drawing.lettering import plain
from breachdesk.workflow.drawing.picture import Edge, Picture

FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif"
INK, QUIET, PAPER, DESK, TIME, RULE, SHADE = "#0b0c0c", "#484949", "#ffffff", "#1f5c4d", "#6b2d75", "#b1b4b6", "#e9f0ee"
_DASH = "6 4"


def svg_of(picture: Picture, columns: Columns = WIDE, *, id: str = "picture") -> str:
    """The picture as an `svg` element, the same for the same picture. ID begins the ids in it, where a page holds several."""
    return tostring(_Pen(picture, lay_out(picture, columns), id).drawn(), encoding="unicode")


def svg_file(picture: Picture, columns: Columns = WIDE) -> str:
    """The picture as a file of its own."""
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{svg_of(picture, columns)}\n'


def _description_of(picture: Picture) -> str:
    """What somebody hears who does not see the picture."""
    if picture.own:
        return plain(_way_told(picture))
    stages = "; ".join(f"{lane.title}: {', '.join(f'{one.number} {one.title}' for one in lane.places)}" for lane in picture.lanes)
    return plain(f"Stages from top to bottom, with their statuses. {stages}. The table on this page says the same in words.")


def _way_told(picture: Picture) -> str:
    places = picture.places
    leads = [(bool(edge.days), f"{step.said}, to {places[edge.target].number} {places[edge.target].title}")
             for edge in picture.edges for step in edge.steps]
    now = " ".join(f"Now in {one.number} {one.title}." for one in places.values() if one.here)
    ahead = "; ".join(step for done, step in leads if not done)
    return f"So far: {'; '.join(step for done, step in leads if done)}. {now} Can come next: {ahead or 'nothing'}."


class _Pen:
    """Draws one layout; it lives for one picture."""

    def __init__(self, picture: Picture, layout: Layout, id: str) -> None:
        self.picture, self.layout, self.id = picture, layout, id
        width, height = round(layout.width), round(layout.height)
        self.root = Element("svg", {
            "xmlns": "http://www.w3.org/2000/svg", "viewBox": f"0 0 {width} {height}", "width": str(width), "height": str(height),
            "role": "img", "aria-labelledby": f"{id}-title {id}-description", "focusable": "false",
            "font-family": FONT, "font-size": str(TEXT), "fill": INK})

    def drawn(self) -> Element:
        SubElement(self.root, "title", {"id": f"{self.id}-title"}).text = plain(self.picture.title)
        SubElement(self.root, "desc", {"id": f"{self.id}-description"}).text = _description_of(self.picture)
        self._rect(self.root, 0, 0, self.layout.width, self.layout.height, fill=PAPER)
        for band in self.layout.bands:
            self._band(band)
        for road in sorted(self.layout.roads, key=lambda road: bool(road.edge.days)):
            self._road(road)
        for line in self.layout.stays:
            self._words(self.root, line)
        for spot in self.layout.spots:
            self._spot(spot)
        return self.root

    def _band(self, band: Band) -> None:
        self._rect(self.root, 1, band.y, self.layout.width - 2, band.height, fill=PAPER, stroke=RULE)
        self._rect(self.root, 1, band.y, self.layout.width - 2, 28, fill=SHADE)
        self._rect(self.root, 1, band.y, 6, band.height, fill=DESK)
        title = f"Stage {band.number}: {band.title}" if band.number else band.title
        self._text(self.root, self.layout.columns.box, band.y + 19, title, size=TITLE, bold=True)

    def _spot(self, spot: Spot) -> None:
        group = SubElement(self.root, "g", {"data-status": plain(spot.place.status)} if spot.place else {})
        if spot.place is None:
            if spot.start:
                self._circle(group, spot.x + 8, spot.y + 18, 7, fill=INK)
            for at, line in enumerate(spot.title):
                self._text(group, spot.x + (24 if spot.start else 0), spot.y + 23 + LINE * at, line, size=TITLE, bold=True)
            return
        next_only = self.picture.own and not spot.place.days and not spot.place.here
        look = {"fill": SHADE if spot.place.here else PAPER, "stroke": INK, "stroke-width": "4" if spot.place.here else "1.5", "rx": "6"}
        self._rect(group, spot.x, spot.y, spot.width, spot.height, **look, **({"stroke-dasharray": "3 4"} if next_only else {}))
        if spot.place.end:
            inner = {"fill": "none", "stroke": INK, "stroke-width": "1.5", "rx": "3"}
            self._rect(group, spot.x + 4, spot.y + 4, spot.width - 8, spot.height - 8, **inner)
        self._text(group, spot.x + 20, spot.y + 26, str(spot.place.number), size=17, bold=True, anchor="middle")
        for at, line in enumerate(spot.title):
            self._text(group, spot.x + 38, spot.y + 25 + LINE * at, line, size=TITLE, bold=True)
        for at, line in enumerate(spot.notes):
            self._text(group, spot.x + 38, spot.y + 24 + LINE * len(spot.title) + 17 * at, line, size=SMALL, bold=self.picture.own)

    def _road(self, road: Road) -> None:
        group = SubElement(self.root, "g", {"data-edges": " ".join(plain(one) for one in road.stands_for)})
        look = _look(road.edge)
        self._path(group, _rounded(road.corners), look)
        for words in road.joins:
            tag = self.layout.columns.tag - 6
            self._path(group, f"M{words.right + 8:g} {words.y - 5:g}H{tag:g}V{road.corners[0][1]:g}", look)
        if road.arrives:
            self._arrow(group, road.corners[3], look["stroke"])
        self._tag(group, road)
        for line in road.words:
            self._words(group, line)

    def _tag(self, group: Element, road: Road) -> None:
        x, y = self.layout.columns.tag, road.corners[0][1]
        self._rect(group, x, y - TAG_HEIGHT / 2, TAG, TAG_HEIGHT, fill=PAPER, stroke=INK, rx="9")
        self._text(group, x + TAG / 2, y + 5, str(self.picture.places[road.edge.target].number), size=SMALL, bold=True, anchor="middle")

    def _words(self, group: Element, line: Words) -> None:
        if line.clock:
            x, y = line.x - 12, line.y - 5
            self._circle(group, x, y, 7, fill=PAPER, stroke=TIME, **{"stroke-width": "2"})
            self._path(group, f"M{x:g} {y - 4:g}V{y:g}H{x + 3:g}", {"stroke": TIME, "stroke-width": "2"})
        text = SubElement(group, "text", {"x": f"{line.x:g}", "y": f"{line.y:g}"})
        text.text = line.ink
        if line.quiet:
            SubElement(text, "tspan", {"fill": QUIET, "font-size": str(SMALL), **({"dx": "4"} if line.ink else {})}).text = line.quiet

    def _arrow(self, group: Element, tip: tuple[float, float], colour: str) -> None:
        x, y = tip
        SubElement(group, "path", {"d": f"M{x:g} {y:g}l9 -4.5v9z", "fill": colour})

    def _path(self, group: Element, way: str, look: dict[str, str]) -> None:
        SubElement(group, "path", {"d": way, "fill": "none", **look})

    def _rect(self, group: Element, x: float, y: float, width: float, height: float, **look: str) -> None:
        SubElement(group, "rect", {"x": f"{x:g}", "y": f"{y:g}", "width": f"{width:g}", "height": f"{height:g}", **look})

    def _circle(self, group: Element, x: float, y: float, radius: float, **look: str) -> None:
        SubElement(group, "circle", {"cx": f"{x:g}", "cy": f"{y:g}", "r": f"{radius:g}", **look})

    def _text(self, group: Element, x: float, y: float, text: str, *, size: int, bold: bool = False, anchor: str = "") -> None:
        look = {"font-size": str(size), **({"font-weight": "700"} if bold else {}), **({"text-anchor": anchor} if anchor else {})}
        SubElement(group, "text", {"x": f"{x:g}", "y": f"{y:g}", **look}).text = text


def _look(edge: Edge) -> dict[str, str]:
    """Solid for people, dashed for the clock; what was done is drawn thick."""
    look = {"stroke": TIME if edge.by_clock else DESK, "stroke-width": "4" if edge.days else "2"}
    return {**look, "stroke-dasharray": _DASH} if edge.by_clock else look


def _rounded(corners: tuple[tuple[float, float], ...]) -> str:
    """From the words to the track, round the corner, and, unless it only joins the track, along it and into the box."""
    (x, y), (track, _), (_, entry) = corners[:3]
    turn = min(CORNER, abs(entry - y) / (2 if corners[3:] else 1)) * (1 if entry > y else -1)
    begins = f"M{x:g} {y:g}H{track - CORNER:g}Q{track:g} {y:g} {track:g} {y + turn:g}"
    return begins + (f"V{entry - turn:g}Q{track:g} {entry:g} {track - CORNER:g} {entry:g}H{corners[3][0]:g}" if corners[3:] else "")
