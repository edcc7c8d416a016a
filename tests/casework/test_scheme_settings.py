"""What a scheme needs before its first case, and settling it."""

from __future__ import annotations

import pytest
from conftest import SCHEME, Cast, lodge

from breachdesk.casework.desk import Desk
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.scheme_checklist import Checklist, checklist, unfinished
from breachdesk.casework.scheme_settings import settle
from breachdesk.casework.schemes_shown import scheme_shown
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.store import people, schemes


def listed(desk: Desk) -> Checklist:
    with desk.database.read() as session:
        return checklist(session, desk, desk.scheme(session, SCHEME))


def missing(desk: Desk) -> dict[str, tuple[str, ...]]:
    return {part.name: part.missing for part in listed(desk).left}


def names(desk: Desk) -> set[str]:
    with desk.database.read() as session:
        return {name for _, _, name, _ in people.organisations(session)}


def test_the_list_says_what_is_there_and_what_is_missing(desk: Desk) -> None:
    found = listed(desk)

    assert found.says == "Seven things are needed before the first case, and four are there."
    assert missing(desk) == {
        "roster": tuple(f"{area}, Voluntary and community sector (VCS): nobody yet" for area in ("Derby", "Derbyshire")),
        "roles": ("A stand-in for the coordinator",), "mail": ("A mail server: the operator sets BREACHDESK_SMTP_URL",)}
    assert all(part.says and part.why for part in found.parts if part.name != "controller")


def test_a_coordinator_is_told_while_something_is_missing_and_nobody_else_is(desk: Desk, cast: Cast) -> None:
    with desk.database.read() as session:
        assert [one.slug for one in unfinished(session, desk, cast.olive)] == [SCHEME]
        assert unfinished(session, desk, cast.ruth) == unfinished(session, desk, cast.ops) == []


def test_no_case_begins_before_a_data_controller_is_named(desk: Desk, cast: Cast) -> None:
    with desk.database.begin() as session:
        schemes.settle(session, 1, controller="")
    assert missing(desk)["controller"] == ("The organisation that answers for personal information",)
    with pytest.raises(Refused, match="data controller"):
        lodge(desk, cast.ruth)

    settle(desk, cast.olive, SCHEME, "controller", {"controller": "Larkmoor Voluntary Action",
                                                    "controller_contact": "data@larkmoor.example"})

    assert lodge(desk, cast.ruth)
    with desk.database.read() as session:
        shown = scheme_shown(session, desk).scheme
    assert (shown.controller, shown.controller_contact) == ("Larkmoor Voluntary Action", "data@larkmoor.example")


def test_a_pasted_list_is_taken_whole_or_not_at_all(desk: Desk, cast: Cast) -> None:
    before = names(desk)

    with pytest.raises(Invalid, match="Line 2: “Two, three” does not end with a sector"):
        settle(desk, cast.olive, SCHEME, "partners", {"partner_list": "Brook Hall, voluntary\nTwo, three\n"})
    assert names(desk) == before

    said = settle(desk, cast.olive, SCHEME, "partners", {
        "partner_list": "Brook Hall, VOLUNTARY\r\nRiverside Carers, voluntary\n\nThe Weir; other"})
    assert said == "Two organisations are added. One was here already."
    assert names(desk) - before == {"Brook Hall", "The Weir"}


def test_one_organisation_is_added_and_a_second_of_that_name_is_refused_by_its_field(desk: Desk, cast: Cast) -> None:
    brook = {"partner_name": "Brook Hall", "partner_sector": "voluntary"}

    assert settle(desk, cast.ops, SCHEME, "partner", brook) == "Brook Hall is added."
    with pytest.raises(Invalid) as wrong:
        settle(desk, cast.ops, SCHEME, "partner", brook)
    assert set(wrong.value.fields) == {"partner_name"}


def test_the_calendar_can_be_chosen_until_a_case_has_counted_in_it(desk: Desk, cast: Cast) -> None:
    settle(desk, cast.olive, SCHEME, "calendar", {"calendar": "scotland"})
    assert "Scotland. It ends on" in next(part for part in listed(desk).parts if part.name == "calendar").says[0]

    lodge(desk, cast.ruth)
    with pytest.raises(Refused, match="it stays"):
        settle(desk, cast.olive, SCHEME, "calendar", {"calendar": "england-and-wales"})


def test_words_for_the_sectors_are_used_from_then_on(desk: Desk, cast: Cast) -> None:
    settle(desk, cast.olive, SCHEME, "words", {"word_statutory": "Public bodies", "word_voluntary": "Third sector"})

    with desk.database.read() as session:
        shown = scheme_shown(session, desk)
    assert (shown.sector("statutory"), shown.sector("voluntary")) == ("Public bodies", "Third sector")
    assert missing(desk)["roster"][0] == "Derby, Third sector: nobody yet"


@pytest.mark.parametrize("reviews", ["papers", "summaries", "figures"])
def test_what_the_steering_group_reviews_is_chosen_and_said(desk: Desk, cast: Cast, reviews: str) -> None:
    settle(desk, cast.olive, SCHEME, "reviews", {"reviews": reviews})

    part = next(one for one in listed(desk).parts if one.name == "reviews")
    assert ("Nobody then answers" in " ".join(part.says)) == (reviews != "papers")
    with desk.database.read() as session:
        assert desk.scheme(session, SCHEME).reviews == reviews


