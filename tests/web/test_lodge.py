"""Making a complaint: page by page, saved on the way, sent once."""

from __future__ import annotations

import re

import pytest
from conftest import PASSWORD
from web.lodging import PAGES, begin, fill_in
from web.page_reader import values_in

from breachdesk.store.tables import CaseRow, table_of


def cases(desk):
    with desk.database.read() as session:
        return [row.reference for row in session.all(table_of(CaseRow).select())]


def test_a_stranger_reads_what_it_is_and_is_asked_to_sign_in(reader):
    page = reader("").open("/complain")

    assert "Sign in first." in page.main
    assert "What if we fear for our funding?" in page.main
    assert "Freedom of Information Act 2000" in page.main
    assert page.one("main").all("form") == []


def test_somebody_who_belongs_nowhere_is_told_what_to_do(reader):
    sid = reader("sid")

    assert "Your account belongs to no organisation" in sid.open("/complain").main


def test_from_the_first_page_to_the_confirmation(reader, desk):
    ruth = reader("ruth")

    check = begin(ruth)
    for one in PAGES:
        check = ruth.send(check.form(), one)
    done = ruth.send(check.form())

    [reference] = cases(desk)
    assert check.heading == "Check your answers"
    assert "Friday 20 February 2026" in check.main
    assert done.path == f"/cases/{reference}/done/1"
    assert "The coordinator acknowledges it by Monday 9 March 2026." in done.main
    assert "You hear from the coordinator." in done.main
    assert "A letter to start from" in done.main


@pytest.mark.parametrize(("code", "suggested"), [("13.2", "3 months"), ("1.1", "")])
def test_a_commitment_with_a_number_in_it_says_first_what_it_requires(reader, code, suggested):
    ruth = reader("ruth")

    page = fill_in(ruth, begin(ruth), [*PAGES[:3], {"commitments": [code]}])

    assert values_in(page.form()).get("required", [""]) == [suggested]


def test_there_are_at_most_twelve_pages_with_at_most_five_questions_each(reader):
    for name in ("ruth", "olive"):
        person = reader(name)
        page = begin(person)
        count = int(re.search(r"page 1 of (\d+)", page.main)[1])
        assert count <= 12
        for number in range(1, count + 1):
            shown = person.open(page.path.rsplit("/", 1)[0] + f"/{number}")
            questions = {re.sub(r"-(day|month|year)$", "", one["name"]) for tag in ("input", "textarea", "select")
                         for one in shown.form().all(tag) if one["type"] != "hidden"}
            assert len(questions) <= 5, shown.heading


def test_sent_twice_it_is_one_case_and_the_same_confirmation(reader, desk):
    ruth = reader("ruth")
    check = fill_in(ruth, begin(ruth))

    first, second = ruth.send(check.form()), ruth.send(check.form())

    assert first.path == second.path
    assert len(cases(desk)) == 1


def test_a_draft_that_was_sent_leads_to_its_confirmation_from_everywhere(reader, desk):
    ruth = reader("ruth")
    page = begin(ruth)
    first_page = page.path
    done = ruth.send(fill_in(ruth, page).form())

    assert ruth.follow(first_page).path == done.path
    assert ruth.send(page.form(), PAGES[0]).path == done.path


def test_what_was_typed_is_kept_when_somebody_comes_back_later(reader):
    ruth = reader("ruth")
    page = fill_in(ruth, begin(ruth), PAGES[:5])

    home = ruth.send(page.form(), {"title": "Half a title", "what_happened": "Half\n a story"}, button="later")
    back = ruth.follow(home.one("main").one("a", class_="desk-list__link")["href"])

    assert "Your complaint is saved. Nothing has been sent." in home.main
    assert "Half a title" in home.main
    assert back.heading == "What you have tried"
    assert back.errors() == []
    assert ruth.open(re.sub(r"\d+(\?.*)?$", "6", back.path)).one("textarea", id="what_happened").raw_text == "Half\n a story"


