"""What an operator can do for somebody who cannot get in, or must be put out."""

from __future__ import annotations

import json
import re

from second_steps import SECRET

from breachdesk.casework.log.desk_log import desk_log
from breachdesk.casework.notices import send_waiting_notices
from breachdesk.casework.people import own_account
from breachdesk.casework.signing_in.mailed_links import link_of
from breachdesk.casework.signing_in.one_time_codes import enciphered
from breachdesk.casework.signing_in.sessions import Place, presence, sign_in
from breachdesk.cli.output import the_actor, the_desk
from breachdesk.store.second_factors import is_in_use, put_factor

RUTH, PASSWORD, GOOD = "ruth@riverside.example", "practice-desk-2026", "kettle marmot seventeen"


def test_a_link_to_choose_a_password_is_mailed(practice, data_dir):
    assert "goes to ruth@riverside.example" in practice("account", "password", RUTH).stdout
    with the_desk() as desk:
        send_waiting_notices(desk)

    [mail] = (data_dir / "outbox").glob("*.eml")
    assert "Here you can choose a new password" in mail.read_text()


def test_without_mail_a_link_is_printed_once_and_works_once(practice):
    link = json.loads(practice("account", "password", RUTH, "--show-link", "--json").stdout)["link"]

    with the_desk() as desk:
        with desk.database.read() as session:
            found = link_of(session, desk, re.search(r"/link/(\S+)$", link)[1])
        assert own_account.choose_password(desk, found, GOOD)
        assert not own_account.choose_password(desk, found, GOOD)
        assert sign_in(desk, RUTH, GOOD)


def test_sign_ins_are_listed_and_ended(practice):
    with the_desk() as desk:
        token = sign_in(desk, RUTH, PASSWORD, Place("192.0.2.1", "Firefox on Linux"))
    assert "Firefox on Linux  password" in practice("account", "sessions", RUTH).stdout

    assert "All of these have ended." in practice("account", "sessions", RUTH, "--end").stdout

    with the_desk() as desk:
        assert presence(desk, token) is None
    assert practice("account", "sessions", RUTH).stdout == "ruth@riverside.example is signed in nowhere.\n"


def test_a_lost_device_is_taken_off_which_is_logged_and_ends_the_sign_ins(practice):
    with the_desk() as desk:
        token = sign_in(desk, RUTH, PASSWORD)
        with desk.database.begin() as session:
            ruth = the_actor(session, desk, RUTH).account_id
            put_factor(session, ruth, enciphered(desk, SECRET), desk.wall(), confirmed_at=desk.wall())

    assert "has no second step any more" in practice("account", "reset-second-factor", RUTH).stdout

    with the_desk() as desk, desk.database.read() as session:
        assert not is_in_use(session, ruth)
        assert presence(desk, token) is None
        [last, *_], _ = desk_log(session)
    assert (last.event, last.actor) == ("account:second_factor_removed", "The operator, by command line")
    assert "had no second step" in practice("account", "reset-second-factor", RUTH).stdout


def test_nobody_is_helped_whom_the_desk_does_not_know(practice):
    for command in ("password", "sessions", "reset-second-factor"):
        assert "There is no active account for nobody@desk.example" in practice("account", command, "nobody@desk.example", expect=1).stderr