def test_the_log_says_that_something_was_settled_and_repeats_no_words(desk: Desk, cast: Cast) -> None:
    settle(desk, cast.olive, SCHEME, "controller", {"controller": "Canary Council", "controller_contact": "canary@organisation.example"})
    settle(desk, cast.olive, SCHEME, "reviews", {"reviews": "figures"})
    settle(desk, cast.olive, SCHEME, "single-officer", {"single_officer": "yes"})

    with desk.database.read() as session:
        lines = desk_log(session)[0]
    assert [line.says for line in lines[:3]] == [
        "In the scheme “derby-and-derbyshire” one person may now do what otherwise takes two.",
        "In the scheme “derby-and-derbyshire” this was settled anew: what the steering group reviews: figures.",
        "In the scheme “derby-and-derbyshire” this was settled anew: the data controller."]
    assert "canary" not in str(lines).casefold()


@pytest.mark.parametrize(("form", "answers", "fields"), [
    ("controller", {}, {"controller", "controller_contact"}),
    ("controller", {"controller": "A", "controller_contact": "nobody"}, {"controller_contact"}),
    ("controller", {"controller": "A" * 10_000, "controller_contact": "a@a.example"}, {"controller"}),
    ("reviews", {"reviews": "everything"}, {"reviews"}),
    ("reviews", {"reviews": "figures", "single_officer": "yes"}, {"single_officer"}),
    ("partner", {"partner_name": "A\x00", "partner_sector": "voluntary"}, {"partner_name"}),
    ("partner", {"partner_name": "Brook", "partner_sector": "church"}, {"partner_sector"}),
    ("partners", {"partner_list": "x, voluntary\n" * 600}, {"partner_list"}),
    ("compact", {"edition": "V9", "edition_from": "2026-02-30"}, {"edition", "edition_from"}),
    ("procedure", {"procedure": "compact-dispute 9"}, {"procedure", "procedure_from"}),
])
def test_what_cannot_be_right_is_refused_by_its_field(
        desk: Desk, cast: Cast, form: str, answers: dict[str, object], fields: set[str]) -> None:
    with pytest.raises(Invalid) as wrong:
        settle(desk, cast.olive, SCHEME, form, answers)

    assert set(wrong.value.fields) == fields


@pytest.mark.parametrize("who", ["ruth", "sid", "maya"])
def test_nobody_else_settles_anything(desk: Desk, cast: Cast, who: str) -> None:
    with pytest.raises(NotFound):
        settle(desk, getattr(cast, who), SCHEME, "reviews", {"reviews": "figures"})
    with pytest.raises(NotFound):
        settle(desk, cast.olive, SCHEME, "everything", {})


def account(cast: Cast, name: str) -> str:
    return str(getattr(cast, name).account_id)


def test_roles_are_given_on_the_page_and_take_what_is_missing_from_the_list(desk: Desk, cast: Cast) -> None:
    settle(desk, cast.olive, SCHEME, "friend", {"friend_person": account(cast, "pia"), "friend_sector": "voluntary", "friend_area": "Derby",
                                                "friend_from_on": "2026-03-02", "friend_to_on": "2027-03-31"})
    settle(desk, cast.olive, SCHEME, "role", {"role_person": account(cast, "stella"), "role_role": "stand_in",
                                              "role_from_on": "2026-03-02"})

    assert missing(desk)["roster"] == ("Derbyshire, Voluntary and community sector (VCS): nobody yet",)
    assert "roles" not in missing(desk)
    says = next(part for part in listed(desk).parts if part.name == "roster").says
    assert "Pia: Derby, Voluntary and community sector (VCS), until Wednesday 31 March 2027." in says
    assert cast.stella.holds("stand_in", 1)


@pytest.mark.parametrize(("form", "answers", "fields"), [
    ("friend", {"friend_from_on": "2026-03-02"}, {"friend_person", "friend_sector", "friend_area"}),
    ("friend", {"friend_person": "999", "friend_sector": "voluntary", "friend_area": "Wales", "friend_from_on": "2026-03-02"},
     {"friend_person", "friend_area"}),
    ("role", {"role_person": "pia", "role_role": "panel_member", "role_from_on": "2026-03-02"}, {"role_sector"}),
    ("role", {"role_person": "pia", "role_role": "operator", "role_from_on": "2026-03-02"}, {"role_role"}),
    ("role", {"role_person": "pia", "role_role": "stand_in", "role_from_on": "2026-03-02", "role_to_on": "2026-03-01"}, {"role_to_on"}),
    ("role", {"role_person": "sid", "role_role": "steering_group", "role_from_on": "2026-03-02"}, {"role_role"}),
])
def test_a_role_that_cannot_be_given_is_refused_by_its_field(
        desk: Desk, cast: Cast, form: str, answers: dict[str, object], fields: set[str]) -> None:
    whom = {name: account(cast, str(one)) for name, one in answers.items() if one in ("pia", "sid")}

    with pytest.raises(Invalid) as wrong:
        settle(desk, cast.olive, SCHEME, form, {**answers, **whom})

    assert set(wrong.value.fields) == fields


def test_nobody_gives_a_role_to_themselves(desk: Desk, cast: Cast) -> None:
    with pytest.raises(NotPermitted, match="their own roles"):
        settle(desk, cast.olive, SCHEME, "role", {"role_person": account(cast, "olive"), "role_role": "stand_in",
                                                  "role_from_on": "2026-03-02"})
