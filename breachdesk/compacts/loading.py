"""Text → Compact or Scheme, or everything that is wrong with it.

The text is handed in (from `workflows/compacts/` and `workflows/schemes/`), so that this can be asked about a draft as well.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise

from breachdesk.compacts.editions import OWED_BY, SECTORS, STATUSES, Commitment, Compact, Edition, Measure, Operated, Principle
from breachdesk.compacts.schemes import MONTHS, NamedContact, Scheme
from breachdesk.errors import BadCompact, BadScheme
from breachdesk.strict_yaml import Node, Reading

_WORDS = (*OWED_BY, "other", "coordinator", "critical_friend", "panel", "steering_group")
_SLUG = (r"[a-z0-9]+(-[a-z0-9]+)*", "a short name in small letters, digits and hyphens")
_CODE = (r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*", "a number as printed (letters, digits and points)")
_AMOUNT = (r"[1-9][0-9]* (working )?(day|week|month|year)s?", "an amount like 3 months")
_PROCEDURE = (r"[a-z0-9]+(-[a-z0-9]+)*\.v[1-9][0-9]*", "a procedure and its version, like compact-dispute.v1,")
_PREFIX = (r"[A-Z]{2,6}", "two to six capital letters")
_EMAIL = (r"[^\s@,;<>\"]+@[^\s@,;<>\"]+\.[^\s@,;<>\"]+", "one e-mail address")
_TELEPHONE = (r"\+?[0-9][0-9 ]{6,18}", "a telephone number of digits and spaces")


def load_compact(text: str, file: str) -> Compact:
    """Read a Compact. Raises BadCompact with every fault and its place."""
    reading = Reading(file)
    root = reading.root(text)
    compact = _compact(reading, root) if root else None
    if compact is None or reading.faults:
        raise BadCompact(reading.faults)
    return compact


def load_scheme(text: str, file: str, compacts: Collection[Compact] | None = None) -> Scheme:
    """Read a scheme; with COMPACTS, also check that the editions it operates exist. Raises BadScheme with every fault and its place."""
    reading = Reading(file)
    root = reading.root(text)
    scheme = _scheme(reading, root, compacts) if root else None
    if scheme is None or reading.faults:
        raise BadScheme(reading.faults)
    return scheme


class _Fields:
    """The fields of one mapping, each asked for by name; a missing one was noted once and reads as nothing."""

    def __init__(self, reading: Reading, node: Node, required: Collection[str], optional: Collection[str] = ()) -> None:
        self._reading = reading
        self._entries = reading.entries(node, required=required, optional=optional)

    def node(self, name: str) -> Node | None:
        return self._entries.get(name)

    def text(self, name: str, among: Collection[str] | None = None) -> str:
        node = self.node(name)
        return self._reading.text(node, among=among) if node else ""

    def formed(self, name: str, form: tuple[str, str]) -> str:
        node = self.node(name)
        return _formed(self._reading, node, form) if node else ""

    def day(self, name: str) -> date | None:
        node = self.node(name)
        return self._reading.day(node) if node else None

    def items(self, name: str) -> tuple[Node, ...]:
        """The items of a list that must have at least one."""
        node = self.node(name)
        items = self._reading.items(node) if node else ()
        if node and node.value == ():
            self._reading.fault(node, f"“{name}” needs at least one item")
        return items


def _formed(reading: Reading, node: Node, form: tuple[str, str]) -> str:
    pattern, what = form
    text = reading.text(node)
    if text and not re.fullmatch(pattern, text):
        reading.fault(node, f"“{text}” does not do here: {what} is expected")
    return text


def _named(reading: Reading, node: Node, what: str) -> Iterator[tuple[Node, Node]]:
    """The names of a mapping whose names are the file's own, each with its value."""
    entries = reading.entries(node, optional=None)
    if node.value == {}:
        reading.fault(node, f"{what} are expected here, and there are none")
    for name, value in entries.items():
        if not name.strip():
            reading.fault(node.keys[name], "this name is empty")
        yield node.keys[name], value


