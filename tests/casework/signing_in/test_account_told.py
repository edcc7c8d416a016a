"""What was changed in an account is told to its owner by mail, with what to do if it was not them."""

from __future__ import annotations

import pytest
from casework.signing_in.test_mailed_links import GOOD, Post
from conftest import PASSWORD
from second_steps import code_now, made_ready_for_codes

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.people import own_account
from breachdesk.casework.signing_in import second_factors
from breachdesk.casework.signing_in.account_told import TELLINGS, tell_owner
from breachdesk.casework.signing_in.mailed_links import PURPOSES, MailedLink, ask_for_link, link_of
from breachdesk.casework.signing_in.sessions import Place, presence, sign_in, take_second_step
from breachdesk.errors import DeliveryFailed


@pytest.fixture
def post():
    return Post()


def told(mailing, post):
    """What goes out now: (address, subject, words)."""
    post.sent.clear()
    send_waiting_notices(mailing)
    return [(one.to_address, one.subject, one.text) for one in post.sent]


def signed_in(mailing, email):
    return presence(mailing, sign_in(mailing, email, PASSWORD))


def test_a_new_password_is_told_with_what_to_do_if_it_was_somebody_else(mailing, post):
    own_account.change_password(mailing, signed_in(mailing, "ruth@desk.example"), PASSWORD, GOOD, Place())

    [(address, subject, words)] = told(mailing, post)

    assert (address, subject) == ("ruth@desk.example", "Your password for Breachdesk (127.0.0.1) was changed")
    assert "A new password was chosen for your account at Breachdesk (127.0.0.1). This was on 2 March 2026 at 09:00." in words
    assert "Choose a new password at once" in words
    assert "/sign-in/password" in words
    assert "/link/" not in words
    assert told(mailing, post) == []


def test_another_address_is_told_to_the_old_one(mailing, post, cast):
    ruth = cast.ruth
    mailing.database.transact(lambda session: ask_for_link(session, mailing, ruth.account_id, "address", address="thief@new.example"))
    send_waiting_notices(mailing)
    with mailing.database.read() as session:
        link = link_of(session, mailing, post.token)
    assert isinstance(link, MailedLink)
    own_account.confirm_address(mailing, link)

    [(address, subject, words)] = told(mailing, post)

    assert address == "ruth@desk.example"
    assert "Your address for" in subject
    assert "Tell the coordinator at once" in words
    assert "thief@new.example" not in words


def test_the_second_step_its_codes_and_its_end_are_told_each(mailing, post):
    made_ready_for_codes(mailing, "olive@desk.example")
    token = sign_in(mailing, "olive@desk.example", PASSWORD)
    olive = presence(mailing, take_second_step(mailing, token, code_now(mailing), Place()))

    second_factors.renew_recovery_codes(mailing, olive)
    second_factors.remove(mailing, olive)

    assert [subject.partition(" for ")[0].partition(" of ")[0] for _, subject, _ in told(mailing, post)] == [
        "New recovery codes", "The second step"]
    made_ready_for_codes(mailing, "olive@desk.example")
    mailing.database.transact(lambda session: second_factors.reset(session, mailing, BY_OPERATOR, olive.actor.account_id))
    assert [address for address, *_ in told(mailing, post)] == ["olive@desk.example"]


def test_what_was_changed_is_told_even_when_another_change_ends_the_links_that_were_mailed(mailing, post):
    ruth = signed_in(mailing, "ruth@desk.example")
    mailing.database.transact(lambda session: tell_owner(session, mailing, ruth.actor.account_id, "passkey_added"))
    own_account.change_password(mailing, ruth, PASSWORD, GOOD, Place())

    assert len(told(mailing, post)) == 2


def test_it_waits_for_a_mail_server_that_is_away_for_days(mailing, post, clock):
    own_account.change_password(mailing, signed_in(mailing, "ruth@desk.example"), PASSWORD, GOOD, Place())
    post.fault = DeliveryFailed("The mail server could not be used.", permanent=False)
    send_waiting_notices(mailing)
    clock.move(days=3)
    post.fault = None

    [(_, _, words)] = told(mailing, post)

    assert "This was on 2 March 2026 at 09:00." in words


def test_no_mail_that_tells_is_taken_for_one_with_a_link(mailing):
    assert not TELLINGS.keys() & PURPOSES.keys()
    with pytest.raises(ValueError, match="nothing to tell"):
        mailing.database.transact(lambda session: tell_owner(session, mailing, 1, "sign_in"))
