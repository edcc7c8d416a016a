"""The log as files: word for word it can be checked by others; as XES and OCEL it is valid, and holds neither words nor names."""

from __future__ import annotations

import json
import os
from datetime import datetime
from pathlib import Path
from types import GeneratorType

import jsonschema
import pytest
from conftest import SCHEME, lodge, tell
from lxml import etree

from breachdesk.audit.checkpoint import checkpoints_in
from breachdesk.audit.exported import check_export
from breachdesk.audit.ocel import OBJECTS
from breachdesk.casework.act import Step, act
from breachdesk.casework.log.exporting import FORMATS, export
from breachdesk.casework.log.log_keys import public_keys
from breachdesk.casework.log.sealing import seal
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import BadExport, NotFound
from breachdesk.store import sealed

SCHEMAS = os.environ.get("BREACHDESK_SCHEMAS", "")
XES = "{http://www.xes-standard.org/}"
# What each attribute of an event must hold, by its element.
KINDS = {"string": str, "int": int, "date": lambda text: datetime.fromisoformat(text)}


def lived_in(desk, cast, clock):
    """Two cases, one of them on its way until a limit ran out; all but the last entry are sealed."""
    first = tell(desk, cast.ruth, lodge(desk, cast.ruth))
    lodge(desk, cast.stella, complainant="greenway-youth-trust", title="A canary called Tweet")
    clock.move(days=40)
    fire_due_timers(desk)
    seal(desk)
    act(desk, cast.ruth, first, Step("withdraw", {"reason_code": "capacity"}))
    return desk


@pytest.fixture
def filled(desk, cast, clock):
    return lived_in(desk, cast, clock)


@pytest.fixture
def filled_on_either(either_desk, cast, clock):
    """The same on each of the two databases: what is read from them is what XES and OCEL are made of, too."""
    return lived_in(either_desk, cast, clock)


def written(desk, form, **part):
    return "".join(export(desk, form, **part).text)


def outside(desk):
    with desk.database.read() as session:
        return list(checkpoints_in(sealed.last_checkpoint(session).note)), [one for one, *_ in public_keys(session)]


def test_the_whole_log_is_checked_without_the_desk_and_what_waits_comes_last(filled_on_either):
    lines = written(filled_on_either, "jsonl").splitlines()

    found = check_export(lines, *outside(filled_on_either))

    entries = [json.loads(line) for line in lines[1:]]
    assert found.entries == len(entries) == export(filled_on_either, "jsonl").entries
    assert 0 < found.entries - found.sealed < 4
    assert [one["place"] for one in entries[:found.sealed]] == list(range(found.sealed))
    assert {one["name"] for one in entries} == {"desk", "DD-2026-0001", "DD-2026-0002"}


def test_an_export_of_which_a_letter_was_changed_is_found_out(filled):
    text = written(filled, "jsonl").replace("acknowledge", "acknowledgf", 1)

    with pytest.raises(Exception, match="entry 1: its text was changed"):
        check_export(text.splitlines(), *outside(filled))


def test_a_part_of_the_log_says_that_it_is_one_and_is_not_taken_for_the_whole(filled):
    lines = written(filled, "jsonl", reference="DD-2026-0002").splitlines()

    assert json.loads(lines[0])["only"] == "DD-2026-0002"
    assert {json.loads(line)["name"] for line in lines[1:]} == {"DD-2026-0002"}
    assert len(written(filled, "jsonl", scheme=SCHEME).splitlines()) > len(lines)
    with pytest.raises(BadExport, match="this is only a part of the log"):
        check_export(lines, *outside(filled))
    with pytest.raises(NotFound):
        export(filled, "jsonl", reference="DD-2031-0001")
    with pytest.raises(NotFound):
        export(filled, "xes", scheme="elsewhere")