def test_a_page_that_cannot_be_right_is_shown_again_with_everything_that_was_typed(reader):
    ruth = reader("ruth")
    page = fill_in(ruth, begin(ruth), PAGES[:2])

    again = ruth.send(page.form(), {"event_on-day": "31", "event_on-month": "2", "event_on-year": "2026"}, expect=422)

    assert again.errors() == ["“When did it happen?” must be a real date: there is no 31/2/2026"]
    assert [again.one("input", id=f"event_on-{box}")["value"] for box in ("day", "month", "year")] == ["31", "2", "2026"]


def test_a_draft_that_is_not_finished_goes_to_the_first_page_with_a_fault(reader):
    ruth = reader("ruth")
    page = begin(ruth)
    base = page.path.rsplit("/", 1)[0]
    ruth.send(page.form(), {"complainant": "riverside-carers", "contact": ""}, expect=422)

    shown = ruth.follow(f"{base}/check")

    assert shown.heading == "Who is complaining"
    assert shown.errors() == ["Enter an answer to “Who should we talk to about it?”"]


def test_an_answer_can_be_changed_from_the_check_and_leads_back_to_it(reader):
    ruth = reader("ruth")
    check = fill_in(ruth, begin(ruth))
    [change] = [link for link in check.all("a") if link.text == "Change Give it a short title"]

    back = ruth.send(ruth.open(change["href"]).form(), {"title": "A better title"})

    assert back.heading == "Check your answers"
    assert "A better title" in back.main


def test_commitments_are_suggested_from_everyday_words_and_those_chosen_stay(reader):
    ruth = reader("ruth")
    page = fill_in(ruth, begin(ruth), PAGES[:3])

    found = ruth.send(page.form(), {"commitments": ["1.1"], "words": "three months notice"}, button="suggest")
    boxes = found.all("input", name="commitments")

    assert "13.2" in [box["value"] for box in boxes]
    assert [box["value"] for box in boxes if "checked" in box.attributes] == ["1.1"]
    assert len(boxes) < 15
    assert ruth.send(found.form(), {"words": ""}, button="suggest").main.count("Owed") == 80


def test_asking_for_suggestions_without_words_says_what_to_type(reader):
    ruth = reader("ruth")
    page = fill_in(ruth, begin(ruth), PAGES[:3])

    assert "Type a few words, like: cut our grant" in ruth.send(page.form(), {"words": " "}, button="suggest").main
    assert "Type a few words" not in page.main


def test_words_that_no_commitment_has_say_so_and_keep_nothing_back(reader):
    ruth = reader("ruth")
    page = fill_in(ruth, begin(ruth), PAGES[:3])

    found = ruth.send(page.form(), {"words": "xyzzy"}, button="suggest")

    assert "No commitment has any of these words." in found.main


def test_choosing_no_commitment_leads_to_the_themes_and_opens_none_of_them(reader):
    ruth = reader("ruth")
    page = fill_in(ruth, begin(ruth), PAGES[:3])

    again = ruth.send(page.form(), {}, expect=422)

    assert again.errors() == ["Choose an answer to “Which commitments do you believe were broken?”"]
    assert again.one(class_="govuk-error-summary").one("a")["href"] == "#commitments"
    assert again.one(id="commitments").one(class_="govuk-error-message")
    assert not [group for group in again.all("details") if "open" in group.attributes], "80 commitments are not to fall upon anybody"


def test_the_commitment_somebody_was_reading_is_ticked_in_the_complaint_they_sign_in_for(reader):
    stranger = reader("")
    start = stranger.open(stranger.open("/commitments/V0.4/13.2").one("a", href="/complain?commitment=13.2")["href"])
    [sign_in] = [link["href"] for link in start.one("main").all("a") if link.text == "Sign in and begin"]

    begun = stranger.send(stranger.open(sign_in).form(), {"email": "ruth@desk.example", "password": PASSWORD})
    page = fill_in(stranger, stranger.send(begun.form("/complain")), PAGES[:3])

    assert "Commitment 13.2 will be ticked for you." in begun.main
    assert [box["value"] for box in page.all("input", name="commitments") if "checked" in box.attributes] == ["13.2"]


