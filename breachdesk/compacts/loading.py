"""Text → Compact or Scheme, or everything that is wrong with it.

The text is handed in (from `workflows/compacts/` and `workflows/schemes/`), so that this can be asked about a draft as well.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import pairwise

from breachdesk.compacts.editions import (
    OWED_BY,
    SECTORS,
    STATUSES,
    Commitment,
    Compact,
    Edition,
    Follows,
    Measure,
    Operated,
    Principle,
)
from breachdesk.compacts.fields import AMOUNT, SLUG, Fields, formed, named, repeated
from breachdesk.compacts.lives import NO_LIFE
from breachdesk.compacts.loading_lives import read_code, read_life
from breachdesk.compacts.schemes import MONTHS, PAPERS, REVIEWS, NamedContact, Scheme
from breachdesk.errors import BadCompact, BadScheme
from breachdesk.strict_yaml import Node, Reading

_WORDS = (*OWED_BY, "other", "coordinator", "critical_friend", "panel", "steering_group")
CODE = (r"[0-9A-Za-z]+([.-][0-9A-Za-z]+)*", "a number as printed (letters, digits and points)")
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


def _compact(reading: Reading, root: Node) -> Compact:
    fields = Fields(reading, root, ("slug", "title", "vocabulary", "editions"), ("about", "supersedes", "codes_of_practice", "life"))
    items, life = fields.items("editions"), fields.node("life")
    labels = [item.value["label"] for item in items if isinstance(item.value, dict) and "label" in item.value]
    repeated(reading, labels, "this Compact")
    return Compact(
        slug=fields.formed("slug", SLUG),
        title=fields.text("title"),
        vocabulary=_vocabulary(reading, fields.node("vocabulary"), required=SECTORS),
        editions=tuple(_edition(reading, item, fields.node("slug")) for item in items),
        about=fields.text("about"),
        supersedes=fields.texts("supersedes"),
        codes=tuple(read_code(reading, item) for item in fields.items("codes_of_practice")),
        life=read_life(reading, life) if life else NO_LIFE,
    )


def _vocabulary(reading: Reading, node: Node | None, required: Collection[str] = ()) -> dict[str, str]:
    words = reading.entries(node, required=required, optional=_WORDS) if node else {}
    return {word: reading.text(said) for word, said in words.items()}


def _edition(reading: Reading, node: Node, slug: Node | None) -> Edition:
    fields = Fields(reading, node, ("label", "dated_on", "status"), (
        "comment", "dated_as", "follows", "no_wording", "numbers_are_ours", "principles", "remedy_text", "measures", "commitments"))
    label, themes, principles, follows = (fields.text("label"), fields.node("commitments"), fields.node("principles"),
                                          fields.node("follows"))
    if isinstance(node.value, dict) and (themes is None) == (fields.node("no_wording") is None):
        reading.fault(node, "either “commitments” stands here, or “no_wording” with the reason why the wording is not at hand")
    return Edition(
        label=label,
        dated_on=fields.day("dated_on") or date.min,
        status=fields.text("status", among=STATUSES),
        comment=fields.text("comment"),
        principles=tuple(Principle(str(name.value), reading.text(said)) for name, said in named(reading, principles, "principles"))
        if principles else (),
        commitments=_commitments(reading, themes, fields.node("measures"), label) if themes else (),
        remedy_text="\n\n".join(fields.texts("remedy_text")),
        no_wording=fields.text("no_wording"),
        numbers_are_ours=fields.flag("numbers_are_ours"),
        dated_as=fields.text("dated_as"),
        follows=_follows(reading, follows, slug) if follows else None,
    )


def _follows(reading: Reading, node: Node, own: Node | None) -> Follows:
    fields = Fields(reading, node, ("compact", "edition", "title"))
    slug, compact = fields.formed("compact", SLUG), fields.node("compact")
    if compact and own and slug and slug == own.value:
        reading.fault(compact, "a Compact cannot follow itself: name the core Compact")
    return Follows(slug, fields.text("edition"), fields.text("title"))


def _commitments(reading: Reading, themes: Node, measures: Node | None, label: str) -> tuple[Commitment, ...]:
    found = list(_by_theme(reading, themes))
    codes = [code for code, _ in found]
    repeated(reading, codes, f"edition {label}")
    held = _measures(reading, measures, {code.value for code in codes}, label) if measures else {}
    return tuple(Commitment(str(code.value), *fields, held.get(str(code.value))) for code, fields in found)


def _by_theme(reading: Reading, themes: Node) -> Iterator[tuple[Node, tuple[str, str, str, str]]]:
    """Every commitment's number, with theme, section, sector and wording. A theme without sections is its own section."""
    for theme, sections in named(reading, themes, "themes"):
        if any(name in OWED_BY for name in sections.keys):
            yield from _by_sector(reading, theme, theme, sections)
            continue
        for section, sectors in named(reading, sections, "sections"):
            yield from _by_sector(reading, theme, section, sectors)


