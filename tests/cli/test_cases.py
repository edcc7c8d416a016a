"""Lodging, acting and looking from the command line: the same checks, the same words."""

from __future__ import annotations

import json

import pytest
from conftest import declare_none

from breachdesk.bootstrap import open_desk
from breachdesk.clock import local_day
from breachdesk.settings import read_settings
from breachdesk.store import people

OMAR, RUTH, OLIVE = "omar@amberdale.example", "ruth@riverside.example", "olive@desk.example"
FRIEND = "engagement@fernhollow.example"


def shown(run, reference, email=""):
    return json.loads(run("case", "show", reference, "--json", *(["--as", email] if email else [])).stdout)


@pytest.fixture
def act(practice, lodged, written):
    """Take a step with the very example that the command prints for it."""
    def act(action, email, *more):
        file = written(practice("case", "act", lodged, action, "--as", email, "--example").stdout)
        return json.loads(practice("case", "act", lodged, action, "--as", email, "--file", file, "--json", *more).stdout)
    return act


def test_the_printed_example_lodges_a_complaint(practice, written):
    file = written(practice("case", "lodge", "--example").stdout)

    told = practice("case", "lodge", "--as", RUTH, "--file", file).stdout

    assert told.startswith("DD-2026-0001: Received")
    assert "Started: The coordinator acknowledges the complaint, by Monday 9 March 2026" in told


def test_the_coordinators_example_says_when_and_how_the_complaint_came(practice, written):
    file = written(practice("case", "lodge", "--as", OLIVE, "--example").stdout)

    done = json.loads(practice("case", "lodge", "--as", OLIVE, "--file", file, "--json").stdout)

    assert (done["reference"], done["seq"], done["status"]) == ("DD-2026-0001", 1, "received")
    assert {"limit": "acknowledge", "party": None, "due_on": "2026-03-09"} in done["started"]


def test_an_example_is_printed_before_there_is_a_desk(run):
    assert json.loads(run("case", "lodge", "--example").stdout)["commitments"] == ["13.2"]


def without_an_interest(data_dir, email, reference):
    """Say on the page of the case that they have no interest: for that there is no command."""
    desk = open_desk(read_settings({"BREACHDESK_DATA_DIR": str(data_dir)}))
    with desk.database.read() as session:
        actor = people.actor_by_email(session, email, local_day(desk.now(session)))
    declare_none(desk, actor, reference)
    desk.database.close()


def test_the_examples_of_all_steps_lead_a_case_to_its_end(practice, lodged, act, data_dir):
    road = [("acknowledge", OLIVE), ("record_direct_contact", RUTH), ("acknowledge_notice", OMAR), ("respond", OMAR),
            ("refer_to_critical_friend", RUTH), ("admit", OLIVE), ("appoint_critical_friend", OLIVE), ("record_meeting", None),
            ("end_critical_friend_stage", OLIVE), ("refer_to_panel", RUTH), ("convene", OLIVE), ("open_panel", OLIVE)]

    for action, email in road:
        if email is None:
            [friend] = [one for one in shown(practice, lodged)["people"] if one["role"] == "critical_friend"]
            email = next(one["email"] for one in json.loads(practice("account", "list", "--json").stdout) if one["name"] == friend["name"])
            without_an_interest(data_dir, email, lodged)
        act(action, email)

    chair = next(one["name"] for one in shown(practice, lodged)["people"] if one["chair"])
    member = next(one["email"] for one in json.loads(practice("account", "list", "--json").stdout) if one["name"] == chair)
    without_an_interest(data_dir, member, lodged)
    for action, email in [("send_draft", member), ("comment", OMAR), ("propose", member), ("accept", RUTH)]:
        act(action, email)
    done = act("accept", OMAR)

    assert (done["status"], shown(practice, lodged)["outcome"]) == ("closed", "resolved_full")
    assert "Resolved to both sides' satisfaction" in practice("case", "list", "--closed").stdout
    assert practice("case", "list", "--open").stdout == "No case.\n"


def test_a_case_is_shown_to_programs_under_names_that_are_promised(practice, lodged, act):
    act("record_direct_contact", RUTH)

    case = shown(practice, lodged, OMAR)

    assert {"reference", "status", "stage", "outcome", "allegations", "deadlines", "timeline", "actions"} <= case.keys()
    assert (case["reference"], case["status"], case["stage"], case["outcome"]) == (lodged, "direct_open", "direct", None)
    [allegation] = case["allegations"]
    assert (allegation["commitment"], allegation["respondent"]) == ("13.2", "Amberdale Council")
    assert "three months" in allegation["wording"].lower()
    assert {one["kind"]: one["due_on"] for one in case["deadlines"]} == {
        "respondent_acknowledges": "2026-03-09", "respond": "2026-03-23", "handling": "2026-05-29", "regular_update": "2026-03-30"}
    assert case["deadlines"][0]["working_days_left"] == 5
    assert [(one["action"], one["actor"], one["status"]) for one in case["timeline"]] == [
        ("record_direct_contact", "Ruth Ferris", "direct_open"), ("lodge", "Ruth Ferris", "received")]
    assert case["timeline"][0]["at"].startswith("2026-03-02T09:0")
    answer = next(one for one in case["actions"] if one["action"] == "respond")
    assert (answer["allowed"], answer["why_not"]) == (True, [])
    assert [(ask["name"], ask["type"], ask["required"]) for ask in answer["asks"]] == [
        ("answer", "text", True), ("position-1", "choice", True), ("offer", "text", False)]
    assert list(answer["asks"][1]["choices"]) == ["accepted", "partly", "not_accepted", "not_stated"]


