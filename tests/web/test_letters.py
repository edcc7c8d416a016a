"""Letters on paper: Home says what is to be posted, the page prints, and a button notes the day."""

from __future__ import annotations

from conftest import lodge

from breachdesk.bootstrap import BY_OPERATOR
from breachdesk.casework.people.accounts import add_organisation


def test_home_leads_to_the_letter_and_the_letter_is_noted_as_posted(reader, desk, cast):
    desk.database.transact(lambda session: add_organisation(session, desk, BY_OPERATOR, "Mossbank Lunch Club", "voluntary"))
    reference = lodge(desk, cast.olive, complainant="mossbank-lunch-club", contact="Mrs Dale, 4 Mill Lane", received_on="2026-03-02",
                      channel="post", read_back="Mrs Dale")
    olive = reader("olive")
    assert "To be posted" in olive.open("/home").main

    page = olive.open(f"/cases/{reference}/letters/1")
    assert "Dear" not in page.main
    assert "To: Mossbank Lunch Club Mrs Dale, 4 Mill Lane" in page.main
    assert "cannot have been posted before" in olive.send(page.form(), {"posted_on-day": "1"}, expect=422).main

    assert "Posted to Mossbank Lunch Club on Monday 2 March 2026." in olive.send(page.form()).main
    assert "To be posted" not in olive.open("/home").main
    assert "by letter" in olive.open(f"/cases/{reference}").main