def test_beginning_twice_about_a_commitment_takes_up_the_same_complaint(reader):
    ruth = reader("ruth")
    form = ruth.open("/complain?commitment=13.2").form("/complain")

    assert ruth.send(form).path == ruth.send(form).path
    assert begin(ruth).path != ruth.send(form).path


@pytest.mark.parametrize("code", ["99.9", "<b>13.2</b>", ""])
def test_a_commitment_that_is_not_there_is_passed_over(reader, code):
    ruth = reader("ruth")
    start = ruth.open(f"/complain?commitment={code}")

    assert "will be ticked" not in start.main
    assert ruth.client.post("/complain", data={**values_in(start.form("/complain")), "commitment": code}).status_code == 303


def test_the_first_page_says_how_many_pages_there_are(reader):
    for name, said in (("ruth", "It takes 10 short pages."), ("olive", "It takes 11 short pages.")):
        person = reader(name)
        count = re.search(r"page 1 of (\d+)", begin(person).main)[1]
        assert said in person.open("/complain").main
        assert count == {"ruth": "10", "olive": "11"}[name]
    assert "It takes 10 short pages." in reader("").open("/complain").main


def test_what_is_only_found_when_it_is_sent_says_that_nothing_was_and_leads_back_to_the_check(reader, desk):
    ruth = reader("ruth")
    answers = [{**PAGES[0], "represented_by": "amberdale-council"}, *PAGES[1:]]

    fault = ruth.send(fill_in(ruth, begin(ruth), answers).form(), expect=422)
    again = ruth.send(fault.form(), {"represented_by": ""})

    assert fault.errors() == ["Amberdale Council is a side in this complaint itself. Choose another organisation, or none."]
    assert "Your complaint was not sent." in fault.main
    assert again.heading == "Check your answers"
    assert cases(desk) == []


def test_who_reads_an_answer_is_said_once(reader):
    ruth = reader("ruth")
    first, last = begin(ruth), fill_in(ruth, begin(ruth), PAGES[:-1])

    assert first.main.count("Everybody in this case reads this; if your name is kept back, the coordinator alone.") == 1
    assert "reads this. Everybody" not in first.main
    assert last.main.count("Only the coordinator reads this") == 1
    assert last.main.count("Only the coordinator sees this") == 1


def test_ones_own_organisation_is_not_offered_as_another_and_a_press_by_mistake_can_be_taken_back(reader):
    ruth = reader("ruth")
    first = begin(ruth)

    def values(page, name, *, only_checked=False):
        return [one["value"] for one in page.all("input", name=name) if not only_checked or "checked" in one.attributes]

    pressed = ruth.send(first.form(), {"represented_by": "greenway-youth-trust"}, 422)
    let_go = ruth.send(pressed.form(), {"represented_by": ""}, 422)

    assert "riverside-carers" not in values(first, "joined_by") + values(first, "represented_by")
    assert "amberdale-council" in values(first, "joined_by")
    assert values(first, "represented_by")[-1] == ""
    assert values(pressed, "represented_by", only_checked=True) == ["greenway-youth-trust"]
    assert values(let_go, "represented_by", only_checked=True) == []


def test_every_page_says_that_the_other_organisation_reads_it_only_once_told(reader):
    ruth = reader("ruth")
    start, should = ruth.open("/complain").main, ruth.open("/should-i-complain").main
    check = fill_in(ruth, begin(ruth))

    done = ruth.send(check.form()).main

    for words in (start, should, check.main, done):
        assert "told: when you record that you wrote to" in words
        assert "by the desk after ten working days" in words
    assert "The coordinator can read it now. Amberdale Council cannot see it yet" in done
    assert reader("omar").client.get("/cases/DD-2026-0001").status_code == 404