def test_xes_has_a_trace_for_each_case_and_every_attribute_that_it_promises(filled):
    log = etree.fromstring(written(filled, "xes").encode())

    order = [child.tag.removeprefix(XES) for child in log]
    assert order == sorted(order, key=["extension", "global", "classifier", "string", "trace"].index)
    float(log.get("xes.version"))
    promised = {one.get("key") for one in log.find(f"{XES}global[@scope='event']")}
    prefixes = {one.get("prefix") for one in log.iter(f"{XES}extension")}
    for event in log.iter(f"{XES}event"):
        keys = [one.get("key") for one in event]
        assert promised <= set(keys)
        assert len(keys) == len(set(keys))
        assert all(KINDS[one.tag.removeprefix(XES)](one.get("value")) is not None for one in event)
        assert {key.partition(":")[0] for key in keys if ":" in key} <= prefixes
    names = [trace.find(f"{XES}string[@key='concept:name']").get("value") for trace in log.iter(f"{XES}trace")]
    assert names == ["DD-2026-0001", "DD-2026-0002"]
    assert export(filled, "xes").entries == len(list(log.iter(f"{XES}event")))
    activities = [one.get("value") for one in log.findall(f"{XES}trace[1]/{XES}event/{XES}string[@key='concept:name']")]
    assert activities[:2] == ["lodge", "record_direct_contact"]
    assert activities[-1] == "withdraw"


def test_ocel_names_every_thing_that_an_event_is_about_and_each_thing_once(filled):
    log = json.loads(written(filled, "ocel"))

    assert export(filled, "ocel").entries == len(log["events"])
    ids = [one["id"] for one in log["objects"]]
    assert len(ids) == len(set(ids))
    assert {one["objectId"] for each in (*log["events"], *log["objects"]) for one in each["relationships"]} <= set(ids)
    assert {one["type"] for one in log["objects"]} == set(OBJECTS) - {"remedy"}
    assert {one["name"] for one in log["objectTypes"]} == set(OBJECTS)
    declared = {one["name"]: {attribute["name"] for attribute in one["attributes"]} for one in log["eventTypes"]}
    assert all({attribute["name"] for attribute in one["attributes"]} <= declared[one["type"]] for one in log["events"])
    assert [one["id"] for one in log["events"]][0] == "DD-2026-0001/1"


@pytest.mark.skipif(not Path(SCHEMAS, "ocel", "schema_ocel2.json").is_file(),
                    reason="BREACHDESK_SCHEMAS names no folder with the schema of OCEL 2.0 (ocel/schema_ocel2.json)")
def test_ocel_is_valid_against_its_schema(filled):
    schema = json.loads(Path(SCHEMAS, "ocel", "schema_ocel2.json").read_text("utf-8"))

    jsonschema.validate(json.loads(written(filled, "ocel")), schema)


@pytest.mark.skipif(not Path(SCHEMAS, "xes", "xes.xsd").is_file(),
                    reason="BREACHDESK_SCHEMAS names no folder with the schema of XES (xes/xes.xsd)")
def test_xes_is_valid_against_its_schema(filled):
    # IEEE's schema names no namespace; that of 2020 and every reader want XES's own, into which it is taken.
    around = (f'<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="{XES.strip("{}")}">'
              '<xs:include schemaLocation="xes.xsd"/></xs:schema>')
    schema = etree.XMLSchema(etree.fromstring(around, base_url=Path(SCHEMAS, "xes", "around.xsd").as_uri()))
    log = etree.fromstring(written(filled, "xes").encode())

    schema.assertValid(log)
    assert log.findall(f"{XES}trace/{XES}event")
    log.find(f"{XES}trace/{XES}event/{XES}date").set("value", "yesterday")
    assert not schema.validate(log)


@pytest.mark.parametrize("form", FORMATS)
def test_no_words_and_no_names_leave_the_desk_and_the_text_comes_piece_by_piece(filled, form):
    done = export(filled, form)
    assert isinstance(done.text, GeneratorType)

    text = "".join(done.text)

    assert (done.cases, "DD-2026-0002" in text) == (2, True)
    for word in ("Tweet", "Ruth", "Ferris", "Riverside", "Amberdale", "head of grants", "01632"):
        assert word not in text, word
    # Word for word, the answers are there, in which organisations stand by their short names.
    assert ("riverside-carers" in text) == (form == "jsonl")
