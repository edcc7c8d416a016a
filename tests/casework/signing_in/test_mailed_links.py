"""Links by mail: asked for by a row, made when they are sent, used once."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import pytest
from conftest import PASSWORD

from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.people import own_account
from breachdesk.casework.signing_in import mailed_links
from breachdesk.casework.signing_in.mailed_links import ADDRESS, INVITATION, SIGN_IN, ask_for_link, ask_for_link_by_email, link_of
from breachdesk.casework.signing_in.sessions import Place, end_sessions_of, presence, sign_in
from breachdesk.errors import DeliveryFailed, Invalid
from breachdesk.store.tables import table_of
from breachdesk.store.tables_desk import AccountRow
from breachdesk.store.tables_signing_in import MailedLinkRow

LINKS, ACCOUNTS = table_of(MailedLinkRow), table_of(AccountRow)
GOOD = "kettle marmot seventeen"


class Post:
    """A mailer that keeps what it was given, or fails as told."""

    def __init__(self):
        self.sent, self.fault = [], None

    def send(self, message):
        if self.fault:
            raise self.fault
        self.sent.append(message)

    @property
    def token(self):
        return re.search(r"^  (\S+)/link/(\S+)$", self.sent[-1].text, re.MULTILINE)[2]


@pytest.fixture
def post():
    return Post()


def ask(desk, email, purpose):
    desk.database.transact(lambda session: ask_for_link_by_email(session, desk, email, purpose))


def rows(desk):
    with desk.database.read() as session:
        return session.all(LINKS.select().order_by(LINKS.c.id))


def found(desk, token):
    with desk.database.read() as session:
        return link_of(session, desk, token)


def sent(mailing, post, purpose, email="ruth@desk.example"):
    """The token that was mailed for a purpose."""
    ask(mailing, email, purpose)
    send_waiting_notices(mailing)
    return post.token


def test_the_request_holds_no_token_and_the_row_only_its_hash(mailing, post):
    ask(mailing, "ruth@desk.example", SIGN_IN)
    [asked] = rows(mailing)
    send_waiting_notices(mailing)
    [after] = rows(mailing)

    assert asked.token_hash is None
    assert after.token_hash == sha256(post.token.encode()).hexdigest()
    assert post.token not in str(after)


def test_the_link_leads_to_the_address_in_the_settings(mailing, post):
    sent(replace(mailing, base_url="https://desk.example/"), post, SIGN_IN)

    assert "  https://desk.example/link/" in post.sent[0].text
    assert post.sent[0].to_address == "ruth@desk.example"


def test_nobody_is_written_to_at_an_address_that_has_no_account_or_one_that_is_deactivated(mailing, post):
    with mailing.database.begin() as session:
        session.execute(ACCOUNTS.update().where(ACCOUNTS.c.email == "omar@desk.example").values(active=False))
    for email in ("stranger@elsewhere.example", "omar@desk.example"):
        ask(mailing, email, SIGN_IN)

    assert [row.account_id for row in rows(mailing)] == [None, None]
    assert send_waiting_notices(mailing) == 0
    assert post.sent == []


def test_looking_at_a_link_does_not_use_it_and_using_it_does_once(mailing, post):
    token = sent(mailing, post, SIGN_IN)
    link = found(mailing, token)

    assert found(mailing, token) == link
    first, second = (own_account.sign_in_by_link(mailing, link, Place()) for _ in range(2))

    assert presence(mailing, first).actor.email == "ruth@desk.example"
    assert second is None
    assert found(mailing, token) is None


@pytest.mark.parametrize(("purpose", "minutes", "works"), [(SIGN_IN, 9, True), (SIGN_IN, 11, False), (INVITATION, 60 * 24 * 6, True),
                                                           (INVITATION, 60 * 24 * 7 + 1, False)])
def test_a_link_works_for_a_while(mailing, post, clock, purpose, minutes, works):
    token = sent(mailing, post, purpose)

    clock.move(minutes=minutes)

    assert (found(mailing, token) is not None) is works


def test_a_new_password_ends_every_sign_in_and_every_other_link_to_one(mailing, post, cast):
    token, other = sent(mailing, post, "password"), sent(mailing, post, "password")
    begun = sign_in(mailing, "ruth@desk.example", PASSWORD)

    assert own_account.choose_password(mailing, found(mailing, token), GOOD)

    assert presence(mailing, begun) is None
    assert found(mailing, other) is None
    assert sign_in(mailing, "ruth@desk.example", PASSWORD) is None
    assert sign_in(mailing, "ruth@desk.example", GOOD)


def test_an_invitation_that_still_lies_in_a_mailbox_dies_with_the_first_password(mailing, post):
    invitation, reset = sent(mailing, post, INVITATION), sent(mailing, post, "password")

    assert own_account.choose_password(mailing, found(mailing, reset), GOOD)

    assert found(mailing, invitation) is None


def test_a_bad_password_does_not_use_the_link_up(mailing, post):
    link = found(mailing, sent(mailing, post, INVITATION))

    with pytest.raises(Invalid, match="12 to 200"):
        own_account.choose_password(mailing, link, "short")

    assert own_account.choose_password(mailing, link, GOOD)


def test_a_new_address_is_the_accounts_own_once_it_was_confirmed_there(mailing, post, cast):
    ruth = cast.ruth.account_id
    mailing.database.transact(lambda session: ask_for_link(session, mailing, ruth, ADDRESS, address="ruth@new.example"))
    send_waiting_notices(mailing)

    assert post.sent[-1].to_address == "ruth@new.example"
    assert own_account.confirm_address(mailing, found(mailing, post.token))
    assert sign_in(mailing, "ruth@new.example", PASSWORD)
    assert sign_in(mailing, "ruth@desk.example", PASSWORD) is None


def test_an_address_that_somebody_else_took_meanwhile_is_not_given_twice(mailing, post, cast):
    ruth = cast.ruth.account_id
    mailing.database.transact(lambda session: ask_for_link(session, mailing, ruth, ADDRESS, address="omar@desk.example"))
    send_waiting_notices(mailing)

    assert not own_account.confirm_address(mailing, found(mailing, post.token))


def test_what_is_asked_for_three_times_is_sent_once(mailing, post):
    for _ in range(3):
        ask(mailing, "ruth@desk.example", SIGN_IN)

    assert send_waiting_notices(mailing) == 1


def test_a_mail_server_that_is_away_delays_a_link_and_a_new_token_is_made(mailing, post, clock):
    post.fault = DeliveryFailed("The mail server could not be used.", permanent=False)
    ask(mailing, "ruth@desk.example", SIGN_IN)
    send_waiting_notices(mailing)
    [first] = rows(mailing)
    with mailing.database.read() as session:
        assert mailed_links.in_trouble(session) == ["a mail (sign in) to Ruth: The mail server could not be used."]
    post.fault = None
    clock.move(minutes=11)

    assert send_waiting_notices(mailing) == 1
    assert rows(mailing)[0].token_hash != first.token_hash
    assert found(mailing, post.token)


def test_a_request_that_nobody_waits_for_any_more_is_dropped(mailing, post, clock):
    ask(mailing, "ruth@desk.example", SIGN_IN)
    clock.move(days=2)

    assert send_waiting_notices(mailing) == 0
    assert rows(mailing)[0].done_at is not None


def test_a_link_dies_with_the_role_that_was_changed_and_with_the_account(mailing, post, cast):
    first = sent(mailing, post, SIGN_IN)
    mailing.database.transact(lambda session: end_sessions_of(session, cast.ruth.account_id, "role changed"))
    second = sent(mailing, post, SIGN_IN)
    with mailing.database.begin() as session:
        session.execute(ACCOUNTS.update().where(ACCOUNTS.c.email == "ruth@desk.example").values(active=False))

    assert (found(mailing, first), found(mailing, second)) == (None, None)


def test_there_is_no_link_for_an_unknown_purpose(mailing, cast):
    with pytest.raises(ValueError, match="no link for “party”"), mailing.database.begin() as session:
        ask_for_link(session, mailing, cast.ruth.account_id, "party")


def test_what_is_long_over_is_thrown_away(mailing, post, clock):
    sent(mailing, post, SIGN_IN)
    clock.move(days=31)

    mailed_links.forget_old(mailing)

    assert rows(mailing) == []
