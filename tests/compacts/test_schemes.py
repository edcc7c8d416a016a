from __future__ import annotations

from contextlib import suppress
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from breachdesk.compacts.editions import Compact, Edition, Operated
from breachdesk.compacts.loading import load_scheme
from breachdesk.errors import BadScheme

SCHEME = """\
slug: here
title: Here
areas: [East, West]
compact: here
operates:
  - {edition: V1, from: 2003-02-01, to: 2016-12-07}
  - {edition: V2, from: 2016-12-08}
procedure: compact-dispute.v1
calendar: england-and-wales
controller: Amberdale Council
controller_contact: data@amberdale.example
reference_prefix: EW
critical_friends:
  - {sector: statutory, area: East, post: Officer, organisation: A, email: a@a.example, telephone: "01632 960001"}
  - {sector: voluntary, area: East, post: Worker, organisation: B, email: b@b.example, telephone: "01632 960002"}
  - {sector: statutory, area: West, post: Clerk, organisation: C, email: c@c.example, telephone: "01632 960003"}
  - {sector: voluntary, area: West, post: Chair, organisation: D, email: d@d.example, telephone: "01632 960004"}
"""
EDITIONS = tuple(Edition(label, date(2003, 1, 1), "adopted", "", (), (), "") for label in ("V1", "V2"))
COMPACTS = [Compact("here", "The Compact", {}, EDITIONS), Compact("elsewhere", "Another", {}, EDITIONS[:1])]


def faults_of(text: str) -> list[str]:
    with pytest.raises(BadScheme) as raised:
        load_scheme(text, "s.yaml", COMPACTS)
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults]


def broken(old: str, new: str) -> str:
    assert SCHEME.count(old) == 1, f"“{old}” must stand once"
    return SCHEME.replace(old, new)


def test_a_sound_file_becomes_a_scheme_with_the_usual_settings() -> None:
    scheme = load_scheme(SCHEME, "s.yaml", COMPACTS)

    assert scheme.operates == (Operated("V1", date(2003, 2, 1), date(2016, 12, 7)), Operated("V2", date(2016, 12, 8)))
    assert (scheme.year_starts, scheme.findings, scheme.vocabulary) == (4, False, {})
    assert [one.post for one in scheme.critical_friends if one.area == "West"] == ["Clerk", "Chair"]


def test_a_scheme_may_settle_the_unusual() -> None:
    text = SCHEME + "year_starts: October\nfindings: true\nvocabulary: {panel: Small group of partners}\nreviews: figures\n"

    scheme = load_scheme(text, "s.yaml")

    assert (scheme.year_starts, scheme.findings, scheme.vocabulary) == (10, True, {"panel": "Small group of partners"})
    assert scheme.reviews == "figures"