def test_every_date_is_explained_day_by_day_to_programs_and_to_people(practice, lodged, act):
    act("record_direct_contact", RUTH)

    [due] = [one for one in shown(practice, lodged, OMAR)["deadlines"] if one["kind"] == "respondent_acknowledges"]
    said = practice("case", "show", lodged, "--as", OMAR, "--explain").stdout

    assert due["why"] == "5 working days, counted from the day after 2 March 2026. Not counted: Saturdays and Sundays."
    assert [(day["day"], day["number"], day["why"]) for day in due["days"]][-3:] == [
        ("2026-03-07", None, "Saturday"), ("2026-03-08", None, "Sunday"), ("2026-03-09", 5, "")]
    assert "Why this date? Amberdale Council says that it has the complaint" in said
    assert due["why"] in " ".join(said.split())
    assert "Sunday 8 March 2026" in said
    assert "Why this date?" not in practice("case", "show", lodged, "--as", OMAR).stdout


def test_what_cannot_be_done_says_who_may_and_why_not(practice, lodged):
    refer = next(one for one in shown(practice, lodged, RUTH)["actions"] if one["action"] == "acknowledge")

    assert (refer["allowed"], refer["may"]) == (False, ["coordinator"])
    assert refer["why_not"] == ["This is for the coordinator."]


def test_what_the_clock_noted_stands_in_the_status_of_then(practice, lodged):
    practice("desk", "clock", "--to", "2026-03-18")

    told = [(one["event"], one["action"], one["status"]) for one in shown(practice, lodged)["timeline"]]

    assert told[:3] == [("case:acted", "tell_respondent_by_clock", "direct_open"), ("limit:ran_out", None, "received"),
                        ("case:acted", "acknowledge_by_clock", "received")]


def test_without_a_name_the_operator_sees_where_a_case_stands_and_nobodys_words(practice, written):
    example = json.loads(practice("case", "lodge", "--example").stdout)
    secret = {name: "canary-7391" for name in ("contact", "title", "what_happened", "effect", "outcome_sought", "required", "happened")}
    # Commitment 9.3 has no number in it, so what was required and what happened are told in words.
    practice("case", "lodge", "--as", RUTH, "--file", written(example | secret | {"commitments": ["9.3"]}))

    for words in (["case", "list"], ["case", "show", "DD-2026-0001"], ["timers", "due", "--until", "2026-12-31"]):
        assert "canary" not in practice(*words).stdout + practice(*words, "--json").stdout
    assert "canary-7391" in practice("case", "show", "DD-2026-0001", "--as", RUTH).stdout


def test_a_stranger_learns_nothing_of_a_case(practice, lodged, written):
    words = ["--as", "gwen@greenway.example"]

    assert practice("case", "list", *words).stdout == "No case.\n"
    unseen = practice("case", "show", lodged, *words, expect=1).stderr
    assert unseen.replace(lodged, "DD-2026-0099") == practice("case", "show", "DD-2026-0099", *words, expect=1).stderr
    for more in (["--example"], ["--for", "amberdale-council"], []):
        assert practice("case", "act", lodged, "withdraw", *words, *more, expect=1).stderr == unseen


def test_each_answer_that_cannot_be_is_named(practice, written):
    example = json.loads(practice("case", "lodge", "--example").stdout)
    file = written(example | {"event_on": "2026-13-01", "respondents": ["amberdale"], "titel": "?"})

    said = practice("case", "lodge", "--as", RUTH, "--file", file, expect=1).stderr.splitlines()

    assert [line.split(":")[0] for line in said] == ["titel", "respondents", "event_on"]
    assert said[0].endswith("did you mean “title”?")
    assert practice("case", "list").stdout == "No case.\n"


def test_a_file_that_is_no_json_is_refused_with_its_place(practice, written):
    file = written('{"complainant": "riverside-carers",\n  oops}')

    assert practice("case", "lodge", "--as", RUTH, "--file", file, expect=1).stderr.startswith(f"{file}:2:3: this is not JSON")


def test_the_refusal_of_a_step_is_said_in_words(practice, lodged, act):
    act("acknowledge", OLIVE)

    assert practice("case", "act", lodged, "open_panel", "--as", OLIVE, expect=1).stderr == (
        "This can be done only at “A panel is being convened”. The case is at “Received”.\n")


def test_the_coordinator_says_for_whom_a_step_is(practice, lodged, act):
    act("record_direct_contact", OLIVE)

    assert act("acknowledge_notice", OLIVE, "--for", "amberdale-council")["ended"][0]["ending"] == "met"
    said = practice("case", "act", lodged, "respond", "--as", OLIVE, "--for", "riverside", expect=1).stderr
    assert "for: “riverside” is no party" in said


def test_somebody_without_an_account_is_told_where_to_look(practice, lodged):
    assert "breachdesk account list" in practice("case", "show", lodged, "--as", "nobody@desk.example", expect=1).stderr
