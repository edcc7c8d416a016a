"""Making desks, and the clock of those that are for practice."""

from __future__ import annotations

import json

import pytest

from breachdesk.casework.signing_in.sessions import sign_in
from breachdesk.cli.output import the_desk


def test_a_practice_desk_has_somebody_in_each_role_and_no_case(run):
    made = json.loads(run("desk", "create", "--practice", "--start", "2026-03-02", "--json").stdout)

    roles = [one["role"] for one in made["sign_ins"]]
    assert {role: roles.count(role) for role in set(roles) - {""}} == {
        "coordinator": 2, "operator": 1, "critical_friend": 4, "panel_member": 6, "steering_group": 3, "stand_in": 2, "auditor": 1}
    # One organisation has nobody with an account: what it says comes on paper.
    assert {one["organisation"] for one in made["sign_ins"] if not one["role"]} | {"Mossbank Lunch Club"} == {
        line["name"] for line in json.loads(run("organisation", "list", "--json").stdout)}
    assert all(one["email"].endswith(".example") for one in made["sign_ins"])
    assert json.loads(run("case", "list", "--json").stdout) == []


def test_the_panel_can_be_put_together_from_both_sectors(run):
    made = json.loads(run("desk", "create", "--practice", "--json").stdout)["sign_ins"]

    panel = [one for one in made if one["role"] == "panel_member"]
    assert len({one["organisation"] for one in panel}) == 6
    accounts = {one["email"]: one for one in json.loads(run("account", "list", "--json").stdout)}
    assert all(accounts[one["email"]]["organisations"] == [one["organisation"]] for one in panel)


def test_the_password_that_is_printed_lets_one_in(practice, run):
    with the_desk() as desk:
        assert sign_in(desk, "ruth@riverside.example", "practice-desk-2026")
        assert not sign_in(desk, "ruth@riverside.example", "practice-desk-2025")


def test_a_desk_is_made_only_once(practice):
    assert "There is a desk here already" in practice("desk", "create", expect=1).stderr


def test_a_real_desk_is_empty_and_says_what_comes_next(run):
    said = run("desk", "create").stdout

    assert "breachdesk scheme create --example" in said
    assert json.loads(run("account", "list", "--json").stdout) == []


def test_the_clock_of_a_real_desk_stands_under_nobodys_hand(run):
    run("desk", "create")

    assert "Only the clock of a practice desk can be moved" in run("desk", "clock", "--forward", "1 day", expect=1).stderr


def test_a_real_desk_does_not_begin_on_another_day(run):
    assert "--practice" in run("desk", "create", "--start", "2026-03-02", expect=2).stderr


def test_moving_the_clock_says_what_fell_due_in_order(practice, lodged):
    said = practice("desk", "clock", "--to", "2026-03-17 00:00").stdout.splitlines()

    assert said == [
        f"Friday 6 March 2026, 00:00  {lodged}  The coordinator acknowledges the complaint: a reminder was sent",
        f"Monday 9 March 2026, 00:00  {lodged}  Amberdale Council is told: a reminder was sent",
        f"Tuesday 10 March 2026, 00:00  {lodged}  The coordinator acknowledges the complaint: Acknowledgement by the clock",
        f"Tuesday 17 March 2026, 00:00  {lodged}  Amberdale Council is told: The desk writes to Amberdale Council",
        "It is now Tuesday 17 March 2026, 00:00."]


def test_the_clock_moves_by_working_days(practice):
    assert "It is now Tuesday 7 April 2026, 09:00." in practice("desk", "clock", "--forward", "24 working days").stdout


@pytest.mark.parametrize(("words", "said"), [
    (["--forward", "a while"], "“a while” is not a limit"), (["--to", "27/3/2026"], "is not a moment"),
    (["--to", "2026-02-30"], "is not a moment"),
    (["--to", "2026-03-27", "--forward", "1 day"], "either --to a moment, or --forward")])
def test_what_is_no_moment_is_wrong_usage(practice, words, said):
    assert said in " ".join(practice("desk", "clock", *words, expect=2).stderr.split())


def test_the_clock_moves_only_forward(practice):
    assert "The clock moves only forward" in practice("desk", "clock", "--to", "2026-02-27", expect=1).stderr
