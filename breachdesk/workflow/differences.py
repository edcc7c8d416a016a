"""What differs between two versions of a procedure, as facts. `differences_told` puts it in words for a committee; pure.

A procedure is laid out thing by thing and field by field, as `definition` declares them: a field that is added there is compared from
then on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache
from typing import Any

from breachdesk.timekeeping.limits import CalendarDays, Months, Weeks, WorkingDays
from breachdesk.workflow.definition import Procedure

# (part, name, question): the question is "" but for what an action asks; the name is "" for a part as a whole.
Thing = tuple[str, str, str]
Layout = dict[Thing, dict[str, object]]
WHOLE = "procedure"
ORDER = "order"
# What every new version changes: it heads a comparison, and is no difference in it.
_IDENTITY = ("version", "digest")
_AS_IT_IS = (str, tuple, int)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `kind` is added, removed, changed, or moved (the order in which a part's things stand).

    For a thing that was added or removed, `new` or `old` holds all its fields; for a field that changed, its two values.
    """

    part: str
    name: str
    question: str
    kind: str
    field: str
    old: object
    new: object


def layout_of(procedure: Procedure) -> Layout:
    """Everything that a procedure says, but for its version and digest."""
    found: Layout = {(WHOLE, "", ""): {}}
    for one in fields(procedure):
        value = getattr(procedure, one.name)
        if isinstance(value, Mapping):
            found[one.name, "", ""] = {ORDER: tuple(value)}
            for name, thing in value.items():
                found |= _laid_out(one.name, name, thing)
        elif one.name not in _IDENTITY:
            found[WHOLE, "", ""][one.name] = value
    return found


def _laid_out(part: str, name: str, thing: object) -> Layout:
    if not is_dataclass(thing):
        return {(part, name, ""): {"label": thing}}
    own = _fields(thing)
    asks, effects = own.pop("asks", ()), own.pop("effects", None)
    if is_dataclass(effects):
        own |= _fields(effects)
    questions = {ask.name: _fields(ask) for ask in asks} if isinstance(asks, tuple) else {}
    if questions:
        own[ORDER] = tuple(questions)
    return {(part, name, ""): own, **{(part, name, question): told for question, told in questions.items()}}


def _fields(thing: object) -> dict[str, object]:
    """The fields of a thing but its name, each in a form that can be compared: choices as pairs, sets in an order."""
    kind: Any = type(thing)
    # Nearly every value is of these kinds; asking whether something is a Mapping takes long.
    return {name: value if (value := getattr(thing, name)) is None or isinstance(value, _AS_IT_IS) else _comparable(value)
            for name in _field_names(kind)}


def _comparable(value: object) -> object:
    return tuple(sorted(value)) if isinstance(value, frozenset) else tuple(value.items()) if isinstance(value, Mapping) else value


@cache
def _field_names(kind: Any) -> tuple[str, ...]:
    return tuple(one.name for one in fields(kind) if one.name != "name")


def differences(old: Procedure, new: Procedure) -> tuple[Difference, ...]:
    """All that differs: first what the new version says, in its order, then what it no longer says. Empty when it says the same."""
    before, after = layout_of(old), layout_of(new)
    found: list[Difference] = []
    for thing, said in after.items():
        if thing in before:
            found += _changed(thing, before[thing], said) if before[thing] != said else ()
        else:
            found.append(Difference(*thing, "added", "", None, said))
    found += [Difference(*thing, "removed", "", said, None) for thing, said in before.items() if thing not in after]
    return tuple(found)


def _changed(thing: Thing, old: dict[str, object], new: dict[str, object]) -> Iterator[Difference]:
    for field in dict.fromkeys((*new, *old)):
        was, now = old.get(field), new.get(field)
        if field == ORDER:
            if _kept(was, now) != _kept(now, was):
                yield Difference(*thing, "moved", field, was, now)
        elif was != now:
            yield Difference(*thing, "changed", field, was, now)


def _kept(names: object, others: object) -> list[str]:
    """The names that stand in both, in the order of the first: what was added or removed is told where it is."""
    return [one for one in names if one in others] if isinstance(names, tuple) and isinstance(others, tuple) else []


def as_data(one: Difference) -> dict[str, object]:
    """A difference for programs."""
    return {"part": one.part, "name": one.name, "question": one.question, "kind": one.kind, "field": one.field,
            "old": _plain(one.old), "new": _plain(one.new)}


def _plain(value: object) -> object:
    if isinstance(value, WorkingDays | CalendarDays | Weeks | Months):
        return str(value)
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value
