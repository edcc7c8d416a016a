"""Who complains unnamed is named to their own side, the coordinator and the critical friend alone: not on a page, a list or in a mail."""

from __future__ import annotations

import json

import pytest
from conftest import COMPLAINT, SCHEME, Cast, StoppedClock, declare_none, lodge, tell

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_lists import list_cases
from breachdesk.casework.case_page import case_page
from breachdesk.casework.case_views import CasePage
from breachdesk.casework.desk import Desk
from breachdesk.casework.masking import gives_away
from breachdesk.casework.messages import messages_of
from breachdesk.casework.open_case import open_case
from breachdesk.casework.steps_told import foretell
from breachdesk.casework.timers import fire_due_timers
from breachdesk.cli.case_told import line_data, list_lines, page_data, page_lines
from breachdesk.errors import Invalid, Refused, StaleCase
from breachdesk.identity import THE_OPERATOR, Actor
from breachdesk.store import notices
from breachdesk.store.cases import read_case

UNNAMED = "The organisation that complains"
# By these somebody would know who complains; they stand in what was typed, too.
NAMES = ("riverside", "ruth", "960200")
TYPED: dict[str, object] = {"title": "Riverside Carers and one month's notice",
                            "what_happened": "Ruth of RIVERSIDE  CARERS opened the letter.",
                            "outcome_sought": "Write to ruth@desk.example, or to riverside-carers."}


def lodge_shielded(desk: Desk, actor: Actor, **other: object) -> str:
    return lodge(desk, actor, **{**TYPED, "identity": "shielded", **other})


def told(desk: Desk, actor: Actor, reference: str) -> str:
    """All that somebody reads of a case: its page and the command's, its line in the list."""
    with desk.database.read() as session:
        page = case_page(session, desk, actor, reference)
        lines, _ = list_cases(session, desk, actor)
        data = json.dumps([page_data(page), *(line_data(one) for one in lines)], default=str)
    return "\n".join([repr(page), repr(lines), data, *page_lines(page), *list_lines(lines)])


def mails(desk: Desk) -> dict[str, list[str]]:
    """What everybody is sent, by address."""
    found: dict[str, list[str]] = {}
    with desk.database.read() as session:
        for row in notices.queued_after(session, 0):
            for _, one in messages_of(session, desk, row):
                found.setdefault(one.to_address, []).append(f"{one.subject}\n{one.text}")
    return found


def named_in(text: str) -> list[str]:
    return [name for name in NAMES if name in text.casefold()]


def page_of(desk: Desk, actor: Actor, reference: str) -> CasePage:
    with desk.database.read() as session:
        return case_page(session, desk, actor, reference)


def test_the_other_side_the_panel_and_the_steering_group_read_other_words_in_place_of_the_name(
        desk: Desk, cast: Cast, clock: StoppedClock) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    for _ in range(20):
        clock.move(days=7)
        fire_due_timers(desk)
    declare_none(desk, cast.sid, reference)

    for actor in (cast.omar, cast.sid, THE_OPERATOR):
        assert named_in(told(desk, actor, reference)) == [], actor.name
        assert UNNAMED in told(desk, actor, reference)


def test_its_own_side_and_the_coordinator_read_the_name(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))

    for actor in (cast.ruth, cast.olive):
        assert "Riverside Carers" in told(desk, actor, reference)
        assert UNNAMED not in told(desk, actor, reference)


def test_what_people_typed_is_read_without_the_names_and_otherwise_as_it_was(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))

    page = page_of(desk, cast.omar, reference)

    assert page.title == "[the organisation that complains] and one month's notice"
    [opened] = [step for step in page.timeline if step.event == "case:opened"]
    assert dict(opened.texts)["What happened?"] == (
        "[somebody of the organisation that complains] of [the organisation that complains] opened the letter.")


def test_whom_to_talk_to_is_for_the_coordinator_alone(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))

    said = {actor.name: "960200" in told(desk, actor, reference) for actor in (cast.olive, cast.omar)}

    assert said == {"Olive": True, "Omar": False}


def test_no_mail_to_the_other_side_names_who_complains(desk: Desk, cast: Cast, clock: StoppedClock) -> None:
    tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    for _ in range(20):
        clock.move(days=7)
        fire_due_timers(desk)

    found = mails(desk)

    for address in ("omar@desk.example", "sid@desk.example", "sara@desk.example"):
        assert named_in("\n".join(found.get(address, []))) == []
    assert found["omar@desk.example"]
    assert named_in("\n".join(found["olive@desk.example"])) == ["riverside"]


