"""The one way a case changes: all of it or none of it, for whom, and what the loser of a race is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from conftest import SCHEME, lodge

from breachdesk.audit.chain import read_body
from breachdesk.casework.act import Step, act
from breachdesk.casework.open_case import open_case
from breachdesk.errors import BreachdeskError, Invalid, NotFound, NotPermitted, Refused, StaleCase
from breachdesk.store.cases import read_case
from breachdesk.store.tables import EntryRow, NoticeRow, TimerRow, table_of

pytestmark = pytest.mark.usefixtures("replayed_afterwards")


def case(desk, reference):
    with desk.database.begin() as session:
        return read_case(session, reference=reference)


def rows(desk, table):
    with desk.database.read() as session:
        return session.all(table_of(table).select())


def test_a_complaint_starts_its_limits_and_tells_both_who_must_know(either_desk, cast):
    reference = lodge(either_desk, cast.ruth)

    assert reference == "DD-2026-0001"
    running = {one.limit: one.due_on for one in case(either_desk, reference).running}
    assert running["acknowledge"] == date(2026, 3, 9)
    assert {row.name for row in rows(either_desk, NoticeRow)} == {"complaint-received", "complaint-arrived"}


def test_a_step_writes_status_entry_timers_and_notices_together(either_desk, cast):
    reference = lodge(either_desk, cast.ruth)

    done = act(either_desk, cast.ruth, reference, Step("record_direct_contact", {
        "person": "The head of grants", "contacted_on": "2026-03-02", "how": "letter"}))

    after = case(either_desk, reference)
    assert (after.head.status, after.head.version, after.head.last_seq) == ("direct_open", 2, done.seq)
    assert {one.limit for one in after.running} == {"respondent_acknowledges", "respond", "handling", "regular_update"}
    assert "respondent-asked" in {row.name for row in rows(either_desk, NoticeRow)}


def test_what_is_refused_changes_nothing(either_desk, cast):
    reference = lodge(either_desk, cast.ruth)
    before = [rows(either_desk, table) for table in (EntryRow, TimerRow, NoticeRow)]

    with pytest.raises(Refused, match="can be done only at “Proposal with both sides”"):
        act(either_desk, cast.ruth, reference, Step("accept", {"process_view": "satisfied"}))

    assert [rows(either_desk, table) for table in (EntryRow, TimerRow, NoticeRow)] == before


def test_a_fault_in_the_middle_of_a_step_leaves_nothing_behind(desk, cast, monkeypatch):
    reference = lodge(desk, cast.ruth)
    before = [rows(desk, table) for table in (EntryRow, TimerRow, NoticeRow)]
    monkeypatch.setattr("breachdesk.casework.carrying_out._people_changes", lambda *_: [_broken_change()])

    with pytest.raises(Exception, match="no such table"):
        act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "As we see it."}))

    assert [rows(desk, table) for table in (EntryRow, TimerRow, NoticeRow)] == before
    assert case(desk, reference).head.version == 1


def _broken_change():
    from sqlalchemy import text

    from breachdesk.store.session import Prepared
    return Prepared(text("INSERT INTO nowhere VALUES (1)")), {}


def test_a_stranger_learns_nothing_and_a_bystander_may_not(desk, cast):
    reference = lodge(desk, cast.ruth)

    with pytest.raises(NotFound):
        act(desk, cast.stella, reference, Step("withdraw", {"reason_code": "no_longer"}))
    with pytest.raises(NotFound):
        act(desk, cast.sid, reference, Step("record_review", {"observations": "…"}))
    with pytest.raises(NotFound):
        act(desk, cast.omar, reference, Step("respond", {"answer": "We have not been told yet.", "position": "not_stated"}))
    act(desk, cast.ruth, reference, Step("record_direct_contact", {"person": "X", "contacted_on": "2026-03-02", "how": "letter"}))
    with pytest.raises(NotPermitted, match="is for the coordinator"):
        act(desk, cast.omar, reference, Step("acknowledge", {"understanding": "…"}))


def test_whoever_comes_second_is_told_who_did_what(desk, cast):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.olive, reference, Step("acknowledge", {"understanding": "As we see it."}, seen_version=1))

    with pytest.raises(StaleCase, match="Olive did this: “Acknowledge the complaint”"):
        act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "no_longer"}, seen_version=1))


def test_the_same_request_sent_again_is_done_once(either_desk, cast):
    reference = lodge(either_desk, cast.ruth)
    step = Step("acknowledge", {"understanding": "As we see it."}, seen_version=1, key="once")

    first, again = act(either_desk, cast.olive, reference, step), act(either_desk, cast.olive, reference, step)

    assert (first.seq, again.seq, again.decision) == (2, 2, None)
    assert case(either_desk, reference).head.last_seq == 2


def test_of_many_at_once_one_wins(either_desk, cast):
    reference = lodge(either_desk, cast.ruth)
    olive = cast.olive

    def one(number):
        try:
            return act(either_desk, olive, reference, Step("acknowledge", {"understanding": f"No. {number}"}, seen_version=1)).seq
        except BreachdeskError as error:
            return error.code

    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(one, range(6)))

    assert sorted(results, key=str) == [2, *["stale-case"] * 5]


def test_a_form_sent_many_times_makes_one_case(either_desk, cast):
    from conftest import COMPLAINT

    from breachdesk.casework.open_case import lodging_form
    from breachdesk.store import opening
    ruth = cast.ruth
    with either_desk.database.begin() as session:
        scheme = lodging_form(session, either_desk, ruth, SCHEME).scheme
        opening.save_draft(session, "draft-1", ruth.account_id, scheme.id, COMPLAINT, either_desk.wall())

    with ThreadPoolExecutor(5) as pool:
        made = list(pool.map(lambda _: open_case(either_desk, ruth, SCHEME, COMPLAINT, "draft-1").reference, range(10)))

    assert set(made) == {"DD-2026-0001"}


@pytest.mark.parametrize(("change", "field", "words"), [
    ({"title": ""}, "title", "Enter an answer to “Give it a short title”"),
    ({"event_on": "2026-02-30"}, "event_on", "there is no 30/2/2026"),
    ({"event_on": "2026-03-03"}, "event_on", "must be today or in the past"),
    ({"commitments": ["7.2"]}, "commitments", "“7.2” cannot be chosen"),
    ({"respondents": ["nowhere"]}, "respondents", "“nowhere” cannot be chosen"),
    ({"respondents": ["riverside-carers"]}, "respondents", "cannot be chosen"),
    ({"complainant": "greenway-youth-trust"}, "complainant", "cannot be chosen"),
    ({"titel": "x"}, "titel", "There is no question called “titel” here; did you mean “title”?"),
    ({"happened": "A letter came."}, "happened", "Commitment 13.2 has a number in it: 3 months."),
    ({"tried": "yes"}, "tried_with", "Enter an answer to “Whom did you contact?”"),
])
def test_a_complaint_names_what_is_wrong_with_it(desk, cast, change, field, words):
    with pytest.raises(Invalid) as caught:
        lodge(desk, cast.ruth, **change)

    assert words in caught.value.fields[field]


def test_a_commitment_that_was_not_operated_on_the_day_is_refused(desk, cast):
    with pytest.raises(Refused, match="did not operate commitment 13.2"):
        lodge(desk, cast.ruth, event_on="2016-12-07")


def test_a_commitment_keeps_the_wording_of_its_day(desk, cast):
    from breachdesk.casework.case_page import case_page
    reference = lodge(desk, cast.ruth)

    with desk.database.read() as session:
        [allegation] = case_page(session, desk, cast.ruth, reference).allegations

    assert allegation.wording.startswith("Where possible, give a minimum of three months' notice in writing")
    assert allegation.edition == "V0.4 of 8 December 2016 (draft for consultation)"


def test_what_was_required_and_what_happened_are_kept_as_amounts_in_the_log(desk, cast):
    lodge(desk, cast.ruth, required="three months in writing", happened="We had one month.", commitments=["1.1", "13.2"])
    lodge(desk, cast.ruth, commitments=["1.1"], happened="A letter came.")

    with desk.database.read() as session:
        opened = [read_body(row.body)["facts"]["effects"] for row in session.all(table_of(EntryRow).select()) if row.event == "case:opened"]
    assert [one.get("measured", [])[1:] for one in opened] == [["3 months", "1 month"], []]


def test_a_panel_member_from_a_party_may_not_sit(desk, cast):
    reference = lodge(desk, cast.ruth)
    for who, action, answers in [
        (cast.ruth, "record_direct_contact", {"person": "X", "contacted_on": "2026-03-02", "how": "letter"}),
        (cast.omar, "respond", {"answer": "No.", "position": "not_accepted"}),
        (cast.ruth, "refer_to_critical_friend", {"remaining": "All of it."}),
        (cast.olive, "admit", {"reasons": "It names 13.2."}),
        (cast.olive, "go_straight_to_panel", {"reason": "Nobody is free."}),
    ]:
        act(desk, who, reference, Step(action, answers))

    with pytest.raises(Refused, match="Paula belongs to Amberdale Council, so cannot sit on the panel"):
        act(desk, cast.olive, reference, Step("convene", {
            "members": ["petra@desk.example", "piers@desk.example", "paula@desk.example"], "chair": "petra@desk.example",
            "declared": True}))


def test_a_critical_friend_from_a_party_is_refused(desk, cast):
    reference = lodge(desk, cast.ruth, tried="yes", tried_with="Mr X", tried_on="2026-02-21", tried_reply="Nothing.")
    act(desk, cast.olive, reference, Step("register_direct_resolution", {"evidence": "A letter."}))
    act(desk, cast.olive, reference, Step("admit", {"reasons": "It names 13.2."}))

    with pytest.raises(Refused, match="Alma belongs to Amberdale Council"):
        act(desk, cast.olive, reference, Step("appoint_critical_friend", {
            "critical_friend": "alma@desk.example", "mode": "mediator", "declared": True}))


def test_a_step_in_a_closed_case_leaves_it_closed(desk, cast, clock):
    reference = lodge(desk, cast.ruth)
    act(desk, cast.ruth, reference, Step("withdraw", {"reason_code": "no_longer"}))
    before = case(desk, reference).head
    clock.move(days=30)

    act(desk, cast.olive, reference, Step("correct", {"entry": 1, "correction": "The letter came on the 19th."}))

    after = case(desk, reference).head
    assert (after.status, after.outcome, after.closed_on) == ("closed", "withdrawn", before.closed_on)


def test_those_who_can_be_named_are_offered_with_where_they_work_and_whether_that_rules_them_out(desk, cast):
    from breachdesk.casework.case_page import case_page
    reference = lodge(desk, cast.ruth, tried="yes", tried_with="Mr X", tried_on="2026-02-21", tried_reply="Nothing.")
    act(desk, cast.olive, reference, Step("register_direct_resolution", {"evidence": "A letter."}))
    act(desk, cast.olive, reference, Step("admit", {"reasons": "It names 13.2."}))

    with desk.database.read() as session:
        offered = case_page(session, desk, cast.olive, reference).action("appoint_critical_friend").offered

    assert offered.people["critical_friend"] == {
        "maya@desk.example": "Maya, statutory sector", "alma@desk.example": "Alma, Amberdale Council, statutory sector"}
    maya, alma = (offered.against[f"{name}@desk.example"] for name in ("maya", "alma"))
    assert (maya.bars, maya.says) == (False, "The desk knows of no interest. Serves in no open case.")
    assert (alma.bars, alma.says) == (True, "Cannot be named: belongs to Amberdale Council. Serves in no open case.")
