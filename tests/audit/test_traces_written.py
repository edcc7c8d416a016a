"""XES and OCEL, mark by mark: a made-up case with everything that an entry can tell, and the documents that it becomes."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone

from lxml import etree

from breachdesk.audit.ocel import OBJECTS, as_ocel
from breachdesk.audit.traces import Happened, Trace
from breachdesk.audit.xes import as_xes

NINE = datetime(2026, 3, 2, 9, 30, 0, 123_456, tzinfo=UTC)
DUE, LATER = "2026-03-16", "2026-03-23"
OPENING = {"action": "lodge", "to": "received", "channel": "web", "received_on": "2026-03-02", "event_on": "2026-02-20", "stage": "",
           "procedure_digest": "abc", "parties": [{"party": 1, "organisation": 11, "side": "complainant"},
                                                  {"party": 2, "organisation": 12, "side": "respondent"}],
           "allegations": [[2, "13.2", 21], [2, "13.3"]], "limits": {"started": [{"limit": "reply", "party": 2, "due_on": DUE}]}}
REMEDY = {"remedy": 1, "kind": "apology", "due_on": LATER, "state": "open", "owner": 2}
ENTRIES = (
    Happened(1, "case:opened", NINE.astimezone(timezone(timedelta(hours=1))), 5, "complainant", 1, OPENING),
    Happened(2, "case:moved", NINE + timedelta(hours=1), 6, "coordinator", 0, {
        "action": "appoint", "from": "received", "to": "open", "episode": 1, "plan_digest": None,
        "effects": {"appointed": [{"account": 7}], "released": [{"account": 8}], "interested": 9, "objected": [10, 0],
                    "decided": [[21, "upheld"]], "positions": [[22, "denied"]], "split": [23], "represented": [2, 13],
                    "succeeded": [1, 14], "remedy_added": REMEDY},
        "limits": {"ended": [{"limit": "reply", "party": 2, "due_on": DUE}]}}),
    Happened(3, "limit:reminded", NINE + timedelta(hours=2), -1, "clock", 0, {"limit": "answer", "party": 0, "due_on": DUE, "rung": 1}),
    Happened(4, "limit:moved", NINE + timedelta(hours=3), -2, "operator", 0, {"limit": "answer", "party": 0, "due_on": LATER}),
    Happened(5, "case:moved", NINE + timedelta(hours=4), 6, "coordinator", 0, {
        "action": "confirm", "effects": {"remedy_settled": {**REMEDY, "state": "done"}}}))
CASE = Trace("DD-2026-0001", "derby", ENTRIES)
EMPTY = Trace("DD-2026-0002", "derby", ())


def ocel():
    return json.loads("".join(as_ocel(lambda: iter([CASE, EMPTY]))))


def told(thing):
    return [(one["name"], one["value"]) for one in thing["attributes"]]


def about(thing):
    return [f"{one['qualifier']} {one['objectId']}" for one in thing["relationships"]]


def test_an_event_says_what_was_done_when_and_in_which_role():
    events = ocel()["events"]

    assert [(one["id"], one["type"], one["time"]) for one in events] == [
        ("DD-2026-0001/1", "lodge", "2026-03-02T09:30:00.123Z"), ("DD-2026-0001/2", "appoint", "2026-03-02T10:30:00.123Z"),
        ("DD-2026-0001/3", "limit:reminded", "2026-03-02T11:30:00.123Z"), ("DD-2026-0001/4", "limit:moved", "2026-03-02T12:30:00.123Z"),
        ("DD-2026-0001/5", "confirm", "2026-03-02T13:30:00.123Z")]
    assert [told(one) for one in events[:3]] == [
        [("event", "case:opened"), ("role", "complainant"), ("to", "received"), ("channel", "web"), ("received_on", "2026-03-02"),
         ("event_on", "2026-02-20")],
        [("event", "case:moved"), ("role", "coordinator"), ("from", "received"), ("to", "open"), ("episode", "1")],
        [("event", "limit:reminded"), ("role", "clock"), ("limit", "answer"), ("rung", "1"), ("due_on", DUE)]]


def test_an_event_is_about_each_thing_that_its_entry_speaks_of():
    assert [about(one) for one in ocel()["events"]] == [
        ["in case:DD-2026-0001", "by person:5", "for party:1", "complainant party:1", "respondent party:2", "alleged allegation:21",
         "started limit:DD-2026-0001/reply/2"],
        ["in case:DD-2026-0001", "by person:6", "appointed person:7", "released person:8", "decided allegation:21",
         "positions allegation:22", "split allegation:23", "remedy_added remedy:DD-2026-0001/1", "represents organisation:13",
         "ended limit:DD-2026-0001/reply/2"],
        ["in case:DD-2026-0001", "reminded limit:DD-2026-0001/answer/0"], ["in case:DD-2026-0001", "moved limit:DD-2026-0001/answer/0"],
        ["in case:DD-2026-0001", "by person:6", "remedy_settled remedy:DD-2026-0001/1"]]


def test_every_person_and_organisation_that_is_spoken_of_is_a_thing_once_and_the_clock_is_none():
    found = [one["id"] for one in ocel()["objects"]]

    assert [one for one in found if one.startswith("person")] == [f"person:{number}" for number in (5, 6, 7, 8, 9, 10)]
    assert [one for one in found if one.startswith("organisation")] == [f"organisation:{number}" for number in (11, 12, 13, 14)]
    assert len(found) == len(set(found))


def test_things_are_told_with_the_moment_from_which_it_holds():
    begun = "2026-03-02T09:30:00.123Z"
    things = {one["id"]: one for one in ocel()["objects"] if one["type"] not in ("person", "organisation")}

    def valued(name):
        return [(one["name"], one["value"], one["time"]) for one in things[name]["attributes"]]

    assert {name: (one["type"], about(one)) for name, one in things.items()} == {
        "case:DD-2026-0001": ("case", []), "case:DD-2026-0002": ("case", []),
        "party:1": ("party", ["is organisation:11", "in case:DD-2026-0001"]),
        "party:2": ("party", ["is organisation:12", "in case:DD-2026-0001"]),
        "allegation:21": ("allegation", ["against party:2", "in case:DD-2026-0001"]),
        "remedy:DD-2026-0001/1": ("remedy", ["owed by party:2"]),
        "limit:DD-2026-0001/reply/2": ("limit", []), "limit:DD-2026-0001/answer/0": ("limit", [])}
    assert valued("case:DD-2026-0001") == [(name, value, begun) for name, value in (
        ("scheme", "derby"), ("channel", "web"), ("received_on", "2026-03-02"), ("event_on", "2026-02-20"), ("procedure_digest", "abc"))]
    assert valued("case:DD-2026-0002") == [("scheme", "derby", "")]
    assert valued("party:2") == [("side", "respondent", begun)]
    assert valued("allegation:21") == [("commitment", "13.2", begun)]
    # What is said again with another value is a further one; what stays the same is not repeated.
    assert valued("limit:DD-2026-0001/answer/0") == [
        ("limit", "answer", "2026-03-02T11:30:00.123Z"), ("due_on", DUE, "2026-03-02T11:30:00.123Z"),
        ("due_on", LATER, "2026-03-02T12:30:00.123Z")]
    assert valued("limit:DD-2026-0001/reply/2") == [("limit", "reply", begun), ("due_on", DUE, begun)]
    assert valued("remedy:DD-2026-0001/1") == [
        ("kind", "apology", "2026-03-02T10:30:00.123Z"), ("due_on", LATER, "2026-03-02T10:30:00.123Z"),
        ("state", "open", "2026-03-02T10:30:00.123Z"), ("state", "done", "2026-03-02T13:30:00.123Z")]


def test_what_kinds_there_are_is_declared_with_what_each_can_say():
    log = ocel()

    assert log["objectTypes"] == [{"name": name, "attributes": [{"name": one, "type": "string"} for one in known]}
                                  for name, known in OBJECTS.items()]
    assert [one["name"] for one in log["eventTypes"]] == ["appoint", "confirm", "limit:moved", "limit:reminded", "lodge"]
    assert log["eventTypes"][2]["attributes"] == [{"name": name, "type": "string"} for name in ("due_on", "event", "limit", "role")]


def test_no_cases_are_a_document_too_and_letters_stay_as_they_are():
    assert json.loads("".join(as_ocel(lambda: ())))["events"] == []
    assert '"scheme", "time": "", "value": "Dér"' in "".join(as_ocel(lambda: iter([Trace("X", "Dér", ())])))


def test_xes_tells_a_case_and_each_event_in_order():
    log = etree.fromstring("".join(as_xes([CASE, EMPTY], "desk & log")).encode())
    log_name, model = log.findall("{*}string")[::-1]
    traces = [[(one.get("key"), one.get("value")) for one in trace.findall("{*}string")] for trace in log.findall("{*}trace")]
    events = [[(etree.QName(one).localname, one.get("key"), one.get("value")) for one in event] for event in log.iter("{*}event")]

    assert (log_name.get("key"), log_name.get("value"), model.get("value")) == ("concept:name", "desk & log", "standard")
    assert traces == [[("concept:name", "DD-2026-0001"), ("scheme", "derby"), ("procedure_digest", "abc"), ("received_on", "2026-03-02"),
                       ("event_on", "2026-02-20"), ("channel", "web")], [("concept:name", "DD-2026-0002"), ("scheme", "derby")]]
    assert events[0] == [
        ("string", "concept:name", "lodge"), ("string", "concept:instance", "1"), ("date", "time:timestamp", "2026-03-02T09:30:00.123Z"),
        ("string", "lifecycle:transition", "complete"), ("string", "org:resource", "5"), ("string", "org:role", "complainant"),
        ("string", "org:group", "party 1"), ("string", "event", "case:opened"), ("string", "to", "received"), ("string", "channel", "web"),
        ("string", "received_on", "2026-03-02"), ("string", "event_on", "2026-02-20")]
    assert [one[4][2] for one in events] == ["5", "6", "clock", "operator", "6"]
    assert events[2][6:] == [("string", "event", "limit:reminded"), ("string", "limit", "answer"), ("int", "rung", "1"),
                             ("string", "due_on", DUE)]