def _repeated(reading: Reading, nodes: Collection[Node], where: str) -> None:
    first: dict[str, Node] = {}
    for node in nodes:
        if isinstance(node.value, str) and first.setdefault(node.value, node) is not node:
            reading.fault(node, f"“{node.value}” stands twice in {where}; it is first on line {first[node.value].line}")


def _compact(reading: Reading, root: Node) -> Compact:
    fields = _Fields(reading, root, ("slug", "title", "vocabulary", "editions"))
    items = fields.items("editions")
    labels = [item.value["label"] for item in items if isinstance(item.value, dict) and "label" in item.value]
    _repeated(reading, labels, "this Compact")
    return Compact(
        slug=fields.formed("slug", _SLUG),
        title=fields.text("title"),
        vocabulary=_vocabulary(reading, fields.node("vocabulary"), required=SECTORS),
        editions=tuple(_edition(reading, item) for item in items),
    )


def _vocabulary(reading: Reading, node: Node | None, required: Collection[str] = ()) -> dict[str, str]:
    words = reading.entries(node, required=required, optional=_WORDS) if node else {}
    return {word: reading.text(said) for word, said in words.items()}


def _edition(reading: Reading, node: Node) -> Edition:
    fields = _Fields(reading, node, ("label", "dated_on", "status", "remedy_text", "commitments"), ("comment", "principles", "measures"))
    label, themes = fields.text("label"), fields.node("commitments")
    principles = fields.node("principles")
    return Edition(
        label=label,
        dated_on=fields.day("dated_on") or date.min,
        status=fields.text("status", among=STATUSES),
        comment=fields.text("comment"),
        principles=tuple(Principle(str(name.value), reading.text(said)) for name, said in _named(reading, principles, "principles"))
        if principles else (),
        commitments=_commitments(reading, themes, fields.node("measures"), label) if themes else (),
        remedy_text="\n\n".join(reading.text(paragraph) for paragraph in fields.items("remedy_text")),
    )


def _commitments(reading: Reading, themes: Node, measures: Node | None, label: str) -> tuple[Commitment, ...]:
    found = list(_by_theme(reading, themes))
    codes = [code for code, _ in found]
    _repeated(reading, codes, f"edition {label}")
    held = _measures(reading, measures, {code.value for code in codes}, label) if measures else {}
    return tuple(Commitment(str(code.value), *fields, held.get(str(code.value))) for code, fields in found)


def _by_theme(reading: Reading, themes: Node) -> Iterator[tuple[Node, tuple[str, str, str, str]]]:
    """Every commitment's number, with theme, section, sector and wording."""
    for theme, sections in _named(reading, themes, "themes"):
        for section, sectors in _named(reading, sections, "sections"):
            owed = reading.entries(sectors, optional=OWED_BY)
            if sectors.value == {}:
                reading.fault(sectors, f"say who owes what: {', '.join(OWED_BY)}")
            for owed_by, texts in owed.items():
                for code, text in _named(reading, texts, "commitments"):
                    _formed(reading, code, _CODE)
                    yield code, (str(theme.value), str(section.value), owed_by, reading.text(text))


def _measures(reading: Reading, node: Node, codes: Collection[object], label: str) -> dict[str, Measure]:
    held = {}
    for code, value in _named(reading, node, "measures"):
        if code.value not in codes:
            reading.fault(code, f"there is no commitment {code.value} in edition {label}")
        held[str(code.value)] = _measure(reading, value)
    return held


def _measure(reading: Reading, node: Node) -> Measure:
    fields = _Fields(reading, node, ("of",), ("at_least", "at_most"))
    given = [name for name in ("at_least", "at_most") if fields.node(name)]
    if len(given) != 1 and isinstance(node.value, dict):
        reading.fault(node, "say either at_least or at_most")
    amounts = [fields.formed(name, _AMOUNT) for name in given]
    return Measure("at_least" in given, amounts[0] if amounts else "", fields.text("of"))


