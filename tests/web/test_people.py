"""The pages about people: found, invited, given a role, ended, switched off; and who is away, said on Home."""

from __future__ import annotations

from conftest import PASSWORD

from breachdesk.casework.notices import send_waiting_notices


def test_the_coordinator_invites_somebody_and_gives_them_a_role(desk, reader, cast):
    olive = reader("olive")
    assert "in this case" not in olive.open("/people/invite").main
    page = olive.send(olive.open("/people/invite").form(), {
        "name": "Nina Ferris", "email": "nina@riverside.example", "organisation": "riverside-carers", "kind": "employee"})
    assert "The invitation is on its way" in page.main
    send_waiting_notices(desk)

    nina = cast.at("nina@riverside.example").account_id
    form = olive.open(f"/people/{nina}/role").form()
    page = olive.send(form, {"scheme": "derby-and-derbyshire", "role": "panel_member", "sector": "voluntary", "from_on-day": "2",
                             "from_on-month": "3", "from_on-year": "2026"})

    assert page.heading == "Nina Ferris"
    assert "Panel pool, Derby and Derbyshire Compact (voluntary sector): since 2 March 2026" in page.main
    assert "Riverside Carers: employed by it" in page.main


def test_what_cannot_be_stands_at_its_field(reader, cast):
    olive = reader("olive")
    form = olive.open(f"/people/{cast.ruth.account_id}/membership").form()

    page = olive.send(form, {"organisation": "amberdale-council", "kind": "contact", "from_on-day": "31", "from_on-month": "2",
                             "from_on-year": "2026"}, expect=422)

    assert page.errors() == ["“From which day?” must be a real date: there is no 31/2/2026"]


def test_a_role_is_ended_from_the_persons_page_and_whoever_held_it_is_signed_out(reader, cast):
    olive, maya = reader("olive"), reader("maya")
    page = olive.open(f"/people/{cast.maya.account_id}")
    [end] = [link["href"] for link in page.all("a") if link["href"].endswith("/end")]

    page = olive.send(olive.open(end).form())

    assert "until 1 March 2026" in page.main
    assert maya.client.get("/home").status_code == 302


def test_before_an_account_is_switched_off_what_is_left_undone_is_said(reader, cast):
    olive = reader("olive")
    page = olive.open(f"/people/{cast.maya.account_id}/deactivate")
    assert "They are critical friend of Derby and Derbyshire Compact." in page.main

    page = olive.send(page.form())

    assert "cannot sign in any more" in page.main
    refused = reader("")
    assert refused.read(refused.post(refused.open("/sign-in").form("/sign-in"), {"email": "maya@desk.example", "password": PASSWORD}),
                        "/sign-in", 422)


def test_home_says_to_both_who_is_away_and_who_covers(reader, cast):
    maya, alma = reader("maya"), reader("alma")
    form = maya.open(f"/people/{cast.maya.account_id}/absence").form()

    page = maya.send(form, {"role": "derby-and-derbyshire/critical_friend", "cover": str(cast.alma.account_id), "from_on-day": "2",
                            "from_on-month": "3", "from_on-year": "2026", "to_on-day": "6", "to_on-month": "3", "to_on-year": "2026"})

    assert "You are away as critical friend" in page.main
    assert "Alma covers" in page.main
    # Whoever covers holds another role now, so they were signed out.
    assert alma.client.get("/home").status_code == 302
    alma.sign_in("alma@desk.example", PASSWORD)
    assert "Maya is away as critical friend" in alma.open("/home").main
    page = maya.send(maya.open("/home").form(f"/people/{cast.maya.account_id}/absence/1/end"))
    assert "Nobody covers any more" in page.main


def test_an_administrator_looks_after_the_people_of_one_organisation(desk, reader, cast):
    olive, stella = reader("olive"), reader("stella")
    olive.send(olive.open(f"/people/{cast.stella.account_id}/membership").form(), {
        "organisation": "riverside-carers", "kind": "administrator", "from_on-day": "1", "from_on-month": "1", "from_on-year": "2026"})
    stella.sign_in("stella@desk.example", PASSWORD)

    page = stella.open("/organisations/riverside-carers")
    assert "You do not see its cases by that" in page.main
    stella.open("/organisations/amberdale-council", 404)
    stella.open("/people", 403)
    page = stella.send(stella.open("/organisations/riverside-carers/invite").form(), {
        "name": "Nina Ferris", "email": "nina@riverside.example", "kind": "member"})
    assert "Nina Ferris, nina@riverside.example: acts for it" in page.main


def test_an_organisation_shows_its_names_and_takes_the_last_one_back(reader):
    olive = reader("olive")
    form = olive.open("/organisations/amberdale-council/rename").form()
    page = olive.send(form, {"name": "Amberdale and Vale", "from_on-day": "1", "from_on-month": "2", "from_on-year": "2026"})
    assert "Amberdale Council: until 31 January 2026" in page.main

    back = page.form("/organisations/amberdale-council/name/2/take-back")
    assert olive.send(back).heading == "Amberdale Council"
    # Somebody who pressed the button on a page that was open elsewhere takes nothing more back.
    assert olive.post(back).status_code == 409
