"""What a version changes stands on a page that a committee can read; two people publish it there."""

from __future__ import annotations

from datetime import date

import pytest
from conftest import SCHEME
from two_versions import FIRST, PLAN, SECOND

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.act import Step, act
from breachdesk.casework.open_case import open_case
from breachdesk.casework.procedures.moving_cases import move_cases, plan_of
from breachdesk.casework.procedures.publishing import add_draft, publish, use_from

HERE = "/procedures/short-road/2/changes"


@pytest.fixture
def second(desk, cast):
    """The second version as a draft, the first published."""
    desk.database.transact(lambda session: add_draft(session, desk, BY_OPERATOR, FIRST, "1.yaml"))
    for actor in (cast.olive, cast.ops):
        desk.database.transact(lambda session, actor=actor: publish(session, desk, actor, "short-road", "1"))
    desk.database.transact(lambda session: add_draft(session, desk, BY_OPERATOR, SECOND, "2.yaml"))


def test_what_a_version_changes_is_told_part_by_part(second, reader):
    page = reader("olive").open(HERE)

    assert page.heading == "What version 2 changes"
    assert "The panel's statement 25 → 30 working days" in page.main
    assert "Refer it the other side may now do this" in page.main
    assert "This is a draft. It takes two people to publish it" in page.main


def test_two_people_publish_on_the_page(second, reader):
    olive, ops = reader("olive"), reader("ops")

    proposed = olive.send(olive.open(HERE).form(HERE))
    assert "You have proposed it." in proposed.main
    assert not [form for form in proposed.all("form") if form["action"] == HERE], "somebody else has to publish it"
    published = ops.send(ops.open(HERE).form(HERE))

    assert "Published by Ops, proposed by Olive." in published.main
    assert "No open cases go by it." in published.main
    assert not [form for form in published.all("form") if form["action"] == HERE]
    assert "Publishing" not in reader("ruth").open(HERE).main


def test_a_draft_is_for_those_who_publish_it(second, reader):
    assert reader("ruth").open(HERE, expect=404)
    assert "There is no version 9" in reader("olive").open(f"{HERE}?from=9", expect=404).main


def test_the_first_version_has_nothing_to_be_compared_with(reader):
    assert "There is no other version" in reader("").open("/procedures/compact-dispute/1/changes").main


def test_the_page_of_a_case_tells_what_happened_under_each_version(second, desk, cast, reader):
    for actor in (cast.olive, cast.ops):
        desk.database.transact(lambda session, actor=actor: publish(session, desk, actor, "short-road", "2"))
    desk.database.transact(lambda session: use_from(session, desk, cast.olive, SCHEME, "short-road", "1", date(2026, 3, 2)))
    reference = open_case(desk, cast.ruth, SCHEME, {
        "complainant": "riverside-carers", "respondents": ["amberdale-council"], "event_on": "2026-02-20", "commitments": ["13.2"],
        "title": "Notice"}).reference
    act(desk, cast.ruth, reference, Step("tell", {}))
    act(desk, cast.omar, reference, Step("respond", {"answer": "We gave what we could."}))
    list(move_cases(desk, cast.olive, plan_of(desk, PLAN, "plan.yaml")))

    page = reader("ruth").open(f"/cases/{reference}")

    assert "Moved to version 2 of “A short road”" in page.main
    assert "Afterwards: Time to think." in page.main
    assert "Afterwards: Answered." in page.main
    assert "The steering group agreed on 2 March." in page.main
