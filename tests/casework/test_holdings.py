"""What a case holds, on a real desk: each effect of a step is written down with it, seen, and undone with nothing left over."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from conftest import COMPLAINT, declare_none, lodge, tell

from breachdesk.audit.chain import read_body
from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.messages import messages_of
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.store import audit_log, notices
from breachdesk.store.cases import read_case
from breachdesk.store.tables import CaseRow, NoticeRow, TimerRow, table_of
from breachdesk.workflow.facts import Link, Remedy

TWO = {"commitments": ["13.2", "9.1"]}

# What the coordinator says of a step that she enters for a side.
BY_LETTER = {"behalf_said_by": "Ann Archer", "behalf_channel": "post", "behalf_came_on": "2026-03-02"}


def held(desk, reference):
    with desk.database.begin() as session:
        return read_case(session, reference=reference)


def page(desk, actor, reference):
    with desk.database.read() as session:
        return case_page(session, desk, actor, reference)


def last_facts(desk, reference) -> Any:
    with desk.database.read() as session:
        read = read_case(session, reference=reference, to_change=False)
        return read_body(audit_log.entries_of(session, read.head.id)[-1][2])["facts"]


def test_allegations_are_decided_one_by_one_and_the_refused_one_ends(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth, **TWO)
    first, second = held(holding_desk, reference).allegations

    act(holding_desk, cast.olive, reference, Step("t_decide", {"refused": [str(second.id)]}))

    after = held(holding_desk, reference)
    assert [(one.admissible, one.ending) for one in after.allegations] == [(True, ""), (False, "inadmissible")]
    assert last_facts(holding_desk, reference)["effects"] == {"decided": [[first.id, True], [second.id, False]]}


def test_a_respondent_says_where_it_stands_on_each_of_its_own_allegations(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth, respondents=["amberdale-council", "harcastle-borough-council"], **TWO)
    act(holding_desk, cast.olive, reference, Step("t_decide", {}))
    amberdale = next(party for party in held(holding_desk, reference).parties if party.name == "Amberdale Council")
    own = [one for one in held(holding_desk, reference).allegations if one.party == amberdale.id]

    asked = page(holding_desk, cast.olive, reference).action("t_position").asks
    with pytest.raises(Invalid) as missing:
        act(holding_desk, cast.olive, reference, Step("t_position", {**BY_LETTER, f"stand-{own[0].id}": "disputed"}, party=amberdale.id))
    act(holding_desk, cast.olive, reference, Step("t_position", {
        **BY_LETTER, f"stand-{own[0].id}": "disputed", f"stand-{own[1].id}": "acknowledged"}, party=amberdale.id))

    assert len([one for one in asked if not one.name.startswith("behalf")]) == 4
    assert set(missing.value.fields) == {f"stand-{own[1].id}"}
    assert [one.position for one in held(holding_desk, reference).allegations] == [
        {own[0].id: "disputed", own[1].id: "acknowledged"}.get(one.id, "") for one in held(holding_desk, reference).allegations]


def test_a_remedy_is_owed_by_a_party_until_it_is_settled(holding_desk, cast, clock):
    reference = lodge(holding_desk, cast.ruth)
    [owner] = [party for party in held(holding_desk, reference).parties if party.side == "respondent"]

    act(holding_desk, cast.olive, reference, Step("t_agree", {
        "what": "A letter that says sorry", "kind": "apology", "owner": str(owner.id), "due": "2026-03-20"}))

    after = held(holding_desk, reference)
    assert after.holdings.remedies == (Remedy(1, "apology", owner.id, date(2026, 3, 20)),)
    offered = page(holding_desk, cast.ruth, reference).action("t_settle").offered.by_ask["which"]
    assert offered == {"1": "1. A letter that says sorry (Amberdale Council)"}
    act(holding_desk, cast.ruth, reference, Step("t_settle", {"which": "1", "evidence": "It came on Monday."}))
    assert held(holding_desk, reference).holdings.remedies[0].state == "done"
    with pytest.raises(Invalid):
        act(holding_desk, cast.ruth, reference, Step("t_settle", {"which": "1", "evidence": "Again."}))
    assert verify(holding_desk).details > 0


def test_a_message_about_a_remedy_goes_to_the_party_that_owes_it(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth)
    [owner] = [party for party in held(holding_desk, reference).parties if party.side == "respondent"]

    act(holding_desk, cast.olive, reference, Step("t_agree", {"what": "Sorry", "kind": "apology", "owner": str(owner.id)}))

    with holding_desk.database.read() as session:
        assert {row.subject for row in session.all(table_of(NoticeRow).select()) if row.name == "t-agreed"} == {owner.id}


def test_naming_one_more_keeps_the_others_and_whoever_is_released_loses_sight_at_once(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth)
    for one in ("petra", "piers"):
        act(holding_desk, cast.olive, reference, Step("t_name", {"who": f"{one}@desk.example"}))
    piers = cast.piers
    declare_none(holding_desk, piers, reference)
    assert page(holding_desk, piers, reference).reference == reference

    act(holding_desk, piers, reference, Step("t_step_down", {}))

    with pytest.raises(NotFound):
        page(holding_desk, piers, reference)
    with pytest.raises(NotFound):
        act(holding_desk, piers, reference, Step("t_step_down", {}))
    assert [one.account_id for one in held(holding_desk, reference).appointments if not one.ended] == [cast.petra.account_id]
    with pytest.raises(Refused, match="Piers has declared an interest in this case"):
        act(holding_desk, cast.olive, reference, Step("t_name", {"who": "piers@desk.example"}))
    offered = page(holding_desk, cast.olive, reference).action("t_name").offered.against
    assert offered["piers@desk.example"].says.startswith("Cannot be named: has declared an interest in this case.")
    assert page(holding_desk, cast.olive, reference).action("t_step_down").offered.by_ask["who"] == {"petra@desk.example": "Petra"}


def test_whoever_represents_a_party_takes_its_steps_and_the_log_says_so(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth)
    pia = cast.pia
    with pytest.raises(NotFound):
        page(holding_desk, pia, reference)

    act(holding_desk, cast.ruth, reference, Step("t_represent", {"by": "larkmoor-voluntary-action", "since": "2026-03-01"}))
    done = act(holding_desk, pia, reference, Step("withdraw", {"reason_code": "capacity"}))

    shown = page(holding_desk, pia, reference)
    assert {"representative", "complainant"} <= shown.roles
    step = next(one for one in shown.timeline if one.seq == done.seq)
    assert (step.actor, step.role, step.for_party) == ("Pia", "the organisation that acts for a side", "Riverside Carers")
    with pytest.raises(NotPermitted):
        act(holding_desk, pia, reference, Step("correct", {"entry": 1, "correction": "No."}))


def test_a_representative_of_the_respondent_learns_of_it_when_the_respondent_does(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth)
    [respondent] = [party for party in held(holding_desk, reference).parties if party.side == "respondent"]
    act(holding_desk, cast.olive, reference, Step("t_represent", {"by": "larkmoor-voluntary-action", "since": "2026-03-01", **BY_LETTER},
                                                  party=respondent.id))

    with pytest.raises(NotFound):
        page(holding_desk, cast.pia, reference)


def test_a_successor_takes_the_place_and_the_old_organisation_is_out(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth)
    [complainant] = [party for party in held(holding_desk, reference).parties if party.side == "complainant"]
    ruth = cast.ruth
    with pytest.raises(Refused, match="Amberdale Council is a side in this case already"):
        act(holding_desk, cast.olive, reference, Step("t_succeed", {"successor": "amberdale-council"}, party=complainant.id))

    act(holding_desk, cast.olive, reference, Step("t_succeed", {"successor": "greenway-youth-trust"}, party=complainant.id))

    assert page(holding_desk, cast.stella, reference).complainant == "Greenway Youth Trust"
    with pytest.raises(NotFound):
        page(holding_desk, ruth, reference)


def test_a_member_of_the_steering_group_who_has_an_interest_reviews_another_dispute(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth)
    with holding_desk.database.begin() as session:
        session.execute(table_of(CaseRow).update().values(reached_panel=True))
    sid = cast.sid
    declare_none(holding_desk, sid, reference)
    assert "steering_group" in page(holding_desk, sid, reference).roles

    act(holding_desk, sid, reference, Step("t_interest", {}))

    with pytest.raises(NotFound):
        page(holding_desk, sid, reference)
    with pytest.raises(NotFound):
        act(holding_desk, sid, reference, Step("t_interest", {}))


def test_joint_complainants_have_a_lead_and_each_can_leave_for_good(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth, joined_by=["greenway-youth-trust"])
    parties = {party.name: party for party in held(holding_desk, reference).parties}

    act(holding_desk, cast.stella, reference, Step("t_leave", {}))

    assert [parties[name].lead for name in ("Riverside Carers", "Greenway Youth Trust")] == [True, False]
    after = page(holding_desk, cast.stella, reference)
    assert (after.status, after.roles, after.complainant) == ("received", {"former_party"}, "Riverside Carers")
    assert [party.left for party in after.parties] == [False, True, False]
    with pytest.raises(NotPermitted):
        act(holding_desk, cast.stella, reference, Step("withdraw", {"reason_code": "no_longer"}))
    act(holding_desk, cast.ruth, reference, Step("withdraw", {"reason_code": "no_longer"}))
    closed = page(holding_desk, cast.ruth, reference)
    assert (closed.outcome, closed.complainant) == ("withdrawn", "Riverside Carers")
    assert "complainant" in closed.roles


@pytest.mark.parametrize(("more", "field", "words"), [
    ({"joined_by": ["riverside-carers"]}, "joined_by", "riverside-carers"),
    ({"joined_by": ["amberdale-council"]}, "respondents", "are the same"),
    ({"represented_by": "amberdale-council"}, "represented_by", "Amberdale Council is a side in this complaint itself"),
    ({"counter_to": "DD-2026-0099"}, "counter_to", "There is no case DD-2026-0099 that you can see"),
    ({"counter_to": "DD-2026-0001"}, "counter_to", "is not a complaint of this organisation about yours"),
])
def test_a_complaint_whose_sides_cannot_be_right_is_not_made(desk, holding_sqlite, cast, more, field, words):
    lodge(desk, cast.ruth)

    with pytest.raises(Invalid) as refused:
        lodge(desk, cast.ruth, **more)

    assert words in refused.value.fields[field]
    assert held(desk, "DD-2026-0002") is None


def test_a_complaint_can_be_represented_from_its_beginning(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth, represented_by="larkmoor-voluntary-action", represented_since="2026-02-27")

    shown = page(holding_desk, cast.pia, reference)

    assert shown.parties[0].represented_by == "Larkmoor Voluntary Action"
    assert last_facts(holding_desk, reference)["effects"]["represented"][2] == "2026-02-27"
    assert cast.pia.account_id in {row[0] for row in told(holding_desk, reference, "complaint-received")}


def told(desk, reference, name):
    """(account, message) of everybody who gets a notice."""
    with desk.database.read() as session:
        row = next(one for one in notices.waiting(session, 50) if (one.reference, one.name) == (reference, name))
        return messages_of(session, desk, row)


def test_a_counter_complaint_is_a_case_of_its_own_and_both_show_it(holding_desk, cast):
    first = tell(holding_desk, cast.ruth, lodge(holding_desk, cast.ruth))

    second = lodge(holding_desk, cast.omar, complainant="amberdale-council", respondents=["riverside-carers"], counter_to=first)

    assert [(one.title, one.reference, one.seen) for one in page(holding_desk, cast.olive, first).links] == [
        ("Complaint the other way round", second, True)]
    assert page(holding_desk, cast.ruth, first).links[0].seen is False
    assert held(holding_desk, second).holdings.links == (Link(first, "counter"),)
    assert verify(holding_desk).chains == 3


def test_what_was_agreed_stands_on_the_page_with_what_became_of_it(holding_desk, cast, clock):
    reference = tell(holding_desk, cast.ruth, lodge(holding_desk, cast.ruth))
    with holding_desk.database.begin() as session:
        session.execute(table_of(CaseRow).update().values(status="received", stage="intake"))
    [owner] = [party for party in held(holding_desk, reference).parties if party.side == "respondent"]
    act(holding_desk, cast.olive, reference, Step("t_agree", {
        "what": "A letter that says sorry", "kind": "apology", "owner": str(owner.id), "due": "2026-03-03"}))
    clock.move(days=2)

    [late] = page(holding_desk, cast.omar, reference).remedies
    act(holding_desk, cast.ruth, reference, Step("t_settle", {"which": "1", "evidence": "It came on Monday."}))
    [done] = page(holding_desk, cast.omar, reference).remedies

    assert (late.what, late.kind, late.owner, late.state, late.late) == (
        "A letter that says sorry", "An apology", "Amberdale Council", "To be done", True)
    assert (done.state, done.late, done.evidence) == ("Done", False, "It came on Monday.")


def test_linked_cases_both_show_the_link_and_both_logs_are_whole(holding_desk, cast):
    first, second = lodge(holding_desk, cast.ruth), lodge(holding_desk, cast.ruth)

    act(holding_desk, cast.olive, first, Step("t_link", {"other": second.lower()}))

    assert held(holding_desk, first).holdings.links == (Link(second, "joint"),)
    assert held(holding_desk, second).holdings.links == (Link(first, "joint", outgoing=False),)
    assert [step.title for step in page(holding_desk, cast.ruth, second).timeline][:1] == [f"Heard together with {first}"]
    assert verify(holding_desk).chains == 3
    with pytest.raises(Refused, match="linked in this way already"):
        act(holding_desk, cast.olive, first, Step("t_link", {"other": second}))


def test_nobody_finds_out_by_linking_whether_a_case_is_there(holding_desk, cast):
    own, other = lodge(holding_desk, cast.ruth), lodge(holding_desk, cast.stella, complainant="greenway-youth-trust")

    def refused(reference):
        with pytest.raises(Invalid) as caught:
            act(holding_desk, cast.ruth, own, Step("t_link", {"other": reference}))
        return caught.value.fields["other"].replace(reference, "…")

    assert refused(other) == refused("DD-2026-0099") == "There is no case … that you can see. Check its reference"


def test_a_part_of_a_case_goes_on_as_a_case_of_its_own(holding_desk, cast, clock):
    reference = lodge(holding_desk, cast.ruth, respondents=["amberdale-council", "harcastle-borough-council"], **TWO)
    clock.move(days=2)
    old = held(holding_desk, reference)
    hana = next(party for party in old.parties if party.name.startswith("Harcastle"))
    going = [str(one.id) for one in old.allegations if one.party == hana.id]

    act(holding_desk, cast.olive, reference, Step("t_split", {"which": going}))

    part, rest = held(holding_desk, "DD-2026-0002"), held(holding_desk, reference)
    assert [one.ending for one in rest.allegations].count("split") == 2
    assert (part.head.status, part.head.received_on) == ("received", old.head.received_on)
    assert {party.name for party in part.parties} == {"Riverside Carers", "Harcastle Borough Council"}
    assert {one.limit: one.due_on for one in part.running}["handling"] == {one.limit: one.due_on for one in rest.running}["handling"]
    shown = page(holding_desk, cast.ruth, "DD-2026-0002")
    assert shown.timeline[-1].title == f"Parted from {reference}"
    assert ("What happened?", COMPLAINT["what_happened"]) in shown.timeline[-1].texts
    assert part.holdings.links == (Link(reference, "split", outgoing=False),)
    assert last_facts(holding_desk, reference)["effects"]["part"] == "DD-2026-0002"
    assert verify(holding_desk).chains == 3
    clock.move(days=60)
    assert "DD-2026-0002" in {one.reference for one in fire_due_timers(holding_desk)}


def test_a_step_that_is_refused_leaves_no_holding_behind(holding_desk, cast):
    reference = lodge(holding_desk, cast.ruth)
    [only] = held(holding_desk, reference).allegations

    with pytest.raises(Refused, match="At least one allegation stays"):
        act(holding_desk, cast.olive, reference, Step("t_split", {"which": [str(only.id)]}))

    assert held(holding_desk, "DD-2026-0002") is None
    with holding_desk.database.read() as session:
        assert {row.generation for row in session.all(table_of(TimerRow).select())} == {1}


def test_one_answer_about_all_allegations_is_the_answer_about_each(desk, cast):
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth, commitments=["13.2", "9.3"], required=""))
    first, second = held(desk, reference).allegations

    answers = {"answer": "Yes and no.", "position": "accepted", f"position-{second.id}": "not_accepted"}
    act(desk, cast.omar, reference, Step("respond", answers))

    assert [one.position for one in held(desk, reference).allegations if one.id in (first.id, second.id)] == ["accepted", "not_accepted"]
