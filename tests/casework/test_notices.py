"""What waits is sent to whom it concerns, whole or not at all, at least once."""

from __future__ import annotations

import fcntl
from dataclasses import replace
from datetime import date

import pytest
from conftest import lodge

from breachdesk.casework.act import Step, act
from breachdesk.casework.case_page import case_page
from breachdesk.casework.notices import in_trouble, send_waiting_notices
from breachdesk.casework.timers import fire_due_timers
from breachdesk.errors import DeliveryFailed
from breachdesk.store.notices import notices_queued
from breachdesk.store.tables import NoticeRow, table_of
from breachdesk.store.tables_desk import AccountRow

NOTICES, ACCOUNTS = table_of(NoticeRow), table_of(AccountRow)
CONTACT = Step("record_direct_contact", {"person": "The head of grants", "contacted_on": "2026-03-02", "how": "letter"})
SERVER_GONE = DeliveryFailed("The mail server could not be used.", permanent=False)
NO_SUCH_BOX = DeliveryFailed("The mail server refused the address.", permanent=True)


class Post:
    """A mailer that keeps what it was given. `faults`: by address, or "" for everybody, what goes wrong before the message is out."""

    def __init__(self):
        self.sent, self.faults, self.dies_after_sending = [], {}, False

    def send(self, message):
        if fault := self.faults.get(message.to_address) or self.faults.get(""):
            raise fault
        self.sent.append(message)
        if self.dies_after_sending:
            raise KeyboardInterrupt

    def of(self, beginning):
        """To whom the messages went whose subject begins so."""
        return sorted(one.to_address.split("@")[0] for one in self.sent if one.subject.startswith(beginning))


@pytest.fixture
def post():
    return Post()


def waiting(desk):
    with desk.database.read() as session:
        return [(row.name, row.tries, row.trouble) for row in session.all(NOTICES.select().where(NOTICES.c.sent_at.is_(None)))]


def change(desk, table, where, **values):
    with desk.database.begin() as session:
        session.execute(table.update().where(where).values(**values))


def test_a_message_says_what_happened_to_whom_it_concerns(either_desk, cast, post):
    reference = lodge(either_desk, cast.ruth)

    assert send_waiting_notices(replace(either_desk, mailer=post)) == 2

    to_olive = next(one for one in post.sent if one.to_address == "olive@desk.example")
    assert (to_olive.to_name, to_olive.subject) == ("Olive", f"A new complaint ({reference})")
    to_ruth = next(one for one in post.sent if one.to_address == "ruth@desk.example")
    assert to_ruth.text.startswith("Dear Ruth,\n\nYour complaint about Amberdale Council is with the coordinator. "
                                   "You hear from the coordinator by Monday 9 March 2026.")
    assert f"http://127.0.0.1:8000/cases/{reference}\n" in to_ruth.text
    assert "the dispute desk of the Derby and Derbyshire Compact" in to_ruth.text
    assert "practice" not in to_ruth.text
    assert waiting(either_desk) == []


def test_what_was_sent_is_not_sent_again(mailing, cast, post):
    lodge(mailing, cast.ruth)
    send_waiting_notices(mailing)

    assert send_waiting_notices(mailing) == 0
    assert len(post.sent) == 2


def test_a_practice_desk_says_that_nothing_is_real(mailing, cast, post):
    lodge(mailing, cast.ruth)

    send_waiting_notices(replace(mailing, practice=True))

    assert "This is a practice desk." in post.sent[0].text


def test_nothing_that_somebody_wrote_is_in_a_message(mailing, cast, post):
    lodge(mailing, cast.ruth, **{name: "canary" for name in ("title", "what_happened", "effect", "outcome_sought", "contact")})
    send_waiting_notices(mailing)

    assert not [one for one in post.sent if "canary" in one.subject + one.text]


def test_both_sides_learn_what_concerns_them(mailing, cast, post):
    act(mailing, cast.ruth, lodge(mailing, cast.ruth), CONTACT)
    send_waiting_notices(mailing)

    assert post.of("A complaint under the Compact") == ["alma", "omar", "paula", "sara"]
    assert post.of("Amberdale Council has been told") == ["olive", "ruth"]


