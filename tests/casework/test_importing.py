"""Registers and Compact files onto the desk: all or nothing, and never another wording under a label that a case may cite."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from conftest import COMPLAINT, SCHEME, Cast, StoppedClock, lodge

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.case_page import case_page
from breachdesk.casework.compacts_held import all_held
from breachdesk.casework.desk import Desk
from breachdesk.casework.importing import Asked, Imported, import_compact, import_register
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.open_case import open_case
from breachdesk.casework.procedures.setting_up import create_scheme, operate_edition, shipped_compacts
from breachdesk.casework.schemes_shown import scheme_shown
from breachdesk.casework.wordings_shown import wordings_shown
from breachdesk.compacts.editions import Edition
from breachdesk.errors import BadCompact, NotFound, Refused
from breachdesk.resources import text

REGISTER = """\
code,theme,owed_by,text,measure
1.1,Grants,statutory,Pay on time.,
13.2,Grants,statutory,Give six months' notice.,at least 6 months of written notice
"""
NEW = Asked("derby-and-derbyshire", "2026", date(2026, 4, 1), "adopted")
CORE = """\
slug: derbyshire
title: The Derbyshire Compact
vocabulary: {statutory: Statutory sector, voluntary: Voluntary sector}
editions:
  - label: "2003"
    dated_on: 2003-02-01
    status: adopted
    commitments:
      Grants:
        statutory:
          "1.1": Pay on the day.
          "1.2": Say why.
