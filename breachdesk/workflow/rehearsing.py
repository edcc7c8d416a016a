"""Text → Rehearsal, or everything that is wrong with it: a story about a case, with what is expected on the way.

`casework.rehearsals.rehearsing` plays it on a practice desk with a stopped clock. The file's language: docs/workflow-files.md.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from breachdesk.errors import BadRehearsal
from breachdesk.strict_yaml import Node, Reading
from breachdesk.workflow.definition import CLOCK, PARTY_SIDES, Action, Procedure

NOT_RUNNING, STANDING_STILL = "not running", "standing still"
Given = str | tuple[str, ...]
_COUNTED = re.compile(r"(?:(working day|day) ([0-9]{1,4})|([1-9][0-9]{0,3}) (working day|day)s? later)")
_SCENE = ("when", "until", "clock does", "who", "does", "with", "for", "case", "begins", "expect")
_EXPECTED = ("status", "outcome", "paused", "due", "told", "not told", "refused", "handling days")
_A_DAY = "a day is written “day 3”, “working day 12”, “2 working days later” or 2026-03-02"


@dataclass(frozen=True, slots=True)
class Day:
    """A day as a story tells it: `counted` in days or working days from the beginning (or `later` than the step before), or by its date."""

    counted: str = ""
    n: int = 0
    later: bool = False
    on: date | None = None

    def __str__(self) -> str:
        if self.on:
            return self.on.isoformat()
        return f"{self.n} {self.counted}{'' if self.n == 1 else 's'} later" if self.later else f"{self.counted} {self.n}"


@dataclass(frozen=True, slots=True)
class Person:
    """Who plays a part: somebody of an organisation, somebody of the practice desk by name, or somebody invented who `holds` an office."""

    part: str
    line: int
    named: str = ""
    organisation: str = ""
    holds: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Due:
    """When a limit is expected to end: a day, or NOT_RUNNING or STANDING_STILL; `part` says whose, where each side has its own."""

    limit: str
    when: Day | str
    part: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A message that is expected, and (if the story says so) to just whom."""

    notice: str
    to: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Expected:
    """What is to hold after a step, or at the end; what is empty is not looked at."""

    line: int = 0
    status: str = ""
    outcome: str = ""
    paused: bool | None = None
    due: tuple[Due, ...] = ()
    told: tuple[Told, ...] = ()
    not_told: tuple[str, ...] = ()
    refused: str = ""
    handling_days: int | None = None


NOTHING = Expected()


@dataclass(frozen=True, slots=True)
class Scene:
    """One step of the story: time passes to a day; then somebody does something, unless it only says `until`.

    `case` names the case that it is about, where there are several; `party` the part whose organisation the step is for.
    """

    line: int
    when: Day | None
    clock_does: tuple[str, ...] = ()
    who: str = ""
    does: str = ""
    answers: Mapping[str, Given] = field(default_factory=dict)
    party: str = ""
    case: str = ""
    begins: str = ""
    expect: Expected = NOTHING


@dataclass(frozen=True)
class Rehearsal:
    """A story about a case: who plays whom, what they do on which day, and what is expected. `shows` is what it is good for."""

    file: str
    title: str
    shows: str
    procedure: str
    scheme: str
    begins: date
    people: Mapping[str, Person]
    story: tuple[Scene, ...]
    end: Expected


def load_rehearsal(text: str, file: str, procedures: Mapping[str, Procedure]) -> Rehearsal:
    """Read a rehearsal of one of PROCEDURES (by the name of its file). Raises BadRehearsal with every fault."""
    reading = Reading(file)
    root = reading.root(text)
    needed = ("rehearsal", "shows", "procedure", "scheme", "begins", "people", "story", "at the end")
    top = reading.entries(root, required=needed) if root else {}
    name = reading.text(top["procedure"], among=procedures, what="the name of a procedure") if "procedure" in top else ""
    if name not in procedures or any(one not in top for one in needed):
        raise BadRehearsal(reading.faults)
    reader = _Reader(reading, procedures[name], list(top["people"].value) if isinstance(top["people"].value, dict) else [])
    rehearsal = Rehearsal(
        file, reading.text(top["rehearsal"]), reading.text(top["shows"]), name, reading.text(top["scheme"]), reading.day(top["begins"]),
        reader.people(top["people"]), tuple(reader.scene(node) for node in reading.items(top["story"])), reader.expected(top["at the end"]))
    if reading.faults:
        raise BadRehearsal(reading.faults)
    return rehearsal


def day_told(text: str) -> Day | None:
    """The day that a story counts (“day 3”, “working day 12”, “2 working days later”); None when the text is no such day."""
    found = _COUNTED.fullmatch(text)
    if found is None:
        return None
    counted, n, later_n, later = found.groups()
    return Day(counted or later, int(n or later_n), later is not None)