def test_a_reminder_goes_to_the_organisation_whose_time_runs_and_names_its_own_day(mailing, cast, post, clock):
    reference = lodge(mailing, cast.ruth, respondents=["amberdale-council", "harcastle-borough-council"])
    act(mailing, cast.ruth, reference, CONTACT)
    act(mailing, cast.hana, reference, Step("acknowledge_notice", {"who_answers": "The grants team"}))
    clock.to(date(2026, 3, 16))
    fire_due_timers(mailing)
    send_waiting_notices(mailing)

    assert set(post.of("Please answer by Monday 16 March 2026")) == {"hana"}
    assert set(post.of("Please answer by Monday 23 March 2026")) == {"alma", "omar", "paula", "sara"}
    assert post.of("Harcastle Borough Council has the complaint") == ["ruth"]
    assert "Harcastle Borough Council has said" in next(one.text for one in post.sent if one.subject.startswith("Harcastle"))


@pytest.fixture
def at_the_panel(mailing, cast):
    """The reference of a case that goes to a panel, with everything sent that was to be sent before."""
    reference = lodge(mailing, cast.ruth)
    act(mailing, cast.ruth, reference, CONTACT)
    act(mailing, cast.omar, reference, Step("respond", {"answer": "No.", "position": "not_accepted"}))
    act(mailing, cast.ruth, reference, Step("refer_to_critical_friend", {"remaining": "All of it."}))
    act(mailing, cast.olive, reference, Step("admit", {"reasons": "It does."}))
    act(mailing, cast.olive, reference, Step("appoint_critical_friend", {
        "critical_friend": "maya@desk.example", "mode": "mediator", "declared": True}))
    send_waiting_notices(mailing)
    act(mailing, cast.olive, reference, Step("end_critical_friend_stage", {"result": "no_agreement"}))
    act(mailing, cast.ruth, reference, Step("refer_to_panel", {"remaining": "All of it."}))
    return reference


def test_only_whoever_was_named_hears_of_being_critical_friend(mailing, post, at_the_panel):
    send_waiting_notices(mailing)

    assert post.of("Please help with a case") == ["maya"]
    assert post.of("The critical friend's part has ended") == ["alma", "maya", "olive", "omar", "paula", "ruth", "sara"]


def test_the_steering_group_hears_of_a_panel_but_nobody_of_it_as_a_judge_of_their_own_organisation(mailing, post, at_the_panel):
    send_waiting_notices(mailing)

    # Sara sits in the steering group and works for Amberdale Council: she hears of it as one of its members.
    assert post.of("The case goes to a panel (") == ["alma", "olive", "omar", "paula", "ruth", "sara", "sid"]

    with mailing.database.begin() as session:
        session.run(*notices_queued(1, 1, ["handling-overdue"], 0, {}, mailing.now(session)))
    send_waiting_notices(mailing)

    assert post.of("Longer than twelve weeks") == ["olive", "sid"]


def test_mail_is_no_side_door_to_a_case_that_one_may_not_see(mailing, cast, post):
    lodge(mailing, cast.ruth)
    change(mailing, NOTICES, NOTICES.c.name == "complaint-arrived", name="handling-overdue")
    send_waiting_notices(mailing)

    assert post.of("Longer than twelve weeks") == ["olive"], "the steering group sees a case once it has reached the panel"


def test_somebody_deactivated_gets_nothing(mailing, cast, post):
    act(mailing, cast.ruth, lodge(mailing, cast.ruth), CONTACT)
    change(mailing, ACCOUNTS, ACCOUNTS.c.email == "omar@desk.example", active=False)
    send_waiting_notices(mailing)

    assert "omar" not in post.of("A complaint under the Compact")


def test_a_message_for_nobody_is_marked_so(mailing, cast, post):
    reference = lodge(mailing, cast.ruth)
    change(mailing, ACCOUNTS, ACCOUNTS.c.email == "olive@desk.example", active=False)
    send_waiting_notices(mailing)

    assert waiting(mailing) == []
    with mailing.database.read() as session:
        assert [(one.reference, one.name, one.trouble) for one in in_trouble(session, mailing)] == [
            (reference, "complaint-arrived", "nobody to tell")]