"""


def imported(desk: Desk, asked: Asked, register: str) -> Imported:
    return desk.database.transact(
        lambda session: import_register(session, desk, BY_OPERATOR, asked, register, "r.csv", shipped_compacts()))


def compact_file(desk: Desk, written: str) -> Imported:
    return desk.database.transact(lambda session: import_compact(session, desk, BY_OPERATOR, written, "c.yaml"))


def set_up(desk: Desk, slug: str) -> None:
    desk.database.transact(lambda session: create_scheme(session, desk, BY_OPERATOR, text("workflows", "schemes", f"{slug}.yaml"), slug))


def operate(desk: Desk, label: str, day: date) -> None:
    desk.database.transact(lambda session: operate_edition(session, desk, BY_OPERATOR, SCHEME, label, day))


def edition(desk: Desk, slug: str, label: str) -> Edition:
    with desk.database.read() as session:
        return all_held(session)[slug].compact.edition(label)


def logged(desk: Desk) -> list[tuple[str, str]]:
    with desk.database.read() as session:
        return [(line.event, line.says) for line in desk_log(session)[0]]


def faults(work: Callable[[], object]) -> list[str]:
    with pytest.raises(BadCompact) as raised:
        work()
    return [f"{fault.line}:{fault.column}: {fault.message}" for fault in raised.value.faults]


def test_a_register_becomes_an_edition_and_the_log_says_so(either_desk: Desk) -> None:
    done = imported(either_desk, NEW, REGISTER)

    assert [(one.line, one.code, one.says) for one in done.rows] == [(2, "1.1", "new"), (3, "13.2", "new")]
    held = edition(either_desk, SCHEME, "2026")
    assert (held.dated_on, held.status, str(held.commitment("13.2").measure)) == (
        date(2026, 4, 1), "adopted", "at least 6 months of written notice")
    assert logged(either_desk)[0] == ("edition:imported", logged(either_desk)[0][1])
    assert "edition 2026 of “derby-and-derbyshire” was imported: adopted, dated 1 April 2026" in logged(either_desk)[0][1]


def test_what_the_desk_has_already_is_not_imported_twice(desk: Desk) -> None:
    imported(desk, NEW, REGISTER)
    before = logged(desk)

    again = imported(desk, NEW, REGISTER)

    assert not again.changed
    assert {one.says for one in again.rows} == {"unchanged"}
    assert logged(desk) == before


def test_another_wording_under_the_same_label_is_refused_row_by_row_and_nothing_is_kept(desk: Desk) -> None:
    imported(desk, NEW, REGISTER)
    other = REGISTER.replace("on time", "in advance").replace("13.2", "13.3")

    assert faults(lambda: imported(desk, NEW, other)) == [
        "1:1: edition 2026 of this desk has 13.2 too, which is missing here: an edition keeps all it has",
        "2:1: 1.1 is otherwise in edition 2026 of this desk (the wording), and a case may cite it: give this wording an edition of its own",
        "3:1: edition 2026 of this desk has no 13.3, and a case may cite it as it is: give this wording an edition of its own"]
    assert [one.code for one in edition(desk, SCHEME, "2026").commitments] == ["1.1", "13.2"]


@pytest.mark.parametrize(("asked", "said"), [
    (Asked(SCHEME), "1:1: of which edition? Say it in a column “edition” or with --edition; The Derby and Derbyshire Compact has: V0.4"),
    (Asked(SCHEME, "2026"), "1:1: edition 2026 is new here: say its date and status, in columns “dated_on” and “status”, "
                            "or with --dated-on and --status"),
    (Asked(SCHEME, "V0.4", date(2017, 1, 1)), "1:1: edition V0.4 of this desk is dated 2016-12-08, not 2017-01-01: "
                                              "give another text another label"),
])
def test_what_an_edition_lacks_is_said(desk: Desk, asked: Asked, said: str) -> None:
    assert said in faults(lambda: imported(desk, asked, REGISTER))


def test_what_the_register_says_and_what_is_said_beside_it_must_agree(desk: Desk) -> None:
    register = "code,theme,owed_by,text,edition,dated_on,status\n1,A,jointly,Talk.,2026,2026-04-01,adopted\n"

    assert faults(lambda: imported(desk, Asked(SCHEME, "2027"), register)) == ["1:1: the register says 2026, and --edition says 2027"]
    assert imported(desk, Asked(SCHEME), register).changed


def test_the_standing_of_an_edition_may_change_and_its_wording_not(desk: Desk) -> None:
    imported(desk, NEW, REGISTER)

    assert imported(desk, Asked(SCHEME, "2026", status="superseded"), REGISTER).changed
    assert edition(desk, SCHEME, "2026").status == "superseded"


def test_a_compact_that_nobody_knows_is_named_with_what_was_probably_meant(desk: Desk) -> None:
    with pytest.raises(NotFound, match="There is no Compact “salfrod”; did you mean “salford”"):
        imported(desk, Asked("salfrod", "1"), REGISTER)


def test_a_local_compact_takes_its_commitments_from_the_core_that_it_follows(desk: Desk) -> None:
    set_up(desk, "south-derbyshire")
    local = Asked("south-derbyshire", "2004")

    compact_file(desk, CORE)
    from_the_core = [(one.code, one.text, one.taken_from) for one in edition(desk, "south-derbyshire", "2004").commitments]
    done = imported(desk, local, "code,theme,owed_by,text\n1.2,Grants,statutory,Say why in writing.\n9.1,Plans,jointly,Meet.\n")

    core = "the common core Compact of Derbyshire, edition 2003"
    assert from_the_core == [("1.1", "Pay on the day.", core), ("1.2", "Say why.", core)]
    assert [(one.code, one.says) for one in done.rows] == [("1.2", "overrides"), ("9.1", "new")]
    assert [(one.code, one.text, one.taken_from) for one in edition(desk, "south-derbyshire", "2004").commitments] == [
        ("1.1", "Pay on the day.", core), ("1.2", "Say why in writing.", ""), ("9.1", "Meet.", "")]


def test_a_core_that_comes_later_reaches_those_who_follow_it(desk: Desk, cast: Cast) -> None:
    set_up(desk, "south-derbyshire")
    imported(desk, Asked("south-derbyshire", "2004"), "code,theme,owed_by,text\n1.2,Grants,statutory,Say why in writing.\n")

    compact_file(desk, CORE)

    assert [one.text for one in edition(desk, "south-derbyshire", "2004").commitments] == ["Pay on the day.", "Say why in writing."]


def test_what_a_case_cites_from_the_core_is_no_longer_overridden(desk: Desk, cast: Cast) -> None:
    set_up(desk, "south-derbyshire")
    compact_file(desk, CORE)
    open_case(desk, cast.ruth, "south-derbyshire", {**COMPLAINT, "commitments": ["1.2"]})

    said = faults(lambda: imported(desk, Asked("south-derbyshire", "2004"), "code,theme,owed_by,text\n1.2,Grants,statutory,Other.\n"))

    assert said == ["2:1: 1.2 is otherwise in edition 2004 of this desk (the wording), and a case cites it: "
                    "give this wording an edition of its own"]


def test_a_compacts_file_brings_a_new_compact_and_later_what_is_new_in_it(desk: Desk) -> None:
    second = CORE[CORE.index("  - label"):].replace('"2003"', '"2010"').replace("2003-02-01", "2010-01-01").replace("on the day", "early")
    life = CORE.replace("editions:", "life:\n  champions: [{organisation: A, post: Clerk}]\neditions:")

    assert compact_file(desk, CORE).changed
    assert not compact_file(desk, CORE).changed
    done = compact_file(desk, life + second)

    assert [(one.edition, one.code, one.says) for one in done.rows] == [
        ("2003", "1.1", "unchanged"), ("2003", "1.2", "unchanged"), ("2010", "1.1", "new"), ("2010", "1.2", "new")]
    with desk.database.read() as session:
        assert all_held(session)["derbyshire"].compact.life.champions[0].post == "Clerk"
    assert [event for event, _ in logged(desk)[:3]] == ["compact:changed", "edition:imported", "compact:adopted"]


@pytest.mark.parametrize(("old", "new", "said"), [
    ("on the day", "early", "11:11: 1.1 is otherwise in edition 2003 of this desk (the wording), and a case may cite it: "
                            "give this wording an edition of its own"),
    ('          "1.2": Say why.\n', "", "5:5: edition 2003 of this desk has 1.2 too, which is missing here: an edition keeps all it has"),
    ('label: "2003"', 'label: "2004"', "1:1: edition 2003, which this desk holds, is missing: editions are added and never taken away"),
    ("2003-02-01", "2003-03-01", "5:5: edition 2003 of this desk is dated 2003-02-01, not 2003-03-01: give another text another label"),
    ("    status: adopted\n", "    status: adopted\n    follows: {compact: x, edition: '1', title: X}\n",
     "5:5: edition 2003 follows another core Compact than on this desk: give it another label"),
])
def test_a_compacts_file_that_says_otherwise_what_the_desk_holds_is_refused_at_the_place(desk: Desk, old: str, new: str, said: str) -> None:
    compact_file(desk, CORE)

    assert faults(lambda: compact_file(desk, CORE.replace(old, new))) == [said]


def test_a_case_keeps_the_wording_of_its_day_and_says_how_today_differs(desk: Desk, cast: Cast, clock: StoppedClock) -> None:
    before = lodge(desk, cast.ruth)
    imported(desk, NEW, REGISTER)
    operate(desk, "2026", date(2026, 4, 1))
    clock.to(date(2026, 4, 20))

    after = lodge(desk, cast.ruth, event_on="2026-04-03")

    with desk.database.read() as session:
        [then], [now] = (case_page(session, desk, cast.ruth, one).allegations for one in (before, after))
    assert "minimum of three months' notice" in then.wording
    assert then.otherwise is not None
    assert then.otherwise.says.startswith("Today the wording is another one: edition 2026, in force since 1 April 2026.")
    assert then.otherwise.wording == now.wording == "Give six months' notice."
    assert now.otherwise is None


def test_a_commitment_that_is_gone_today_is_said_to_be_gone(desk: Desk, cast: Cast, clock: StoppedClock) -> None:
    case = lodge(desk, cast.ruth, commitments=["13.1"])
    imported(desk, NEW, REGISTER)
    operate(desk, "2026", date(2026, 4, 1))
    clock.to(date(2026, 4, 20))

    with desk.database.read() as session:
        [allegation] = case_page(session, desk, cast.ruth, case).allegations

    assert allegation.otherwise is not None
    assert allegation.otherwise.says == "Today there is no commitment 13.1: edition 2026, in force since 1 April 2026, does not have it."


def test_a_commitment_is_shown_through_the_editions(desk: Desk, clock: StoppedClock) -> None:
    imported(desk, NEW, REGISTER)
    operate(desk, "2026", date(2026, 4, 1))
    clock.to(date(2026, 4, 20))

    with desk.database.read() as session:
        shown = scheme_shown(session, desk)
    draft = shown.compact.edition("V0.4")
    found = wordings_shown(shown, draft, draft.commitment("13.2"))

    assert [(one.label, one.operated, one.here, one.today) for one in found] == [
        ("2026", "from 1 April 2026", False, True), ("V0.4", "from 8 December 2016 to 31 March 2026", True, False)]


def test_an_edition_begins_only_after_what_cases_cite(desk: Desk, cast: Cast) -> None:
    case = lodge(desk, cast.ruth)
    imported(desk, NEW, REGISTER)

    with pytest.raises(Refused, match=f"{case} cites edition V0.4 for an event on or after 2026-02-01"):
        operate(desk, "2026", date(2026, 2, 1))
    with pytest.raises(Refused, match="Another can begin only after that day"):
        operate(desk, "2026", date(2016, 12, 8))
    with pytest.raises(NotFound, match="There is no edition 2027"):
        operate(desk, "2027", date(2026, 4, 1))
    operate(desk, "2026", date(2026, 2, 21))
    assert logged(desk)[0][1] == "The scheme “derby-and-derbyshire” works by edition 2026 from 21 February 2026."