def _by_sector(reading: Reading, theme: Node, section: Node, sectors: Node) -> Iterator[tuple[Node, tuple[str, str, str, str]]]:
    owed = reading.entries(sectors, optional=OWED_BY)
    if sectors.value == {}:
        reading.fault(sectors, f"say who owes what: {', '.join(OWED_BY)}")
    for owed_by, texts in owed.items():
        for code, text in named(reading, texts, "commitments"):
            formed(reading, code, CODE)
            yield code, (str(theme.value), str(section.value), owed_by, reading.text(text))


def _measures(reading: Reading, node: Node, codes: Collection[object], label: str) -> dict[str, Measure]:
    held = {}
    for code, value in named(reading, node, "measures"):
        if code.value not in codes:
            reading.fault(code, f"there is no commitment {code.value} in edition {label}")
        held[str(code.value)] = _measure(reading, value)
    return held


def _measure(reading: Reading, node: Node) -> Measure:
    fields = Fields(reading, node, ("of",), ("at_least", "at_most"))
    given = [name for name in ("at_least", "at_most") if fields.node(name)]
    if len(given) != 1 and isinstance(node.value, dict):
        reading.fault(node, "say either at_least or at_most")
    amounts = [fields.formed(name, AMOUNT) for name in given]
    return Measure("at_least" in given, amounts[0] if amounts else "", fields.text("of"))


def _scheme(reading: Reading, root: Node, compacts: Collection[Compact] | None) -> Scheme:
    fields = Fields(reading, root, ("slug", "title", "areas", "compact", "operates", "procedure", "calendar", "reference_prefix"),
                     ("vocabulary", "year_starts", "findings", "procedure_borrowed_from", "single_officer", "calendars", "controller",
                      "controller_contact", "critical_friends", "reviews"))
    if (fields.node("controller") is None) != (fields.node("controller_contact") is None):
        reading.fault(root, "“controller” and “controller_contact” stand together: who answers for the data, and how to reach them")
    area_nodes = fields.items("areas")
    repeated(reading, area_nodes, "areas")
    areas = tuple(reading.text(area) for area in area_nodes)
    return Scheme(
        slug=fields.formed("slug", SLUG),
        title=fields.text("title"),
        areas=areas,
        compact=fields.formed("compact", SLUG),
        operates=_operates(reading, fields, compacts),
        procedure=fields.formed("procedure", _PROCEDURE),
        calendar=fields.formed("calendar", SLUG),
        controller=fields.text("controller"),
        controller_contact=fields.formed("controller_contact", _EMAIL),
        vocabulary=_vocabulary(reading, fields.node("vocabulary")),
        critical_friends=_critical_friends(reading, root, fields, areas),
        reference_prefix=fields.formed("reference_prefix", _PREFIX),
        year_starts=MONTHS.index(fields.text("year_starts", among=MONTHS) or "April") + 1,
        findings=fields.flag("findings"),
        procedure_borrowed_from=fields.text("procedure_borrowed_from"),
        single_officer=fields.flag("single_officer"),
        calendars=_further_calendars(reading, fields.node("calendars")),
        reviews=fields.text("reviews", among=REVIEWS) or PAPERS,
    )


def _further_calendars(reading: Reading, node: Node | None) -> dict[str, str]:
    return {role: reading.text(name) for role, name in reading.entries(node, optional=None).items()} if node else {}


def _operates(reading: Reading, fields: Fields, compacts: Collection[Compact] | None) -> tuple[Operated, ...]:
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
    fields = Fields(reading, node, ("edition", "from"), ("to",))
    from_on, to_on = fields.day("from") or date.min, fields.day("to")
    to_node = fields.node("to")
    if to_node and to_on and date.min < to_on < from_on:
        reading.fault(to_node, f"the last day, {to_on}, is before the first, {from_on}")
    return Operated(fields.text("edition", among=labels), from_on, to_on)


def _critical_friends(reading: Reading, root: Node, fields: Fields, areas: Collection[str]) -> tuple[NamedContact, ...]:
    friends = tuple(_named_contact(reading, item, areas) for item in fields.items("critical_friends"))
    covered = {(friend.sector, friend.area) for friend in friends}
    for area in areas if friends else ():
        for sector in SECTORS:
            if area and (sector, area) not in covered:
                reading.fault(root.keys["critical_friends"], f"no critical friend for the {sector} sector in {area}")
    return friends


def _named_contact(reading: Reading, node: Node, areas: Collection[str]) -> NamedContact:
    fields = Fields(reading, node, ("sector", "area", "post", "organisation", "email", "telephone"), ("name",))
    return NamedContact(
        sector=fields.text("sector", among=SECTORS),
        area=fields.text("area", among=areas),
        post=fields.text("post"),
        organisation=fields.text("organisation"),
        email=fields.formed("email", _EMAIL),
        telephone=fields.formed("telephone", _TELEPHONE),
        name=fields.text("name"),
    )