def test_an_organisation_cannot_complain_about_itself(reader, desk):
    ruth = reader("ruth")
    page = fill_in(ruth, begin(ruth), PAGES[:1])

    again = ruth.send(page.form(), {"respondents": ["riverside-carers"]}, expect=422)

    assert "riverside-carers" not in [box["value"] for box in page.all("input", name="respondents")]
    assert len(again.errors()) == 1
    assert cases(desk) == []


def test_a_rule_that_stands_against_it_is_said_on_the_check(reader, desk):
    ruth = reader("ruth")
    long_ago = {"event_on-day": "1", "event_on-month": "3", "event_on-year": "2010"}
    check = fill_in(ruth, begin(ruth), [*PAGES[:2], long_ago, *PAGES[3:]])

    page = ruth.send(check.form(), expect=422)

    assert page.heading == "Check your answers"
    assert page.errors()
    assert cases(desk) == []


def test_the_coordinator_says_how_the_complaint_came_and_complains_for_anybody(reader, desk):
    olive = reader("olive")
    page = olive.send(begin(olive).form(), PAGES[0])
    assert page.heading == "How it reached you"
    page = olive.send(page.form(), {"received_on-day": "27", "received_on-month": "2", "received_on-year": "2026", "channel": "post",
                                    "read_back": "Ruth, by telephone"})

    done = olive.send(fill_in(olive, page, PAGES[1:]).form())

    assert "by Friday 6 March 2026" in done.main


def test_a_member_complains_only_for_their_own(reader):
    page = begin(reader("ruth"))

    assert [one["value"] for one in page.all("input", name="complainant")] == ["riverside-carers"]


def test_nobody_else_can_open_a_draft(reader):
    ruth, stella = reader("ruth"), reader("stella")
    path = begin(ruth).path

    stella.open(path, expect=404)
    stella.open(path.rsplit("/", 1)[0] + "/check", expect=404)


def test_a_draft_can_be_thrown_away(reader):
    ruth = reader("ruth")
    path = fill_in(ruth, begin(ruth), PAGES[:1]).path

    home = ruth.send(ruth.open(path.rsplit("/", 1)[0] + "/delete").form())

    assert "is deleted. Nobody else has seen it." in home.main
    ruth.open(path, expect=404)


def test_beginning_twice_takes_up_the_one_that_is_still_empty(reader):
    ruth = reader("ruth")

    assert begin(ruth).path == begin(ruth).path


def test_hostile_text_goes_through_every_page_exactly(reader):
    ruth, text = reader("ruth"), "  two  blanks <script>alert(1)</script> ' OR 1=1 -- {% raw %} ﬁ ﷽ \u200f"
    check = fill_in(ruth, begin(ruth), [*PAGES[:5], {"title": text, "what_happened": f"{text}\n{text}"}, *PAGES[6:]])

    ruth.send(check.form())
    case = ruth.open("/cases").one("a", class_="desk-list__link")

    assert f"{text}\n{text}" in [one.raw_text for one in check.all("dd")]
    assert case.raw_text == text
    assert ruth.open(case["href"]).one("h1").raw_text == text


def test_whoever_wants_the_name_kept_back_is_told_which_words_give_it_away(reader):
    ruth = reader("ruth")
    said = [{**one, "identity": "shielded"} if "identity" in one else
            {**one, "what_happened": "Riverside Carers got a letter."} if "what_happened" in one else one for one in PAGES]

    page = fill_in(ruth, begin(ruth), said)

    assert "Your organisation's name is kept back." in page.main
    assert "Your answer to “What happened?” contains your organisation's name" in page.main
    assert "Your answer to “Give it a short title”" not in page.main


def test_nobody_who_wants_to_be_named_is_warned(reader):
    ruth = reader("ruth")

    assert "kept back" not in fill_in(ruth, begin(ruth)).main