class _Reader:
    """Reads the parts of one rehearsal against the procedure that it is about."""

    def __init__(self, reading: Reading, procedure: Procedure, parts: Collection[str]) -> None:
        self.reading, self.procedure = reading, procedure
        self.parts = (*parts, *(role for role in procedure.roles if role not in (*parts, *PARTY_SIDES, CLOCK)))

    def people(self, node: Node) -> dict[str, Person]:
        found = {part: self._person(part, one) for part, one in self.reading.entries(node, optional=None).items()}
        for side in PARTY_SIDES:
            if side not in found:
                self.reading.fault(node, f"nobody plays the {side}: name an organisation, like “{side}: Riverside Carers”")
        return found

    def _person(self, part: str, node: Node) -> Person:
        if isinstance(node.value, str):
            return Person(part, node.line, named=self.reading.text(node, what="an organisation or a person"))
        entries = self.reading.entries(node, required=("holds",), optional=("of", "sector"))
        roles = [role for role in self.procedure.roles if role not in (*PARTY_SIDES, CLOCK)]
        return Person(part, node.line, organisation=self._text(entries, "of"), holds=self._text(entries, "holds", roles),
                      sector=self._text(entries, "sector", ("statutory", "voluntary", "other")))

    def scene(self, node: Node) -> Scene:
        entries = self.reading.entries(node, optional=_SCENE)
        if ("does" in entries) == ("until" in entries):
            self.reading.fault(node, "a step either says who “does” what, or “until” which day only time passes")
        if "does" in entries and "who" not in entries:
            self.reading.fault(node, "“who” is missing: who does it?")
        when = entries.get("when") or entries.get("until")
        by_hand = [one.name for one in self.procedure.actions.values() if not one.by_clock_only]
        does = self._text(entries, "does", by_hand)
        action = self.procedure.actions.get(does)
        return Scene(
            node.line, self._day(when) if when else None, self._texts(entries, "clock does", self._of_the_clock()),
            self._text(entries, "who", self.parts), does, self._answers(entries["with"], action) if "with" in entries and action else {},
            self._text(entries, "for", self.parts), self._text(entries, "case"), self._text(entries, "begins"),
            self.expected(entries["expect"]) if "expect" in entries else NOTHING)

    def _of_the_clock(self) -> list[str]:
        return [one.name for one in self.procedure.actions.values() if CLOCK in one.by]

    def _answers(self, node: Node, action: Action) -> dict[str, Given]:
        """The answers as they are written: each question's own reader makes sense of them when the step is taken."""
        entries = self.reading.entries(node, optional=[ask.name for ask in action.asks])
        return {name: self._given(one) for name, one in entries.items()}

    def _given(self, node: Node) -> Given:
        if isinstance(node.value, str):
            return node.value
        return tuple(item.value if isinstance(item.value, str) else self.reading.text(item) for item in self.reading.items(node))

    def expected(self, node: Node) -> Expected:
        entries = self.reading.entries(node, optional=_EXPECTED)
        notices = self.procedure.notices
        return Expected(
            node.line, self._text(entries, "status", self.procedure.statuses), self._text(entries, "outcome", self.procedure.outcomes),
            self.reading.flag(entries["paused"]) if "paused" in entries else None,
            tuple(self._due(entries["due"])) if "due" in entries else (), tuple(self._told(entries["told"])) if "told" in entries else (),
            self._texts(entries, "not told", notices), self._text(entries, "refused"),
            self.reading.whole(entries["handling days"]) if "handling days" in entries else None)

    def _due(self, node: Node) -> Iterator[Due]:
        for limit, one in self.reading.entries(node, optional=self.procedure.limits).items():
            if isinstance(one.value, dict):
                yield from (Due(limit, self._due_day(day), part)
                            for part, day in self.reading.entries(one, optional=self.parts).items())
            else:
                yield Due(limit, self._due_day(one))

    def _due_day(self, node: Node) -> Day | str:
        return str(node.value) if node.value in (NOT_RUNNING, STANDING_STILL) else self._day(node)

    def _told(self, node: Node) -> Iterator[Told]:
        if not isinstance(node.value, dict):
            yield from (Told(name) for name in self.reading.texts(node, among=self.procedure.notices))
            return
        for name, one in self.reading.entries(node, optional=self.procedure.notices).items():
            yield Told(name, self.reading.texts(one, among=self.parts))

    def _day(self, node: Node) -> Day:
        if isinstance(node.value, str) and (told := day_told(node.value)):
            return told
        if isinstance(node.value, str) and re.fullmatch(r"[0-9]{4}-.*", node.value):
            return Day(on=self.reading.day(node))
        self.reading.fault(node, _A_DAY)
        return Day("day")

    def _text(self, entries: Mapping[str, Node], name: str, among: Collection[str] | None = None) -> str:
        return self.reading.text(entries[name], among=among) if name in entries else ""

    def _texts(self, entries: Mapping[str, Node], name: str, among: Collection[str]) -> tuple[str, ...]:
        """Names, some of which may stand there twice (the clock does the same for each of two organisations)."""
        if name not in entries:
            return ()
        node = entries[name]
        items = self.reading.items(node) if isinstance(node.value, tuple) else (node,)
        return tuple(self.reading.text(item, among=among) for item in items)
