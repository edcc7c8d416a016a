"""A drawing with every coordinate, as frozen values: `layout` makes it of a picture, `svg` writes it down."""

from __future__ import annotations

from dataclasses import dataclass

from breachdesk.workflow.drawing.lettering import width_of
from breachdesk.workflow.drawing.picture import Edge, Place

TITLE, TEXT, SMALL = 15, 14, 13
LINE = 19
CORNER = 5
TAG, TAG_HEIGHT = 26, 20


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns stand: boxes, words, the tags with the number of the status that a step leads to. `beside`: words beside boxes."""

    box: int
    box_width: int
    words: int
    words_width: int
    beside: bool

    @property
    def tag(self) -> int:
        return self.words + self.words_width + 14

    @property
    def first_track(self) -> int:
        return self.tag + TAG + 14


# For screens and paper, and for a telephone, where only the tracks are beyond the edge.
WIDE = Columns(box=18, box_width=236, words=276, words_width=452, beside=True)
NARROW = Columns(box=13, box_width=265, words=18, words_width=214, beside=False)


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words: the step in `ink`, who takes it in `quiet` letters after it."""

    x: float
    y: float
    ink: str
    quiet: str = ""
    clock: bool = False

    @property
    def right(self) -> float:
        """Where the line ends, about."""
        between = 4 if self.ink and self.quiet else 0
        return self.x + width_of(self.ink, TEXT) + between + width_of(self.quiet, SMALL)


@dataclass(frozen=True, slots=True)
class Spot:
    """A status with its box. `place` is None for the start, which gets a dot, and for “at any time”."""

    place: Place | None
    title: tuple[str, ...]
    notes: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float
    start: bool = False


@dataclass(frozen=True, slots=True)
class Road:
    """An edge as it is drawn: its words, the corners of its line, where each further step joins it. `stands_for`: the edges' keys.

    The line of the first edge on a track leads into the box; that of any other ends where it joins the track, so that no dashes
    lie over each other.
    """

    edge: Edge
    stands_for: tuple[str, ...]
    words: tuple[Words, ...]
    joins: tuple[Words, ...]
    corners: tuple[tuple[float, float], ...]
    arrives: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A lane's strip; `title` stands at its top."""

    title: str
    number: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A drawing with every coordinate."""

    columns: Columns
    width: float
    height: float
    bands: tuple[Band, ...]
    spots: tuple[Spot, ...]
    roads: tuple[Road, ...]
    stays: tuple[Words, ...]
