"""What is known of an organisation over time: names, predecessors, funders; what cannot be is refused by the field's name."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import SCHEME, lodge

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.concerns import concern_form
from breachdesk.casework.log.auditing import verify
from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.open_case import lodging_form
from breachdesk.casework.people import members, organisations
from breachdesk.casework.people.organisations_shown import organisation_lines, organisation_page
from breachdesk.casework.people.successors import taken_over
from breachdesk.clock import local_day
from breachdesk.errors import Invalid, NotFound, NotPermitted, Refused
from breachdesk.store import people as store_people

COUNCIL = "amberdale-council"


@pytest.fixture
def do(desk, cast):
    """`do(organisations.rename_organisation, name=…)`: what the coordinator does about the council."""
    def of(work, *more, who="olive", slug=COUNCIL, **raw):
        actor = getattr(cast, who)
        return desk.database.transact(lambda session: work(session, desk, actor, slug, *more, *([raw] if raw else [])))
    return of


@pytest.fixture
def page(desk, cast):
    def of(slug=COUNCIL, who="olive"):
        with desk.database.read() as session:
            return organisation_page(session, desk, getattr(cast, who), slug)
    return of


def test_a_case_shows_the_name_of_its_day_and_todays(desk, cast, do):
    case = lodge(desk, cast.ruth)
    do(organisations.rename_organisation, name="Amberdale and Vale Council", from_on="2026-03-01")

    with desk.database.read() as session:
        [council] = [one for one in case_page(session, desk, cast.olive, case).parties if one.side == "respondent"]

    assert (council.name, council.then) == ("Amberdale and Vale Council", "Amberdale Council")


def test_a_name_that_was_a_mistake_is_taken_back_and_the_log_says_both(desk, do, page):
    do(organisations.rename_organisation, name="Ambledale Council", from_on="2026-02-02")
    do(organisations.take_name_back)

    assert [one.name for one in page().names] == ["Amberdale Council"]
    with desk.database.read() as session:
        said = [line.says for line in desk_log(session)[0][:2]]
    assert said == ["That Amberdale Council had another name from 2 February 2026 was taken back.",
                    "Amberdale Council has another name from 2 February 2026."]
    verify(desk)


def test_names_follow_each_other_without_a_gap(do, page):
    do(organisations.rename_organisation, name="Amberdale Borough", from_on="2020-04-01")
    do(organisations.rename_organisation, name="Amberdale Unitary", from_on="2023-04-01")

    assert [(one.name, one.from_on, one.until_on) for one in page().names] == [
        ("Amberdale Unitary", date(2023, 4, 1), None), ("Amberdale Borough", date(2020, 4, 1), date(2023, 3, 31)),
        ("Amberdale Council", None, date(2020, 3, 31))]


def test_who_came_before_whom_goes_round_in_no_circle(do, page):
    do(organisations.link_organisations, other="harcastle-borough-council", which="predecessor", from_on="2015-04-01")
    do(organisations.link_organisations, slug="harcastle-borough-council", other="fernhollow-health-partnership", which="predecessor",
       from_on="2010-04-01")

    with pytest.raises(Invalid) as circle:
        do(organisations.link_organisations, other="fernhollow-health-partnership", which="successor", from_on="2020-04-01")
    assert set(circle.value.fields) == {"which"}
    assert [one.name for one in page("harcastle-borough-council").successors] == ["Amberdale Council"]
    do(organisations.unlink_organisations, page().predecessors[0].id)
    assert page().predecessors == ()


def test_a_cases_step_that_names_a_successor_says_so_of_the_organisations_too(desk, cast, page):
    case = lodge(desk, cast.ruth)
    with desk.database.read() as session:
        [council] = [one.id for one in case_page(session, desk, cast.olive, case).parties if one.side == "respondent"]

    act(desk, cast.olive, case, Step("name_successor", {
        "successor": "fernhollow-health-partnership", "since": "2026-02-01", "reasons": "Their letter."}, party=council))

    assert [(one.name, one.from_on) for one in page("fernhollow-health-partnership").predecessors] == [
        ("Amberdale Council", date(2026, 2, 1))]


def test_funding_has_days_and_two_spans_do_not_overlap(do, page):
    number = do(organisations.note_funding, other="larkmoor-voluntary-action", which="funded", from_on="2020-04-01")

    with pytest.raises(Invalid) as twice:
        do(organisations.note_funding, slug="larkmoor-voluntary-action", other=COUNCIL, which="funder", from_on="2022-04-01")
    assert set(twice.value.fields) == {"from_on"}
    do(organisations.end_funding, number, to_on="2022-03-31")
    do(organisations.note_funding, other="larkmoor-voluntary-action", which="funded", from_on="2022-04-01", to_on="2023-03-31")
    assert [(one.gives, one.name, one.over) for one in page().funding] == [(True, "Larkmoor Voluntary Action", True)] * 2


@pytest.mark.parametrize(("work", "raw", "field"), [
    (organisations.rename_organisation, {"name": "x" * 10_000, "from_on": "2026-01-01"}, "name"),
    (organisations.rename_organisation, {"name": "New\nline", "from_on": "2026-01-01"}, "name"),
    (organisations.rename_organisation, {"name": "Amberdale Council", "from_on": "2026-01-01"}, "name"),
    (organisations.rename_organisation, {"name": "Tomorrow's", "from_on": "2026-03-03"}, "from_on"),
    (organisations.rename_organisation, {"name": "Never", "from_on": "2026-02-30"}, "from_on"),
    (organisations.change_organisation, {"sector": "royal"}, "sector"),
    (organisations.change_organisation, {"sector": "other", "signatory_from": "2020-01-02", "signatory_to": "2020-01-01"}, "signatory_to"),
    (organisations.change_organisation, {"sector": "statutory", "signatory_to": "2020-01-01"}, "signatory_from"),
    (organisations.change_organisation, {"sector": "statutory", "id": "1"}, "id"),
    (organisations.note_funding, {"other": COUNCIL, "which": "funded", "from_on": "2020-01-01"}, "other"),
    (organisations.note_funding, {"other": "nobody", "which": "funded", "from_on": "2020-01-01"}, "other"),
    (organisations.note_funding, {"other": "riverside-carers", "which": "funded", "from_on": "2020-01-02", "to_on": "2020-01-01"}, "to_on"),
    (organisations.link_organisations, {"other": "riverside-carers", "which": "both", "from_on": "2020-01-01"}, "which")])
def test_what_cannot_be_is_refused_by_the_fields_name(do, work, raw, field):
    with pytest.raises(Invalid) as refused:
        do(work, **raw)

    assert set(refused.value.fields) == {field}


def test_only_the_coordinator_changes_what_is_known_and_strangers_see_nothing(desk, cast, do, page):
    for who in ("ruth", "omar", "sid", "ops"):
        with pytest.raises(NotPermitted):
            do(organisations.rename_organisation, who=who, name="Mine", from_on="2026-01-01")
    with pytest.raises(NotFound):
        page(who="omar")
    with pytest.raises(NotFound):
        do(organisations.end_funding, 999, to_on="2026-01-01")
    with pytest.raises(Refused):
        do(organisations.take_name_back)
    with desk.database.read() as session:
        assert organisation_lines(session, desk, cast.omar) == []


def test_an_organisation_whose_place_was_taken_is_offered_until_that_day_and_not_from_the_day_after(desk, cast, do, clock):
    do(organisations.link_organisations, other="fernhollow-health-partnership", which="successor", from_on="2026-03-02")

    def offered(who):
        with desk.database.read() as session:
            forms = (lodging_form(session, desk, who, SCHEME).offered, members.offered(session, local_day(clock())),
                     concern_form(session, desk, SCHEME))
            return [one.organisations for one in forms]

    assert all(COUNCIL in found for found in offered(cast.ruth))
    clock.move(days=1)
    assert all(COUNCIL not in found and "fernhollow-health-partnership" in found for found in offered(cast.ruth))
    with pytest.raises(Invalid) as gone:
        lodge(desk, cast.ruth)
    assert set(gone.value.fields) == {"respondents"}
    with pytest.raises(Invalid) as no_member:
        desk.database.transact(lambda session: members.begin_membership(session, desk, cast.olive, cast.stella.account_id, {
            "organisation": COUNCIL, "kind": "member", "from_on": "2026-03-03"}))
    assert set(no_member.value.fields) == {"organisation"}


def test_whoever_belongs_to_one_is_led_to_those_that_stand_in_its_place_today(desk, cast, do, clock):
    do(organisations.link_organisations, slug="riverside-carers", other=COUNCIL, which="successor", from_on="2020-03-01")
    do(organisations.link_organisations, other="fernhollow-health-partnership", which="successor", from_on="2024-05-01")

    with desk.database.read() as session, pytest.raises(Refused) as led:
        lodging_form(session, desk, cast.ruth, SCHEME)

    assert str(led.value) == ("Another organisation took the place of Riverside Carers on 1 March 2020, and no new complaint is "
                              "made for it. To go on, ask the coordinator to let you belong to Fernhollow Health Partnership.")
    with desk.database.read() as session:
        places = {number: slug for number, slug, *_ in store_people.organisations(session)}
        both = [number for number, slug in places.items() if slug in ("riverside-carers", "fernhollow-health-partnership")]
        assert taken_over(session, both, local_day(clock())) == []