def _scheme(reading: Reading, root: Node, compacts: Collection[Compact] | None) -> Scheme:
    fields = _Fields(reading, root, ("slug", "title", "areas", "compact", "operates", "procedure", "calendar", "controller",
                                     "controller_contact", "critical_friends", "reference_prefix"),
                     ("vocabulary", "year_starts", "findings"))
    area_nodes, findings = fields.items("areas"), fields.node("findings")
    _repeated(reading, area_nodes, "areas")
    areas = tuple(reading.text(area) for area in area_nodes)
    return Scheme(
        slug=fields.formed("slug", _SLUG),
        title=fields.text("title"),
        areas=areas,
        compact=fields.formed("compact", _SLUG),
        operates=_operates(reading, fields, compacts),
        procedure=fields.formed("procedure", _PROCEDURE),
        calendar=fields.formed("calendar", _SLUG),
        controller=fields.text("controller"),
        controller_contact=fields.formed("controller_contact", _EMAIL),
        vocabulary=_vocabulary(reading, fields.node("vocabulary")),
        critical_friends=_critical_friends(reading, root, fields, areas),
        reference_prefix=fields.formed("reference_prefix", _PREFIX),
        year_starts=MONTHS.index(fields.text("year_starts", among=MONTHS) or "April") + 1,
        findings=reading.flag(findings) if findings else False,
    )


def _operates(reading: Reading, fields: _Fields, compacts: Collection[Compact] | None) -> tuple[Operated, ...]:
    labels = _known_labels(reading, fields.node("compact"), compacts)
    read = [(item, _operated(reading, item, labels)) for item in fields.items("operates")]
    dated = sorted(((item, one) for item, one in read if one.from_on > date.min), key=lambda pair: pair[1].from_on)
    for (_, earlier), (item, later) in pairwise(dated):
        if earlier.covers(later.from_on):
            reading.fault(item, f"{later.edition_label} begins on {later.from_on} while {earlier.edition_label} is still operated: "
                                f"let {earlier.edition_label} end the day before")
    return tuple(one for _, one in read)


def _known_labels(reading: Reading, slug: Node | None, compacts: Collection[Compact] | None) -> tuple[str, ...] | None:
    """The labels of the Compact's editions; None when nobody said which Compacts there are, or there is no such one."""
    if compacts is None or slug is None:
        return None
    known = {compact.slug: compact for compact in compacts}
    named = known.get(reading.text(slug, among=known))
    return tuple(edition.label for edition in named.editions) if named else None


def _operated(reading: Reading, node: Node, labels: Collection[str] | None) -> Operated:
    fields = _Fields(reading, node, ("edition", "from"), ("to",))
    from_on, to_on = fields.day("from") or date.min, fields.day("to")
    to_node = fields.node("to")
    if to_node and to_on and date.min < to_on < from_on:
        reading.fault(to_node, f"the last day, {to_on}, is before the first, {from_on}")
    return Operated(fields.text("edition", among=labels), from_on, to_on)


def _critical_friends(reading: Reading, root: Node, fields: _Fields, areas: Collection[str]) -> tuple[NamedContact, ...]:
    friends = tuple(_named_contact(reading, item, areas) for item in fields.items("critical_friends"))
    covered = {(friend.sector, friend.area) for friend in friends}
    for area in areas if friends else ():
        for sector in SECTORS:
            if area and (sector, area) not in covered:
                reading.fault(root.keys["critical_friends"], f"no critical friend for the {sector} sector in {area}")
    return friends


def _named_contact(reading: Reading, node: Node, areas: Collection[str]) -> NamedContact:
    fields = _Fields(reading, node, ("sector", "area", "post", "organisation", "email", "telephone"), ("name",))
    return NamedContact(
        sector=fields.text("sector", among=SECTORS),
        area=fields.text("area", among=areas),
        post=fields.text("post"),
        organisation=fields.text("organisation"),
        email=fields.formed("email", _EMAIL),
        telephone=fields.formed("telephone", _TELEPHONE),
        name=fields.text("name"),
    )
