"""Two versions of a procedure beside each other: what stayed the same is silent, and nothing that changed is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from two_versions import FIRST, SECOND

from breachdesk import resources
from breachdesk.timekeeping.limits import CalendarDays, Months, Weeks, WorkingDays
from breachdesk.workflow.definition import Extendable, Extends, Procedure, Rung, Stops
from breachdesk.workflow.differences import ORDER, Difference, Layout, as_data, differences, layout_of
from breachdesk.workflow.differences_told import told
from breachdesk.workflow.effects import AddsRemedy, Appoints, Decides, Links, Releases, Represents, SettlesRemedy
from breachdesk.workflow.loading import load_procedure

SHIPPED = load_procedure(resources.text("workflows", "procedures", "compact-dispute.v1.yaml"), "compact-dispute.v1.yaml")
# What stands in a field that is empty in the file, so that it can be filled.
EXAMPLES = {"stops": Stops((), "waiting", "suspension"), "extends": Extends("respond", "days"), "extendable": Extendable(WorkingDays(3)),
            "when": ("tried", "yes"), "appoints": Appoints("critical_friend", ("who",)), "releases": Releases("critical_friend"),
            "decides": Decides(True), "adds_remedy": AddsRemedy("a", "b", "c", "d"), "settles_remedy": SettlesRemedy("a", "done"),
            "links": Links("other", "related"), "represents": Represents("who", "since"), "choices": {"one": "One"},
            "rungs": (Rung(-1, ("answered",)),), "target_if": (("closed", "acknowledgement-is-due"),)}


def changed(field: str, value: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, str):
        return value + " otherwise"
    if isinstance(value, int):
        return value + 1
    if isinstance(value, WorkingDays | CalendarDays | Weeks | Months):
        return type(value)(value.n + 1)
    if not value:
        return EXAMPLES.get(field, frozenset({"new"}) if isinstance(value, frozenset) else ("new",))
    if is_dataclass(value):
        first = fields(value)[0].name
        return replace(value, **{first: changed(first, getattr(value, first))})
    return dict(list(value.items())[1:]) if isinstance(value, Mapping) else type(value)(list(value)[1:])


def one_of_each(procedure: Procedure) -> Iterator[tuple[str, Procedure]]:
    """The procedure with one field changed: each field of the richest thing of each part, its questions and effects included."""
    for part in fields(procedure):
        value = getattr(procedure, part.name)
        if part.name in ("version", "digest"):
            continue
        if not isinstance(value, Mapping):
            yield part.name, replace(procedure, **{part.name: changed(part.name, value)})
            continue
        name = max(value, key=lambda one: len(repr(value[one])))
        yield f"{part.name} without {name}", _with(procedure, part.name, {one: thing for one, thing in value.items() if one != name})
        yield f"{part.name} turned round", _with(procedure, part.name, dict(reversed(value.items())))
        for what, thing in variants(value[name]):
            yield f"{part.name}.{name}.{what}", _with(procedure, part.name, {**value, name: thing})


def variants(thing: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(thing, str):
        yield "label", changed("label", thing)
        return
    for one in fields(thing):
        value = getattr(thing, one.name)
        if one.name == "asks":
            yield "asks without one", replace(thing, asks=value[1:])
            yield "asks turned round", replace(thing, asks=value[::-1])
            yield from ((f"asks.{what}", replace(thing, asks=(ask, *value[1:]))) for what, ask in variants(value[0]))
        elif one.name == "effects":
            yield from ((f"effects.{what}", replace(thing, effects=effects)) for what, effects in variants(value))
        elif one.name != "name":
            yield one.name, replace(thing, **{one.name: changed(one.name, value)})


def _with(procedure: Procedure, part: str, things: dict[str, Any]) -> Procedure:
    return replace(procedure, **{part: things})


def sentences(old: Procedure, new: Procedure) -> list[str]:
    return [f"{one.title}: {said}" for one in told(old, new) for said in one.says]


def test_what_is_the_same_is_silent():
    assert differences(SHIPPED, SHIPPED) == ()
    assert told(SHIPPED, SHIPPED) == ()
    assert told(SHIPPED, replace(SHIPPED, version="2", digest="another")) == ()


@pytest.mark.parametrize(("what", "other"), list(one_of_each(SHIPPED)), ids=lambda one: one if isinstance(one, str) else "")
def test_no_change_is_silent(what, other):
    for old, new in ((SHIPPED, other), (other, SHIPPED)):
        told_so = sentences(old, new)
        assert told_so
        assert not [said for said in told_so if "object at" in said or "()" in said or said.endswith(": ")]


def test_a_change_is_told_as_a_committee_would_say_it():
    assert sentences(load_procedure(FIRST, "1.yaml"), load_procedure(SECOND, "2.yaml")) == [
        "Answered: new: “Either side can refer it. (day)”",
        "Time to think: left out",
        "Reply: it leads to: Time to think → Answered",
        "Refer it: the other side may now do this",
        "Refer it: it can now be done at “Answered”",
        "Refer it: it can no longer be done at “Time to think”",
        "Referred by the clock: it can now be done at “Answered”",
        "Referred by the clock: it can no longer be done at “Time to think”",
        "Settle it: it can now be done at “Answered”",
        "Settle it: it can no longer be done at “Time to think”",
        "An answer: 10 → 15 working days",
        "Weighing the answer: new: 8 working days; then the clock does this: Referred by the clock",
        "The panel's statement: 25 → 30 working days",
        "The whole road: it now runs at “Answered”",
        "The whole road: it no longer runs at “Time to think”",
        "A decision: left out"]


def test_a_difference_is_plain_data_for_programs():
    change = Difference("limits", "answer", "", "changed", "rungs", (Rung(-1, ("told",)),), WorkingDays(5))

    assert as_data(change) == {
        "part": "limits", "name": "answer", "question": "", "kind": "changed", "field": "rungs", "old": [{"offset": -1, "tells": ["told"]}],
        "new": "5 working days"}
    assert as_data(replace(change, old={"a": CalendarDays(1)}, new=None, question="why"))["old"] == {"a": "1 day"}


def applied(layout: Layout, found: tuple[Difference, ...]) -> Layout:
    """A procedure with the differences carried out, field by field."""
    result = {thing: dict(said) for thing, said in layout.items()}
    for one in found:
        thing = one.part, one.name, one.question
        if one.kind == "removed":
            assert result.pop(thing) == one.old
        elif one.kind == "added":
            result[thing] = dict(one.new)       # type: ignore[call-overload]
        else:
            assert result[thing].get(one.field) == one.old
            result[thing][one.field] = one.new
    return result


def without_order(layout: Layout) -> Layout:
    return {thing: {field: value for field, value in said.items() if field != ORDER} for thing, said in layout.items()}


VARIANTS = [other for _, other in one_of_each(SHIPPED)]


@st.composite
def mixed(draw: st.DrawFn) -> Procedure:
    """A procedure whose parts come from several variants."""
    parts = [one.name for one in fields(SHIPPED) if one.name not in ("version", "digest")]
    return replace(SHIPPED, **{part: getattr(draw(st.sampled_from(VARIANTS)), part) for part in parts})


@settings(max_examples=15, deadline=None)
@given(mixed(), mixed())
def test_carrying_out_what_differs_gives_the_new_version(old, new):
    assert without_order(applied(layout_of(old), differences(old, new))) == without_order(layout_of(new))
