"""The part of a Compact's file about what goes on around it: signatories, champions, codes, consultations, reviews. Part of `loading`."""

from __future__ import annotations

from breachdesk.compacts.editions import SECTORS
from breachdesk.compacts.fields import Fields
from breachdesk.compacts.lives import (
    CODE_STATUSES,
    COUNTED,
    KINDS,
    STATES,
    Champion,
    Code,
    Consultation,
    Life,
    Review,
    Signatory,
    SuccessMeasure,
    When,
)
from breachdesk.strict_yaml import Node, Reading

_LASTS = (r"[1-9][0-9]? (week|month)s?", "an amount of weeks or months, like 12 weeks,")
_PARTS = ("rhythm", "signatories", "champions", "consultations", "reviews", "success_measures")


def read_life(reading: Reading, node: Node) -> Life:
    """The `life` of a Compact."""
    fields = Fields(reading, node, (), _PARTS)
    return Life(
        rhythm=fields.text("rhythm"),
        signatories=tuple(_signatory(reading, item) for item in fields.items("signatories")),
        champions=tuple(_champion(reading, item) for item in fields.items("champions")),
        consultations=tuple(_consultation(reading, item) for item in fields.items("consultations")),
        reviews=tuple(_review(reading, item) for item in fields.items("reviews")),
        success_measures=tuple(_success_measure(reading, item) for item in fields.items("success_measures")),
    )


def read_code(reading: Reading, node: Node) -> Code:
    """One of the `codes_of_practice`."""
    fields = Fields(reading, node, ("title", "status"), ("dated", "where", "note"))
    return Code(fields.text("title"), fields.text("status", among=CODE_STATUSES), fields.when("dated"), fields.text("where"),
                fields.text("note"))


def _signatory(reading: Reading, node: Node) -> Signatory:
    fields = Fields(reading, node, ("organisation", "sector"), ("from", "to", "note"))
    begins, ends = _span(reading, fields)
    return Signatory(fields.text("organisation"), fields.text("sector", among=(*SECTORS, "other")), begins, ends, fields.text("note"))


def _champion(reading: Reading, node: Node) -> Champion:
    fields = Fields(reading, node, ("organisation", "post"))
    return Champion(fields.text("organisation"), fields.text("post"))


def _consultation(reading: Reading, node: Node) -> Consultation:
    fields = Fields(reading, node, ("title", "state"), ("from", "to", "lasts", "note"))
    begins, ends = _span(reading, fields)
    return Consultation(fields.text("title"), fields.text("state", among=STATES), begins, ends, fields.formed("lasts", _LASTS),
                        fields.text("note"))


def _review(reading: Reading, node: Node) -> Review:
    fields = Fields(reading, node, ("kind", "title", "state"), ("dated", "recommended", "note"))
    return Review(fields.text("kind", among=KINDS), fields.text("title"), fields.text("state", among=STATES), fields.when("dated"),
                  fields.texts("recommended"), fields.text("note"))


def _success_measure(reading: Reading, node: Node) -> SuccessMeasure:
    fields = Fields(reading, node, ("text",), ("counted", "entered"))
    entered = []
    for item in fields.items("entered"):
        entry = Fields(reading, item, ("dated", "says"))
        if (dated := entry.when("dated")) is not None:
            entered.append((dated, entry.text("says")))
    return SuccessMeasure(fields.text("text"), fields.text("counted", among=COUNTED), tuple(entered))


def _span(reading: Reading, fields: Fields) -> tuple[When | None, When | None]:
    begins, ends, node = fields.when("from"), fields.when("to"), fields.node("to")
    if begins and ends and node and ends.last < begins.first:
        reading.fault(node, f"the end, {ends}, is before the beginning, {begins}")
    return begins, ends