@pytest.mark.parametrize(("old", "new", "faults"), [
    # Names.
    ("calendar: england-and-wales\n", "", ["1:1: “calendar” is missing"]),
    ("controller: A", "kontroller: A", [
        "1:1: “controller” and “controller_contact” stand together: who answers for the data, and how to reach them",
        "10:1: “kontroller” is not known here; did you mean “controller”?"]),
    ("post: Clerk, ", "", ["16:5: “post” is missing"]),
    ("title: Here\n", "title: Here\ntitle: There\n", ["3:1: “title” stands here twice; it is first on line 2"]),
    # Forms.
    ("compact-dispute.v1", "compact-dispute", [
        "8:12: “compact-dispute” does not do here: a procedure and its version, like compact-dispute.v1, is expected"]),
    ("data@amberdale.example", '"a@x.example, b@y.example"', [
        "11:21: “a@x.example, b@y.example” does not do here: one e-mail address is expected"]),
    ("reference_prefix: EW", "reference_prefix: ew1", ["12:19: “ew1” does not do here: two to six capital letters is expected"]),
    ('"01632 960003"', "ask Reception", ["16:98: “ask Reception” does not do here: a telephone number of digits and spaces is expected"]),
    ('"01632 960003"', "01632760003", ["16:98: YAML takes 01632760003 for a number: put it in quotes"]),
    ("reference_prefix: EW\n", "reference_prefix: EW\nyear_starts: Apr\n", ["13:14: “Apr” is not known here; did you mean “April”?"]),
    ("reference_prefix: EW\n", "reference_prefix: EW\nfindings: no\n", ["13:11: true or false is expected here"]),
    ("reference_prefix: EW\n", "reference_prefix: EW\nvocabulary: {judge: J}\n", [
        "13:14: “judge” is not known here; known are: "
        "coordinator, critical_friend, jointly, other, panel, statutory, steering_group, voluntary"]),
    # Editions and the days on which they are operated.
    ("compact: here", "compact: hereabouts", ["4:10: “hereabouts” is not known here; known are: elsewhere, here"]),
    ("compact: here", "compact: elsewhere", ["7:15: “V2” is not known here; known are: V1"]),
    ("to: 2016-12-07", "to: 2016-12-08", [
        "7:5: V2 begins on 2016-12-08 while V1 is still operated: let V1 end the day before"]),
    (", to: 2016-12-07", "", ["7:5: V2 begins on 2016-12-08 while V1 is still operated: let V1 end the day before"]),
    ("to: 2016-12-07", "to: 2002-12-07", ["6:41: the last day, 2002-12-07, is before the first, 2003-02-01"]),
    ("from: 2016-12-08", "from: 2016-13-08", ["7:25: a date like 2016-12-08 is expected here"]),
    # One critical friend at least for each sector in each area.
    ("sector: voluntary, area: East", "sector: statutory, area: East", ["13:1: no critical friend for the voluntary sector in East"]),
    ("[East, West]", "[East, West, North]", ["13:1: no critical friend for the statutory sector in North",
                                             "13:1: no critical friend for the voluntary sector in North"]),
    ("sector: voluntary, area: West", "sector: voluntary, area: Wset", [
        "13:1: no critical friend for the voluntary sector in West", "17:31: “Wset” is not known here; did you mean “West”?"]),
    ("sector: statutory, area: West", "sector: jointly, area: West", [
        "13:1: no critical friend for the statutory sector in West",
        "16:14: “jointly” is not known here; known are: statutory, voluntary"]),
    ("[East, West]", "[East, West, East]", ["3:21: “East” stands twice in areas; it is first on line 3"]),
])
def test_each_fault_is_named_with_its_place(old: str, new: str, faults: list[str]) -> None:
    assert faults_of(broken(old, new)) == faults


def test_editions_may_stand_in_any_order_and_one_may_be_operated_for_a_single_day() -> None:
    first, second = SCHEME.splitlines()[5:7]
    text = SCHEME.replace(f"{first}\n{second}", f"{second}\n{first}").replace("to: 2016-12-07", "to: 2003-02-01")

    scheme = load_scheme(text, "s.yaml", COMPACTS)

    assert [one.edition_label for one in scheme.operates] == ["V2", "V1"]
    assert scheme.operates[1].from_on == scheme.operates[1].to_on


def test_an_overlap_is_seen_in_whatever_order_the_editions_stand() -> None:
    first, second = SCHEME.splitlines()[5:7]
    text = SCHEME.replace(f"{first}\n{second}", f"{second}\n{first}").replace(", to: 2016-12-07", "")

    assert faults_of(text) == ["6:5: V2 begins on 2016-12-08 while V1 is still operated: let V1 end the day before"]


def test_critical_friends_may_be_named_later_but_a_list_of_them_is_not_empty() -> None:
    assert load_scheme(SCHEME[:SCHEME.index("critical_friends")], "s.yaml").critical_friends == ()
    assert faults_of(SCHEME[:SCHEME.index("critical_friends")] + "critical_friends: []\n") == [
        "13:19: “critical_friends” needs at least one item"]


def test_a_second_critical_friend_for_the_same_sector_and_area_is_welcome() -> None:
    text = SCHEME + '  - {sector: voluntary, area: West, post: Deputy, organisation: D, email: e@d.example, telephone: "01632 960005"}\n'

    assert [one.area for one in load_scheme(text, "s.yaml").critical_friends].count("West") == 3


def test_all_that_is_wrong_is_said_in_one_run() -> None:
    text = (SCHEME.replace("slug: here", "slug: H").replace("v1", "").replace("EW", "").replace("to: 2016-12-07", "to: then")
            .replace("a@a.example", "a at a").replace("area: West, post: Chair", "area: South"))

    assert [fault.split(":")[0] for fault in faults_of(text)] == ["1", "6", "8", "12", "13", "14", "17", "17"]


@given(st.data())
def test_a_file_with_a_piece_torn_out_is_read_or_faulted_and_never_breaks_the_reader(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(SCHEME)))
    end = data.draw(st.integers(start, len(SCHEME)))

    with suppress(BadScheme):
        load_scheme(SCHEME[:start] + SCHEME[end:], "s.yaml", COMPACTS)