def test_nothing_half_filled_leaves_and_the_coordinator_sees_why(mailing, cast, post):
    reference = lodge(mailing, cast.ruth)
    change(mailing, NOTICES, NOTICES.c.name == "complaint-received", days="{}")

    assert send_waiting_notices(mailing) == 1, "what is whole is not held up"

    trouble = "not sent: the text of “complaint-received” needs “acknowledge”, which is not known in this case"
    assert waiting(mailing) == [("complaint-received", 1, trouble)]
    with mailing.database.read() as session:
        assert trouble in [one.trouble for one in case_page(session, mailing, cast.olive, reference).notices]


def test_after_a_crash_between_sending_and_marking_it_is_sent_again_under_the_same_id(mailing, cast, post, clock):
    lodge(mailing, cast.ruth)
    post.dies_after_sending = True
    with pytest.raises(KeyboardInterrupt):
        send_waiting_notices(mailing)
    post.dies_after_sending = False

    clock.move(minutes=5)
    send_waiting_notices(mailing)

    assert len(post.sent) == 3
    assert post.sent[0].message_id == post.sent[1].message_id
    assert len({one.message_id for one in post.sent}) == 2
    assert all(one.message_id.startswith("<notice-") and one.message_id.endswith("@127.0.0.1>") for one in post.sent)


def test_whoever_has_it_does_not_get_it_again_because_of_somebody_else(mailing, cast, post, clock):
    act(mailing, cast.ruth, lodge(mailing, cast.ruth), CONTACT)
    post.faults["omar@desk.example"] = SERVER_GONE
    send_waiting_notices(mailing)
    assert ("respondent-asked", 1, str(SERVER_GONE)) in waiting(mailing)

    post.faults.clear()
    clock.move(minutes=1)
    send_waiting_notices(mailing)

    assert post.of("A complaint under the Compact") == ["alma", "omar", "paula", "sara"]
    assert waiting(mailing) == []


def test_an_address_that_is_refused_for_good_is_noted_and_does_not_hold_up_the_rest(mailing, cast, post):
    reference = lodge(mailing, cast.ruth)
    post.faults["ruth@desk.example"] = NO_SUCH_BOX

    assert send_waiting_notices(mailing) == 1
    assert waiting(mailing) == []
    with mailing.database.read() as session:
        assert [(one.reference, one.person, one.trouble) for one in in_trouble(session, mailing)] == [(reference, "Ruth", str(NO_SUCH_BOX))]


def test_while_the_mail_server_is_gone_nothing_is_lost_and_nobody_keeps_knocking(mailing, cast, post, clock):
    for _ in range(5):
        lodge(mailing, cast.ruth)
    post.faults[""] = SERVER_GONE
    send_waiting_notices(mailing)
    assert sum(tries for _, tries, _ in waiting(mailing)) == 3, "after three failures in a row a run ends"

    post.faults.clear()
    clock.move(minutes=9)
    assert send_waiting_notices(mailing) == 0, "ten minutes' rest"
    clock.move(minutes=2)
    assert send_waiting_notices(mailing) == 10
    assert waiting(mailing) == []


def test_tries_come_less_and_less_often_for_days(mailing, cast, post, clock):
    lodge(mailing, cast.ruth)
    post.faults[""] = SERVER_GONE
    hours_of_tries = []
    for hour in range(24 * 5):
        before = sum(tries for _, tries, _ in waiting(mailing))
        send_waiting_notices(mailing)
        if sum(tries for _, tries, _ in waiting(mailing)) > before:
            hours_of_tries.append(hour)
        clock.move(hours=1)

    assert hours_of_tries[-1] >= 24 * 4
    assert len(hours_of_tries) <= 10


def test_one_process_sends_at_a_time(mailing, cast, post):
    lodge(mailing, cast.ruth)
    with (mailing.data_path / "sending.lock").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        assert send_waiting_notices(mailing) == 0

    assert send_waiting_notices(mailing) == 2


def test_no_more_are_taken_at_once_than_was_asked_for(mailing, cast, post):
    lodge(mailing, cast.ruth)

    assert [send_waiting_notices(mailing, most=1) for _ in range(3)] == [1, 1, 0]
