"""Cases as an object-centric event log in OCEL 2.0 (JSON): the same events, with every thing that each is about. Pure.

Text comes out piece by piece; only the kinds of events and the numbers of people and organisations are kept meanwhile.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from breachdesk.audit.traces import Happened, Trace

_CASE = ("scheme", "channel", "received_on", "event_on", "procedure_digest")
# Kind of object → its attributes.
OBJECTS = {"case": _CASE, "organisation": (), "person": (), "party": ("side",), "allegation": ("commitment",),
           "remedy": ("kind", "due_on", "state"), "limit": ("limit", "due_on")}
_Relation = dict[str, str]


def as_ocel(traces: Callable[[], Iterable[Trace]]) -> Iterator[str]:
    """The document. TRACES gives the cases anew each time it is asked: events come first, then the things that they are about."""
    kinds: dict[str, set[str]] = {}
    numbers: dict[str, set[int]] = {"person": set(), "organisation": set()}
    yield '{"objectTypes":' + _text([{"name": name, "attributes": [{"name": one, "type": "string"} for one in attributes]}
                                     for name, attributes in OBJECTS.items()])
    yield ',\n"events":['
    yield from _listed(_events(traces(), kinds, numbers))
    yield '],\n"objects":['
    yield from _listed(_objects(traces(), numbers))
    yield '],\n"eventTypes":' + _text([{"name": name, "attributes": [{"name": one, "type": "string"} for one in sorted(known)]}
                                       for name, known in sorted(kinds.items())])
    yield "}\n"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _listed(items: Iterable[object]) -> Iterator[str]:
    for place, one in enumerate(items):
        yield (",\n" if place else "\n") + _text(one)


def _events(traces: Iterable[Trace], kinds: dict[str, set[str]], numbers: dict[str, set[int]]) -> Iterator[object]:
    for trace in traces:
        for one in trace.entries:
            attributes = {"event": one.event, "role": one.role} | {name: str(value) for name, value in one.told()}
            kinds.setdefault(one.activity, set()).update(attributes)
            numbers["person"].update(_people(one))
            numbers["organisation"].update(_organisations(one))
            yield {"id": f"{trace.reference}/{one.seq}", "type": one.activity, "time": one.moment,
                   "attributes": [{"name": name, "value": value} for name, value in attributes.items()],
                   "relationships": list(_about(trace.reference, one))}


def _people(one: Happened) -> Iterator[int]:
    effects = one.facts.get("effects", {})
    yield from (account for account in (one.actor, effects.get("interested", 0), *effects.get("objected", ())) if account > 0)
    yield from (each["account"] for name in ("appointed", "released") for each in effects.get(name, ()))


def _organisations(one: Happened) -> Iterator[int]:
    effects = one.facts.get("effects", {})
    yield from (each["organisation"] for each in one.facts.get("parties", ()))
    yield from (effects[name][1] for name in ("represented", "succeeded") if effects.get(name))


def _about(reference: str, one: Happened) -> Iterator[_Relation]:
    """Every thing that an event is about, and how."""
    facts, effects = one.facts, one.facts.get("effects", {})
    yield _relation(f"case:{reference}", "in")
    if one.actor > 0:
        yield _relation(f"person:{one.actor}", "by")
    if one.party:
        yield _relation(f"party:{one.party}", "for")
    yield from (_relation(f"party:{each['party']}", each["side"]) for each in facts.get("parties", ()))
    yield from (_relation(f"allegation:{each[2]}", "alleged") for each in facts.get("allegations", ()) if len(each) > 2)
    yield from (_relation(f"person:{each['account']}", name) for name in ("appointed", "released") for each in effects.get(name, ()))
    yield from (_relation(f"allegation:{number}", name) for name in ("decided", "positions") for number, _ in effects.get(name, ()))
    yield from (_relation(f"allegation:{number}", "split") for number in effects.get("split", ()))
    yield from (_relation(f"remedy:{reference}/{effects[name]['remedy']}", name) for name in ("remedy_added", "remedy_settled")
                if effects.get(name))
    if effects.get("represented"):
        yield _relation(f"organisation:{effects['represented'][1]}", "represents")
    yield from _limits(reference, one)


def _limits(reference: str, one: Happened) -> Iterator[_Relation]:
    limits = one.facts.get("limits", {})
    yield from (_relation(_limit(reference, each), name) for name in ("ended", "started") for each in limits.get(name, ()))
    if one.event.startswith("limit:"):
        yield _relation(_limit(reference, one.facts), one.event.removeprefix("limit:"))


def _limit(reference: str, item: Any) -> str:
    """A limit for one party, by its name: whatever day it gets, it stays the same limit."""
    return f"limit:{reference}/{item['limit']}/{item['party']}"


def _relation(thing: str, how: str) -> _Relation:
    return {"objectId": thing, "qualifier": how}


def _objects(traces: Iterable[Trace], numbers: dict[str, set[int]]) -> Iterator[object]:
    yield from (_object(f"{kind}:{number}", kind) for kind, known in numbers.items() for number in sorted(known))
    for trace in traces:
        begun, opening = trace.entries[0].moment if trace.entries else "", trace.opening
        told = {name: trace.scheme if name == "scheme" else opening.get(name) for name in _CASE}
        yield _object(f"case:{trace.reference}", "case", told, begun)
        for one in opening.get("parties", ()):
            yield _object(f"party:{one['party']}", "party", {"side": one["side"]}, begun,
                          [_relation(f"organisation:{one['organisation']}", "is"), _relation(f"case:{trace.reference}", "in")])
        for party, commitment, *number in opening.get("allegations", ()):
            if number:
                yield _object(f"allegation:{number[0]}", "allegation", {"commitment": commitment}, begun,
                              [_relation(f"party:{party}", "against"), _relation(f"case:{trace.reference}", "in")])
        yield from _later(trace)


def _later(trace: Trace) -> Iterator[object]:
    """The things that a case comes to have on its way: what is said of one again later is a further value of it."""
    things: dict[str, dict[str, Any]] = {}
    for one in trace.entries:
        effects = one.facts.get("effects", {})
        for remedy in (effects[name] for name in ("remedy_added", "remedy_settled") if effects.get(name)):
            _more(things, f"remedy:{trace.reference}/{remedy['remedy']}", "remedy",
                  {name: remedy[name] for name in ("kind", "due_on", "state")}, one.moment,
                  [_relation(f"party:{remedy['owner']}", "owed by")])
        limits = one.facts.get("limits", {})
        for each in (*limits.get("ended", ()), *limits.get("started", ()), *([one.facts] if one.event.startswith("limit:") else ())):
            _more(things, _limit(trace.reference, each), "limit", {"limit": each["limit"], "due_on": each["due_on"]}, one.moment)
    yield from things.values()


def _more(things: dict[str, dict[str, Any]], name: str, kind: str, attributes: dict[str, Any], at: str,
          relations: list[_Relation] | None = None) -> None:
    told = _object(name, kind, attributes, at, relations)
    known = things.setdefault(name, told)
    latest = {one["name"]: one["value"] for one in known["attributes"]}
    known["attributes"] += [one for one in told["attributes"] if latest.get(one["name"]) != one["value"]]


def _object(name: str, kind: str, attributes: dict[str, Any] | None = None, at: str = "",
            relations: list[_Relation] | None = None) -> dict[str, Any]:
    return {"id": name, "type": kind, "relationships": relations or [], "attributes": [
        {"name": key, "time": at, "value": str(value)} for key, value in (attributes or {}).items() if value]}