def test_before_a_step_and_when_it_comes_too_late_nobody_is_named_either(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    seen = page_of(desk, cast.omar, reference)
    assert named_in(repr(foretell(desk, cast.omar, reference, Step("acknowledge_notice", {"who_answers": "I"})))) == []
    act(desk, cast.ruth, reference, Step("note_other_route", {"route": "ombudsman"}))

    with pytest.raises(StaleCase) as stale:
        act(desk, cast.omar, reference, Step("acknowledge_notice", {"who_answers": "I"}, seen_version=seen.version))

    assert named_in(str(stale.value)) == []


def test_an_organisation_that_acts_for_the_one_that_complains_stands_in_its_place(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(
        desk, cast.ruth, identity="represented", represented_by="larkmoor-voluntary-action", represented_since="2026-02-25"))

    page = page_of(desk, cast.omar, reference)

    assert named_in(told(desk, cast.omar, reference)) == []
    assert page.complainant == "The organisation that Larkmoor Voluntary Action acts for"
    assert "Riverside" in told(desk, cast.pia, reference)


def test_who_acts_for_an_unnamed_organisation_is_not_named_unless_that_was_chosen(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth, represented_by="larkmoor-voluntary-action"))

    assert "larkmoor" not in told(desk, cast.omar, reference).casefold()


def test_somebody_must_act_for_the_organisation_to_stand_in_its_place(desk: Desk, cast: Cast) -> None:
    with pytest.raises(Invalid) as wrong:
        lodge_shielded(desk, cast.ruth, identity="represented")

    assert set(wrong.value.fields) == {"identity"}


def test_all_who_complain_together_are_unnamed_and_know_each_other(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth, joined_by=["greenway-youth-trust"]))

    page = page_of(desk, cast.omar, reference)

    assert page.complainant == "The organisation that complains and The organisation that complains (2)"
    assert "greenway" not in told(desk, cast.omar, reference).casefold()
    assert "Riverside Carers" in told(desk, cast.stella, reference)


def test_nobody_finds_out_by_complaining_in_answer_for_one_organisation_after_the_other(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    said = set()

    for other in ("riverside-carers", "greenway-youth-trust"):
        with pytest.raises(Invalid) as wrong:
            open_case(desk, cast.omar, SCHEME, {**COMPLAINT, "complainant": "amberdale-council", "respondents": [other],
                                                "commitments": ["12.9"], "counter_to": reference})
        said.add(str(wrong.value.fields))

    assert len(said) == 1


def test_nobody_finds_out_by_naming_one_organisation_after_the_other_to_act_for_them(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    said = set()

    for other in ("riverside-carers", "greenway-youth-trust"):
        with pytest.raises(Refused) as refused:
            act(desk, cast.omar, reference, Step("name_representative", {"organisation": other, "agreed_on": "2026-03-02"}))
        said.add(str(refused.value))

    assert len(said) == 1


def test_a_link_that_would_tell_is_shown_on_neither_case(desk: Desk, cast: Cast) -> None:
    first = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth))
    second = tell(desk, cast.ruth, lodge(desk, cast.ruth, title="An open complaint"))
    act(desk, cast.olive, first, Step("link_case", {"other_case": second}))

    for one, other in ((first, second), (second, first)):
        assert other not in repr(page_of(desk, cast.omar, one))
        assert other in repr(page_of(desk, cast.olive, one))


def test_a_part_of_a_case_keeps_back_the_same_name(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.olive, lodge_shielded(desk, cast.ruth, commitments=["13.2", "13.3"]))
    with desk.database.read() as session:
        read = read_case(session, reference=reference, to_change=False)
        assert read
    act(desk, cast.olive, reference, Step("split", {"parted": [str(read.allegations[0].id)], "reasons": "They differ."}))

    with desk.database.read() as session:
        lines, _ = list_cases(session, desk, cast.omar)

    assert {line.complainant for line in lines} == {UNNAMED}
    assert len(lines) == 2


def test_somebody_is_told_which_of_their_own_words_would_give_them_away(desk: Desk) -> None:
    with desk.database.read() as session:
        found = gives_away(session, "riverside-carers", {**COMPLAINT, **TYPED, "tried_reply": "Nothing."})

    assert set(found) >= {"title", "what_happened", "outcome_sought"}
    assert "tried_reply" not in found


def test_a_case_in_which_everybody_is_named_is_read_as_it_is(desk: Desk, cast: Cast) -> None:
    reference = tell(desk, cast.ruth, lodge(desk, cast.ruth))

    assert page_of(desk, cast.omar, reference).complainant == "Riverside Carers"
    assert page_of(desk, cast.omar, reference).title == COMPLAINT["title"]
